// SPDX-License-Identifier: Apache-2.0
#include "tui/timeline_json.h"

#include <string.h>

#include <cjson/cJSON.h>

#include "format/sanitise.h"
#include "model/trace_model.h"
#include "tui/details.h"
#include "tui/label.h"
#include "tui/pieces.h"
#include "tui/timeline.h"
#include "tui/timeline_parts.h"

static bool
add_number(struct cJSON *object, const char *name, double value)
{
    return cJSON_AddNumberToObject(object, name, value) != NULL;
}

/* Names are arbitrary bytes; JSON is UTF-8. */
static bool
add_text(struct cJSON *object, const char *name, const char *text)
{
    char clean[LABEL_SIZE];

    (void)sanitise_text(clean, sizeof clean, text, strlen(text));
    return cJSON_AddStringToObject(object, name, clean) != NULL;
}

static bool
add_cursor(const struct timeline *timeline, struct cJSON *object)
{
    const struct view_state *state = &timeline->state;
    struct time_grid grid = timeline_grid(timeline);
    int64_t column = time_grid_column(&grid, state->time_ns);
    struct cJSON *cursor;

    if (timeline->layout.is_too_small || timeline->list.count == 0 || column < 0
        || column >= timeline->layout.track_width) {
        return cJSON_AddNullToObject(object, "cursor") != NULL;
    }
    cursor = cJSON_AddObjectToObject(object, "cursor");
    return cursor != NULL
           && add_number(cursor, "x",
                         (double)(timeline->layout.gutter + column))
           && add_number(
               cursor, "y",
               (double)timeline->layout.tracks_row
                   + timeline_line_of_row(
                       timeline, row_plan_find(&timeline->plan, state->item,
                                               state->depth)));
}

static bool
add_slice(const struct timeline *timeline, struct cJSON *view)
{
    const struct slice *slice = &timeline->state.slice;
    const struct model_function *function =
        timeline_function(timeline, slice->function);
    struct cJSON *object;

    if (!timeline->state.has_slice) {
        return cJSON_AddNullToObject(view, "slice") != NULL;
    }
    object = cJSON_AddObjectToObject(view, "slice");
    return object != NULL
           && add_text(object, "name", function == NULL ? "?" : function->name)
           && add_text(object, "file", function == NULL ? "" : function->file)
           && add_number(object, "line", function == NULL ? 0 : function->line)
           && add_number(object, "start_ns", (double)slice->start_ns)
           && add_number(object, "end_ns", (double)slice->end_ns)
           && add_number(object, "depth", slice->depth);
}

static bool
add_area(const struct timeline *timeline, struct cJSON *view)
{
    const struct view_area *area = &timeline->state.area;
    struct cJSON *object;

    if (!area->is_set) {
        return cJSON_AddNullToObject(view, "area") != NULL;
    }
    object = cJSON_AddObjectToObject(view, "area");
    return object != NULL
           && add_number(object, "start_ns", (double)timeline_area_start(area))
           && add_number(object, "end_ns", (double)timeline_area_end(area));
}

bool
timeline_json(const struct timeline *timeline, struct cJSON *object)
{
    const struct view_state *state = &timeline->state;
    struct time_grid grid = timeline_grid(timeline);
    struct cJSON *view = cJSON_AddObjectToObject(object, "view");
    char name[PIECE_SIZE] = "";

    if (timeline->list.count > 0) {
        (void)timeline_item_name(timeline, state->item, name);
    }
    return view != NULL && add_cursor(timeline, object)
           && add_number(view, "start_ns", (double)grid.origin_ns)
           && add_number(
               view, "end_ns",
               (double)time_grid_time(&grid, timeline->layout.track_width))
           && add_number(view, "column_ns", (double)grid.column_ns)
           && add_number(view, "time_ns", (double)state->time_ns)
           && add_number(view, "row", (double)state->item)
           && add_number(view, "depth", state->depth)
           && add_text(view, "track", name) && add_slice(timeline, view)
           && add_area(timeline, view) && details_json(timeline, view);
}
