// SPDX-License-Identifier: Apache-2.0
/*
 * One pass over all borders, in memory only: a block's words are not looked at
 * again, and its header only where it is not what the block before left.
 */
#include "model/block_join.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/error.h"
#include "format/reader.h"
#include "model/block_index.h"
#include "model/event_store.h"
#include "model/model_data.h"

/* A call open at a border. */
struct open_call {
    uint64_t hash; /* of the chain up to here */
    uint64_t start_tick;
    uint32_t id; /* the section's */
    uint32_t record;
    bool is_outermost; /* of its function */
};

struct joiner {
    struct block_index *index;
    struct trace_model *model;
    struct open_call *calls; /* open now, outermost first */
    size_t depth;
    size_t capacity;
    struct block header; /* the last header that was looked at */
    uint32_t track;
};

static struct function_sums *
sums_of(struct joiner *joiner, uint32_t function)
{
    return &joiner->index->sums[function == FUNCTION_UNKNOWN
                                    ? joiner->model->function_count
                                    : function];
}

static uint32_t
innermost(const struct joiner *joiner)
{
    return joiner->depth == 0 ? RECORD_NONE
                              : joiner->calls[joiner->depth - 1].record;
}

/* Open a call: what is known of it so far is in *call. */
static bool
open_call(struct joiner *joiner, const struct opened_call *call,
          struct error *err)
{
    struct trace_model *model = joiner->model;
    size_t depth = joiner->depth;
    uint64_t outer_hash = depth == 0 ? 0 : joiner->calls[depth - 1].hash;

    if (model->record_count >= RECORD_NONE) {
        return error_set(err, ERROR_UNSUPPORTED, "too many nested calls");
    }
    if (!array_reserve((void **)&model->records, &model->record_capacity,
                       model->record_count + 1, sizeof *model->records, err)
        || !array_reserve((void **)&joiner->calls, &joiner->capacity, depth + 1,
                          sizeof *joiner->calls, err)) {
        return false;
    }
    model->records[model->record_count] = (struct span_record){
        .start_ns = call->start_ns,
        .end_ns = call->start_ns,
        .self_ns = call->self_ns,
        .function = call->function,
        .parent = innermost(joiner),
        .depth = (uint32_t)depth,
        .flags = call->flags,
    };
    joiner->calls[joiner->depth++] = (struct open_call){
        .hash = open_call_hash(outer_hash, call->id, call->start_tick),
        .start_tick = call->start_tick,
        .id = call->id,
        .record = (uint32_t)model->record_count++,
        .is_outermost = sums_of(joiner, call->function)->active++ == 0,
    };
    return true;
}

static void
close_call(struct joiner *joiner, uint64_t end_ns, uint32_t flags)
{
    const struct open_call *call = &joiner->calls[--joiner->depth];
    struct span_record *record = &joiner->model->records[call->record];
    struct function_sums *sums = sums_of(joiner, record->function);
    uint64_t duration = end_ns - record->start_ns;

    record->end_ns = end_ns;
    record->flags |= flags;
    sums->active--;
    sums->self_ns += record->self_ns;
    sums->total_ns += call->is_outermost ? duration : 0;
    if (duration > sums->max_ns) {
        sums->max_ns = duration;
    }
    if (record->flags & SLICE_UNFINISHED) {
        sums->unfinished_count++;
    } else if (!(record->flags & SLICE_START_UNKNOWN)
               && duration < sums->min_ns) {
        sums->min_ns = duration;
    }
}

/* How many of the open calls, from the outermost, the header lists, too. */
static size_t
count_common(const struct joiner *joiner)
{
    size_t i = 0;

    while (i < joiner->depth && i < joiner->header.open_count
           && joiner->calls[i].id == joiner->header.open_calls[i].function
           && joiner->calls[i].start_tick
                  == joiner->header.open_calls[i].start_tick) {
        i++;
    }
    return i;
}

