// SPDX-License-Identifier: Apache-2.0
/* What keys and the mouse do between callers and callees. */
#include "base/error.h"
#include "model/call_rank.h"
#include "model/function_family.h"
#include "tui/function_facts.h"
#include "tui/mouse.h"
#include "tui/profile_job.h"
#include "tui/sandwich.h"
#include "tui/viewer.h"

#define DOUBLE_CLICK_NS UINT64_C(400000000)

enum { WHEEL_ROWS = 3 };

static void
move(struct sandwich *sandwich, enum sandwich_pane pane, ptrdiff_t rows)
{
    size_t count = sandwich_row_count(sandwich, pane);
    size_t row = sandwich->state.rows[pane];
    size_t last = count - 1;
    size_t to;

    if (count == 0) {
        viewer_say(sandwich->viewer, "there is nothing in this list");
        return;
    }
    if (rows < 0) {
        to = row < (size_t)-rows ? 0 : row - (size_t)-rows;
    } else {
        to = last - row < (size_t)rows ? last : row + (size_t)rows;
    }
    if (to == row) {
        viewer_say(sandwich->viewer,
                   rows < 0 ? "this is the first row" : "this is the last row");
    }
    sandwich_go_to_row(sandwich, pane, to);
}

static void
change_pane(struct sandwich *sandwich, int direction)
{
    int pane = (int)sandwich->state.pane + direction;

    sandwich->state.pane =
        (enum sandwich_pane)((pane + SANDWICH_PANES) % SANDWICH_PANES);
}

static void
toggle(struct sandwich *sandwich, enum sandwich_pane pane,
       const struct sandwich_row *row)
{
    if (row->has_children) {
        sandwich_folds_toggle(&sandwich->state.folds[pane], row->path);
        sandwich->has_rows = false;
    }
}

/* Open the row, or go to the first one below it; close it, or go to the one
 * it is below. */
static void
fold(struct sandwich *sandwich, bool opens)
{
    enum sandwich_pane pane = sandwich->state.pane;
    const struct sandwich_row *row = sandwich_row(sandwich, pane);

    if (row == NULL) {
        viewer_say(sandwich->viewer, "there is nothing to fold here");
    } else if (row->has_children && row->is_open != opens) {
        sandwich_go_to_row(sandwich, pane, sandwich->state.rows[pane]);
        toggle(sandwich, pane, row);
    } else if (opens && row->has_children) {
        sandwich_go_to_row(sandwich, pane, sandwich->state.rows[pane] + 1);
    } else if (opens) {
        viewer_say(sandwich->viewer, "there is nothing below it");
    } else {
        sandwich_go_to_row(sandwich, pane,
                           sandwich_rows_parent(&sandwich->rows[pane],
                                                sandwich->state.rows[pane]));
    }
}

static bool
jump_to_call(struct sandwich *sandwich, struct error *err)
{
    struct slice slice;

    if (sandwich_row_count(sandwich, SANDWICH_CALLS) == 0) {
        viewer_say(sandwich->viewer, "there is no call to go to");
        return true;
    }
    if (!function_facts_slice(sandwich->viewer->function_facts,
                              sandwich->state.rows[SANDWICH_CALLS], &slice,
                              err)) {
        return false;
    }
    viewer_jump(sandwich->viewer, &slice);
    return true;
}

/* Put the function of the row into the middle, or go to the call. */
static bool
enter(struct sandwich *sandwich, struct error *err)
{
    enum sandwich_pane pane = sandwich->state.pane;
    const struct sandwich_row *row = sandwich_row(sandwich, pane);
    uint32_t function;

    if (pane == SANDWICH_CALLS) {
        return jump_to_call(sandwich, err);
    }
    if (row == NULL) {
        viewer_say(sandwich->viewer, "there is no function in this list");
    } else if (!sandwich_row_function(sandwich, pane, row, &function)) {
        viewer_say(sandwich->viewer, "this row is no function");
    } else if (function == sandwich->state.function) {
        viewer_say(sandwich->viewer, "this function is in the middle already");
    } else {
        sandwich_show(sandwich, function);
    }
    return true;
}

