// SPDX-License-Identifier: Apache-2.0
#include "tracer/record/call_ring.h"

#include <stdlib.h>
#include <string.h>

#include "base/os.h"
#include "tracer/record/trace_output.h"

enum { HEADER_SIZE = sizeof(struct vzt_chunk_header) };

struct kept_block {
    uint64_t offset; /* of its room, which may begin with padding */
    uint64_t first_tick;
    uint64_t last_tick;
    uint32_t end_count;
    uint32_t size_words; /* of its room */
};

/* Room in the file between chunks that stay: a chain of chunks that may be
 * overwritten. */
struct free_run {
    uint64_t offset;
    uint64_t size;
};

static bool
write_at(struct trace_output *output, const void *data, size_t size,
         uint64_t offset)
{
    int error_number = os_write_at(output->fd, data, size, offset);

    return error_number == 0 || trace_output_fail(output, error_number);
}

/* Make a run one FREE chunk. */
static bool
write_free(struct trace_output *output, uint64_t offset, uint64_t size)
{
    struct vzt_chunk_header header = {
        .magic = VZT_CHUNK_MAGIC,
        .kind = VZT_CHUNK_FREE,
        .size = size,
    };

    return write_at(output, &header, sizeof header, offset);
}

/* Grow an array of the ring. Without memory what does not fit is not known:
 * its room stays as it is. */
static bool
reserve(void **items, size_t *capacity, size_t count, size_t item_size)
{
    size_t wanted = *capacity < 16 ? 16 : 2 * *capacity;
    void *grown;

    if (count <= *capacity) {
        return true;
    }
    grown = realloc(*items, wanted * item_size);
    if (grown == NULL) {
        return false;
    }
    *items = grown;
    *capacity = wanted;
    return true;
}

static void
remove_run(struct call_ring *ring, size_t i)
{
    ring->run_count--;
    memmove(&ring->runs[i], &ring->runs[i + 1],
            (ring->run_count - i) * sizeof *ring->runs);
}

/* Add room, and make one run of runs that lie side by side. */
static void
add_run(struct call_ring *ring, uint64_t offset, uint64_t size)
{
    size_t i = 0;

    while (i < ring->run_count && ring->runs[i].offset < offset) {
        i++;
    }
    if (i > 0 && ring->runs[i - 1].offset + ring->runs[i - 1].size == offset) {
        ring->runs[--i].size += size;
    } else if (reserve((void **)&ring->runs, &ring->run_capacity,
                       ring->run_count + 1, sizeof *ring->runs)) {
        memmove(&ring->runs[i + 1], &ring->runs[i],
                (ring->run_count - i) * sizeof *ring->runs);
        ring->runs[i] = (struct free_run){.offset = offset, .size = size};
        ring->run_count++;
    } else {
        return;
    }
    if (i + 1 < ring->run_count
        && ring->runs[i].offset + ring->runs[i].size
               == ring->runs[i + 1].offset) {
        ring->runs[i].size += ring->runs[i + 1].size;
        remove_run(ring, i + 1);
    }
}

/* Have at least N calls ended behind the oldest block, the new one with them?
 * The latest blocks are looked at first. */
static bool
may_give_up(const struct call_ring *ring, const struct vzt_chunk_header *header,
            const struct block_facts *facts)
{
    const struct kept_block *oldest = &ring->blocks[ring->first];
    uint64_t ended = 0;

    if (ring->end_count - oldest->end_count + facts->end_count
        < ring->call_limit) {
        return false;
    }
    if (header->first_tick >= oldest->last_tick) {
        ended = facts->end_count;
    }
    for (size_t i = ring->count; ended < ring->call_limit;) {
        if (--i == ring->first) {
            return false;
        }
        if (ring->blocks[i].first_tick >= oldest->last_tick) {
            ended += ring->blocks[i].end_count;
        }
    }
    return true;
}

static bool
give_up_oldest(struct trace_output *output, struct call_ring *ring)
{
    struct vzt_status *status = trace_output_status(output);
    const struct kept_block *oldest = &ring->blocks[ring->first];
    uint64_t size = (uint64_t)oldest->size_words * 8;

    if (!write_free(output, oldest->offset, size)) {
        return false;
    }
    status->flags |= VZT_STATUS_RING;
    status->dropped_calls += oldest->end_count;
    ring->end_count -= oldest->end_count;
    add_run(ring, oldest->offset, size);
    ring->first++;
    return true;
}

/* The smallest run that takes size bytes; run_count when there is none. */
static size_t
find_run(const struct call_ring *ring, uint64_t size)
{
    size_t best = ring->run_count;

    for (size_t i = 0; i < ring->run_count; i++) {
        if (ring->runs[i].size >= size
            && (best == ring->run_count
                || ring->runs[i].size < ring->runs[best].size)) {
            best = i;
        }
    }
    return best;
}

