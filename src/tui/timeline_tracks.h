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

/* Folding, pinning, hiding, the list of what is hidden, pages, the row in the
 * middle. *is_done is false when it is another action. */
bool timeline_tracks_run(struct timeline *timeline, enum action_id action,
                         bool *is_done, struct error *err);

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

/* Scroll by rows; the cursor only moves when it would be out of view. */
bool timeline_scroll(struct timeline *timeline, int64_t rows,
                     struct error *err);

#endif
