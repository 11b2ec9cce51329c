// SPDX-License-Identifier: Apache-2.0
/*
 *      views:   v0  v1  v2 | v3  v4
 *                          ^ current
 *
 * Undo shows v2 and puts what that view showed in its place; redo does the
 * same with v3.
 */
#include "tui/history.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "model/trace_model.h"

void
history_view_release(struct history_view *view)
{
    if (view->copy != NULL) {
        view_at(view->id)->drop(view->copy);
    }
    free(view->scope.tracks);
    free(view->filter);
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

static bool
copy_scope(struct viewer_scope *copy, const struct viewer *viewer,
           struct error *err)
{
    size_t count = trace_model_track_count(viewer->model);

    *copy = viewer->scope;
    if (viewer->scope.tracks == NULL) {
        return true;
    }
    copy->tracks = array_new(count, sizeof *copy->tracks, err);
    if (copy->tracks == NULL) {
        return false;
    }
    memcpy(copy->tracks, viewer->scope.tracks, count);
    return true;
}

bool
history_view_take(struct history_view *view, const struct history_stage *stage,
                  enum view_id id, struct error *err)
{
    *view = (struct history_view){.id = id, .look = stage->viewer->look};
    view->copy = view_at(id)->take(stage->views[id], err);
    view->filter = strdup(stage->viewer->filter);
    if (view->copy != NULL && view->filter == NULL) {
        (void)error_set_no_memory(err);
    }
    if (view->copy == NULL || view->filter == NULL
        || !copy_scope(&view->scope, stage->viewer, err)) {
        history_view_release(view);
        return false;
    }
    return true;
}

static bool
is_same_scope(const struct viewer_scope *a, const struct viewer *viewer)
{
    const struct viewer_scope *b = &viewer->scope;

    return a->is_set == b->is_set && a->start_ns == b->start_ns
           && a->end_ns == b->end_ns
           && (a->tracks == NULL) == (b->tracks == NULL)
           && (a->tracks == NULL
               || memcmp(a->tracks, b->tracks,
                         trace_model_track_count(viewer->model))
                      == 0);
}

static bool
is_same_look(const struct viewer_look *a, const struct viewer_look *b)
{
    return a->colour_mode == b->colour_mode
           && a->time_display == b->time_display
           && tags_are_same(&a->tags, &b->tags);
}

bool
history_view_is_shown(const struct history_view *view,
                      const struct history_stage *stage)
{
    return strcmp(view->filter, stage->viewer->filter) == 0
           && is_same_scope(&view->scope, stage->viewer)
           && is_same_look(&view->look, &stage->viewer->look)
           && view_at(view->id)->is_shown(stage->views[view->id], view->copy);
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

const struct history_view *
history_next(const struct history *history, bool is_redo)
{
    if (is_redo) {
        return history->current < history->count
                   ? &history->views[history->current]
                   : NULL;
    }
    return history->current > 0 ? &history->views[history->current - 1] : NULL;
}

void
history_travel(struct history *history, const struct history_stage *stage,
               bool is_redo, struct history_view *shown)
{
    struct viewer *viewer = stage->viewer;
    struct history_view *view =
        &history->views[is_redo ? history->current : history->current - 1];

    if (!is_same_scope(&view->scope, viewer)) {
        free(viewer->scope.tracks);
        viewer->scope = view->scope;
        viewer->scope_number++;
        view->scope = (struct viewer_scope){0};
    }
    viewer->look = view->look;
    view_at(view->id)->restore(stage->views[view->id], view->copy);
    viewer->active = view->id;
    history_view_release(view);
    *view = *shown;
    *shown = (struct history_view){0};
    if (is_redo) {
        history->current++;
    } else {
        history->current--;
    }
}

static void
forget_before(struct history *history, size_t first)
{
    for (size_t i = 0; i < first; i++) {
        history_view_release(&history->views[i]);
    }
    memmove(&history->views[0], &history->views[first],
            (history->count - first) * sizeof history->views[0]);
    history->count -= first;
    history->current -= first;
}

/* Forget what is of a filter, on both sides of what is shown, and what is too
 * far away. */
static void
forget_far(struct history *history)
{
    size_t first = history->current;
    size_t end = history->current;

    while (first > 0 && history->current - first < HISTORY_CARRIED
           && history->views[first - 1].filter[0] == '\0') {
        first--;
    }
    while (end < history->count && end - history->current < HISTORY_CARRIED
           && history->views[end].filter[0] == '\0') {
        end++;
    }
    forget_from(history, end);
    forget_before(history, first);
}

static bool
carry_copies(struct history *history, const struct history_stage *stage,
             enum view_id id, const struct trace_model *from, struct error *err)
{
    void *copies[2 * HISTORY_CARRIED];
    size_t count = 0;

    for (size_t i = 0; i < history->count; i++) {
        if (history->views[i].id == id) {
            copies[count++] = history->views[i].copy;
        }
    }
    return count == 0 || view_at(id)->carry == NULL
           || view_at(id)->carry(stage->views[id], copies, count, from, err);
}

bool
history_carry(struct history *history, const struct history_stage *stage,
              const struct trace_model *from, struct error *err)
{
    struct viewer *viewer = stage->viewer;

    forget_far(history);
    for (size_t i = 0; i < history->count; i++) {
        struct history_view *view = &history->views[i];

        if (!viewer_scope_carry(&view->scope, from, viewer->model,
                                viewer->shift_ns, err)) {
            return false;
        }
        tags_carry(&view->look.tags, from, viewer->model);
    }
    for (int id = 0; id < VIEW_COUNT; id++) {
        if (!carry_copies(history, stage, (enum view_id)id, from, err)) {
            return false;
        }
    }
    return true;
}

static bool
travel(struct history *history, const struct history_stage *stage, bool is_redo,
       struct error *err)
{
    const struct history_view *next = history_next(history, is_redo);
    struct history_view shown;

    if (next == NULL || !history_view_take(&shown, stage, next->id, err)) {
        return false;
    }
    history_travel(history, stage, is_redo, &shown);
    return true;
}

bool
history_undo(struct history *history, const struct history_stage *stage,
             struct error *err)
{
    return travel(history, stage, false, err);
}

bool
history_redo(struct history *history, const struct history_stage *stage,
             struct error *err)
{
    return travel(history, stage, true, err);
}
