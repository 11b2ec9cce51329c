// SPDX-License-Identifier: Apache-2.0
/*
 * tui/timeline_window.h - which part of the time axis is shown.
 *
 * The middle of the screen always stays within the trace, so that one cannot
 * get lost in the void.
 */
#ifndef TUI_TIMELINE_WINDOW_H
#define TUI_TIMELINE_WINDOW_H

#include <stdbool.h>
#include <stdint.h>

#include "tui/time_grid.h"

struct timeline;

/* What was shown. {0} is none. */
struct left_window {
    bool is_set;
    int64_t start_ns;
    int64_t end_ns;
};

/* Show a grid, as far as the middle may go. */
void timeline_show(struct timeline *timeline, struct time_grid grid);

/* Bring a time into view if it is not, a tenth of the width from the edge. */
void timeline_follow(struct timeline *timeline, int64_t time_ns);

/* Whether a time is on screen. */
bool timeline_is_in_view(const struct timeline *timeline, int64_t time_ns);

/* The window was this one. When nothing of it is shown any more, and it is no
 * neighbour of what is, that was a jump, and the overview tells where from. */
void timeline_note_jump(struct timeline *timeline,
                        const struct time_grid *before);

/* Zoom by steps of the ladder (below 0 is in), at the cursor when it is in
 * view, else at the middle. */
void timeline_zoom(struct timeline *timeline, int steps);

/* The same at a column. */
void timeline_zoom_at(struct timeline *timeline, int steps, int64_t column);

void timeline_pan(struct timeline *timeline, int64_t columns);
void timeline_fit(struct timeline *timeline);

/* Fit the slice that is selected into the width; says so when there is none. */
void timeline_fit_selection(struct timeline *timeline);

/* Centre the selection, then fit it, then go back. */
void timeline_focus(struct timeline *timeline);

#endif
