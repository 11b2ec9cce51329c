// SPDX-License-Identifier: Apache-2.0
#include "tui/app.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/array.h"
#include "base/buffer.h"
#include "base/error.h"
#include "model/trace_model.h"
#include "tui/action.h"
#include "tui/dump.h"
#include "tui/history.h"
#include "tui/key.h"
#include "tui/screen.h"
#include "tui/timeline.h"
#include "tui/timeline_json.h"

struct app {
    struct screen *screen;
    struct timeline timeline;
    struct history history;
    unsigned prefix;            /* a key that waits for a second one */
    enum action_id last_action; /* ACTION_COUNT = none */
};

bool
app_new(struct app **out, const struct trace_model *model,
        const struct app_options *options, unsigned width, unsigned height,
        struct error *err)
{
    struct theme theme = {
        .is_ascii = options->is_ascii,
        .has_colour = options->has_colour,
    };
    struct app *app = array_new(1, sizeof *app, err);

    if (app == NULL) {
        return false;
    }
    app->last_action = ACTION_COUNT;
    if (!screen_new(&app->screen, width, height, err)
        || !timeline_init(&app->timeline, model, &theme, options->title, err)
        || !timeline_resize(&app->timeline, width, height, err)) {
        app_free(app);
        return false;
    }
    screen_set_ascii(app->screen, options->is_ascii);
    *out = app;
    return true;
}

void
app_free(struct app *app)
{
    if (app != NULL) {
        history_release(&app->history);
        timeline_release(&app->timeline);
        screen_free(app->screen);
        free(app);
    }
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

static bool
run_on_timeline(struct app *app, enum action_id action, struct error *err)
{
    struct history_view before = {0};
    bool is_ok = history_view_take(&before, &app->timeline, err)
                 && timeline_command(&app->timeline, action, err);

    if (is_ok && !history_view_is_shown(&before, &app->timeline)) {
        if (!continues_run(app, action)) {
            history_push(&app->history, &before);
        }
        app->last_action = action;
    }
    history_view_release(&before);
    return is_ok;
}

static void
say(struct app *app, const char *text)
{
    (void)snprintf(app->timeline.message, sizeof app->timeline.message, "%s",
                   text);
}

static bool
travel(struct app *app, enum action_id action, struct error *err)
{
    struct error failure = {0};
    bool is_done = action == ACTION_UNDO
                       ? history_undo(&app->history, &app->timeline, &failure)
                       : history_redo(&app->history, &app->timeline, &failure);

    app->last_action = action;
    if (!is_done && failure.code != ERROR_NONE) {
        *err = failure;
        return false;
    }
    say(app, is_done                 ? ""
             : action == ACTION_UNDO ? "there is nothing to undo"
                                     : "there is nothing to redo");
    return true;
}

static bool
act(struct app *app, enum action_id action, bool *has_quit, struct error *err)
{
    if (action == ACTION_QUIT) {
        *has_quit = true;
        return true;
    }
    if (action == ACTION_CANCEL) {
        say(app, "");
        return true;
    }
    if (action == ACTION_UNDO || action == ACTION_REDO) {
        return travel(app, action, err);
    }
    return run_on_timeline(app, action, err);
}

/* The keys that may follow a prefix, and what they do. */
static void
show_continuations(struct app *app, unsigned prefix)
{
    char name[KEY_NAME_SIZE];
    struct buffer text = {0};

    buffer_append_format(&text, "%s:", key_format(name, sizeof name, prefix));
    for (size_t i = 0; i < ACTION_COUNT; i++) {
        struct action_keys keys;
        size_t offset = 0;

        while (action_next_keys(action_at(i), &offset, &keys)) {
            if (keys.prefix == prefix) {
                buffer_append_format(&text, "  %s %s",
                                     key_format(name, sizeof name, keys.key),
                                     action_at(i)->name);
            }
        }
    }
    say(app, buffer_is_ok(&text) ? text.data : "");
    buffer_release(&text);
}

static void
say_not_bound(struct app *app, unsigned prefix, unsigned key)
{
    char text[TIMELINE_MESSAGE_SIZE];
    char first[KEY_NAME_SIZE] = "";
    char second[KEY_NAME_SIZE];

    if (prefix != KEY_NONE) {
        (void)key_format(first, sizeof first, prefix);
    }
    (void)snprintf(text, sizeof text, "`%s%s%s` is not bound here", first,
                   prefix == KEY_NONE ? "" : " ",
                   key_format(second, sizeof second, key));
    say(app, text);
}

bool
app_key(struct app *app, unsigned key, bool *has_quit, struct error *err)
{
    enum action_id action;
    unsigned prefix = app->prefix;

    app->prefix = KEY_NONE;
    if (prefix != KEY_NONE && key == KEY_ESCAPE) {
        prefix = KEY_NONE; /* given up: Esc means what it always does */
    }
    switch (action_find(prefix, key, &action)) {
    case ACTION_MATCH:
        return act(app, action, has_quit, err);
    case ACTION_PREFIX:
        app->prefix = key;
        show_continuations(app, key);
        return true;
    case ACTION_NO_MATCH:
        break;
    }
    say_not_bound(app, prefix, key);
    return true;
}

/* Both have the same size at any time, also when there is no memory. */
bool
app_resize(struct app *app, unsigned width, unsigned height, struct error *err)
{
    unsigned old_width = screen_width(app->screen);
    unsigned old_height = screen_height(app->screen);

    if (!timeline_resize(&app->timeline, width, height, err)) {
        return false;
    }
    if (!screen_resize(app->screen, width, height, err)) {
        /* Back to a size that there is memory for already. */
        (void)timeline_resize(&app->timeline, old_width, old_height, NULL);
        return false;
    }
    return true;
}

bool
app_draw(struct app *app, struct error *err)
{
    return timeline_draw(&app->timeline, app->screen, err);
}

const struct screen *
app_screen(const struct app *app)
{
    return app->screen;
}

bool
app_run_script(struct app *app, const char *keys, struct error *err)
{
    bool has_quit = false;
    size_t number = 0;

    while (!has_quit) {
        size_t size;
        unsigned key;

        keys += strspn(keys, " \t\n");
        size = strcspn(keys, " \t\n");
        number++;
        if (size == 0) {
            return true;
        }
        if (!key_parse(keys, size, &key)) {
            return error_set(err, ERROR_USAGE,
                             "word %zu of the keys, \"%.*s\", is no key",
                             number, size > 100 ? 100 : (int)size, keys);
        }
        if (!app_key(app, key, &has_quit, err)) {
            return false;
        }
        keys += size;
    }
    return true;
}

static bool
append_json(const struct app *app, struct buffer *out, struct error *err)
{
    struct cJSON *object = cJSON_CreateObject();
    char *text = NULL;

    if (object != NULL && dump_json(app->screen, object)
        && timeline_json(&app->timeline, object)) {
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
