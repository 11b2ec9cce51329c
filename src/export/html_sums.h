// SPDX-License-Identifier: Apache-2.0
/*
 * export/html_sums.h - one walk over all calls that a report page covers: what
 * its tables say, and which calls its timeline has room for.
 */
#ifndef EXPORT_HTML_SUMS_H
#define EXPORT_HTML_SUMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;
struct html_sink;

struct html_function_sum {
    uint64_t call_count;
    uint64_t total_ns; /* counted once under recursion */
    uint64_t self_ns;
    uint64_t min_ns; /* of one that was seen whole; UINT64_MAX = none was */
    uint64_t max_ns;
    uint64_t unfinished_count;
};

enum {
    HTML_CALL_ARGS_MAX = 4 * 1000, /* bytes of the arguments of one call */
    HTML_DURATION_BITS = 5,        /* buckets of a power of two: 3 % wide */
    HTML_DURATION_BUCKETS = (64 - HTML_DURATION_BITS + 1) << HTML_DURATION_BITS,
};

struct html_sums {
    struct html_function_sum *functions; /* of the model, then "unknown" */
    uint32_t function_count;             /* without "unknown" */
    uint64_t *track_calls;               /* one a track of the model */
    uint64_t call_count;
    uint64_t durations[HTML_DURATION_BUCKETS]; /* calls by duration */
    /* Bytes of their arguments, of one call HTML_CALL_ARGS_MAX at most. */
    uint64_t args_sizes[HTML_DURATION_BUCKETS];
};

/* Sum up the calls that the sink wants. Release in any case. */
bool html_sums_make(struct html_sums *sums, const struct html_sink *sink,
                    struct error *err);

/* The least duration of which there are at most limit calls, or longer ones;
 * *count gets how many. 0 when all fit. */
uint64_t html_sums_least_duration(const struct html_sums *sums, uint64_t limit,
                                  uint64_t *count);

/* Likewise for the bytes of their arguments. */
uint64_t html_sums_least_with_args(const struct html_sums *sums,
                                   uint64_t limit);

void html_sums_release(struct html_sums *sums);

#endif
