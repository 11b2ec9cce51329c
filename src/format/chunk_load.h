// SPDX-License-Identifier: Apache-2.0
/*
 * format/chunk_load.h - copy one chunk out of a file, consistently. Internal.
 *
 * A staging chunk may be written to while it is read. Its sequence number is
 * odd while the recorder resets it, so a copy counts when the number was even
 * and the header is the same before and after.
 */
#ifndef FORMAT_CHUNK_LOAD_H
#define FORMAT_CHUNK_LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/layout.h"

struct error;
struct input_file;
struct trace_block;

/* Memory that loads re-use; {0} is empty, free(data) gives it back. */
struct chunk_copy {
    struct vzt_chunk_header header;
    uint64_t *data; /* what follows the header: open calls, then words */
    size_t size;    /* bytes of data that were there */
    size_t capacity;
};

/* A header that can be believed: its magic is there and its numbers agree with
 * each other. Says nothing about the file's size. */
bool chunk_header_is_sound(const struct vzt_chunk_header *header);

/* Bytes of the header and the open calls. */
uint64_t chunk_words_offset(const struct vzt_chunk_header *header);

/* Read the header at offset; all zero when the file ends before its end. */
bool chunk_load_header(const struct input_file *file, uint64_t offset,
                       struct vzt_chunk_header *header, struct error *err);

/*
 * Copy the chunk at offset, at most limit bytes of it. A chunk that is no
 * longer there or is being reset comes as a header of zeros with no data. Fails
 * when the file cannot be read or there is no memory.
 */
bool chunk_load(struct chunk_copy *copy, const struct input_file *file,
                uint64_t offset, uint64_t limit, struct error *err);

/* The words of a copy, as many as are claimed and there; in staging as many as
 * there is room for. False when not even the open calls are whole. */
bool chunk_copy_words(const struct chunk_copy *copy, const uint64_t **words,
                      size_t *count);

/* The words of a row's chunk as they were when it was found; none, and a header
 * of zeros, when it is no longer there. */
bool chunk_load_row(struct chunk_copy *copy, const struct input_file *file,
                    const struct trace_block *row, const uint64_t **words,
                    size_t *count, struct error *err);

/* How many of count words are whole records, up to the first zero head. */
size_t valid_word_count(const uint64_t *words, size_t count);

#endif
