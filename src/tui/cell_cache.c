// SPDX-License-Identifier: Apache-2.0
#include "tui/cell_cache.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "model/timeline_query.h"

enum { ROWS_MAX = 1024 }; /* they are searched one by one */

struct cell_cache_row {
    uint64_t turn; /* when it was last used; 0 = it is free */
    uint64_t column_ns;
    int64_t first_column;
    uint32_t track;
    uint32_t depth;
    bool is_sum; /* of that depth and all below */
};

/* Columns by their number: from first to before end. */
struct column_range {
    int64_t first;
    int64_t end;
};

static size_t
row_count_of(uint32_t column_count)
{
    size_t count =
        CELL_CACHE_SIZE / (column_count * sizeof(struct timeline_cell));

    return count == 0 ? 1 : count > ROWS_MAX ? ROWS_MAX : count;
}

bool
cell_cache_resize(struct cell_cache *cache, uint32_t column_count,
                  struct error *err)
{
    struct cell_cache old = *cache;
    struct cell_cache new = {.column_count = column_count,
                             .asked_cells = old.asked_cells};

    if (column_count == old.column_count) {
        return true;
    }
    new.row_count = row_count_of(column_count);
    new.rows = array_new(new.row_count, sizeof *new.rows, err);
    if (new.rows == NULL) {
        return false;
    }
    new.cells = array_new(new.row_count *column_count, sizeof *new.cells, err);
    if (new.cells == NULL) {
        free(new.rows);
        return false;
    }
    cell_cache_release(cache);
    *cache = new;
    return true;
}

void
cell_cache_release(struct cell_cache *cache)
{
    free(cache->rows);
    free(cache->cells);
    free(cache->entering);
    *cache = (struct cell_cache){0};
}

static uint32_t
rows_of(const struct timeline_request *request)
{
    return request->depth_count + (request->include_deeper ? 1 : 0);
}

/* What the i-th row of a request is called. */
static struct cell_cache_row
row_of_request(const struct timeline_request *request, uint32_t i)
{
    return (struct cell_cache_row){
        .column_ns = request->grid.column_ns,
        .first_column =
            request->grid.origin_ns / (int64_t)request->grid.column_ns,
        .track = request->track,
        .depth = request->first_depth + i,
        .is_sum = i == request->depth_count,
    };
}

/* The row of that name; else the one to be given up, with a turn of 0. */
static struct cell_cache_row *
find_row(const struct cell_cache *cache, const struct cell_cache_row *name,
         bool *is_found)
{
    struct cell_cache_row *oldest = &cache->rows[0];

    *is_found = false;
    for (size_t i = 0; i < cache->row_count; i++) {
        struct cell_cache_row *row = &cache->rows[i];

        *is_found = row->turn != 0 && row->track == name->track
                    && row->depth == name->depth && row->is_sum == name->is_sum
                    && row->column_ns == name->column_ns;
        if (*is_found) {
            return row;
        }
        oldest = row->turn < oldest->turn ? row : oldest;
    }
    return oldest;
}

static struct timeline_cell *
cells_of(const struct cell_cache *cache, const struct cell_cache_row *row)
{
    return &cache->cells[(size_t)(row - cache->rows) * cache->column_count];
}

/* The columns of a request that all of its rows have. */
static struct column_range
find_kept(const struct cell_cache *cache,
          const struct timeline_request *request)
{
    struct column_range kept = {0};

    for (uint32_t i = 0; i < rows_of(request); i++) {
        struct cell_cache_row name = row_of_request(request, i);
        bool is_found;
        const struct cell_cache_row *row = find_row(cache, &name, &is_found);

        if (i == 0) {
            kept.first = name.first_column;
            kept.end = name.first_column + cache->column_count;
        }
        if (!is_found || row->first_column >= kept.end
            || row->first_column + cache->column_count <= kept.first) {
            return (struct column_range){0};
        }
        if (row->first_column > kept.first) {
            kept.first = row->first_column;
        }
        if (row->first_column + cache->column_count < kept.end) {
            kept.end = row->first_column + cache->column_count;
        }
    }
    return kept;
}

