// SPDX-License-Identifier: Apache-2.0
#include "tui/timeline_cells.h"

#include "tui/timeline.h"

bool
timeline_load_cells(struct timeline *timeline, uint32_t track,
                    uint32_t first_depth, uint32_t depth_count, bool has_deeper,
                    struct error *err)
{
    struct time_grid grid = timeline_grid(timeline);
    struct timeline_request request = {
        .track = track,
        .first_depth = first_depth,
        .depth_count = depth_count,
        .include_deeper = has_deeper,
        .is_exact = true,
        .grid =
            {
                .origin_ns = time_grid_time(&grid, -ROW_CELLS_MARGIN),
                .column_ns = (uint64_t)grid.column_ns,
                .column_count = timeline_stride(timeline),
            },
    };

    return cell_cache_load(&timeline->cell_cache, timeline->model, &request,
                           timeline->scratch, timeline->cells, err);
}

bool
timeline_load_cursor_row(struct timeline *timeline, struct error *err)
{
    const struct view_state *state = &timeline->state;
    struct time_grid grid = timeline_grid(timeline);

    if (!timeline_load_cells(timeline, timeline->list.items[state->item].index,
                             state->depth, 1, false, err)) {
        return false;
    }
    row_cells_of_level(timeline->cells, &grid, timeline->layout.track_width,
                       timeline->row_cells);
    return true;
}

bool
timeline_self_time(struct timeline *timeline, uint64_t *self_ns,
                   struct error *err)
{
    const struct slice *slice = &timeline->state.slice;
    uint64_t duration_ns = slice->end_ns - slice->start_ns;
    struct timeline_cell callees = {0};
    struct timeline_request request = {
        .track = slice->track,
        .first_depth = slice->depth + 1,
        .depth_count = 1,
        .is_exact = true,
        .grid =
            {
                .origin_ns = time_limit(slice->start_ns),
                .column_ns = duration_ns == 0 ? 1 : duration_ns,
                .column_count = 1,
            },
    };

    if (!timeline_cells(timeline->model, &request, timeline->scratch, &callees,
                        err)) {
        return false;
    }
    *self_ns =
        duration_ns
        - (callees.busy_ns < duration_ns ? callees.busy_ns : duration_ns);
    return true;
}
