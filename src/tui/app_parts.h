// SPDX-License-Identifier: Apache-2.0
/*
 * tui/app_parts.h - the viewer's state, for the files that it is made of.
 */
#ifndef TUI_APP_PARTS_H
#define TUI_APP_PARTS_H

#include <stdbool.h>
#include <stdint.h>

#include "tui/action.h"
#include "tui/app.h"
#include "tui/history.h"
#include "tui/mouse.h"
#include "tui/view.h"
#include "tui/viewer.h"

#define NS_PER_MS UINT64_C(1000000)

enum { APP_AHEAD_MAX = 64 };

struct app {
    struct viewer viewer;
    void *views[VIEW_COUNT];
    struct screen *screen;
    struct history history;
    bool is_live;
    unsigned prefix; /* a key that waits for a second one */
    bool has_prefix_hint;
    uint64_t prefix_ns;         /* when it was pressed */
    enum action_id last_action; /* ACTION_COUNT = none */
    enum action_id waiting; /* ACTION_UNDO or _REDO, for its filter to be set;
                               ACTION_COUNT = none */
    uint64_t last_interrupt_ns;
    unsigned ahead[APP_AHEAD_MAX]; /* keys, typed before the view has rows */
    size_t ahead_count;
    unsigned pressed; /* the key whose action is carried out; KEY_NONE = none */
    bool has_quit;    /* a key did that was typed ahead */
    enum mouse_kind mouse_run; /* of the last event, a press for a drag */
    bool has_mouse_step;       /* and whether that run is in the history */
};

/* app.c */

/* Another model is about to be shown: stop and close what uses this one. */
void app_leave_model(struct app *app);

/* The viewer has another model: all views keep their places as far as they are
 * there. */
bool app_reload_views(struct app *app, struct error *err);

/* app_undo.c */

struct history_stage app_stage(struct app *app);

/* Take the view that was shown into the history, when it has changed. */
void app_remember(struct app *app, enum action_id action,
                  struct history_view *before);

/* All from a press to its release is one step of undo; so is a run of the same
 * turn of the wheel. */
void app_remember_mouse(struct app *app, const struct mouse_event *event,
                        struct history_view *before);

/* What a view asked for that is the timeline's to do. */
bool app_follow_jump(struct app *app, struct error *err);

/* ACTION_UNDO or ACTION_REDO. */
bool app_travel(struct app *app, enum action_id action, struct error *err);

/* app_ahead.c */

/* Keep a key while others are kept. False = it is to be pressed. */
bool app_keep_behind_others(struct app *app, unsigned key);

/* Keep the key of an action when the view waits for what it is about. */
bool app_keep_for_rows(struct app *app, enum action_id action, bool *is_kept,
                       struct error *err);

/* Press what was kept, as far as that is possible now. */
bool app_catch_up(struct app *app, struct error *err);

/* app_filter.c */

/* Ask the host for what a filter leaves. */
bool app_ask_filter(struct app *app, const char *filter, struct error *err);

/* app_keys.c */

/* *has_quit is set by an action that quits. */
bool app_act(struct app *app, enum action_id action, bool *has_quit,
             struct error *err);

/* What an overlay asked for; is_done = it is to be closed. */
bool app_after_overlay(struct app *app, bool is_done, bool *has_quit,
                       struct error *err);

/* The keys that may follow are to be shown, but not yet. */
bool app_waits_for_hint(const struct app *app);

#endif
