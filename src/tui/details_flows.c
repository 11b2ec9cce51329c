// SPDX-License-Identifier: Apache-2.0
/* The arrows of a call, in its details. */
#include "tui/details_parts.h"

#include <stdio.h>

#include "base/text.h"
#include "model/flow_query.h"
#include "model/trace_model.h"
#include "tui/pieces.h"
#include "tui/timeline.h"
#include "tui/timeline_parts.h"
#include "tui/viewer.h"

enum { ARROWS_MAX = 20 }; /* of a way that are listed */

/* "25.98 ms  MainThread" */
static void
write_place(const struct timeline *timeline, const struct flow_place *place,
            char text[PIECE_SIZE])
{
    size_t item = timeline_item_of_track(timeline, place->track);
    char time[TIME_TEXT_SIZE];
    char name[PIECE_SIZE];

    (void)snprintf(text, PIECE_SIZE, "%s  %.100s",
                   details_time(timeline, time, place->time_ns),
                   item == SIZE_MAX
                       ? trace_model_track(timeline->model, place->track)->name
                       : timeline_item_name(timeline, item, name));
}

static bool
add_arrow(struct details_lines *lines, const struct timeline *timeline,
          size_t column, const struct flow_list *list, size_t index,
          struct error *err)
{
    struct flow_arrow arrow = flow_list_arrow(list, index);
    bool is_forward = list->way == FLOW_WAY_FORWARD;
    const struct flow_place *far = is_forward ? &arrow.to : &arrow.from;
    const char *sign = timeline->viewer->theme.is_ascii
                           ? (is_forward ? "->" : "<-")
                           : (is_forward ? "→" : "←");
    struct details_target target = {
        .kind = far->has_call ? TARGET_CALL_AT : TARGET_NONE,
        .slice = {.track = far->track, .depth = far->depth},
        .time_ns = time_limit(far->time_ns),
    };
    char left[PIECE_SIZE];
    char right[PIECE_SIZE];

    (void)snprintf(left, sizeof left, "%s %.*s", sign,
                   arrow.name_size == 0    ? 4
                   : arrow.name_size < 200 ? (int)arrow.name_size
                                           : 200,
                   arrow.name_size == 0 ? "flow" : arrow.name);
    write_place(timeline, far, right);
    return details_add(lines, column, left, right, &target, err);
}

static bool
add_list(struct details_lines *lines, const struct timeline *timeline,
         size_t column, const struct flow_list *list, struct error *err)
{
    size_t shown = list->count < ARROWS_MAX ? list->count : ARROWS_MAX;
    char number[TEXT_NUMBER_SIZE];
    char text[PIECE_SIZE];

    for (size_t i = 0; i < shown; i++) {
        if (!add_arrow(lines, timeline, column, list, i, err)) {
            return false;
        }
    }
    if (shown == list->count) {
        return true;
    }
    (void)snprintf(text, sizeof text, "%s more",
                   text_grouped(number, sizeof number, list->count - shown));
    return details_add(lines, column, text,
                       list->way == FLOW_WAY_FORWARD ? "] goes through them"
                                                     : "[ goes through them",
                       NULL, err);
}

bool
details_add_flows(struct details_lines *lines, const struct timeline *timeline,
                  size_t column, struct error *err)
{
    const struct slice *call = &timeline->state.slice;
    struct flow_list back =
        flow_list_of_call(timeline->model, call, FLOW_WAY_BACK);
    struct flow_list forward =
        flow_list_of_call(timeline->model, call, FLOW_WAY_FORWARD);
    char in[TEXT_NUMBER_SIZE];
    char out[TEXT_NUMBER_SIZE];
    char text[PIECE_SIZE];

    if (back.count + forward.count == 0) {
        return true;
    }
    (void)snprintf(text, sizeof text, "%s in  %s out",
                   text_grouped(in, sizeof in, back.count),
                   text_grouped(out, sizeof out, forward.count));
    return details_add_header(lines, column, "flows  [ ]", text, err)
           && add_list(lines, timeline, column, &back, err)
           && add_list(lines, timeline, column, &forward, err);
}
