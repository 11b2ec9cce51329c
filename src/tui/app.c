// SPDX-License-Identifier: Apache-2.0
#include "tui/app.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/array.h"
#include "base/buffer.h"
#include "base/error.h"
#include "format/sanitise.h"
#include "model/trace_model.h"
#include "tui/action.h"
#include "tui/chrome.h"
#include "tui/dump.h"
#include "tui/history.h"
#include "tui/key.h"
#include "tui/key_hint.h"
#include "tui/layout.h"
#include "tui/marks.h"
#include "tui/mouse.h"
#include "tui/options_menu.h"
#include "tui/overlay.h"
#include "tui/screen.h"
#include "tui/timeline_view.h"
#include "tui/view.h"
#include "tui/viewer_actions.h"

#define NS_PER_MS UINT64_C(1000000)

enum {
    PREFIX_HINT_MS = 300, /* then the keys that may follow are shown */
    QUIT_AGAIN_MS = 1000, /* between two interrupts that quit */
};

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
    uint64_t last_interrupt_ns;
    enum mouse_kind mouse_run; /* of the last event, a press for a drag */
    bool has_mouse_step;       /* and whether that run is in the history */
};

static struct history_stage
stage_of(struct app *app)
{
    return (struct history_stage){&app->viewer, app->views};
}

static bool
open_views(struct app *app, struct error *err)
{
    for (int id = 0; id < VIEW_COUNT; id++) {
        const struct view_class *class = view_at((enum view_id)id);

        if (class != NULL && !class->open(&app->views[id], &app->viewer, err)) {
            return false;
        }
    }
    return true;
}

static bool
resize_views(struct app *app, unsigned width, unsigned height,
             struct error *err)
{
    for (int id = 0; id < VIEW_COUNT; id++) {
        const struct view_class *class = view_at((enum view_id)id);

        if (class != NULL
            && !class->resize(app->views[id], width, height, err)) {
            return false;
        }
    }
    return true;
}

/* What cannot be read is no reason not to open a trace. */
static bool
open_marks(struct app *app, const char *state_folder, struct error *err)
{
    struct viewer *viewer = &app->viewer;
    struct error failure = {0};

    if (!marks_new(&viewer->marks, state_folder, viewer->model, err)) {
        return false;
    }
    if (!marks_load(viewer->marks, &failure)) {
        viewer_say(viewer, "marks: %s", failure.message);
    }
    return true;
}

bool
app_new(struct app **out, const struct trace_model *model,
        const struct app_options *options, unsigned width, unsigned height,
        struct error *err)
{
    struct app *app = array_new(1, sizeof *app, err);

    if (app == NULL) {
        return false;
    }
    app->viewer = (struct viewer){
        .model = model,
        .title = options->title,
        .theme = {.is_ascii = options->is_ascii,
                  .colour_count = options->colour_count,
                  .is_light = options->is_light},
        .wanted_action = ACTION_COUNT,
        .choice = VIEWER_NO_CHOICE,
    };
    app->viewer.host_theme = app->viewer.theme;
    app->is_live = options->is_live;
    app->last_action = ACTION_COUNT;
    if (!jobs_new(&app->viewer.jobs, !options->is_live, err)
        || !open_marks(app, options->state_folder, err)
        || !screen_new(&app->screen, width, height, err)
        || !open_views(app, err) || !resize_views(app, width, height, err)) {
        app_free(app);
        return false;
    }
    app->viewer.timeline = app->views[VIEW_TIMELINE];
    *out = app;
    return true;
}

void
app_free(struct app *app)
{
    if (app == NULL) {
        return;
    }
    /* Jobs may use what the views own. */
    if (app->viewer.jobs != NULL) {
        jobs_stop(app->viewer.jobs);
    }
    viewer_close_overlay(&app->viewer);
    history_release(&app->history);
    for (int id = 0; id < VIEW_COUNT; id++) {
        if (app->views[id] != NULL) {
            view_at((enum view_id)id)->close(app->views[id]);
        }
    }
    viewer_release(&app->viewer);
    screen_free(app->screen);
    free(app);
}

