// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/record/call_ring.h - a file that keeps the latest N calls.
 *
 * Blocks stand in a queue, in the order in which they were written. The oldest
 * is given up when N calls have ended behind its last word for sure: in blocks
 * of the queue that began later. So the latest N, of all threads together,
 * always are in the file, in blocks or in staging, and a reader leaves out
 * what is there beside them (format/latest_calls.h). Its room, and what lies
 * around it, takes the next block that fits.
 *
 * The order of the writes keeps the chain of chunks whole at every instant, as
 * trace_ring.c does, which bounds a file in bytes alone.
 */
#ifndef TRACER_RECORD_CALL_RING_H
#define TRACER_RECORD_CALL_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/layout.h"

struct trace_output;

/* What a block holds beside what its header says. */
struct block_facts {
    uint32_t end_count; /* calls that end in it */
    uint64_t last_tick; /* none of them ends later */
};

/* {0} is empty. */
struct call_ring {
    uint64_t call_limit;       /* N; 0 = no such bound */
    struct kept_block *blocks; /* oldest first, from first on; owned */
    size_t first;
    size_t count; /* from the array's start: the last one's index + 1 */
    size_t capacity;
    uint64_t end_count;    /* in all of them */
    struct free_run *runs; /* by offset, none beside another; owned */
    size_t run_count;
    size_t run_capacity;
};

/*
 * Write a block where there is room, behind giving up what is not needed any
 * more. At the limit in bytes the oldest go, needed or not; and a block that
 * finds no place is dropped. Both are counted. The header is complete.
 */
bool call_ring_write(struct trace_output *output,
                     struct vzt_chunk_header *header, const void *body,
                     size_t body_size, const struct block_facts *facts);

/* Bytes of memory that it takes. */
size_t call_ring_memory(const struct call_ring *ring);

/* Be empty, with the same bound. */
void call_ring_clear(struct call_ring *ring);

#endif
