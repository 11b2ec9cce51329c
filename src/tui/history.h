// SPDX-License-Identifier: Apache-2.0
/*
 * tui/history.h - views that undo and redo go back to.
 */
#ifndef TUI_HISTORY_H
#define TUI_HISTORY_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/viewer.h"

struct error;
struct trace_model;

enum { HISTORY_MAX = 256 }; /* older views are forgotten */

/* What one view showed, and what it covered. */
struct history_view {
    enum view_id id;
    void *copy; /* of the view, see view_class.take */
    struct viewer_scope scope;
    struct viewer_look look;
    char *filter; /* that was set, see viewer.filter; owned */
};

/* {0} is an empty history. */
struct history {
    struct history_view views[HISTORY_MAX];
    size_t count;   /* views that are kept */
    size_t current; /* how many of them undo can go back to */
};

/* The viewer and its open views, one of each class. */
struct history_stage {
    struct viewer *viewer;
    void *const *views;
};

void history_release(struct history *history);

/* viewer->model is to take the place of from: let what is kept mean there what
 * it means, as far as no filter is set; older views, and all but the latest
 * HISTORY_CARRIED that undo goes back to, are forgotten. */
enum { HISTORY_CARRIED = 64 };
bool history_carry(struct history *history, const struct history_stage *stage,
                   const struct trace_model *from, struct error *err);

/* A copy of what a view shows now. The caller owns it. */
bool history_view_take(struct history_view *view,
                       const struct history_stage *stage, enum view_id id,
                       struct error *err);
void history_view_release(struct history_view *view);

/* Whether that is what would be taken now. */
bool history_view_is_shown(const struct history_view *view,
                           const struct history_stage *stage);

/* Remember a view as the one before the one that is shown; what was undone
 * before is forgotten. The history takes the view. */
void history_push(struct history *history, struct history_view *view);

/* The view that undo or redo would show; NULL = there is none. */
const struct history_view *history_next(const struct history *history,
                                        bool is_redo);

/* Show that view, now that its filter is set, and put *shown in its place,
 * which the history takes. */
void history_travel(struct history *history, const struct history_stage *stage,
                    bool is_redo, struct history_view *shown);

/* Go back, or forth again, also to another view, which must be of the filter
 * that is set: a copy of a view belongs to what that leaves of the trace.
 * False when there is nothing there, or no memory (then *err is set). */
bool history_undo(struct history *history, const struct history_stage *stage,
                  struct error *err);
bool history_redo(struct history *history, const struct history_stage *stage,
                  struct error *err);

#endif
