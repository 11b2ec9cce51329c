// SPDX-License-Identifier: Apache-2.0
/*
 * tui/text_line.h - a line of any text on the screen, scrolled sideways.
 *
 * A tab goes to the next of every eight columns; what must not reach a
 * terminal stands as "\x1b", as everywhere. A wide character of which one half
 * is scrolled away is blank. Of a long line, no more is looked at than what is
 * shown and what lies left of it.
 */
#ifndef TUI_TEXT_LINE_H
#define TUI_TEXT_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/screen.h"

/* Bytes [start, end) of the line look different; spans do not overlap. */
struct text_span_style {
    size_t start;
    size_t end;
    struct screen_style style;
};

struct text_line {
    const char *bytes;
    size_t size;
    unsigned left;                       /* columns that are scrolled away */
    const struct text_span_style *spans; /* by start */
    size_t span_count;
    struct screen_style style; /* of the rest */
};

/* Draw what fits into width columns. True when the line goes on behind them. */
bool text_line_draw(const struct text_line *line, struct screen *screen, int x,
                    int y, unsigned width);

#endif
