// SPDX-License-Identifier: Apache-2.0
/*
 * tui/cell_cache.h - exact cells of the last frames, so that a frame asks the
 * model only for columns that were not on screen before.
 *
 * A row is a level of a track, or the sum of all levels from one on, at one
 * zoom. Grids begin at a multiple of their column, so a column has a number
 * that no pan changes, and what is kept of a row is a range of numbers. The
 * rows that were not used for longest go first.
 *
 *     kept        |------------------|
 *     request          |------------------|
 *     asked for                      |----|
 */
#ifndef TUI_CELL_CACHE_H
#define TUI_CELL_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cell_cache_row;
struct error;
struct span_scratch;
struct timeline_cell;
struct timeline_request;
struct trace_model;

enum { CELL_CACHE_SIZE = 8 << 20 }; /* bytes of cells; the least is one row */

/* {0} is a cache that keeps nothing. It is of one model, which must not
 * change. */
struct cell_cache {
    uint32_t column_count; /* of each row */
    size_t row_count;
    struct cell_cache_row *rows;
    struct timeline_cell *cells; /* [row_count][column_count] */
    uint64_t turn;               /* counts requests */
    uint64_t asked_cells;        /* how many the model was asked for so far */

    /* Columns that enter, [rows of the request][columns]. */
    struct timeline_cell *entering;
    size_t entering_capacity;
};

/* Keep rows of so many columns, from nothing unless it is as many as before.
 * On failure the cache is as it was. */
bool cell_cache_resize(struct cell_cache *cache, uint32_t column_count,
                       struct error *err);
void cell_cache_release(struct cell_cache *cache);

/*
 * As timeline_cells_within does: fill cells. The request is exact (as far as
 * its decode_limit goes), its grid begins at a multiple of column_ns. One of
 * another width than the cache's is passed on. Estimated cells are not kept.
 */
bool cell_cache_load(struct cell_cache *cache, const struct trace_model *model,
                     const struct timeline_request *request,
                     struct span_scratch *scratch, struct timeline_cell *cells,
                     size_t *decoded_count, struct error *err);

/* Keep the exact answer to a request; one of another width is not kept. */
void cell_cache_keep(struct cell_cache *cache,
                     const struct timeline_request *request,
                     const struct timeline_cell *cells);

#endif
