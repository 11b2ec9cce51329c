// SPDX-License-Identifier: Apache-2.0
/* What keys and the mouse do in the function table. */
#include <stdio.h>

#include "tui/functions.h"
#include "tui/functions_pane.h"
#include "tui/menu.h"
#include "tui/mouse.h"
#include "tui/profile_job.h"
#include "tui/viewer.h"

#define DOUBLE_CLICK_NS UINT64_C(400000000)

enum { WHEEL_ROWS = 3, MENU_TEXT_SIZE = 80 };

static void
move(struct functions *functions, ptrdiff_t rows)
{
    size_t last = functions->table.count - 1;
    size_t row = functions->row;

    if (rows < 0) {
        row = row < (size_t)-rows ? 0 : row - (size_t)-rows;
    } else {
        row = last - row < (size_t)rows ? last : row + (size_t)rows;
    }
    if (row == functions->row) {
        viewer_say(functions->viewer,
                   rows < 0 ? "this is the first row" : "this is the last row");
    }
    functions_go_to_row(functions, row);
}

static void
sort_by(struct functions *functions, enum functions_column column)
{
    struct functions_order *order = &functions->state.order;

    functions_go_to_row(functions,
                        functions->row); /* and stay with the function */
    *order = (struct functions_order){.column = column};
    functions->is_sorted = false;
}

static void
invert(struct functions *functions)
{
    functions_go_to_row(functions, functions->row);
    functions->state.order.is_inverted = !functions->state.order.is_inverted;
    functions->is_sorted = false;
}

/* A menu of columns; what was chosen in it comes back as viewer->choice. */
static bool
choose_column(struct functions *functions, struct error *err)
{
    struct viewer *viewer = functions->viewer;
    const struct menu_options options = {.title = "Sort by"};
    struct menu *menu;
    bool is_ok;

    if (viewer->choice < COLUMN_COUNT) {
        sort_by(functions, (enum functions_column)viewer->choice);
        return true;
    }
    if (!menu_new(&menu, viewer, &options, err)) {
        return false;
    }
    is_ok = true;
    for (int i = 0; i < COLUMN_COUNT && is_ok; i++) {
        enum functions_column column = (enum functions_column)i;
        char text[MENU_TEXT_SIZE];

        (void)snprintf(text, sizeof text, "%-10s%s",
                       functions_column_title(column),
                       functions_column_help(column));
        is_ok =
            !functions_column_is_sortable(column)
            || menu_add_choice(menu, ACTION_SORT_MENU, (size_t)i, 0, text, err);
    }
    if (!is_ok) {
        menu_free(menu);
        return false;
    }
    menu_open(menu);
    return true;
}

/* The column beside the one that is sorted by, of those on screen. */
static void
sort_beside(struct functions *functions, int direction)
{
    struct functions_place places[COLUMN_COUNT];
    size_t count =
        functions_table_places(&functions->table, functions->layout.width,
                               functions->state.first, places);
    size_t i = 0;

    while (i < count && places[i].column != functions->state.order.column) {
        i++;
    }
    if (i == count) { /* it is scrolled away */
        i = direction > 0 ? count - 1 : 0;
    }
    do {
        i = (i + count + (size_t)(direction + (int)count)) % count;
    } while (!functions_column_is_sortable(places[i].column));
    sort_by(functions, places[i].column);
}

static void
scroll(struct functions *functions, int direction)
{
    enum functions_column last =
        functions_table_last_first(&functions->table, functions->layout.width);
    enum functions_column first = functions->state.first;

    if (direction < 0 ? first == 0 : first >= last) {
        viewer_say(functions->viewer, last == 0 ? "all columns are shown"
                                      : direction < 0
                                          ? "this is the first column"
                                          : "the last column is shown");
        return;
    }
    functions->state.first = (enum functions_column)((int)first + direction);
}

/* The next (1) or previous (-1) row that matches, around the table. */
static void
go_to_match(struct functions *functions, int direction)
{
    const struct functions_table *table = &functions->table;
    size_t row = functions->row;

    if (!search_is_on(&functions->viewer->search)) {
        viewer_say(functions->viewer, "nothing is searched for; / begins");
        return;
    }
    for (size_t i = 0; i < table->count; i++) {
        row = direction > 0 ? (row + 1) % table->count
                            : (row + table->count - 1) % table->count;
        if (search_is_hit(&functions->viewer->search, table->rows[row])) {
            functions_go_to_row(functions, row);
            return;
        }
    }
    viewer_say(functions->viewer, "no function of the scope matches");
}

static void
open_sandwich(struct functions *functions)
{
    functions_go_to_row(functions, functions->row);
    functions->viewer->wanted_action = ACTION_VIEW_4;
}

static bool
show_occurrences(struct functions *functions, struct error *err)
{
    functions_go_to_row(functions, functions->row);
    return occurrences_show(functions->viewer, JOB_OCCURRENCES,
                            functions_selected(functions), err);
}

static bool
edit(struct functions *functions, struct error *err)
{
    const struct model_function *function = scope_profile_function(
        functions->model, functions->table.rows[functions->row]);

    if (function->file[0] == '\0') {
        viewer_say(functions->viewer, "there is no source file of this");
        return true;
    }
    return viewer_request(functions->viewer, APP_REQUEST_EDIT, function->file,
                          function->line, err);
}

