// SPDX-License-Identifier: Apache-2.0
/* Each block is visited by one worker at most, so that what is said of blocks
 * needs no merging. */
#include "model/slice_hits.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "model/function_mask.h"
#include "model/model_data.h"
#include "model/slice_args.h"
#include "model/slice_scan.h"
#include "model/trace_query.h"
#include "model/trace_scope.h"

static bool
has_args(const struct slice_hit_set *set, const struct trace_model *model,
         const struct slice *slice, struct slice_hit_judge *judge, bool *is_hit,
         struct error *err)
{
    struct error failure = {0};

    if (judge->scratch == NULL && !span_scratch_new(&judge->scratch, err)) {
        return false;
    }
    if (!slice_args(model, slice, judge->scratch, &judge->args, &failure)) {
        *is_hit = false;
        return failure.code != ERROR_NO_MEMORY || error_set_no_memory(err);
    }
    *is_hit = bound_query_has_args(
        set->query, judge->args.size == 0 ? "" : judge->args.data,
        judge->args.size);
    return true;
}

bool
slice_hit_set_judge(const struct slice_hit_set *set,
                    const struct trace_model *model, const struct slice *slice,
                    struct slice_hit_judge *judge, bool *is_hit,
                    struct error *err)
{
    *is_hit =
        slice_hit_set_has_function(set, slice->function)
        && (set->track == UINT32_MAX || set->track == slice->track)
        && (set->query == NULL || bound_query_has_slice(set->query, slice));
    return !*is_hit || set->query == NULL || !set->query->judges_args
           || has_args(set, model, slice, judge, is_hit, err);
}

void
slice_hit_judge_release(struct slice_hit_judge *judge)
{
    span_scratch_free(judge->scratch);
    buffer_release(&judge->args);
    *judge = (struct slice_hit_judge){0};
}

struct hits_pass {
    const struct trace_model *model;
    const struct slice_hits_request *request;
    struct slice_hits *hits;
};

/* What a worker has found so far. */
struct hits_worker {
    const struct hits_pass *pass;
    uint64_t before;
    uint64_t inside;
    uint64_t behind;
    uint64_t earlier;
    uint8_t *columns;
    uint32_t *row_columns;
    struct slice_hit_judge judge;
};

static void
free_worker(void *accumulator)
{
    struct hits_worker *worker = accumulator;

    if (worker != NULL) {
        slice_hit_judge_release(&worker->judge);
        free(worker->columns);
        free(worker->row_columns);
        free(worker);
    }
}

static size_t
row_cell_count(const struct slice_hits_request *request)
{
    return (size_t)request->row_count * request->grid.column_count;
}

static void *
new_worker(void *context, struct error *err)
{
    const struct hits_pass *pass = context;
    struct hits_worker *worker = array_new(1, sizeof *worker, err);

    if (worker == NULL) {
        return NULL;
    }
    worker->pass = pass;
    worker->columns = array_new(pass->request->grid.column_count,
                                sizeof *worker->columns, err);
    worker->row_columns = array_new(row_cell_count(pass->request),
                                    sizeof *worker->row_columns, err);
    if (worker->columns == NULL || worker->row_columns == NULL) {
        free_worker(worker);
        return NULL;
    }
    return worker;
}

static uint32_t
row_of(const struct slice_hits_request *request, uint32_t function)
{
    uint32_t count = request->set.function_count;

    return request->rows == NULL
               ? UINT32_MAX
               : request->rows[function < count ? function : count];
}

static void
count_hit(struct hits_worker *worker, const struct slice *slice)
{
    const struct slice_hits_request *request = worker->pass->request;
    const struct timeline_grid *grid = &request->grid;
    int64_t since = (int64_t)slice->start_ns - grid->origin_ns;

    worker->earlier += (slice->flags & SLICE_START_UNKNOWN) != 0;
    if (slice->start_ns >= request->window_end_ns) {
        worker->behind++;
    } else if (slice->end_ns <= request->window_start_ns
               && slice->start_ns < request->window_start_ns) {
        worker->before++;
    } else {
        worker->inside++;
    }
    if (since >= 0 && (uint64_t)since / grid->column_ns < grid->column_count) {
        size_t column = (size_t)((uint64_t)since / grid->column_ns);
        uint32_t row = row_of(request, slice->function);

        worker->columns[column] = 1;
        if (row < request->row_count) {
            worker->row_columns[row * (size_t)grid->column_count + column]++;
        }
    }
}

