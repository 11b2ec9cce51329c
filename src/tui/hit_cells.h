// SPDX-License-Identifier: Apache-2.0
/*
 * tui/hit_cells.h - in which cells of the timeline some calls start, for a grid
 * that was asked for. Who looks for what is its owner's matter: the search, and
 * the tags.
 */
#ifndef TUI_HIT_CELLS_H
#define TUI_HIT_CELLS_H

#include <stdbool.h>
#include <stdint.h>

#include "model/hit_map.h"

/* {0}: nothing is known. */
struct hit_cells {
    struct hit_map map;
    struct timeline_grid grid; /* that it is of */
    unsigned number;           /* what was looked for; 0 = nothing */
    struct timeline_grid asked;
    unsigned asked_number; /* 0 = nothing was asked for */
};

void hit_cells_release(struct hit_cells *cells);

/* Whether the cells of a grid are neither known nor under way; they are under
 * way from then on. */
bool hit_cells_need(struct hit_cells *cells, const struct timeline_grid *grid,
                    unsigned number);

/* The cells of a grid are known: takes the map and leaves {0}. */
void hit_cells_take(struct hit_cells *cells, struct hit_map *map,
                    const struct timeline_grid *grid, unsigned number);

/* Whether such a call is known to start in a cell of the grid at a level; with
 * is_deeper, or below. */
bool hit_cells_has(const struct hit_cells *cells,
                   const struct timeline_grid *grid, unsigned number,
                   uint32_t track, uint32_t level, uint32_t column,
                   bool is_deeper);

#endif
