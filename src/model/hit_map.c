// SPDX-License-Identifier: Apache-2.0
#include "model/hit_map.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/error.h"
#include "model/model_data.h"

enum { BLOCKS_PER_REPORT = 16 };

struct mapping {
    const struct trace_model *model;
    const struct hit_map_request *request;
    const struct progress *progress;
    struct hit_map *map;
    struct span_scratch *scratch;
    struct slice_hit_judge judge;
    uint64_t decoded;
};

/* The column of a time; -1 before the grid, column_count behind it. */
static int64_t
column_of(const struct timeline_grid *grid, uint64_t time_ns)
{
    int64_t since = (int64_t)time_ns - grid->origin_ns;
    int64_t column = since < 0 ? -1 : since / (int64_t)grid->column_ns;

    return column < (int64_t)grid->column_count ? column
                                                : (int64_t)grid->column_count;
}

static bool
mark(struct mapping *mapping, uint32_t track, int64_t column, uint64_t levels,
     struct error *err)
{
    uint64_t **row = &mapping->map->tracks[track];

    if (column < 0 || column >= (int64_t)mapping->map->column_count) {
        return true;
    }
    if (*row == NULL) {
        *row = array_new(mapping->map->column_count, sizeof **row, err);
    }
    if (*row == NULL) {
        return false;
    }
    (*row)[column] |= levels;
    return true;
}

static bool
map_slices(struct mapping *mapping, uint32_t track, size_t block,
           struct error *err)
{
    const struct hit_map_request *request = mapping->request;
    struct error failure = {0};
    const struct slice *slices;
    size_t count;
    size_t first_new;

    if (mapping->decoded++ % BLOCKS_PER_REPORT == 0
        && !progress_report(mapping->progress, 0, 0)) {
        return error_set(err, ERROR_CANCELLED, "cancelled");
    }
    if (!span_block_slices(mapping->model, track, block, mapping->scratch,
                           &slices, &count, &first_new, &failure)) {
        return failure.code != ERROR_NO_MEMORY || error_set_no_memory(err);
    }
    for (size_t i = first_new; i < count; i++) {
        bool is_hit;

        if (!slice_hit_set_has(&request->set, mapping->model, &slices[i],
                               &mapping->judge, &is_hit, err)
            || (is_hit
                && !mark(mapping, track,
                         column_of(&request->grid, slices[i].start_ns),
                         slice_hits_level(slices[i].depth), err))) {
            return false;
        }
    }
    return true;
}

static bool
map_track(struct mapping *mapping, uint32_t track, struct error *err)
{
    const struct trace_model *model = mapping->model;
    const struct timeline_grid *grid = &mapping->request->grid;
    const struct model_block *blocks = track_blocks(model, track);
    size_t number = model->streams[track].first_block;
    size_t count = model->streams[track].block_count;
    size_t at = track_find_block(
        model, track, grid->origin_ns < 0 ? 0 : (uint64_t)grid->origin_ns);

    for (size_t i = at == SIZE_MAX ? 0 : at; i < count; i++) {
        int64_t first = column_of(grid, blocks[i].start_ns);
        int64_t last = column_of(grid, blocks[i].last_ns);

        if (first >= (int64_t)grid->column_count) {
            break;
        }
        if (mapping->request->block_counts[number + i] == 0) {
            continue;
        }
        if (first == last
                ? !mark(mapping, track, first,
                        mapping->request->block_levels[number + i], err)
                : !map_slices(mapping, track, i, err)) {
            return false;
        }
    }
    return true;
}

bool
hit_map_make(struct hit_map *map, const struct trace_model *model,
             const struct hit_map_request *request,
             const struct progress *progress, struct error *err)
{
    struct mapping mapping = {
        .model = model,
        .request = request,
        .progress = progress,
        .map = map,
    };
    bool is_ok;

    *map = (struct hit_map){
        .track_count = model->track_count,
        .column_count = request->grid.column_count,
    };
    map->tracks = array_new(map->track_count, sizeof *map->tracks, err);
    is_ok = map->tracks != NULL && span_scratch_new(&mapping.scratch, err);
    for (uint32_t i = 0; i < model->track_count && is_ok; i++) {
        is_ok = (request->tracks != NULL && request->tracks[i] == 0)
                || (request->set.track != UINT32_MAX && request->set.track != i)
                || map_track(&mapping, i, err);
    }
    span_scratch_free(mapping.scratch);
    slice_hit_judge_release(&mapping.judge);
    if (!is_ok) {
        hit_map_release(map);
    }
    return is_ok;
}

void
hit_map_release(struct hit_map *map)
{
    for (size_t i = 0; i < map->track_count && map->tracks != NULL; i++) {
        free(map->tracks[i]);
    }
    free(map->tracks);
    *map = (struct hit_map){0};
}