/* Read the header of a block and see how many of the open calls go on. */
static bool
find_common(struct joiner *joiner, size_t number, size_t *common,
            struct error *err)
{
    const struct block_ends *ends = &joiner->index->ends[number];
    const struct model_stream *stream = &joiner->model->streams[joiner->track];
    const struct model_section *section =
        &joiner->model->sections[stream->section];
    struct error load_error = {0};

    *common = joiner->depth;
    if (ends->open_count == joiner->depth
        && ends->header_hash
               == (joiner->depth == 0
                       ? 0
                       : joiner->calls[joiner->depth - 1].hash)) {
        return true;
    }
    *common = 0;
    if (ends->is_unreadable || ends->open_count == 0) {
        return true;
    }
    if (!block_load(&joiner->header, section->file,
                    joiner->model->blocks[number].row, &load_error)) {
        if (load_error.code == ERROR_NO_MEMORY) {
            return error_set_no_memory(err);
        }
        joiner->header.open_count = 0; /* readable a moment ago */
        return true;
    }
    *common = count_common(joiner);
    return true;
}

/* The calls that the header of a block lists and nobody saw begin. */
static bool
open_unseen(struct joiner *joiner, size_t number, struct error *err)
{
    struct model_block *block = &joiner->model->blocks[number];
    const struct block_ends *ends = &joiner->index->ends[number];
    const struct model_stream *stream = &joiner->model->streams[joiner->track];

    for (size_t i = joiner->depth; i < ends->open_count; i++) {
        struct vzt_open_call header = {0};
        struct opened_call call = {.start_ns = block->start_ns,
                                   .function = FUNCTION_UNKNOWN,
                                   .flags = SLICE_START_UNKNOWN};

        if (i < joiner->header.open_count) {
            header = joiner->header.open_calls[i];
            call.function = model_open_function(
                joiner->model, &joiner->model->sections[stream->section],
                &header);
        }
        call.id = header.function;
        call.start_tick = header.start_tick;
        if (!open_call(joiner, &call, err)) {
            return false;
        }
        block->cells[i < INDEX_DEPTH ? i : INDEX_DEPTH].start_count++;
        block->start_count++;
    }
    return true;
}

/* The calls that are open go on for a while after the last event. */
static void
extend_open(struct joiner *joiner, struct model_block *block, size_t depth,
            uint64_t until_ns)
{
    uint64_t duration = until_ns - block->last_ns;

    if (depth == 0) {
        return;
    }
    joiner->model->records[joiner->calls[depth - 1].record].self_ns += duration;
    for (size_t i = 0; i < depth && i < INDEX_CELLS_MAX; i++) {
        block->cells[i].busy_ns += duration;
    }
}

/* The open calls end where the gap starts that the next block begins with. */
static void
close_at_gap(struct joiner *joiner, size_t number)
{
    struct model_block *before = &joiner->model->blocks[number - 1];
    uint64_t start_ns = joiner->model->blocks[number].start_ns;
    uint64_t gap_ns = joiner->index->ends[number].gap_start_ns;
    uint64_t end_ns = before->last_ns + 1;

    end_ns = gap_ns > end_ns ? gap_ns : end_ns;
    end_ns = end_ns < start_ns ? end_ns : start_ns;
    extend_open(joiner, before, joiner->depth, end_ns);
    while (joiner->depth > 0) {
        close_call(joiner, end_ns, SLICE_TRUNCATED);
    }
}

/* Whether a block follows right behind the one before and begins with a gap. */
static bool
begins_with_gap(const struct joiner *joiner, size_t number)
{
    const struct model_block *block = &joiner->model->blocks[number];
    const struct block_ends *ends = &joiner->index->ends[number];

    return ends->gap_start_ns != UINT64_MAX && ends->open_count == 0
           && block->row->number == block[-1].row->number + 1;
}

