// SPDX-License-Identifier: Apache-2.0
/* Going to a time or a row that somebody outside names. */
#include "tui/timeline.h"

#include "base/error.h"
#include "model/trace_model.h"
#include "tui/timeline_cursor.h"
#include "tui/timeline_points.h"
#include "tui/timeline_tracks.h"
#include "tui/timeline_window.h"
#include "tui/viewer.h"

static bool
go_to_time(struct timeline *timeline, int64_t time_ns, struct error *err)
{
    int64_t end_ns = timeline_end_ns(timeline);

    timeline->state.time_ns = time_ns < end_ns ? time_ns : end_ns;
    if (!timeline_select_here(timeline, err)) {
        return false;
    }
    timeline_follow(timeline, timeline->state.time_ns);
    return true;
}

/* Whether one of the instants at the goal's time stands in a row. */
static bool
has_instant_at(const struct timeline *timeline, size_t item,
               const struct viewer_goal *goal)
{
    size_t at = timeline_instant_beside(
        timeline, item,
        trace_model_instant_find(timeline->model, goal->time_ns), 1);

    return at != SIZE_MAX
           && trace_model_instant(timeline->model, at).time_ns == goal->time_ns;
}

static bool
is_goal(const struct timeline *timeline, size_t i,
        const struct viewer_goal *goal)
{
    const struct track_item *item = &timeline->list.items[i];

    switch (goal->kind) {
    case GOAL_TRACK:
        return item->kind == ITEM_TRACK && item->index == goal->index;
    case GOAL_PROCESS:
        return item->process == goal->index;
    case GOAL_INSTANTS:
        return item->kind == ITEM_INSTANTS && item->process == goal->index
               && (!goal->has_time || has_instant_at(timeline, i, goal));
    case GOAL_COUNTER:
        return item->kind == ITEM_COUNTER && item->index == goal->index;
    case GOAL_NONE:
    case GOAL_TIME:
        break;
    }
    return false;
}

/* Nothing happens when the goal has no row. */
static bool
go_to_row(struct timeline *timeline, const struct viewer_goal *goal,
          struct error *err)
{
    for (size_t i = 0; i < timeline->list.count; i++) {
        if (is_goal(timeline, i, goal)) {
            timeline_reveal(timeline, i);
            return timeline_go_to_item(timeline, i, err);
        }
    }
    return true;
}

bool
timeline_go(struct timeline *timeline, const struct viewer_goal *goal,
            struct error *err)
{
    if (timeline->list.count == 0) {
        return true;
    }
    timeline->state.grid = timeline_grid(timeline);
    timeline->state.width = timeline->layout.track_width;
    if (!go_to_row(timeline, goal, err)
        || (goal->has_time
            && !go_to_time(timeline, time_limit(goal->time_ns), err))) {
        return false;
    }
    timeline_plan(timeline);
    timeline->state.top_row = timeline_top_row(timeline);
    return true;
}

bool
timeline_show_range(struct timeline *timeline, uint64_t start_ns,
                    uint64_t end_ns, struct error *err)
{
    const struct viewer_goal goal = {
        .kind = GOAL_TIME, .has_time = true, .time_ns = start_ns};
    int64_t last_ns = time_limit(end_ns > start_ns ? end_ns - 1 : start_ns);

    timeline_show(timeline, time_grid_fit(time_limit(start_ns), last_ns,
                                          timeline->layout.track_width));
    return timeline_go(timeline, &goal, err);
}
