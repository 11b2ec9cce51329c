// SPDX-License-Identifier: Apache-2.0
/*
 * model/duration_histogram.h - how long the calls of each function took: how
 * many of them fall into each of many narrow ranges of durations.
 *
 * A bucket is at most a 32nd of its durations wide, so that its middle is wrong
 * by less than 2 %. There is a page of counts for each octave (from a power of
 * two to the next) that a function has calls in: 32 numbers of 16 bits, and,
 * once one of them is full, 32 more for what is above. So 5,000 functions whose
 * durations spread over 17 octaves take less than 10 MB, whatever the number of
 * their calls.
 */
#ifndef MODEL_DURATION_HISTOGRAM_H
#define MODEL_DURATION_HISTOGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

struct error;
struct duration_counts;

enum {
    DURATION_STEPS = 32, /* buckets of an octave */
    DURATION_OCTAVES = 60,
    DURATION_BUCKETS = DURATION_OCTAVES * DURATION_STEPS,
    DURATION_LEVELS = 8,      /* columns of the picture of a function */
    DURATION_LEVEL_FULL = 64, /* of the column with most calls */
};

/* The bucket of a duration; the smallest duration of a bucket, and how many
 * nanoseconds wide it is. */
unsigned duration_bucket(uint64_t duration_ns);
uint64_t duration_bucket_start(unsigned bucket);
uint64_t duration_bucket_width(unsigned bucket);

/* What the counts of a function say. Of 0 calls all is 0. */
struct duration_facts {
    uint64_t call_count;
    uint64_t min_ns; /* exact */
    uint64_t max_ns;
    uint64_t mean_ns; /* likewise; rounded down */
    /* Half of the calls take no longer, and so on; within 2 %. */
    uint64_t p50_ns;
    uint64_t p95_ns;
    uint64_t p99_ns;
    /* Calls by the logarithm of their duration, from the fastest to the slowest
     * in equal steps: 0 = none, up to DURATION_LEVEL_FULL. All are 0 when they
     * fall into one bucket. */
    uint8_t levels[DURATION_LEVELS];
};

/* {0} has no functions. */
struct duration_histograms {
    struct duration_counts *functions; /* owned */
    size_t function_count;
    struct arena pages;
};

bool duration_histograms_init(struct duration_histograms *histograms,
                              size_t function_count, struct error *err);
void duration_histograms_release(struct duration_histograms *histograms);

/* Count so many calls of one duration. */
bool duration_histograms_add(struct duration_histograms *histograms,
                             size_t function, uint64_t duration_ns,
                             uint64_t count, struct error *err);

/* Add the calls of others, of the same functions. */
bool duration_histograms_merge(struct duration_histograms *histograms,
                               const struct duration_histograms *from,
                               struct error *err);

struct duration_facts
duration_histograms_facts(const struct duration_histograms *histograms,
                          size_t function);

#endif
