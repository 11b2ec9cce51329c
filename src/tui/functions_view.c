// SPDX-License-Identifier: Apache-2.0
#include "tui/functions_view.h"

#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/array.h"
#include "base/buffer.h"
#include "format/sanitise.h"
#include "tui/function_facts.h"
#include "tui/functions.h"
#include "tui/jobs.h"
#include "tui/label.h"
#include "tui/viewer.h"

static bool
functions_open(void **out, struct viewer *viewer, struct error *err)
{
    struct functions *functions = array_new(1, sizeof *functions, err);

    if (functions == NULL) {
        return false;
    }
    functions->viewer = viewer;
    *out = functions;
    return true;
}

static void
functions_close(void *view)
{
    struct functions *functions = view;

    functions_forget(functions);
    call_list_release(&functions->calls);
    free(functions);
}

static bool
resize(void *view, unsigned width, unsigned height, struct error *err)
{
    struct functions *functions = view;

    (void)err;
    functions->layout = layout_of(width, height);
    return true;
}

VIEW_FORWARDS(functions)

static void *
take(const void *view, struct error *err)
{
    const struct functions *functions = view;

    return view_copy_state(&functions->state, sizeof functions->state, err);
}

static bool
is_shown(const void *view, const void *copy)
{
    const struct functions *functions = view;
    const struct functions_state *a = copy;
    const struct functions_state *b = &functions->state;

    return a->function == b->function && a->first == b->first
           && a->order.column == b->order.column
           && a->order.is_inverted == b->order.is_inverted && a->pane == b->pane
           && a->has_pane_focus == b->has_pane_focus && a->call == b->call;
}

static void
restore(void *view, const void *copy)
{
    struct functions *functions = view;

    functions->state = *(const struct functions_state *)copy;
    functions->pane_function = /* the chosen call is one of it */
        functions_function_at(functions, functions->state.function);
    functions->is_sorted = false;
}

static bool
carry(void *view, void *const *copies, size_t count,
      const struct trace_model *from, struct error *err)
{
    const struct functions *functions = view;

    (void)err;
    for (size_t i = 0; i < count; i++) {
        struct functions_state *state = copies[i];

        if (state->function < trace_model_function_count(from)
            && !trace_model_find_function(
                functions->viewer->model,
                trace_model_function(from, state->function),
                &state->function)) {
            state->function = 0;
        }
    }
    return true;
}

/* The cursor stays with its function, when it is there. */
static bool
reload(void *view, struct error *err)
{
    struct functions *functions = view;
    uint32_t *function = &functions->state.function;

    (void)err;
    if (functions->has_profile && functions->has_cursor
        && *function < functions->profile.function_count) {
        functions->has_cursor = trace_model_find_function(
            functions->viewer->model,
            trace_model_function(functions->model, *function), function);
    } else {
        functions->has_cursor = false;
    }
    functions_forget(functions);
    function_facts_forget(functions->viewer->function_facts);
    functions->pane_function = UINT32_MAX;
    return true;
}

static bool
add_number(struct cJSON *object, const char *name, double value)
{
    return cJSON_AddNumberToObject(object, name, value) != NULL;
}

static bool
add_row(struct cJSON *object, const struct functions *functions)
{
    uint32_t index = functions->table.rows[functions->row];
    const struct profile_function *sums = &functions->profile.functions[index];
    const char *name = scope_profile_function(functions->model, index)->name;
    char text[LABEL_SIZE];

    (void)sanitise_text(text, sizeof text, name, strlen(name));
    return cJSON_AddStringToObject(object, "name", text) != NULL
           && add_number(object, "row", (double)functions->row)
           && add_number(object, "calls", (double)sums->call_count)
           && add_number(object, "self_ns", (double)sums->self_ns)
           && add_number(object, "total_ns", (double)sums->total_ns)
           && add_number(object, "max_ns", (double)sums->max_ns);
}

/* "cursor" {"x", "y"}, "view" {"rows", "sorted_by", "is_inverted",
 * "selected"}; null without a table. */
static bool
json(const void *view, struct cJSON *object)
{
    const struct functions *functions = view;
    const struct functions_order *order = &functions->state.order;
    struct cJSON *place;
    struct cJSON *cursor;
    struct cJSON *selected;

    if (!functions->has_profile || functions->table.count == 0) {
        return cJSON_AddNullToObject(object, "cursor") != NULL
               && cJSON_AddNullToObject(object, "view") != NULL;
    }
    cursor = cJSON_AddObjectToObject(object, "cursor");
    place = cJSON_AddObjectToObject(object, "view");
    selected = cJSON_AddObjectToObject(place, "selected");
    return cursor != NULL && selected != NULL && add_number(cursor, "x", 0)
           && add_number(cursor, "y",
                         functions->layout.tracks_row
                             + (double)(functions->row - functions->state.top))
           && add_number(place, "rows", (double)functions->table.count)
           && cJSON_AddStringToObject(place, "sorted_by",
                                      functions_column_title(order->column))
                  != NULL
           && cJSON_AddBoolToObject(place, "is_inverted", order->is_inverted)
                  != NULL
           && add_row(selected, functions);
}

static void
subject_of(const void *view, struct viewer_subject *subject)
{
    const struct functions *functions = view;

    if (!functions->has_profile || functions->table.count == 0) {
        return;
    }
    subject->has_function = true;
    subject->function = functions_selected(functions);
}

/* Pictures are no text. */
static bool
is_text(enum functions_column column)
{
    return column != COLUMN_BAR && column != COLUMN_DURATIONS;
}

static void
append_row(struct buffer *out, const struct functions *functions, size_t row)
{
    char text[FUNCTIONS_CELL_SIZE];

    for (int i = 0; i < COLUMN_COUNT; i++) {
        enum functions_column column = (enum functions_column)i;

        if (is_text(column)) {
            buffer_append_format(
                out, "%s%s", i == 0 ? "" : "\t",
                functions_cell(&functions->table, functions->table.rows[row],
                               column, functions->viewer->theme.is_ascii,
                               text));
        }
    }
    buffer_append_char(out, '\n');
}

/* Cells with tabs between them, titles above the whole table. */
static bool
copy(const void *view, bool is_all, struct buffer *out, struct error *err)
{
    const struct functions *functions = view;

    (void)err;
    if (!functions->has_profile || functions->table.count == 0) {
        return true;
    }
    if (!is_all) {
        append_row(out, functions, functions->row);
        return true;
    }
    for (int i = 0; i < COLUMN_COUNT; i++) {
        if (is_text((enum functions_column)i)) {
            buffer_append_format(
                out, "%s%s", i == 0 ? "" : "\t",
                functions_column_title((enum functions_column)i));
        }
    }
    buffer_append_char(out, '\n');
    for (size_t row = 0; row < functions->table.count; row++) {
        append_row(out, functions, row);
    }
    return true;
}

static bool
awaits(void *view, bool *is_awaiting, struct error *err)
{
    struct functions *functions = view;

    if (!functions_prepare(functions, err)) {
        return false;
    }
    *is_awaiting = !functions->has_profile
                   && jobs_is_busy(functions->viewer->jobs, JOB_FUNCTIONS);
    return true;
}

const struct view_class functions_view = {
    .open = functions_open,
    .close = functions_close,
    .resize = resize,
    .command = command,
    .awaits = awaits,
    .mouse = mouse,
    .draw = draw,
    .take = take,
    .is_shown = is_shown,
    .restore = restore,
    .drop = free,
    .carry = carry,
    .reload = reload,
    .json = json,
    .subject = subject_of,
    .copy = copy,
};
