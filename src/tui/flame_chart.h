// SPDX-License-Identifier: Apache-2.0
/*
 * tui/flame_chart.h - the boxes of a flame graph: which node has which columns
 * of which row.
 *
 * The columns of a box are divided among the calls below it and its own time,
 * which stays blank behind them. Borders are rounded, not widths, so these add
 * up and none is wrong by a whole column. Children that would get less than a
 * column are one remainder box of at least a column, behind the others: nothing
 * is left out.
 *
 *     [main 100 ms              ]   26 columns
 *     [load 52 ms  ][parse]5....    14, 7, 1 for 5 short ones, 4 of its own
 */
#ifndef TUI_FLAME_CHART_H
#define TUI_FLAME_CHART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;
struct scope_profile;

struct flame_box {
    uint32_t node;       /* of a remainder: its first node; the others follow */
    uint32_t rest_count; /* nodes in the remainder; 0 = a box of one node */
    unsigned x;
    unsigned width; /* at least 1 */
    uint64_t total_ns;
};

/* {0} is an empty chart. */
struct flame_chart {
    struct flame_box *boxes; /* owned; by row, then by x */
    size_t count;
    size_t capacity;
    size_t *ends; /* owned; of each row, in boxes */
    size_t row_count;
    size_t row_capacity;
};

/* A box to begin with, width columns wide: that of a node, or of it and all its
 * siblings behind it. */
struct flame_box flame_box_of(const struct scope_profile *profile,
                              uint32_t node, bool is_rest, unsigned width);

/* Lay out everything below root, a row for each level, as wide as root. Below a
 * remainder, as a root, are its nodes. On failure the chart is empty. */
bool flame_chart_build(struct flame_chart *chart,
                       const struct scope_profile *profile,
                       const struct flame_box *root, struct error *err);
void flame_chart_release(struct flame_chart *chart);

/* The boxes of a row below row_count. */
const struct flame_box *flame_chart_row(const struct flame_chart *chart,
                                        size_t row, size_t *count);

/* The box of a row that a node has or shares; NULL = it is not in this row. */
const struct flame_box *flame_chart_find(const struct flame_chart *chart,
                                         size_t row, uint32_t node);

/* Whether a node is in a box. */
bool flame_box_holds(const struct flame_box *box, uint32_t node);

#endif
