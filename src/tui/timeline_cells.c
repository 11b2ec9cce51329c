// SPDX-License-Identifier: Apache-2.0
#include "tui/timeline_cells.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/clock.h"
#include "base/error.h"
#include "model/trace_model.h"
#include "tui/timeline.h"
#include "tui/viewer.h"

enum { FRAME_DECODE_NS = 4000000 }; /* of one frame; a block more at most */

/* The exact cells of the rows that a frame could only estimate. */
struct cells_task {
    struct timeline *timeline;
    const struct trace_model *model;
    struct timeline_request *requests;
    size_t count;
    size_t done_count; /* these have their cells */
    struct timeline_cell **cells;
    struct span_scratch *scratch;
};

static size_t
cell_count_of(const struct timeline_request *request)
{
    return ((size_t)request->depth_count + request->include_deeper)
           * request->grid.column_count;
}

static bool
run_task(void *context, const struct progress *progress, struct error *err)
{
    struct cells_task *task = context;

    while (
        task->done_count < task->count
        && progress->report(progress->context, task->done_count, task->count)) {
        size_t i = task->done_count;

        task->cells[i] = array_new(cell_count_of(&task->requests[i]),
                                   sizeof **task->cells, err);
        if (task->cells[i] == NULL
            || !timeline_cells(task->model, &task->requests[i], task->scratch,
                               task->cells[i], err)) {
            return false;
        }
        task->done_count++;
    }
    return true;
}

static bool
finish_task(void *context, const struct error *failure, struct error *err)
{
    struct cells_task *task = context;

    if (failure != NULL) {
        *err = *failure;
        return false;
    }
    for (size_t i = 0; i < task->done_count; i++) {
        cell_cache_keep(&task->timeline->cell_cache, &task->requests[i],
                        task->cells[i]);
    }
    task->timeline->is_after_exact = true;
    return true;
}

static void
free_task(void *context)
{
    struct cells_task *task = context;

    for (size_t i = 0; task->cells != NULL && i < task->count; i++) {
        free(task->cells[i]);
    }
    free(task->cells);
    free(task->requests);
    span_scratch_free(task->scratch);
    free(task);
}

static const struct job_class cells_job = {
    .run = run_task,
    .done = finish_task,
    .free = free_task,
};

static bool
is_same_request(const struct timeline_request *a,
                const struct timeline_request *b)
{
    return a->track == b->track && a->first_depth == b->first_depth
           && a->depth_count == b->depth_count
           && a->include_deeper == b->include_deeper
           && a->grid.origin_ns == b->grid.origin_ns
           && a->grid.column_ns == b->grid.column_ns
           && a->grid.column_count == b->grid.column_count;
}

/* Whether the job that runs is about just these rows. */
static bool
is_under_way(const struct timeline *timeline)
{
    if (!jobs_is_busy(timeline->viewer->jobs, JOB_CELLS)
        || timeline->awaited_count != timeline->estimated_count) {
        return false;
    }
    for (size_t i = 0; i < timeline->awaited_count; i++) {
        if (!is_same_request(&timeline->awaited[i], &timeline->estimated[i])) {
            return false;
        }
    }
    return true;
}

/* Remember what the job that is about to start is for. */
static bool
await(struct timeline *timeline, struct error *err)
{
    if (!array_reserve((void **)&timeline->awaited, &timeline->awaited_capacity,
                       timeline->estimated_count, sizeof *timeline->awaited,
                       err)) {
        return false;
    }
    timeline->awaited_count = timeline->estimated_count;
    memcpy(timeline->awaited, timeline->estimated,
           timeline->awaited_count * sizeof *timeline->awaited);
    return true;
}

static struct cells_task *
make_task(struct timeline *timeline, struct error *err)
{
    struct cells_task *task = array_new(1, sizeof *task, err);

    if (task == NULL) {
        return NULL;
    }
    task->timeline = timeline;
    task->model = timeline->model;
    task->count = timeline->estimated_count;
    task->requests = array_new(task->count, sizeof *task->requests, err);
    task->cells = task->requests == NULL
                      ? NULL
                      : array_new(task->count, sizeof *task->cells, err);
    if (task->cells == NULL || !span_scratch_new(&task->scratch, err)) {
        free_task(task);
        return NULL;
    }
    memcpy(task->requests, timeline->estimated,
           task->count * sizeof *task->requests);
    return task;
}

void
timeline_begin_cells(struct timeline *timeline)
{
    timeline->estimated_count = 0;
    timeline->decode_left = timeline->frame_decode_limit;
    timeline->frame_start_ns = clock_monotonic_ns();
}

/*
 * A frame right after the job that still is not exact (the cache has no room
 * for all rows of an enormous screen) decodes what it needs by itself, see
 * timeline_load_cells; so there is no second job for it.
 */
bool
timeline_end_cells(struct timeline *timeline, struct error *err)
{
    struct cells_task *task;

    timeline->is_after_exact = false;
    if (timeline->estimated_count == 0) {
        (void)jobs_cancel(timeline->viewer->jobs, JOB_CELLS);
        return true;
    }
    if (is_under_way(timeline)) {
        return true;
    }
    task = await(timeline, err) ? make_task(timeline, err) : NULL;
    return task != NULL
           && jobs_start(timeline->viewer->jobs, JOB_CELLS, &cells_job, task,
                         err);
}

static bool
note_estimated(struct timeline *timeline,
               const struct timeline_request *request, struct error *err)
{
    if (!array_reserve(
            (void **)&timeline->estimated, &timeline->estimated_capacity,
            timeline->estimated_count + 1, sizeof *timeline->estimated, err)) {
        return false;
    }
    timeline->estimated[timeline->estimated_count] = *request;
    timeline->estimated[timeline->estimated_count++].is_limited = false;
    return true;
}

/* Where a worker makes what is estimated exact, no frame waits for a disk. */
static bool
is_late(const struct timeline *timeline)
{
    return jobs_fd(timeline->viewer->jobs) >= 0
           && clock_monotonic_ns() - timeline->frame_start_ns > FRAME_DECODE_NS;
}

static struct timeline_request
request_for(const struct timeline *timeline, uint32_t track,
            uint32_t first_depth, uint32_t depth_count, bool has_deeper)
{
    struct time_grid grid = timeline_grid(timeline);

    return (struct timeline_request){
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
}

bool
timeline_load_cells(struct timeline *timeline, uint32_t track,
                    uint32_t first_depth, uint32_t depth_count, bool has_deeper,
                    struct error *err)
{
    struct timeline_request request =
        request_for(timeline, track, first_depth, depth_count, has_deeper);
    size_t decoded;

    if (!timeline->is_after_exact) {
        request.is_limited = true;
        request.decode_limit = is_late(timeline) ? 0 : timeline->decode_left;
    }
    if (!cell_cache_load(&timeline->cell_cache, timeline->model, &request,
                         timeline->scratch, timeline->cells, &decoded, err)) {
        return false;
    }
    if (decoded == SIZE_MAX) {
        return note_estimated(timeline, &request, err);
    }
    timeline->decode_left -=
        decoded < timeline->decode_left ? decoded : timeline->decode_left;
    return true;
}

bool
timeline_load_cursor_row(struct timeline *timeline, struct error *err)
{
    const struct view_state *state = &timeline->state;
    struct time_grid grid = timeline_grid(timeline);
    struct timeline_request request =
        request_for(timeline, timeline->list.items[state->item].index,
                    state->depth, 1, false);
    size_t decoded;

    if (!cell_cache_load(&timeline->cell_cache, timeline->model, &request,
                         timeline->scratch, timeline->cells, &decoded, err)) {
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
