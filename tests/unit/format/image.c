// SPDX-License-Identifier: Apache-2.0
#include "image.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void
check(int ok, const char *what)
{
    if (!ok) {
        perror(what);
        abort();
    }
}

struct image
image_empty(void)
{
    struct image image = {.fd = memfd_create("image", MFD_CLOEXEC)};

    check(image.fd >= 0, "memfd_create");
    snprintf(image.path, sizeof image.path, "/proc/self/fd/%d", image.fd);
    return image;
}

void
image_append(struct image *image, const void *data, size_t size)
{
    image->data = realloc(image->data, image->size + size + 1);
    check(image->data != NULL, "realloc");
    memcpy(image->data + image->size, data, size);
    image->size += size;
}

struct image
image_of_file(const char *path)
{
    struct image image = image_empty();
    FILE *file = fopen(path, "rb");
    char piece[4096];
    size_t size;

    check(file != NULL, path);
    while ((size = fread(piece, 1, sizeof piece, file)) > 0) {
        image_append(&image, piece, size);
    }
    fclose(file);
    return image;
}

const char *
image_write(const struct image *image, size_t size)
{
    check(ftruncate(image->fd, 0) == 0, "ftruncate");
    check(pwrite(image->fd, image->data, size, 0) == (ssize_t)size, "pwrite");
    return image->path;
}

struct vzt_section_header *
image_section(const struct image *image, size_t offset)
{
    return (void *)(image->data + offset);
}

struct vzt_status *
image_status(const struct image *image, size_t offset)
{
    return (void *)(image->data + offset + VZT_STATUS_OFFSET);
}

struct vzt_chunk_header *
image_chunk(const struct image *image, size_t offset)
{
    return (void *)(image->data + offset);
}

size_t
image_append_chunk(struct image *image, struct vzt_chunk_header header,
                   const struct vzt_open_call *open_calls,
                   const uint64_t *words, size_t word_count)
{
    size_t offset = image->size;

    header.magic = VZT_CHUNK_MAGIC;
    header.size = sizeof header + header.open_count * sizeof *open_calls
                  + word_count * sizeof *words;
    if (!(header.flags & VZT_CHUNK_STAGING)) {
        header.word_count = word_count;
    }
    image_append(image, &header, sizeof header);
    image_append(image, open_calls == NULL ? (const void *)"" : open_calls,
                 header.open_count * sizeof *open_calls);
    image_append(image, words == NULL ? (const void *)"" : words,
                 word_count * sizeof *words);
    return offset;
}

size_t
image_append_section(struct image *image)
{
    static const char zeros[VZT_SECTION_HEADER_SIZE];
    size_t offset = image->size;
    struct vzt_section_header header = {
        .magic = VZT_SECTION_MAGIC,
        .format_version = VZT_FORMAT_VERSION,
        .header_size = VZT_SECTION_HEADER_SIZE,
        .section_kind = VZT_SECTION_PROCESS,
        .clock_kind = 1,
        .section_id = offset + 1,
    };

    image_append(image, zeros, sizeof zeros);
    memcpy(image->data + offset, &header, sizeof header);
    image_status(image, offset)->state = VZT_STATE_RECORDING;
    return offset;
}

void
image_release(struct image *image)
{
    free(image->data);
    close(image->fd);
}
