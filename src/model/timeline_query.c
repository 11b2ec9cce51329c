// SPDX-License-Identifier: Apache-2.0
/*
 * A block that lies in one column gives its cells to it. One that lies in
 * several is looked at row by row: a row without calls, or with one call all
 * along, needs no more than the index either; the rest is decoded, or shared
 * out by time in an estimate.
 */
#include "model/timeline_query.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/error.h"
#include "model/model_data.h"
#include "model/timeline_paint.h"

/* The rows of blocks that the index is not enough for. */
struct paint_list {
    struct paint_job *jobs;
    size_t count;
    size_t capacity;
};

/* What the index knows about one row of a block. */
enum row_state {
    ROW_EMPTY,   /* no call */
    ROW_SOLID,   /* calls open all along, none starts or ends */
    ROW_INDEXED, /* the sums over the whole block are known */
    ROW_UNKNOWN, /* below the index' levels */
};

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
          size_t first_row, struct paint_list *list, struct error *err)
{
    struct paint_job job = {.first_row = first_row};
    bool is_within;

    if (!find_part(painting, block, &job.part)) {
        return true;
    }
    is_within = is_within_column(painting, &job.part);
    for (size_t i = 0; i < ROWS_AT_ONCE && first_row + i < painting->row_count;
         i++) {
        if (!add_row(painting, &job.part, first_row + i, is_within)) {
            job.wanted |= UINT64_C(1) << i;
        }
    }
    if (job.wanted == 0) {
        return true;
    }
    if (!array_reserve((void **)&list->jobs, &list->capacity, list->count + 1,
                       sizeof *list->jobs, err)) {
        return false;
    }
    list->jobs[list->count++] = job;
    return true;
}

static bool
add_blocks(const struct painting *painting, size_t first_row,
           struct paint_list *list, struct error *err)
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
        if (!add_block(painting, &blocks[i], first_row, list, err)) {
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

/* What would take too long to decode, from the index. */
static void
estimate(const struct painting *painting, const struct paint_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct paint_job *job = &list->jobs[i];

        for (size_t row = 0; row < ROWS_AT_ONCE; row++) {
            if ((job->wanted & UINT64_C(1) << row) != 0) {
                add_estimate(painting, &job->part, job->first_row + row);
            }
        }
    }
}

static bool
paint(const struct painting *painting, const struct paint_list *list,
      struct span_scratch *scratch, size_t *decoded_count, struct error *err)
{
    size_t limit = painting->request->decode_limit;

    if (painting->request->is_limited && list->count > limit) {
        *decoded_count = SIZE_MAX;
        estimate(painting, list);
        return true;
    }
    *decoded_count = list->count;
    return timeline_paint(painting, list->jobs, list->count, scratch, err);
}

bool
timeline_cells_within(const struct trace_model *model,
                      const struct timeline_request *request,
                      struct span_scratch *scratch, struct timeline_cell *cells,
                      size_t *decoded_count, struct error *err)
{
    const struct timeline_grid *grid = &request->grid;
    struct painting painting = {
        .model = model,
        .request = request,
        .cells = cells,
        .column_ns = (int64_t)grid->column_ns,
        .row_count = (size_t)request->depth_count + request->include_deeper,
    };
    struct paint_list list = {0};
    bool ok = true;

    if (!is_sound(grid)) {
        return error_set(err, ERROR_USAGE, "a timeline's grid is too large");
    }
    painting.total_ns = painting.column_ns * (int64_t)grid->column_count;
    for (size_t i = 0; i < painting.row_count * grid->column_count; i++) {
        cells[i] = (struct timeline_cell){.function = FUNCTION_UNKNOWN};
    }
    for (size_t row = 0; row < painting.row_count && ok; row += ROWS_AT_ONCE) {
        ok = add_blocks(&painting, row, &list, err);
    }
    ok = ok && paint(&painting, &list, scratch, decoded_count, err);
    free(list.jobs);
    if (ok) {
        mark_cells(&painting);
    }
    return ok;
}

bool
timeline_cells(const struct trace_model *model,
               const struct timeline_request *request,
               struct span_scratch *scratch, struct timeline_cell *cells,
               struct error *err)
{
    size_t decoded_count;

    return timeline_cells_within(model, request, scratch, cells, &decoded_count,
                                 err);
}
