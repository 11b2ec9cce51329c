// SPDX-License-Identifier: Apache-2.0
/*
 * tui/timeline_saved.h - the timeline's part of what is kept of a view, as
 * lines of text:
 *
 *     window 1000 250              where it begins, and a column, in ns
 *     cursor 1200 3 4711 1 815     time, level; section, kind and key of a row
 *     flags 1 4711 1 815           folded, pinned, hidden, half height
 *     row 4711 1 815               all rows in their order, when that is
 *                                  another one
 *     pinned-only
 */
#ifndef TUI_TIMELINE_SAVED_H
#define TUI_TIMELINE_SAVED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tui/time_grid.h"

struct buffer;
struct error;
struct timeline;

/* Append where the cursor is, and what else is not as it is at first. */
void timeline_saved_append(const struct timeline *timeline, struct buffer *out);

/* What was read so far; {0} at the beginning. */
struct timeline_saved {
    uint32_t *rows; /* owned; items in their order */
    size_t row_count;
    bool has_window;
    struct time_grid window;
};

/* Take one line. False when it is none, or of a row that is not there. */
bool timeline_saved_take(struct timeline_saved *saved,
                         struct timeline *timeline, const char *line);

/* Show what was taken. */
bool timeline_saved_show(struct timeline_saved *saved,
                         struct timeline *timeline, struct error *err);
void timeline_saved_release(struct timeline_saved *saved);

#endif
