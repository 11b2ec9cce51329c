// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "model/timeline_query.h"
#include "random_model.h"
#include "support/failing_malloc.h"
#include "support/random.h"

enum { COLUMNS = 40, ROWS_MAX = 100 };

static void
check_row(const struct random_model *random,
          const struct timeline_request *request, uint32_t row,
          const struct slice *slices, size_t count,
          const struct timeline_cell *cells)
{
    struct timeline_cell expected[COLUMNS];
    bool is_deeper = row == request->depth_count;

    oracle_row(slices, count, request->first_depth + row, is_deeper,
               &request->grid, expected);
    for (uint32_t i = 0; i < request->grid.column_count; i++) {
        const struct timeline_cell *cell = &cells[i];
        uint32_t function = random_model_function(random, cell->function);

        cr_assert(
            cell->busy_ns == expected[i].busy_ns
                && cell->count == expected[i].count
                && cell->longest_ns == expected[i].longest_ns
                && cell->start_ns == expected[i].start_ns
                && function == expected[i].function
                && (cell->flags & ~(uint32_t)CELL_LOST) == expected[i].flags,
            "origin %" PRId64 " column_ns %" PRIu64
            " column %u depth %u%s: busy %" PRIu64 " (%" PRIu64
            ") count %u (%u) longest %" PRIu64 " (%" PRIu64 ") flags %x (%x)",
            request->grid.origin_ns, request->grid.column_ns, i,
            request->first_depth + row, is_deeper ? " and deeper" : "",
            cell->busy_ns, expected[i].busy_ns, cell->count, expected[i].count,
            cell->longest_ns, expected[i].longest_ns, cell->flags,
            expected[i].flags);
    }
}

/* A view at any zoom: from a nanosecond a column to more than all of it. */
static struct timeline_request
choose_view(struct random *numbers, const struct random_model *random,
            uint32_t track, const struct slice *slices, size_t count)
{
    uint64_t duration = trace_model_summary(random->model).duration_ns + 1;
    uint64_t column_ns =
        1 + random_below(numbers, 1 + (duration >> random_below(numbers, 40)));
    uint64_t width = column_ns * COLUMNS;
    uint32_t depth = trace_model_track(random->model, track)->depth + 2;
    struct timeline_request request = {
        .track = track,
        .first_depth = (uint32_t)random_below(numbers, depth),
        .depth_count = 1 + (uint32_t)random_below(numbers, 5),
        .include_deeper = random_below(numbers, 2) == 0,
        .is_exact = true,
        .grid = {.origin_ns = (int64_t)random_below(numbers, duration + width)
                              - (int64_t)width,
                 .column_ns = column_ns,
                 .column_count = COLUMNS},
    };

    if (random_below(numbers, 2) == 0) { /* an edge where a slice begins */
        request.grid.origin_ns =
            (int64_t)slices[random_below(numbers, count)].start_ns
            - (int64_t)(column_ns * random_below(numbers, COLUMNS));
    }
    if (random_below(numbers, 10) == 0) {
        request.first_depth = 0;
        request.depth_count = ROWS_MAX - 1;
    }
    return request;
}

static void
check_views(struct random_model *random, uint32_t thread, unsigned view_count)
{
    uint32_t track = random_model_track(random, thread);
    struct random numbers = {thread + 1000};
    size_t count;
    struct slice *slices = oracle_slices(random->oracle, thread, &count);
    struct timeline_cell *cells = calloc(ROWS_MAX * COLUMNS, sizeof *cells);

    for (unsigned i = 0; i < view_count; i++) {
        struct timeline_request request =
            choose_view(&numbers, random, track, slices, count);
        struct error err = {0};

        cr_assert(timeline_cells(random->model, &request, random->scratch,
                                 cells, &err));
        for (uint32_t row = 0;
             row < request.depth_count + request.include_deeper; row++) {
            check_row(random, &request, row, slices, count,
                      &cells[row * COLUMNS]);
        }
    }
    free(cells);
    free(slices);
}

