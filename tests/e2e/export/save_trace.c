// SPDX-License-Identifier: Apache-2.0
/*
 * What the recorder extension does when a program saves: viztracer_save().
 * Prints the number of events and the most memory used, in KiB.
 *
 * usage: save_trace RECORDING OUTPUT
 */
#include <stdio.h>

#include "export/save.h"

/* The most memory that this program has had, in KiB. Not getrusage: that
 * counts what the process was before it became this program. */
static long
memory_peak(void)
{
    FILE *file = fopen("/proc/self/status", "r");
    char line[256];
    long peak = -1;

    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        if (sscanf(line, "VmHWM: %ld kB", &peak) == 1) {
            break;
        }
    }
    if (file != NULL) {
        (void)fclose(file);
    }
    return peak;
}

int
main(int argc, char **argv)
{
    struct save_request request = {.has_file_info = true};
    unsigned long long event_count = 0;
    char message[1024] = "";

    if (argc != 3) {
        fprintf(stderr, "usage: %s RECORDING OUTPUT\n", argv[0]);
        return 2;
    }
    request.recording_path = argv[1];
    request.output_path = argv[2];
    if (!viztracer_save(&request, &event_count, message, sizeof message)) {
        fprintf(stderr, "%s\n", message);
        return 1;
    }
    printf("%llu %ld\n", event_count, memory_peak());
    return 0;
}
