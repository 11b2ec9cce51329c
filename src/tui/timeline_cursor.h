// SPDX-License-Identifier: Apache-2.0
/*
 * tui/timeline_cursor.h - moving the cursor of the timeline.
 *
 * The cursor is an item, a level, a time and the slice that is there, not a
 * place on the screen: it survives zoom, fold and resize. Each function leaves
 * the cursor where it was when there is nothing to go to, and says so.
 */
#ifndef TUI_TIMELINE_CURSOR_H
#define TUI_TIMELINE_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;
struct slice;
struct timeline;

/* Select the slice at the cursor's item, level and time, if there is one. */
bool timeline_select_here(struct timeline *timeline, struct error *err);

/* Select a slice of the cursor's item; time_ns is a time within it. */
void timeline_select(struct timeline *timeline, const struct slice *slice,
                     int64_t time_ns);

/* Go to an item, or to a row of the plan, and stay at the same time; in a row
 * to the deepest call there that the row or one above it shows. */
bool timeline_go_to_item(struct timeline *timeline, size_t item,
                         struct error *err);
bool timeline_go_to_row(struct timeline *timeline, size_t row,
                        struct error *err);

/* Select what a column of the cursor's row shows, if that is a slice. */
bool timeline_select_column(struct timeline *timeline, int64_t column,
                            struct error *err);

bool timeline_move_left(struct timeline *timeline, struct error *err);
bool timeline_move_right(struct timeline *timeline, struct error *err);
bool timeline_move_up(struct timeline *timeline, struct error *err);
bool timeline_move_down(struct timeline *timeline, struct error *err);
bool timeline_move_previous(struct timeline *timeline, struct error *err);
bool timeline_move_next(struct timeline *timeline, struct error *err);
bool timeline_move_previous_track(struct timeline *timeline, struct error *err);
bool timeline_move_next_track(struct timeline *timeline, struct error *err);
bool timeline_move_first_item(struct timeline *timeline, struct error *err);
bool timeline_move_last_item(struct timeline *timeline, struct error *err);
bool timeline_move_other_end(struct timeline *timeline, struct error *err);
bool timeline_move_to_start(struct timeline *timeline, struct error *err);
bool timeline_move_to_end(struct timeline *timeline, struct error *err);

#endif
