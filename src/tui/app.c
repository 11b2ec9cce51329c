// SPDX-License-Identifier: Apache-2.0
#include "tui/app_parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/array.h"
#include "base/buffer.h"
#include "base/error.h"
#include "format/sanitise.h"
#include "model/trace_model.h"
#include "tui/config.h"
#include "tui/dump.h"
#include "tui/function_facts.h"
#include "tui/marks.h"
#include "tui/overlay.h"
#include "tui/saved_view.h"
#include "tui/screen.h"
#include "tui/settings.h"
#include "tui/view.h"

static bool
open_views(struct app *app, struct error *err)
{
    for (int id = 0; id < VIEW_COUNT; id++) {
        if (!view_at((enum view_id)id)
                 ->open(&app->views[id], &app->viewer, err)) {
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
        if (!view_at((enum view_id)id)
                 ->resize(app->views[id], width, height, err)) {
            return false;
        }
    }
    return true;
}

static bool
keep_folder(struct viewer *viewer, const char *folder, struct error *err)
{
    viewer->state_folder = folder == NULL ? NULL : strdup(folder);
    return folder == NULL || viewer->state_folder != NULL
           || error_set_no_memory(err);
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
    if (!tags_load(viewer, &failure)) {
        viewer_say(viewer, "tags: %s", failure.message);
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
        .whole = model,
        .title = options->title,
        .theme = {.is_ascii = options->is_ascii,
                  .colour_count = options->colour_count,
                  .is_light = options->is_light},
        .wanted_action = ACTION_COUNT,
        .choice = VIEWER_NO_CHOICE,
    };
    app->viewer.host_theme = app->viewer.theme;
    app->is_live = options->is_live;
    app->last_action = app->waiting = ACTION_COUNT;
    if (!keymap_reset(&app->viewer.keymap, err)
        || !jobs_new(&app->viewer.jobs, !options->is_live, err)
        || !function_facts_new(&app->viewer.function_facts, &app->viewer, err)
        || !keep_folder(&app->viewer, options->state_folder, err)
        || !config_load(&app->viewer, options->config_folder, err)
        || !settings_load(&app->viewer, err)
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
        if (!app_wake(app, err) || !draw_once(app, err)) {
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

bool
app_keep_stderr(struct app *app, const char *text, size_t size,
                struct error *err)
{
    struct buffer *kept = &app->viewer.library_text;

    if (size == 0
        || (kept->size == size && memcmp(kept->data, text, size) == 0)) {
        return true;
    }
    buffer_clear(kept);
    buffer_append(kept, text, size);
    return buffer_is_ok(kept) || error_set_no_memory(err);
}

void
app_say_format(struct app *app, const char *format, ...)
{
    char message[VIEWER_MESSAGE_SIZE];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    app_say(app, message);
}

bool
app_load_view(struct app *app, struct error *err)
{
    return saved_view_load(&app->viewer, err);
}

bool
app_store_view(const struct app *app, struct error *err)
{
    return saved_view_store(&app->viewer, err);
}

bool
app_note(struct app *app, const char *text, struct error *err)
{
    return viewer_note(&app->viewer, text, err);
}

void
app_set_background(struct app *app, bool is_light)
{
    settings_background_is(&app->viewer, is_light);
}

void
app_set_activity(struct app *app, const char *name, int percent)
{
    app->viewer.activity = name;
    app->viewer.activity_percent = percent;
}

int
app_wake_fd(const struct app *app)
{
    return jobs_fd(app->viewer.jobs);
}

bool
app_wake(struct app *app, struct error *err)
{
    return jobs_collect(app->viewer.jobs, err) && app_follow_jump(app, err)
           && app_catch_up(app, err);
}

bool
app_is_settled(const struct app *app)
{
    return !jobs_are_busy(app->viewer.jobs) && !app_waits_for_hint(app);
}

bool
app_shows_progress(const struct app *app)
{
    return app->viewer.shows_progress && jobs_are_busy(app->viewer.jobs);
}

void
app_leave_model(struct app *app)
{
    jobs_stop(app->viewer.jobs);
    viewer_close_overlay(&app->viewer);
    tag_map_release(&app->viewer.tag_map);
    app->viewer.has_follow = false;
    app->waiting = ACTION_COUNT;
}

bool
app_reload_views(struct app *app, struct error *err)
{
    for (int id = 0; id < VIEW_COUNT; id++) {
        if (!view_at((enum view_id)id)->reload(app->views[id], err)) {
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
