// SPDX-License-Identifier: Apache-2.0
/*
 * model/timeline_paint.h - the cells of blocks that must be decoded. Private to
 * src/model.
 */
#ifndef MODEL_TIMELINE_PAINT_H
#define MODEL_TIMELINE_PAINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/timeline_query.h"

struct error;
struct model_block;
struct span_scratch;
struct trace_model;

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

/* Rows of a block to be painted: those from first_row on whose bit is set. */
struct paint_job {
    struct block_part part;
    size_t first_row;
    uint64_t wanted;
};

static inline int64_t
least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static inline int64_t
greatest(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static inline struct timeline_cell *
cell_at(const struct painting *painting, size_t row, int64_t column)
{
    return &painting->cells[row * painting->request->grid.column_count
                            + (size_t)column];
}

static inline uint32_t
row_depth(const struct painting *painting, size_t row)
{
    return painting->request->first_depth + (uint32_t)row;
}

static inline bool
is_deeper_row(const struct painting *painting, size_t row)
{
    return row == painting->request->depth_count;
}

static inline int64_t
relative(const struct painting *painting, uint64_t time_ns)
{
    return (int64_t)time_ns - painting->request->grid.origin_ns;
}

static inline void
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

/* How much of a column lies in [start, end). */
static inline int64_t
overlap(const struct painting *painting, int64_t column, int64_t start,
        int64_t end)
{
    int64_t left = column * painting->column_ns;

    return least(end, left + painting->column_ns) - greatest(start, left);
}

/* The row that a slice of this depth belongs to; row_count if to none. */
static inline size_t
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

/*
 * Decode the blocks and add their slices to the cells. Many blocks are decoded
 * on several processors; the result does not depend on how many.
 */
bool timeline_paint(const struct painting *painting,
                    const struct paint_job *jobs, size_t job_count,
                    struct span_scratch *scratch, struct error *err);

#endif
