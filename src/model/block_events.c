// SPDX-License-Identifier: Apache-2.0
#include "model/block_events.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/error.h"
#include "model/block_decode.h"
#include "model/model_data.h"

struct record_list {
    struct block_events *events;
    const struct span_scratch *scratch;
};

static bool
add_record(void *context, uint64_t time_ns, uint64_t head,
           const uint64_t *payload, struct error *err)
{
    struct record_list *list = context;
    struct block_events *events = list->events;

    if (!array_reserve((void **)&events->records, &events->record_capacity,
                       events->record_count + 1, sizeof *events->records,
                       err)) {
        return false;
    }
    events->records[events->record_count++] = (struct block_record){
        .time_ns = time_ns,
        .head = head,
        .payload = payload,
        .open_calls = (uint32_t)list->scratch->record_depth,
        .closed_ns = list->scratch->gap_closed_ns,
    };
    return true;
}

static size_t
at_most(size_t count, size_t most)
{
    return count < most ? count : most;
}

static void
begin(struct block_events *events, const struct model_block *block,
      const struct span_scratch *scratch)
{
    events->slice_count = events->record_count = events->call_count = 0;
    events->open_count = events->straddling = events->open_last = 0;
    events->start_ns = events->last_ns = block->start_ns;
    events->number = block->row->number;
    events->calls_before = block->row->calls_before;
    events->scratch = scratch;
    events->has_no_calls = false;
    events->is_unreadable = false;
}

/* A block that cannot be read has nothing; there being no memory is another
 * matter. */
static bool
give_up(struct block_events *events, const struct error *failure,
        struct error *err)
{
    if (failure->code == ERROR_NO_MEMORY) {
        return error_set_no_memory(err);
    }
    events->record_count = 0;
    events->is_unreadable = true;
    return true;
}

bool
block_events_read(struct block_events *events, const struct trace_model *model,
                  uint32_t track, size_t block, struct span_scratch *scratch,
                  struct error *err)
{
    const struct model_block *read = &track_blocks(model, track)[block];
    struct record_list list = {events, scratch};
    const struct record_sink sink = {add_record, &list};
    struct error failure = {0};

    begin(events, read, scratch);
    if (!block_decode_records(model, track, read, &sink, scratch, &failure)) {
        return give_up(events, &failure, err);
    }
    events->slices = scratch->slices;
    events->slice_count = scratch->slice_count;
    events->open_count = scratch->open_count;
    events->straddling = at_most(read->straddling, scratch->open_count);
    events->call_count = scratch->slice_count - scratch->open_count;
    events->open_last = scratch->frame_count;
    events->last_ns = scratch->last_ns;
    return true;
}

bool
block_events_read_no_calls(struct block_events *events,
                           const struct trace_model *model, uint32_t track,
                           size_t block, struct span_scratch *scratch,
                           struct error *err)
{
    const struct model_block *read = &track_blocks(model, track)[block];
    struct record_list list = {events, scratch};
    const struct record_sink sink = {add_record, &list};
    struct error failure = {0};

    begin(events, read, scratch);
    if (!block_decode_no_calls(model, track, read, &sink, scratch, &failure)) {
        return give_up(events, &failure, err);
    }
    events->call_count = read->start_count;
    events->has_no_calls = true;
    events->last_ns = scratch->last_ns;
    return true;
}

bool
block_events_goes_on(const struct block_events *events, size_t index)
{
    const struct span_scratch *scratch = events->scratch;
    uint32_t depth = events->slices[index].depth;

    return depth < scratch->frame_count
           && scratch->frames[depth].slice == index;
}

void
block_events_release(struct block_events *events)
{
    free(events->records);
    *events = (struct block_events){0};
}

/* The first block of a track whose border is not below a time: its end, or its
 * start. */
static size_t
find_border(const struct trace_model *model, uint32_t track, uint64_t time_ns,
            bool is_end)
{
    const struct model_block *blocks = track_blocks(model, track);
    size_t low = 0;
    size_t high = model->streams[track].block_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if ((is_end ? blocks[middle].end_ns : blocks[middle].start_ns)
            < time_ns) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

void
block_events_range(const struct trace_model *model, uint32_t track,
                   uint64_t start_ns, uint64_t end_ns, size_t *first,
                   size_t *last)
{
    *first = find_border(model, track, start_ns, true);
    *last = find_border(model, track, end_ns, false);
    *last = *last < *first ? *first : *last;
}
