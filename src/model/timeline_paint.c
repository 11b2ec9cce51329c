// SPDX-License-Identifier: Apache-2.0
/*
 * Decoding takes most of the time and needs nothing but a scratch; adding to
 * the cells is done by one thread at a time. Sums and maxima do not care about
 * the order.
 */
#include "model/timeline_paint.h"

#include <pthread.h>
#include <stdatomic.h>

#include "base/error.h"
#include "base/os.h"
#include "model/block_decode.h"
#include "model/model_data.h"

enum {
    JOBS_PER_THREAD = 8, /* below that a thread costs more than it gives */
    THREADS_MAX = 16,
};

/* The column that was painted last: slices next to each other mostly lie in
 * the same one, and a division costs as much as all the rest. */
struct column_hint {
    int64_t column;
    int64_t left;
    int64_t right;
};

/* What the threads share. */
struct paint_turn {
    const struct painting *painting;
    const struct paint_job *jobs;
    size_t job_count;
    atomic_size_t next_job;
    atomic_bool must_stop;
    pthread_mutex_t cells_lock;
};

struct paint_worker {
    struct paint_turn *turn;
    struct span_scratch *scratch;
    struct error error;
    pthread_t thread;
};

static int64_t
find_column(const struct painting *painting, struct column_hint *hint,
            int64_t time)
{
    if (time < hint->left || time >= hint->right) {
        hint->column = time / painting->column_ns;
        hint->left = hint->column * painting->column_ns;
        hint->right = hint->left + painting->column_ns;
    }
    return hint->column;
}

/* The part of one slice that lies in the block and in the grid. */
static void
paint_slice(const struct painting *painting, const struct block_part *part,
            size_t row, const struct slice *slice, struct column_hint *hint)
{
    int64_t slice_start = relative(painting, slice->start_ns);
    int64_t slice_end = relative(painting, slice->end_ns);
    int64_t start = greatest(greatest(slice_start, part->start), 0);
    int64_t end = least(least(slice_end, part->end), painting->total_ns);
    int64_t column;
    int64_t last;
    bool is_outer = slice->depth == row_depth(painting, row);
    bool starts_here = slice_start >= part->start;

    if (start >= painting->total_ns || slice_end < start
        || (slice_end == start && slice_start < start)) {
        return;
    }
    column = find_column(painting, hint, start);
    last = find_column(painting, hint, greatest(start, end - 1));
    for (; column <= last; column++) {
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

static void
paint_slices(const struct painting *painting, const struct paint_job *job,
             const struct span_scratch *scratch)
{
    struct column_hint hint = {0};

    for (size_t i = 0; i < scratch->slice_count; i++) {
        const struct slice *slice = &scratch->slices[i];
        size_t row = row_of(painting, slice->depth);

        if (row < painting->row_count && row >= job->first_row
            && row - job->first_row < ROWS_AT_ONCE
            && (job->wanted >> (row - job->first_row) & 1)) {
            paint_slice(painting, &job->part, row, slice, &hint);
        }
    }
}

static void *
run_worker(void *argument)
{
    struct paint_worker *worker = argument;
    struct paint_turn *turn = worker->turn;
    const struct painting *painting = turn->painting;

    while (!atomic_load(&turn->must_stop)) {
        size_t i = atomic_fetch_add(&turn->next_job, 1);

        if (i >= turn->job_count) {
            break;
        }
        if (!block_decode(painting->model, painting->request->track,
                          turn->jobs[i].part.block, worker->scratch,
                          &worker->error)) {
            atomic_store(&turn->must_stop, true);
            break;
        }
        (void)pthread_mutex_lock(&turn->cells_lock);
        paint_slices(painting, &turn->jobs[i], worker->scratch);
        (void)pthread_mutex_unlock(&turn->cells_lock);
    }
    return NULL;
}

/* Start as many helpers as there is work, processors and memory for. */
static size_t
start_helpers(struct paint_turn *turn, struct paint_worker *helpers)
{
    size_t wanted = turn->job_count / JOBS_PER_THREAD;
    size_t processors = wanted > 1 ? os_processor_count() : 1;
    size_t count = 0;

    if (wanted > processors) {
        wanted = processors;
    }
    while (count + 1 < wanted && count < THREADS_MAX) {
        struct paint_worker *helper = &helpers[count];

        helper->turn = turn;
        helper->error.code = ERROR_NONE;
        if (!span_scratch_new(&helper->scratch, NULL)) {
            break;
        }
        if (pthread_create(&helper->thread, NULL, run_worker, helper) != 0) {
            span_scratch_free(helper->scratch);
            break;
        }
        count++;
    }
    return count;
}

bool
timeline_paint(const struct painting *painting, const struct paint_job *jobs,
               size_t job_count, struct span_scratch *scratch,
               struct error *err)
{
    struct paint_turn turn = {
        .painting = painting,
        .jobs = jobs,
        .job_count = job_count,
        .cells_lock = PTHREAD_MUTEX_INITIALIZER,
    };
    struct paint_worker own = {.turn = &turn, .scratch = scratch};
    struct paint_worker helpers[THREADS_MAX];
    size_t helper_count = start_helpers(&turn, helpers);
    const struct error *failure;

    (void)run_worker(&own);
    failure = own.error.code != ERROR_NONE ? &own.error : NULL;
    for (size_t i = 0; i < helper_count; i++) {
        (void)pthread_join(helpers[i].thread, NULL);
        span_scratch_free(helpers[i].scratch);
        if (failure == NULL && helpers[i].error.code != ERROR_NONE) {
            failure = &helpers[i].error;
        }
    }
    (void)pthread_mutex_destroy(&turn.cells_lock);
    if (failure != NULL && err != NULL) {
        *err = *failure;
    }
    return failure == NULL;
}
