// SPDX-License-Identifier: Apache-2.0
/* Steps and counts against all slices of random traces. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <inttypes.h>
#include <stdlib.h>

#include "base/error.h"
#include "model/slice_hits.h"
#include "model/slice_step.h"
#include "random_model.h"
#include "random_scope.h"
#include "support/failing_malloc.h"
#include "support/random.h"

enum { COLUMNS = 70, ROWS = 3, FUNCTIONS_MAX = 256, WALK_MAX = 400 };

static const struct progress no_progress = {0};

/* A trace, some of its functions, and the slices that are hits, in order. */
struct search {
    struct random_model random;
    uint8_t functions[FUNCTIONS_MAX + 1];
    struct slice_hit_set set;
    struct slice *hits;
    size_t count;
};

static int
compare_slices(const void *left, const void *right)
{
    const struct slice *a = left;
    const struct slice *b = right;

    if (a->start_ns != b->start_ns) {
        return a->start_ns < b->start_ns ? -1 : 1;
    }
    if (a->track != b->track) {
        return a->track < b->track ? -1 : 1;
    }
    return a->depth < b->depth ? -1 : a->depth > b->depth;
}

static void
choose_functions(struct search *search, struct random *numbers)
{
    uint32_t count = trace_model_function_count(search->random.model);
    unsigned permille = (unsigned)random_below(numbers, 1000);

    cr_assert(le(u32, count, FUNCTIONS_MAX));
    for (uint32_t i = 0; i <= count; i++) {
        search->functions[i] = random_permille(numbers, permille);
    }
    search->set = (struct slice_hit_set){
        .functions = search->functions,
        .function_count = count,
        .track = random_permille(numbers, 300) ? (uint32_t)random_below(
                     numbers, trace_model_track_count(search->random.model))
                                               : UINT32_MAX,
    };
}

/* The oracle's functions are not those of the model; one that it has not is
 * the unknown one. */
static uint32_t
function_of(const struct search *search, const struct slice *slice)
{
    uint32_t i = 0;

    while (i < search->set.function_count
           && random_model_function(&search->random, i) != slice->function) {
        i++;
    }
    return i;
}

static bool
is_hit(const struct search *search, const struct slice *slice)
{
    return search->functions[function_of(search, slice)] != 0
           && (search->set.track == UINT32_MAX
               || search->set.track == slice->track);
}

static void
find_hits(struct search *search)
{
    struct trace_scope whole = trace_scope_whole();
    size_t count;

    search->hits = random_scope_slices(&search->random, &whole, &count);
    search->count = 0;
    for (size_t i = 0; i < count; i++) {
        if (is_hit(search, &search->hits[i])) {
            search->hits[search->count++] = search->hits[i];
        }
    }
    qsort(search->hits, search->count, sizeof *search->hits, compare_slices);
}

static void
expect_slice(const struct search *search, const struct slice *slice,
             const struct slice *expected, const char *what)
{
    cr_assert(eq(u64, slice->start_ns, expected->start_ns), "%s", what);
    cr_assert(eq(u64, slice->end_ns, expected->end_ns), "%s", what);
    cr_assert(eq(u32, slice->track, expected->track), "%s", what);
    cr_assert(eq(u32, slice->depth, expected->depth), "%s", what);
    cr_assert(eq(u32, random_model_function(&search->random, slice->function),
                 expected->function),
              "%s", what);
}

static struct slice_step_result
step(const struct search *search, const struct slice_step_request *request)
{
    struct slice_step_result result;
    struct error err = {0};

    cr_assert(slice_step(search->random.model, request, &no_progress,
                         search->random.scratch, &result, &err),
              "%s", err.message);
    return result;
}

static uint64_t
rank(const struct search *search, const struct slice_step_request *request)
{
    uint64_t result;
    struct error err = {0};

    cr_assert(slice_rank(search->random.model, request, search->random.scratch,
                         &result, &err));
    return result;
}

