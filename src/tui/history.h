// SPDX-License-Identifier: Apache-2.0
/*
 * tui/history.h - views that undo and redo go back to.
 */
#ifndef TUI_HISTORY_H
#define TUI_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tui/timeline.h"

struct error;

enum { HISTORY_MAX = 256 }; /* older views are forgotten */

/* {0} is an empty history. */
struct history {
    struct history_view {
        struct view_state state;
        uint8_t *folds; /* one per item of the timeline */
    } views[HISTORY_MAX];
    size_t count;   /* views that are kept */
    size_t current; /* how many of them undo can go back to */
};

void history_release(struct history *history);

/* A copy of what the timeline shows now. The caller owns it. */
bool history_view_take(struct history_view *view,
                       const struct timeline *timeline, struct error *err);
void history_view_release(struct history_view *view);

/* Whether the timeline still shows that. */
bool history_view_is_shown(const struct history_view *view,
                           const struct timeline *timeline);

/* Remember a view as the one before the one that is shown; what was undone
 * before is forgotten. The history takes the view. */
void history_push(struct history *history, struct history_view *view);

/* Go back, or forth again. False when there is nothing there, or no memory
 * (then *err is set). */
bool history_undo(struct history *history, struct timeline *timeline,
                  struct error *err);
bool history_redo(struct history *history, struct timeline *timeline,
                  struct error *err);

#endif