/* Go over the border in front of a block. */
static bool
cross_border(struct joiner *joiner, size_t number, bool is_first,
             struct error *err)
{
    struct model_block *block = &joiner->model->blocks[number];
    size_t common;

    joiner->header.open_count = 0;
    if (!is_first && begins_with_gap(joiner, number)) {
        close_at_gap(joiner, number);
    }
    if (!find_common(joiner, number, &common, err)) {
        return false;
    }
    if (!is_first) {
        struct model_block *before = block - 1;

        while (joiner->depth > common) {
            close_call(joiner, before->last_ns, SLICE_TRUNCATED);
        }
        extend_open(joiner, before, common, block->start_ns);
    }
    block->straddling = (uint32_t)common;
    if (!open_unseen(joiner, number, err)) {
        return false;
    }
    block->open_first = innermost(joiner);
    return true;
}

static bool
pass_block(struct joiner *joiner, size_t number, struct error *err)
{
    struct model_block *block = &joiner->model->blocks[number];
    const struct block_ends *ends = &joiner->index->ends[number];

    while (joiner->depth > ends->kept_count) {
        const struct closed_call *closed =
            &ends->closed[joiner->depth - 1 - ends->kept_count];
        uint32_t record = innermost(joiner);

        joiner->model->records[record].self_ns += closed->self_ns;
        close_call(joiner, closed->end_ns, closed->flags);
    }
    if (joiner->depth > 0) {
        joiner->model->records[innermost(joiner)].self_ns += ends->kept_self_ns;
    }
    for (size_t i = 0; i < ends->opened_count; i++) {
        if (!open_call(joiner, &ends->opened[i], err)) {
            return false;
        }
        sums_of(joiner, ends->opened[i].function)->call_count++;
    }
    block->open_last = innermost(joiner);
    return true;
}

static bool
add_gap(struct joiner *joiner, uint64_t start_ns, uint64_t end_ns,
        uint64_t lost_calls, struct error *err)
{
    struct trace_model *model = joiner->model;

    if (!array_reserve((void **)&model->gaps, &model->gap_capacity,
                       model->gap_count + 1, sizeof *model->gaps, err)) {
        return false;
    }
    model->gaps[model->gap_count++] = (struct model_gap){
        .start_ns = start_ns, .end_ns = end_ns, .lost_calls = lost_calls};
    model->tracks[joiner->track].gap_count++;
    model->tracks[joiner->track].lost_calls += lost_calls;
    return true;
}

/* Are blocks missing in front of this one, or was it not readable? */
static bool
find_gap(struct joiner *joiner, size_t number, bool is_first, struct error *err)
{
    const struct trace_model *model = joiner->model;
    const struct model_block *block = &model->blocks[number];
    const struct block_ends *ends = joiner->index->ends;
    uint64_t expected_number = 0;
    uint64_t expected_calls = 0;
    uint64_t lost_calls = 0;
    uint64_t start_ns =
        model->processes[model->tracks[joiner->track].process].start_ns;

    if (!is_first) {
        const struct model_block *before = block - 1;

        expected_number = before->row->number + 1;
        expected_calls =
            before->row->calls_before + ends[number - 1].call_count;
        start_ns = before->last_ns;
    }
    if (block->row->calls_before > expected_calls) {
        lost_calls = block->row->calls_before - expected_calls;
    }
    if (start_ns > block->start_ns) {
        start_ns = block->start_ns;
    }
    if ((lost_calls > 0 || block->row->number != expected_number)
        && !add_gap(joiner, start_ns, block->start_ns, lost_calls, err)) {
        return false;
    }
    return !ends[number].is_unreadable
           || add_gap(joiner, block->start_ns, block->end_ns, 0, err);
}

/* The end of what is known: of the stream if it ended, else of its process; of
 * what was read when that is not all. A stream does not end after the last
 * event of its process. */
