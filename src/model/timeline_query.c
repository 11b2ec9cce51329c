// SPDX-License-Identifier: Apache-2.0
/*
 * A block that lies in one column gives its cells to it. One that lies in
 * several is looked at row by row: a row without calls, or with one call all
 * along, needs no more than the index either; the rest is decoded, or shared
 * out by time in an estimate.
 */
#include "model/timeline_query.h"

#include <string.h>

#include "base/error.h"
#include "model/block_decode.h"
#include "model/model_data.h"

enum { ROWS_AT_ONCE = 64 }; /* bits of a mask */

/* The cells being filled in. Times are relative to the grid's origin. */
struct painting {
    const struct trace_model *model;
    const struct timeline_request *request;
    struct timeline_cell *cells;
    int64_t column_ns;
    int64_t total_ns;
    size_t row_count;
};

/* The part of a block that the grid shows. */
struct block_part {
    const struct model_block *block;
    int64_t start; /* of the whole block */
    int64_t end;
    int64_t first_column;
    int64_t last_column;
};

/* What the index knows about one row of a block. */
enum row_state {
    ROW_EMPTY,   /* no call */
    ROW_SOLID,   /* calls open all along, none starts or ends */
    ROW_INDEXED, /* the sums over the whole block are known */
    ROW_UNKNOWN, /* below the index' levels */
};

