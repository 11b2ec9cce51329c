// SPDX-License-Identifier: Apache-2.0
/* unit/format/image.h - the bytes of a trace file, to be spoiled at will. */
#ifndef UNIT_FORMAT_IMAGE_H
#define UNIT_FORMAT_IMAGE_H

#include <stddef.h>
#include <stdint.h>

#include "format/layout.h"

struct image {
    uint8_t *data;
    size_t size;
    int fd; /* of a file without a name */
    char path[32];
};

/* The bytes of a file. Aborts when it cannot be read. */
struct image image_of_file(const char *path);

/* An image of no bytes. */
struct image image_empty(void);

void image_append(struct image *image, const void *data, size_t size);

/* Put the first size bytes into a file; gives its path, the same each time. */
const char *image_write(const struct image *image, size_t size);

/* The header of the section or chunk at offset, to look at or change. */
struct vzt_section_header *image_section(const struct image *image,
                                         size_t offset);
struct vzt_status *image_status(const struct image *image, size_t offset);
struct vzt_chunk_header *image_chunk(const struct image *image, size_t offset);

/* Append a chunk; magic, size and (but in staging) word_count are filled in.
 * Returns its offset. */
size_t image_append_chunk(struct image *image, struct vzt_chunk_header header,
                          const struct vzt_open_call *open_calls,
                          const uint64_t *words, size_t word_count);

/* Append an empty section of no known size. Returns its offset. */
size_t image_append_section(struct image *image);

void image_release(struct image *image);

#endif
