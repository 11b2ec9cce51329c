// SPDX-License-Identifier: Apache-2.0
/*
 * tui/time_grid.h - which time each column of the screen stands for.
 *
 * Column c covers [origin_ns + c * column_ns, + column_ns). column_ns is a
 * step of the ladder (1, 1.25, 1.6, 2, 2.5, 3.2, 4, 5, 6.4, 8) * 10^k that is
 * a whole number, and origin_ns a multiple of it: so a pan shifts what is on
 * screen by whole columns and never re-samples it.
 *
 * Times are limited to TIME_MAX_NS (36 years), so that nothing here overflows.
 */
#ifndef TUI_TIME_GRID_H
#define TUI_TIME_GRID_H

#include <stdint.h>

#define TIME_MAX_NS ((int64_t)1 << 60)

struct time_grid {
    int64_t origin_ns;
    int64_t column_ns;
};

/* A time of the model, cut at TIME_MAX_NS. */
int64_t time_limit(uint64_t time_ns);

/* The smallest step that is at least that long. */
int64_t time_ladder_at_least(int64_t column_ns);

/* The step that many steps above (or below) a step; stays on the ladder. */
int64_t time_ladder_move(int64_t column_ns, int steps);

/* The grid that shows [start_ns, end_ns] in width columns, the end included,
 * with the smallest step. */
struct time_grid time_grid_fit(int64_t start_ns, int64_t end_ns,
                               unsigned width);

/* The column that a time falls in; negative left of the origin. */
int64_t time_grid_column(const struct time_grid *grid, int64_t time_ns);

/* The first nanosecond of a column. */
int64_t time_grid_time(const struct time_grid *grid, int64_t column);

/* The grid of another step in which time_ns falls in the given column. */
struct time_grid time_grid_anchor(int64_t column_ns, int64_t time_ns,
                                  int64_t column);

#endif
