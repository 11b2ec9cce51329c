// SPDX-License-Identifier: Apache-2.0
#include "recorded_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/os.h"
#include "support/temporary_folder.h"

static FILE *
open_file(const char *folder, const char *name, const char *mode)
{
    char *path = temporary_folder_file(folder, name);
    FILE *file = fopen(path, mode);

    if (file == NULL) {
        perror(path);
        abort();
    }
    free(path);
    return file;
}

void
recorded_file_write(const char *folder, const char *name,
                    const struct recorded_file *recorded)
{
    char page[VZT_SECTION_HEADER_SIZE] = {0};
    struct vzt_section_header header = {
        .format_version = VZT_FORMAT_VERSION,
        .header_size = VZT_SECTION_HEADER_SIZE,
        .section_kind = VZT_SECTION_PROCESS,
        .pid = (uint32_t)recorded->pid,
        .pid_namespace = os_pid_namespace(),
        .process_start = os_process_start(recorded->pid),
        .anchor_monotonic_ns = recorded->anchor_monotonic_ns,
    };
    const struct vzt_status status = {
        .state = recorded->state,
        .stop_reason = recorded->stop_reason,
        .dropped_calls = recorded->dropped_calls,
    };
    FILE *file = open_file(folder, name, "w");

    memcpy(header.magic, VZT_SECTION_MAGIC, VZT_SECTION_MAGIC_SIZE);
    os_boot_id(header.boot_id);
    memcpy(page, &header, sizeof header);
    memcpy(page + VZT_STATUS_OFFSET, &status, sizeof status);
    if (fwrite(page, sizeof page, 1, file) != 1 || fclose(file) != 0) {
        abort();
    }
}

struct vzt_status
recorded_file_status(const char *folder, const char *name)
{
    struct vzt_status status;
    FILE *file = open_file(folder, name, "r");

    if (fseek(file, VZT_STATUS_OFFSET, SEEK_SET) != 0
        || fread(&status, sizeof status, 1, file) != 1) {
        abort();
    }
    (void)fclose(file);
    return status;
}