static void
copy_kept(const struct cell_cache *cache,
          const struct timeline_request *request, struct column_range kept,
          struct timeline_cell *cells)
{
    for (uint32_t i = 0; i < rows_of(request); i++) {
        struct cell_cache_row name = row_of_request(request, i);
        bool is_found;
        const struct cell_cache_row *row = find_row(cache, &name, &is_found);

        memcpy(&cells[(size_t)i * cache->column_count
                      + (size_t)(kept.first - name.first_column)],
               &cells_of(cache, row)[kept.first - row->first_column],
               (size_t)(kept.end - kept.first) * sizeof *cells);
    }
}

/* Ask for some columns of a request. */
static bool
load_entering(struct cell_cache *cache, const struct trace_model *model,
              const struct timeline_request *request,
              struct column_range entering, struct span_scratch *scratch,
              struct timeline_cell *cells, size_t *decoded_count,
              struct error *err)
{
    size_t decoded = 0;
    struct timeline_request part = *request;
    size_t count = (size_t)(entering.end - entering.first);
    uint32_t rows = rows_of(request);
    int64_t first_column = row_of_request(request, 0).first_column;

    if (count == 0) {
        return true;
    }
    part.grid.column_count = (uint32_t)count;
    part.grid.origin_ns = entering.first * (int64_t)part.grid.column_ns;
    if (!array_reserve((void **)&cache->entering, &cache->entering_capacity,
                       rows * count, sizeof *cache->entering, err)
        || !timeline_cells_within(model, &part, scratch, cache->entering,
                                  &decoded, err)) {
        return false;
    }
    *decoded_count = decoded == SIZE_MAX || *decoded_count == SIZE_MAX
                         ? SIZE_MAX
                         : *decoded_count + decoded;
    cache->asked_cells += rows * count;
    for (uint32_t i = 0; i < rows; i++) {
        memcpy(&cells[(size_t)i * cache->column_count
                      + (size_t)(entering.first - first_column)],
               &cache->entering[i * count], count * sizeof *cells);
    }
    return true;
}

void
cell_cache_keep(struct cell_cache *cache,
                const struct timeline_request *request,
                const struct timeline_cell *cells)
{
    if (request->grid.column_count != cache->column_count) {
        return;
    }
    cache->turn++;
    for (uint32_t i = 0; i < rows_of(request); i++) {
        struct cell_cache_row name = row_of_request(request, i);
        bool is_found;
        struct cell_cache_row *row = find_row(cache, &name, &is_found);

        *row = name;
        row->turn = cache->turn;
        memcpy(cells_of(cache, row), &cells[(size_t)i * cache->column_count],
               cache->column_count * sizeof *cells);
    }
}

bool
cell_cache_load(struct cell_cache *cache, const struct trace_model *model,
                const struct timeline_request *request,
                struct span_scratch *scratch, struct timeline_cell *cells,
                size_t *decoded_count, struct error *err)
{
    struct column_range all;
    struct column_range kept;

    if (request->grid.column_count != cache->column_count) {
        return timeline_cells_within(model, request, scratch, cells,
                                     decoded_count, err);
    }
    *decoded_count = 0;
    assert(request->is_exact);
    assert(request->grid.origin_ns % (int64_t)request->grid.column_ns == 0);
    all.first = row_of_request(request, 0).first_column;
    all.end = all.first + cache->column_count;
    kept = find_kept(cache, request);
    if (kept.first == kept.end) {
        kept = (struct column_range){all.end, all.end};
    } else {
        copy_kept(cache, request, kept, cells);
    }
    if (!load_entering(cache, model, request,
                       (struct column_range){all.first, kept.first}, scratch,
                       cells, decoded_count, err)
        || !load_entering(cache, model, request,
                          (struct column_range){kept.end, all.end}, scratch,
                          cells, decoded_count, err)) {
        return false;
    }
    if (*decoded_count != SIZE_MAX) {
        cell_cache_keep(cache, request, cells);
    }
    return true;
}
