// SPDX-License-Identifier: Apache-2.0
#include "tui/time_grid.h"

/* The ladder from 100 ns on; below it, steps that are no whole number are
 * left out. */
static const int64_t steps_from_100[] = {100, 125, 160, 200, 250,
                                         320, 400, 500, 640, 800};
static const int64_t steps_below_100[] = {1,  2,  4,  5,  8,  10, 16,
                                          20, 25, 32, 40, 50, 64, 80};

enum {
    STEPS_A_DECADE = 10,
    STEPS_BELOW = sizeof steps_below_100 / sizeof steps_below_100[0],
    STEP_COUNT = STEPS_BELOW + STEPS_A_DECADE * 17, /* up to 8 * 10^18 */
};

static int64_t
ladder_at(int index)
{
    int64_t power = 1;

    if (index < STEPS_BELOW) {
        return steps_below_100[index];
    }
    index -= STEPS_BELOW;
    for (int i = 0; i < index / STEPS_A_DECADE; i++) {
        power *= 10;
    }
    return steps_from_100[index % STEPS_A_DECADE] * power;
}

static int
ladder_index(int64_t column_ns)
{
    int low = 0;
    int high = STEP_COUNT - 1;

    while (low < high) {
        int middle = (low + high) / 2;

        if (ladder_at(middle) >= column_ns) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

static int64_t
floor_divide(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

int64_t
time_limit(uint64_t time_ns)
{
    return time_ns > (uint64_t)TIME_MAX_NS ? TIME_MAX_NS : (int64_t)time_ns;
}

int64_t
time_ladder_at_least(int64_t column_ns)
{
    return ladder_at(ladder_index(column_ns));
}

int64_t
time_ladder_move(int64_t column_ns, int steps)
{
    int index = ladder_index(column_ns) + steps;

    return ladder_at(index < 0             ? 0
                     : index >= STEP_COUNT ? STEP_COUNT - 1
                                           : index);
}

struct time_grid
time_grid_fit(int64_t start_ns, int64_t end_ns, unsigned width)
{
    int64_t columns = width == 0 ? 1 : (int64_t)width;
    int index = ladder_index((end_ns - start_ns) / columns);
    struct time_grid grid;

    do {
        grid.column_ns = ladder_at(index++);
        grid.origin_ns =
            floor_divide(start_ns, grid.column_ns) * grid.column_ns;
    } while (index < STEP_COUNT && time_grid_column(&grid, end_ns) >= columns);
    return grid;
}

int64_t
time_grid_column(const struct time_grid *grid, int64_t time_ns)
{
    return floor_divide(time_ns - grid->origin_ns, grid->column_ns);
}

int64_t
time_grid_time(const struct time_grid *grid, int64_t column)
{
    return grid->origin_ns + column * grid->column_ns;
}

struct time_grid
time_grid_anchor(int64_t column_ns, int64_t time_ns, int64_t column)
{
    return (struct time_grid){
        .origin_ns = (floor_divide(time_ns, column_ns) - column) * column_ns,
        .column_ns = column_ns,
    };
}
