// SPDX-License-Identifier: Apache-2.0
#include "trace_bytes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct trace_bytes
trace_bytes_read(char *path)
{
    struct trace_bytes bytes = {.path = path};
    FILE *file = fopen(path, "rb");

    if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
        abort();
    }
    bytes.size = (size_t)ftell(file);
    bytes.data = malloc(bytes.size + 1);
    rewind(file);
    if (bytes.data == NULL
        || fread(bytes.data, 1, bytes.size, file) != bytes.size) {
        abort();
    }
    fclose(file);
    return bytes;
}

void
trace_bytes_write(const struct trace_bytes *bytes)
{
    FILE *file = fopen(bytes->path, "wb");

    if (file == NULL || fwrite(bytes->data, 1, bytes->size, file) != bytes->size
        || fclose(file) != 0) {
        abort();
    }
}

void
trace_bytes_release(struct trace_bytes *bytes)
{
    free(bytes->data);
    *bytes = (struct trace_bytes){0};
}

/* The n-th header: of a section, or of a chunk of events. */
static void *
find_header(const struct trace_bytes *bytes, size_t n, int is_section)
{
    size_t offset = 0;

    while (offset + sizeof(struct vzt_chunk_header) <= bytes->size) {
        void *header = bytes->data + offset;
        struct vzt_chunk_header *chunk = header;

        if (memcmp(header, VZT_SECTION_MAGIC, VZT_SECTION_MAGIC_SIZE) == 0) {
            if (is_section && n-- == 0) {
                return header;
            }
            offset += VZT_SECTION_HEADER_SIZE;
            continue;
        }
        if (chunk->magic != VZT_CHUNK_MAGIC) {
            break;
        }
        if (!is_section && chunk->kind == VZT_CHUNK_EVENTS && n-- == 0) {
            return header;
        }
        offset += chunk->size;
    }
    return NULL;
}

struct vzt_section_header *
trace_bytes_section(const struct trace_bytes *bytes, size_t n)
{
    return find_header(bytes, n, 1);
}

struct vzt_chunk_header *
trace_bytes_block(const struct trace_bytes *bytes, size_t n)
{
    return find_header(bytes, n, 0);
}
