// SPDX-License-Identifier: Apache-2.0
/*
 * tui/layout.h - which rows and columns of a screen show what.
 *
 * What a small screen has no room for goes in this order: function key bar,
 * overview, all of the details but one row, gutter, tabs. Ruler, tracks and
 * status line are always there.
 */
#ifndef TUI_LAYOUT_H
#define TUI_LAYOUT_H

#include <stdbool.h>

enum {
    LAYOUT_MIN_WIDTH = 20,
    LAYOUT_MIN_HEIGHT = 5,
    LAYOUT_NONE = -1, /* as a row: is not shown */
};

struct layout {
    unsigned width;
    unsigned height;
    bool is_too_small; /* then nothing below counts */
    int tabs_row;
    int overview_row;
    int ruler_row;
    int status_row;
    int bar_row;
    int tracks_row; /* the first one */
    unsigned track_height;
    unsigned gutter; /* columns of names in front of the tracks; may be 0 */
    unsigned track_width;
    int details_row; /* the first one; LAYOUT_NONE unless asked for */
    unsigned details_height;
};

struct layout layout_of(unsigned width, unsigned height);

/* The same with the details below the tracks: half of their rows or less, one
 * row when that would be too few. */
struct layout layout_with_details(unsigned width, unsigned height);

#endif