/* From the start every hit once, as far as there is time; and back again. */
static void
check_walk(const struct search *search, const uint32_t *block_counts)
{
    struct slice_step_request request = {
        .set = search->set,
        .block_counts = block_counts,
        .is_inclusive = true,
    };

    size_t count = search->count < WALK_MAX ? search->count : WALK_MAX;

    for (size_t i = 0; i < count; i++) {
        struct slice_step_result next = step(search, &request);
        struct slice_place place;
        struct error err = {0};

        cr_assert(next.found);
        expect_slice(search, &next.slice, &search->hits[i], "next");
        cr_assert(slice_place_of(search->random.model, &next.slice,
                                 search->random.scratch, &place, &err));
        cr_assert(eq(int, slice_place_compare(&place, &next.place), 0));
        request.from = next.place;
        if (block_counts != NULL && i % 7 == 0) {
            cr_assert(eq(u64, rank(search, &request), (uint64_t)i));
        }
        request.is_inclusive = true;
        next = step(search, &request);
        expect_slice(search, &next.slice, &search->hits[i], "itself");
        request.is_inclusive = false;
    }
    cr_assert(eq(int, step(search, &request).found, count < search->count));
    request.is_backward = true;
    for (size_t i = count; i-- > 1;) {
        struct slice_step_result next = step(search, &request);

        cr_assert(next.found);
        expect_slice(search, &next.slice, &search->hits[i - 1], "previous");
        request.from = next.place;
    }
    cr_assert(not(step(search, &request).found));
}

/* From any time: the first hit from then on, and the last one before. */
static void
check_times(const struct search *search, struct random *numbers)
{
    uint64_t end = trace_model_summary(search->random.model).duration_ns + 2;

    for (int i = 0; i < 20; i++) {
        uint64_t time_ns =
            search->count > 0 && random_permille(numbers, 500)
                ? search->hits[random_below(numbers, search->count)].start_ns
                : random_below(numbers, end);
        struct slice_step_request request = {
            .set = search->set,
            .from = {.start_ns = time_ns},
            .is_inclusive = true,
        };
        size_t expected = 0;
        struct slice_step_result found = step(search, &request);

        while (expected < search->count
               && search->hits[expected].start_ns < time_ns) {
            expected++;
        }
        cr_assert(eq(int, found.found, expected < search->count));
        if (found.found) {
            expect_slice(search, &found.slice, &search->hits[expected],
                         "from a time");
        }
        request.is_backward = true;
        request.is_inclusive = false;
        found = step(search, &request);
        cr_assert(eq(int, found.found, expected > 0));
        if (found.found) {
            expect_slice(search, &found.slice, &search->hits[expected - 1],
                         "back from a time");
        }
    }
}

static void
check_counts(const struct search *search,
             const struct slice_hits_request *request,
             const struct slice_hits *hits)
{
    uint8_t columns[COLUMNS] = {0};
    uint32_t rows[ROWS][COLUMNS] = {{0}};
    uint64_t before = 0;
    uint64_t behind = 0;
    uint64_t earlier = 0;

    for (size_t i = 0; i < search->count; i++) {
        const struct slice *hit = &search->hits[i];
        bool has_length = hit->end_ns > hit->start_ns;
        int64_t since = (int64_t)hit->start_ns - request->grid.origin_ns;

        earlier += (hit->flags & SLICE_START_UNKNOWN) != 0;
        behind += hit->start_ns >= request->window_end_ns;
        before += hit->start_ns < request->window_end_ns
                  && (has_length ? hit->end_ns <= request->window_start_ns
                                 : hit->start_ns < request->window_start_ns);
        if (since >= 0 && since < COLUMNS * (int64_t)request->grid.column_ns) {
            int64_t column = since / (int64_t)request->grid.column_ns;
            uint32_t row = request->rows[function_of(search, hit)];

            columns[column] = 1;
            if (row < ROWS) {
                rows[row][column]++;
            }
        }
    }
    cr_assert(eq(u64, hits->count, (uint64_t)search->count));
    cr_assert(eq(u64, hits->before, before));
    cr_assert(eq(u64, hits->behind, behind));
    cr_assert(eq(u64, hits->earlier, earlier));
    cr_assert(eq(u64, hits->inside, search->count - before - behind));
    for (int i = 0; i < COLUMNS; i++) {
        cr_assert(eq(int, hits->columns[i], columns[i]), "column %d", i);
        for (int row = 0; row < ROWS; row++) {
            cr_assert(
                eq(u32, hits->row_columns[row * COLUMNS + i], rows[row][i]));
        }
    }
}

