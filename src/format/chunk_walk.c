// SPDX-License-Identifier: Apache-2.0
/*
 * A chunk is believed when its header is sound and what it leads to is: the
 * next chunk, the next section or the section's end. Otherwise its size may be
 * wrong, or the file was cut inside of it (and perhaps joined with another),
 * or the next chunk is damaged: then the next sound header is searched for at
 * 8-byte steps, first inside the chunk, then behind it.
 */
#include "format/chunk_walk.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/input_file.h"
#include "format/damage.h"

enum { SEARCH_WORDS = 2048 };

bool
section_magic_is_at(const struct input_file *file, uint64_t offset,
                    bool *is_there, struct error *err)
{
    char magic[VZT_SECTION_MAGIC_SIZE];
    size_t size;

    if (!input_file_read_some(file, offset, magic, sizeof magic, &size, err)) {
        return false;
    }
    *is_there = size == sizeof magic
                && memcmp(magic, VZT_SECTION_MAGIC, sizeof magic) == 0;
    return true;
}

/* The header at offset, when it is sound and before the limit. */
static bool
probe(const struct chunk_walk *walk, uint64_t offset,
      struct vzt_chunk_header *header, bool *is_sound, struct error *err)
{
    if (offset > walk->limit || walk->limit - offset < sizeof *header) {
        *is_sound = false;
        return true;
    }
    if (!chunk_load_header(walk->file, offset, header, err)) {
        return false;
    }
    *is_sound = chunk_header_is_sound(header);
    return true;
}

/* Whether what is left behind offset is a header that is just being written. */
static bool
is_unfinished(const struct chunk_walk *walk, uint64_t offset)
{
    return walk->is_growing
           && walk->limit - offset < sizeof(struct vzt_chunk_header);
}

struct search {
    uint64_t found; /* offset of a sound header, or where the search ended */
    bool is_found;
    bool has_content; /* something other than zeros was passed over */
};

/* Look at 8-byte steps from start for a sound header before end. */
static bool
search_chunk(const struct chunk_walk *walk, uint64_t start, uint64_t end,
             struct search *search, struct error *err)
{
    uint64_t words[SEARCH_WORDS];
    struct vzt_chunk_header header;

    *search = (struct search){.found = end};
    while (start < end) {
        size_t size =
            end - start < sizeof words ? (size_t)(end - start) : sizeof words;

        memset(words, 0, sizeof words);
        if (!input_file_read_some(walk->file, start, words, size, &size, err)) {
            return false;
        }
        if (size == 0) {
            return true;
        }
        for (size_t i = 0; i < (size + 7) / 8; i++) {
            uint64_t offset = start + i * 8;

            if (words[i] == VZT_CHUNK_MAGIC) {
                if (!probe(walk, offset, &header, &search->is_found, err)) {
                    return false;
                }
                if (search->is_found) {
                    search->found = offset;
                    return true;
                }
            }
            search->has_content |= words[i] != 0;
        }
        start += size;
    }
    return true;
}

/* Count the words of a staging chunk and take the header they belong to. */
static bool
snapshot(struct chunk_walk *walk, uint64_t offset, uint64_t available,
         struct vzt_chunk_header *header, struct error *err)
{
    const uint64_t *words;
    size_t count;

    if (!chunk_load(&walk->copy, walk->file, offset, available, err)) {
        return false;
    }
    *header = walk->copy.header;
    header->word_count = 0;
    if (header->magic != 0 && chunk_copy_words(&walk->copy, &words, &count)) {
        header->word_count = valid_word_count(words, count);
    }
    return true;
}

static bool
add_row(struct chunk_walk *walk, uint64_t offset,
        const struct vzt_chunk_header *header, bool is_cut, struct error *err)
{
    struct scanned_section *section = walk->section;
    struct chunk_rows *rows = header->kind == VZT_CHUNK_EVENTS
                                  ? &section->blocks
                                  : &section->definitions;

    if (!array_reserve((void **)&rows->rows, &rows->capacity, rows->count + 1,
                       sizeof *rows->rows, err)) {
        return false;
    }
    rows->rows[rows->count++] = (struct trace_block){
        .offset = offset,
        .number = header->number,
        .first_tick = header->first_tick,
        .clock_tick = header->first_tick,
        .first_monotonic_ns = header->first_monotonic_ns,
        .calls_before = header->calls_before,
        .word_count = header->word_count,
        .stream = header->kind == VZT_CHUNK_EVENTS ? header->stream : 0,
        .open_count = header->open_count,
        .task = header->task,
        .is_staging = header->flags & VZT_CHUNK_STAGING,
        .is_cut = is_cut,
    };
    return true;
}

/* Add a chunk of which available bytes are there. */
static bool
add_chunk(struct chunk_walk *walk, uint64_t offset,
          const struct vzt_chunk_header *found, uint64_t available,
          struct error *err)
{
    struct vzt_chunk_header header = *found;
    uint64_t words_offset = chunk_words_offset(&header);
    bool is_cut = false;

