// SPDX-License-Identifier: Apache-2.0
/*
 * Workers take blocks off a common counter, a few at a time. What they leave
 * is kept by block, or is a sum, a minimum or a maximum; so the result does not
 * depend on how many there are or who was faster.
 */
#include "model/block_index.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/os.h"
#include "model/block_decode.h"
#include "model/block_functions.h"
#include "model/model_data.h"

enum { BLOCKS_PER_TURN = 4, WORKERS_MAX = 64, PREFETCH_DISTANCE = 16 };

/* What the workers share. */
struct index_turn {
    struct block_index *index;
    atomic_size_t next_block;
    atomic_bool must_stop;
};

struct index_worker {
    struct index_turn *turn;
    struct span_scratch *scratch;
    struct event_store *store;
    struct function_sums *sums;
    struct block_cell cells[INDEX_CELLS_MAX];
    uint8_t seen[BLOCK_FUNCTION_SLOTS]; /* functions of the block */
    struct arena cell_memory;           /* and that of sets of functions */
    struct arena end_memory;
    pthread_t thread;
    bool is_running;
    bool reports; /* the caller's own thread */
    struct error error;
};

uint64_t
open_call_hash(uint64_t outer_hash, uint32_t function, uint64_t start_tick)
{
    uint64_t hash = outer_hash ^ (start_tick * UINT64_C(0x9E3779B97F4A7C15));

    hash = (hash ^ (hash >> 29) ^ function) * UINT64_C(0xBF58476D1CE4E5B9);
    return hash ^ (hash >> 32);
}

/* A call that began and ended within the block. */
static inline void
sum_call(struct function_sums *sums, const struct slice *slice,
         uint64_t duration)
{
    sums->call_count++;
    sums->self_ns += slice->self_ns;
    sums->total_ns += slice->flags & SLICE_OUTERMOST ? duration : 0;
    sums->min_ns = duration < sums->min_ns ? duration : sums->min_ns;
    sums->max_ns = duration > sums->max_ns ? duration : sums->max_ns;
}

static inline uint32_t
sums_index(const struct slice *slice, uint32_t unknown)
{
    return slice->function == FUNCTION_UNKNOWN ? unknown : slice->function;
}

/* A slice that was open when the block began: its sums are made later. */
static void
add_open_slice(struct index_worker *worker, const struct slice *slice)
{
    if (slice->depth <= INDEX_DEPTH) {
        worker->cells[slice->depth].busy_ns += slice->end_ns - slice->start_ns;
    }
}

static inline void
add_new_slice(struct index_worker *worker, const struct slice *slice,
              uint32_t function)
{
    uint64_t duration = slice->end_ns - slice->start_ns;
    bool is_whole = !(slice->flags & SLICE_UNFINISHED);
    struct block_cell *cell;

    if (is_whole) {
        sum_call(&worker->sums[function], slice, duration);
    }
    if (slice->depth > INDEX_DEPTH) {
        worker->cells[INDEX_DEPTH].start_count++;
        return;
    }
    cell = &worker->cells[slice->depth];
    cell->start_count++;
    cell->busy_ns += duration;
    if (is_whole && duration > cell->longest_ns) {
        cell->longest_ns = duration;
        cell->longest_start_ns = slice->start_ns;
        cell->longest_function = slice->function;
    }
}

static void
add_slices(struct index_worker *worker, uint32_t slot_mask)
{
    const struct span_scratch *scratch = worker->scratch;
    uint32_t unknown = scratch->unknown;

    for (size_t i = 0; i < scratch->open_count; i++) {
        uint32_t function = sums_index(&scratch->slices[i], unknown);

        worker->seen[function & slot_mask] = 1;
        add_open_slice(worker, &scratch->slices[i]);
    }
    for (size_t i = scratch->open_count; i < scratch->slice_count; i++) {
        uint32_t function = sums_index(&scratch->slices[i], unknown);

        if (i + PREFETCH_DISTANCE < scratch->slice_count) {
            const struct slice *later = &scratch->slices[i + PREFETCH_DISTANCE];

            __builtin_prefetch(&worker->sums[sums_index(later, unknown)]);
        }
        worker->seen[function & slot_mask] = 1;
        add_new_slice(worker, &scratch->slices[i], function);
    }
}

static bool
sum_slices(struct index_worker *worker, struct model_block *block,
           struct error *err)
{
    const struct span_scratch *scratch = worker->scratch;
    size_t function_count = worker->turn->index->model->function_count + 1;
    size_t words = block_functions_words(function_count, scratch->slice_count);
    size_t count;

