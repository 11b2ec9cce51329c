// SPDX-License-Identifier: Apache-2.0
/* What keys and the mouse do: moving over boxes that can be seen. */
#include <stdlib.h>

#include "base/error.h"
#include "tui/flame.h"
#include "tui/flame_crumbs.h"
#include "tui/flame_list_pane.h"
#include "tui/flame_place.h"
#include "tui/flame_profile.h"
#include "tui/mouse.h"
#include "tui/profile_job.h"
#include "tui/viewer.h"

#define DOUBLE_CLICK_NS UINT64_C(400000000)

static const struct profile_node *
node_at(const struct flame *flame, uint32_t node)
{
    return &flame->profile.nodes[node];
}

/* To the next (1) or previous (-1) box of the row. */
static void
move_in_row(struct flame *flame, int direction)
{
    size_t count;
    const struct flame_box *boxes = flame_chart_row(
        &flame->chart, flame_row_of(flame, flame->node), &count);
    size_t i = 0;

    while (!flame_box_holds(&boxes[i], flame->node)) {
        i++;
    }
    if (direction > 0 ? i + 1 < count : i > 0) {
        flame_select(flame, boxes[direction > 0 ? i + 1 : i - 1].node);
    } else {
        viewer_say(flame->viewer, "nothing further %s",
                   direction > 0 ? "right" : "left");
    }
}

/* How many rows up the selection can go. */
static size_t
rows_above(const struct flame *flame)
{
    return flame_row_of(flame, flame->node) - flame->is_rest_root;
}

static void
move_up(struct flame *flame, size_t rows)
{
    if (rows_above(flame) == 0) {
        viewer_say(flame->viewer, flame->root == 0
                                      ? "nothing is above this"
                                      : "u and Esc show what is above this");
        return;
    }
    for (; rows > 0 && rows_above(flame) > 0; rows--) {
        flame_select(flame, node_at(flame, flame->node)->parent);
    }
}

/* To the widest box below, over and over. */
static void
move_down(struct flame *flame, size_t rows)
{
    uint32_t start = flame->node;

    if (flame_selected_box(flame)->rest_count > 0) {
        viewer_say(flame->viewer, "Enter shows what is in here");
        return;
    }
    for (; rows > 0 && node_at(flame, flame->node)->child_count > 0; rows--) {
        flame_select(flame, node_at(flame, flame->node)->first_child);
        if (flame_selected_box(flame)->rest_count > 0) {
            break;
        }
    }
    if (flame->node == start) {
        viewer_say(flame->viewer, "%s",
                   flame->profile.is_inverted ? "nothing calls this"
                                              : "this calls nothing");
    }
}

static void
zoom(struct flame *flame)
{
    const struct flame_box *box = flame_selected_box(flame);

    if (box->rest_count == 0 && box->node == flame->root
        && !flame->is_rest_root) {
        viewer_say(flame->viewer, "this is shown as wide as it gets");
        return;
    }
    if (box->rest_count > 0 && flame->is_rest_root
        && box->node == flame->root) {
        viewer_say(flame->viewer,
                   "each is narrower than a column; Tab lists the functions");
        return;
    }
    if (node_at(flame, box->node)->function == PROFILE_OTHER) {
        uint32_t caller = node_at(flame, box->node)->parent;

        if (caller == flame->root) {
            viewer_say(flame->viewer, "these are too many to be told apart");
            return;
        }
        flame_set_root(flame, caller, false);
        flame_select(flame, caller);
        return;
    }
    flame_set_root(flame, box->node, box->rest_count > 0);
}

static bool
show_longest(struct flame *flame, struct error *err)
{
    bool is_path = flame->transforms.count == 0 && !flame->is_in_list;
    uint32_t function = flame_chosen(flame);
    struct flame_place *place;
    bool is_ok;

    if (!profile_is_function(function)) {
        viewer_say(flame->viewer, "this is not one function");
        return true;
    }
    if (!is_path) {
        return longest_call_job_start(flame->viewer, JOB_FLAME, &function, 1,
                                      false, err);
    }
    place = flame_place_take(flame, err);
    is_ok = place != NULL
            && longest_call_job_start(
                flame->viewer, JOB_FLAME, place->functions + flame->has_tracks,
                place->length - flame->has_tracks, true, err);
    flame_place_free(place);
    return is_ok;
}

