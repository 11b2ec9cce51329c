// SPDX-License-Identifier: Apache-2.0
/*
 * tui/tag_map.h - in which cells of the timeline calls of tagged functions
 * start, found out in the background: a cell of many calls has the colour of
 * tags when one of them is of a tagged function, also when it is not the
 * longest.
 */
#ifndef TUI_TAG_MAP_H
#define TUI_TAG_MAP_H

#include <stdbool.h>
#include <stdint.h>

#include "model/slice_hits.h"
#include "tui/hit_cells.h"
#include "tui/tags.h"

struct error;
struct viewer;

/* {0}: nothing is known. Belongs to one model. */
struct tag_map {
    struct hit_cells cells;
    struct tags tags;       /* what is looked for */
    unsigned number;        /* another one for each change of the tags */
    struct slice_hits hits; /* where their calls are, by block */
    bool has_hits;
};

void tag_map_release(struct tag_map *map);

/* Find the cells of a grid, unless they are known or under way. */
bool tag_map_ask(struct viewer *viewer, const struct timeline_grid *grid,
                 struct error *err);

/* See hit_cells_has. */
bool tag_map_has(const struct viewer *viewer, const struct timeline_grid *grid,
                 uint32_t track, uint32_t level, uint32_t column,
                 bool is_deeper);

#endif
