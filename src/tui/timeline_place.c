// SPDX-License-Identifier: Apache-2.0
/* Where the timeline is, for those who look from outside. */
#include "tui/timeline.h"

#include "tui/timeline_view.h"

static uint64_t
time_from_start(int64_t time_ns)
{
    return time_ns < 0 ? 0 : (uint64_t)time_ns;
}

struct timeline_grid
timeline_overview_grid(const struct timeline *timeline)
{
    unsigned width = timeline->layout.track_width;
    struct time_grid whole = time_grid_fit(0, timeline_end_ns(timeline), width);

    return (struct timeline_grid){
        .origin_ns = whole.origin_ns,
        .column_ns = (uint64_t)whole.column_ns,
        .column_count = width,
    };
}

void
timeline_place(const struct timeline *timeline, struct timeline_place *place)
{
    const struct view_state *state = &timeline->state;
    struct time_grid grid = timeline_grid(timeline);

    *place = (struct timeline_place){
        .time_ns = time_from_start(state->time_ns),
        .has_slice = state->has_slice,
        .slice = state->slice,
        .window_start_ns = time_from_start(grid.origin_ns),
        .window_end_ns = time_from_start(
            time_grid_time(&grid, timeline->layout.track_width)),
        .overview = timeline_overview_grid(timeline),
    };
    if (timeline->list.count > 0
        && timeline->list.items[state->item].kind == ITEM_TRACK) {
        place->has_track = true;
        place->track = timeline->list.items[state->item].index;
    }
}