void
app_set_time(struct app *app, uint64_t now_ns)
{
    app->viewer.now_ns = now_ns;
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

/* Take the view that was shown into the history, when it has changed. */
static void
remember(struct app *app, enum action_id action, struct history_view *before)
{
    struct history_stage stage = stage_of(app);

    if (!history_view_is_shown(before, &stage)) {
        if (!continues_run(app, action)) {
            history_push(&app->history, before);
        }
        app->last_action = action;
    }
}

/* What a view asked for that is the timeline's to do. */
static bool
follow_jump(struct app *app, struct error *err)
{
    struct history_stage stage = stage_of(app);
    struct history_view before = {0};
    struct viewer_goal goal = app->viewer.goal;
    bool has_jump = app->viewer.has_jump;
    bool is_ok = true;

    if (!has_jump && goal.kind == GOAL_NONE) {
        return true;
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
        remember(app, ACTION_COUNT, &before);
    }
    history_view_release(&before);
    return is_ok;
}

static void
leave_scope(struct viewer *viewer)
{
    if (viewer->scope.is_set) {
        viewer_clear_scope(viewer);
        viewer_say(viewer, "all views cover the whole trace again");
    }
}

static bool
run_on_view(struct app *app, enum action_id action, bool *is_done,
            struct error *err)
{
    enum view_id id = app->viewer.active;
    struct history_stage stage = stage_of(app);
    struct history_view before = {0};
    bool is_ok;

    *is_done = true;
    is_ok = history_view_take(&before, &stage, id, err)
            && view_at(id)->command(app->views[id], action, is_done, err);
    if (is_ok && action == ACTION_CANCEL && !*is_done) {
        leave_scope(&app->viewer);
    }
    if (is_ok) {
        remember(app, action, &before);
    }
    history_view_release(&before);
    return is_ok && follow_jump(app, err);
}

static bool
travel(struct app *app, enum action_id action, struct error *err)
{
    struct history_stage stage = stage_of(app);
    struct error failure = {0};
    bool is_done = action == ACTION_UNDO
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
    return true;
}

/* Stop what goes on; when nothing does, a second time quits. */
static void
interrupt(struct app *app, bool *has_quit)
{
    uint64_t now_ns = app->viewer.now_ns;
    bool is_again =
        app->last_action == ACTION_INTERRUPT
        && now_ns - app->last_interrupt_ns <= QUIT_AGAIN_MS * NS_PER_MS;

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
    struct history_stage stage = stage_of(app);
    struct history_view before = {0};

    if (!history_view_take(&before, &stage, viewer->active, err)) {
        return false;
    }
    if (action == ACTION_COLOUR) {
        viewer->look.colour_mode =
            (viewer->look.colour_mode + 1) % COLOUR_MODE_COUNT;
        viewer_say(viewer, "colours are by %s",
                   colour_mode_name(viewer->look.colour_mode));
    } else {
        viewer->look.time_display =
            (viewer->look.time_display + 1) % TIME_DISPLAY_COUNT;
        viewer_say(viewer, "times are %s",
                   time_display_name(viewer->look.time_display));
    }
    remember(app, action, &before);
    history_view_release(&before);
    return true;
}

static bool
ask_host(struct app *app, enum app_request_kind kind, struct error *err)
{
    return viewer_request(&app->viewer, kind, NULL, 0, err);
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

static bool
act(struct app *app, enum action_id action, bool *has_quit, struct error *err)
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
        interrupt(app, has_quit);
        return true;
    case ACTION_UNDO:
    case ACTION_REDO:
        return travel(app, action, err);
    case ACTION_VIEW_1:
    case ACTION_VIEW_2:
    case ACTION_VIEW_3:
    case ACTION_VIEW_4:
    case ACTION_VIEW_5:
    case ACTION_VIEW_6:
    case ACTION_VIEW_7:
        app->viewer.active = (enum view_id)(action - ACTION_VIEW_1);
        return true;
    case ACTION_COLOUR:
    case ACTION_TIME_DISPLAY:
        return change_look(app, action, err);
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

    app->prefix = KEY_NONE;
    if (prefix != KEY_NONE && key == KEY_ESCAPE) {
        return true; /* given up */
    }
    switch (action_find(1u << app->viewer.active, prefix, key, &action)) {
    case ACTION_MATCH:
        app->viewer.letter = key;
        return act(app, action, has_quit, err);
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
static bool
after_overlay(struct app *app, bool is_done, bool *has_quit, struct error *err)
{
    enum action_id action = app->viewer.wanted_action;
    bool is_ok;

    if (is_done) {
        viewer_close_overlay(&app->viewer);
    }
    app->viewer.wanted_action = ACTION_COUNT;
    is_ok = (action == ACTION_COUNT || act(app, action, has_quit, err))
            && follow_jump(app, err);
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

bool
app_key(struct app *app, unsigned key, bool *has_quit, struct error *err)
{
    struct viewer *viewer = &app->viewer;
    bool is_done = false;

    viewer->message[0] = '\0';
    app->has_mouse_step = false;
    if (viewer->overlay_class == NULL || is_always_done(key)) {
        return key_to_view(app, key, has_quit, err);
    }
    return viewer->overlay_class->key(viewer->overlay, key, &is_done, err)
           && after_overlay(app, is_done, has_quit, err);
}

static bool
mouse_to_overlay(struct app *app, const struct mouse_event *event,
                 bool *has_quit, struct error *err)
{
    const struct overlay_class *class = app->viewer.overlay_class;
    bool is_done = false;

    if (class->mouse != NULL
        && !class->mouse(app->viewer.overlay, event, &is_done, err)) {
        return false;
    }
    return after_overlay(app, is_done, has_quit, err);
}

/* All from a press to its release is one step of undo; so is a run of the same
 * turn of the wheel. */
static void
remember_mouse(struct app *app, const struct mouse_event *event,
               struct history_view *before)
{
    struct history_stage stage = stage_of(app);
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

static bool
mouse_to_view(struct app *app, const struct mouse_event *event,
              struct error *err)
{
    enum view_id id = app->viewer.active;
    struct history_stage stage = stage_of(app);
    struct history_view before = {0};
    bool is_ok;

    if (view_at(id)->mouse == NULL) {
        return true;
    }
    is_ok = history_view_take(&before, &stage, id, err)
            && view_at(id)->mouse(app->views[id], event, err);
    if (is_ok) {
        remember_mouse(app, event, &before);
    }
    history_view_release(&before);
    return is_ok && follow_jump(app, err);
}

bool
app_mouse(struct app *app, const struct mouse_event *event, bool *has_quit,
          struct error *err)
{
    unsigned width = screen_width(app->screen);
    unsigned height = screen_height(app->screen);
    struct layout layout = layout_of(width, height);
    bool is_press =
        event->kind == MOUSE_PRESS && event->button == MOUSE_BUTTON_LEFT;
    unsigned view;

    if (layout.is_too_small || event->x >= width || event->y >= height) {
        return true;
    }
    if (event->kind != MOUSE_DRAG && event->kind != MOUSE_RELEASE) {
        app->viewer.message[0] = '\0';
    }
    if (is_press && (int)event->y == layout.bar_row) {
        unsigned key = chrome_bar_key_at(&app->viewer, width, event->x);

        return key == KEY_NONE || app_key(app, key, has_quit, err);
    }
    if (app->viewer.overlay_class != NULL) {
        return mouse_to_overlay(app, event, has_quit, err);
    }
    if (is_press && (int)event->y == layout.tabs_row) {
        return !chrome_tab_at(&app->viewer, width, event->x, &view)
               || act(app, ACTION_VIEW_1 + view, has_quit, err);
    }
    return mouse_to_view(app, event, err)
           && after_overlay(app, false, has_quit, err);
}

bool
app_paste(struct app *app, const char *text, size_t size, struct error *err)
{
    const struct overlay_class *class = app->viewer.overlay_class;

    return class == NULL || class->paste == NULL
           || class->paste(app->viewer.overlay, text, size, err);
}

/* All have the same size at any time, also when there is no memory. */
bool
app_resize(struct app *app, unsigned width, unsigned height, struct error *err)
{
    unsigned old_width = screen_width(app->screen);
    unsigned old_height = screen_height(app->screen);

    if (!resize_views(app, width, height, err)
        || !screen_resize(app->screen, width, height, err)) {
        /* Back to a size that there is memory for already. */
        (void)resize_views(app, old_width, old_height, NULL);
        return false;
    }
    return true;
}

static bool
draw_once(struct app *app, struct error *err)
{
    struct viewer *viewer = &app->viewer;

    screen_set_ascii(app->screen, viewer->theme.is_ascii);
    viewer->shows_progress = false;
    screen_erase(app->screen);
    return view_at(viewer->active)
               ->draw(app->views[viewer->active], app->screen, err)
           && (viewer->overlay_class == NULL
               || viewer->overlay_class->draw(viewer->overlay, app->screen,
                                              err));
}

/* Drawing may start jobs, and what they find changes the next frame. */
bool
app_draw(struct app *app, struct error *err)
{
    do {
        if (!jobs_collect(app->viewer.jobs, err) || !follow_jump(app, err)
            || !draw_once(app, err)) {
            return false;
        }
    } while (!app->is_live && jobs_are_busy(app->viewer.jobs));
    return true;
}

const struct screen *
app_screen(const struct app *app)
{
    return app->screen;
}

bool
app_take_request(struct app *app, struct app_request *request)
{
    *request = app->viewer.request;
    app->viewer.request = (struct app_request){0};
    return request->kind != APP_REQUEST_NONE;
}

bool
app_has_overlay(const struct app *app)
{
    return app->viewer.overlay_class != NULL;
}

void
app_say(struct app *app, const char *message)
{
    viewer_say(&app->viewer, "%s", message);
}

int
app_wake_fd(const struct app *app)
{
    return jobs_fd(app->viewer.jobs);
}

bool
app_wake(struct app *app, struct error *err)
{
    return jobs_collect(app->viewer.jobs, err) && follow_jump(app, err);
}

static bool
waits_for_hint(const struct app *app)
{
    return app->is_live && app->prefix != KEY_NONE && !app->has_prefix_hint;
}

bool
app_is_settled(const struct app *app)
{
    return !jobs_are_busy(app->viewer.jobs) && !waits_for_hint(app);
}

bool
app_shows_progress(const struct app *app)
{
    return app->viewer.shows_progress && jobs_are_busy(app->viewer.jobs);
}

int
app_timeout_ms(const struct app *app, uint64_t now_ns)
{
    uint64_t passed_ms = (now_ns - app->prefix_ns) / NS_PER_MS;

    if (!waits_for_hint(app)) {
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

bool
app_reload(struct app *app, const struct trace_model *model, struct error *err)
{
    const struct trace_model *old = app->viewer.model;

    jobs_stop(app->viewer.jobs);
    viewer_close_overlay(&app->viewer);
    history_release(&app->history);
    viewer_clear_scope(&app->viewer);
    app->viewer.model = model;
    search_clear(&app->viewer.search);
    for (int id = 0; id < VIEW_COUNT; id++) {
        if (app->views[id] != NULL
            && !view_at((enum view_id)id)->reload(app->views[id], err)) {
            app->viewer.model = old;
            return false;
        }
    }
    return true;
}

static bool
append_json(const struct app *app, struct buffer *out, struct error *err)
{
    struct cJSON *object = cJSON_CreateObject();
    char *text = NULL;
    char message[VIEWER_MESSAGE_SIZE];

    (void)sanitise_text(message, sizeof message, app->viewer.message,
                        strlen(app->viewer.message));
    if (object != NULL && dump_json(app->screen, object)
        && view_at(app->viewer.active)
               ->json(app->views[app->viewer.active], object)
        && cJSON_AddStringToObject(object, "message", message) != NULL) {
        text = cJSON_Print(object);
    }
    cJSON_Delete(object);
    if (text == NULL) {
        return error_set_no_memory(err);
    }
    buffer_append_text(out, text);
    buffer_append_char(out, '\n');
    cJSON_free(text);
    return true;
}

bool
app_dump(const struct app *app, enum dump_format format, struct buffer *out,
         struct error *err)
{
    switch (format) {
    case DUMP_TEXT:
        dump_text(app->screen, out);
        break;
    case DUMP_ANSI:
        dump_ansi(app->screen, out);
        break;
    case DUMP_JSON:
        if (!append_json(app, out, err)) {
            return false;
        }
        break;
    }
    return buffer_is_ok(out) || error_set_no_memory(err);
}
