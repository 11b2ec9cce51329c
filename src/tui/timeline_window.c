// SPDX-License-Identifier: Apache-2.0
#include "tui/timeline_window.h"

#include <stdio.h>

#include "tui/timeline.h"
#include "tui/viewer.h"

enum {
    MARGIN_PART = 10, /* of the width, between the cursor and the edge */
    /* A slice that is fitted leaves a tenth free on either side. */
    FIT_MARGIN_PART = 8,
};

static struct time_grid
whole_trace(const struct timeline *timeline)
{
    return time_grid_fit(0, timeline_end_ns(timeline),
                         timeline->layout.track_width);
}

void
timeline_show(struct timeline *timeline, struct time_grid grid)
{
    struct view_state *state = &timeline->state;
    struct time_grid whole = whole_trace(timeline);
    int64_t half = timeline->layout.track_width / 2;
    int64_t end_ns = timeline_end_ns(timeline);
    int64_t middle_ns;

    if (grid.column_ns >= whole.column_ns) {
        grid = whole;
    }
    middle_ns = time_grid_time(&grid, half);
    if (middle_ns < 0) {
        grid = time_grid_anchor(grid.column_ns, 0, half);
    } else if (middle_ns > end_ns) {
        grid = time_grid_anchor(grid.column_ns, end_ns, half);
    }
    state->grid = grid;
    state->width = timeline->layout.track_width;
    state->is_fit =
        grid.column_ns == whole.column_ns && grid.origin_ns == whole.origin_ns;
}

bool
timeline_is_in_view(const struct timeline *timeline, int64_t time_ns)
{
    struct time_grid grid = timeline_grid(timeline);
    int64_t column = time_grid_column(&grid, time_ns);

    return column >= 0 && column < timeline->layout.track_width;
}

void
timeline_follow(struct timeline *timeline, int64_t time_ns)
{
    struct time_grid grid = timeline_grid(timeline);
    int64_t width = timeline->layout.track_width;
    int64_t column = time_grid_column(&grid, time_ns);
    int64_t margin = width / MARGIN_PART;

    if (column < 0) {
        timeline_show(timeline,
                      time_grid_anchor(grid.column_ns, time_ns, margin));
    } else if (column >= width) {
        timeline_show(timeline, time_grid_anchor(grid.column_ns, time_ns,
                                                 width - 1 - margin));
    }
}

void
timeline_zoom(struct timeline *timeline, int steps)
{
    struct time_grid grid = timeline_grid(timeline);
    int64_t width = timeline->layout.track_width;
    int64_t anchor_ns = timeline->state.time_ns;
    int64_t column = time_grid_column(&grid, anchor_ns);

    if (column < 0 || column >= width) {
        column = width / 2;
        anchor_ns = time_grid_time(&grid, column);
    }
    timeline_show(timeline,
                  time_grid_anchor(time_ladder_move(grid.column_ns, steps),
                                   anchor_ns, column));
}

void
timeline_zoom_at(struct timeline *timeline, int steps, int64_t column)
{
    struct time_grid grid = timeline_grid(timeline);

    timeline_show(timeline,
                  time_grid_anchor(time_ladder_move(grid.column_ns, steps),
                                   time_grid_time(&grid, column), column));
}

void
timeline_pan(struct timeline *timeline, int64_t columns)
{
    struct time_grid grid = timeline_grid(timeline);

    grid.origin_ns = time_grid_time(&grid, columns);
    timeline_show(timeline, grid);
}

void
timeline_fit(struct timeline *timeline)
{
    timeline_show(timeline, whole_trace(timeline));
}

static void
centre(struct timeline *timeline)
{
    const struct view_state *state = &timeline->state;
    struct time_grid grid = timeline_grid(timeline);
    int64_t middle_ns = state->time_ns;

    if (state->has_slice) {
        int64_t start_ns = time_limit(state->slice.start_ns);
        int64_t end_ns = time_limit(state->slice.end_ns);

        middle_ns = start_ns + (end_ns - start_ns) / 2;
    }
    timeline_show(timeline, time_grid_anchor(grid.column_ns, middle_ns,
                                             timeline->layout.track_width / 2));
}

static void
fit_slice(struct timeline *timeline)
{
    const struct slice *slice = &timeline->state.slice;
    int64_t start_ns = time_limit(slice->start_ns);
    int64_t end_ns = time_limit(slice->end_ns);
    int64_t margin_ns = (end_ns - start_ns) / FIT_MARGIN_PART;
    struct time_grid grid = time_grid_fit(
        start_ns - margin_ns, end_ns + margin_ns, timeline->layout.track_width);

    timeline_show(timeline, time_grid_anchor(grid.column_ns,
                                             start_ns + (end_ns - start_ns) / 2,
                                             timeline->layout.track_width / 2));
}

void
timeline_fit_selection(struct timeline *timeline)
{
    if (timeline->state.has_slice) {
        fit_slice(timeline);
    } else {
        viewer_say(timeline->viewer, "there is no slice here to fit");
    }
}

void
timeline_focus(struct timeline *timeline)
{
    struct view_state *state = &timeline->state;
    struct time_grid before = timeline_grid(timeline);

    switch (state->focus_stage) {
    case 0:
        state->focus_back_grid = before;
        state->focus_stage = 1;
        centre(timeline);
        if (timeline_grid(timeline).origin_ns != before.origin_ns) {
            return;
        }
        /* It was in the middle already: go on. */
        /* fall through */
    case 1:
        if (state->has_slice) {
            state->focus_stage = 2;
            fit_slice(timeline);
            return;
        }
        viewer_say(timeline->viewer, "there is no slice here to fit");
        return;
    default:
        state->focus_stage = 0;
        timeline_show(timeline, state->focus_back_grid);
        return;
    }
}

void
timeline_note_jump(struct timeline *timeline, const struct time_grid *before)
{
    int64_t width = timeline->layout.track_width;
    struct time_grid now = timeline_grid(timeline);
    int64_t left_end_ns = time_grid_time(before, width);

    if (left_end_ns >= now.origin_ns
        && before->origin_ns <= time_grid_time(&now, width)) {
        return;
    }
    timeline->state.left = (struct left_window){
        .is_set = true,
        .start_ns = before->origin_ns,
        .end_ns = left_end_ns,
    };
}
