// SPDX-License-Identifier: Apache-2.0
/*
 * The file at its limit: the oldest blocks give way to new ones.
 *
 * A cursor walks the chunks in file order, round and round. Blocks and free
 * chunks that lie side by side are taken until the new block fits; definitions
 * and staging are stepped over, and never touched. The order of the writes
 * keeps the chain of chunks whole at every instant:
 *   1. the run becomes one FREE chunk (its first header is replaced);
 *   2. what will be left over gets a FREE header, inside that chunk;
 *   3. the new block's words and most of its header are written;
 *   4. its magic, kind and size, which end the FREE chunk. Torn between kind
 *      and size, it is a block with slack behind it, which is as good.
 * The new block itself is still in its staging until all this is done.
 */
#include "tracer/record/trace_output.h"

#include <errno.h>
#include <stddef.h>

#include "base/os.h"
#include "format/event.h"

enum { COUNT_WORDS = 1024, HEADER_SIZE = sizeof(struct vzt_chunk_header) };

/* Chunks side by side that may be overwritten. */
struct run {
    uint64_t offset;
    uint64_t size;
};

static uint64_t
count_entries(const uint64_t *words, size_t count, uint64_t *skip)
{
    uint64_t entries = 0;

    for (size_t i = 0; i < count; i++) {
        uint32_t kind = event_kind(words[i]);

        if (*skip > 0) {
            (*skip)--;
        } else if (kind == EVENT_LONG) {
            *skip = record_size(words[i]);
        } else if (event_is_entry(kind)) {
            entries++;
        }
    }
    return entries;
}

/* The calls that a block of the file holds. */
static bool
count_calls(struct trace_output *output, uint64_t offset,
            const struct vzt_chunk_header *header, uint64_t *calls)
{
    uint64_t words[COUNT_WORDS];
    uint64_t left = header->word_count;
    uint64_t skip = 0;

    offset += HEADER_SIZE
              + (uint64_t)header->open_count * sizeof(struct vzt_open_call);
    while (left > 0) {
        size_t count = left < COUNT_WORDS ? (size_t)left : COUNT_WORDS;
        ssize_t got = os_read_at(output->fd, words, count * 8, offset);

        if (got != (ssize_t)(count * 8)) {
            return trace_output_fail(output, got < 0 ? errno : 0);
        }
        *calls += count_entries(words, count, &skip);
        left -= count;
        offset += count * 8;
    }
    return true;
}

static bool
read_header(struct trace_output *output, uint64_t offset,
            struct vzt_chunk_header *header)
{
    ssize_t got = os_read_at(output->fd, header, sizeof *header, offset);

    if (got != (ssize_t)sizeof *header) {
        return trace_output_fail(output, got < 0 ? errno : 0);
    }
    if (header->magic != VZT_CHUNK_MAGIC || header->size < sizeof *header
        || header->size > output->end - offset
        || header->word_count > header->size / 8) {
        return trace_output_fail(output, 0); /* somebody wrote into it */
    }
    return true;
}

static bool
may_overwrite(const struct vzt_chunk_header *header)
{
    return !(header->flags & VZT_CHUNK_STAGING)
           && (header->kind == VZT_CHUNK_EVENTS
               || header->kind == VZT_CHUNK_FREE);
}

static bool
write_at(struct trace_output *output, const void *data, size_t size,
         uint64_t offset)
{
    int error_number = os_write_at(output->fd, data, size, offset);

    return error_number == 0 || trace_output_fail(output, error_number);
}

/* Make a run one FREE chunk. */
static bool
free_run(struct trace_output *output, const struct run *run)
{
    struct vzt_chunk_header header = {
        .magic = VZT_CHUNK_MAGIC,
        .kind = VZT_CHUNK_FREE,
        .size = run->size,
    };

    return write_at(output, &header, sizeof header, run->offset);
}

/*
 * Find at least size bytes from the cursor on, giving up what lies on the way.
 * A run that is too short, before something that must stay, is given up too:
 * what remains is the latest without islands. *run is empty when a whole lap
 * finds no place.
 */
static bool
find_room(struct trace_output *output, uint64_t size, struct run *run)
{
    uint64_t at = output->ring_cursor;
    uint64_t walked = 0;
    uint64_t dropped_calls = 0;

    *run = (struct run){.offset = at};
    while (run->size < size && walked <= output->end) {
        struct vzt_chunk_header header = {0};
        bool is_end = at == output->end;

        if (!is_end && !read_header(output, at, &header)) {
            return false;
        }
        if (!is_end && may_overwrite(&header)) {
            if (header.kind == VZT_CHUNK_EVENTS
                && !count_calls(output, at, &header, &dropped_calls)) {
                return false;
            }
            run->size += header.size;
        } else {
            if (run->size > 0 && !free_run(output, run)) {
                return false;
            }
            *run = (struct run){.offset = at + header.size};
        }
        at += header.size;
        walked += header.size;
        if (is_end) {
            at = VZT_SECTION_HEADER_SIZE;
            *run = (struct run){.offset = at};
        }
    }
    trace_output_status(output)->dropped_calls += dropped_calls;
    if (run->size >= size) {
        return true;
    }
    output->ring_cursor = run->offset;
    if (run->size > 0 && !free_run(output, run)) {
        return false;
    }
    run->size = 0;
    return true;
}

/* Steps 2 to 4 above. */
static bool
write_into_run(struct trace_output *output, const struct run *run,
               struct vzt_chunk_header *header, const void *body,
               size_t body_size)
{
    struct run rest = {.offset = run->offset + header->size,
                       .size = run->size - header->size};
    size_t opening = offsetof(struct vzt_chunk_header, word_count);

    if (rest.size < HEADER_SIZE) {
        header->size += rest.size; /* slack */
        rest.offset += rest.size;
    } else if (!free_run(output, &rest)) {
        return false;
    }
    output->ring_cursor = rest.offset;
    return write_at(output, body, body_size, run->offset + HEADER_SIZE)
           && write_at(output, (const char *)header + opening,
                       HEADER_SIZE - opening, run->offset + opening)
           && write_at(output, header, opening, run->offset);
}

bool
trace_ring_write(struct trace_output *output, struct vzt_chunk_header *header,
                 const void *body, size_t body_size)
{
    struct vzt_status *status = trace_output_status(output);
    struct run run;

    if (output->ring_cursor == 0) {
        output->ring_cursor = VZT_SECTION_HEADER_SIZE;
        status->flags |= VZT_STATUS_RING;
    }
    if (!find_room(output, header->size, &run)) {
        return false;
    }
    if (run.size == 0) {
        const uint64_t *words =
            (const uint64_t *)((const char *)body
                               + header->open_count
                                     * sizeof(struct vzt_open_call));
        uint64_t skip = 0;

        status->dropped_calls +=
            count_entries(words, (size_t)header->word_count, &skip);
        return true;
    }
    return free_run(output, &run)
           && write_into_run(output, &run, header, body, body_size);
}
