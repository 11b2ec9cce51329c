// SPDX-License-Identifier: Apache-2.0
#include "tui/timeline.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "model/trace_model.h"
#include "tui/details.h"
#include "tui/timeline_carry.h"
#include "tui/timeline_cells.h"
#include "tui/timeline_cursor.h"
#include "tui/timeline_marks.h"
#include "tui/timeline_order.h"
#include "tui/timeline_tracks.h"
#include "tui/timeline_window.h"
#include "tui/viewer.h"

/* Some milliseconds; enough for a view of single calls. */
enum { FRAME_DECODE_LIMIT = 32 };

/* A track's first event need not be a call: begin at its first slice. */
static bool
start_at_first_slice(struct timeline *timeline, struct error *err)
{
    struct view_state *state = &timeline->state;
    uint32_t track = timeline->list.items[state->item].index;
    struct slice slice;
    bool found;

    if (!timeline_select_here(timeline, err)) {
        return false;
    }
    if (state->has_slice) {
        return true;
    }
    if (!span_next(timeline->model, track, 0, (uint64_t)state->time_ns,
                   timeline->scratch, &slice, &found, err)) {
        return false;
    }
    if (found) {
        state->time_ns = time_limit(slice.start_ns);
        return timeline_select_here(timeline, err);
    }
    return true;
}

static bool
start_at_first_track(struct timeline *timeline, struct error *err)
{
    for (size_t i = 0; i < timeline->list.count; i++) {
        const struct track_item *item = &timeline->list.items[i];

        if (item->kind == ITEM_TRACK) {
            timeline->state.item = i;
            timeline->state.time_ns = time_limit(
                trace_model_track(timeline->model, item->index)->start_ns);
            return start_at_first_slice(timeline, err);
        }
    }
    return true;
}

bool
timeline_init(struct timeline *timeline, struct viewer *viewer,
              struct error *err)
{
    *timeline = (struct timeline){
        .viewer = viewer,
        .model = viewer->model,
        .state = {.is_fit = true},
        .frame_decode_limit = FRAME_DECODE_LIMIT,
    };
    if (!track_list_build(&timeline->list, viewer->model, err)
        || !span_scratch_new(&timeline->scratch, err)
        || !details_new(&timeline->details, viewer, err)) {
        goto failed;
    }
    timeline->flags =
        array_new(timeline->list.count, sizeof *timeline->flags, err);
    if (timeline->flags == NULL || !timeline_order_init(timeline, err)
        || !row_plan_init(&timeline->plan, &timeline->list, timeline->flags,
                          err)
        || !start_at_first_track(timeline, err)) {
        goto failed;
    }
    timeline->plan.sequence = timeline->sequence;
    return true;

failed:
    timeline_release(timeline);
    return false;
}

void
timeline_release(struct timeline *timeline)
{
    details_free(timeline->details);
    row_plan_release(&timeline->plan);
    track_list_release(&timeline->list);
    span_scratch_free(timeline->scratch);
    free(timeline->flags);
    free(timeline->sequence);
    timeline_area_release(&timeline->area_sum);
    cell_cache_release(&timeline->cell_cache);
    free(timeline->cells);
    free(timeline->estimated);
    free(timeline->awaited);
    free(timeline->row_cells);
    free(timeline->overview);
    *timeline = (struct timeline){0};
}

/* What is around a call may come to be known later than the call: then that
 * lies deeper than it did. */
static bool
follow_slice(struct timeline *timeline, const struct slice *slice,
             int64_t shift_ns, struct error *err)
{
    struct view_state *state = &timeline->state;
    uint32_t depth = state->depth;
    uint64_t start_ns = slice->start_ns + (uint64_t)shift_ns;

    while (state->has_slice && state->slice.start_ns < start_ns) {
        state->depth++;
        if (!timeline_select_here(timeline, err)) {
            return false;
        }
    }
    if (state->has_slice && state->slice.start_ns == start_ns) {
        return true;
    }
    state->depth = depth;
    return timeline_select_here(timeline, err);
}