static bool
carry_out(struct functions *functions, enum action_id action, bool *is_done,
          struct error *err)
{
    ptrdiff_t page = (ptrdiff_t)functions_height(functions);

    switch (action) {
    case ACTION_UP:
    case ACTION_DOWN:
        move(functions, action == ACTION_UP ? -1 : 1);
        return true;
    case ACTION_PAGE_UP:
    case ACTION_PAGE_DOWN:
        move(functions, action == ACTION_PAGE_UP ? -page : page);
        return true;
    case ACTION_HALF_UP:
    case ACTION_HALF_DOWN:
        page = page / 2 + 1;
        move(functions, action == ACTION_HALF_UP ? -page : page);
        return true;
    case ACTION_FIRST:
    case ACTION_LAST:
        move(functions, action == ACTION_FIRST ? -PTRDIFF_MAX : PTRDIFF_MAX);
        return true;
    case ACTION_LEFT:
    case ACTION_RIGHT:
        scroll(functions, action == ACTION_LEFT ? -1 : 1);
        return true;
    case ACTION_SORT_LEFT:
    case ACTION_SORT_RIGHT:
        sort_beside(functions, action == ACTION_SORT_LEFT ? -1 : 1);
        return true;
    case ACTION_INVERT:
        invert(functions);
        return true;
    case ACTION_SEARCH_NEXT:
    case ACTION_SEARCH_PREVIOUS:
        go_to_match(functions, action == ACTION_SEARCH_NEXT ? 1 : -1);
        return true;
    case ACTION_SORT_MENU:
        return choose_column(functions, err);
    case ACTION_OPEN_SANDWICH:
        open_sandwich(functions);
        return true;
    case ACTION_OCCURRENCES:
        return show_occurrences(functions, err);
    case ACTION_TAG:
        functions_go_to_row(functions, functions->row);
        tags_toggle(functions->viewer, functions_selected(functions));
        return true;
    case ACTION_EDIT:
        return edit(functions, err);
    default: /* the others are the viewer's, or not of this view */
        *is_done = false;
        return true;
    }
}

bool
functions_command(struct functions *functions, enum action_id action,
                  bool *is_done, struct error *err)
{
    *is_done = true;
    if (action == ACTION_OPEN_SANDWICH && !functions->has_profile
        && !jobs_is_busy(functions->viewer->jobs, JOB_FUNCTIONS)) {
        functions_forget(functions); /* and ask again */
        return true;
    }
    if (!functions_prepare(functions, err)) {
        return false;
    }
    if (!functions->has_profile || functions->layout.is_too_small
        || functions->table.count == 0) {
        *is_done = false;
        return true; /* nothing can be seen, so nothing can be meant */
    }
    return (functions_pane_takes(functions, action)
                ? functions_pane_command(functions, action, err)
                : carry_out(functions, action, is_done, err))
           && functions_prepare(functions, err);
}

static void
click_title(struct functions *functions, unsigned x)
{
    struct functions_place places[COLUMN_COUNT];
    size_t count =
        functions_table_places(&functions->table, functions->layout.width,
                               functions->state.first, places);

    for (size_t i = 0; i < count; i++) {
        if (x < places[i].x || x >= places[i].x + places[i].width) {
            continue;
        }
        if (places[i].column == functions->state.order.column) {
            invert(functions);
        } else if (functions_column_is_sortable(places[i].column)) {
            sort_by(functions, places[i].column);
        }
    }
}

bool
functions_is_second_click(struct functions *functions, size_t row)
{
    uint64_t now_ns = functions->viewer->now_ns;
    bool is_second = functions->click_ns != 0 && functions->click_row == row
                     && now_ns - functions->click_ns <= DOUBLE_CLICK_NS;

    functions->click_row = row;
    functions->click_ns = is_second ? 0 : now_ns;
    return is_second;
}

static void
click_row(struct functions *functions, size_t row)
{
    functions->state.has_pane_focus = false;
    if (row >= functions->table.count) {
        return;
    }
    functions_go_to_row(functions, row);
    if (functions_is_second_click(functions, row)) {
        open_sandwich(functions);
    }
}

bool
functions_mouse(struct functions *functions, const struct mouse_event *event,
                struct error *err)
{
    const struct layout *layout = &functions->layout;
    unsigned first = (unsigned)layout->tracks_row;

    if (!functions_prepare(functions, err)) {
        return false;
    }
    if (!functions->has_profile || layout->is_too_small
        || functions->table.count == 0) {
        return true;
    }
    if (functions_pane_is_at(functions, event->y)) {
        return functions_pane_mouse(functions, event, err)
               && functions_prepare(functions, err);
    }
    if (event->kind == MOUSE_WHEEL_UP || event->kind == MOUSE_WHEEL_DOWN) {
        move(functions,
             event->kind == MOUSE_WHEEL_UP ? -WHEEL_ROWS : WHEEL_ROWS);
    } else if (event->kind == MOUSE_PRESS && event->button == MOUSE_BUTTON_LEFT
               && (int)event->y == layout->ruler_row) {
        click_title(functions, event->x);
    } else if (event->kind == MOUSE_PRESS && event->button == MOUSE_BUTTON_LEFT
               && event->y >= first
               && event->y - first < functions_height(functions)) {
        click_row(functions, functions->state.top + event->y - first);
    }
    return functions_prepare(functions, err);
}
