// SPDX-License-Identifier: Apache-2.0
/*
 * What was typed before a job has made the rows that it is about: the keys are
 * kept, in order, and pressed when the rows are there. Esc and ^C forget them.
 */
#include "tui/app_parts.h"

#include <string.h>

#include "tui/key.h"

/* Whether the view that is shown has nothing yet to move in. Of what is shown
 * without a terminal all is there. */
static bool
is_awaiting(struct app *app, bool *is_awaited, struct error *err)
{
    const struct view_class *class = view_at(app->viewer.active);

    *is_awaited = false;
    return !app->is_live || class->awaits == NULL
           || class->awaits(app->views[app->viewer.active], is_awaited, err);
}

/* False when there are so many that nobody can mean them. */
static bool
keep(struct app *app, unsigned key)
{
    if (app->ahead_count == APP_AHEAD_MAX) {
        return false;
    }
    app->ahead[app->ahead_count++] = key;
    return true;
}

bool
app_keep_behind_others(struct app *app, unsigned key)
{
    if (app->ahead_count == 0) {
        return false;
    }
    if (key == KEY_ESCAPE || key == (KEY_CONTROL | 'c')) {
        app->ahead_count = 0;
        return key == KEY_ESCAPE;
    }
    return keep(app, key);
}

bool
app_keep_for_rows(struct app *app, enum action_id action, bool *is_kept,
                  struct error *err)
{
    *is_kept = false;
    if (app->pressed == KEY_NONE || action == ACTION_CANCEL
        || action == ACTION_CLOSE) {
        return true;
    }
    if (!is_awaiting(app, is_kept, err)) {
        return false;
    }
    *is_kept = *is_kept && keep(app, app->pressed);
    return true;
}

bool
app_catch_up(struct app *app, struct error *err)
{
    unsigned keys[APP_AHEAD_MAX];
    size_t count = app->ahead_count;
    bool is_awaited;

    if (count == 0) {
        return true;
    }
    if (!is_awaiting(app, &is_awaited, err)) {
        return false;
    }
    if (is_awaited) {
        return true;
    }
    memcpy(keys, app->ahead, count * sizeof *keys);
    app->ahead_count = 0; /* they may have to wait again */
    for (size_t i = 0; i < count && !app->has_quit; i++) {
        if (!app_key(app, keys[i], &app->has_quit, err)) {
            return false;
        }
    }
    return true;
}

bool
app_has_quit(const struct app *app)
{
    return app->has_quit;
}
