// SPDX-License-Identifier: Apache-2.0
/* tui/scroll.h - a window over lines that are only read. */
#ifndef TUI_SCROLL_H
#define TUI_SCROLL_H

#include <stdbool.h>
#include <stddef.h>

struct mouse_event;
struct theme;

/* {0} begins at the top. */
struct scroll {
    size_t top;   /* the first line that is shown */
    size_t rows;  /* lines that the last frame had room for */
    size_t count; /* lines there are */
};

/* Before drawing: how many lines there are and fit; keeps top within. */
void scroll_fit(struct scroll *scroll, size_t count, size_t rows);

/* Arrows, j k g G, pages, Home, End, Space. False = another key. */
bool scroll_key(struct scroll *scroll, unsigned key);

/* The wheel. */
void scroll_mouse(struct scroll *scroll, const struct mouse_event *event);

/* "12 - 30 of 64 v", for a border; "" when all is shown. Returns text. */
const char *scroll_text(const struct scroll *scroll, const struct theme *theme,
                        char *text, size_t size);

#endif
