// SPDX-License-Identifier: Apache-2.0
/* What keys do to the pane. */
#include "tui/details.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/array.h"
#include "format/sanitise.h"
#include "model/call_rank.h"
#include "model/flow_query.h"
#include "model/trace_model.h"
#include "tui/call_facts.h"
#include "tui/details_parts.h"
#include "tui/label.h"
#include "tui/timeline.h"
#include "tui/timeline_cursor.h"
#include "tui/timeline_flow.h"
#include "tui/timeline_parts.h"
#include "tui/timeline_window.h"
#include "tui/viewer.h"

bool
details_new(struct details **out, struct viewer *viewer, struct error *err)
{
    struct details *details = array_new(1, sizeof *details, err);

    if (details == NULL) {
        return false;
    }
    if (!call_facts_new(&details->facts, viewer, err)) {
        free(details);
        return false;
    }
    *out = details;
    return true;
}

void
details_free(struct details *details)
{
    if (details != NULL) {
        call_facts_free(details->facts);
        details_lines_release(&details->lines);
        free(details);
    }
}

static bool
is_open(const struct timeline *timeline)
{
    return timeline->state.has_details && !timeline->layout.is_too_small;
}

static bool
has_focus(const struct timeline *timeline)
{
    return is_open(timeline) && timeline->state.details_place.has_focus
           && timeline->layout.details_height > 1;
}

struct call_facts *
details_facts(const struct details *details)
{
    return details->facts;
}

bool
details_take(const struct timeline *timeline, enum action_id action)
{
    switch (action) {
    case ACTION_OPEN_DETAILS:
    case ACTION_DETAILS:
    case ACTION_NEXT_PANE:
    case ACTION_PREVIOUS_PANE:
    case ACTION_SLOWER:
    case ACTION_FASTER:
    case ACTION_EDIT:
        return true;
    case ACTION_CANCEL:
    case ACTION_CLOSE:
        return is_open(timeline);
    case ACTION_UP:
    case ACTION_DOWN:
    case ACTION_LEFT:
    case ACTION_RIGHT:
    case ACTION_PAGE_UP:
    case ACTION_PAGE_DOWN:
    case ACTION_HALF_UP:
    case ACTION_HALF_DOWN:
    case ACTION_FIRST_TRACK:
    case ACTION_LAST_TRACK:
        return has_focus(timeline);
    default: /* the timeline's, or the viewer's */
        return false;
    }
}

/* What the cursor is on, as a place remembers it. */
static struct details_place
place_at_top(const struct view_state *state)
{
    return (struct details_place){
        .item = state->item,
        .depth = state->depth,
        .start_ns =
            state->has_slice ? state->slice.start_ns : (uint64_t)state->time_ns,
    };
}

static void
keep_in_view(struct details_place *place, size_t number,
             const struct details_column *column, size_t rows)
{
    size_t last = column->count > rows ? column->count - rows : 0;
    size_t *chosen = &place->chosen[number];
    size_t *top = &place->top[number];

    if (*chosen >= column->count) {
        *chosen = column->count == 0 ? 0 : column->count - 1;
    }
    if (*chosen == 0 && column->count > 1 && column->lines[0].is_header) {
        *chosen = 1;
    }
    if (*top + rows <= *chosen) {
        *top = *chosen + 1 - rows;
    }
    if (*top > *chosen || (*top == 1 && *chosen == 1 && rows > 1)) {
        *top = *chosen == 1 && rows > 1 ? 0 : *chosen;
    }
    *top = *top > last ? last : *top;
}

struct details_place
details_place_now(const struct timeline *timeline)
{
    const struct details_place *kept = &timeline->state.details_place;
    struct details_place place = place_at_top(&timeline->state);
    struct details_layout layout = details_layout(timeline);

    if (kept->item == place.item && kept->depth == place.depth
        && kept->start_ns == place.start_ns) {
        place = *kept;
    }
    place.has_focus = has_focus(timeline);
    if (place.column >= layout.column_count) {
        place.column = 0;
    }
    for (size_t i = 0; i < layout.column_count && layout.rows > 0; i++) {
        keep_in_view(&place, i, &timeline->details->lines.columns[i],
                     layout.rows);
    }
    return place;
}

bool
details_update(struct timeline *timeline, struct error *err)
{
    details_lines_clear(&timeline->details->lines);
    return timeline->list.count == 0   ? true
           : timeline->state.has_slice ? details_of_call(timeline, err)
                                       : details_of_place(timeline, err);
}

static void
set_open(struct timeline *timeline, bool is_now_open)
{
    timeline->state.has_details = is_now_open;
    timeline->state.details_place.has_focus = false;
    timeline_layout(timeline);
}