    block->depth = scratch->depth;
    block->start_count = (uint32_t)(scratch->slice_count - scratch->open_count);
    count = model_block_cell_count(block);
    for (size_t i = 0; i < count; i++) {
        worker->cells[i] =
            (struct block_cell){.longest_function = FUNCTION_UNKNOWN};
    }
    memset(worker->seen, 0, words * 64);
    add_slices(worker, block_functions_slot_mask(function_count, words));
    block->cells =
        arena_allocate(&worker->cell_memory, count * sizeof *block->cells);
    if (block->cells == NULL) {
        return error_set_no_memory(err);
    }
    memcpy(block->cells, worker->cells, count * sizeof *block->cells);
    return block_functions_keep(block, worker->seen, words,
                                &worker->cell_memory, err);
}

static bool
keep_closed(struct index_worker *worker, struct block_ends *ends,
            struct error *err)
{
    const struct span_scratch *scratch = worker->scratch;
    size_t count = scratch->open_count - scratch->kept_count;

    ends->closed =
        arena_allocate(&worker->end_memory, count * sizeof *ends->closed);
    if (ends->closed == NULL) {
        return error_set_no_memory(err);
    }
    for (size_t i = 0; i < count; i++) {
        const struct slice *slice = &scratch->slices[scratch->kept_count + i];

        ends->closed[i] = (struct closed_call){
            .end_ns = slice->end_ns,
            .self_ns = slice->self_ns,
            .flags = slice->flags & ~(uint32_t)SLICE_START_UNKNOWN,
        };
    }
    return true;
}

static bool
keep_opened(struct index_worker *worker, struct block_ends *ends,
            struct error *err)
{
    const struct span_scratch *scratch = worker->scratch;
    size_t count = scratch->frame_count - scratch->kept_count;

    ends->opened =
        arena_allocate(&worker->end_memory, count * sizeof *ends->opened);
    if (ends->opened == NULL) {
        return error_set_no_memory(err);
    }
    for (size_t i = 0; i < count; i++) {
        const struct open_frame *frame =
            &scratch->frames[scratch->kept_count + i];
        const struct slice *slice = &scratch->slices[frame->slice];

        ends->opened[i] = (struct opened_call){
            .start_tick = frame->start_tick,
            .start_ns = frame->start_ns,
            .self_ns = slice->self_ns,
            .id = frame->function,
            .function = slice->function,
            .flags = slice->flags & ~(SLICE_UNFINISHED | SLICE_OUTERMOST),
        };
    }
    return true;
}

static bool
keep_ends(struct index_worker *worker, struct block_ends *ends,
          struct error *err)
{
    const struct span_scratch *scratch = worker->scratch;

    for (size_t i = 0; i < scratch->open_count; i++) {
        const struct vzt_open_call *call = &scratch->block.open_calls[i];

        ends->header_hash =
            open_call_hash(ends->header_hash, call->function, call->start_tick);
    }
    ends->open_count = (uint32_t)scratch->open_count;
    ends->kept_count = (uint32_t)scratch->kept_count;
    ends->opened_count = (uint32_t)(scratch->frame_count - scratch->kept_count);
    ends->kept_self_ns = scratch->kept_self_ns;
    ends->call_count = scratch->slice_count - scratch->open_count;
    ends->mismatched_returns = scratch->mismatched_returns;
    ends->gap_start_ns = scratch->gap_start_ns;
    if (ends->call_count > 0) {
        ends->first_depth = scratch->slices[scratch->open_count].depth;
        ends->first_ns = scratch->slices[scratch->open_count].start_ns;
    }
    return keep_closed(worker, ends, err) && keep_opened(worker, ends, err);
}

/* A block that cannot be read is shown as one without events. */
static bool
index_block(struct index_worker *worker, size_t number, uint32_t track,
            struct error *err)
{
    struct block_index *index = worker->turn->index;
    struct model_block *block = &index->model->blocks[number];
    struct block_ends *ends = &index->ends[number];
    const struct model_section *section =
        &index->model->sections[index->model->streams[track].section];
    struct record_sink sink = {.put = event_store_put,
                               .context = worker->store};
    struct error load_error = {0};

