// SPDX-License-Identifier: Apache-2.0
#include "format/chunk_load.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/input_file.h"
#include "format/event.h"
#include "format/reader.h"

enum {
    /* A reset takes microseconds; a killed recorder leaves it unfinished. */
    SNAPSHOT_TRIES = 16,
    /* No recorder comes near; a hostile file must not make us allocate. */
    CHUNK_SIZE_MAX = 1 << 30,
};

uint64_t
chunk_words_offset(const struct vzt_chunk_header *header)
{
    return sizeof *header
           + (uint64_t)header->open_count * sizeof(struct vzt_open_call);
}

static bool
holds_words(const struct vzt_chunk_header *header)
{
    return header->kind == VZT_CHUNK_EVENTS
           || header->kind == VZT_CHUNK_DEFINITIONS;
}

bool
chunk_header_is_sound(const struct vzt_chunk_header *header)
{
    uint64_t words_offset = chunk_words_offset(header);

    if (header->magic != VZT_CHUNK_MAGIC || header->kind == 0
        || header->size % 8 != 0 || header->size < sizeof *header) {
        return false;
    }
    if (!holds_words(header)) {
        return true; /* room, or of a later version: skipped by its size */
    }
    return header->size <= CHUNK_SIZE_MAX && words_offset <= header->size
           && ((header->flags & VZT_CHUNK_STAGING)
               || header->word_count <= (header->size - words_offset) / 8)
           && (header->kind == VZT_CHUNK_DEFINITIONS || header->stream != 0);
}

bool
chunk_load_header(const struct input_file *file, uint64_t offset,
                  struct vzt_chunk_header *header, struct error *err)
{
    size_t size;

    if (!input_file_read_some(file, offset, header, sizeof *header, &size,
                              err)) {
        return false;
    }
    if (size < sizeof *header) {
        *header = (struct vzt_chunk_header){0};
    }
    return true;
}

static bool
reserve(struct chunk_copy *copy, size_t size, struct error *err)
{
    void *data;

    if (size <= copy->capacity) {
        return true;
    }
    data = realloc(copy->data, size);
    if (data == NULL) {
        return error_set_no_memory(err);
    }
    copy->data = data;
    copy->capacity = size;
    return true;
}

static bool
load_data(struct chunk_copy *copy, const struct input_file *file,
          uint64_t offset, uint64_t limit, struct error *err)
{
    uint64_t size = copy->header.size;

    if (!(copy->header.flags & VZT_CHUNK_STAGING)) {
        size = chunk_words_offset(&copy->header) + copy->header.word_count * 8;
    }
    if (size > limit) {
        size = limit;
    }
    size -= sizeof copy->header;
    return reserve(copy, size, err)
           && input_file_read_some(file, offset + sizeof copy->header,
                                   copy->data, size, &copy->size, err);
}

static bool
load_once(struct chunk_copy *copy, const struct input_file *file,
          uint64_t offset, uint64_t limit, bool *is_done, struct error *err)
{
    struct vzt_chunk_header after;

    *is_done = true;
    copy->size = 0;
    if (!chunk_load_header(file, offset, &copy->header, err)) {
        return false;
    }
    if (!chunk_header_is_sound(&copy->header) || !holds_words(&copy->header)) {
        copy->header = (struct vzt_chunk_header){0};
        return true;
    }
    if (!load_data(copy, file, offset, limit, err)) {
        return false;
    }
    if (copy->header.flags & VZT_CHUNK_STAGING) {
        if (!chunk_load_header(file, offset, &after, err)) {
            return false;
        }
        /* All of it: a header may itself be read across a reset. */
        *is_done = copy->header.sequence % 2 == 0
                   && memcmp(&copy->header, &after, sizeof after) == 0;
    }
    return true;
}

bool
chunk_load(struct chunk_copy *copy, const struct input_file *file,
           uint64_t offset, uint64_t limit, struct error *err)
{
    bool is_done = limit < sizeof copy->header;

    copy->header = (struct vzt_chunk_header){0};
    copy->size = 0;
    for (int i = 0; i < SNAPSHOT_TRIES && !is_done; i++) {
        if (!load_once(copy, file, offset, limit, &is_done, err)) {
            return false;
        }
    }
    if (!is_done) {
        copy->header = (struct vzt_chunk_header){0};
        copy->size = 0;
    }
    return true;
}

bool
chunk_copy_words(const struct chunk_copy *copy, const uint64_t **words,
                 size_t *count)
{
    uint64_t open_size =
        chunk_words_offset(&copy->header) - sizeof copy->header;

    if (open_size > copy->size) {
        return false;
    }
    /* Without any data there is no memory either. */
    *words = open_size == 0 ? copy->data : copy->data + open_size / 8;
    *count = (copy->size - open_size) / 8;
    return true;
}

size_t
valid_word_count(const uint64_t *words, size_t count)
{
    size_t i = 0;

    while (i < count && words[i] != 0) {
        if (event_kind(words[i]) != EVENT_LONG) {
            i++;
        } else if (record_size(words[i]) < count - i) {
            i += 1 + (size_t)record_size(words[i]);
        } else {
            break;
        }
    }
    return i;
}

bool
chunk_load_row(struct chunk_copy *copy, const struct input_file *input,
               const struct trace_block *row, const uint64_t **words,
               size_t *count, struct error *err)
{
    uint64_t limit = sizeof copy->header
                     + row->open_count * sizeof(struct vzt_open_call)
                     + row->word_count * sizeof **words;

    *count = 0;
    if (!chunk_load(copy, input, row->offset, limit, err)) {
        return false;
    }
    if (copy->header.magic == 0 || copy->header.number != row->number
        || copy->header.open_count != row->open_count
        || !chunk_copy_words(copy, words, count)) {
        copy->header = (struct vzt_chunk_header){0};
        *count = 0;
        return true;
    }
    *count = valid_word_count(*words, *count);
    return true;
}