static bool
edit(struct flame *flame, struct error *err)
{
    uint32_t chosen = flame_chosen(flame);
    const struct model_function *function =
        profile_is_function(chosen)
            ? scope_profile_function(flame->model, chosen)
            : NULL;

    if (function == NULL || function->file[0] == '\0') {
        viewer_say(flame->viewer, "there is no source file of this");
        return true;
    }
    return viewer_request(flame->viewer, APP_REQUEST_EDIT, function->file,
                          function->line, err);
}

/* The box that a remainder is shown as, at the top, cannot be selected. */
static bool
can_be_match(const struct flame *flame, const struct flame_box *box)
{
    return flame_is_hit(flame, box)
           && (box != flame->chart.boxes || !flame->is_rest_root);
}

/* The next (1) or previous (-1) box that matches, through all rows and around;
 * NULL = there is none. */
static const struct flame_box *
find_match(const struct flame *flame, int direction)
{
    const struct flame_chart *chart = &flame->chart;
    size_t at = (size_t)(flame_selected_box(flame) - chart->boxes);

    for (size_t i = 0; i < chart->count; i++) {
        at = direction > 0 ? (at + 1) % chart->count
                           : (at + chart->count - 1) % chart->count;
        if (can_be_match(flame, &chart->boxes[at])) {
            return &chart->boxes[at];
        }
    }
    return NULL;
}

static void
say_which_match(const struct flame *flame, const struct flame_box *match)
{
    const struct flame_chart *chart = &flame->chart;
    size_t number = 0;
    size_t count = 0;

    for (const struct flame_box *box = chart->boxes;
         box < chart->boxes + chart->count; box++) {
        count += can_be_match(flame, box);
        number = box == match ? count : number;
    }
    viewer_say(flame->viewer, "match %zu of %zu", number, count);
}

static void
go_to_match(struct flame *flame, int direction)
{
    const struct flame_box *match = find_match(flame, direction);

    if (!search_is_on(&flame->viewer->search)) {
        viewer_say(flame->viewer, "nothing is searched for; / begins");
    } else if (match == NULL) {
        viewer_say(flame->viewer, flame->root == 0
                                      ? "no box matches"
                                      : "no box below this root matches");
    } else {
        flame->is_in_list = false;
        flame_select(flame, match->node);
        say_which_match(flame, match);
    }
}

/* To the root of the graph, then to the graph as it was. */
static bool
back_to_all(struct flame *flame, bool *is_done, struct error *err)
{
    if (flame->root != 0) {
        flame_set_root(flame, 0, false);
        return true;
    }
    *is_done = flame->transforms.count > 0;
    return !*is_done || flame_keep_steps(flame, 0, err);
}

static bool
carry_out(struct flame *flame, enum action_id action, bool *is_done,
          struct error *err)
{
    unsigned page = flame_height(flame);

    if (flame_list_command(flame, action)) {
        return true;
    }
    switch (action) {
    case ACTION_LEFT:
    case ACTION_RIGHT:
        move_in_row(flame, action == ACTION_RIGHT ? 1 : -1);
        return true;
    case ACTION_UP:
        move_up(flame, 1);
        return true;
    case ACTION_DOWN:
        move_down(flame, 1);
        return true;
    case ACTION_PAGE_UP:
        move_up(flame, page);
        return true;
    case ACTION_PAGE_DOWN:
        move_down(flame, page);
        return true;
    case ACTION_HALF_UP:
        move_up(flame, page / 2 + 1);
        return true;
    case ACTION_HALF_DOWN:
        move_down(flame, page / 2 + 1);
        return true;
    case ACTION_FIRST:
        move_up(flame, SIZE_MAX);
        return true;
    case ACTION_LAST:
        move_down(flame, SIZE_MAX);
        return true;
    case ACTION_REROOT:
        zoom(flame);
        return true;
    case ACTION_OCCURRENCES:
        return show_longest(flame, err);
    case ACTION_EDIT:
        return edit(flame, err);
    case ACTION_SEARCH_NEXT:
    case ACTION_SEARCH_PREVIOUS:
        go_to_match(flame, action == ACTION_SEARCH_NEXT ? 1 : -1);
        return true;
    case ACTION_CANCEL:
        return back_to_all(flame, is_done, err);
    default: /* the others are the viewer's, or not of this view */
        return flame_step_command(flame, action, is_done, err);
    }
}

