// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/record/staging_pool.h - memory that words are written into.
 *
 * A staging is a chunk of the trace file (VZT_CHUNK_STAGING), mapped, so that
 * what is in it survives a kill. Stagings are carved from slabs: pieces of the
 * file that were allocated before they were mapped. A slab always is a chain
 * of chunks; free ones have kind FREE and the flag STAGING, which says that
 * the room is the pool's. Where mapping is refused the slabs are private
 * memory with the same layout, and words must be written out to be kept.
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

#include "format/layout.h"

struct staging_extent;
struct staging_slab;
struct trace_output;

struct staging {
    struct vzt_chunk_header *header; /* NULL = none */
    size_t size;                     /* of the chunk, header included */
    bool is_private;                 /* not in the file */
};

struct staging_pool {
    struct staging_slab *slabs;   /* newest first; owned */
    struct staging_extent *free;  /* by address within a slab; owned */
    struct staging_extent *spare; /* unused nodes */
    size_t next_slab_size;
    uint64_t memory_bytes; /* mapped, and the pool's own */
};

/* Where the words begin in a chunk with so many open calls. */
static inline size_t
staging_words_offset(size_t open_count)
{
    return sizeof(struct vzt_chunk_header)
           + open_count * sizeof(struct vzt_open_call);
}

/* What a staging that follows one of previous_size (0 = none) should measure:
 * it doubles up to VZT_STAGING_SIZE_MAX, has room for word_count words, and
 * its header and open calls take at most an eighth of it. */
size_t staging_size(size_t previous_size, size_t open_count, size_t word_count);

/* Take a free chunk of size bytes (a multiple of VZT_STAGING_SIZE_MIN). False
 * when there is no memory or *output has failed. */
bool staging_pool_take(struct staging_pool *pool, struct trace_output *output,
                       size_t size, struct staging *staging);

/* Give a chunk back; *staging is empty then. None is allowed. */
void staging_pool_give_back(struct staging_pool *pool, struct staging *staging);

/*
 * Begin a block: the header's and the open calls' bytes are put in place and
 * all words are zero. At no instant a word of the block before counts as one
 * of this block: see staging_pool.c. Of the chunk, used_size bytes may have
 * been written since it was taken.
 */
void staging_begin(struct staging *staging,
                   const struct vzt_chunk_header *header,
                   const struct vzt_open_call *open_calls, size_t used_size);

/* How many words are valid, as a reader counts them. Another thread may be
 * writing more. */
size_t staging_count_words(const struct vzt_chunk_header *header, size_t size);

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