static void
check_search(struct search *search, struct random *numbers)
{
    uint64_t end = trace_model_summary(search->random.model).duration_ns + 2;
    uint64_t start = random_below(numbers, end);
    struct slice_hits_request request = {
        .window_start_ns = start,
        .window_end_ns = start + 1 + random_below(numbers, end),
        .grid = {.origin_ns =
                     (int64_t)random_below(numbers, end) - (int64_t)end / 2,
                 .column_ns = 1 + random_below(numbers, end / COLUMNS + 1),
                 .column_count = COLUMNS},
    };
    uint32_t rows[FUNCTIONS_MAX + 1];
    struct slice_hits hits;
    struct error err = {0};

    choose_functions(search, numbers);
    for (size_t i = 0; i <= FUNCTIONS_MAX; i++) { /* one in four has none */
        rows[i] = i % 4 == 0 ? UINT32_MAX : (uint32_t)(i % ROWS);
    }
    request.rows = rows;
    request.row_count = ROWS;
    find_hits(search);
    if (search->count > 0) { /* edges where a hit begins or ends */
        const struct slice *first = &search->hits[search->count / 3];
        const struct slice *last = &search->hits[search->count / 2];

        request.window_start_ns = first->end_ns;
        request.window_end_ns =
            last->start_ns > first->end_ns ? last->start_ns : first->end_ns + 1;
    }
    request.set = search->set;
    cr_assert(slice_hits_count(search->random.model, &request, &no_progress,
                               &hits, &err),
              "%s", err.message);
    check_counts(search, &request, &hits);
    check_walk(search, hits.block_counts);
    if (search->count < 300) {
        check_walk(search, NULL);
    }
    check_times(search, numbers);
    slice_hits_release(&hits);
    free(search->hits);
}

Test(slice_step, visits_every_hit_once_in_order)
{
    for (size_t kind = 0; kind < random_model_kind_count(); kind++) {
        struct random numbers = {kind + 1};
        struct search search = {0};

        random_model_open(&search.random, random_model_kind(kind), 2);
        for (int i = 0; i < 4; i++) {
            check_search(&search, &numbers);
        }
        random_model_close(&search.random);
    }
}

static bool
stop_at_once(void *context, uint64_t done, uint64_t total)
{
    (void)context;
    return done > total;
}

Test(slice_step, can_be_cancelled)
{
    struct search search = {0};
    struct random numbers = {1};
    struct progress stop = {.report = stop_at_once};
    struct slice_hits_request request = {
        .window_end_ns = 1, .grid = {.column_ns = 1, .column_count = 1}};
    struct slice_step_request step_request = {.is_inclusive = true};
    struct slice_step_result result;
    struct slice_hits hits;
    struct error err = {0};

    random_model_open(&search.random, random_model_kind(2), 2);
    choose_functions(&search, &numbers);
    request.set = step_request.set = search.set;
    cr_assert(not(
        slice_hits_count(search.random.model, &request, &stop, &hits, &err)));
    cr_assert(eq(int, err.code, ERROR_CANCELLED));
    cr_assert(eq(ptr, hits.columns, NULL));
    err = (struct error){0};
    cr_assert(not(slice_step(search.random.model, &step_request, &stop,
                             search.random.scratch, &result, &err)));
    cr_assert(eq(int, err.code, ERROR_CANCELLED));
    cr_assert(not(result.found));
    random_model_close(&search.random);
}

Test(slice_step, survives_every_failed_allocation)
{
    struct search search = {0};
    struct random numbers = {3};
    bool has_failed = true;

    random_model_open(&search.random, random_model_kind(1), 2);
    choose_functions(&search, &numbers);
    for (unsigned i = 0; has_failed && failing_malloc_arm(i); i++) {
        struct slice_hits_request request = {
            .set = search.set,
            .window_end_ns = 1,
            .grid = {.column_ns = 1, .column_count = 1}};
        struct slice_step_request step_request = {.set = search.set,
                                                  .is_inclusive = true};
        struct slice_step_result result;
        struct span_scratch *scratch = NULL;
        struct slice_hits hits = {0};
        struct error err = {0};
        bool ok = span_scratch_new(&scratch, &err)
                  && slice_hits_count(search.random.model, &request,
                                      &no_progress, &hits, &err)
                  && slice_step(search.random.model, &step_request,
                                &no_progress, scratch, &result, &err);

        has_failed = failing_malloc_disarm();
        cr_assert(eq(int, ok, !has_failed));
        cr_assert(eq(int, err.code, ok ? ERROR_NONE : ERROR_NO_MEMORY));
        slice_hits_release(&hits);
        span_scratch_free(scratch);
    }
    random_model_close(&search.random);
}
