// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdlib.h>

#include "tui/time_grid.h"

/* A number of random magnitude below 2^60. */
static int64_t
random_time(void)
{
    int64_t value = (int64_t)rand() << 31 ^ rand();

    return value >> (rand() % 62 + 2);
}

static struct time_grid
random_grid(void)
{
    int64_t column_ns = time_ladder_at_least(random_time() >> 10);

    return time_grid_anchor(column_ns, random_time() >> 1, rand() % 200);
}

Test(time_grid, ladder_has_ten_steps_a_decade)
{
    static const int64_t expected[] = {
        1,  2,   4,   5,   8,   10,  16,  20,  25,  32,  40,  50,   64,
        80, 100, 125, 160, 200, 250, 320, 400, 500, 640, 800, 1000, 1250};
    int64_t step = 1;

    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        cr_expect(eq(i64, step, expected[i]));
        step = time_ladder_move(step, 1);
    }
    cr_expect(eq(i64, time_ladder_move(1, -1), 1));
}

Test(time_grid, moving_up_and_down_the_ladder_is_the_identity)
{
    for (int i = 0; i < 10000; i++) {
        int64_t step = time_ladder_at_least(random_time() >> 4);
        int count = rand() % 12;

        cr_expect(eq(i64, time_ladder_at_least(step), step));
        cr_expect(eq(i64,
                     time_ladder_move(time_ladder_move(step, count), -count),
                     step));
    }
}

Test(time_grid, origin_is_a_multiple_of_the_column)
{
    for (int i = 0; i < 10000; i++) {
        struct time_grid grid = random_grid();

        cr_expect(eq(i64, grid.origin_ns % grid.column_ns, 0));
    }
}

Test(time_grid, a_column_holds_its_own_times)
{
    for (int i = 0; i < 10000; i++) {
        struct time_grid grid = random_grid();
        int64_t time = random_time();
        int64_t column = time_grid_column(&grid, time);

        cr_expect(le(i64, time_grid_time(&grid, column), time));
        cr_expect(gt(i64, time_grid_time(&grid, column + 1), time));
    }
}

Test(time_grid, an_anchor_keeps_its_column)
{
    for (int i = 0; i < 10000; i++) {
        struct time_grid grid = random_grid();
        int64_t time = random_time() >> 2;
        int64_t column = rand() % 500;
        struct time_grid moved = time_grid_anchor(grid.column_ns, time, column);

        cr_expect(eq(i64, time_grid_column(&moved, time), column));
        cr_expect(eq(i64, moved.column_ns, grid.column_ns));
    }
}

Test(time_grid, zoom_in_and_out_at_a_time_is_the_identity)
{
    for (int i = 0; i < 10000; i++) {
        struct time_grid grid = random_grid();
        int64_t column = rand() % 200;
        int64_t time = time_grid_time(&grid, column);
        int64_t finer = time_ladder_move(grid.column_ns, -(rand() % 6));
        struct time_grid in = time_grid_anchor(finer, time, column);
        struct time_grid out =
            time_grid_anchor(grid.column_ns, time, time_grid_column(&in, time));

        cr_expect(eq(i64, out.origin_ns, grid.origin_ns));
    }
}

Test(time_grid, fit_shows_both_ends_with_the_smallest_step)
{
    for (int i = 0; i < 10000; i++) {
        int64_t start = random_time() >> 1;
        int64_t end = start + (random_time() >> 1);
        unsigned width = (unsigned)rand() % 500 + 1;
        struct time_grid grid = time_grid_fit(start, end, width);
        struct time_grid finer = {0};

        cr_expect(ge(i64, time_grid_column(&grid, start), 0));
        cr_expect(lt(i64, time_grid_column(&grid, end), width));
        if (grid.column_ns > 1) {
            finer = time_grid_anchor(time_ladder_move(grid.column_ns, -1),
                                     start, 0);
            cr_expect(ge(i64, time_grid_column(&finer, end), width));
        }
    }
}

Test(time_grid, the_longest_trace_does_not_overflow)
{
    for (unsigned width = 1; width <= 500; width++) {
        struct time_grid grid = time_grid_fit(0, TIME_MAX_NS, width);

        cr_expect(eq(i64, grid.origin_ns, 0));
        cr_expect(gt(i64, time_grid_time(&grid, width), TIME_MAX_NS));
    }
    cr_expect(eq(i64, time_limit(UINT64_MAX), TIME_MAX_NS));
}
