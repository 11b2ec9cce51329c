// SPDX-License-Identifier: Apache-2.0
#include "tui/timeline_cursor.h"

#include <assert.h>
#include <stdio.h>

#include "tui/timeline.h"
#include "tui/timeline_cells.h"
#include "tui/timeline_points.h"
#include "tui/timeline_window.h"
#include "tui/viewer.h"

static void
say(struct timeline *timeline, const char *message)
{
    viewer_say(timeline->viewer, "%s", message);
}

static const struct track_item *
cursor_item(const struct timeline *timeline)
{
    return &timeline->list.items[timeline->state.item];
}

static bool
is_on_track(const struct timeline *timeline)
{
    return timeline->list.count > 0
           && cursor_item(timeline)->kind == ITEM_TRACK;
}

/* In a row of instants or of a counter. */
static bool
is_on_points(const struct timeline *timeline)
{
    return timeline->list.count > 0
           && (cursor_item(timeline)->kind == ITEM_INSTANTS
               || cursor_item(timeline)->kind == ITEM_COUNTER);
}

static bool
is_on_open_track(const struct timeline *timeline)
{
    return is_on_track(timeline)
           && !timeline_is_folded(timeline, timeline->state.item);
}

static bool
slice_at(struct timeline *timeline, uint32_t depth, struct slice *slice,
         bool *found, struct error *err)
{
    return span_at(timeline->model, cursor_item(timeline)->index, depth,
                   (uint64_t)timeline->state.time_ns, timeline->scratch, slice,
                   found, err);
}

bool
timeline_select_here(struct timeline *timeline, struct error *err)
{
    struct view_state *state = &timeline->state;
    struct slice slice = {0};
    bool found = false;

    if (is_on_track(timeline)
        && !slice_at(timeline, state->depth, &slice, &found, err)) {
        return false;
    }
    state->has_slice = found;
    state->slice = slice;
    return true;
}

void
timeline_select(struct timeline *timeline, const struct slice *slice,
                int64_t time_ns)
{
    struct view_state *state = &timeline->state;

    state->has_slice = true;
    state->slice = *slice;
    state->depth = slice->depth;
    state->time_ns = time_ns;
    timeline_follow(timeline, time_ns);
}

/* The last nanosecond of a slice, which may have no duration. */
static int64_t
last_ns(const struct slice *slice)
{
    int64_t end_ns = time_limit(slice->end_ns);
    int64_t start_ns = time_limit(slice->start_ns);

    return end_ns > start_ns ? end_ns - 1 : start_ns;
}

/* A folded track shows its outermost level: a cursor that was deeper inside
 * moves on from there. */
static bool
leave_hidden_level(struct timeline *timeline, struct error *err)
{
    if (!timeline_is_folded(timeline, timeline->state.item)
        || timeline->state.depth == 0) {
        return true;
    }
    timeline->state.depth = 0;
    return timeline_select_here(timeline, err);
}

bool
timeline_move_next(struct timeline *timeline, struct error *err)
{
    struct view_state *state = &timeline->state;
    struct slice slice;
    bool found = false;

    if (is_on_points(timeline)) {
        timeline_move_point(timeline, 1, true);
        return true;
    }
    if (!is_on_track(timeline)) {
        say(timeline, "there are no slices in this row");
        return true;
    }
    if (!leave_hidden_level(timeline, err)
        || !span_next(
            timeline->model, cursor_item(timeline)->index, state->depth,
            state->has_slice ? state->slice.start_ns : (uint64_t)state->time_ns,
            timeline->scratch, &slice, &found, err)) {
        return false;
    }
    if (found) {
        timeline_select(timeline, &slice, time_limit(slice.start_ns));
    } else {
        say(timeline, "there is no later slice in this row");
    }
    return true;
}

bool
timeline_move_previous(struct timeline *timeline, struct error *err)
{
    struct view_state *state = &timeline->state;
    struct slice slice;
    bool found = false;

    if (is_on_points(timeline)) {
        timeline_move_point(timeline, -1, true);
        return true;
    }
    if (!is_on_track(timeline)) {
        say(timeline, "there are no slices in this row");
        return true;
    }
    if (!leave_hidden_level(timeline, err)
        || !span_previous(
            timeline->model, cursor_item(timeline)->index, state->depth,
            state->has_slice ? state->slice.start_ns : (uint64_t)state->time_ns,
            timeline->scratch, &slice, &found, err)) {
        return false;
    }
    if (found) {
        timeline_select(timeline, &slice, time_limit(slice.start_ns));
    } else {
        say(timeline, "there is no earlier slice in this row");
    }
    return true;
}

static bool
is_another_slice(const struct view_state *state, const struct row_cell *cell)
{
    switch (cell->kind) {
    case ROW_CELL_EMPTY:
    case ROW_CELL_LOST:
        return false;
    case ROW_CELL_RUN:
    case ROW_CELL_SINGLE:
    case ROW_CELL_MERGED:
        break;
    }
    return !state->has_slice || cell->start_ns != state->slice.start_ns;
}

