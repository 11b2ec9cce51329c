// SPDX-License-Identifier: Apache-2.0
#include "tui/search_popup.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "tui/jobs.h"
#include "tui/key.h"
#include "tui/mouse.h"
#include "tui/overlay.h"
#include "tui/search_popup_parts.h"
#include "tui/timeline_view.h"
#include "tui/viewer.h"

/* Search for what the field says. */
static bool
apply_text(struct search_popup *popup, struct error *err)
{
    popup->picked = SEARCH_NOT_PICKED;
    popup->top = 0;
    popup->terms.only = SEARCH_ALL;
    (void)snprintf(popup->terms.text, sizeof popup->terms.text, "%s",
                   popup->edit.text);
    return search_names_start(popup, err);
}

/* All of the names that match, or the one that is picked. */
static void
pick(struct search_popup *popup, size_t picked)
{
    struct viewer *viewer = popup->viewer;

    popup->picked = picked;
    popup->terms.only =
        picked == SEARCH_NOT_PICKED ? SEARCH_ALL : popup->names[picked];
    search_pick(&viewer->search, viewer->model, popup->terms.only,
                popup->terms.track);
}

/* Down by some names, or up; above the first one all are meant again. */
static void
move_pick(struct search_popup *popup, int by)
{
    int64_t picked =
        popup->picked == SEARCH_NOT_PICKED ? -1 : (int64_t)popup->picked;

    picked += by;
    if (picked >= (int64_t)popup->name_count) {
        picked = (int64_t)popup->name_count - 1;
    }
    pick(popup, picked < 0 ? SEARCH_NOT_PICKED : (size_t)picked);
}

static bool
go_up_or_down(struct search_popup *popup, int direction, struct error *err)
{
    if (line_edit_is_in_history(&popup->edit)
        && popup->picked == SEARCH_NOT_PICKED
        && (direction < 0 || popup->edit.older > 0)) {
        return !line_edit_recall(&popup->edit, direction)
               || apply_text(popup, err);
    }
    move_pick(popup, direction);
    return true;
}

static void
toggle_track(struct search_popup *popup)
{
    struct timeline_place place;

    timeline_view_place(popup->viewer->timeline, &place);
    if (popup->terms.track != SEARCH_ALL) {
        popup->terms.track = SEARCH_ALL;
    } else if (place.has_track) {
        popup->terms.track = place.track;
    } else {
        viewer_say(popup->viewer, "the cursor of the timeline is on no thread");
    }
    pick(popup, popup->picked);
}

/* Jump to the first match; without a text, search for nothing. */
static bool
enter(struct search_popup *popup, struct error *err)
{
    struct viewer *viewer = popup->viewer;
    struct timeline_place place;

    if (!search_is_on(&viewer->search)) {
        return true;
    }
    if (viewer->active != VIEW_TIMELINE) {
        viewer->wanted_action = ACTION_SEARCH_NEXT;
        return true;
    }
    timeline_view_place(viewer->timeline, &place);
    return search_step(viewer, &place, 1, true, err);
}

/* Wait for the names when they are not known yet. */
static bool
press_enter(struct search_popup *popup, bool *is_done, struct error *err)
{
    if (!line_history_add(&popup->viewer->search_history, popup->edit.text,
                          err)) {
        return false;
    }
    popup->wants_enter = search_names_are_sought(popup);
    *is_done = !popup->wants_enter;
    if (popup->wants_enter) {
        viewer_say(popup->viewer, "looking at the names");
        return true;
    }
    search_clear(&popup->before);
    return enter(popup, err);
}

/* Where the timeline is not shown there is no place to jump from; n goes on. */
bool
search_popup_go_on(struct search_popup *popup, struct error *err)
{
    struct viewer *viewer = popup->viewer;
    bool is_ok;

    if (!popup->wants_enter) {
        return true;
    }
    search_clear(&popup->before);
    is_ok = viewer->active != VIEW_TIMELINE || enter(popup, err);
    viewer_close_overlay(viewer);
    return is_ok;
}

static void
go_back(struct search_popup *popup)
{
    (void)jobs_cancel(popup->viewer->jobs, JOB_SEARCH_NAMES);
    search_take(&popup->viewer->search, &popup->before);
}

static bool
type(struct search_popup *popup, unsigned key, struct error *err)
{
    return line_edit_key(&popup->edit, key) != LINE_EDIT_CHANGED
           || apply_text(popup, err);
}