static bool
visit(void *accumulator, const struct slice_batch *batch, struct error *err)
{
    struct hits_worker *worker = accumulator;
    const struct hits_pass *pass = worker->pass;
    size_t number =
        pass->model->streams[batch->track].first_block + batch->block;
    uint64_t levels = 0;
    uint32_t count = 0;

    for (size_t i = batch->first_new; i < batch->count; i++) {
        bool is_hit;

        if (!slice_hit_set_has(&pass->request->set, pass->model,
                               &batch->slices[i], &worker->judge, &is_hit,
                               err)) {
            return false;
        }
        if (is_hit) {
            count_hit(worker, &batch->slices[i]);
            levels |= slice_hits_level(batch->slices[i].depth);
            count++;
        }
    }
    pass->hits->block_counts[number] = count;
    pass->hits->block_levels[number] = levels;
    return true;
}

static bool
merge(void *context, void *accumulator, struct error *err)
{
    const struct hits_pass *pass = context;
    const struct hits_worker *worker = accumulator;
    struct slice_hits *hits = pass->hits;

    (void)err;
    hits->before += worker->before;
    hits->inside += worker->inside;
    hits->behind += worker->behind;
    hits->earlier += worker->earlier;
    hits->count += worker->before + worker->inside + worker->behind;
    for (uint32_t i = 0; i < pass->request->grid.column_count; i++) {
        hits->columns[i] |= worker->columns[i];
    }
    for (size_t i = 0; i < row_cell_count(pass->request); i++) {
        hits->row_columns[i] += worker->row_columns[i];
    }
    return true;
}

static bool
scan(const struct hits_pass *pass, uint8_t *tracks,
     const struct progress *progress, struct error *err)
{
    struct trace_scope scope = trace_scope_whole();
    struct slice_visitor visitor = {
        .context = (void *)pass,
        .worker_new = new_worker,
        .visit = visit,
        .merge = merge,
        .worker_free = free_worker,
    };
    struct function_mask mask;
    struct slice_scan_options options = {.progress = *progress,
                                         .functions = &mask};
    uint32_t track = pass->request->set.track;
    bool is_ok;

    if (track < pass->model->track_count) {
        tracks[track] = 1;
        scope.tracks = tracks;
    }
    is_ok = function_mask_make(&mask, pass->model, pass->request->set.functions,
                               err)
            && slice_scan(pass->model, &scope, &visitor, &options, err);
    function_mask_release(&mask);
    return is_ok;
}

static bool
has_functions(const struct slice_hit_set *set)
{
    return memchr(set->functions, 1, (size_t)set->function_count + 1) != NULL;
}

bool
slice_hits_count(const struct trace_model *model,
                 const struct slice_hits_request *request,
                 const struct progress *progress, struct slice_hits *hits,
                 struct error *err)
{
    struct hits_pass pass = {model, request, hits};
    uint8_t *tracks = array_new(model->track_count, sizeof *tracks, err);
    bool is_ok;

    *hits = (struct slice_hits){.block_count = model->block_count};
    hits->columns =
        array_new(request->grid.column_count, sizeof *hits->columns, err);
    hits->row_columns =
        array_new(row_cell_count(request), sizeof *hits->row_columns, err);
    hits->block_counts =
        array_new(model->block_count, sizeof *hits->block_counts, err);
    hits->block_levels =
        array_new(model->block_count, sizeof *hits->block_levels, err);
    is_ok = tracks != NULL && hits->columns != NULL && hits->row_columns != NULL
            && hits->block_counts != NULL && hits->block_levels != NULL
            && (!has_functions(&request->set)
                || scan(&pass, tracks, progress, err));
    free(tracks);
    if (!is_ok) {
        slice_hits_release(hits);
    }
    return is_ok;
}

void
slice_hits_release(struct slice_hits *hits)
{
    free(hits->columns);
    free(hits->row_columns);
    free(hits->block_counts);
    free(hits->block_levels);
    *hits = (struct slice_hits){0};
}