/* Select what a column of the cursor's row shows. */
static bool
select_column(struct timeline *timeline, int64_t column, struct error *err)
{
    struct time_grid grid = timeline_grid(timeline);
    const struct row_cell *cell = &timeline->row_cells[column];
    int64_t column_start = time_grid_time(&grid, column);
    int64_t start = time_limit(cell->start_ns);
    struct slice slice;
    bool found;

    if (!span_at(timeline->model, cursor_item(timeline)->index,
                 timeline->state.depth, cell->start_ns, timeline->scratch,
                 &slice, &found, err)) {
        return false;
    }
    if (found) {
        timeline_select(timeline, &slice,
                        start < column_start ? column_start : start);
    }
    return true;
}

bool
timeline_select_column(struct timeline *timeline, int64_t column,
                       struct error *err)
{
    if (!timeline_load_cursor_row(timeline, err)) {
        return false;
    }
    switch (timeline->row_cells[column].kind) {
    case ROW_CELL_EMPTY:
    case ROW_CELL_LOST:
        return true;
    case ROW_CELL_RUN:
    case ROW_CELL_SINGLE:
    case ROW_CELL_MERGED:
        break;
    }
    return select_column(timeline, column, err);
}

/* The next column in a direction that shows another slice; else -1 or the
 * width. */
static int64_t
find_column(const struct timeline *timeline, int direction)
{
    struct time_grid grid = timeline_grid(timeline);
    int64_t width = timeline->layout.track_width;
    int64_t column = time_grid_column(&grid, timeline->state.time_ns);

    if (column < 0) {
        column = -1;
    } else if (column > width) {
        column = width;
    }
    do {
        column += direction;
    } while (
        column >= 0 && column < width
        && !is_another_slice(&timeline->state, &timeline->row_cells[column]));
    return column < -1 ? -1 : column;
}

/* Go to the next slice that can be seen; behind the edge, to the exact one. */
static bool
move_visible(struct timeline *timeline, int direction, struct error *err)
{
    int64_t column;

    if (is_on_points(timeline)) {
        timeline_move_point(timeline, direction, false);
        return true;
    }
    if (!is_on_track(timeline)) {
        return direction > 0 ? timeline_move_next(timeline, err)
                             : timeline_move_previous(timeline, err);
    }
    if (!leave_hidden_level(timeline, err)
        || !timeline_load_cursor_row(timeline, err)) {
        return false;
    }
    column = find_column(timeline, direction);
    if (column >= 0 && column < timeline->layout.track_width) {
        return select_column(timeline, column, err);
    }
    return direction > 0 ? timeline_move_next(timeline, err)
                         : timeline_move_previous(timeline, err);
}

bool
timeline_move_left(struct timeline *timeline, struct error *err)
{
    return move_visible(timeline, -1, err);
}

bool
timeline_move_right(struct timeline *timeline, struct error *err)
{
    return move_visible(timeline, 1, err);
}

/* The deepest level below limit that has a slice at the cursor's time: callers
 * cover their callees, so the levels that do form the front. */
static bool
go_to_deepest(struct timeline *timeline, uint32_t limit, struct error *err)
{
    uint32_t low = 0;
    uint32_t high = limit;

    while (low + 1 < high) {
        uint32_t middle = low + (high - low) / 2;
        struct slice slice;
        bool found;

        if (!slice_at(timeline, middle, &slice, &found, err)) {
            return false;
        }
        if (found) {
            low = middle;
        } else {
            high = middle;
        }
    }
    timeline->state.depth = low;
    return timeline_select_here(timeline, err);
}

/* Go to an item and stay at the same time. */
static bool
enter_item(struct timeline *timeline, size_t item, bool is_from_below,
           struct error *err)
{
    struct view_state *state = &timeline->state;

    state->item = item;
    state->depth = 0;
    if (is_from_below && is_on_open_track(timeline)) {
        timeline_plan(timeline);
        return go_to_deepest(timeline,
                             row_plan_depth_rows(&timeline->plan, item), err);
    }
    return timeline_select_here(timeline, err);
}

bool
timeline_go_to_item(struct timeline *timeline, size_t item, struct error *err)
{
    return enter_item(timeline, item, false, err);
}

bool
timeline_go_to_row(struct timeline *timeline, size_t row, struct error *err)
{
    struct plan_row what = row_plan_at(&timeline->plan, row);

    timeline->state.item = what.item;
    timeline->state.depth = 0;
    return is_on_open_track(timeline)
               ? go_to_deepest(timeline, what.depth + what.levels, err)
               : timeline_select_here(timeline, err);
}

static bool
is_wanted(const struct timeline *timeline, size_t item, bool only_tracks)
{
    return row_plan_height(&timeline->plan, item) > 0
           && (!only_tracks || timeline->list.items[item].kind == ITEM_TRACK);
}

static bool
go_to_neighbour(struct timeline *timeline, int direction, bool only_tracks,
                struct error *err)
{
    const struct row_plan *plan = &timeline->plan;
    size_t position;

