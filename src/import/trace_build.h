// SPDX-License-Identifier: Apache-2.0
/*
 * import/trace_build.h - write what was taken in as a trace, a section for each
 * process.
 */
#ifndef IMPORT_TRACE_BUILD_H
#define IMPORT_TRACE_BUILD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/progress.h"

struct error;
struct event_intake;

/* A source file, put aside in the intake's payload: its path, then its text,
 * each as the file has it between quotes. */
struct import_source {
    uint64_t place;
    uint64_t text_place;
    size_t path_size;
    size_t text_size;
};

struct trace_build_options {
    const struct import_source *sources;
    size_t source_count;
    uint64_t contents_hash; /* tells them from those of other files */
    bool has_wall_clock;
    int64_t wall_clock_ns;    /* of time 0, since 1970 */
    int decimals;             /* of the times in microseconds */
    struct progress progress; /* done and total are events */
};

/* Write all that intake holds at the end of the file at path. False when it
 * cannot be written, and with ERROR_CANCELLED when progress said so. */
bool trace_build(struct event_intake *intake, const char *path,
                 const struct trace_build_options *options, struct error *err);

#endif