/* Keys that need no names. */
static bool
key_of_text(struct search_popup *popup, unsigned key, bool *is_known,
            bool *is_done, struct error *err)
{
    *is_known = true;
    switch (key) {
    case KEY_ESCAPE:
    case KEY_CONTROL | 'c':
        *is_done = true;
        go_back(popup);
        return true;
    case KEY_CONTROL | 'r':
        popup->terms.is_plain = !popup->terms.is_plain;
        return apply_text(popup, err);
    default:
        *is_known = false;
        return true;
    }
}

static bool
popup_key(void *overlay, unsigned key, bool *is_done, struct error *err)
{
    struct search_popup *popup = overlay;
    int page = popup->rows.name_rows > 1 ? (int)popup->rows.name_rows - 1 : 1;
    bool is_known;

    popup->wants_enter = false;
    if (!key_of_text(popup, key, &is_known, is_done, err)) {
        return false;
    }
    if (is_known) {
        return true;
    }
    switch (key) {
    case KEY_ENTER:
        return jobs_collect(popup->viewer->jobs, err)
               && press_enter(popup, is_done, err);
    case KEY_UP:
    case KEY_DOWN:
        return jobs_collect(popup->viewer->jobs, err)
               && go_up_or_down(popup, key == KEY_UP ? -1 : 1, err);
    case KEY_PAGE_UP:
    case KEY_PAGE_DOWN:
        if (!jobs_collect(popup->viewer->jobs, err)) {
            return false;
        }
        move_pick(popup, key == KEY_PAGE_UP ? -page : page);
        return true;
    case KEY_CONTROL | 't':
        toggle_track(popup);
        return true;
    case KEY_CONTROL | 'a':
        popup->terms.track = SEARCH_ALL;
        pick(popup, popup->picked);
        return true;
    default:
        return type(popup, key, err);
    }
}

static bool
popup_paste(void *overlay, const char *text, size_t size, struct error *err)
{
    struct search_popup *popup = overlay;

    popup->wants_enter = false;
    line_edit_paste(&popup->edit, text, size);
    return apply_text(popup, err);
}

/* A press picks the name that is there; outside of the box it is Esc. */
static void
press(struct search_popup *popup, const struct mouse_event *event,
      bool *is_done)
{
    const struct search_rows *rows = &popup->rows;
    int row = (int)event->y - rows->box.inner_y - (int)rows->names;

    if (box_is_left(&rows->box, event)) {
        *is_done = true;
        go_back(popup);
    } else if (row >= 0 && row < (int)rows->name_rows
               && popup->top + (size_t)row < popup->name_count) {
        pick(popup, popup->top + (size_t)row);
    }
}

static bool
popup_mouse(void *overlay, const struct mouse_event *event, bool *is_done,
            struct error *err)
{
    struct search_popup *popup = overlay;

    (void)err;
    popup->wants_enter = false;
    switch (event->kind) {
    case MOUSE_PRESS:
        press(popup, event, is_done);
        break;
    case MOUSE_WHEEL_UP:
    case MOUSE_WHEEL_DOWN:
        move_pick(popup, event->kind == MOUSE_WHEEL_UP ? -1 : 1);
        break;
    case MOUSE_RELEASE:
    case MOUSE_DRAG:
    case MOUSE_WHEEL_LEFT:
    case MOUSE_WHEEL_RIGHT:
        break;
    }
    return true;
}

static void
popup_close(void *overlay)
{
    struct search_popup *popup = overlay;

    if (popup->viewer->jobs != NULL) {
        (void)jobs_cancel(popup->viewer->jobs, JOB_SEARCH_NAMES);
    }
    search_clear(&popup->before);
    free(popup->names);
    free(popup);
}

static const struct overlay_class search_popup_class = {
    .key = popup_key,
    .paste = popup_paste,
    .mouse = popup_mouse,
    .draw = search_popup_draw,
    .close = popup_close,
};

bool
search_popup_open(struct viewer *viewer, struct error *err)
{
    struct search_popup *popup = array_new(1, sizeof *popup, err);

    if (popup == NULL) {
        return false;
    }
    popup->viewer = viewer;
    popup->edit.history = &viewer->search_history;
    popup->terms =
        (struct search_terms){.track = SEARCH_ALL, .only = SEARCH_ALL};
    popup->picked = SEARCH_NOT_PICKED;
    popup->before = viewer->search;
    viewer->search = (struct search){.number = popup->before.number + 1};
    viewer_open_overlay(viewer, &search_popup_class, popup);
    return true;
}