static int64_t
least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t
greatest(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static struct timeline_cell *
cell_at(const struct painting *painting, size_t row, int64_t column)
{
    return &painting->cells[row * painting->request->grid.column_count
                            + (size_t)column];
}

static uint32_t
row_depth(const struct painting *painting, size_t row)
{
    return painting->request->first_depth + (uint32_t)row;
}

static bool
is_deeper_row(const struct painting *painting, size_t row)
{
    return row == painting->request->depth_count;
}

static int64_t
relative(const struct painting *painting, uint64_t time_ns)
{
    return (int64_t)time_ns - painting->request->grid.origin_ns;
}

static void
offer_longest(struct timeline_cell *cell, uint64_t duration_ns,
              uint64_t start_ns, uint32_t function)
{
    if (duration_ns > cell->longest_ns
        || (duration_ns == cell->longest_ns && duration_ns > 0
            && start_ns < cell->start_ns)) {
        cell->longest_ns = duration_ns;
        cell->start_ns = start_ns;
        cell->function = function;
    }
}

static void
offer_longest_of(struct timeline_cell *cell, const struct block_cell *index)
{
    offer_longest(cell, index->longest_ns, index->longest_start_ns,
                  index->longest_function);
}

static const struct block_cell *
index_cell(const struct model_block *block, uint32_t depth)
{
    return &block->cells[depth < INDEX_DEPTH ? depth : INDEX_DEPTH];
}

/* Calls that start in the block at depth or, in the row of all deeper ones, at
 * or below it. */
static uint64_t
count_starts(const struct model_block *block, uint32_t depth, bool is_deeper)
{
    uint64_t count = block->start_count;

    if (!is_deeper) {
        return index_cell(block, depth)->start_count;
    }
    for (uint32_t i = 0; i < depth; i++) {
        count -= block->cells[i].start_count;
    }
    return count;
}

/* Of a solid row: how many calls are open all along. Negative when a call
 * below ends within the block, so that the row is not solid after all. */
static int64_t
count_solid(const struct model_block *block, uint32_t depth, bool is_deeper)
{
    uint64_t length = block->end_ns - block->start_ns;
    int64_t count = 1;

    for (uint32_t i = depth + 1; is_deeper && i < block->depth; i++) {
        if (i > INDEX_DEPTH) {
            return -1;
        }
        if (block->cells[i].busy_ns != 0 && block->cells[i].busy_ns != length) {
            return -1;
        }
        count += block->cells[i].busy_ns != 0;
    }
    return count;
}

static enum row_state
look_at_row(const struct model_block *block, uint32_t depth, bool is_deeper)
{
    const struct block_cell *cell;

    if (depth >= block->depth) {
        return ROW_EMPTY;
    }
    if (depth > INDEX_DEPTH
        || (depth == INDEX_DEPTH && !is_deeper
            && block->depth > INDEX_CELLS_MAX)) {
        return ROW_UNKNOWN;
    }
    cell = index_cell(block, depth);
    if (cell->busy_ns == block->end_ns - block->start_ns
        && count_starts(block, depth, is_deeper) == 0
        && count_solid(block, depth, is_deeper) > 0) {
        return ROW_SOLID;
    }
    return ROW_INDEXED;
}

/* The block lies in one column. */
static void
add_whole(const struct painting *painting, const struct block_part *part,
          size_t row)
{
    uint32_t depth = row_depth(painting, row);
    const struct block_cell *index = index_cell(part->block, depth);
    struct timeline_cell *cell = cell_at(painting, row, part->first_column);

    cell->busy_ns += index->busy_ns;
    cell->count += (uint32_t)count_starts(part->block, depth,
                                          is_deeper_row(painting, row));
    offer_longest_of(cell, index);
}

/* How much of a column lies in [start, end). */
static int64_t
overlap(const struct painting *painting, int64_t column, int64_t start,
        int64_t end)
{
    int64_t left = column * painting->column_ns;

    return least(end, left + painting->column_ns) - greatest(start, left);
}

/* Calls open all along: each column is theirs. Those whose left edge lies in
 * the block count them. */
static void
add_solid(const struct painting *painting, const struct block_part *part,
          size_t row)
{
    uint32_t depth = row_depth(painting, row);
    int64_t count =
        count_solid(part->block, depth, is_deeper_row(painting, row));

    for (int64_t column = part->first_column; column <= part->last_column;
         column++) {
        struct timeline_cell *cell = cell_at(painting, row, column);

        cell->busy_ns +=
            (uint64_t)overlap(painting, column, part->start, part->end);
        if (column * painting->column_ns >= part->start) {
            cell->count += (uint32_t)count;
        }
        offer_longest_of(cell, index_cell(part->block, depth));
    }
}

/* Share the block's sums out by time. */
static void
add_estimate(const struct painting *painting, const struct block_part *part,
             size_t row)
{
    uint32_t depth = row_depth(painting, row);
    const struct block_cell *index = index_cell(part->block, depth);
    double starts =
        (double)count_starts(part->block, depth, is_deeper_row(painting, row));
    double length = (double)greatest(part->end - part->start, 1);

    for (int64_t column = part->first_column; column <= part->last_column;
         column++) {
        struct timeline_cell *cell = cell_at(painting, row, column);
        int64_t shared = overlap(painting, column, part->start, part->end);
        double fraction = (double)shared / length;
        uint64_t busy = (uint64_t)((double)index->busy_ns * fraction + 0.5);

        cell->busy_ns += busy < (uint64_t)shared ? busy : (uint64_t)shared;
        cell->count += (uint32_t)(starts * fraction + 0.5);
        if (cell->count == 0 && (busy > 0 || starts > 0)) {
            cell->count = 1;
        }
        cell->flags |= CELL_ESTIMATED;
        offer_longest_of(cell, index);
    }
}

/* The part of one slice that lies in the block and in the grid. */
static void
paint_slice(const struct painting *painting, const struct block_part *part,
            size_t row, const struct slice *slice)
{
    int64_t slice_start = relative(painting, slice->start_ns);
    int64_t slice_end = relative(painting, slice->end_ns);
    int64_t start = greatest(greatest(slice_start, part->start), 0);
    int64_t end = least(least(slice_end, part->end), painting->total_ns);
    int64_t last = greatest(start, end - 1) / painting->column_ns;
    bool is_outer = slice->depth == row_depth(painting, row);
    bool starts_here = slice_start >= part->start;

    if (start >= painting->total_ns || slice_end < start
        || (slice_end == start && slice_start < start)) {
        return;
    }
    for (int64_t column = start / painting->column_ns; column <= last;
         column++) {
        struct timeline_cell *cell = cell_at(painting, row, column);
        int64_t left = column * painting->column_ns;

        if (is_outer) {
            cell->busy_ns += (uint64_t)overlap(painting, column, start, end);
            offer_longest(cell, slice->end_ns - slice->start_ns,
                          slice->start_ns, slice->function);
        }
        if (slice_start < left ? left >= part->start : starts_here) {
            cell->count++;
        }
    }
}

/* The row that a slice of this depth belongs to; row_count if to none. */
static size_t
row_of(const struct painting *painting, uint32_t depth)
{
    const struct timeline_request *request = painting->request;

    if (depth < request->first_depth) {
        return painting->row_count;
    }
    return depth - request->first_depth < request->depth_count
               ? depth - request->first_depth
               : request->depth_count;
}

/* Decode the block and paint those rows from first_row on whose bit is set. */
static bool
paint_rows(const struct painting *painting, const struct block_part *part,
           size_t first_row, uint64_t wanted, struct span_scratch *scratch,
           struct error *err)
{
    if (!block_decode(painting->model, painting->request->track, part->block,
                      scratch, err)) {
        return false;
    }
    for (size_t i = 0; i < scratch->slice_count; i++) {
        const struct slice *slice = &scratch->slices[i];
        size_t row = row_of(painting, slice->depth);

        if (row < painting->row_count && row >= first_row
            && row - first_row < ROWS_AT_ONCE
            && (wanted >> (row - first_row) & 1)) {
            paint_slice(painting, part, row, slice);
        }
    }
    return true;
}

/* Where the block lies in the grid; false when it does not. */
static bool
find_part(const struct painting *painting, const struct model_block *block,
          struct block_part *part)
{
    *part = (struct block_part){
        .block = block,
        .start = relative(painting, block->start_ns),
        .end = relative(painting, block->end_ns),
    };
    if (part->start >= painting->total_ns
        || greatest(part->end - 1, part->start) < 0) {
        return false;
    }
    part->first_column = greatest(part->start, 0) / painting->column_ns;
    part->last_column =
        greatest(least(part->end, painting->total_ns) - 1, part->start)
        / painting->column_ns;
    return true;
}

/* Whether all of the block lies in one column, and no call of the block before
 * could have to be counted at that column's left edge. */
static bool
is_within_column(const struct painting *painting, const struct block_part *part)
{
    int64_t left = part->first_column * painting->column_ns;

    return part->first_column == part->last_column && part->start >= left
           && part->end <= left + painting->column_ns
           && (part->start > left || part->block->straddling == 0);
}

/* Do what the index can do for a row. False when the row must be decoded. */
static bool
add_row(const struct painting *painting, const struct block_part *part,
        size_t row, bool is_within)
{
    enum row_state state = look_at_row(part->block, row_depth(painting, row),
                                       is_deeper_row(painting, row));

    if (state == ROW_EMPTY) {
        return true;
    }
    if (state == ROW_SOLID && !is_within) {
        add_solid(painting, part, row);
        return true;
    }
    if (is_within && state != ROW_UNKNOWN) {
        add_whole(painting, part, row);
        return true;
    }
    if (!painting->request->is_exact) {
        add_estimate(painting, part, row);
        return true;
    }
    return false;
}

static bool
add_block(const struct painting *painting, const struct model_block *block,
          size_t first_row, struct span_scratch *scratch, struct error *err)
{
    struct block_part part;
    uint64_t wanted = 0;
    bool is_within;

    if (!find_part(painting, block, &part)) {
        return true;
    }
    is_within = is_within_column(painting, &part);
    for (size_t i = 0; i < ROWS_AT_ONCE && first_row + i < painting->row_count;
         i++) {
        if (!add_row(painting, &part, first_row + i, is_within)) {
            wanted |= UINT64_C(1) << i;
        }
    }
    return wanted == 0
           || paint_rows(painting, &part, first_row, wanted, scratch, err);
}

static bool
add_blocks(const struct painting *painting, size_t first_row,
           struct span_scratch *scratch, struct error *err)
{
    const struct trace_model *model = painting->model;
    uint32_t track = painting->request->track;
    int64_t origin = painting->request->grid.origin_ns;
    const struct model_block *blocks = track_blocks(model, track);
    size_t count = model->streams[track].block_count;
    size_t i = track_find_block(model, track, (uint64_t)greatest(origin, 0));

    /* Blocks without any time of their own may share a start. */
    for (i = i == SIZE_MAX ? 0 : i;
         i > 0 && i < count && blocks[i - 1].end_ns == blocks[i].start_ns
         && blocks[i - 1].start_ns == blocks[i].start_ns;) {
        i--;
    }
    for (; i < count
           && relative(painting, blocks[i].start_ns) < painting->total_ns;
         i++) {
        if (!add_block(painting, &blocks[i], first_row, scratch, err)) {
            return false;
        }
    }
    return true;
}

/* The gaps of a track are sorted by their starts. */
static void
mark_lost(const struct painting *painting)
{
    const struct trace_model *model = painting->model;
    uint32_t track = painting->request->track;
    const struct model_gap *gaps = trace_model_gaps(model, track);
    int64_t column = 0; /* the first that is not marked yet */

    for (size_t i = 0; i < model->tracks[track].gap_count; i++) {
        int64_t start = relative(painting, gaps[i].start_ns);
        int64_t end =
            least(relative(painting, gaps[i].end_ns), painting->total_ns);
        int64_t last = greatest(end - 1, start);

        if (start >= painting->total_ns || last < 0) {
            continue;
        }
        column = greatest(column, greatest(start, 0) / painting->column_ns);
        for (; column <= last / painting->column_ns; column++) {
            for (size_t row = 0; row < painting->row_count; row++) {
                cell_at(painting, row, column)->flags |= CELL_LOST;
            }
        }
    }
}

/* The calls still open at the end of the track end in one column. */
static void
mark_unfinished(const struct painting *painting)
{
    const struct trace_model *model = painting->model;
    uint32_t number = model->streams[painting->request->track].open_at_end;

    for (; number != RECORD_NONE; number = model->records[number].parent) {
        const struct span_record *record = &model->records[number];
        size_t row = row_of(painting, record->depth);
        int64_t start = relative(painting, record->start_ns);
        int64_t end = relative(painting, record->end_ns);
        int64_t last = greatest(start, end - 1);
        struct timeline_cell *cell;

        if (row >= painting->row_count || last < 0 || last >= painting->total_ns
            || record->depth != row_depth(painting, row)) {
            continue;
        }
        cell = cell_at(painting, row, last / painting->column_ns);
        if (cell->longest_ns == record->end_ns - record->start_ns
            && cell->start_ns == record->start_ns) {
            cell->flags |= CELL_UNFINISHED;
        }
    }
}

static void
mark_cells(const struct painting *painting)
{
    const struct timeline_grid *grid = &painting->request->grid;

    for (size_t row = 0; row < painting->row_count; row++) {
        for (uint32_t i = 0; i < grid->column_count; i++) {
            struct timeline_cell *cell = cell_at(painting, row, i);
            int64_t start = relative(painting, cell->start_ns);
            int64_t left = (int64_t)i * painting->column_ns;

            if (cell->busy_ns == grid->column_ns && cell->count == 1
                && !(cell->flags & CELL_ESTIMATED)) {
                cell->flags |= CELL_COVERED;
            }
            if (cell->longest_ns > 0 && start >= left
                && start < left + painting->column_ns) {
                cell->flags |= CELL_STARTS;
            }
        }
    }
    mark_lost(painting);
    mark_unfinished(painting);
}

static bool
is_sound(const struct timeline_grid *grid)
{
    uint64_t limit = UINT64_C(1) << 62;

    return grid->column_ns > 0
           && (grid->column_count == 0
               || grid->column_ns <= limit / grid->column_count)
           && grid->origin_ns >= -(int64_t)limit
           && grid->origin_ns <= (int64_t)limit;
}

bool
timeline_cells(const struct trace_model *model,
               const struct timeline_request *request,
               struct span_scratch *scratch, struct timeline_cell *cells,
               struct error *err)
{
    const struct timeline_grid *grid = &request->grid;
    struct painting painting = {
        .model = model,
        .request = request,
        .cells = cells,
        .column_ns = (int64_t)grid->column_ns,
        .row_count = (size_t)request->depth_count + request->include_deeper,
    };

    if (!is_sound(grid)) {
        return error_set(err, ERROR_USAGE, "a timeline's grid is too large");
    }
    painting.total_ns = painting.column_ns * (int64_t)grid->column_count;
    for (size_t i = 0; i < painting.row_count * grid->column_count; i++) {
        cells[i] = (struct timeline_cell){.function = FUNCTION_UNKNOWN};
    }
    for (size_t row = 0; row < painting.row_count; row += ROWS_AT_ONCE) {
        if (!add_blocks(&painting, row, scratch, err)) {
            return false;
        }
    }
    mark_cells(&painting);
    return true;
}
