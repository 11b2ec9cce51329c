// SPDX-License-Identifier: Apache-2.0
/* bench/bench_rows.h - what the rows of bench_viewer share: a model, random
 * numbers, and the times of the row that is being measured. */
#ifndef BENCH_ROWS_H
#define BENCH_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/trace_scope.h"
#include "support/random.h"

struct bench {
    struct trace_model *model;
    struct span_scratch *scratch;
    struct random random;
    size_t view_count;
    double *times; /* one of each view or pass of the row; owned */
    size_t time_count;
    bool has_row; /* in the output */
};

/* Milliseconds since a time of clock_monotonic_ns. */
double ms_since(uint64_t start_ns);

/* Anonymous and shared memory of this process, in MB. */
double resident_mb(void);

void add_time(struct bench *bench, double ms);

/* Print the row that the times make, and begin another one. */
void print_row(struct bench *bench, const char *name);

/* A function by the number of its calls: some function, or one of those that
 * are called less than once in a million calls (some function when there is
 * none). */
uint32_t random_function(struct bench *bench, bool is_rare);

/* A tenth of the time, somewhere. */
struct trace_scope random_scope(struct bench *bench);

#endif
