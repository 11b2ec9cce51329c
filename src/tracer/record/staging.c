// SPDX-License-Identifier: Apache-2.0
/*
 * The order of stores that keeps every instant valid. A kill stops a thread
 * between two of its instructions, so compiler barriers are enough for that;
 * the stores that a live reader may follow are release stores.
 */
#include "tracer/record/staging.h"

#include <string.h>

#include "format/event.h"

void
chunk_set_size(struct vzt_chunk_header *header, size_t size)
{
    __atomic_store_n(&header->size, size, __ATOMIC_RELEASE);
}

void
chunk_set_kind(struct vzt_chunk_header *header, enum vzt_chunk_kind kind,
               uint32_t flags)
{
    uint64_t both = (uint64_t)kind | (uint64_t)flags << 32;

    __atomic_store((uint64_t *)(void *)&header->kind, &both, __ATOMIC_RELEASE);
}

_Static_assert(offsetof(struct vzt_chunk_header, kind) % 8 == 0
                   && offsetof(struct vzt_chunk_header, flags)
                          == offsetof(struct vzt_chunk_header, kind) + 4,
               "kind and flags are one aligned word");

void
chunk_make_free(struct vzt_chunk_header *header, size_t size)
{
    *header = (struct vzt_chunk_header){
        .magic = VZT_CHUNK_MAGIC,
        .kind = VZT_CHUNK_FREE,
        .flags = VZT_CHUNK_STAGING,
        .size = size,
    };
}

size_t
staging_size(size_t previous_size, size_t open_count, size_t word_count)
{
    size_t header_size = staging_words_offset(open_count);
    size_t size = VZT_STAGING_SIZE_MIN;

    if (previous_size > 0) {
        size = previous_size * 2 < VZT_STAGING_SIZE_MAX ? previous_size * 2
                                                        : VZT_STAGING_SIZE_MAX;
    }
    while (size < 8 * header_size || size < header_size + 8 * word_count) {
        size *= 2;
    }
    return size;
}

/*
 * From one block to the next in the same memory. A reader counts words from
 * behind the open calls up to the first zero word, so the order is:
 *   1. the sequence number becomes odd: a live reader tries again;
 *   2. the first word becomes zero: the old block has no words here any more
 *      (all of them are in the file by now), whatever else is still there;
 *   3. the other words and the open calls become zero;
 *   4. the open calls, the first words, then the header are written (what was
 *      a FREE chunk becomes a block at the end of this);
 *   5. the sequence number becomes even.
 */
void
staging_begin(struct staging *staging, const struct staging_content *content,
              size_t used_size)
{
    struct vzt_chunk_header *place = staging->header;
    uint32_t sequence = place->sequence | 1;
    size_t old_offset = staging_words_offset(place->open_count);
    struct vzt_chunk_header next = *content->header;

    /* Nothing below may be seen before this. */
    (void)__atomic_exchange_n(&place->sequence, sequence, __ATOMIC_ACQ_REL);
    if (old_offset < staging->size) {
        uint64_t *first = (uint64_t *)((char *)place + old_offset);

        __atomic_store_n(first, 0, __ATOMIC_RELEASE);
    }
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    if (used_size > sizeof *place) {
        memset(place + 1, 0, used_size - sizeof *place);
    }
    if (next.open_count > 0) {
        memcpy(place + 1, content->open_calls,
               next.open_count * sizeof *content->open_calls);
    }
    if (content->word_count > 0) {
        memcpy((char *)place + staging_words_offset(next.open_count),
               content->words, content->word_count * sizeof *content->words);
    }
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    next.magic = VZT_CHUNK_MAGIC;
    next.kind = place->kind;
    next.flags = place->flags;
    next.size = staging->size;
    next.sequence = sequence;
    *place = next;
    chunk_set_kind(place, content->header->kind, VZT_CHUNK_STAGING);
    __atomic_store_n(&place->sequence, sequence + 1, __ATOMIC_RELEASE);
}

size_t
staging_count_words(const struct vzt_chunk_header *header, size_t size)
{
    const uint64_t *words =
        (const uint64_t *)((const char *)header
                           + staging_words_offset(header->open_count));
    size_t capacity = (size - staging_words_offset(header->open_count)) / 8;
    size_t count = 0;

    while (count < capacity) {
        uint64_t head = __atomic_load_n(&words[count], __ATOMIC_ACQUIRE);
        size_t size_in_words =
            event_kind(head) == EVENT_LONG ? 1 + record_size(head) : 1;

        if (head == 0 || size_in_words > capacity - count) {
            break;
        }
        count += size_in_words;
    }
    return count;
}

bool
staging_settle(struct vzt_chunk_header *header)
{
    size_t size = (size_t)header->size;
    size_t word_count = 0;
    size_t used;

    if (header->kind != VZT_CHUNK_FREE) {
        word_count = staging_count_words(header, size);
    }
    if (word_count == 0) {
        chunk_set_kind(header, VZT_CHUNK_FREE, 0);
        return false;
    }
    used = staging_words_offset(header->open_count) + 8 * word_count;
    if (size - used >= sizeof *header) {
        struct vzt_chunk_header *rest = (void *)((char *)header + used);

        chunk_make_free(rest, size - used);
        rest->flags = 0;
        header->word_count = word_count;
        chunk_set_size(header, used);
    } else {
        header->word_count = word_count;
    }
    chunk_set_kind(header, header->kind, 0);
    return true;
}
