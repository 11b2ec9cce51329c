// SPDX-License-Identifier: Apache-2.0
#include "tui/sandwich.h"

#include <string.h>

#include "model/call_rank.h"
#include "model/function_family.h"
#include "tui/chrome.h"
#include "tui/function_facts.h"
#include "tui/viewer.h"

/* How many rows what goes first, when there is too little room, needs. */
enum {
    HEIGHT_OF_ONE = 6, /* below that only one pane is shown */
    HEIGHT_WITH_HISTOGRAM = 10,
    HEIGHT_OF_WIDE = 30,
    HEIGHT_WITH_MORE = 40,
    CHART_ROWS = 4, /* where there is room for more; else half of it */
    TIMES_ROWS = 4,
    CALLS_ROWS = 7,
    TREE_ROWS_MIN = 6,
    PANES_DISTANCE = 1,
};

void
sandwich_show(struct sandwich *sandwich, uint32_t function)
{
    struct sandwich_state *state = &sandwich->state;

    if (state->has_function && state->function == function) {
        return;
    }
    *state = (struct sandwich_state){
        .has_function = true,
        .function = function,
        .pane = state->pane,
    };
}

/* The one with most time of its own. */
static bool
choose_function(struct sandwich *sandwich)
{
    const struct trace_model *model = sandwich->viewer->model;
    uint32_t count = trace_model_function_count(model);
    uint64_t most_ns = 0;
    bool has_any = false;

    for (uint32_t i = 0; i < count; i++) {
        const struct model_function *function = trace_model_function(model, i);

        if (function->call_count > 0
            && (!has_any || function->self_ns > most_ns)) {
            has_any = true;
            most_ns = function->self_ns;
            sandwich_show(sandwich, i);
        }
    }
    if (!has_any && trace_model_unknown_function(model)->call_count > 0) {
        sandwich_show(sandwich, UINT32_MAX);
    }
    return sandwich->state.has_function;
}

static const struct scope_profile *
tree_of(const struct sandwich *sandwich, enum sandwich_pane pane)
{
    return pane == SANDWICH_CALLERS ? &sandwich->family->callers
                                    : &sandwich->family->callees;
}

/* The rows of both trees, with the cursor on the paths where it was. */
static bool
build_rows(struct sandwich *sandwich, struct error *err)
{
    struct sandwich_state *state = &sandwich->state;

    for (int i = 0; i < SANDWICH_TREES; i++) {
        struct sandwich_rows *rows = &sandwich->rows[i];

        if (!sandwich_rows_build(rows, tree_of(sandwich, i), &state->folds[i],
                                 err)) {
            return false;
        }
        state->rows[i] =
            sandwich_rows_find(rows, state->paths[i], state->rows[i]);
    }
    return true;
}

bool
sandwich_prepare(struct sandwich *sandwich, struct error *err)
{
    struct function_facts *facts = sandwich->viewer->function_facts;
    enum fact_state state;

    sandwich->family = NULL;
    sandwich->calls = NULL;
    sandwich->name_model = sandwich->viewer->model;
    if (!sandwich->state.has_function && !choose_function(sandwich)) {
        return true;
    }
    if (!function_facts_show(facts, sandwich->state.function, err)) {
        return false;
    }
    sandwich->family = function_facts_family(facts, &state);
    sandwich->calls = function_facts_calls(facts, &state);
    if (sandwich->facts_number != function_facts_number(facts)) {
        sandwich->has_rows = false;
        sandwich->charts_width = 0;
    }
    if (sandwich->family != NULL && !sandwich->has_rows) {
        if (!build_rows(sandwich, err)) {
            return false;
        }
        sandwich->has_rows = true;
        sandwich->facts_number = function_facts_number(facts);
    }
    sandwich_arrange(sandwich);
    return true;
}

size_t
sandwich_row_count(const struct sandwich *sandwich, enum sandwich_pane pane)
{
    if (pane == SANDWICH_CALLS) {
        return sandwich->calls == NULL ? 0 : sandwich->calls->call_count;
    }
    return sandwich->family == NULL ? 0 : sandwich->rows[pane].count;
}

unsigned
sandwich_pane_height(const struct sandwich *sandwich, enum sandwich_pane pane)
{
    unsigned height = sandwich->places.panes[pane].height;

    return height == 0 ? 0 : height - 1;
}

/* Two trees one above the other share rows; neither leaves any unused that the
 * other one needs. */
static unsigned
share_rows(unsigned room, size_t upper, size_t lower)
{
    unsigned half = room / 2;

    if (upper < half || upper + lower <= room) {
        return (unsigned)upper;
    }
    return lower < room - half ? room - (unsigned)lower : half;
}