    worker->store->section = section;
    worker->store->scratch = worker->scratch;
    worker->store->place =
        (struct event_place){.track = track, .block = (uint32_t)number};
    if (!block_decode_alone(index->model, section, block, track, &sink,
                            worker->scratch, &load_error)) {
        block->last_ns = block->start_ns;
        ends->is_unreadable = true;
        ends->gap_start_ns = UINT64_MAX;
        if (load_error.code == ERROR_NO_MEMORY) {
            *err = load_error;
            return false;
        }
        return true;
    }
    block->last_ns = worker->scratch->last_ns;
    flow_store_end_block(&worker->store->flows, worker->scratch);
    return sum_slices(worker, block, err) && keep_ends(worker, ends, err);
}

/* A block with what it is sorted by. */
struct timed_block {
    uint64_t start_ns; /* the latest of its track so far: no block of a track
                          is before one that it follows */
    struct block_place place;
};

static int
compare_timed(const void *a, const void *b)
{
    const struct timed_block *left = a;
    const struct timed_block *right = b;

    if (left->start_ns != right->start_ns) {
        return left->start_ns < right->start_ns ? -1 : 1;
    }
    return left->place.block < right->place.block ? -1 : 1;
}

static bool
make_order(struct block_index *index, struct error *err)
{
    const struct trace_model *model = index->model;
    struct timed_block *blocks =
        array_new(model->block_count, sizeof *blocks, err);
    size_t count = 0;

    index->order = array_new(model->block_count, sizeof *index->order, err);
    if (blocks == NULL || index->order == NULL) {
        free(blocks);
        return false;
    }
    for (size_t i = 0; i < model->track_count; i++) {
        const struct model_stream *stream = &model->streams[i];
        uint64_t latest_ns = 0;

        for (size_t k = 0; k < stream->block_count; k++) {
            size_t block = stream->first_block + k;

            if (model->blocks[block].start_ns > latest_ns) {
                latest_ns = model->blocks[block].start_ns;
            }
            blocks[count++] =
                (struct timed_block){latest_ns, {(uint32_t)block, (uint32_t)i}};
        }
    }
    assert(count == model->block_count);
    qsort(blocks, count, sizeof *blocks, compare_timed);
    for (size_t i = 0; i < count; i++) {
        index->order[i] = blocks[i].place;
    }
    free(blocks);
    return true;
}

static bool
index_turn(struct index_worker *worker, size_t first, struct error *err)
{
    const struct trace_model *model = worker->turn->index->model;
    size_t end = first + BLOCKS_PER_TURN;

    if (end > model->block_count) {
        end = model->block_count;
    }
    for (size_t i = first; i < end; i++) {
        const struct block_place *place = &worker->turn->index->order[i];

        if (!index_block(worker, place->block, place->track, err)) {
            return false;
        }
    }
    return true;
}

/* Report progress; false when it says stop. */
static bool
goes_on(const struct index_worker *worker, size_t done, struct error *err)
{
    const struct block_index *index = worker->turn->index;
    const struct trace_model_options *options = index->options;

    if (!worker->reports
        || progress_report(&options->progress, done,
                           index->model->block_count)) {
        return true;
    }
    return !options->keeps_when_stopped
               ? error_set(err, ERROR_CANCELLED, "cancelled")
               : false;
}

static void *
run_worker(void *argument)
{
    struct index_worker *worker = argument;
    struct index_turn *turn = worker->turn;
    size_t count = turn->index->model->block_count;

    while (!atomic_load(&turn->must_stop)) {
        size_t first = atomic_fetch_add(&turn->next_block, BLOCKS_PER_TURN);

        if (first >= count) {
            break;
        }
        if (!index_turn(worker, first, &worker->error)
            || !goes_on(worker, first, &worker->error)) {
            atomic_store(&turn->must_stop, true);
        }
    }
    return NULL;
}

static bool
prepare_worker(struct index_worker *worker, struct index_turn *turn,
               struct event_store *store, struct error *err)
{
    size_t count = turn->index->model->function_count + 1;

    worker->turn = turn;
    worker->store = store;
    worker->sums = array_new(count, sizeof *worker->sums, err);
    if (worker->sums == NULL || !span_scratch_new(&worker->scratch, err)) {
        return false;
    }
    worker->scratch->active =
        array_new(count, sizeof *worker->scratch->active, err);
    worker->scratch->unknown = (uint32_t)count - 1;
    for (size_t i = 0; i < count; i++) {
        worker->sums[i].min_ns = UINT64_MAX;
    }
    return worker->scratch->active != NULL;
}

static size_t
choose_worker_count(const struct trace_model *model,
                    const struct trace_model_options *options)
{
    size_t count = options->thread_count != 0 ? options->thread_count
                                              : os_processor_count();
    size_t turns = model->block_count / BLOCKS_PER_TURN + 1;

    if (count > turns) {
        count = turns;
    }
    return count < WORKERS_MAX ? count : WORKERS_MAX;
}

