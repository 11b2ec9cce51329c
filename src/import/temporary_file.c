// SPDX-License-Identifier: Apache-2.0
#include "import/temporary_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/os.h"

enum {
    BLOCK_SIZE = 256 * 1024, /* of what stays in memory */
    PENDING_SIZE = 64 * 1024,
    PAGE_SIZE_BYTES = 16 * 1024,
    PAGE_COUNT = 64,
};

/* A stretch of the file in memory. */
struct cached_page {
    char *data; /* owned; NULL = not in use */
    uint64_t number;
    size_t size;
};

/* What was appended first is in memory, what follows in the file. */
struct temporary_file {
    size_t memory_size; /* at most; whole blocks */
    size_t memory_used;
    char **blocks; /* owned, each of them, too */
    int fd;
    uint64_t written; /* bytes in the file; the rest is pending */
    size_t pending_size;
    char pending[PENDING_SIZE];
    struct cached_page pages[PAGE_COUNT]; /* by number % PAGE_COUNT */
};

static const char *
temporary_folder(void)
{
    const char *folder = getenv("TMPDIR");

    return folder != NULL && folder[0] != '\0' ? folder : "/tmp";
}

int
temporary_file_make(struct error *err)
{
    const char *folder = temporary_folder();
    struct buffer path = {0};
    int fd = -1;

    buffer_append_format(&path, "%s/viztracer-import-XXXXXX", folder);
    if (!buffer_is_ok(&path)) {
        (void)error_set_no_memory(err);
        goto out;
    }
    fd = mkostemp(path.data, O_CLOEXEC);
    if (fd < 0) {
        (void)error_set_system(err, errno,
                               "cannot make a temporary file in %s (set TMPDIR"
                               " to use another folder)",
                               folder);
        goto out;
    }
    (void)unlink(path.data);

out:
    buffer_release(&path);
    return fd;
}

bool
temporary_file_open(struct temporary_file **out, size_t memory_size,
                    struct error *err)
{
    struct temporary_file *file = array_new(1, sizeof *file, err);
    size_t block_count = memory_size / BLOCK_SIZE;

    if (file == NULL) {
        return false;
    }
    file->fd = -1;
    file->memory_size = block_count * BLOCK_SIZE;
    if (block_count > 0) {
        file->blocks = array_new(block_count, sizeof *file->blocks, err);
    }
    if (block_count == 0 || file->blocks != NULL) {
        file->fd = temporary_file_make(err);
    }
    if (file->fd < 0) {
        temporary_file_close(file);
        return false;
    }
    *out = file;
    return true;
}

uint64_t
temporary_file_size(const struct temporary_file *file)
{
    return file->memory_used + file->written + file->pending_size;
}

/* Keep as much as there is room for in memory; *size is how much that is. */
static bool
keep_in_memory(struct temporary_file *file, const char *data, size_t *size,
               struct error *err)
{
    size_t left = file->memory_size - file->memory_used < *size
                      ? file->memory_size - file->memory_used
                      : *size;

    *size = left;
    while (left > 0) {
        char **block = &file->blocks[file->memory_used / BLOCK_SIZE];
        size_t at = file->memory_used % BLOCK_SIZE;
        size_t part = BLOCK_SIZE - at < left ? BLOCK_SIZE - at : left;

        if (at == 0) {
            *block = array_new(BLOCK_SIZE, 1, err);
            if (*block == NULL) {
                return false;
            }
        }
        memcpy(*block + at, data, part);
        file->memory_used += part;
        data += part;
        left -= part;
    }
    return true;
}

static bool
write_out(struct temporary_file *file, const void *data, size_t size,
          struct error *err)
{
    int errnum = os_write_at(file->fd, data, size, file->written);

    if (errnum != 0) {
        return error_set_system(err, errnum,
                                "cannot write a temporary file in %s (set"
                                " TMPDIR to use another folder)",
                                temporary_folder());
    }
    file->written += size;
    return true;
}

static bool
flush(struct temporary_file *file, struct error *err)
{
    size_t size = file->pending_size;

    file->pending_size = 0;
    return size == 0 || write_out(file, file->pending, size, err);
}