/* Keep what was typed for when a job has made the profile; Esc forgets it. */
static bool
type_ahead(struct flame *flame, enum action_id action)
{
    if (action == ACTION_CANCEL) {
        bool has_any = flame->ahead_count > 0;

        flame->ahead_count = 0;
        return has_any;
    }
    if (action == ACTION_CLOSE || flame->ahead_count == FLAME_AHEAD_MAX
        || !jobs_is_busy(flame->viewer->jobs, JOB_FLAME)) {
        return false;
    }
    flame->ahead[flame->ahead_count++] = action;
    return true;
}

bool
flame_catch_up(struct flame *flame, struct error *err)
{
    size_t count = flame->ahead_count;
    bool is_ok = true;

    flame->ahead_count = 0; /* what comes now may have to wait again */
    for (size_t i = 0; is_ok && i < count; i++) {
        bool is_done;

        is_ok = flame_command(flame, flame->ahead[i], &is_done, err);
    }
    return is_ok;
}

bool
flame_command(struct flame *flame, enum action_id action, bool *is_done,
              struct error *err)
{
    *is_done = true;
    if (action == ACTION_REROOT && !flame->has_profile
        && !jobs_is_busy(flame->viewer->jobs, JOB_FLAME)) {
        flame->ahead_count = 0;
        flame_drop_profile(flame);
        return true;
    }
    if (!flame_prepare(flame, err)) {
        return false;
    }
    if (!flame->has_profile) {
        *is_done = type_ahead(flame, action);
        return true;
    }
    if (flame->layout.is_too_small) {
        *is_done = false;
        return true; /* nothing can be seen, so nothing can be meant */
    }
    return carry_out(flame, action, is_done, err) && flame_prepare(flame, err);
}

/* The box at a place of the screen; NULL = there is none. */
static const struct flame_box *
box_at(const struct flame *flame, const struct mouse_event *event)
{
    unsigned first = (unsigned)flame_first_row(flame);
    const struct flame_box *boxes;
    size_t count;

    if (flame_hides_chart(flame) || event->y < first
        || event->y - first >= flame_shown_rows(flame)) {
        return NULL;
    }
    boxes =
        flame_chart_row(&flame->chart, flame->top + event->y - first, &count);
    for (size_t i = 0; i < count; i++) {
        if (event->x >= boxes[i].x && event->x < boxes[i].x + boxes[i].width) {
            return &boxes[i];
        }
    }
    return NULL;
}

static void
click(struct flame *flame, const struct mouse_event *event)
{
    const struct flame_box *box = box_at(flame, event);
    uint64_t now_ns = flame->viewer->now_ns;
    bool is_second = box != NULL && flame->click_ns != 0
                     && flame->click_node == box->node
                     && now_ns - flame->click_ns <= DOUBLE_CLICK_NS;

    if (box == NULL || (flame->is_rest_root && box == &flame->chart.boxes[0])) {
        return;
    }
    flame->is_in_list = false;
    flame_select(flame, box->node);
    flame->click_ns = is_second ? 0 : now_ns;
    flame->click_node = box->node;
    if (is_second) {
        zoom(flame);
    }
}

static bool
press(struct flame *flame, const struct mouse_event *event, struct error *err)
{
    if (flame_has_crumbs(flame)
        && (int)event->y == flame_first_row(flame) - 1) {
        return flame_crumbs_click(flame, (int)event->x, err);
    }
    click(flame, event);
    return true;
}

bool
flame_mouse(struct flame *flame, const struct mouse_event *event,
            struct error *err)
{
    bool is_ok = true;

    if (!flame_prepare(flame, err)) {
        return false;
    }
    if (!flame->has_profile || flame->layout.is_too_small) {
        return true;
    }
    if (flame_list_mouse(flame, event)) {
        return flame_prepare(flame, err);
    }
    if (event->kind == MOUSE_WHEEL_UP && rows_above(flame) > 0) {
        move_up(flame, 1);
    } else if (event->kind == MOUSE_WHEEL_DOWN
               && flame_selected_box(flame)->rest_count == 0
               && node_at(flame, flame->node)->child_count > 0) {
        move_down(flame, 1);
    } else if (event->kind == MOUSE_PRESS
               && event->button == MOUSE_BUTTON_LEFT) {
        is_ok = press(flame, event, err);
    }
    return is_ok && flame_prepare(flame, err);
}
