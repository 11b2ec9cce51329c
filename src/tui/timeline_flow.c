// SPDX-License-Identifier: Apache-2.0
#include "tui/timeline_flow.h"

#include <stdio.h>

#include "base/text.h"
#include "model/flow_query.h"
#include "model/trace_model.h"
#include "tui/pieces.h"
#include "tui/timeline.h"
#include "tui/timeline_cursor.h"
#include "tui/timeline_parts.h"
#include "tui/timeline_tracks.h"
#include "tui/timeline_window.h"
#include "tui/viewer.h"

static bool
is_same_call(const struct slice *a, const struct slice *b)
{
    return a->track == b->track && a->depth == b->depth
           && a->start_ns == b->start_ns;
}

/* Whether the cursor is on a call. */
static bool
has_call(const struct timeline *timeline)
{
    return timeline->list.count > 0 && timeline->state.has_slice
           && timeline->list.items[timeline->state.item].kind == ITEM_TRACK;
}

bool
timeline_go_to_call_of(struct timeline *timeline,
                       const struct flow_place *place, struct error *err)
{
    struct slice slice;
    bool found = false;

    if (!flow_place_call(timeline->model, place, timeline->scratch, &slice,
                         &found, err)) {
        return false;
    }
    if (found) {
        return timeline_jump_to(timeline, &slice, place->time_ns, err);
    }
    viewer_say(timeline->viewer, "this call cannot be read");
    return true;
}

/* An arrow may end where no call is. */
static bool
go_to_place(struct timeline *timeline, const struct flow_place *place,
            struct error *err)
{
    size_t item = timeline_item_of_track(timeline, place->track);

    if (place->has_call) {
        return timeline_go_to_call_of(timeline, place, err);
    }
    if (item == SIZE_MAX) {
        return true;
    }
    timeline_reveal(timeline, item);
    timeline->state.time_ns = time_limit(place->time_ns);
    timeline_follow(timeline, timeline->state.time_ns);
    return timeline_go_to_item(timeline, item, err);
}

static const char *
name_of(const struct timeline *timeline, const struct slice *slice)
{
    const struct model_function *function =
        timeline_function(timeline, slice->function);

    return function == NULL ? "?" : function->name;
}

/* Which arrow it was, and of which call. */
static void
say_followed(struct timeline *timeline, const struct flow_list *list,
             const struct flow_arrow *arrow)
{
    const struct flow_run *run = &timeline->flow_run;
    const struct flow_place *far =
        list->way == FLOW_WAY_FORWARD ? &arrow->to : &arrow->from;
    char index[TEXT_NUMBER_SIZE];
    char count[TEXT_NUMBER_SIZE];

    viewer_say(timeline->viewer, "%.*s%sflow %s of %s %s %.100s%s",
               arrow->name_size < 100 ? (int)arrow->name_size : 100,
               arrow->name, arrow->name_size > 0 ? ": " : "",
               text_grouped(index, sizeof index, run->index + 1),
               text_grouped(count, sizeof count, list->count),
               list->way == FLOW_WAY_FORWARD ? "from" : "to",
               name_of(timeline, &run->origin),
               far->has_call ? "" : "; no call is there");
}

/* The arrow that is nearest to the cursor, the way that one looks. */
static size_t
nearest_arrow(const struct timeline *timeline, const struct flow_list *list)
{
    size_t index = flow_list_find(list, (uint64_t)timeline->state.time_ns);

    return index < list->count ? index : 0;
}

static bool
follow(struct timeline *timeline, enum action_id action,
       const struct flow_list *list, size_t index, struct error *err)
{
    struct flow_arrow arrow = flow_list_arrow(list, index);
    struct flow_run *run = &timeline->flow_run;

    run->action = action;
    run->index = index;
    if (!go_to_place(timeline,
                     list->way == FLOW_WAY_FORWARD ? &arrow.to : &arrow.from,
                     err)) {
        return false;
    }
    run->here = timeline->state.slice;
    say_followed(timeline, list, &arrow);
    return true;
}

