// SPDX-License-Identifier: Apache-2.0
/*
 * tui/timeline_mouse.h - the mouse on the timeline.
 *
 * The place decides what it does: over slices the wheel zooms and dragging
 * makes an area, over names the wheel scrolls, on the ruler and the overview
 * dragging zooms; the right button pans, or opens a menu of commands.
 */
#ifndef TUI_TIMELINE_MOUSE_H
#define TUI_TIMELINE_MOUSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tui/mouse.h"
#include "tui/time_grid.h"

struct error;
struct screen;
struct timeline;

enum drag_kind {
    DRAG_NONE,
    DRAG_AREA,      /* a new one, from where the button was pressed */
    DRAG_AREA_EDGE, /* its second time moves */
    DRAG_RANGE,     /* of the ruler or the overview, to zoom to */
    DRAG_WINDOW,    /* in the overview */
    DRAG_PAN,       /* in both directions */
};

/* What the button that is held does. {0} is none. */
struct timeline_drag {
    enum drag_kind kind;
    enum mouse_button button;
    bool has_moved;
    unsigned start_x;
    unsigned start_y;
    unsigned x; /* of the last event */
    unsigned y;
    size_t item;             /* where it was pressed */
    struct time_grid axis;   /* what its columns mean */
    struct time_grid window; /* what was shown when it was pressed */

    uint64_t click_ns; /* of the last click on a slice; 0 = none, or no clock */
};

bool timeline_mouse(struct timeline *timeline, const struct mouse_event *event,
                    struct error *err);

/* The range that is being dragged, on the ruler or the overview. */
void timeline_draw_drag(const struct timeline *timeline, struct screen *screen);

#endif
