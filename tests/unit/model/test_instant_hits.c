// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "model/instant_hits.h"
#include "model/search_query.h"
#include "random_model.h"
#include "support/failing_malloc.h"
#include "support/random.h"

enum { COLUMNS = 50 };

static const struct progress no_progress = {0};

static bool
is_hit(const struct model_instant *instant, uint32_t track)
{
    char last = instant->name[instant->name_size - 1];

    return (last == '3' || last == '7')
           && (track == UINT32_MAX || instant->track == track);
}

static void
check(const struct trace_model *model,
      const struct instant_hits_request *request,
      const struct timeline_grid *grid, const struct instant_hits *hits)
{
    uint8_t columns[COLUMNS] = {0};
    uint8_t expected[COLUMNS] = {0};
    uint64_t counts[3] = {0};
    size_t previous = SIZE_MAX;

    instant_hits_mark(hits, model, grid, columns);
    for (size_t i = 0; i < trace_model_instant_count(model); i++) {
        struct model_instant instant = trace_model_instant(model, i);
        int64_t since = (int64_t)instant.time_ns - grid->origin_ns;

        cr_assert(eq(sz, instant_hits_previous(hits, i), previous));
        cr_assert(eq(u64, instant_hits_rank(hits, i),
                     counts[0] + counts[1] + counts[2]));
        if (!is_hit(&instant, request->track)) {
            cr_assert(ne(sz, instant_hits_next(hits, i), i));
            continue;
        }
        cr_assert(eq(sz, instant_hits_next(hits, i), i));
        previous = i;
        counts[instant.time_ns < request->window_start_ns ? 0
               : instant.time_ns < request->window_end_ns ? 1
                                                          : 2]++;
        if (since >= 0 && since / (int64_t)grid->column_ns < COLUMNS) {
            expected[since / (int64_t)grid->column_ns] = 1;
        }
    }
    cr_assert(eq(u64, hits->before, counts[0]));
    cr_assert(eq(u64, hits->inside, counts[1]));
    cr_assert(eq(u64, hits->behind, counts[2]));
    cr_assert(eq(u64, hits->count, counts[0] + counts[1] + counts[2]));
    cr_assert(eq(int, memcmp(columns, expected, COLUMNS), 0));
}

/* Often that of an instant. */
static uint64_t
choose_time(const struct trace_model *model, struct random *numbers)
{
    size_t count = trace_model_instant_count(model);

    return count == 0 || random_permille(numbers, 300)
               ? random_below(numbers,
                              trace_model_summary(model).duration_ns + 2)
               : trace_model_instant(model, random_below(numbers, count))
                     .time_ns;
}

Test(instant_hits, are_those_of_a_look_at_each)
{
    struct random numbers = {7};

    for (size_t kind = 0; kind < random_model_kind_count(); kind++) {
        struct random_model random = {0};
        struct search_query *query;

        random_model_open(&random, random_model_kind(kind), 2);
        cr_assert(search_query_make(&query, random.model, "[37]$",
                                    NAME_PATTERN_REGEX, NULL));
        for (int i = 0; i < 40; i++) {
            uint64_t end = trace_model_summary(random.model).duration_ns + 2;
            uint64_t start = choose_time(random.model, &numbers);
            uint64_t later = choose_time(random.model, &numbers);
            struct instant_hits_request request = {
                .query = &query->bound,
                .track = i % 2 == 0 ? UINT32_MAX
                                    : (uint32_t)random_below(
                                        &numbers,
                                        trace_model_track_count(random.model)),
                .window_start_ns = start,
                .window_end_ns = later > start ? later : start + 1,
            };
            struct timeline_grid grid = {
                .origin_ns = (int64_t)start - (int64_t)end / 2,
                .column_ns = 1 + random_below(&numbers, end / COLUMNS + 1),
                .column_count = COLUMNS,
            };
            struct instant_hits hits;
            struct error err = {0};

            cr_assert(instant_hits_find(random.model, &request, &no_progress,
                                        &hits, &err));
            check(random.model, &request, &grid, &hits);
            instant_hits_release(&hits);
        }
        search_query_drop(query);
        random_model_close(&random);
    }
}

static bool
stop_at_once(void *context, uint64_t done, uint64_t total)
{
    (void)context;
    return done > total;
}

Test(instant_hits, of_no_query_are_none_and_finding_can_be_cancelled)
{
    struct random_model random = {0};
    struct progress stop = {.report = stop_at_once};
    size_t kind = 0;
    struct instant_hits_request request = {.track = UINT32_MAX};
    struct search_query *query;
    struct instant_hits hits;
    struct error err = {0};

    random_model_open(&random, random_model_kind(kind), 2);
    while (trace_model_instant_count(random.model) == 0) {
        random_model_close(&random);
        random = (struct random_model){0};
        random_model_open(&random, random_model_kind(++kind), 2);
    }
    cr_assert(
        instant_hits_find(random.model, &request, &no_progress, &hits, &err));
    cr_assert(eq(u64, hits.count, 0));
    cr_assert(eq(sz, instant_hits_next(&hits, 0), SIZE_MAX));
    instant_hits_release(&hits);
    cr_assert(
        search_query_make(&query, random.model, "i", NAME_PATTERN_REGEX, &err));
    request.query = &query->bound;
    cr_assert(
        not(instant_hits_find(random.model, &request, &stop, &hits, &err)));
    cr_assert(eq(int, err.code, ERROR_CANCELLED));
    cr_assert(eq(ptr, hits.is_hit, NULL));
    search_query_drop(query);
    random_model_close(&random);
}