static void
set_focus(struct timeline *timeline, bool is_focused)
{
    if (!is_open(timeline)) {
        viewer_say(timeline->viewer, "the details are not open; i opens them");
    } else if (is_focused && timeline->layout.details_height == 1) {
        viewer_say(timeline->viewer,
                   "the screen is too small to go into the details");
    } else {
        timeline->state.details_place.has_focus = is_focused;
    }
}

/* Choose the line that is so many lines on; headers are none. */
static void
choose(const struct timeline *timeline, struct details_place *place,
       int64_t lines)
{
    const struct details_column *column =
        &timeline->details->lines.columns[place->column];
    size_t *chosen = &place->chosen[place->column];
    int64_t wanted = (int64_t)*chosen + lines;
    int64_t last = (int64_t)column->count - 1;

    wanted = wanted < 0 ? 0 : wanted > last ? last : wanted;
    while (wanted > 0 && wanted < last && column->lines[wanted].is_header) {
        wanted += lines < 0 ? -1 : 1;
    }
    if (wanted >= 0) {
        *chosen = (size_t)wanted;
    }
}

static void
move(struct timeline *timeline, enum action_id action)
{
    struct details_layout layout = details_layout(timeline);
    struct details_place place = details_place_now(timeline);
    int64_t page = layout.rows > 1 ? layout.rows - 1 : 1;

    if (action == ACTION_LEFT) {
        place.column = 0;
    } else if (action == ACTION_RIGHT) {
        place.column = layout.column_count - 1;
    } else if (action == ACTION_UP || action == ACTION_DOWN) {
        choose(timeline, &place, action == ACTION_UP ? -1 : 1);
    } else if (action == ACTION_HALF_UP || action == ACTION_HALF_DOWN) {
        choose(timeline, &place,
               (action == ACTION_HALF_UP ? -1 : 1) * (page + 1) / 2);
    } else if (action == ACTION_PAGE_UP || action == ACTION_PAGE_DOWN) {
        choose(timeline, &place, action == ACTION_PAGE_UP ? -page : page);
    } else {
        choose(timeline, &place,
               action == ACTION_FIRST_TRACK ? -INT32_MAX : INT32_MAX);
    }
    timeline->state.details_place = place;
    timeline->state.details_place = details_place_now(timeline);
}

/* The line that is chosen in the focused pane; NULL = there is none. */
static const struct details_line *
chosen_line(const struct timeline *timeline)
{
    const struct details_place place = details_place_now(timeline);
    const struct details_column *column =
        &timeline->details->lines.columns[place.column];
    size_t chosen = place.chosen[place.column];

    return place.has_focus && chosen < column->count ? &column->lines[chosen]
                                                     : NULL;
}

static bool
go_to_slice(struct timeline *timeline, const struct details_target *target,
            struct error *err)
{
    size_t item = timeline->state.item;
    const struct track_item *here = &timeline->list.items[item];

    if (here->kind != ITEM_TRACK || here->index != target->slice.track) {
        return timeline_jump(timeline, &target->slice, err);
    }
    timeline->flags[item] &= (uint8_t)~ITEM_FOLDED;
    timeline_select(timeline, &target->slice, target->time_ns);
    return true;
}

static bool
go_to_chosen(struct timeline *timeline, struct error *err)
{
    const struct details_line *line = chosen_line(timeline);

    switch (line == NULL ? TARGET_NONE : line->target.kind) {
    case TARGET_NONE:
        viewer_say(timeline->viewer, "this line leads nowhere");
        return true;
    case TARGET_SLICE:
        return go_to_slice(timeline, &line->target, err);
    case TARGET_TIME:
        timeline->state.time_ns = line->target.time_ns;
        timeline_follow(timeline, timeline->state.time_ns);
        return timeline_select_here(timeline, err);
    case TARGET_CALL_AT:
        return timeline_go_to_call_of(
            timeline,
            &(struct flow_place){.time_ns = (uint64_t)line->target.time_ns,
                                 .track = line->target.slice.track,
                                 .depth = line->target.slice.depth,
                                 .has_call = true},
            err);
    case TARGET_FUNCTION: /* not in this pane */
        break;
    }
    return true;
}

/* Enter: open, go into, go to what is chosen there. */
static bool
enter(struct timeline *timeline, struct error *err)
{
    if (!is_open(timeline)) {
        set_open(timeline, true);
        return true;
    }
    if (!has_focus(timeline)) {
        set_focus(timeline, true);
        return true;
    }
    return go_to_chosen(timeline, err);
}

static bool
hop(struct timeline *timeline, int places, struct error *err)
{
    if (!timeline->state.has_slice) {
        viewer_say(timeline->viewer, "there is no slice here");
        return true;
    }
    return call_facts_hop(timeline->details->facts, &timeline->state.slice,
                          places, err);
}

