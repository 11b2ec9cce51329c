// SPDX-License-Identifier: Apache-2.0
#include "tui/hit_cells.h"

void
hit_cells_release(struct hit_cells *cells)
{
    hit_map_release(&cells->map);
    *cells = (struct hit_cells){0};
}

static bool
is_same_grid(const struct timeline_grid *a, const struct timeline_grid *b)
{
    return a->origin_ns == b->origin_ns && a->column_ns == b->column_ns
           && a->column_count == b->column_count;
}

bool
hit_cells_need(struct hit_cells *cells, const struct timeline_grid *grid,
               unsigned number)
{
    if (cells->asked_number == number && is_same_grid(&cells->asked, grid)) {
        return false;
    }
    cells->asked = *grid;
    cells->asked_number = number;
    return true;
}

void
hit_cells_take(struct hit_cells *cells, struct hit_map *map,
               const struct timeline_grid *grid, unsigned number)
{
    hit_map_release(&cells->map);
    cells->map = *map;
    cells->grid = *grid;
    cells->number = number;
    *map = (struct hit_map){0};
}

bool
hit_cells_has(const struct hit_cells *cells, const struct timeline_grid *grid,
              unsigned number, uint32_t track, uint32_t level, uint32_t column,
              bool is_deeper)
{
    return cells->number == number && is_same_grid(&cells->grid, grid)
           && hit_map_has(&cells->map, track, level, column, is_deeper);
}
