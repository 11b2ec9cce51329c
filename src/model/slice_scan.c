// SPDX-License-Identifier: Apache-2.0
/* The blocks of the scope's tracks form one row; workers take them off a
 * common counter, a few at a time. */
#include "model/slice_scan.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/error.h"
#include "base/os.h"
#include "model/function_mask.h"
#include "model/model_data.h"
#include "model/trace_scope.h"

enum { BLOCKS_PER_TURN = 4, WORKERS_MAX = 64 };

/* The blocks of a track that the scope touches. */
struct block_range {
    uint32_t track;
    size_t first_block; /* of the track's */
    size_t first;       /* its number in the row of all */
};

/* What the workers share. */
struct scan_turn {
    const struct trace_model *model;
    const struct slice_visitor *visitor;
    const struct progress *progress;
    const struct function_mask *functions;
    struct block_range *ranges; /* owned */
    size_t range_count;
    size_t block_count;
    atomic_size_t next_block;
    atomic_bool must_stop;
};

struct scan_worker {
    struct scan_turn *turn;
    struct span_scratch *scratch;
    void *accumulator;
    pthread_t thread;
    bool is_running;
    bool reports; /* the caller's own thread */
    struct error error;
};

/* The first block of a track that ends at or after time_ns. */
static size_t
find_first_block(const struct trace_model *model, uint32_t track,
                 uint64_t time_ns)
{
    const struct model_block *blocks = track_blocks(model, track);
    size_t low = 0;
    size_t high = model->streams[track].block_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (blocks[middle].end_ns < time_ns) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* The first block of a track that starts at or after time_ns. */
static size_t
find_end_block(const struct trace_model *model, uint32_t track,
               uint64_t time_ns)
{
    const struct model_block *blocks = track_blocks(model, track);
    size_t low = 0;
    size_t high = model->streams[track].block_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (blocks[middle].start_ns < time_ns) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static bool
choose_blocks(struct scan_turn *turn, const struct trace_scope *scope,
              struct error *err)
{
    const struct trace_model *model = turn->model;

    turn->ranges = array_new(model->track_count, sizeof *turn->ranges, err);
    if (turn->ranges == NULL) {
        return false;
    }
    for (uint32_t track = 0; track < model->track_count; track++) {
        size_t first = find_first_block(model, track, scope->start_ns);
        size_t end = find_end_block(model, track, scope->end_ns);

        if (!trace_scope_has_track(scope, track) || first >= end) {
            continue;
        }
        turn->ranges[turn->range_count++] = (struct block_range){
            .track = track,
            .first_block = first,
            .first = turn->block_count,
        };
        turn->block_count += end - first;
    }
    return true;
}

/* The range that holds a block: the last one that starts at or before it. */
static const struct block_range *
find_range(const struct scan_turn *turn, size_t number)
{
    size_t low = 0;
    size_t high = turn->range_count;

    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;

        if (turn->ranges[middle].first <= number) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return &turn->ranges[low];
}

static bool
visit_block(struct scan_worker *worker, size_t number, struct error *err)
{
    const struct scan_turn *turn = worker->turn;
    const struct block_range *range = find_range(turn, number);
    struct slice_batch batch = {
        .track = range->track,
        .block = range->first_block + (number - range->first),
    };
    struct error load_error = {0};

    if (turn->functions != NULL
        && !function_mask_may_touch(turn->functions, batch.track,
                                    batch.block)) {
        return true;
    }
    if (!span_block_slices(turn->model, range->track, batch.block,
                           worker->scratch, &batch.slices, &batch.count,
                           &batch.first_new, &load_error)) {
        if (load_error.code == ERROR_NO_MEMORY) {
            return error_set_no_memory(err);
        }
        return true;
    }
    if (number == range->first) {
        batch.first_new = 0;
    }
    return turn->visitor->visit(worker->accumulator, &batch, err);
}

static bool
visit_some(struct scan_worker *worker, size_t first, struct error *err)
{
    const struct scan_turn *turn = worker->turn;
    const struct progress *progress = turn->progress;

    if (worker->reports && progress->report != NULL
        && !progress->report(progress->context, first, turn->block_count)) {
        return error_set(err, ERROR_CANCELLED, "cancelled");
    }
    for (size_t i = first; i < first + BLOCKS_PER_TURN && i < turn->block_count;
         i++) {
        if (!visit_block(worker, i, err)) {
            return false;
        }
    }
    return true;
}

static void *
run_worker(void *argument)
{
    struct scan_worker *worker = argument;
    struct scan_turn *turn = worker->turn;

    while (!atomic_load(&turn->must_stop)) {
        size_t first = atomic_fetch_add(&turn->next_block, BLOCKS_PER_TURN);

        if (first >= turn->block_count) {
            break;
        }
        if (!visit_some(worker, first, &worker->error)) {
            atomic_store(&turn->must_stop, true);
        }
    }
    return NULL;
}

/* This thread is the first worker. Those that the system has no thread for are
 * missed by nobody. */
static bool
run_workers(struct scan_worker *workers, size_t count, struct error *err)
{
    const struct progress *progress = workers[0].turn->progress;
    const struct error *failure = NULL;

    /* Asked here, too: the others may be done before this thread's turn. */
    if (progress->report != NULL
        && !progress->report(progress->context, 0,
                             workers[0].turn->block_count)) {
        return error_set(err, ERROR_CANCELLED, "cancelled");
    }
    for (size_t i = 1; i < count; i++) {
        workers[i].is_running =
            pthread_create(&workers[i].thread, NULL, run_worker, &workers[i])
            == 0;
    }
    workers[0].reports = true;
    (void)run_worker(&workers[0]);
    for (size_t i = 0; i < count; i++) {
        if (workers[i].is_running) {
            (void)pthread_join(workers[i].thread, NULL);
        }
        if (workers[i].error.code != ERROR_NONE && failure == NULL) {
            failure = &workers[i].error;
        }
    }
    if (failure != NULL && err != NULL) {
        *err = *failure;
    }
    return failure == NULL;
}

static size_t
choose_worker_count(const struct scan_turn *turn,
                    const struct slice_scan_options *options)
{
    size_t count = options->thread_count != 0 ? options->thread_count
                                              : os_processor_count();
    size_t turns = turn->block_count / BLOCKS_PER_TURN + 1;

    if (count > turns) {
        count = turns;
    }
    return count < WORKERS_MAX ? count : WORKERS_MAX;
}

static bool
prepare_workers(struct scan_worker *workers, size_t count,
                struct scan_turn *turn, struct error *err)
{
    const struct slice_visitor *visitor = turn->visitor;

    for (size_t i = 0; i < count; i++) {
        workers[i].turn = turn;
        if (!span_scratch_new(&workers[i].scratch, err)) {
            return false;
        }
        workers[i].accumulator = visitor->worker_new(visitor->context, err);
        if (workers[i].accumulator == NULL) {
            return false;
        }
    }
    return true;
}

/* Decoding is over; what was accumulated goes as it is taken. */
static bool
merge_workers(struct scan_worker *workers, size_t count,
              const struct slice_visitor *visitor, struct error *err)
{
    for (size_t i = 0; i < count; i++) {
        span_scratch_free(workers[i].scratch);
        workers[i].scratch = NULL;
    }
    for (size_t i = 0; i < count; i++) {
        if (!visitor->merge(visitor->context, workers[i].accumulator, err)) {
            return false;
        }
        visitor->worker_free(workers[i].accumulator);
        workers[i].accumulator = NULL;
    }
    return true;
}

bool
slice_scan(const struct trace_model *model, const struct trace_scope *scope,
           const struct slice_visitor *visitor,
           const struct slice_scan_options *options, struct error *err)
{
    struct scan_turn turn = {
        .model = model,
        .visitor = visitor,
        .progress = &options->progress,
        .functions = options->functions,
    };
    struct scan_worker *workers = NULL;
    size_t count = 0;
    bool ok = false;

    if (!choose_blocks(&turn, scope, err)) {
        goto out;
    }
    count = choose_worker_count(&turn, options);
    workers = array_new(count, sizeof *workers, err);
    ok = workers != NULL && prepare_workers(workers, count, &turn, err)
         && run_workers(workers, count, err)
         && merge_workers(workers, count, visitor, err);
out:
    for (size_t i = 0; i < count && workers != NULL; i++) {
        span_scratch_free(workers[i].scratch);
        visitor->worker_free(workers[i].accumulator);
    }
    free(workers);
    free(turn.ranges);
    return ok;
}
