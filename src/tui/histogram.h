// SPDX-License-Identifier: Apache-2.0
/*
 * tui/histogram.h - how long all calls of a function took, by the logarithm of
 * their duration, in one row.
 */
#ifndef TUI_HISTOGRAM_H
#define TUI_HISTOGRAM_H

#include <stdbool.h>
#include <stdint.h>

struct call_rank;
struct screen;
struct theme;

/* Where it is: from x on, the columns of bars at most width. */
struct histogram_place {
    int x;
    int y;
    unsigned width;
};

/* "0.4 ms ▁▃█▂▁▲ 14 ms  log time"; the mark is at here_ns when has_here is set
 * and any call takes about as long. There is at least one call. Returns the
 * column behind it. */
int histogram_draw(const struct call_rank *calls, bool has_here,
                   uint64_t here_ns, const struct theme *theme,
                   struct screen *screen, const struct histogram_place *place);

/* The same, and exact percentiles up to the right edge of the screen, as many
 * as there is room for. Without calls nothing is drawn. */
void histogram_draw_row(const struct call_rank *calls, bool has_here,
                        uint64_t here_ns, const struct theme *theme,
                        struct screen *screen,
                        const struct histogram_place *place);

#endif