    if (timeline->list.count == 0) {
        return true;
    }
    position = plan->positions[timeline->state.item];
    for (;;) {
        if (direction < 0 ? position == 0
                          : position + 1 >= timeline->list.count) {
            say(timeline, direction < 0 ? "this is the first row"
                                        : "this is the last row");
            return true;
        }
        position = direction < 0 ? position - 1 : position + 1;
        if (is_wanted(timeline, plan->order[position], only_tracks)) {
            return enter_item(timeline, plan->order[position],
                              direction < 0 && !only_tracks, err);
        }
    }
}

bool
timeline_move_up(struct timeline *timeline, struct error *err)
{
    struct view_state *state = &timeline->state;

    if (is_on_open_track(timeline) && state->depth > 0) {
        state->depth--;
        return timeline_select_here(timeline, err);
    }
    return go_to_neighbour(timeline, -1, false, err);
}

static int64_t
distance(int64_t a, int64_t b)
{
    return a < b ? b - a : a - b;
}

/* The callee of the selected slice that is nearest to the cursor and on
 * screen. */
static bool
find_callee(struct timeline *timeline, struct slice *callee, int64_t *time_ns,
            bool *found, struct error *err)
{
    const struct view_state *state = &timeline->state;
    uint32_t track = cursor_item(timeline)->index;
    uint64_t now = (uint64_t)state->time_ns;
    struct slice before;
    struct slice after;
    bool has_before;
    bool has_after;

    if (!span_previous(timeline->model, track, state->depth + 1, now,
                       timeline->scratch, &before, &has_before, err)
        || !span_next(timeline->model, track, state->depth + 1, now,
                      timeline->scratch, &after, &has_after, err)) {
        return false;
    }
    has_before = has_before && before.start_ns >= state->slice.start_ns
                 && timeline_is_in_view(timeline, last_ns(&before));
    has_after = has_after && after.start_ns < state->slice.end_ns
                && timeline_is_in_view(timeline, time_limit(after.start_ns));
    *found = has_before || has_after;
    if (has_before
        && (!has_after
            || distance(last_ns(&before), state->time_ns)
                   <= distance(time_limit(after.start_ns), state->time_ns))) {
        *callee = before;
        *time_ns = last_ns(&before);
    } else if (has_after) {
        *callee = after;
        *time_ns = time_limit(after.start_ns);
    }
    return true;
}

bool
timeline_move_down(struct timeline *timeline, struct error *err)
{
    struct view_state *state = &timeline->state;
    struct slice slice;
    int64_t time_ns = state->time_ns;
    bool found = false;

    if (is_on_open_track(timeline)
        && state->depth + 1 < cursor_item(timeline)->depth) {
        if (!slice_at(timeline, state->depth + 1, &slice, &found, err)) {
            return false;
        }
        if (!found && state->has_slice
            && !find_callee(timeline, &slice, &time_ns, &found, err)) {
            return false;
        }
    }
    if (found) {
        timeline_select(timeline, &slice, time_ns);
        return true;
    }
    return go_to_neighbour(timeline, 1, false, err);
}

bool
timeline_move_previous_track(struct timeline *timeline, struct error *err)
{
    return go_to_neighbour(timeline, -1, true, err);
}

bool
timeline_move_next_track(struct timeline *timeline, struct error *err)
{
    return go_to_neighbour(timeline, 1, true, err);
}

bool
timeline_move_first_item(struct timeline *timeline, struct error *err)
{
    for (size_t i = 0; i < timeline->list.count; i++) {
        if (is_wanted(timeline, timeline->plan.order[i], false)) {
            return enter_item(timeline, timeline->plan.order[i], false, err);
        }
    }
    return true;
}

bool
timeline_move_last_item(struct timeline *timeline, struct error *err)
{
    for (size_t i = timeline->list.count; i > 0; i--) {
        if (is_wanted(timeline, timeline->plan.order[i - 1], false)) {
            return enter_item(timeline, timeline->plan.order[i - 1], false,
                              err);
        }
    }
    return true;
}

bool
timeline_move_other_end(struct timeline *timeline, struct error *err)
{
    struct view_state *state = &timeline->state;
    int64_t start_ns = time_limit(state->slice.start_ns);

    (void)err;
    if (!state->has_slice) {
        say(timeline, "there is no slice here");
        return true;
    }
    state->time_ns =
        state->time_ns == start_ns ? last_ns(&state->slice) : start_ns;
    timeline_follow(timeline, state->time_ns);
    return true;
}

static bool
go_to_time(struct timeline *timeline, int64_t time_ns, struct error *err)
{
    timeline->state.time_ns = time_ns;
    timeline_follow(timeline, time_ns);
    return timeline_select_here(timeline, err);
}

bool
timeline_move_to_start(struct timeline *timeline, struct error *err)
{
    return go_to_time(timeline, 0, err);
}

bool
timeline_move_to_end(struct timeline *timeline, struct error *err)
{
    int64_t end_ns = timeline_end_ns(timeline);

    return go_to_time(timeline, end_ns > 0 ? end_ns - 1 : 0, err);
}