/* Everything from the top down, one pane below the other. */
static void
arrange_narrow(struct sandwich *sandwich, int y, unsigned height)
{
    struct sandwich_layout *places = &sandwich->places;
    enum sandwich_pane below = sandwich->state.pane == SANDWICH_CALLS
                                   ? SANDWICH_CALLS
                                   : SANDWICH_CALLEES;
    bool has_histogram = height >= HEIGHT_WITH_HISTOGRAM;
    unsigned room = height - 3 - has_histogram;
    unsigned upper;

    if (height < HEIGHT_OF_ONE) {
        places->panes[sandwich->state.pane] = (struct sandwich_place){
            .y = y, .height = height, .width = sandwich->layout.width};
        return;
    }
    upper = share_rows(room, sandwich_row_count(sandwich, SANDWICH_CALLERS),
                       sandwich_row_count(sandwich, below));
    upper = upper == 0 ? 1 : upper;
    places->panes[SANDWICH_CALLERS] = (struct sandwich_place){
        .y = y, .height = upper + 1, .width = sandwich->layout.width};
    y += (int)upper + 1;
    places->focal_row = y++;
    places->histogram_row = has_histogram ? y++ : LAYOUT_NONE;
    places->panes[below] = (struct sandwich_place){
        .y = y, .height = room - upper + 1, .width = sandwich->layout.width};
}

/* What the longer tree takes, with its title; the rest is for the calls. */
static unsigned
tree_rows(const struct sandwich *sandwich, unsigned room)
{
    size_t callers = sandwich_row_count(sandwich, SANDWICH_CALLERS);
    size_t callees = sandwich_row_count(sandwich, SANDWICH_CALLEES);
    size_t rows = (callers > callees ? callers : callees) + 1;

    rows = rows < TREE_ROWS_MIN ? TREE_ROWS_MIN : rows;
    return rows < room ? (unsigned)rows : room;
}

/* Charts above, trees side by side, times and the list below. */
static void
arrange_wide(struct sandwich *sandwich, int y, unsigned height)
{
    struct sandwich_layout *places = &sandwich->places;
    bool has_more = height >= HEIGHT_WITH_MORE;
    unsigned width = (sandwich->layout.width - PANES_DISTANCE) / 2;
    int end = y + (int)height;
    unsigned trees;

    places->is_wide = true;
    places->chart_rows = has_more ? CHART_ROWS : CHART_ROWS / 2;
    places->focal_row = y + (int)places->chart_rows;
    places->histogram_row = places->focal_row + 1;
    y = places->histogram_row + 1 + (int)places->chart_rows;
    places->times_height = has_more ? TIMES_ROWS : TIMES_ROWS - 1;
    trees = tree_rows(sandwich, (unsigned)(end - y) - places->times_height
                                    - (has_more ? CALLS_ROWS : CALLS_ROWS - 2));
    places->times_row = y + (int)trees;
    places->panes[SANDWICH_CALLS] = (struct sandwich_place){
        .y = places->times_row + (int)places->times_height,
        .height = (unsigned)(end - places->times_row) - places->times_height,
        .width = sandwich->layout.width,
    };
    places->panes[SANDWICH_CALLERS] =
        (struct sandwich_place){.y = y, .height = trees, .width = width};
    places->panes[SANDWICH_CALLEES] = (struct sandwich_place){
        .y = y,
        .height = trees,
        .x = width + PANES_DISTANCE,
        .width = sandwich->layout.width - width - PANES_DISTANCE,
    };
}

/* Show the cursor of each pane. */
static void
follow_cursor(struct sandwich *sandwich, enum sandwich_pane pane)
{
    size_t height = sandwich_pane_height(sandwich, pane);
    size_t count = sandwich_row_count(sandwich, pane);
    size_t *top = &sandwich->state.tops[pane];

    if (count > 0 && sandwich->state.rows[pane] >= count) {
        sandwich->state.rows[pane] = count - 1;
    }
    *top = call_list_top(*top, sandwich->state.rows[pane], count, height);
}

void
sandwich_arrange(struct sandwich *sandwich)
{
    const struct layout *layout = &sandwich->layout;
    unsigned height = layout->track_height + 1; /* no ruler is needed */
    int y = layout->ruler_row;

    sandwich->places = (struct sandwich_layout){
        .focal_row = LAYOUT_NONE,
        .histogram_row = LAYOUT_NONE,
        .times_row = LAYOUT_NONE,
    };
    if (layout->is_too_small) {
        return;
    }
    if (layout->width >= WIDE_SCREEN && height >= HEIGHT_OF_WIDE) {
        arrange_wide(sandwich, y, height);
    } else {
        arrange_narrow(sandwich, y, height);
    }
    for (int i = 0; i < SANDWICH_PANES; i++) {
        follow_cursor(sandwich, i);
    }
}

void
sandwich_go_to_row(struct sandwich *sandwich, enum sandwich_pane pane,
                   size_t row)
{
    sandwich->state.rows[pane] = row;
    if (pane < SANDWICH_TREES) {
        sandwich->state.paths[pane] = sandwich->rows[pane].rows[row].path;
    }
}

const struct sandwich_row *
sandwich_row(const struct sandwich *sandwich, enum sandwich_pane pane)
{
    return pane < SANDWICH_TREES && sandwich_row_count(sandwich, pane) > 0
               ? &sandwich->rows[pane].rows[sandwich->state.rows[pane]]
               : NULL;
}

bool
sandwich_row_function(const struct sandwich *sandwich, enum sandwich_pane pane,
                      const struct sandwich_row *row, uint32_t *function)
{
    *function = tree_of(sandwich, pane)->nodes[row->node].function;
    return !row->is_rest && *function != PROFILE_OTHER;
}
