// SPDX-License-Identifier: Apache-2.0
/* What undo goes back to. */
#include "tui/app_parts.h"

#include <string.h>

#include "base/error.h"
#include "tui/timeline_view.h"

struct history_stage
app_stage(struct app *app)
{
    return (struct history_stage){&app->viewer, app->views};
}

/* A run of the same small step is one step of undo. */
static bool
continues_run(const struct app *app, enum action_id action)
{
    switch (action) {
    case ACTION_PAN_LEFT:
    case ACTION_PAN_RIGHT:
    case ACTION_LEFT:
    case ACTION_RIGHT:
    case ACTION_UP:
    case ACTION_DOWN:
    case ACTION_PREVIOUS:
    case ACTION_NEXT:
        return app->last_action == action && app->history.current > 0;
    default: /* all others are steps of their own */
        return false;
    }
}

void
app_remember(struct app *app, enum action_id action,
             struct history_view *before)
{
    struct history_stage stage = app_stage(app);

    if (!history_view_is_shown(before, &stage)) {
        if (!continues_run(app, action)) {
            history_push(&app->history, before);
        }
        app->last_action = action;
    }
}

/* A job changed a view. */
static bool
remember_past(struct app *app, struct error *err)
{
    struct viewer *viewer = &app->viewer;
    struct history_stage stage = app_stage(app);
    struct history_view before = {0};

    if (viewer->past == NULL) {
        return true;
    }
    if (!history_view_take(&before, &stage, viewer->past_view, err)) {
        return false;
    }
    view_at(before.id)->drop(before.copy);
    before.copy = viewer->past;
    viewer->past = NULL;
    history_push(&app->history, &before);
    app->last_action = ACTION_COUNT;
    return true;
}

/* Another view moved the cursor of the timeline. */
static bool
follow_cursor(struct app *app, struct error *err)
{
    bool has_follow = app->viewer.has_follow;

    app->viewer.has_follow = false;
    return !has_follow
           || timeline_view_follow(app->views[VIEW_TIMELINE],
                                   &app->viewer.follow, app->viewer.follow_ns,
                                   err);
}

bool
app_follow_jump(struct app *app, struct error *err)
{
    struct history_stage stage = app_stage(app);
    struct history_view before = {0};
    struct viewer_goal goal = app->viewer.goal;
    bool has_jump = app->viewer.has_jump;
    bool is_ok = remember_past(app, err) && follow_cursor(app, err);

    if (!is_ok || (!has_jump && goal.kind == GOAL_NONE)) {
        return is_ok;
    }
    app->viewer.has_jump = false;
    app->viewer.goal = (struct viewer_goal){.kind = GOAL_NONE};
    is_ok = history_view_take(&before, &stage, VIEW_TIMELINE, err)
            && (goal.kind == GOAL_NONE
                || timeline_view_go(app->views[VIEW_TIMELINE], &goal, err))
            && (!has_jump
                || timeline_view_jump(app->views[VIEW_TIMELINE],
                                      &app->viewer.jump, err));
    if (is_ok) {
        app_remember(app, ACTION_COUNT, &before);
    }
    history_view_release(&before);
    return is_ok;
}

bool
app_travel(struct app *app, enum action_id action, struct error *err)
{
    struct history_stage stage = app_stage(app);
    const struct history_view *next =
        history_next(&app->history, action == ACTION_REDO);
    struct error failure = {0};
    bool is_done;

    if (next != NULL && strcmp(next->filter, app->viewer.filter) != 0) {
        app->waiting = action;
        return app_ask_filter(app, next->filter, err);
    }
    is_done = action == ACTION_UNDO
                  ? history_undo(&app->history, &stage, &failure)
                  : history_redo(&app->history, &stage, &failure);

    app->last_action = action;
    if (!is_done && failure.code != ERROR_NONE) {
        *err = failure;
        return false;
    }
    if (!is_done) {
        viewer_say(&app->viewer, action == ACTION_UNDO
                                     ? "there is nothing to undo"
                                     : "there is nothing to redo");
    }
    return follow_cursor(app, err);
}

void
app_remember_mouse(struct app *app, const struct mouse_event *event,
                   struct history_view *before)
{
    struct history_stage stage = app_stage(app);
    bool is_drag = event->kind == MOUSE_DRAG || event->kind == MOUSE_RELEASE;
    bool is_run = is_drag || app->mouse_run == event->kind;

    if (event->kind == MOUSE_PRESS
        || (!is_drag && app->mouse_run != event->kind)) {
        app->has_mouse_step = false;
    }
    app->mouse_run = is_drag ? MOUSE_PRESS : event->kind;
    if (history_view_is_shown(before, &stage)) {
        return;
    }
    if (!is_run || !app->has_mouse_step) {
        history_push(&app->history, before);
    }
    app->has_mouse_step = true;
    app->last_action = ACTION_COUNT;
}