/* Run the workers; this thread is the first of them. Those that the system
 * has no thread for are missed by nobody. */
static bool
run_workers(struct block_index *index, struct error *err)
{
    bool ok = true;

    for (size_t i = 1; i < index->worker_count; i++) {
        struct index_worker *worker = &index->workers[i];

        worker->is_running =
            pthread_create(&worker->thread, NULL, run_worker, worker) == 0;
    }
    index->workers[0].reports = true;
    (void)run_worker(&index->workers[0]);
    for (size_t i = 0; i < index->worker_count; i++) {
        struct index_worker *worker = &index->workers[i];

        if (worker->is_running) {
            (void)pthread_join(worker->thread, NULL);
        }
        if (worker->error.code != ERROR_NONE && ok) {
            if (err != NULL) {
                *err = worker->error;
            }
            ok = false;
        }
    }
    return ok;
}

static bool
merge_sums(struct block_index *index, struct error *err)
{
    size_t count = index->model->function_count + 1;

    index->sums = array_new(count, sizeof *index->sums, err);
    if (index->sums == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        struct function_sums *sums = &index->sums[i];

        sums->min_ns = UINT64_MAX;
        for (size_t k = 0; k < index->worker_count; k++) {
            const struct function_sums *more = &index->workers[k].sums[i];

            sums->call_count += more->call_count;
            sums->total_ns += more->total_ns;
            sums->self_ns += more->self_ns;
            if (more->min_ns < sums->min_ns) {
                sums->min_ns = more->min_ns;
            }
            if (more->max_ns > sums->max_ns) {
                sums->max_ns = more->max_ns;
            }
        }
    }
    return true;
}

/* The cells' memory belongs to the model from here on. */
static bool
move_cells(struct block_index *index, struct error *err)
{
    struct trace_model *model = index->model;

    model->cell_memory =
        array_new(index->worker_count, sizeof *model->cell_memory, err);
    if (model->cell_memory == NULL) {
        return false;
    }
    model->cell_memory_count = index->worker_count;
    for (size_t i = 0; i < index->worker_count; i++) {
        model->cell_memory[i] = index->workers[i].cell_memory;
        index->workers[i].cell_memory = (struct arena){0};
    }
    return true;
}

/* Decoding needs no more than the ends from now on. */
static void
release_decoding(struct block_index *index)
{
    for (size_t i = 0; i < index->worker_count && index->workers != NULL; i++) {
        struct index_worker *worker = &index->workers[i];

        span_scratch_free(worker->scratch);
        worker->scratch = NULL;
        free(worker->sums);
        worker->sums = NULL;
    }
}

bool
block_index_build(struct block_index *index, struct trace_model *model,
                  const struct trace_model_options *options, struct error *err)
{
    struct index_turn turn = {.index = index};

    index->model = model;
    index->options = options;
    index->worker_count = choose_worker_count(model, options);
    index->ends = array_new(model->block_count, sizeof *index->ends, err);
    index->workers =
        array_new(index->worker_count, sizeof *index->workers, err);
    index->stores = array_new(index->worker_count, sizeof *index->stores, err);
    if (index->ends == NULL || index->workers == NULL || index->stores == NULL
        || !make_order(index, err)) {
        return false;
    }
    for (size_t i = 0; i < index->worker_count; i++) {
        if (!prepare_worker(&index->workers[i], &turn, &index->stores[i],
                            err)) {
            return false;
        }
    }
    if (!run_workers(index, err)) {
        return false;
    }
    /* who takes blocks reads them: all before the next ones were read */
    index->indexed_count = atomic_load(&turn.next_block);
    if (index->indexed_count > model->block_count) {
        index->indexed_count = model->block_count;
    }
    if (!merge_sums(index, err) || !move_cells(index, err)) {
        return false;
    }
    release_decoding(index);
    return true;
}

void
block_index_release(struct block_index *index)
{
    release_decoding(index);
    for (size_t i = 0; i < index->worker_count && index->workers != NULL; i++) {
        arena_release(&index->workers[i].cell_memory);
        arena_release(&index->workers[i].end_memory);
    }
    for (size_t i = 0; i < index->worker_count && index->stores != NULL; i++) {
        event_store_release(&index->stores[i]);
    }
    free(index->stores);
    free(index->workers);
    free(index->sums);
    free(index->ends);
    free(index->order);
    *index = (struct block_index){0};
}