Test(timeline_query, is_exact_at_any_zoom)
{
    for (size_t kind = 0; kind < random_model_kind_count(); kind++) {
        struct random_model random = {0};

        random_model_open(&random, random_model_kind(kind), 2);
        for (uint32_t i = 0; i < random.oracle->thread_count; i++) {
            check_views(&random, i, 100);
        }
        random_model_close(&random);
    }
}

/* Each event that a column's edge may fall on, or fall just before, among them
 * the first one of each block, with columns that hold a few blocks. */
Test(timeline_query, is_exact_where_edges_meet_events)
{
    const struct trace_random_options options = {
        .seed = 11, .calls_per_thread = 1000, .block_size = 256};
    struct random_model random = {0};
    struct timeline_cell cells[6 * 2];
    struct error err = {0};
    struct slice *slices;
    size_t count;

    random_model_open(&random, &options, 1);
    slices = oracle_slices(random.oracle, 0, &count);
    for (size_t i = 0; i < 4 * count; i++) {
        const struct slice *slice = &slices[i / 4];
        struct timeline_request request = {
            .depth_count = 5,
            .include_deeper = true,
            .is_exact = true,
            .grid = {.column_ns = i % 3 == 0 ? 2000 : 40000, .column_count = 2},
        };

        request.grid.origin_ns =
            (int64_t)(i % 2 == 0 ? slice->start_ns : slice->end_ns)
            - (int64_t)(i / 2 % 2);
        cr_assert(timeline_cells(random.model, &request, random.scratch, cells,
                                 &err));
        for (uint32_t row = 0; row < 6; row++) {
            check_row(&random, &request, row, slices, count, &cells[row * 2]);
        }
    }
    free(slices);
    random_model_close(&random);
}

/* With many blocks a column, only the blocks at its edges are shared out. */
Test(timeline_query, estimates_are_close_when_there_are_many_blocks)
{
    const struct trace_random_options options = {.seed = 12,
                                                 .calls_per_thread = 40000,
                                                 .depth_max = 8,
                                                 .block_size = 256};
    struct random_model random = {0};
    struct timeline_cell exact[9 * COLUMNS];
    struct timeline_cell estimate[9 * COLUMNS];
    struct timeline_request request = {.depth_count = 8,
                                       .include_deeper = true};
    struct error err = {0};
    uint64_t column_ns;

    random_model_open(&random, &options, 2);
    column_ns = trace_model_summary(random.model).duration_ns / COLUMNS + 1;
    request.grid.column_ns = column_ns;
    request.grid.column_count = COLUMNS;
    cr_assert(
        timeline_cells(random.model, &request, random.scratch, estimate, &err));
    request.is_exact = true;
    cr_assert(
        timeline_cells(random.model, &request, random.scratch, exact, &err));
    for (size_t i = 0; i < 9 * COLUMNS; i++) {
        int64_t off = (int64_t)estimate[i].busy_ns - (int64_t)exact[i].busy_ns;

        cr_assert(not(exact[i].flags & CELL_ESTIMATED));
        cr_assert(le(i64, llabs(off), (int64_t)column_ns / 8));
        cr_assert(eq(int, estimate[i].count > 0, exact[i].count > 0));
        cr_assert(ge(u64, estimate[i].longest_ns, exact[i].longest_ns));
    }
    random_model_close(&random);
}

/* Blocks of many columns: what was busy is not blank. */
Test(timeline_query, estimates_show_all_that_was_busy)
{
    const struct trace_random_options options = {
        .seed = 12, .calls_per_thread = 4000, .block_size = 8192};
    struct random_model random = {0};
    struct timeline_cell cells[9 * COLUMNS];
    struct timeline_request request = {
        .depth_count = 8,
        .include_deeper = true,
        .grid = {.column_ns = 20, .column_count = COLUMNS}};
    struct error err = {0};
    size_t shared = 0;

    random_model_open(&random, &options, 2);
    for (int64_t place = 0; place < 500; place++) {
        request.grid.origin_ns = place * 20 * COLUMNS;
        cr_assert(timeline_cells(random.model, &request, random.scratch, cells,
                                 &err));
        for (size_t i = 0; i < 9 * COLUMNS; i++) {
            shared += (cells[i].flags & CELL_ESTIMATED) != 0;
            cr_assert(cells[i].busy_ns == 0 || cells[i].count > 0);
        }
    }
    cr_assert(gt(sz, shared, 1000));
    random_model_close(&random);
}

