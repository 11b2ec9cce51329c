// SPDX-License-Identifier: Apache-2.0
/*
 * Write one of the sample traces.
 *
 *     write_trace NAME FOLDER    makes FOLDER/trace.vzt
 */
#include <stdio.h>
#include <stdlib.h>

#include "e2e/tui/sample_traces.h"

int
main(int argc, char **argv)
{
    char *path = argc == 3 ? sample_trace_write(argv[1], argv[2]) : NULL;

    if (path == NULL) {
        (void)fprintf(stderr, "usage: write_trace NAME FOLDER\n");
        return 2;
    }
    free(path);
    return 0;
}