/* The call that is meant: the chosen one in the pane, else the selected one. */
static bool
edit(struct timeline *timeline, struct error *err)
{
    const struct details_line *line = chosen_line(timeline);
    const struct slice *slice = &timeline->state.slice;
    const struct model_function *function;

    if (line != NULL && line->target.kind == TARGET_SLICE) {
        slice = &line->target.slice;
    } else if (!timeline->state.has_slice) {
        viewer_say(timeline->viewer, "there is no slice here to edit");
        return true;
    }
    function = timeline_function(timeline, slice->function);
    if (function == NULL || function->file[0] == '\0') {
        viewer_say(timeline->viewer, "%.100s has no file to edit",
                   function == NULL ? "this function" : function->name);
        return true;
    }
    return viewer_request(timeline->viewer, APP_REQUEST_EDIT, function->file,
                          function->line, err);
}

static bool
carry_out(struct timeline *timeline, enum action_id action, struct error *err)
{
    switch (action) {
    case ACTION_OPEN_DETAILS:
        return enter(timeline, err);
    case ACTION_DETAILS:
        set_open(timeline, !is_open(timeline));
        return true;
    case ACTION_CANCEL:
    case ACTION_CLOSE:
        set_open(timeline, false);
        return true;
    case ACTION_NEXT_PANE:
    case ACTION_PREVIOUS_PANE:
        set_focus(timeline, !has_focus(timeline));
        return true;
    case ACTION_SLOWER:
        return hop(timeline, -1, err);
    case ACTION_FASTER:
        return hop(timeline, 1, err);
    case ACTION_EDIT:
        return edit(timeline, err);
    default: /* the others move in the pane */
        move(timeline, action);
        return true;
    }
}

bool
details_command(struct timeline *timeline, enum action_id action, bool *is_done,
                struct error *err)
{
    *is_done = true;
    return (!has_focus(timeline) || details_update(timeline, err))
           && carry_out(timeline, action, err);
}

bool
details_press(struct timeline *timeline, unsigned x, unsigned y,
              struct error *err)
{
    struct details_place place;
    struct details_layout layout;
    size_t line;
    size_t column;
    bool is_again;

    if (!details_update(timeline, err)) {
        return false;
    }
    layout = details_layout(timeline);
    place = details_place_now(timeline);
    column = layout.column_count == 2 && x * 2 >= timeline->layout.width;
    line = place.top[column] + (size_t)((int)y - layout.first_row);
    is_again = place.has_focus && place.column == column
               && place.chosen[column] == line;
    set_focus(timeline, true);
    if ((int)y < layout.first_row
        || line >= timeline->details->lines.columns[column].count) {
        return true;
    }
    if (is_again) {
        return go_to_chosen(timeline, err);
    }
    place.has_focus = has_focus(timeline);
    place.column = column;
    place.chosen[column] = line;
    timeline->state.details_place = place;
    return true;
}

void
details_stay(struct timeline *timeline)
{
    call_facts_stay(timeline->details->facts);
}

const char *
details_time(const struct timeline *timeline, char text[TIME_TEXT_SIZE],
             uint64_t time_ns)
{
    return viewer_time_text(timeline->viewer, text, time_ns);
}

/* The text of the chosen line, for tests and scripts. */
static bool
add_chosen(const struct timeline *timeline, struct cJSON *object)
{
    const struct details_line *line = chosen_line(timeline);
    char text[LABEL_SIZE];

    if (line == NULL) {
        return cJSON_AddNullToObject(object, "chosen") != NULL;
    }
    const char *left = details_left(&timeline->details->lines, line);

    (void)sanitise_text(text, sizeof text, left, strlen(left));
    return cJSON_AddStringToObject(object, "chosen", text) != NULL;
}

static bool
add_rank(const struct timeline *timeline, struct cJSON *object)
{
    enum fact_state state;
    uint64_t rank;
    const struct call_rank *all =
        call_facts_rank(timeline->details->facts, &rank, &state);

    if (!timeline->state.has_slice || all == NULL) {
        return cJSON_AddNullToObject(object, "rank") != NULL;
    }
    return cJSON_AddNumberToObject(object, "rank", (double)rank) != NULL
           && cJSON_AddNumberToObject(object, "count", (double)all->count)
                  != NULL
           && cJSON_AddNumberToObject(object, "p50_ns", (double)all->p50_ns)
                  != NULL;
}

bool
details_json(const struct timeline *timeline, struct cJSON *view)
{
    struct cJSON *object;

    if (!is_open(timeline)) {
        return cJSON_AddNullToObject(view, "details") != NULL;
    }
    object = cJSON_AddObjectToObject(view, "details");
    return object != NULL
           && cJSON_AddBoolToObject(object, "has_focus", has_focus(timeline))
                  != NULL
           && add_chosen(timeline, object) && add_rank(timeline, object);
}
