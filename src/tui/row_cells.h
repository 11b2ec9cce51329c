// SPDX-License-Identifier: Apache-2.0
/*
 * tui/row_cells.h - what each column of a row of slices shows.
 *
 * A slice that crosses the edge of a column becomes a run: all columns that it
 * has to itself, from the one it starts in. Where one slice ends and the next
 * begins within a column, the column is the start of the next. A column that
 * holds further slices is merged: it shows how busy it was. So does a slice
 * that has no more than a part of one column to itself.
 */
#ifndef TUI_ROW_CELLS_H
#define TUI_ROW_CELLS_H

#include <stdbool.h>
#include <stdint.h>

#include "tui/time_grid.h"

struct timeline_cell;

enum row_cell_kind {
    ROW_CELL_EMPTY,
    ROW_CELL_LOST, /* calls are missing */
    ROW_CELL_RUN,
    ROW_CELL_SINGLE, /* a part of one slice */
    ROW_CELL_MERGED,
};

struct row_cell {
    enum row_cell_kind kind;
    bool is_start;      /* of a run: the slice starts here */
    bool is_unfinished; /* of a run: the slice ends here without an end */
    bool has_hit;       /* one of its slices is searched for; set by others */
    bool has_tag;       /* one is of a tagged function; likewise */
    unsigned level;     /* busy, in eighths; of SINGLE and MERGED */
    uint32_t function;  /* of the slice; of MERGED: the longest one */
    uint64_t start_ns;
    uint64_t duration_ns;
};

/* What a column shows depends on this many columns on either side. */
enum { ROW_CELLS_MARGIN = 2 };

/*
 * Fill out[width] from cells, which begin ROW_CELLS_MARGIN columns before the
 * grid's origin and end as many behind the last column: so what a column shows
 * does not depend on where the screen ends.
 */
void row_cells_of_level(const struct timeline_cell *cells,
                        const struct time_grid *grid, unsigned width,
                        struct row_cell *out);

/* The same for a row that sums up several levels: no runs, only how busy. */
void row_cells_of_sum(const struct timeline_cell *cells,
                      const struct time_grid *grid, unsigned width,
                      struct row_cell *out);

/* Both cells belong to one slice. */
static inline bool
row_cells_join(const struct row_cell *a, const struct row_cell *b)
{
    return a->kind == ROW_CELL_RUN && b->kind == ROW_CELL_RUN
           && a->start_ns == b->start_ns;
}

#endif
