// SPDX-License-Identifier: Apache-2.0
/* Who an event of the mouse is for. */
#include "tui/app_parts.h"

#include "tui/chrome.h"
#include "tui/key.h"
#include "tui/layout.h"
#include "tui/mouse.h"
#include "tui/overlay.h"
#include "tui/screen.h"
#include "tui/view.h"

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
    return app_after_overlay(app, is_done, has_quit, err);
}

static bool
mouse_to_view(struct app *app, const struct mouse_event *event,
              struct error *err)
{
    enum view_id id = app->viewer.active;
    struct history_stage stage = app_stage(app);
    struct history_view before = {0};
    bool is_ok;

    if (view_at(id)->mouse == NULL) {
        return true;
    }
    is_ok = history_view_take(&before, &stage, id, err)
            && view_at(id)->mouse(app->views[id], event, err);
    if (is_ok) {
        app_remember_mouse(app, event, &before);
    }
    history_view_release(&before);
    return is_ok && app_follow_jump(app, err);
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
               || app_act(app, ACTION_VIEW_1 + view, has_quit, err);
    }
    return mouse_to_view(app, event, err)
           && app_after_overlay(app, false, has_quit, err);
}
