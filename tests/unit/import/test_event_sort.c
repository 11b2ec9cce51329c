// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>

#include "base/error.h"
#include "import/event_sort.h"
#include "support/random.h"

/* The order by brute force: the number of an entry, in payload, decides last.
 */
static int
compare(const void *left, const void *right)
{
    const struct sort_entry *a = left;
    const struct sort_entry *b = right;

    if (a->process != b->process) {
        return a->process < b->process ? -1 : 1;
    }
    if (a->thread != b->thread) {
        return a->thread < b->thread ? -1 : 1;
    }
    if (a->start_ns != b->start_ns) {
        return a->start_ns < b->start_ns ? -1 : 1;
    }
    if (a->end_ns != b->end_ns) {
        return a->end_ns > b->end_ns ? -1 : 1;
    }
    return (a->payload > b->payload) - (a->payload < b->payload);
}

static void
expect_sorted(size_t count, size_t run_size, int64_t range)
{
    struct random random = {count * 31 + run_size};
    struct sort_entry *entries = calloc(count + 1, sizeof *entries);
    struct event_sort *sort = NULL;
    struct sort_entry seen;
    struct error err = {0};
    bool found;

    cr_assert(event_sort_new(&sort, EVENT_ORDER_TRACK, run_size, &err));
    for (size_t i = 0; i < count; i++) {
        entries[i] = (struct sort_entry){
            .start_ns = (int64_t)random_below(&random, (uint64_t)range) - 5,
            .process = (uint32_t)random_below(&random, 2),
            .thread = (uint32_t)random_below(&random, 3),
            .payload = (uint32_t)i,
        };
        entries[i].end_ns =
            entries[i].start_ns + (int64_t)random_below(&random, 3);
        cr_assert(event_sort_add(sort, &entries[i], &err), "%s", err.message);
    }
    cr_assert(eq(u64, event_sort_count(sort), count));
    cr_assert(event_sort_finish(sort, &err), "%s", err.message);
    qsort(entries, count, sizeof *entries, compare);
    for (size_t i = 0; i < count; i++) {
        cr_assert(event_sort_next(sort, &seen, &found, &err));
        cr_assert(found);
        cr_assert(eq(u32, seen.payload, entries[i].payload), "entry %zu", i);
        cr_assert(eq(i64, seen.start_ns, entries[i].start_ns));
    }
    cr_assert(event_sort_next(sort, &seen, &found, &err));
    cr_assert(not(found));
    event_sort_free(sort);
    free(entries);
}

Test(event_sort, orders_entries_and_keeps_equal_ones_as_they_came)
{
    static const size_t counts[] = {0, 1, 2, 15, 16, 17, 33, 100, 5000};
    static const size_t run_sizes[] = {0, 1, 2, 7, 100};

    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        for (size_t k = 0; k < sizeof run_sizes / sizeof *run_sizes; k++) {
            if (run_sizes[k] != 1 || counts[i] <= 100) {
                expect_sorted(counts[i], run_sizes[k], 10);
                expect_sorted(counts[i], run_sizes[k], 1000000);
            }
        }
    }
}
