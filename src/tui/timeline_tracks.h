// SPDX-License-Identifier: Apache-2.0
/*
 * tui/timeline_tracks.h - which tracks are shown, and how: folded, pinned,
 * hidden; and going through them by pages.
 */
#ifndef TUI_TIMELINE_TRACKS_H
#define TUI_TIMELINE_TRACKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tui/action.h"

struct error;
struct timeline;

/* The track or process that the cursor is on: ACTION_FOLD, _OPEN, _CLOSE. */
void timeline_fold_here(struct timeline *timeline, enum action_id action);

/* Every track; unfolding is for processes, too. */
void timeline_fold_all(struct timeline *timeline, bool is_folded);

/* Pin the cursor's track, or no more. */
void timeline_pin(struct timeline *timeline);

/* Show only what is pinned, or all again. */
void timeline_toggle_pinned_only(struct timeline *timeline);

void timeline_hide(struct timeline *timeline);

/* Open the list of what is hidden; or, with a choice of it in viewer->choice,
 * show that again and go there. */
bool timeline_run_hidden(struct timeline *timeline, struct error *err);

/* Tracks, counters and rows of instants that are hidden, alone or with their
 * process. */
size_t timeline_hidden_count(const struct timeline *timeline);

/* Let an item have a row again; says so when it had none. */
void timeline_reveal(struct timeline *timeline, size_t item);

/* When the cursor's item has no row any more: go to the next one that has. */
bool timeline_leave_hidden_item(struct timeline *timeline, struct error *err);

/* Scroll by rows, up when below 0, and take the cursor along. */
bool timeline_move_rows(struct timeline *timeline, int64_t rows,
                        struct error *err);

/* Scroll so that the cursor's row is in the middle. */
void timeline_centre_row(struct timeline *timeline);

#endif
