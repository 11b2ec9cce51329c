// SPDX-License-Identifier: Apache-2.0
/* What keys do. */
#include "tui/app_parts.h"

#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "tui/command_line.h"
#include "tui/key.h"
#include "tui/key_hint.h"
#include "tui/options_menu.h"
#include "tui/overlay.h"
#include "tui/view.h"
#include "tui/viewer_actions.h"
#include "tui/yank.h"

enum {
    PREFIX_HINT_MS = 300, /* then the keys that may follow are shown */
    QUIT_AGAIN_MS = 1000, /* between two interrupts that quit */
};

static void
leave_scope(struct viewer *viewer)
{
    if (viewer->scope.is_set) {
        viewer_clear_scope(viewer);
        viewer_say(viewer, "all views cover the whole trace again");
    }
}

/* Back to the trace as it was: from the scope, then from the filter. */
static bool
leave_limits(struct app *app, struct error *err)
{
    if (!app->viewer.scope.is_set && app->viewer.filter[0] != '\0') {
        return app_ask_filter(app, "", err);
    }
    leave_scope(&app->viewer);
    return true;
}

static bool
run_on_view(struct app *app, enum action_id action, bool *is_done,
            struct error *err)
{
    enum view_id id = app->viewer.active;
    struct history_stage stage = app_stage(app);
    struct history_view before = {0};
    bool is_kept;
    bool is_ok;

    *is_done = true;
    if (!app_keep_for_rows(app, action, &is_kept, err) || is_kept) {
        return is_kept;
    }
    is_ok = history_view_take(&before, &stage, id, err)
            && view_at(id)->command(app->views[id], action, is_done, err);
    if (is_ok && action == ACTION_CANCEL && !*is_done) {
        is_ok = leave_limits(app, err);
    }
    if (is_ok) {
        app_remember(app, action, &before);
    }
    history_view_release(&before);
    return is_ok && app_follow_jump(app, err);
}

static bool
ask_host(struct app *app, enum app_request_kind kind, struct error *err)
{
    return viewer_request(&app->viewer, kind, NULL, 0, err);
}

/* Stop what goes on; when nothing does, a second time quits. */
static bool
interrupt(struct app *app, bool *has_quit, struct error *err)
{
    uint64_t now_ns = app->viewer.now_ns;
    bool is_again =
        app->last_action == ACTION_INTERRUPT
        && now_ns - app->last_interrupt_ns <= QUIT_AGAIN_MS * NS_PER_MS;

    if (app->viewer.activity != NULL && !is_again) {
        viewer_say(&app->viewer, "stopping");
        app->last_action = ACTION_INTERRUPT;
        app->last_interrupt_ns = now_ns;
        return ask_host(app, APP_REQUEST_STOP, err);
    }
    if (jobs_cancel_all(app->viewer.jobs)) {
        search_give_up(&app->viewer);
        viewer_say(&app->viewer, "stopped");
    } else if (is_again) {
        *has_quit = true;
    } else {
        viewer_say(&app->viewer, "nothing to stop; again to quit");
    }
    app->last_action = ACTION_INTERRUPT;
    app->last_interrupt_ns = now_ns;
    return true;
}

/* Back by one level: what the view has open, then what is searched for. */
static bool
cancel(struct app *app, struct error *err)
{
    bool is_done;

    if (!run_on_view(app, ACTION_CANCEL, &is_done, err)) {
        return false;
    }
    if (!is_done) {
        search_clear(&app->viewer.search);
    }
    return true;
}

static bool
close_pane(struct app *app, bool *has_quit, struct error *err)
{
    bool is_done;

    if (!run_on_view(app, ACTION_CLOSE, &is_done, err)) {
        return false;
    }
    *has_quit = !is_done;
    return true;
}