/*
 * The run is one FREE chunk, what will be left of it gets a FREE header inside
 * of that, then the block is written, and last what ends the chunk around it:
 * the size of the padding in front, or the start of the block's own header.
 */
static bool
write_block(struct trace_output *output, const struct free_run *room,
            uint64_t padding, const struct vzt_chunk_header *header,
            const void *body, size_t body_size)
{
    uint64_t offset = room->offset + padding;
    uint64_t rest = room->size - padding - header->size;
    size_t opening = offsetof(struct vzt_chunk_header, word_count);

    return write_free(output, room->offset, room->size)
           && (rest == 0 || write_free(output, offset + header->size, rest))
           && write_at(output, body, body_size, offset + HEADER_SIZE)
           && write_at(output, (const char *)header + opening,
                       HEADER_SIZE - opening, offset + opening)
           && write_at(output, header, opening, offset)
           && (padding == 0
               || write_at(output, &padding, sizeof padding,
                           room->offset
                               + offsetof(struct vzt_chunk_header, size)));
}

/* Write a block into a run: on a page of its own when that fits. *slot is what
 * it takes then. */
static bool
write_into_run(struct trace_output *output, size_t index,
               struct vzt_chunk_header *header, const void *body,
               size_t body_size, struct free_run *slot)
{
    struct call_ring *ring = &output->call_ring;
    struct free_run room = ring->runs[index];
    uint64_t padding = trace_output_padding(room.offset, header->size);
    uint64_t rest;

    if (padding > room.size - header->size) {
        padding = 0;
    }
    rest = room.size - padding - header->size;
    if (rest < HEADER_SIZE) {
        header->size += rest; /* slack */
        rest = 0;
    }
    slot->offset = room.offset;
    slot->size = room.size - rest;
    if (rest > 0) {
        ring->runs[index] = (struct free_run){
            .offset = slot->offset + slot->size, .size = rest};
    } else {
        remove_run(ring, index);
    }
    return write_block(output, &room, padding, header, body, body_size);
}

static void
remember(struct call_ring *ring, const struct free_run *slot,
         const struct vzt_chunk_header *header, const struct block_facts *facts)
{
    if (ring->first > 0 && ring->first >= ring->count / 2) {
        ring->count -= ring->first;
        memmove(ring->blocks, &ring->blocks[ring->first],
                ring->count * sizeof *ring->blocks);
        ring->first = 0;
    }
    if (!reserve((void **)&ring->blocks, &ring->capacity, ring->count + 1,
                 sizeof *ring->blocks)) {
        return;
    }
    ring->blocks[ring->count++] = (struct kept_block){
        .offset = slot->offset,
        .first_tick = header->first_tick,
        .last_tick = facts->last_tick,
        .end_count = facts->end_count,
        .size_words = (uint32_t)(slot->size / 8),
    };
    ring->end_count += facts->end_count;
}

bool
call_ring_write(struct trace_output *output, struct vzt_chunk_header *header,
                const void *body, size_t body_size,
                const struct block_facts *facts)
{
    struct call_ring *ring = &output->call_ring;
    struct free_run slot = {.offset = output->end};
    size_t run;

    while (ring->first < ring->count && may_give_up(ring, header, facts)) {
        if (!give_up_oldest(output, ring)) {
            return false;
        }
    }
    run = find_run(ring, header->size);
    while (run == ring->run_count && ring->first < ring->count
           && !trace_output_may_grow(output, header->size)) {
        if (!give_up_oldest(output, ring)) {
            return false;
        }
        run = find_run(ring, header->size);
    }
    if (run < ring->run_count) {
        if (!write_into_run(output, run, header, body, body_size, &slot)) {
            return false;
        }
    } else if (trace_output_may_grow(output, header->size)) {
        if (!trace_output_append_chunk(output, header, body, body_size)) {
            return false;
        }
        slot.size = output->end - slot.offset;
    } else {
        trace_output_status(output)->flags |= VZT_STATUS_RING;
        trace_output_status(output)->dropped_calls += facts->end_count;
        return true;
    }
    remember(ring, &slot, header, facts);
    return true;
}

size_t
call_ring_memory(const struct call_ring *ring)
{
    return ring->capacity * sizeof *ring->blocks
           + ring->run_capacity * sizeof *ring->runs;
}

void
call_ring_clear(struct call_ring *ring)
{
    free(ring->blocks);
    free(ring->runs);
    *ring = (struct call_ring){.call_limit = ring->call_limit};
}