/* Zoom and time of another timeline, whose item of the cursor is item here. */
static bool
take_cursor(struct timeline *timeline, const struct view_state *from,
            size_t item, struct error *err)
{
    const int64_t shift_ns = timeline->viewer->shift_ns;
    struct view_state *state = &timeline->state;

    state->is_pinned_only = from->is_pinned_only;
    state->has_details = from->has_details;
    state->details_place = from->details_place;
    state->top_row = from->top_row;
    state->is_fit = from->is_fit;
    state->grid =
        shift_ns == 0
            ? from->grid
            : time_grid_anchor(from->grid.column_ns,
                               time_grid_time(&from->grid, 0) + shift_ns, 0);
    state->width = from->width;
    if (item == NO_ITEM) {
        return true;
    }
    state->item = item;
    state->depth = from->depth;
    state->time_ns =
        from->time_ns + shift_ns < 0 ? 0 : from->time_ns + shift_ns;
    if (state->time_ns > timeline_end_ns(timeline)) {
        state->time_ns = timeline_end_ns(timeline);
    }
    return timeline_select_here(timeline, err)
           && (!from->has_slice
               || follow_slice(timeline, &from->slice, shift_ns, err));
}

/* The area of another timeline, when the items that it begins and ends at are
 * here. */
static void
take_area(struct timeline *timeline, const struct view_area *from,
          const uint32_t *matches)
{
    struct view_area area = *from;

    for (int i = 0; i < 2 && area.is_set; i++) {
        uint32_t item = matches[from->items[i]];

        area.is_set = item != NO_ITEM;
        area.items[i] = item;
        area.times_ns[i] += timeline->viewer->shift_ns;
    }
    if (area.is_set) {
        timeline->state.area = area;
    }
}

bool
timeline_take_place(struct timeline *timeline, const struct timeline *from,
                    struct error *err)
{
    size_t count = from->list.count;
    uint32_t *matches = array_new(count, sizeof *matches, err);
    bool ok = matches != NULL
              && timeline_match_items(timeline, from, matches, err)
              && timeline_order_take(timeline, from, matches, err);

    for (size_t i = 0; ok && i < count; i++) {
        if (matches[i] != NO_ITEM) {
            timeline->flags[matches[i]] = from->flags[i];
        }
    }
    if (ok && from->state.area.is_set) {
        take_area(timeline, &from->state.area, matches);
    }
    ok = ok
         && take_cursor(timeline, &from->state,
                        count == 0 ? NO_ITEM : matches[from->state.item], err);
    free(matches);
    return ok;
}

bool
timeline_reload(struct timeline *timeline, struct error *err)
{
    struct timeline fresh;

    if (!timeline_init(&fresh, timeline->viewer, err)) {
        return false;
    }
    if (!timeline_take_place(&fresh, timeline, err)
        || !timeline_resize(&fresh, timeline->layout.width,
                            timeline->layout.height, err)) {
        timeline_release(&fresh);
        return false;
    }
    timeline_release(timeline);
    *timeline = fresh;
    timeline->plan.list = &timeline->list; /* it has moved */
    timeline_plan(timeline);
    return true;
}

size_t
timeline_item_of_track(const struct timeline *timeline, uint32_t track)
{
    return track < trace_model_track_count(timeline->model)
               ? timeline->list.tracks[track]
               : SIZE_MAX;
}

bool
timeline_jump_to(struct timeline *timeline, const struct slice *slice,
                 uint64_t time_ns, struct error *err)
{
    size_t item = timeline_item_of_track(timeline, slice->track);
    struct time_grid before = timeline_grid(timeline);
    size_t process;
    size_t group;
    size_t file;

    if (item == SIZE_MAX) {
        return error_set(err, ERROR_USAGE, "track %u is not in the trace",
                         slice->track);
    }
    process = track_list_process(&timeline->list, item);
    file = track_list_file(&timeline->list, item);
    group = timeline->list.items[item].group;
    timeline->flags[item] &= (uint8_t)~ITEM_FOLDED;
    if (process != SIZE_MAX) {
        timeline->flags[process] &= (uint8_t)~ITEM_FOLDED;
    }
    if (group != SIZE_MAX) {
        timeline->flags[group] &= (uint8_t)~ITEM_FOLDED;
    }
    if (file != SIZE_MAX) {
        timeline->flags[file] &= (uint8_t)~ITEM_FOLDED;
    }
    timeline->state.item = item;
    timeline_reveal(timeline, item);
    timeline_select(timeline, slice, time_limit(time_ns));
    timeline_note_jump(timeline, &before);
    timeline_plan(timeline);
    timeline->state.top_row = timeline_top_row(timeline);
    return true;
}

bool
timeline_jump(struct timeline *timeline, const struct slice *slice,
              struct error *err)
{
    return timeline_jump_to(timeline, slice, slice->start_ns, err);
}

bool
timeline_is_folded(const struct timeline *timeline, size_t item)
{
    return (timeline->flags[item] & ITEM_FOLDED) != 0;
}

int64_t
timeline_end_ns(const struct timeline *timeline)
{
    return time_limit(trace_model_summary(timeline->model).duration_ns);
}