static uint64_t
find_track_end(const struct joiner *joiner, uint64_t last_ns)
{
    const struct trace_model *model = joiner->model;
    const struct model_stream *stream = &model->streams[joiner->track];
    uint64_t end_ns =
        model->processes[model->tracks[joiner->track].process].end_ns;

    if (stream->unread_count > 0) {
        return last_ns;
    }
    if (stream->stream->end_tick != 0) {
        uint64_t stream_end_ns = model_section_time(
            &model->sections[stream->section], stream->stream->end_tick);

        end_ns = stream_end_ns < end_ns ? stream_end_ns : end_ns;
    }
    return end_ns > last_ns ? end_ns : last_ns;
}

static void
end_track(struct joiner *joiner, struct model_block *last)
{
    struct model_stream *stream = &joiner->model->streams[joiner->track];
    uint64_t end_ns = find_track_end(joiner, last->last_ns);

    stream->open_at_end = innermost(joiner);
    stream->unfinished_count = joiner->depth;
    extend_open(joiner, last, joiner->depth, end_ns);
    last->end_ns = last->last_ns + 1;
    if (joiner->depth > 0 && end_ns > last->end_ns) {
        last->end_ns = end_ns;
    }
    while (joiner->depth > 0) {
        close_call(joiner, end_ns, SLICE_UNFINISHED);
    }
}

static int
compare_gaps(const void *left, const void *right)
{
    const struct model_gap *a = left;
    const struct model_gap *b = right;

    if (a->start_ns != b->start_ns) {
        return a->start_ns < b->start_ns ? -1 : 1;
    }
    return (a->end_ns > b->end_ns) - (a->end_ns < b->end_ns);
}

static bool
join_track(struct joiner *joiner, struct error *err)
{
    struct trace_model *model = joiner->model;
    struct model_stream *stream = &model->streams[joiner->track];
    struct model_track *track = &model->tracks[joiner->track];
    size_t end = stream->first_block + stream->block_count;

    for (size_t i = stream->first_block; i < end; i++) {
        bool is_first = i == stream->first_block;
        const struct block_ends *ends = &joiner->index->ends[i];

        if (!cross_border(joiner, i, is_first, err)
            || !find_gap(joiner, i, is_first, err)
            || !pass_block(joiner, i, err)) {
            return false;
        }
        track->call_count += ends->call_count;
        stream->mismatched_returns += ends->mismatched_returns;
        if (model->blocks[i].depth > track->depth) {
            track->depth = model->blocks[i].depth;
        }
    }
    stream->open_at_end = RECORD_NONE;
    if (stream->block_count > 0) {
        end_track(joiner, &model->blocks[end - 1]);
    }
    return true;
}

/* The gaps that the recorder wrote down are sorted by time, over all tracks. */
static bool
add_recorded_gaps(struct joiner *joiner, const struct stored_gap *gaps,
                  size_t gap_count, struct error *err)
{
    for (size_t i = 0; i < gap_count; i++) {
        if (gaps[i].place.track == joiner->track
            && !add_gap(joiner, gaps[i].start_ns, gaps[i].place.time_ns,
                        gaps[i].lost_calls, err)) {
            return false;
        }
        if (gaps[i].place.track == joiner->track) {
            joiner->model->gaps[joiner->model->gap_count - 1].is_pause =
                gaps[i].is_pause;
        }
    }
    return true;
}

static void
offer_longest(struct model_block *block, const struct span_record *record)
{
    struct block_cell *cell;
    uint64_t duration = record->end_ns - record->start_ns;

    if (record->depth > INDEX_DEPTH || record->depth >= block->depth) {
        return;
    }
    cell = &block->cells[record->depth];
    if (duration > cell->longest_ns
        || (duration == cell->longest_ns
            && record->start_ns < cell->longest_start_ns)) {
        cell->longest_ns = duration;
        cell->longest_start_ns = record->start_ns;
        cell->longest_function = record->function;
    }
}

