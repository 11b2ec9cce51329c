// SPDX-License-Identifier: Apache-2.0
/*
 * model/hit_map.h - in which cells of a timeline calls that are searched for
 * start: for each track, level and column.
 *
 * Blocks that lie within a column need no look, since slice_hits says at which
 * levels their hits start; the others are decoded.
 */
#ifndef MODEL_HIT_MAP_H
#define MODEL_HIT_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/slice_hits.h"
#include "model/timeline_query.h"
#include "model/trace_model.h"

struct error;

struct hit_map_request {
    struct slice_hit_set set;
    const uint32_t *block_counts; /* of slice_hits, for the same set */
    const uint64_t *block_levels;
    struct timeline_grid grid;
    const uint8_t *tracks; /* one a track, 1 = it is asked for; NULL = all */
};

/* Owns its rows until hit_map_release. {0} has no hits. */
struct hit_map {
    uint64_t **tracks; /* for each track a word a column: a bit for each level,
                          the last one for all below; NULL = no hits there */
    size_t track_count;
    uint32_t column_count;
};

/* ERROR_CANCELLED when progress said so. On failure *map is empty. */
bool hit_map_make(struct hit_map *map, const struct trace_model *model,
                  const struct hit_map_request *request,
                  const struct progress *progress, struct error *err);
void hit_map_release(struct hit_map *map);

/* Whether a hit starts in a cell at a level; with is_deeper, or below. */
static inline bool
hit_map_has(const struct hit_map *map, uint32_t track, uint32_t level,
            uint32_t column, bool is_deeper)
{
    uint32_t bit = level < SLICE_HITS_LEVELS ? level : SLICE_HITS_LEVELS - 1;
    uint64_t levels;

    if (track >= map->track_count || map->tracks[track] == NULL
        || column >= map->column_count) {
        return false;
    }
    levels = map->tracks[track][column] >> bit;
    return is_deeper ? levels != 0 : (levels & 1) != 0;
}

#endif
