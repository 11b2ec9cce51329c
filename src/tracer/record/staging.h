// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/record/staging.h - a chunk that words are being written into.
 *
 * It is a chunk of the trace file (VZT_CHUNK_STAGING), mapped, so that what is
 * in it survives a kill. At every instant it is a valid chunk. Where mapping
 * is refused it is private memory of the same layout.
 */
#ifndef TRACER_RECORD_STAGING_H
#define TRACER_RECORD_STAGING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/layout.h"

struct staging {
    struct vzt_chunk_header *header; /* NULL = none */
    size_t size;                     /* of the chunk, header included */
    bool is_private;                 /* not in the file */
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

/* What a block begins with. */
struct staging_content {
    const struct vzt_chunk_header *header;
    const struct vzt_open_call *open_calls; /* header->open_count of them */
    const uint64_t *words;                  /* that it has from the start */
    size_t word_count;
};

/*
 * Begin a block: its content is put in place and all other words are zero. At
 * no instant a word of the block before counts as one of this block, and none
 * of its content is missing: see staging.c. Of the chunk, used_size bytes may
 * have been written since it was taken. The content is copied from elsewhere.
 */
void staging_begin(struct staging *staging,
                   const struct staging_content *content, size_t used_size);

/* How many words are valid, as a reader counts them. Another thread may be
 * writing more. */
size_t staging_count_words(const struct vzt_chunk_header *header, size_t size);

/* Turn a staging chunk into a plain one; what it does not use becomes free.
 * Returns whether anything is in it. */
bool staging_settle(struct vzt_chunk_header *header);

/* Write the header of room that is the pool's. */
void chunk_make_free(struct vzt_chunk_header *header, size_t size);

/* One store, since the size leads the reader from chunk to chunk. */
void chunk_set_size(struct vzt_chunk_header *header, size_t size);

/* The kind and the flags, in one store. */
void chunk_set_kind(struct vzt_chunk_header *header, enum vzt_chunk_kind kind,
                    uint32_t flags);

#endif
