// SPDX-License-Identifier: Apache-2.0
#include "model/duration_histogram.h"

#include <math.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/error.h"

enum {
    STEP_BITS = 5, /* of DURATION_STEPS */
    LOW_BITS = 16, /* of a count */
};

struct duration_page {
    uint16_t low[DURATION_STEPS];
    uint64_t *high; /* what is above; NULL = nothing */
};

struct duration_counts {
    uint64_t call_count;
    uint64_t min_ns;
    uint64_t max_ns;
    uint64_t total_ns;
    struct duration_page **pages; /* by octave; NULL without calls */
};

unsigned
duration_bucket(uint64_t duration_ns)
{
    unsigned octave;

    if (duration_ns < DURATION_STEPS) {
        return (unsigned)duration_ns;
    }
    octave = 63 - (unsigned)__builtin_clzll(duration_ns) - STEP_BITS;
    return (octave + 1) * DURATION_STEPS
           + (unsigned)(duration_ns >> octave & (DURATION_STEPS - 1));
}

uint64_t
duration_bucket_start(unsigned bucket)
{
    unsigned octave = bucket / DURATION_STEPS;

    return octave == 0 ? bucket
                       : (uint64_t)(DURATION_STEPS + bucket % DURATION_STEPS)
                             << (octave - 1);
}

uint64_t
duration_bucket_width(unsigned bucket)
{
    unsigned octave = bucket / DURATION_STEPS;

    return octave == 0 ? 1 : UINT64_C(1) << (octave - 1);
}

bool
duration_histograms_init(struct duration_histograms *histograms,
                         size_t function_count, struct error *err)
{
    *histograms = (struct duration_histograms){
        .functions =
            array_new(function_count, sizeof *histograms->functions, err),
        .function_count = function_count,
    };
    return histograms->functions != NULL;
}

void
duration_histograms_release(struct duration_histograms *histograms)
{
    free(histograms->functions);
    arena_release(&histograms->pages);
    *histograms = (struct duration_histograms){0};
}

/* The page of an octave, made when there is none. */
static struct duration_page *
open_page(struct duration_histograms *histograms,
          struct duration_counts *function, unsigned octave)
{
    struct arena *arena = &histograms->pages;

    if (function->pages == NULL) {
        function->pages =
            arena_allocate(arena, DURATION_OCTAVES * sizeof *function->pages);
        if (function->pages == NULL) {
            return NULL;
        }
    }
    if (function->pages[octave] == NULL) {
        function->pages[octave] =
            arena_allocate(arena, sizeof *function->pages[octave]);
    }
    return function->pages[octave];
}

static bool
add_to_page(struct duration_histograms *histograms, struct duration_page *page,
            unsigned step, uint64_t count)
{
    uint64_t sum = page->low[step] + count;

    if (sum >> LOW_BITS != 0) {
        if (page->high == NULL) {
            page->high = arena_allocate(&histograms->pages,
                                        DURATION_STEPS * sizeof *page->high);
        }
        if (page->high == NULL) {
            return false;
        }
        page->high[step] += sum >> LOW_BITS;
    }
    page->low[step] = (uint16_t)sum;
    return true;
}

static void
note_extremes(struct duration_counts *function, uint64_t min_ns,
              uint64_t max_ns)
{
    if (function->call_count == 0 || min_ns < function->min_ns) {
        function->min_ns = min_ns;
    }
    if (max_ns > function->max_ns) {
        function->max_ns = max_ns;
    }
}

bool
duration_histograms_add(struct duration_histograms *histograms, size_t index,
                        uint64_t duration_ns, uint64_t count, struct error *err)
{
    struct duration_counts *function = &histograms->functions[index];
    unsigned bucket = duration_bucket(duration_ns);
    struct duration_page *page =
        open_page(histograms, function, bucket / DURATION_STEPS);

    if (page == NULL
        || !add_to_page(histograms, page, bucket % DURATION_STEPS, count)) {
        return error_set_no_memory(err);
    }
    note_extremes(function, duration_ns, duration_ns);
    function->call_count += count;
    function->total_ns += duration_ns * count;
    return true;
}

