// SPDX-License-Identifier: Apache-2.0
/*
 * import/byte_source.h - the bytes of a file in order, inflated when they are
 * compressed.
 *
 * gzip (RFC 1952) is known by its magic bytes, not by a name; members that
 * follow each other are one text. Memory does not depend on the file.
 */
#ifndef IMPORT_BYTE_SOURCE_H
#define IMPORT_BYTE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct byte_source;
struct error;

/* Open a regular file. On success the caller owns *out. */
bool byte_source_open(struct byte_source **out, const char *path,
                      struct error *err);

/*
 * Read up to size > 0 bytes; *read_size is 0 only at the end. Compressed data
 * that are cut or damaged end there; byte_source_end_text tells. False when
 * the file cannot be read or there is no memory.
 */
bool byte_source_read(struct byte_source *source, void *data, size_t size,
                      size_t *read_size, struct error *err);

/* Why a compressed text ended before its end, and at which byte of the file;
 * NULL when it did not. */
const char *byte_source_end_text(const struct byte_source *source);

/* Bytes of the file that were read, and how many there are. */
uint64_t byte_source_position(const struct byte_source *source);
uint64_t byte_source_size(const struct byte_source *source);

bool byte_source_is_compressed(const struct byte_source *source);

/* NULL is allowed. */
void byte_source_close(struct byte_source *source);

#endif
