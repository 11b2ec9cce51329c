// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/record/staging_pool.h - where stagings come from and go back to.
 *
 * They are carved from slabs: pieces of the file that were allocated before
 * they were mapped. A slab always is a chain of chunks; free ones have kind
 * FREE and the flag STAGING, which says that the room is the pool's; it is zero
 * behind its header. Where
 * mapping is refused the slabs are private memory with the same layout, and
 * words must be written out to be kept.
 *
 * The caller holds the recorder's lock. Slabs are never unmapped, except in a
 * forked child (they are its parent's); finishing puts private memory in the
 * place of the mapping, so that late words do no harm.
 */
#ifndef TRACER_RECORD_STAGING_POOL_H
#define TRACER_RECORD_STAGING_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tracer/record/staging.h"

struct staging_extent;
struct staging_slab;
struct trace_output;

struct staging_pool {
    struct staging_slab *slabs;   /* newest first; owned */
    struct staging_extent *free;  /* by address within a slab; owned */
    struct staging_extent *spare; /* unused nodes */
    size_t next_slab_size;
    uint64_t memory_bytes; /* mapped, and the pool's own */
};

/* Take a free chunk of size bytes (a multiple of VZT_STAGING_SIZE_MIN). False
 * when there is no memory or *output has failed. */
bool staging_pool_take(struct staging_pool *pool, struct trace_output *output,
                       size_t size, struct staging *staging);

/* Whether that takes no more memory. */
bool staging_pool_has(const struct staging_pool *pool, size_t size);

/* Give a chunk back, of which used_size bytes at most are not zero; *staging is
 * empty then. None is allowed. */
void staging_pool_give_back(struct staging_pool *pool, struct staging *staging,
                            size_t used_size);

/*
 * No staging will be used any more: turn each in the file into a plain chunk
 * with the words that are valid, and cut off what is free at the file's end.
 * Threads that still write do so into private memory from now on.
 */
void staging_pool_finish(struct staging_pool *pool,
                         struct trace_output *output);

/* In a forked child: unmap the parent's slabs and be empty. */
void staging_pool_abandon(struct staging_pool *pool);

#endif