/* No arrow on this side of the call: why, and what to press. */
static void
explain_none(struct timeline *timeline, enum flow_way way)
{
    struct flow_counts counts = trace_model_flow_counts(timeline->model);
    const struct slice *call = &timeline->state.slice;
    bool is_forward = way == FLOW_WAY_FORWARD;
    size_t other =
        flow_list_of_call(timeline->model, call,
                          is_forward ? FLOW_WAY_BACK : FLOW_WAY_FORWARD)
            .count;
    size_t below =
        flow_count_below(timeline->model, call->track, call->depth + 1,
                         call->start_ns, call->end_ns);
    char number[TEXT_NUMBER_SIZE];

    if (counts.arrows == 0) {
        viewer_say(timeline->viewer,
                   counts.starts + counts.ends == 0
                       ? "this trace has no flows"
                       : "no flow of this trace has both a start and an end");
    } else if (other > 0) {
        viewer_say(timeline->viewer, "no flow %s this call; %s %s: %s",
                   is_forward ? "leaves" : "reaches",
                   text_grouped(number, sizeof number, other),
                   is_forward ? (other == 1 ? "reaches it" : "reach it")
                              : (other == 1 ? "leaves it" : "leave it"),
                   is_forward ? "[ follows" : "] follows");
    } else if (below > 0) {
        viewer_say(timeline->viewer,
                   "this call has no flow, but its callees have %s: %s again "
                   "goes to the next one",
                   text_grouped(number, sizeof number, below),
                   is_forward ? "]" : "[");
    } else {
        viewer_say(timeline->viewer,
                   "this call has no flow: %s again goes to the %s one of "
                   "this thread",
                   is_forward ? "]" : "[", is_forward ? "next" : "previous");
    }
}

/* The key was pressed again on a call without arrows: to the next one that has
 * some. */
static bool
go_to_next(struct timeline *timeline, enum flow_way way, struct error *err)
{
    uint32_t track = timeline->list.items[timeline->state.item].index;
    bool is_forward = way == FLOW_WAY_FORWARD;
    struct flow_place place;

    if (!flow_next_place(timeline->model, track,
                         (uint64_t)timeline->state.time_ns, way, &place)) {
        viewer_say(timeline->viewer, "there is no %s flow in this thread",
                   is_forward ? "later" : "earlier");
        return true;
    }
    return go_to_place(timeline, &place, err);
}

bool
timeline_follow_flow(struct timeline *timeline, enum action_id action,
                     struct error *err)
{
    struct flow_run *run = &timeline->flow_run;
    const struct slice *here = &timeline->state.slice;
    enum flow_way way =
        action == ACTION_FLOW_BACK ? FLOW_WAY_BACK : FLOW_WAY_FORWARD;
    bool is_again = run->action == action && has_call(timeline)
                    && is_same_call(&run->here, here);
    struct flow_list list;

    if (!has_call(timeline)) {
        viewer_say(timeline->viewer,
                   "there is no call here; flows lead from call to call");
        return true;
    }
    if (is_again && run->left > 0) {
        list = flow_list_of_call(timeline->model, &run->origin, way);
        run->left--;
        return follow(timeline, action, &list, (run->index + 1) % list.count,
                      err);
    }
    list = flow_list_of_call(timeline->model, here, way);
    if (list.count == 0) {
        if (is_again && is_same_call(&run->origin, here)) {
            *run = (struct flow_run){0};
            return go_to_next(timeline, way, err);
        }
        *run =
            (struct flow_run){.action = action, .origin = *here, .here = *here};
        explain_none(timeline, way);
        return true;
    }
    *run = (struct flow_run){.origin = *here, .left = list.count - 1};
    return follow(timeline, action, &list, nearest_arrow(timeline, &list), err);
}