/* The function of the row, or the one in the middle. */
static uint32_t
meant_function(const struct sandwich *sandwich)
{
    enum sandwich_pane pane = sandwich->state.pane;
    const struct sandwich_row *row = sandwich_row(sandwich, pane);
    uint32_t function;

    return row != NULL && sandwich_row_function(sandwich, pane, row, &function)
               ? function
               : sandwich->state.function;
}

static bool
edit(struct sandwich *sandwich, struct error *err)
{
    const struct model_function *function = scope_profile_function(
        sandwich->viewer->model, meant_function(sandwich));

    if (function->file[0] == '\0') {
        viewer_say(sandwich->viewer, "there is no source file of this");
        return true;
    }
    return viewer_request(sandwich->viewer, APP_REQUEST_EDIT, function->file,
                          function->line, err);
}

/* The next slower (-1) or faster (1) call in the list. */
static void
hop(struct sandwich *sandwich, int places)
{
    if (sandwich->state.pane == SANDWICH_CALLS || sandwich->places.is_wide) {
        move(sandwich, SANDWICH_CALLS, places);
    }
    sandwich->state.pane = SANDWICH_CALLS;
}

/* The next (1) or previous (-1) row that matches, around the tree. */
static void
go_to_match(struct sandwich *sandwich, int direction)
{
    enum sandwich_pane pane = sandwich->state.pane == SANDWICH_CALLS
                                  ? SANDWICH_CALLEES
                                  : sandwich->state.pane;
    size_t count = sandwich_row_count(sandwich, pane);
    size_t row = sandwich->state.rows[pane];

    if (!search_is_on(&sandwich->viewer->search)) {
        viewer_say(sandwich->viewer, "nothing is searched for; / begins");
        return;
    }
    for (size_t i = 0; i < count; i++) {
        uint32_t function;

        row = direction > 0 ? (row + 1) % count : (row + count - 1) % count;
        if (sandwich_row_function(sandwich, pane,
                                  &sandwich->rows[pane].rows[row], &function)
            && search_is_hit(&sandwich->viewer->search, function)) {
            sandwich->state.pane = pane;
            sandwich_go_to_row(sandwich, pane, row);
            return;
        }
    }
    viewer_say(sandwich->viewer, "no row that is open here matches");
}

static bool
carry_out(struct sandwich *sandwich, enum action_id action, bool *is_done,
          struct error *err)
{
    enum sandwich_pane pane = sandwich->state.pane;
    ptrdiff_t page = (ptrdiff_t)sandwich_pane_height(sandwich, pane);

    switch (action) {
    case ACTION_UP:
    case ACTION_DOWN:
        move(sandwich, pane, action == ACTION_UP ? -1 : 1);
        return true;
    case ACTION_PAGE_UP:
    case ACTION_PAGE_DOWN:
        move(sandwich, pane, action == ACTION_PAGE_UP ? -page : page);
        return true;
    case ACTION_HALF_UP:
    case ACTION_HALF_DOWN:
        page = page / 2 + 1;
        move(sandwich, pane, action == ACTION_HALF_UP ? -page : page);
        return true;
    case ACTION_FIRST:
    case ACTION_LAST:
        move(sandwich, pane,
             action == ACTION_FIRST ? -PTRDIFF_MAX : PTRDIFF_MAX);
        return true;
    case ACTION_LEFT:
    case ACTION_RIGHT:
        fold(sandwich, action == ACTION_RIGHT);
        return true;
    case ACTION_NEXT_PANE:
    case ACTION_PREVIOUS_PANE:
        change_pane(sandwich, action == ACTION_NEXT_PANE ? 1 : -1);
        return true;
    case ACTION_SLOWER:
    case ACTION_FASTER:
        hop(sandwich, action == ACTION_SLOWER ? -1 : 1);
        return true;
    case ACTION_SEARCH_NEXT:
    case ACTION_SEARCH_PREVIOUS:
        go_to_match(sandwich, action == ACTION_SEARCH_NEXT ? 1 : -1);
        return true;
    case ACTION_OPEN_SANDWICH:
        return enter(sandwich, err);
    case ACTION_OCCURRENCES:
        return occurrences_show(sandwich->viewer, JOB_OCCURRENCES,
                                sandwich->state.function, err);
    case ACTION_TAG:
        tags_toggle(sandwich->viewer, meant_function(sandwich));
        return true;
    case ACTION_EDIT:
        return edit(sandwich, err);
    default: /* the others are the viewer's, or not of this view */
        *is_done = false;
        return true;
    }
}

