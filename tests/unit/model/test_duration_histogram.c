// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "base/error.h"
#include "model/duration_histogram.h"
#include "support/failing_malloc.h"
#include "support/random.h"

enum { SAMPLES = 3000, RUNS = 30, FUNCTIONS = 3 };

Test(duration_histogram, has_buckets_without_gaps)
{
    uint64_t next = 0;

    for (unsigned i = 0; i < DURATION_BUCKETS; i++) {
        uint64_t start = duration_bucket_start(i);
        uint64_t width = duration_bucket_width(i);

        cr_assert(eq(u64, start, next), "bucket %u", i);
        cr_assert(eq(uint, duration_bucket(start), i));
        cr_assert(eq(uint, duration_bucket(start + width - 1), i));
        cr_assert(le(u64, (width - 1) * 32, start));
        next = start + width;
    }
    cr_assert(eq(u64, next, 0)); /* behind the last one of 64 bits */
}

static int
compare(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left;
    uint64_t b = *(const uint64_t *)right;

    return (a > b) - (a < b);
}

/* A few values over and over, or of any number of bits. */
static uint64_t
choose_duration(struct random *random, unsigned run)
{
    if (run % 3 == 0) {
        return random_below(random, 5);
    }
    return random_u64(random) >> random_below(random, run % 3 == 1 ? 64 : 8);
}

static void
check(uint64_t seen, const uint64_t *sorted, size_t count, size_t percent)
{
    uint64_t exact = sorted[(count * percent + 99) / 100 - 1];

    cr_assert(le(dbl, fabs((double)seen - (double)exact), 0.02 * (double)exact),
              "%" PRIu64 " is %" PRIu64 " for p%zu", exact, seen, percent);
}

static void
check_facts(const struct duration_histograms *histograms, size_t function,
            uint64_t *durations, size_t count)
{
    struct duration_facts facts =
        duration_histograms_facts(histograms, function);
    unsigned highest = 0;
    uint64_t total_ns = 0; /* which may wrap, as that of the histogram */

    qsort(durations, count, sizeof *durations, compare);
    cr_assert(eq(u64, facts.call_count, count));
    cr_assert(eq(u64, facts.min_ns, durations[0]));
    cr_assert(eq(u64, facts.max_ns, durations[count - 1]));
    check(facts.p50_ns, durations, count, 50);
    check(facts.p95_ns, durations, count, 95);
    check(facts.p99_ns, durations, count, 99);
    for (size_t i = 0; i < count; i++) {
        total_ns += durations[i];
    }
    cr_assert(eq(u64, facts.mean_ns, total_ns / count));
    for (size_t i = 0; i < DURATION_LEVELS; i++) {
        highest = facts.levels[i] > highest ? facts.levels[i] : highest;
    }
    if (duration_bucket(facts.min_ns) == duration_bucket(facts.max_ns)) {
        cr_assert(eq(uint, highest, 0));
    } else {
        cr_assert(eq(uint, highest, DURATION_LEVEL_FULL));
        cr_assert(gt(uint, facts.levels[0], 0));
        cr_assert(gt(uint, facts.levels[DURATION_LEVELS - 1], 0));
    }
}

Test(duration_histogram, is_within_two_percent_also_when_merged)
{
    struct random random = {.state = 4711};

    for (unsigned run = 0; run < RUNS; run++) {
        struct duration_histograms all;
        struct duration_histograms parts[3];
        uint64_t *durations = calloc(SAMPLES, sizeof *durations);
        size_t count = random_below(&random, SAMPLES) + 1;

        cr_assert(ne(ptr, durations, NULL));
        cr_assert(duration_histograms_init(&all, FUNCTIONS, NULL));
        for (size_t i = 0; i < 3; i++) {
            cr_assert(duration_histograms_init(&parts[i], FUNCTIONS, NULL));
        }
        for (size_t i = 0; i < count; i++) {
            durations[i] = choose_duration(&random, run);
            cr_assert(duration_histograms_add(&parts[i % 3], 1, durations[i], 1,
                                              NULL));
        }
        for (size_t i = 0; i < 3; i++) {
            cr_assert(duration_histograms_merge(&all, &parts[i], NULL));
            duration_histograms_release(&parts[i]);
        }
        check_facts(&all, 1, durations, count);
        cr_assert(eq(u64, duration_histograms_facts(&all, 0).call_count, 0));
        duration_histograms_release(&all);
        free(durations);
    }
}

Test(duration_histogram, counts_beyond_its_short_numbers)
{
    const uint64_t many = (UINT64_C(1) << 40) + 3;
    struct duration_histograms histograms;
    struct duration_histograms more;
    struct duration_facts facts;

    cr_assert(duration_histograms_init(&histograms, 1, NULL));
    cr_assert(duration_histograms_init(&more, 1, NULL));
    for (unsigned i = 0; i < 70000; i++) {
        cr_assert(duration_histograms_add(&more, 0, 10, 1, NULL));
    }
    cr_assert(duration_histograms_add(&histograms, 0, 10, many, NULL));
    cr_assert(duration_histograms_add(&histograms, 0, 20, many + 70000, NULL));
    facts = duration_histograms_facts(&histograms, 0);
    cr_assert(eq(u64, facts.p50_ns, 20));
    cr_assert(duration_histograms_merge(&histograms, &more, NULL));
    facts = duration_histograms_facts(&histograms, 0);
    cr_assert(eq(u64, facts.call_count, 2 * (many + 70000)));
    cr_assert(eq(u64, facts.p50_ns, 10));
    cr_assert(eq(u64, facts.p95_ns, 20));
    duration_histograms_release(&histograms);
    duration_histograms_release(&more);
}

Test(duration_histogram, is_small_for_many_functions)
{
    enum { MANY = 5000, OCTAVES = 17, CALLS = 20 };
    struct duration_histograms histograms;

    cr_assert(duration_histograms_init(&histograms, MANY, NULL));
    for (size_t function = 0; function < MANY; function++) {
        for (unsigned i = 0; i < OCTAVES * CALLS; i++) {
            uint64_t duration = (UINT64_C(1) << (8 + i / CALLS)) + i;

            cr_assert(duration_histograms_add(&histograms, function, duration,
                                              3, NULL));
        }
    }
    cr_assert(lt(sz, histograms.pages.size_bytes, 10u << 20));
    duration_histograms_release(&histograms);
}

Test(duration_histogram, says_when_there_is_no_memory)
{
    bool has_failed = true;

    for (unsigned i = 0; has_failed && failing_malloc_arm(i); i++) {
        struct duration_histograms histograms = {0};
        struct error err = {0};
        bool is_ok =
            duration_histograms_init(&histograms, FUNCTIONS, &err)
            && duration_histograms_add(&histograms, 0, 1, 1 << 20, &err)
            && duration_histograms_add(&histograms, 1, 1, 1, &err);

        has_failed = failing_malloc_disarm();
        cr_assert(eq(int, is_ok, !has_failed));
        cr_assert(eq(int, err.code, is_ok ? ERROR_NONE : ERROR_NO_MEMORY));
        duration_histograms_release(&histograms);
    }
}
