// SPDX-License-Identifier: Apache-2.0
/*
 * tui/search_map.h - in which cells of the timeline hits of the search start,
 * found out in the background: a cell of many calls shows that one of them is a
 * hit, also when it is not the longest.
 */
#ifndef TUI_SEARCH_MAP_H
#define TUI_SEARCH_MAP_H

#include <stdbool.h>
#include <stdint.h>

struct error;
struct timeline_grid;
struct viewer;

/* Find the cells of a grid, unless they are known or under way, as soon as the
 * hits are counted. */
bool search_map_ask(struct viewer *viewer, const struct timeline_grid *grid,
                    struct error *err);

/* Whether a hit is known to start in a cell of the grid at a level; with
 * is_deeper, or below. */
bool search_map_has(const struct viewer *viewer,
                    const struct timeline_grid *grid, uint32_t track,
                    uint32_t level, uint32_t column, bool is_deeper);

#endif