/* Whether what Enter is pressed for is to be sought again. */
static bool
is_stopped(const struct sandwich *sandwich)
{
    enum fact_state family;
    enum fact_state calls;

    (void)function_facts_family(sandwich->viewer->function_facts, &family);
    (void)function_facts_calls(sandwich->viewer->function_facts, &calls);
    return family == FACT_STOPPED || family == FACT_FAILED
           || (sandwich->state.pane == SANDWICH_CALLS
               && (calls == FACT_STOPPED || calls == FACT_FAILED));
}

bool
sandwich_command(struct sandwich *sandwich, enum action_id action,
                 bool *is_done, struct error *err)
{
    *is_done = true;
    if (!sandwich_prepare(sandwich, err)) {
        return false;
    }
    if (sandwich->layout.is_too_small || !sandwich->state.has_function) {
        *is_done = false;
        return true; /* nothing can be seen, so nothing can be meant */
    }
    if (action == ACTION_OPEN_SANDWICH && is_stopped(sandwich)) {
        function_facts_forget(sandwich->viewer->function_facts);
        return sandwich_prepare(sandwich, err);
    }
    return carry_out(sandwich, action, is_done, err)
           && sandwich_prepare(sandwich, err);
}

static bool
is_in(const struct sandwich_place *place, unsigned x, unsigned y)
{
    return place->height > 0 && x >= place->x && x < place->x + place->width
           && (int)y >= place->y && (int)y < place->y + (int)place->height;
}

/* A click chooses a row; a second one is Enter. */
static bool
click(struct sandwich *sandwich, enum sandwich_pane pane, size_t row,
      struct error *err)
{
    uint64_t now_ns = sandwich->viewer->now_ns;
    bool is_second = sandwich->click_ns != 0 && sandwich->click_row == row
                     && sandwich->click_pane == pane
                     && now_ns - sandwich->click_ns <= DOUBLE_CLICK_NS;

    sandwich->state.pane = pane;
    if (row >= sandwich_row_count(sandwich, pane)) {
        return true;
    }
    sandwich_go_to_row(sandwich, pane, row);
    sandwich->click_row = row;
    sandwich->click_pane = pane;
    sandwich->click_ns = is_second ? 0 : now_ns;
    return !is_second || enter(sandwich, err);
}

bool
sandwich_mouse(struct sandwich *sandwich, const struct mouse_event *event,
               struct error *err)
{
    bool is_wheel =
        event->kind == MOUSE_WHEEL_UP || event->kind == MOUSE_WHEEL_DOWN;
    bool is_press =
        event->kind == MOUSE_PRESS && event->button == MOUSE_BUTTON_LEFT;

    if (!sandwich_prepare(sandwich, err)) {
        return false;
    }
    for (int pane = 0; pane < SANDWICH_PANES; pane++) {
        const struct sandwich_place *place = &sandwich->places.panes[pane];
        size_t row =
            sandwich->state.tops[pane] + event->y - (size_t)place->y - 1;

        if (!is_in(place, event->x, event->y)) {
            continue;
        }
        if (is_wheel) {
            sandwich->state.pane = (enum sandwich_pane)pane;
            move(sandwich, pane,
                 event->kind == MOUSE_WHEEL_UP ? -WHEEL_ROWS : WHEEL_ROWS);
        } else if (is_press && (int)event->y == place->y) {
            sandwich->state.pane = (enum sandwich_pane)pane;
        } else if (is_press && !click(sandwich, pane, row, err)) {
            return false;
        }
        break;
    }
    return sandwich_prepare(sandwich, err);
}
