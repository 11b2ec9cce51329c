// SPDX-License-Identifier: Apache-2.0
/* Rows of random slices, with cells made by brute force. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdlib.h>
#include <string.h>

#include "model/timeline_query.h"
#include "tui/row_cells.h"
#include "tui/theme.h"

enum {
    SLICES_MAX = 60,
    WIDTH = 50,
    COLUMN_NS = 100,
    STRIDE = WIDTH + 2 * ROW_CELLS_MARGIN,
};

struct row {
    struct {
        int64_t start;
        int64_t end;
    } slices[SLICES_MAX]; /* disjoint, in time order */
    size_t count;
};

static struct row
random_row(void)
{
    struct row row = {0};
    int64_t now = 0;
    int longest = 1 << (rand() % 10 + 1);

    while (row.count < SLICES_MAX && now < (WIDTH + 10) * COLUMN_NS) {
        now += rand() % 3 == 0 ? 1 : rand() % longest + 1;
        row.slices[row.count].start = now;
        now += rand() % longest + 1;
        row.slices[row.count++].end = now;
    }
    return row;
}

static struct timeline_cell
cell_by_hand(const struct row *row, int64_t start, int64_t end)
{
    struct timeline_cell cell = {.function = UINT32_MAX};

    for (size_t i = 0; i < row->count; i++) {
        int64_t from = row->slices[i].start;
        int64_t to = row->slices[i].end;
        uint64_t duration = (uint64_t)(to - from);

        if (from >= end || to <= start) {
            continue;
        }
        cell.count++;
        if (duration > cell.longest_ns) {
            cell.longest_ns = duration;
            cell.start_ns = (uint64_t)from;
            cell.function = (uint32_t)i;
        }
        cell.busy_ns +=
            (uint64_t)((to < end ? to : end) - (from > start ? from : start));
    }
    return cell;
}

/* What the row shows from a column on. */
static void
look(const struct row *row, int64_t first_column, struct row_cell *out)
{
    struct time_grid grid = {first_column * COLUMN_NS, COLUMN_NS};
    struct timeline_cell cells[STRIDE];

    for (int i = 0; i < STRIDE; i++) {
        int64_t start = time_grid_time(&grid, i - ROW_CELLS_MARGIN);

        cells[i] = cell_by_hand(row, start, start + COLUMN_NS);
    }
    row_cells_of_level(cells, &grid, WIDTH, out);
}

static bool
touches(const struct row *row, const struct row_cell *cell, int column)
{
    int64_t start = (int64_t)column * COLUMN_NS;

    return row->slices[cell->function].start < start + COLUMN_NS
           && row->slices[cell->function].end > start;
}

Test(row_cells, show_a_slice_only_where_it_is)
{
    for (int round = 0; round < 1000; round++) {
        struct row row = random_row();
        struct row_cell cells[WIDTH];

        look(&row, 0, cells);
        for (int i = 0; i < WIDTH; i++) {
            struct timeline_cell all = cell_by_hand(
                &row, (int64_t)i * COLUMN_NS, (int64_t)(i + 1) * COLUMN_NS);

            cr_assert(eq(int, cells[i].kind == ROW_CELL_EMPTY, all.count == 0));
            if (cells[i].kind == ROW_CELL_EMPTY) {
                continue;
            }
            cr_assert(touches(&row, &cells[i], i));
            if (cells[i].kind == ROW_CELL_RUN) {
                cr_assert(le(u32, all.count, 2),
                          "a run hides no slice but one that ends there");
            } else {
                cr_assert(eq(uint, cells[i].level,
                             theme_level_of(all.busy_ns, COLUMN_NS)));
                cr_assert(
                    eq(int, cells[i].kind == ROW_CELL_MERGED, all.count > 1));
            }
        }
    }
}

Test(row_cells, a_covered_column_is_a_run_of_its_slice)
{
    for (int round = 0; round < 1000; round++) {
        struct row row = random_row();
        struct row_cell cells[WIDTH];

        look(&row, 0, cells);
        for (size_t i = 0; i < row.count; i++) {
            for (int column = 0; column < WIDTH; column++) {
                int64_t start = (int64_t)column * COLUMN_NS;

                if (row.slices[i].start <= start
                    && row.slices[i].end >= start + COLUMN_NS) {
                    cr_assert(eq(int, cells[column].kind, ROW_CELL_RUN));
                    cr_assert(eq(u32, cells[column].function, (uint32_t)i));
                }
            }
        }
    }
}

Test(row_cells, a_run_starts_in_the_column_of_its_slice)
{
    for (int round = 0; round < 1000; round++) {
        struct row row = random_row();
        struct row_cell cells[WIDTH];

        look(&row, 0, cells);
        for (int i = 0; i < WIDTH; i++) {
            if (cells[i].kind == ROW_CELL_RUN) {
                cr_assert(eq(int, cells[i].is_start,
                             cells[i].start_ns / COLUMN_NS == (uint64_t)i));
            }
        }
    }
}

Test(row_cells, a_run_that_is_one_part_of_a_column_is_a_height)
{
    for (int round = 0; round < 1000; round++) {
        struct row row = random_row();
        struct row_cell cells[WIDTH];

        look(&row, 0, cells);
        for (int i = 1; i + 1 < WIDTH; i++) {
            bool is_alone = cells[i].kind == ROW_CELL_RUN
                            && !row_cells_join(&cells[i - 1], &cells[i])
                            && !row_cells_join(&cells[i], &cells[i + 1]);
            struct timeline_cell all = cell_by_hand(
                &row, (int64_t)i * COLUMN_NS, (int64_t)(i + 1) * COLUMN_NS);

            cr_assert(all.busy_ns == COLUMN_NS || !is_alone);
        }
    }
}

Test(row_cells, do_not_depend_on_where_the_screen_is)
{
    for (int round = 0; round < 1000; round++) {
        struct row row = random_row();
        struct row_cell cells[WIDTH];
        struct row_cell shifted[WIDTH];
        int shift = rand() % 10;

        look(&row, 0, cells);
        look(&row, shift, shifted);
        cr_assert(eq(int,
                     memcmp(&cells[shift], shifted,
                            (size_t)(WIDTH - shift) * sizeof *cells),
                     0));
    }
}

Test(row_cells, sums_have_no_runs)
{
    struct timeline_cell cells[STRIDE] = {0};
    struct time_grid grid = {0, COLUMN_NS};
    struct row_cell out[WIDTH];

    cells[ROW_CELLS_MARGIN].count = 3;
    cells[ROW_CELLS_MARGIN].busy_ns = COLUMN_NS;
    cells[ROW_CELLS_MARGIN + 1].flags = CELL_LOST;
    row_cells_of_sum(cells, &grid, WIDTH, out);
    cr_expect(eq(int, out[0].kind, ROW_CELL_MERGED));
    cr_expect(eq(uint, out[0].level, THEME_LEVELS));
    cr_expect(eq(int, out[1].kind, ROW_CELL_LOST));
    cr_expect(eq(int, out[2].kind, ROW_CELL_EMPTY));
}