/* Another way of showing the same, in all views. */
static bool
change_look(struct app *app, enum action_id action, struct error *err)
{
    struct viewer *viewer = &app->viewer;
    struct history_stage stage = app_stage(app);
    struct history_view before = {0};

    if (!history_view_take(&before, &stage, viewer->active, err)) {
        return false;
    }
    if (action != ACTION_TIME_DISPLAY) {
        viewer->look.colour_mode =
            viewer->choice < COLOUR_MODE_COUNT
                ? (enum colour_mode)viewer->choice
                : colour_mode_next(viewer->look.colour_mode,
                                   viewer->compare != NULL);
        viewer_say(viewer, "colours are by %s",
                   colour_mode_name(viewer->look.colour_mode));
    } else {
        viewer->look.time_display =
            (viewer->look.time_display + 1) % TIME_DISPLAY_COUNT;
        viewer_say(viewer, "times are %s",
                   time_display_name(viewer->look.time_display));
    }
    app_remember(app, action, &before);
    history_view_release(&before);
    return true;
}

static bool
toggle_mouse(struct app *app, struct error *err)
{
    bool is_off = !app->viewer.is_mouse_off;

    app->viewer.is_mouse_off = is_off;
    viewer_say(&app->viewer, is_off ? "the mouse is the terminal's now"
                                    : "the mouse is the viewer's now");
    return ask_host(app, is_off ? APP_REQUEST_MOUSE_OFF : APP_REQUEST_MOUSE_ON,
                    err);
}

/* Show a view, at what the one before has its cursor on. */
static bool
show_view(struct app *app, enum view_id id, struct error *err)
{
    enum view_id from = app->viewer.active;
    struct viewer_subject subject = {0};

    app->viewer.active = id;
    if (from == id || view_at(id)->enter == NULL) {
        return true;
    }
    if (view_at(from)->subject != NULL) {
        view_at(from)->subject(app->views[from], &subject);
    }
    return view_at(id)->enter(app->views[id], &subject, err)
           && app_follow_jump(app, err);
}

/* What the cursor is on to the clipboard, or to a command. */
static bool
yank(struct app *app, enum action_id action, struct error *err)
{
    struct viewer *viewer = &app->viewer;
    bool is_pipe = action == ACTION_PIPE;
    struct buffer text = {0};
    bool is_ok =
        yank_append(&text, viewer, viewer->active, app->views[viewer->active],
                    action != ACTION_YANK, err);

    if (is_ok && text.size == 0) {
        viewer_say(viewer, "there is nothing here to %s",
                   is_pipe ? "give to a command" : "copy");
    } else if (is_ok) {
        is_ok = viewer_request(viewer,
                               is_pipe ? APP_REQUEST_PIPE : APP_REQUEST_COPY,
                               text.data, 0, err);
        if (!is_pipe) {
            viewer_say(viewer, "copied: %.*s", (int)strcspn(text.data, "\n"),
                       text.data);
        }
        viewer->request.command = viewer->pipe_command;
        viewer->pipe_command = NULL;
    }
    buffer_release(&text);
    return is_ok;
}

bool
app_act(struct app *app, enum action_id action, bool *has_quit,
        struct error *err)
{
    const char *later = key_hint_later(action);
    bool is_done;

    if (later != NULL) {
        viewer_say(&app->viewer, "%s: not in this version", later);
        return true;
    }
    switch (action) {
    case ACTION_QUIT:
        *has_quit = true;
        return true;
    case ACTION_CLOSE:
        return close_pane(app, has_quit, err);
    case ACTION_CANCEL:
        return cancel(app, err);
    case ACTION_INTERRUPT:
        return interrupt(app, has_quit, err);
    case ACTION_UNDO:
    case ACTION_REDO:
        return app_travel(app, action, err);
    case ACTION_VIEW_1:
    case ACTION_VIEW_2:
    case ACTION_VIEW_3:
    case ACTION_VIEW_4:
    case ACTION_VIEW_5:
    case ACTION_VIEW_6:
    case ACTION_VIEW_7:
        return show_view(app, (enum view_id)(action - ACTION_VIEW_1), err);
    case ACTION_COLOUR:
    case ACTION_COLOUR_BOXES:
    case ACTION_TIME_DISPLAY:
        return change_look(app, action, err);
    case ACTION_YANK:
    case ACTION_YANK_ALL:
        return yank(app, action, err);
    case ACTION_PIPE:
        return app->viewer.pipe_command == NULL
                   ? command_line_open_with(&app->viewer, "|", err)
                   : yank(app, action, err);
    case ACTION_OPTIONS:
        return options_menu_run(&app->viewer, err);
    case ACTION_MOUSE:
        return toggle_mouse(app, err);
    case ACTION_REDRAW:
        return ask_host(app, APP_REQUEST_REDRAW, err);
    case ACTION_SUSPEND:
        return ask_host(app, APP_REQUEST_SUSPEND, err);
    case ACTION_RELOAD:
        return ask_host(app, APP_REQUEST_RELOAD, err);
    default:
        return viewer_act(&app->viewer, action, &is_done, err)
               && (is_done || run_on_view(app, action, &is_done, err));
    }
}