static uint64_t
count_of(const struct duration_counts *function, unsigned bucket)
{
    const struct duration_page *page = function->pages[bucket / DURATION_STEPS];
    unsigned step = bucket % DURATION_STEPS;

    return page == NULL
               ? 0
               : page->low[step]
                     + (page->high == NULL ? 0 : page->high[step] << LOW_BITS);
}

static bool
merge_function(struct duration_histograms *histograms, size_t index,
               const struct duration_counts *from, struct error *err)
{
    struct duration_counts *function = &histograms->functions[index];

    for (unsigned octave = 0; octave < DURATION_OCTAVES; octave++) {
        struct duration_page *page;

        if (from->pages[octave] == NULL) {
            continue;
        }
        page = open_page(histograms, function, octave);
        for (unsigned step = 0; step < DURATION_STEPS; step++) {
            if (page == NULL
                || !add_to_page(
                    histograms, page, step,
                    count_of(from, octave * DURATION_STEPS + step))) {
                return error_set_no_memory(err);
            }
        }
    }
    note_extremes(function, from->min_ns, from->max_ns);
    function->call_count += from->call_count;
    function->total_ns += from->total_ns;
    return true;
}

bool
duration_histograms_merge(struct duration_histograms *histograms,
                          const struct duration_histograms *from,
                          struct error *err)
{
    for (size_t i = 0; i < from->function_count; i++) {
        if (from->functions[i].pages != NULL
            && !merge_function(histograms, i, &from->functions[i], err)) {
            return false;
        }
    }
    return true;
}

/* The duration of the number-th call, the fastest first, from 1. */
static uint64_t
duration_at(const struct duration_counts *function, uint64_t number)
{
    unsigned bucket = duration_bucket(function->min_ns);
    uint64_t below = count_of(function, bucket);
    uint64_t middle_ns;

    while (below < number) {
        below += count_of(function, ++bucket);
    }
    middle_ns =
        duration_bucket_start(bucket) + (duration_bucket_width(bucket) - 1) / 2;
    return middle_ns < function->min_ns   ? function->min_ns
           : middle_ns > function->max_ns ? function->max_ns
                                          : middle_ns;
}

/* In this order nothing overflows that could be counted. */
static uint64_t
number_at(uint64_t count, unsigned percent)
{
    return count / 100 * percent + (count % 100 * percent + 99) / 100;
}

/* Buckets are nearly equal steps of the logarithm, but for the shortest
 * durations. */
static double
log_of(unsigned bucket)
{
    return log2((double)duration_bucket_start(bucket) + 1);
}

static void
draw_levels(const struct duration_counts *function,
            uint8_t levels[DURATION_LEVELS])
{
    unsigned first = duration_bucket(function->min_ns);
    unsigned last = duration_bucket(function->max_ns);
    double span = log_of(last) - log_of(first);
    uint64_t counts[DURATION_LEVELS] = {0};
    uint64_t most = 0;

    if (first == last) {
        return;
    }
    for (unsigned bucket = first; bucket <= last; bucket++) {
        double place = (log_of(bucket) - log_of(first)) / span;
        unsigned level = (unsigned)(place * DURATION_LEVELS);

        level = level < DURATION_LEVELS ? level : DURATION_LEVELS - 1;
        counts[level] += count_of(function, bucket);
        most = counts[level] > most ? counts[level] : most;
    }
    for (unsigned i = 0; i < DURATION_LEVELS; i++) {
        double part = (double)counts[i] / (double)most * DURATION_LEVEL_FULL;

        levels[i] = counts[i] == 0 ? 0 : part < 1 ? 1 : (uint8_t)part;
    }
}

struct duration_facts
duration_histograms_facts(const struct duration_histograms *histograms,
                          size_t index)
{
    const struct duration_counts *function = &histograms->functions[index];
    uint64_t count = function->call_count;
    struct duration_facts facts = {0};

    if (count == 0) {
        return facts;
    }
    facts = (struct duration_facts){
        .call_count = count,
        .min_ns = function->min_ns,
        .max_ns = function->max_ns,
        .mean_ns = function->total_ns / count,
        .p50_ns = duration_at(function, number_at(count, 50)),
        .p95_ns = duration_at(function, number_at(count, 95)),
        .p99_ns = duration_at(function, number_at(count, 99)),
    };
    draw_levels(function, facts.levels);
    return facts;
}
