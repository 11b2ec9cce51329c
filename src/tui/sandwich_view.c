// SPDX-License-Identifier: Apache-2.0
#include "tui/sandwich_view.h"

#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/array.h"
#include "format/sanitise.h"
#include "model/call_rank.h"
#include "model/function_family.h"
#include "tui/function_facts.h"
#include "tui/jobs.h"
#include "tui/label.h"
#include "tui/sandwich.h"
#include "tui/viewer.h"

static bool
sandwich_open(void **out, struct viewer *viewer, struct error *err)
{
    struct sandwich *sandwich = array_new(1, sizeof *sandwich, err);

    if (sandwich == NULL) {
        return false;
    }
    sandwich->viewer = viewer;
    *out = sandwich;
    return true;
}

static void
sandwich_close(void *view)
{
    struct sandwich *sandwich = view;

    for (int i = 0; i < SANDWICH_TREES; i++) {
        sandwich_rows_release(&sandwich->rows[i]);
        flame_chart_release(&sandwich->charts[i]);
    }
    call_list_release(&sandwich->call_list);
    free(sandwich);
}

static bool
resize(void *view, unsigned width, unsigned height, struct error *err)
{
    struct sandwich *sandwich = view;

    (void)err;
    sandwich->layout = layout_of(width, height);
    return true;
}

VIEW_FORWARDS(sandwich)

static void *
take(const void *view, struct error *err)
{
    const struct sandwich *sandwich = view;

    return view_copy_state(&sandwich->state, sizeof sandwich->state, err);
}

static bool
is_same_place(const struct sandwich_state *a, const struct sandwich_state *b)
{
    for (int i = 0; i < SANDWICH_TREES; i++) {
        if (a->paths[i] != b->paths[i] || a->folds[i].count != b->folds[i].count
            || memcmp(a->folds[i].paths, b->folds[i].paths,
                      a->folds[i].count * sizeof *a->folds[i].paths)
                   != 0) {
            return false;
        }
    }
    return a->rows[SANDWICH_CALLS] == b->rows[SANDWICH_CALLS];
}

static bool
is_shown(const void *view, const void *copy)
{
    const struct sandwich *sandwich = view;
    const struct sandwich_state *a = copy;
    const struct sandwich_state *b = &sandwich->state;

    return a->has_function == b->has_function && a->function == b->function
           && a->pane == b->pane && is_same_place(a, b);
}

static void
restore(void *view, const void *copy)
{
    struct sandwich *sandwich = view;

    sandwich->state = *(const struct sandwich_state *)copy;
    sandwich->has_rows = false;
}

/* The function stays, when it is there. Paths are of the functions' numbers: of
 * a model of others they mean nothing. */
static void
carry_state(struct sandwich_state *state, const struct trace_model *from,
            const struct trace_model *model)
{
    uint32_t function = state->function;

    if (!state->has_function || from == NULL
        || function >= trace_model_function_count(from)
        || !trace_model_find_function(
            model, trace_model_function(from, function), &function)) {
        *state = (struct sandwich_state){0};
    } else if (function != state->function
               || trace_model_function_count(from)
                      != trace_model_function_count(model)) {
        enum sandwich_pane pane = state->pane;

        *state = (struct sandwich_state){
            .has_function = true, .function = function, .pane = pane};
    }
}

static bool
carry(void *view, void *const *copies, size_t count,
      const struct trace_model *from, struct error *err)
{
    const struct sandwich *sandwich = view;

    (void)err;
    for (size_t i = 0; i < count; i++) {
        carry_state(copies[i], from, sandwich->viewer->model);
    }
    return true;
}

static bool
reload(void *view, struct error *err)
{
    struct sandwich *sandwich = view;

    (void)err;
    function_facts_forget(sandwich->viewer->function_facts);
    sandwich->has_rows = false;
    carry_state(&sandwich->state, sandwich->name_model,
                sandwich->viewer->model);
    sandwich->name_model = sandwich->viewer->model; /* of the function now */
    return true;
}

static bool
add_number(struct cJSON *object, const char *name, double value)
{
    return cJSON_AddNumberToObject(object, name, value) != NULL;
}

static bool
add_name(struct cJSON *object, const char *key, const struct trace_model *model,
         uint32_t function)
{
    const char *name = scope_profile_function(model, function)->name;
    char text[LABEL_SIZE];

    (void)sanitise_text(text, sizeof text, name, strlen(name));
    return cJSON_AddStringToObject(object, key, text) != NULL;
}

static const char *
pane_name(enum sandwich_pane pane)
{
    return pane == SANDWICH_CALLERS   ? "callers"
           : pane == SANDWICH_CALLEES ? "callees"
                                      : "calls";
}

static bool
add_view(struct cJSON *view, const struct sandwich *sandwich)
{
    const struct sandwich_state *state = &sandwich->state;
    const struct sandwich_row *row = sandwich_row(sandwich, state->pane);
    const struct trace_model *model = sandwich->viewer->model;
    uint32_t function;

    return add_name(view, "function", model, state->function)
           && cJSON_AddStringToObject(view, "pane", pane_name(state->pane))
                  != NULL
           && add_number(view, "row", (double)state->rows[state->pane])
           && add_number(view, "calls", (double)sandwich->family->call_count)
           && add_number(view, "total_ns",
                         (double)sandwich->family->callees.nodes[0].total_ns)
           && (row == NULL
               || !sandwich_row_function(sandwich, state->pane, row, &function)
               || (add_name(view, "selected", model, function)
                   && add_number(view, "selected_ns", (double)row->total_ns)));
}

/* "cursor" {"x", "y"}, "view" {"function", "pane", "row", "calls", "total_ns",
 * "selected", "selected_ns"}; null while nothing is known. */
static bool
json(const void *view, struct cJSON *object)
{
    const struct sandwich *sandwich = view;
    enum sandwich_pane pane = sandwich->state.pane;
    const struct sandwich_place *place = &sandwich->places.panes[pane];
    struct cJSON *cursor;
    struct cJSON *shown;

    if (sandwich->family == NULL || sandwich->family->call_count == 0) {
        return cJSON_AddNullToObject(object, "cursor") != NULL
               && cJSON_AddNullToObject(object, "view") != NULL;
    }
    cursor = cJSON_AddObjectToObject(object, "cursor");
    shown = cJSON_AddObjectToObject(object, "view");
    return cursor != NULL && shown != NULL && add_number(cursor, "x", place->x)
           && add_number(cursor, "y",
                         place->y + 1
                             + (double)(sandwich->state.rows[pane]
                                        - sandwich->state.tops[pane]))
           && add_view(shown, sandwich);
}

static void
subject_of(const void *view, struct viewer_subject *subject)
{
    const struct sandwich *sandwich = view;

    subject->has_function = sandwich->state.has_function;
    subject->function = sandwich->state.function;
}

/* The function that the view before has its cursor on. */
static bool
enter(void *view, const struct viewer_subject *subject, struct error *err)
{
    (void)err;
    if (subject->has_function) {
        sandwich_show(view, subject->function);
    }
    return true;
}

static bool
awaits(void *view, bool *is_awaiting, struct error *err)
{
    struct sandwich *sandwich = view;

    if (!sandwich_prepare(sandwich, err)) {
        return false;
    }
    *is_awaiting = sandwich->state.has_function && sandwich->family == NULL
                   && jobs_is_busy(sandwich->viewer->jobs, JOB_FAMILY);
    return true;
}

const struct view_class sandwich_view = {
    .open = sandwich_open,
    .close = sandwich_close,
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
    .enter = enter,
};
