// SPDX-License-Identifier: Apache-2.0
/*
 * tui/box.h - a frame over a view, for overlays.
 *
 * It leaves the tabs, the status line and the function keys free on a screen
 * that is high enough; a small screen is all box, a tiny one has no border.
 */
#ifndef TUI_BOX_H
#define TUI_BOX_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/screen.h"

struct mouse_event;
struct theme;

struct box {
    int x; /* of the border, if there is one */
    int y;
    unsigned width;
    unsigned height;
    bool has_border;
    int inner_x; /* what is inside, a blank from the border */
    int inner_y;
    unsigned inner_width;
    unsigned inner_height;
};

/* In the middle of a screen, of the size that is wanted as far as it fits. */
struct box box_place(const struct screen *screen, unsigned wanted_width,
                     unsigned wanted_height);

/* Blanks, the border, and in it a title at the top left and a text at the
 * bottom right. */
void box_draw(const struct box *box, const struct theme *theme,
              struct screen *screen, const char *title, const char *bottom);

/* A line from border to border at a row of the inside. */
void box_draw_line(const struct box *box, const struct theme *theme,
                   struct screen *screen, unsigned row);

/* Text at a row of the inside; cut with an ellipsis. */
void box_text(const struct box *box, const struct theme *theme,
              struct screen *screen, unsigned row, const char *text,
              struct screen_style style);

/* Whether a button was pressed outside. */
bool box_is_left(const struct box *box, const struct mouse_event *event);

#endif