/*
 * At another width than that of the last command the cursor keeps its relative
 * place; when it is out of view, the middle does.
 */
struct time_grid
timeline_grid(const struct timeline *timeline)
{
    const struct view_state *state = &timeline->state;
    unsigned width = timeline->layout.track_width;
    struct time_grid whole = time_grid_fit(0, timeline_end_ns(timeline), width);
    int64_t anchor_ns = state->time_ns;
    int64_t column;
    int64_t column_ns = state->grid.column_ns;

    if (state->is_fit || state->width == 0) {
        return whole;
    }
    if (state->width == width) {
        return state->grid;
    }
    column = time_grid_column(&state->grid, anchor_ns);
    if (column < 0 || column >= state->width) {
        column = state->width / 2;
        anchor_ns = time_grid_time(&state->grid, column);
    }
    if (column_ns > whole.column_ns) {
        column_ns = whole.column_ns; /* a wider screen needs no more */
    }
    return time_grid_anchor(column_ns, anchor_ns,
                            column * width / state->width);
}

size_t
timeline_top_row(const struct timeline *timeline)
{
    return row_plan_top(&timeline->plan, timeline->state.top_row,
                        timeline->layout.track_height);
}

size_t
timeline_row_of_line(const struct timeline *timeline, unsigned line)
{
    return line < row_plan_sticky(&timeline->plan,
                                  timeline->layout.track_height)
               ? line
               : timeline_top_row(timeline) + line;
}

int
timeline_line_of_row(const struct timeline *timeline, size_t row)
{
    unsigned height = timeline->layout.track_height;
    unsigned sticky = row_plan_sticky(&timeline->plan, height);
    size_t top = timeline_top_row(timeline);

    if (row < sticky) {
        return (int)row;
    }
    return row < top + sticky || row >= top + height ? -1 : (int)(row - top);
}

unsigned
timeline_stride(const struct timeline *timeline)
{
    return timeline->layout.track_width + 2 * ROW_CELLS_MARGIN;
}

/* Memory for what one frame needs: the rows of the tallest track with their
 * margins, and one row of every other kind. */
static bool
reserve(struct timeline *timeline, struct error *err)
{
    size_t columns = timeline_stride(timeline);
    /* The pane may be closed at any time; a row may have two levels. */
    size_t rows = 2
                      * ((size_t)timeline->layout.track_height
                         + timeline->layout.details_height)
                  + 1;

    return array_reserve((void **)&timeline->cells, &timeline->cell_capacity,
                         columns * rows, sizeof *timeline->cells, err)
           && array_reserve((void **)&timeline->row_cells,
                            &timeline->row_cell_capacity, 2 * columns,
                            sizeof *timeline->row_cells, err)
           && array_reserve((void **)&timeline->overview,
                            &timeline->overview_capacity, columns,
                            sizeof *timeline->overview, err)
           && cell_cache_resize(&timeline->cell_cache,
                                timeline_stride(timeline), err);
}

void
timeline_layout(struct timeline *timeline)
{
    unsigned width = timeline->layout.width;
    unsigned height = timeline->layout.height;

    timeline->layout = timeline->state.has_details
                           ? layout_with_details(width, height)
                           : layout_of(width, height);
}

bool
timeline_has_halves(const struct timeline *timeline)
{
    const struct viewer *viewer = timeline->viewer;

    return theme_has_halves(&viewer->theme)
           && viewer->look.colour_mode != COLOUR_BY_NOTHING;
}

void
timeline_plan(struct timeline *timeline)
{
    timeline->plan.has_halves = timeline_has_halves(timeline);
    timeline->plan.is_pinned_only = timeline->state.is_pinned_only;
    row_plan_update(&timeline->plan, timeline->state.item,
                    timeline->state.depth, timeline->layout.track_height);
}

bool
timeline_resize(struct timeline *timeline, unsigned width, unsigned height,
                struct error *err)
{
    struct layout old = timeline->layout;

    timeline->layout = timeline->state.has_details
                           ? layout_with_details(width, height)
                           : layout_of(width, height);
    if (!reserve(timeline, err)) {
        timeline->layout = old;
        return false;
    }
    timeline_plan(timeline);
    return true;
}

void
timeline_restore(struct timeline *timeline, const struct view_state *state,
                 const uint8_t *flags, const uint32_t *sequence)
{
    timeline->state = *state;
    memcpy(timeline->flags, flags, timeline->list.count);
    memcpy(timeline->sequence, sequence,
           timeline->list.count * sizeof *timeline->sequence);
    timeline_layout(timeline);
    timeline_plan(timeline);
}
