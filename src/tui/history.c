// SPDX-License-Identifier: Apache-2.0
/*
 *      views:   v0  v1  v2 | v3  v4
 *                          ^ current
 *
 * Undo shows v2 and puts the view that was shown in its place; redo does the
 * same with v3.
 */
#include "tui/history.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"

void
history_view_release(struct history_view *view)
{
    free(view->folds);
    *view = (struct history_view){0};
}

static void
forget_from(struct history *history, size_t first)
{
    for (size_t i = first; i < history->count; i++) {
        history_view_release(&history->views[i]);
    }
    history->count = first;
}

void
history_release(struct history *history)
{
    forget_from(history, 0);
    history->current = 0;
}

bool
history_view_take(struct history_view *view, const struct timeline *timeline,
                  struct error *err)
{
    uint8_t *folds = array_new(timeline->list.count, sizeof *folds, err);

    if (folds == NULL) {
        return false;
    }
    memcpy(folds, timeline->folds, timeline->list.count);
    *view = (struct history_view){.state = timeline->state, .folds = folds};
    return true;
}

static bool
is_same_window(const struct view_state *a, const struct view_state *b)
{
    return a->grid.origin_ns == b->grid.origin_ns
           && a->grid.column_ns == b->grid.column_ns && a->width == b->width
           && a->is_fit == b->is_fit;
}

static bool
is_same_cursor(const struct view_state *a, const struct view_state *b)
{
    return a->item == b->item && a->depth == b->depth
           && a->time_ns == b->time_ns && a->has_slice == b->has_slice
           && (!a->has_slice || a->slice.start_ns == b->slice.start_ns);
}

bool
history_view_is_shown(const struct history_view *view,
                      const struct timeline *timeline)
{
    const struct view_state *a = &view->state;
    const struct view_state *b = &timeline->state;

    return is_same_window(a, b) && is_same_cursor(a, b)
           && a->time_display == b->time_display && a->is_plain == b->is_plain
           && memcmp(view->folds, timeline->folds, timeline->list.count) == 0;
}

void
history_push(struct history *history, struct history_view *view)
{
    forget_from(history, history->current);
    if (history->count == HISTORY_MAX) {
        history_view_release(&history->views[0]);
        memmove(&history->views[0], &history->views[1],
                (HISTORY_MAX - 1) * sizeof history->views[0]);
        history->count--;
    }
    history->views[history->count++] = *view;
    history->current = history->count;
    *view = (struct history_view){0};
}

/* Show a view and keep the one that was shown in its place. */
static bool
swap_view(struct history_view *view, struct timeline *timeline,
          struct error *err)
{
    struct history_view shown;

    if (!history_view_take(&shown, timeline, err)) {
        return false;
    }
    timeline_restore(timeline, &view->state, view->folds);
    history_view_release(view);
    *view = shown;
    return true;
}

bool
history_undo(struct history *history, struct timeline *timeline,
             struct error *err)
{
    if (history->current == 0
        || !swap_view(&history->views[history->current - 1], timeline, err)) {
        return false;
    }
    history->current--;
    return true;
}

bool
history_redo(struct history *history, struct timeline *timeline,
             struct error *err)
{
    if (history->current == history->count
        || !swap_view(&history->views[history->current], timeline, err)) {
        return false;
    }
    history->current++;
    return true;
}