/* How busy depth 0 is in a column, over all tracks, by brute force. */
static double
busy_of_all(const struct random_model *random, const struct timeline_grid *grid,
            uint32_t column)
{
    struct timeline_cell cells[COLUMNS];
    double busy = 0;
    double tracks = 0;

    for (uint32_t i = 0; i < random->oracle->thread_count; i++) {
        size_t count;
        struct slice *slices = oracle_slices(random->oracle, i, &count);

        oracle_row(slices, count, 0, 0, grid, cells);
        busy += (double)cells[column].busy_ns;
        tracks += cells[column].busy_ns > 0;
        free(slices);
    }
    return tracks > 0 ? busy / tracks / (double)grid->column_ns : 0;
}

Test(timeline_query, overview_is_the_mean_over_busy_tracks)
{
    const struct trace_random_options options = {.seed = 13,
                                                 .calls_per_thread = 3000,
                                                 .thread_count = 2,
                                                 .process_count = 2,
                                                 .depth_max = 3,
                                                 .block_size = 256};
    struct random_model random = {0};
    struct timeline_grid grid = {.column_count = COLUMNS};
    float busy[COLUMNS];

    random_model_open(&random, &options, 2);
    grid.column_ns =
        trace_model_summary(random.model).duration_ns / COLUMNS + 1;
    timeline_overview(random.model, &grid, busy);
    for (uint32_t i = 0; i < COLUMNS; i += 7) {
        double expected = busy_of_all(&random, &grid, i);

        cr_assert(lt(dbl, (double)busy[i] - expected, 0.125));
        cr_assert(lt(dbl, expected - (double)busy[i], 0.125));
    }
    random_model_close(&random);
}

Test(timeline_query, says_so_when_there_is_no_memory)
{
    struct random_model random = {0};
    struct timeline_cell cells[6 * COLUMNS];
    struct timeline_request request = {.depth_count = 5,
                                       .include_deeper = true,
                                       .is_exact = true,
                                       .grid = {.column_count = COLUMNS}};
    bool has_failed = true;

    random_model_open(&random, random_model_kind(2), 1);
    request.grid.column_ns =
        trace_model_summary(random.model).duration_ns / COLUMNS + 1;
    for (unsigned successes = 0; has_failed; successes++) {
        struct span_scratch *scratch = NULL;
        struct error err = {0};
        bool ok;

        cr_assert(span_scratch_new(&scratch, &err));
        if (!failing_malloc_arm(successes)) {
            span_scratch_free(scratch);
            break;
        }
        ok = timeline_cells(random.model, &request, scratch, cells, &err);
        has_failed = failing_malloc_disarm();
        /* A helper that could not be had is missed by nobody. */
        cr_assert(ok || err.code == ERROR_NO_MEMORY);
        cr_assert(ok || has_failed);
        span_scratch_free(scratch);
    }
    random_model_close(&random);
}

Test(timeline_query, refuses_grids_that_are_none)
{
    struct random_model random = {0};
    struct timeline_cell cells[COLUMNS];
    const struct timeline_grid grids[] = {
        {.column_ns = 0, .column_count = COLUMNS},
        {.column_ns = UINT64_MAX, .column_count = COLUMNS},
        {.origin_ns = INT64_MIN, .column_ns = 1, .column_count = COLUMNS},
        {.origin_ns = INT64_MAX, .column_ns = 1, .column_count = COLUMNS},
    };

    random_model_open(&random, random_model_kind(0), 1);
    for (size_t i = 0; i < sizeof grids / sizeof grids[0]; i++) {
        struct timeline_request request = {
            .depth_count = 1, .is_exact = true, .grid = grids[i]};
        struct error err = {0};

        cr_assert(not(timeline_cells(random.model, &request, random.scratch,
                                     cells, &err)));
        cr_assert(eq(int, err.code, ERROR_USAGE));
    }
    random_model_close(&random);
}
