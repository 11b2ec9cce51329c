// SPDX-License-Identifier: Apache-2.0
#include "tui/search_map.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "tui/jobs.h"
#include "tui/viewer.h"

struct map_task {
    struct viewer *viewer;
    const struct trace_model *model;
    unsigned number;
    struct search_copy search;
    uint32_t *block_counts; /* owned, as all below */
    uint64_t *block_levels;
    struct hit_map_request request;
    struct hit_map map;
};

static bool
run_map(void *argument, const struct progress *progress, struct error *err)
{
    struct map_task *task = argument;

    return hit_map_make(&task->map, task->model, &task->request, progress, err);
}

/* Without it the longest calls of cells still show: a failure says nothing. */
static bool
take_map(void *argument, const struct error *failure, struct error *err)
{
    struct map_task *task = argument;

    (void)err;
    if (failure != NULL) {
        viewer_say(task->viewer, "marking the matches: %s", failure->message);
        return true;
    }
    hit_cells_take(&task->viewer->search_cells, &task->map, &task->request.grid,
                   task->number);
    return true;
}

static void
free_map(void *argument)
{
    struct map_task *task = argument;

    hit_map_release(&task->map);
    search_copy_release(&task->search);
    free(task->block_counts);
    free(task->block_levels);
    free(task);
}

static bool
copy_hits(struct map_task *task, const struct slice_hits *hits,
          struct error *err)
{
    size_t count = hits->block_count;

    task->block_counts = array_new(count, sizeof *task->block_counts, err);
    task->block_levels = array_new(count, sizeof *task->block_levels, err);
    if (task->block_counts == NULL || task->block_levels == NULL) {
        return false;
    }
    if (count > 0) {
        memcpy(task->block_counts, hits->block_counts,
               count * sizeof *task->block_counts);
        memcpy(task->block_levels, hits->block_levels,
               count * sizeof *task->block_levels);
    }
    return true;
}

static bool
start_map(struct viewer *viewer, const struct timeline_grid *grid,
          struct error *err)
{
    static const struct job_class class = {
        .run = run_map,
        .done = take_map,
        .free = free_map,
    };
    struct map_task *task = array_new(1, sizeof *task, err);

    if (task == NULL) {
        return false;
    }
    task->viewer = viewer;
    task->model = viewer->model;
    task->number = viewer->search.number;
    if (!search_copy_take(&task->search, &viewer->search, err)
        || !copy_hits(task, &viewer->found.hits, err)) {
        free_map(task);
        return false;
    }
    task->request = (struct hit_map_request){
        .set = task->search.set,
        .block_counts = task->block_counts,
        .block_levels = task->block_levels,
        .grid = *grid,
    };
    return jobs_start(viewer->jobs, JOB_SEARCH_MAP, &class, task, err);
}

bool
search_map_ask(struct viewer *viewer, const struct timeline_grid *grid,
               struct error *err)
{
    unsigned number = viewer->search.number;

    return !search_is_on(&viewer->search)
           || viewer->found.known.number != number
           || viewer->found.hits.count == 0
           || !hit_cells_need(&viewer->search_cells, grid, number)
           || start_map(viewer, grid, err);
}

bool
search_map_has(const struct viewer *viewer, const struct timeline_grid *grid,
               uint32_t track, uint32_t level, uint32_t column, bool is_deeper)
{
    return search_is_on(&viewer->search)
           && hit_cells_has(&viewer->search_cells, grid, viewer->search.number,
                            track, level, column, is_deeper);
}
