// SPDX-License-Identifier: Apache-2.0
#include "tui/functions.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "tui/mouse.h"
#include "tui/profile_job.h"
#include "tui/viewer.h"

#define DOUBLE_CLICK_NS UINT64_C(400000000)

enum { WHEEL_ROWS = 3 };

unsigned
functions_height(const struct functions *functions)
{
    return functions->layout.track_height;
}

static bool
take_profile(void *context, struct scope_profile *profile,
             const struct error *failure, struct error *err)
{
    struct functions *functions = context;

    if (failure != NULL) {
        (void)snprintf(functions->failure, sizeof functions->failure, "%s",
                       failure->message);
        return true;
    }
    if (!functions_table_build(&functions->table, functions->viewer->model,
                               profile, functions->viewer->theme.is_ascii,
                               err)) {
        return false;
    }
    scope_profile_release(&functions->profile);
    functions->profile = *profile;
    *profile = (struct scope_profile){0};
    functions->model = functions->viewer->model;
    functions->has_profile = true;
    functions->is_sorted = false;
    return true;
}

void
functions_forget(struct functions *functions)
{
    scope_profile_release(&functions->profile);
    functions_table_release(&functions->table);
    functions->has_profile = false;
    functions->is_asked = false;
    functions->failure[0] = '\0';
}

/* The cursor's row: that of its function, or the same row when it is not in
 * the table. */
static void
find_cursor(struct functions *functions)
{
    const struct functions_table *table = &functions->table;

    if (!functions->has_cursor && table->count > 0) {
        functions->has_cursor = true;
        functions->state.function = table->rows[0];
    }
    for (size_t i = 0; i < table->count; i++) {
        if (table->rows[i] == functions->state.function) {
            functions->row = i;
            return;
        }
    }
    if (functions->row >= table->count) {
        functions->row = table->count == 0 ? 0 : table->count - 1;
    }
}

static void
follow_cursor(struct functions *functions)
{
    size_t height = functions_height(functions);
    size_t count = functions->table.count;

    if (functions->state.top + height > count) {
        functions->state.top = count > height ? count - height : 0;
    }
    if (functions->row < functions->state.top) {
        functions->state.top = functions->row;
    } else if (functions->row >= functions->state.top + height) {
        functions->state.top = functions->row - height + 1;
    }
}

bool
functions_prepare(struct functions *functions, struct error *err)
{
    static const struct profile_request request = {.has_tree = false};
    struct viewer *viewer = functions->viewer;

    if (functions->is_asked
        && functions->scope_number != viewer->scope_number) {
        functions_forget(functions);
    }
    if (!functions->is_asked) {
        functions->is_asked = true;
        functions->scope_number = viewer->scope_number;
        return profile_job_start(viewer, JOB_FUNCTIONS, &request, take_profile,
                                 functions, err);
    }
    if (!functions->has_profile || functions->layout.is_too_small) {
        return true;
    }
    if (!functions->is_sorted
        && !functions_table_sort(&functions->table, functions->model,
                                 &functions->profile, &functions->state.order,
                                 err)) {
        return false;
    }
    functions->is_sorted = true;
    find_cursor(functions);
    follow_cursor(functions);
    return true;
}

static void
go_to_row(struct functions *functions, size_t row)
{
    functions->row = row;
    functions->state.function = functions->table.rows[row];
}

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
    go_to_row(functions, row);
}

static void
sort_by(struct functions *functions, enum functions_column column)
{
    struct functions_order *order = &functions->state.order;

    go_to_row(functions, functions->row); /* and stay with the function */
    *order = (struct functions_order){.column = column};
    functions->is_sorted = false;
}

static void
invert(struct functions *functions)
{
    go_to_row(functions, functions->row);
    functions->state.order.is_inverted = !functions->state.order.is_inverted;
    functions->is_sorted = false;
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
    i = (i + count + (size_t)(direction + (int)count)) % count;
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
            go_to_row(functions, row);
            return;
        }
    }
    viewer_say(functions->viewer, "no function of the scope matches");
}

static bool
show_longest(struct functions *functions, struct error *err)
{
    uint32_t function = functions->table.rows[functions->row];

    if (function == functions->profile.function_count) {
        function = UINT32_MAX; /* as slices name the unknown */
    }
    go_to_row(functions, functions->row);
    return longest_call_job_start(functions->viewer, JOB_FUNCTIONS, &function,
                                  1, false, err);
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
    case ACTION_OPEN_CALL:
    case ACTION_OCCURRENCES:
        return show_longest(functions, err);
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
    if (action == ACTION_OPEN_CALL && !functions->has_profile
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
    return carry_out(functions, action, is_done, err)
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
        } else {
            sort_by(functions, places[i].column);
        }
    }
}

static bool
click_row(struct functions *functions, size_t row, struct error *err)
{
    uint64_t now_ns = functions->viewer->now_ns;
    bool is_second = functions->click_ns != 0 && functions->click_row == row
                     && now_ns - functions->click_ns <= DOUBLE_CLICK_NS;

    if (row >= functions->table.count) {
        return true;
    }
    go_to_row(functions, row);
    functions->click_row = row;
    functions->click_ns = is_second ? 0 : now_ns;
    return !is_second || show_longest(functions, err);
}

bool
functions_mouse(struct functions *functions, const struct mouse_event *event,
                struct error *err)
{
    const struct layout *layout = &functions->layout;
    unsigned first = (unsigned)layout->tracks_row;
    bool is_ok = true;

    if (!functions_prepare(functions, err)) {
        return false;
    }
    if (!functions->has_profile || layout->is_too_small
        || functions->table.count == 0) {
        return true;
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
        is_ok =
            click_row(functions, functions->state.top + event->y - first, err);
    }
    return is_ok && functions_prepare(functions, err);
}
