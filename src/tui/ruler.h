// SPDX-License-Identifier: Apache-2.0
/*
 * tui/ruler.h - the time ruler above the tracks.
 *
 * Labels stand at steps of 1, 2 or 5 times a power of ten, at least 10 columns
 * apart. When the times are long, their common part stands in front of them
 * ("t0+1.2s") and the labels count from there ("+300ns"). A label that does
 * not fit is not drawn.
 */
#ifndef TUI_RULER_H
#define TUI_RULER_H

#include <stdint.h>

#include "tui/time_grid.h"
#include "tui/time_text.h"

struct screen;
struct theme;

struct ruler {
    struct time_grid grid;
    enum time_display display;
    int64_t cursor_ns;
    uint64_t start_realtime_ns; /* of time 0 */
    unsigned gutter;            /* columns in front of the first time column */
    unsigned width;             /* time columns */
};

/* The smallest step of 1, 2 or 5 times a power of ten that is that long. */
int64_t ruler_step(int64_t at_least_ns);

void ruler_draw(const struct ruler *ruler, const struct theme *theme,
                struct screen *screen, int y);

#endif
