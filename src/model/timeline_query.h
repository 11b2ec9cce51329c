// SPDX-License-Identifier: Apache-2.0
/*
 * model/timeline_query.h - the cells of a timeline: exact occupancy and the
 * longest slice of each column, at any zoom.
 *
 * Column c of a grid covers [origin_ns + c * column_ns, + column_ns). A cell of
 * (track, depth, column) says how long calls of that depth were open in it,
 * how many touch it, and which of them is the longest by its whole duration.
 *
 * In estimate mode only the index is used: a block that spans columns
 * contributes to each in proportion to time, and such cells carry
 * CELL_ESTIMATED; their count and longest slice are guesses, too. Exact mode
 * decodes those blocks; no cell is then estimated.
 */
#ifndef MODEL_TIMELINE_QUERY_H
#define MODEL_TIMELINE_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;
struct trace_model;
struct span_scratch;

/* column_ns is at least 1; origin_ns may lie before 0 (the trace's start). The
 * whole grid is at most 2^62 ns long and lies within -2^62 ... 2^62. */
struct timeline_grid {
    int64_t origin_ns;
    uint64_t column_ns;
    uint32_t column_count;
};

enum cell_flag {
    CELL_ESTIMATED = 1u << 0,
    CELL_COVERED = 1u << 1,    /* one slice covers the whole column: start_ns
                                  tells which */
    CELL_UNFINISHED = 1u << 2, /* the longest slice is unfinished and ends in
                                  this column */
    CELL_LOST = 1u << 3,       /* calls are missing in this column */
    CELL_STARTS = 1u << 4,     /* the longest slice starts in this column */
};

struct timeline_cell {
    uint64_t busy_ns;    /* of column_ns */
    uint64_t longest_ns; /* whole duration of the longest slice; 0 = none */
    uint64_t start_ns;   /* its start: with the depth it names the slice */
    uint32_t count;      /* slices that touch the column */
    uint32_t function;   /* of the longest; UINT32_MAX = unknown or none */
    uint32_t flags;      /* enum cell_flag */
    uint32_t reserved;
};

/*
 * Fill cells[depth_count][column_count] for depths first_depth ... of a track.
 * With include_deeper, one more row follows: the union of everything at or
 * below first_depth + depth_count (busy when any such call is open; count and
 * longest over all of them).
 */
struct timeline_request {
    uint32_t track;
    uint32_t first_depth;
    uint32_t depth_count;
    bool include_deeper;
    bool is_exact;
    /* Exact, unless that takes more blocks than this to decode; then estimated.
     */
    bool is_limited;
    size_t decode_limit;
    struct timeline_grid grid;
};

/*
 * *decoded_count gets the number of blocks that were decoded, or SIZE_MAX when
 * they were too many and some cells are estimated.
 *
 * Of slices of the same whole duration the one that starts first is the
 * longest. Exact mode decodes many blocks on threads of its own, as many as
 * there are processors. Fails when the trace cannot be read, there is no
 * memory, or the grid is none (ERROR_USAGE).
 */
bool timeline_cells(const struct trace_model *model,
                    const struct timeline_request *request,
                    struct span_scratch *scratch, struct timeline_cell *cells,
                    struct error *err);
bool timeline_cells_within(const struct trace_model *model,
                           const struct timeline_request *request,
                           struct span_scratch *scratch,
                           struct timeline_cell *cells, size_t *decoded_count,
                           struct error *err);

/*
 * How busy all tracks together were, per column: sum of the busy time of
 * depth 0 over all tracks, as a fraction of column_ns times the tracks that
 * have a call open anywhere in the column. From the index alone.
 */
void timeline_overview(const struct trace_model *model,
                       const struct timeline_grid *grid, float *busy);

#endif
