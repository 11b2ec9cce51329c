// SPDX-License-Identifier: Apache-2.0
/*
 * The first job for some tags counts their calls in every block, which is kept;
 * cells of other places and zooms are then found from that.
 */
#include "tui/tag_map.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "model/trace_model.h"
#include "tui/jobs.h"
#include "tui/viewer.h"

void
tag_map_release(struct tag_map *map)
{
    unsigned number = map->number;

    hit_cells_release(&map->cells);
    slice_hits_release(&map->hits);
    *map = (struct tag_map){.number = number};
}

struct map_task {
    struct viewer *viewer;
    const struct trace_model *model;
    unsigned number;
    uint8_t *functions; /* owned; of the set */
    struct hit_map_request request;
    struct slice_hits hits; /* owned */
    struct hit_map map;
};

static bool
count_hits(struct map_task *task, const struct progress *progress,
           struct error *err)
{
    const struct slice_hits_request request = {
        .set = task->request.set,
        .window_end_ns = UINT64_MAX,
        .grid = {.column_ns = UINT64_MAX / 4, .column_count = 1},
    };

    return task->hits.block_counts != NULL
           || slice_hits_count(task->model, &request, progress, &task->hits,
                               err);
}

static bool
run_map(void *argument, const struct progress *progress, struct error *err)
{
    struct map_task *task = argument;

    if (!count_hits(task, progress, err)) {
        return false;
    }
    task->request.block_counts = task->hits.block_counts;
    task->request.block_levels = task->hits.block_levels;
    return hit_map_make(&task->map, task->model, &task->request, progress, err);
}

/* Without it the longest calls of cells still show. */
static bool
take_map(void *argument, const struct error *failure, struct error *err)
{
    struct map_task *task = argument;
    struct tag_map *known = &task->viewer->tag_map;

    (void)err;
    if (failure != NULL) {
        viewer_say(task->viewer, "marking tagged functions: %s",
                   failure->message);
        return true;
    }
    if (known->number != task->number) {
        return true;
    }
    hit_cells_take(&known->cells, &task->map, &task->request.grid,
                   task->number);
    slice_hits_release(&known->hits);
    known->hits = task->hits;
    known->has_hits = true;
    task->hits = (struct slice_hits){0};
    return true;
}

static void
free_map(void *argument)
{
    struct map_task *task = argument;

    hit_map_release(&task->map);
    slice_hits_release(&task->hits);
    free(task->functions);
    free(task);
}

/* What is known of the blocks, for a job of its own. */
static bool
copy_hits(struct slice_hits *copy, const struct slice_hits *hits,
          struct error *err)
{
    size_t count = hits->block_count;

    copy->block_count = count;
    copy->count = hits->count;
    copy->block_counts = array_new(count, sizeof *copy->block_counts, err);
    copy->block_levels = array_new(count, sizeof *copy->block_levels, err);
    if (copy->block_counts == NULL || copy->block_levels == NULL) {
        return false;
    }
    memcpy(copy->block_counts, hits->block_counts,
           count * sizeof *copy->block_counts);
    memcpy(copy->block_levels, hits->block_levels,
           count * sizeof *copy->block_levels);
    return true;
}

static bool
fill_set(struct map_task *task, const struct tags *tags, struct error *err)
{
    uint32_t count = trace_model_function_count(task->model);

    task->functions =
        array_new((size_t)count + 1, sizeof *task->functions, err);
    if (task->functions == NULL) {
        return false;
    }
    for (size_t i = 0; i < tags->count; i++) {
        uint32_t function = tags->functions[i];

        task->functions[function < count ? function : count] = 1;
    }
    task->request.set = (struct slice_hit_set){
        .functions = task->functions,
        .function_count = count,
        .track = UINT32_MAX,
    };
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
        .can_restart = true,
    };
    struct tag_map *known = &viewer->tag_map;
    struct map_task *task = array_new(1, sizeof *task, err);

    if (task == NULL) {
        return false;
    }
    task->viewer = viewer;
    task->model = viewer->model;
    task->number = known->number;
    task->request.grid = *grid;
    if (!fill_set(task, &known->tags, err)
        || (known->has_hits && !copy_hits(&task->hits, &known->hits, err))) {
        free_map(task);
        return false;
    }
    return jobs_start(viewer->jobs, JOB_TAG_MAP, &class, task, err);
}

bool
tag_map_ask(struct viewer *viewer, const struct timeline_grid *grid,
            struct error *err)
{
    struct tag_map *map = &viewer->tag_map;

    if (!tags_are_same(&map->tags, &viewer->look.tags)) {
        tag_map_release(map);
        map->tags = viewer->look.tags;
        map->number++;
    }
    return map->tags.count == 0
           || !hit_cells_need(&map->cells, grid, map->number)
           || start_map(viewer, grid, err);
}

bool
tag_map_has(const struct viewer *viewer, const struct timeline_grid *grid,
            uint32_t track, uint32_t level, uint32_t column, bool is_deeper)
{
    const struct tag_map *map = &viewer->tag_map;

    return map->tags.count > 0
           && hit_cells_has(&map->cells, grid, map->number, track, level,
                            column, is_deeper);
}