static void
show_hint(struct app *app)
{
    app->has_prefix_hint = true;
    key_hint_continuations(&app->viewer, app->prefix);
}

static void
wait_for_second_key(struct app *app, unsigned key)
{
    app->prefix = key;
    app->prefix_ns = app->viewer.now_ns;
    app->has_prefix_hint = false;
    if (!app->is_live) {
        show_hint(app);
    }
}

static bool
key_to_view(struct app *app, unsigned key, bool *has_quit, struct error *err)
{
    enum action_id action;
    unsigned prefix = app->prefix;
    bool is_ok;

    app->prefix = KEY_NONE;
    if (prefix != KEY_NONE && key == KEY_ESCAPE) {
        return true; /* given up */
    }
    switch (keymap_find(&app->viewer.keymap, 1u << app->viewer.active, prefix,
                        key, &action)) {
    case ACTION_MATCH:
        app->viewer.letter = key;
        app->pressed = key;
        is_ok = app_act(app, action, has_quit, err);
        app->pressed = KEY_NONE;
        return is_ok;
    case ACTION_PREFIX:
        wait_for_second_key(app, key);
        return true;
    case ACTION_NO_MATCH:
        break;
    }
    key_hint_not_bound(&app->viewer, prefix, key);
    return true;
}

/* What an overlay asked for when it was closed. */
bool
app_after_overlay(struct app *app, bool is_done, bool *has_quit,
                  struct error *err)
{
    enum action_id action = app->viewer.wanted_action;
    bool is_ok;

    if (is_done) {
        viewer_close_overlay(&app->viewer);
    }
    app->viewer.wanted_action = ACTION_COUNT;
    is_ok = (action == ACTION_COUNT || app_act(app, action, has_quit, err))
            && app_follow_jump(app, err);
    app->viewer.choice = VIEWER_NO_CHOICE;
    return is_ok;
}

/* Suspending, redrawing and quitting work whatever is open. */
static bool
is_always_done(unsigned key)
{
    return key == (KEY_CONTROL | 'z') || key == (KEY_CONTROL | 'l')
           || key == KEY_F1 + 9;
}

/* Tags that were changed, also by undo. */
static void
keep_tags(struct viewer *viewer)
{
    struct error failure = {0};

    if (!tags_keep(viewer, &failure)) {
        viewer_say(viewer, "the tags are not kept: %s", failure.message);
    }
}

bool
app_key(struct app *app, unsigned key, bool *has_quit, struct error *err)
{
    struct viewer *viewer = &app->viewer;
    bool is_done = false;

    if (!is_always_done(key) && app_keep_behind_others(app, key)) {
        return true;
    }
    viewer->message[0] = '\0';
    app->has_mouse_step = false;
    if (viewer->overlay_class == NULL || is_always_done(key)) {
        bool is_ok = key_to_view(app, key, has_quit, err)
                     && app_after_overlay(app, false, has_quit, err);

        keep_tags(viewer);
        return is_ok;
    }
    return viewer->overlay_class->key(viewer->overlay, key, &is_done, err)
           && app_after_overlay(app, is_done, has_quit, err);
}

bool
app_waits_for_hint(const struct app *app)
{
    return app->is_live && app->prefix != KEY_NONE && !app->has_prefix_hint;
}

int
app_timeout_ms(const struct app *app, uint64_t now_ns)
{
    uint64_t passed_ms = (now_ns - app->prefix_ns) / NS_PER_MS;

    if (!app_waits_for_hint(app)) {
        return -1;
    }
    return passed_ms >= PREFIX_HINT_MS ? 0 : PREFIX_HINT_MS - (int)passed_ms;
}

void
app_tick(struct app *app, uint64_t now_ns)
{
    app_set_time(app, now_ns);
    if (app_timeout_ms(app, now_ns) == 0) {
        show_hint(app);
    }
}