    if (header.kind != VZT_CHUNK_EVENTS
        && header.kind != VZT_CHUNK_DEFINITIONS) {
        return true;
    }
    if (available < words_offset) {
        return true; /* not even the open calls are whole */
    }
    if (header.flags & VZT_CHUNK_STAGING) {
        if (!snapshot(walk, offset, available, &header, err)) {
            return false;
        }
        if (header.word_count == 0) {
            return true; /* nothing was put there since it was reset */
        }
    } else if (header.word_count > (available - words_offset) / 8) {
        header.word_count = (available - words_offset) / 8;
        is_cut = true;
    }
    return add_row(walk, offset, &header, is_cut, err);
}

/* Where the bytes end that a chunk certainly has. */
static uint64_t
content_end(const struct chunk_walk *walk, uint64_t offset,
            const struct vzt_chunk_header *header)
{
    uint64_t left = walk->limit - offset;
    uint64_t size = header->size;

    if (!(header->flags & VZT_CHUNK_STAGING)
        && (header->kind == VZT_CHUNK_EVENTS
            || header->kind == VZT_CHUNK_DEFINITIONS)) {
        size = chunk_words_offset(header) + header->word_count * 8;
    }
    return offset + (size <= left ? size : sizeof *header);
}

/*
 * What the chunk at offset leads to is not sound. Find where it really ends,
 * and the next chunk.
 */
static bool
find_next(struct chunk_walk *walk, uint64_t offset,
          const struct vzt_chunk_header *header, uint64_t *end, uint64_t *next,
          struct error *err)
{
    uint64_t left = walk->limit - offset;
    uint64_t claimed = offset + (header->size < left ? header->size : left);
    struct search search;

    if (!search_chunk(walk, content_end(walk, offset, header), claimed, &search,
                      err)) {
        return false;
    }
    *end = search.found;
    *next = search.found;
    if (search.is_found) {
        damage_add(walk->damage, offset,
                   "the size of the chunk at byte %" PRIu64 " is wrong",
                   offset);
        return true;
    }
    if (header->size > left && !walk->is_growing) {
        damage_add(walk->damage, offset,
                   "the chunk at byte %" PRIu64 " is cut at byte %" PRIu64,
                   offset, walk->limit);
    }
    if (!search_chunk(walk, claimed, walk->limit, &search, err)) {
        return false;
    }
    if (search.has_content && !is_unfinished(walk, claimed)) {
        damage_add_skipped(walk->damage, claimed, search.found - claimed);
    }
    *next = search.found;
    return true;
}

/* Step over a chunk that begins at *offset: add it, and go to the next. */
static bool
step(struct chunk_walk *walk, uint64_t *offset,
     const struct vzt_chunk_header *header, struct vzt_chunk_header *next,
     bool *is_sound, struct error *err)
{
    uint64_t end = *offset + header->size;
    uint64_t next_offset = end;
    bool is_magic = false;

    *is_sound = false;
    if (header->size <= walk->limit - *offset) {
        if (!probe(walk, end, next, is_sound, err)) {
            return false;
        }
        if (!*is_sound && walk->ends_at_magic) {
            if (!section_magic_is_at(walk->file, end, &is_magic, err)) {
                return false;
            }
            walk->limit = is_magic ? end : walk->limit;
        }
    }
    if (!*is_sound && end != walk->limit) {
        if (!find_next(walk, *offset, header, &end, &next_offset, err)
            || !probe(walk, next_offset, next, is_sound, err)) {
            return false;
        }
    }
    if (!add_chunk(walk, *offset, header, end - *offset, err)) {
        return false;
    }
    walk->saw_boundary |= end == walk->boundary;
    walk->section->last_chunk = *offset;
    walk->section->next_chunk =
        header->size <= walk->limit - *offset ? end : *offset;
    *offset = next_offset;
    return true;
}

bool
chunk_walk(struct chunk_walk *walk, struct error *err)
{
    uint64_t offset = walk->section->next_chunk != 0
                          ? walk->section->next_chunk
                          : walk->section->offset + VZT_SECTION_HEADER_SIZE;
    struct vzt_chunk_header header;
    struct search search;
    bool is_sound;
    bool is_magic = false;

    if (!probe(walk, offset, &header, &is_sound, err)) {
        return false;
    }
    if (!is_sound && walk->ends_at_magic) {
        if (!section_magic_is_at(walk->file, offset, &is_magic, err)) {
            return false;
        }
        walk->limit = is_magic ? offset : walk->limit;
    }
    if (!is_sound) {
        if (!search_chunk(walk, offset, walk->limit, &search, err)
            || !probe(walk, search.found, &header, &is_sound, err)) {
            return false;
        }
        if (search.has_content && !is_unfinished(walk, offset)) {
            damage_add_skipped(walk->damage, offset, search.found - offset);
        }
        offset = search.found;
    }
    while (is_sound) {
        struct vzt_chunk_header next;

        if (!step(walk, &offset, &header, &next, &is_sound, err)) {
            return false;
        }
        header = next;
    }
    return true;
}

void
chunk_walk_release(struct chunk_walk *walk)
{
    free(walk->copy.data);
    walk->copy = (struct chunk_copy){0};
}
