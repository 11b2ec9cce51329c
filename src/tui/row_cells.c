// SPDX-License-Identifier: Apache-2.0
#include "tui/row_cells.h"

#include <stddef.h>

#include "model/timeline_query.h"
#include "tui/theme.h"

/* The slice across the boundary at time_ns, as far as a cell beside it knows
 * it: its longest one. */
static bool
crosses(const struct timeline_cell *cell, int64_t time_ns)
{
    int64_t start = time_limit(cell->start_ns);
    int64_t end = time_limit(cell->start_ns + cell->longest_ns);

    return cell->longest_ns > 0 && start < time_ns && end > time_ns;
}

static const struct timeline_cell *
slice_across(const struct timeline_cell *left,
             const struct timeline_cell *right, int64_t time_ns)
{
    return crosses(left, time_ns)    ? left
           : crosses(right, time_ns) ? right
                                     : NULL;
}

static void
set_slice(struct row_cell *out, enum row_cell_kind kind,
          const struct timeline_cell *slice)
{
    out->kind = kind;
    out->function = slice->function;
    out->start_ns = slice->start_ns;
    out->duration_ns = slice->longest_ns;
}

static void
set_level(struct row_cell *out, const struct timeline_cell *cell,
          const struct time_grid *grid)
{
    set_slice(out, cell->count > 1 ? ROW_CELL_MERGED : ROW_CELL_SINGLE, cell);
    out->level = theme_level_of(cell->busy_ns, (uint64_t)grid->column_ns);
    if (out->level == 0) {
        out->level = 1; /* a slice without a duration still happened */
    }
}

static void
set_run(struct row_cell *out, const struct timeline_cell *cell,
        const struct timeline_cell *slice, int64_t column_start,
        int64_t column_end)
{
    int64_t end = time_limit(slice->start_ns + slice->longest_ns);

    set_slice(out, ROW_CELL_RUN, slice);
    out->is_start = time_limit(slice->start_ns) >= column_start;
    out->is_unfinished = (cell->flags & CELL_UNFINISHED) != 0
                         && cell->start_ns == slice->start_ns
                         && end <= column_end;
}

static void
classify(const struct timeline_cell *cell, const struct time_grid *grid,
         int64_t column, struct row_cell *out)
{
    int64_t start_ns = time_grid_time(grid, column);
    int64_t end_ns = start_ns + grid->column_ns;
    const struct timeline_cell *before = slice_across(cell - 1, cell, start_ns);
    const struct timeline_cell *after = slice_across(cell, cell + 1, end_ns);
    uint32_t known = (before != NULL ? 1u : 0u) + (after != NULL ? 1u : 0u);

    if (before != NULL && after != NULL
        && before->start_ns == after->start_ns) {
        known = 1;
    }
    if (cell->count == 1 && cell->busy_ns >= (uint64_t)grid->column_ns) {
        set_run(out, cell, cell, start_ns, end_ns);
    } else if (cell->count > known || known == 0) {
        set_level(out, cell, grid);
    } else {
        set_run(out, cell, after != NULL ? after : before, start_ns, end_ns);
    }
}

static struct row_cell
look_at(const struct timeline_cell *cell, const struct time_grid *grid,
        int64_t column)
{
    struct row_cell out = {.kind = ROW_CELL_EMPTY};

    if (cell->count > 0) {
        classify(cell, grid, column, &out);
    } else if ((cell->flags & CELL_LOST) != 0) {
        out.kind = ROW_CELL_LOST;
    }
    return out;
}

/* A run of one column that is not all busy says how busy it is instead. */
static bool
is_stub(const struct timeline_cell *cell, const struct row_cell *here,
        const struct time_grid *grid, int64_t column)
{
    struct row_cell beside;

    if (here->kind != ROW_CELL_RUN || here->is_unfinished
        || cell->busy_ns >= (uint64_t)grid->column_ns) {
        return false;
    }
    beside = look_at(cell - 1, grid, column - 1);
    if (row_cells_join(&beside, here)) {
        return false;
    }
    beside = look_at(cell + 1, grid, column + 1);
    return !row_cells_join(here, &beside);
}

void
row_cells_of_level(const struct timeline_cell *cells,
                   const struct time_grid *grid, unsigned width,
                   struct row_cell *out)
{
    for (unsigned i = 0; i < width; i++) {
        const struct timeline_cell *cell = &cells[i + ROW_CELLS_MARGIN];

        out[i] = look_at(cell, grid, i);
        if (is_stub(cell, &out[i], grid, i)) {
            out[i] = (struct row_cell){0};
            set_level(&out[i], cell, grid);
        }
    }
}

void
row_cells_of_sum(const struct timeline_cell *cells,
                 const struct time_grid *grid, unsigned width,
                 struct row_cell *out)
{
    for (unsigned i = 0; i < width; i++) {
        const struct timeline_cell *cell = &cells[i + ROW_CELLS_MARGIN];

        out[i] = (struct row_cell){.kind = ROW_CELL_EMPTY};
        if (cell->count > 0) {
            set_level(&out[i], cell, grid);
        } else if ((cell->flags & CELL_LOST) != 0) {
            out[i].kind = ROW_CELL_LOST;
        }
    }
}
