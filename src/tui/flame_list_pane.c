// SPDX-License-Identifier: Apache-2.0
/* The list of functions as a pane: its selection is that of the chart. */
#include "tui/flame_list_pane.h"
#include "tui/flame.h"
#include "tui/mouse.h"
#include "tui/viewer.h"

enum { LIST_HEAD = 2 }; /* rows of titles */

unsigned
flame_list_rows(const struct flame *flame)
{
    unsigned height = flame_list_height(flame);

    return height > LIST_HEAD ? height - LIST_HEAD : 0;
}

int
flame_list_first(const struct flame *flame)
{
    return flame->layout.status_row - (int)flame_detail_height(flame)
           - (int)flame_list_rows(flame);
}

size_t
flame_list_cursor(const struct flame *flame)
{
    return flame_list_find(&flame->list, flame_chosen(flame));
}

void
flame_list_follow(struct flame *flame)
{
    size_t rows = flame_list_rows(flame);
    size_t cursor = flame_list_cursor(flame);

    if (rows == 0) {
        flame->is_in_list = false;
        return;
    }
    if (flame->is_in_list && cursor == flame->list.count) {
        flame->is_in_list = false; /* the function is not there any more */
        cursor = flame_list_cursor(flame);
    }
    if (flame->list.count <= rows) {
        flame->list_top = 0;
    } else if (flame->list_top > flame->list.count - rows) {
        flame->list_top = flame->list.count - rows;
    }
    if (cursor == flame->list.count) {
        return;
    }
    if (cursor < flame->list_top) {
        flame->list_top = cursor;
    } else if (cursor >= flame->list_top + rows) {
        flame->list_top = cursor - rows + 1;
    }
}

/* Whether a node is the root of the chart or below it. */
static bool
is_below_root(const struct flame *flame, uint32_t node)
{
    const struct profile_node *nodes = flame->profile.nodes;

    while (nodes[node].level > nodes[flame->root].level) {
        node = nodes[node].parent;
    }
    return flame_box_holds(&flame->chart.boxes[0], node);
}

/* Select a row, and in the chart the first box of its function. */
static void
select_row(struct flame *flame, size_t row)
{
    const struct scope_profile *profile = &flame->profile;
    uint32_t function = flame->list.rows[row].function;

    flame->is_in_list = true;
    flame->list_function = function;
    for (uint32_t i = flame->root; i < profile->node_count; i++) {
        if (profile->nodes[i].function == function && is_below_root(flame, i)) {
            flame_select(flame, i);
            return;
        }
    }
}

/* By so many rows, as far as there are any. */
static void
move(struct flame *flame, bool is_down, size_t rows)
{
    size_t cursor = flame_list_cursor(flame);
    size_t last = flame->list.count - 1;

    if (cursor > last) {
        select_row(flame, flame->list_top);
    } else if (cursor == (is_down ? last : 0)) {
        viewer_say(flame->viewer, "nothing further %s",
                   is_down ? "down" : "up");
    } else if (is_down) {
        select_row(flame, last - cursor < rows ? last : cursor + rows);
    } else {
        select_row(flame, cursor < rows ? 0 : cursor - rows);
    }
}

static void
switch_pane(struct flame *flame)
{
    size_t cursor = flame_list_cursor(flame);

    if (flame->is_in_list) {
        flame->is_in_list = false;
    } else if (flame->list.count > 0) {
        select_row(flame, cursor < flame->list.count ? cursor : 0);
        if (flame_list_rows(flame) == 0) {
            viewer_say(flame->viewer,
                       "the list of functions needs a higher screen");
        }
    }
}

static bool
move_in_list(struct flame *flame, enum action_id action)
{
    size_t page = flame_list_rows(flame);

    switch (action) {
    case ACTION_UP:
    case ACTION_DOWN:
        move(flame, action == ACTION_DOWN, 1);
        return true;
    case ACTION_PAGE_UP:
    case ACTION_PAGE_DOWN:
        move(flame, action == ACTION_PAGE_DOWN, page);
        return true;
    case ACTION_HALF_UP:
    case ACTION_HALF_DOWN:
        move(flame, action == ACTION_HALF_DOWN, page / 2 + 1);
        return true;
    case ACTION_FIRST:
        select_row(flame, 0);
        return true;
    case ACTION_LAST:
        select_row(flame, flame->list.count - 1);
        return true;
    case ACTION_LEFT:
    case ACTION_RIGHT:
        viewer_say(flame->viewer, "Tab goes to the graph");
        return true;
    case ACTION_CANCEL:
    case ACTION_CLOSE:
        flame->is_in_list = false;
        return true;
    default: /* the others are not of the list alone */
        return false;
    }
}

bool
flame_list_command(struct flame *flame, enum action_id action)
{
    if (action == ACTION_NEXT_PANE || action == ACTION_PREVIOUS_PANE) {
        switch_pane(flame);
        return true;
    }
    return flame->is_in_list && move_in_list(flame, action);
}

bool
flame_list_mouse(struct flame *flame, const struct mouse_event *event)
{
    int row = (int)event->y - flame_list_first(flame);
    size_t index = flame->list_top + (size_t)row;

    if (row < 0 || row >= (int)flame_list_rows(flame)
        || flame->list.count == 0) {
        return false;
    }
    if (event->kind == MOUSE_PRESS && event->button == MOUSE_BUTTON_LEFT
        && index < flame->list.count) {
        select_row(flame, index);
    } else if (event->kind == MOUSE_WHEEL_UP
               || event->kind == MOUSE_WHEEL_DOWN) {
        move(flame, event->kind == MOUSE_WHEEL_DOWN, 1);
    }
    return true;
}
