// SPDX-License-Identifier: Apache-2.0
/* A .vzt file that holds nothing but a section header, for the tests of what
 * looks at headers only. */
#ifndef UNIT_CLI_RECORDED_FILE_H
#define UNIT_CLI_RECORDED_FILE_H

#include <stdint.h>
#include <sys/types.h>

#include "format/layout.h"

struct recorded_file {
    pid_t pid; /* of a living process, or one that is long gone */
    uint64_t anchor_monotonic_ns;
    enum vzt_state state;
    enum vzt_stop_reason stop_reason;
    uint64_t dropped_calls;
};

/* Write folder/name. The process start is that of the living process. */
void recorded_file_write(const char *folder, const char *name,
                         const struct recorded_file *file);

/* The status in folder/name. */
struct vzt_status recorded_file_status(const char *folder, const char *name);

#endif
