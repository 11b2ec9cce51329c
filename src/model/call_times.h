// SPDX-License-Identifier: Apache-2.0
/*
 * model/call_times.h - when a function, or a path of functions, ran, and for
 * how long at once.
 */
#ifndef MODEL_CALL_TIMES_H
#define MODEL_CALL_TIMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/duration_histogram.h"
#include "model/longest_call.h"

/* A range of time in columns of equal width, and how much of each the calls
 * took: of all tracks together, counted once under recursion. */
struct call_times {
    uint64_t start_ns;
    uint64_t column_ns; /* width of a column; at least 1 */
    size_t count;
    uint64_t *busy_ns; /* owned */
    /* Of the whole calls that touch the scope, recursive ones too; unlike the
     * above not of the columns alone. */
    struct duration_facts durations;
};

/*
 * start_ns, column_ns and count are set; what lies in the scope and in these
 * columns is summed up. ERROR_CANCELLED when progress said so; after a failure
 * busy_ns is NULL.
 */
bool call_times_find(struct call_times *times, const struct trace_model *model,
                     const struct trace_scope *scope,
                     const struct call_target *target,
                     const struct slice_scan_options *options,
                     struct error *err);

void call_times_release(struct call_times *times);

#endif