/* Now that all durations are known: the longest call of each cell. */
static void
find_longest(struct trace_model *model)
{
    for (size_t i = 0; i < model->block_count; i++) {
        struct model_block *block = &model->blocks[i];
        uint32_t record;

        for (record = block->open_first; record != RECORD_NONE;
             record = model->records[record].parent) {
            offer_longest(block, &model->records[record]);
        }
        for (record = block->open_last; record != RECORD_NONE;
             record = model->records[record].parent) {
            offer_longest(block, &model->records[record]);
        }
    }
}

/* The blocks that were not read are left out of their tracks. */
static void
leave_unread(struct trace_model *model, const struct block_index *index)
{
    for (size_t i = index->indexed_count; i < model->block_count; i++) {
        struct model_stream *stream = &model->streams[index->order[i].track];

        stream->unread_count++;
        stream->block_count--;
    }
    model->summary.is_partial = index->indexed_count < model->block_count;
}

/* Where the last block of a track begins that was not read. */
static uint64_t
find_unread_end(const struct trace_model *model,
                const struct model_stream *stream)
{
    return model
        ->blocks[stream->first_block + stream->block_count
                 + stream->unread_count - 1]
        .start_ns;
}

/* What was not read of a track is a gap at its end. */
static bool
add_unread_gap(struct joiner *joiner, struct error *err)
{
    const struct trace_model *model = joiner->model;
    const struct model_stream *stream = &model->streams[joiner->track];
    size_t next = stream->first_block + stream->block_count;
    const struct model_block *blocks = model->blocks;
    uint64_t seen_calls = 0;
    uint64_t all_calls;
    uint64_t start_ns;

    if (stream->unread_count == 0) {
        return true;
    }
    start_ns = blocks[next].start_ns;
    if (stream->block_count > 0) {
        start_ns = blocks[next - 1].last_ns;
        seen_calls = blocks[next - 1].row->calls_before
                     + joiner->index->ends[next - 1].call_count;
    }
    all_calls = blocks[next + stream->unread_count - 1].row->calls_before;
    return add_gap(joiner, start_ns, find_unread_end(model, stream),
                   all_calls > seen_calls ? all_calls - seen_calls : 0, err);
}

/* The last event of each process: until then its unfinished calls ran. */
static void
find_process_ends(struct trace_model *model)
{
    for (size_t i = 0; i < model->track_count; i++) {
        const struct model_stream *stream = &model->streams[i];
        struct model_track *track = &model->tracks[i];
        struct model_process *process = &model->processes[track->process];
        size_t end = stream->first_block + stream->block_count;
        uint64_t end_ns;

        track->end_ns = stream->block_count == 0
                            ? track->start_ns
                            : model->blocks[end - 1].last_ns;
        end_ns = stream->unread_count > 0  ? find_unread_end(model, stream)
                 : stream->block_count > 0 ? track->end_ns
                                           : process->end_ns;
        if (end_ns > process->end_ns) {
            process->end_ns = end_ns;
        }
    }
}

bool
block_join(struct block_index *index, const struct stored_gap *recorded_gaps,
           size_t gap_count, struct error *err)
{
    struct trace_model *model = index->model;
    struct joiner joiner = {.index = index, .model = model};
    bool ok = false;

    leave_unread(model, index);
    find_process_ends(model);
    for (size_t i = 0; i < model->track_count; i++) {
        size_t first_gap = model->gap_count;

        joiner.track = (uint32_t)i;
        model->streams[i].first_gap = first_gap;
        if (!join_track(&joiner, err)
            || !add_recorded_gaps(&joiner, recorded_gaps, gap_count, err)
            || !add_unread_gap(&joiner, err)) {
            goto out;
        }
        if (model->gap_count > first_gap) {
            qsort(&model->gaps[first_gap], model->gap_count - first_gap,
                  sizeof *model->gaps, compare_gaps);
        }
    }
    find_longest(model);
    ok = true;

out:
    block_release(&joiner.header);
    free(joiner.calls);
    return ok;
}