static bool
append_to_file(struct temporary_file *file, const char *data, size_t size,
               struct error *err)
{
    if (size > PENDING_SIZE - file->pending_size && !flush(file, err)) {
        return false;
    }
    if (size > PENDING_SIZE) {
        return write_out(file, data, size, err);
    }
    memcpy(file->pending + file->pending_size, data, size);
    file->pending_size += size;
    return true;
}

bool
temporary_file_append(struct temporary_file *file, const void *data,
                      size_t size, struct error *err)
{
    size_t kept = size;

    if (size == 0) {
        return true;
    }
    if (!keep_in_memory(file, data, &kept, err)) {
        return false;
    }
    return kept == size
           || append_to_file(file, (const char *)data + kept, size - kept, err);
}

static bool
read_at(const struct temporary_file *file, uint64_t offset, void *data,
        size_t size, size_t *got_size, struct error *err)
{
    ssize_t got = os_read_at(file->fd, data, size, offset);

    if (got < 0) {
        return error_set_system(err, errno, "cannot read a temporary file");
    }
    *got_size = (size_t)got;
    return true;
}

static bool
load_page(struct temporary_file *file, uint64_t number,
          struct cached_page **page, struct error *err)
{
    struct cached_page *found = &file->pages[number % PAGE_COUNT];

    *page = found;
    if (found->data != NULL && found->number == number
        && (found->size == PAGE_SIZE_BYTES
            || number * PAGE_SIZE_BYTES + found->size == file->written)) {
        return true;
    }
    if (found->data == NULL) {
        found->data = array_new(PAGE_SIZE_BYTES, 1, err);
        if (found->data == NULL) {
            return false;
        }
    }
    found->number = number;
    found->size = 0;
    return read_at(file, number * PAGE_SIZE_BYTES, found->data, PAGE_SIZE_BYTES,
                   &found->size, err);
}

/* The part of what is wanted that is in memory; *size is how much that is. */
static void
read_from_memory(const struct temporary_file *file, uint64_t offset, char *data,
                 size_t *size)
{
    size_t left = 0;

    if (offset < file->memory_used) {
        left = (size_t)(file->memory_used - offset);
        left = left < *size ? left : *size;
    }
    *size = left;
    while (left > 0) {
        size_t at = (size_t)(offset % BLOCK_SIZE);
        size_t part = BLOCK_SIZE - at < left ? BLOCK_SIZE - at : left;

        memcpy(data, file->blocks[offset / BLOCK_SIZE] + at, part);
        data += part;
        offset += part;
        left -= part;
    }
}

const void *
temporary_file_lend(const struct temporary_file *file, uint64_t offset,
                    size_t size)
{
    size_t at = (size_t)(offset % BLOCK_SIZE);

    if (offset > file->memory_used || size > file->memory_used - offset
        || size > BLOCK_SIZE - at || size == 0) {
        return NULL;
    }
    return file->blocks[offset / BLOCK_SIZE] + at;
}

static bool
read_from_file(struct temporary_file *file, uint64_t offset, char *data,
               size_t size, struct error *err)
{
    if (!flush(file, err)) {
        return false;
    }
    while (size > 0) {
        struct cached_page *page;
        size_t at = (size_t)(offset % PAGE_SIZE_BYTES);
        size_t part;

        if (!load_page(file, offset / PAGE_SIZE_BYTES, &page, err)) {
            return false;
        }
        if (page->size <= at) {
            return error_set(err, ERROR_BAD_INPUT,
                             "a temporary file was cut short");
        }
        part = page->size - at < size ? page->size - at : size;
        memcpy(data, page->data + at, part);
        data += part;
        offset += part;
        size -= part;
    }
    return true;
}

bool
temporary_file_read(struct temporary_file *file, uint64_t offset, void *data,
                    size_t size, struct error *err)
{
    size_t got = size;

    read_from_memory(file, offset, data, &got);
    return got == size
           || read_from_file(file, offset + got - file->memory_used,
                             (char *)data + got, size - got, err);
}

void
temporary_file_close(struct temporary_file *file)
{
    if (file == NULL) {
        return;
    }
    for (size_t i = 0; i * BLOCK_SIZE < file->memory_used; i++) {
        free(file->blocks[i]);
    }
    free(file->blocks);
    for (size_t i = 0; i < PAGE_COUNT; i++) {
        free(file->pages[i].data);
    }
    if (file->fd >= 0) {
        (void)close(file->fd);
    }
    free(file);
}
