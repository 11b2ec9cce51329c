// SPDX-License-Identifier: Apache-2.0
/*
 * tui/chrome.h - what every view has around it: tabs, status line, function
 * key bar.
 */
#ifndef TUI_CHROME_H
#define TUI_CHROME_H

#include <stdbool.h>

#include "tui/theme.h"

struct pieces;
struct screen;
struct viewer;

enum { WIDE_SCREEN = 120 }; /* words and numbers are written out from here on */

/* Views, the name of the trace, how much there is in it, its notes. */
void chrome_draw_tabs(const struct viewer *viewer, struct screen *screen,
                      int row);

/* The tab at column x; false = there is none. */
bool chrome_tab_at(const struct viewer *viewer, unsigned width, unsigned x,
                   unsigned *view);

/* The message, or else the facts. */
void chrome_draw_status(const struct viewer *viewer, const struct pieces *facts,
                        struct screen *screen, int row);

/* The function keys of the view, from the action table. */
void chrome_draw_bar(const struct viewer *viewer, struct screen *screen,
                     int row);

/* The key at column x of the bar; KEY_NONE = there is none. */
unsigned chrome_bar_key_at(const struct viewer *viewer, unsigned width,
                           unsigned x);

/* Text in the middle of a row. */
void chrome_draw_centred(struct screen *screen, int row, const char *text,
                         enum theme_part part, const struct viewer *viewer);

/* What is shown when the screen is smaller than LAYOUT_MIN_*. */
void chrome_draw_too_small(const struct viewer *viewer, struct screen *screen);

#endif
