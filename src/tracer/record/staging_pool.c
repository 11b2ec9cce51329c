// SPDX-License-Identifier: Apache-2.0
/*
 * Slabs, the free chunks in them, and the order of stores that keeps every
 * instant valid. A kill stops a thread between two of its instructions, so
 * compiler barriers are enough for that; the stores that a live reader may
 * follow are release stores.
 */
#include "tracer/record/staging_pool.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "format/event.h"
#include "tracer/record/trace_output.h"

enum {
    FIRST_SLAB_SIZE = 2 * VZT_STAGING_SIZE_MIN, /* definitions, one thread */
    SLAB_SIZE_MAX = 1 << 18,
};

struct staging_slab {
    struct staging_slab *next;
    char *memory;
    size_t size;
    uint64_t offset;  /* in the file */
    uint64_t padding; /* bytes of a FREE chunk before it in the file */
    bool is_private;
};

struct staging_extent {
    struct staging_extent *next;
    struct staging_slab *slab;
    size_t offset; /* in the slab */
    size_t size;
    bool is_zero; /* behind the header, never written */
};

static struct vzt_chunk_header *
extent_header(const struct staging_extent *extent)
{
    return (struct vzt_chunk_header *)(extent->slab->memory + extent->offset);
}

/* One store, since the size leads the reader from chunk to chunk. */
static void
set_size(struct vzt_chunk_header *header, size_t size)
{
    __atomic_store_n(&header->size, size, __ATOMIC_RELEASE);
}

/* The kind and the flags, in one store. */
static void
set_kind(struct vzt_chunk_header *header, enum vzt_chunk_kind kind,
         uint32_t flags)
{
    uint64_t both = (uint64_t)kind | (uint64_t)flags << 32;

    __atomic_store((uint64_t *)(void *)&header->kind, &both, __ATOMIC_RELEASE);
}

_Static_assert(offsetof(struct vzt_chunk_header, kind) % 8 == 0
                   && offsetof(struct vzt_chunk_header, flags)
                          == offsetof(struct vzt_chunk_header, kind) + 4,
               "kind and flags are one aligned word");

static void
make_free_header(struct vzt_chunk_header *header, size_t size)
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

static struct staging_extent *
new_extent(struct staging_pool *pool)
{
    struct staging_extent *extent = pool->spare;

    if (extent != NULL) {
        pool->spare = extent->next;
        return extent;
    }
    extent = malloc(sizeof *extent);
    pool->memory_bytes += extent == NULL ? 0 : sizeof *extent;
    return extent;
}

static void
drop_extent(struct staging_pool *pool, struct staging_extent *extent)
{
    extent->next = pool->spare;
    pool->spare = extent;
}

/* Memory for a slab: from the file, else private. */
static bool
map_slab(struct staging_slab *slab, struct trace_output *output)
{
    uint64_t end = output->end;

    slab->memory = trace_output_map_room(output, slab->size, &slab->offset);
    if (slab->memory != NULL) {
        slab->padding = slab->offset - end;
        return true;
    }
    if (output->failure != VZT_STOP_NONE) {
        return false;
    }
    slab->memory = mmap(NULL, slab->size, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (slab->memory == MAP_FAILED) {
        return trace_output_fail(output, ENOMEM);
    }
    slab->is_private = true;
    make_free_header((struct vzt_chunk_header *)slab->memory, slab->size);
    output->may_map = false;
    trace_output_status(output)->flags |= VZT_STATUS_PRIVATE_STAGING;
    return true;
}

static bool
add_slab(struct staging_pool *pool, struct trace_output *output, size_t size)
{
    struct staging_slab *slab = malloc(sizeof *slab);
    struct staging_extent *extent = new_extent(pool);

    if (slab == NULL || extent == NULL) {
        free(slab);
        if (extent != NULL) {
            drop_extent(pool, extent);
        }
        return trace_output_fail(output, ENOMEM);
    }
    if (pool->next_slab_size == 0) {
        pool->next_slab_size = FIRST_SLAB_SIZE;
    }
    *slab = (struct staging_slab){
        .next = pool->slabs,
        .size = size > pool->next_slab_size ? size : pool->next_slab_size,
    };
    if (!map_slab(slab, output)) {
        free(slab);
        drop_extent(pool, extent);
        return false;
    }
    if (pool->next_slab_size < SLAB_SIZE_MAX) {
        pool->next_slab_size *= 2;
    }
    pool->slabs = slab;
    pool->memory_bytes += sizeof *slab + slab->size;
    *extent = (struct staging_extent){
        .next = pool->free,
        .slab = slab,
        .size = slab->size,
        .is_zero = true,
    };
    pool->free = extent;
    return true;
}

/* The link that leads to the smallest free extent of at least size bytes. */
static struct staging_extent **
find_extent(struct staging_pool *pool, size_t size)
{
    struct staging_extent **best = NULL;

    for (struct staging_extent **link = &pool->free; *link != NULL;
         link = &(*link)->next) {
        if ((*link)->size >= size
            && (best == NULL || (*link)->size < (*best)->size)) {
            best = link;
        }
    }
    return best;
}

/* Cut an extent to size bytes; the rest stays free. Its header is made before
 * the size of the first part makes it a chunk. */
static bool
split_extent(struct staging_pool *pool, struct staging_extent *extent,
             size_t size)
{
    struct staging_extent *rest;

    if (extent->size == size) {
        return true;
    }
    rest = new_extent(pool);
    if (rest == NULL) {
        return false;
    }
    *rest = *extent;
    rest->offset += size;
    rest->size -= size;
    make_free_header(extent_header(rest), rest->size);
    set_size(extent_header(extent), size);
    extent->size = size;
    extent->next = rest;
    return true;
}

bool
staging_pool_take(struct staging_pool *pool, struct trace_output *output,
                  size_t size, struct staging *staging)
{
    struct staging_extent **link = find_extent(pool, size);
    struct staging_extent *extent;

    if (link == NULL) {
        if (!add_slab(pool, output, size)) {
            return false;
        }
        link = &pool->free;
    }
    extent = *link;
    if (!split_extent(pool, extent, size)) {
        return trace_output_fail(output, ENOMEM);
    }
    *link = extent->next;
    *staging = (struct staging){
        .header = extent_header(extent),
        .size = size,
        .is_private = extent->slab->is_private,
    };
    if (!extent->is_zero) {
        memset(staging->header + 1, 0, size - sizeof *staging->header);
    }
    drop_extent(pool, extent);
    return true;
}

static struct staging_slab *
find_slab(const struct staging_pool *pool, const void *memory)
{
    struct staging_slab *slab = pool->slabs;

    while ((const char *)memory < slab->memory
           || (const char *)memory >= slab->memory + slab->size) {
        slab = slab->next;
    }
    return slab;
}

/* Make one extent of two that lie side by side. */
static void
join_next(struct staging_pool *pool, struct staging_extent *extent)
{
    struct staging_extent *next = extent->next;

    if (next == NULL || next->slab != extent->slab
        || next->offset != extent->offset + extent->size) {
        return;
    }
    extent->size += next->size;
    extent->is_zero = false;
    set_size(extent_header(extent), extent->size);
    extent->next = next->next;
    drop_extent(pool, next);
}

/* The link behind which an extent belongs: extents of a slab stand together,
 * by offset. */
static struct staging_extent *
extent_before(const struct staging_pool *pool, const struct staging_slab *slab,
              size_t offset)
{
    struct staging_extent *before = NULL;

    for (struct staging_extent *at = pool->free; at != NULL; at = at->next) {
        if (at->slab == slab && at->offset < offset) {
            before = at;
        } else if (at->slab == slab) {
            break;
        }
    }
    return before;
}

/* Where the extents of a slab begin, when none of it lies before offset. */
static struct staging_extent **
first_link(struct staging_pool *pool, const struct staging_slab *slab)
{
    struct staging_extent **link = &pool->free;

    while (*link != NULL && (*link)->slab != slab) {
        link = &(*link)->next;
    }
    return link;
}

void
staging_pool_give_back(struct staging_pool *pool, struct staging *staging)
{
    struct staging_extent *extent;
    struct staging_extent *before;
    struct staging_extent **link;

    if (staging->header == NULL) {
        return;
    }
    set_kind(staging->header, VZT_CHUNK_FREE, VZT_CHUNK_STAGING);
    extent = new_extent(pool);
    if (extent != NULL) { /* else the room stays unused */
        *extent = (struct staging_extent){
            .slab = find_slab(pool, staging->header),
            .size = staging->size,
        };
        extent->offset =
            (size_t)((char *)staging->header - extent->slab->memory);
        before = extent_before(pool, extent->slab, extent->offset);
        link = before != NULL ? &before->next : first_link(pool, extent->slab);
        extent->next = *link;
        *link = extent;
        join_next(pool, extent);
        if (before != NULL) {
            join_next(pool, before);
        }
    }
    *staging = (struct staging){0};
}

/*
 * From one block to the next in the same memory. A reader counts words from
 * behind the open calls up to the first zero word, so the order is:
 *   1. the sequence number becomes odd: a live reader tries again;
 *   2. the first word becomes zero: the old block has no words here any more
 *      (all of them are in the file by now), whatever else is still there;
 *   3. the other words and the open calls become zero;
 *   4. the open calls, then the header are written: a block without words
 *      (what was a FREE chunk becomes one at the end of this);
 *   5. the sequence number becomes even.
 */
void
staging_begin(struct staging *staging, const struct vzt_chunk_header *header,
              const struct vzt_open_call *open_calls, size_t used_size)
{
    struct vzt_chunk_header *place = staging->header;
    uint32_t sequence = place->sequence | 1;
    size_t old_offset = staging_words_offset(place->open_count);
    struct vzt_chunk_header next = *header;

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
    if (header->open_count > 0) {
        memcpy(place + 1, open_calls, header->open_count * sizeof *open_calls);
    }
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    next.magic = VZT_CHUNK_MAGIC;
    next.kind = place->kind;
    next.flags = place->flags;
    next.size = staging->size;
    next.sequence = sequence;
    *place = next;
    set_kind(place, header->kind, VZT_CHUNK_STAGING);
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

/* Turn a staging chunk into a plain one; what it does not use becomes free.
 * Returns whether anything is in it. */
static bool
settle_chunk(struct vzt_chunk_header *header)
{
    size_t size = (size_t)header->size;
    size_t word_count = 0;
    size_t used;

    if (header->kind != VZT_CHUNK_FREE) {
        word_count = staging_count_words(header, size);
    }
    if (word_count == 0) {
        set_kind(header, VZT_CHUNK_FREE, 0);
        return false;
    }
    used = staging_words_offset(header->open_count) + 8 * word_count;
    if (size - used >= sizeof *header) {
        struct vzt_chunk_header *rest = (void *)((char *)header + used);

        make_free_header(rest, size - used);
        rest->flags = 0;
        header->word_count = word_count;
        set_size(header, used);
    } else {
        header->word_count = word_count;
    }
    set_kind(header, header->kind, 0);
    return true;
}

/* Settle all chunks of a slab, seen through view. Returns how many of its
 * bytes are in use, up to the last chunk that is not free. */
static size_t
settle_slab(char *view, size_t size)
{
    size_t used = 0;
    size_t next;

    for (size_t at = 0; at < size; at = next) {
        struct vzt_chunk_header *header = (void *)(view + at);

        next = at + (size_t)header->size;
        if (next <= at || next > size) {
            return size; /* somebody wrote into it: leave the rest alone */
        }
        if (settle_chunk(header)) {
            used = at + (size_t)header->size;
        }
    }
    return used;
}

/* Put private memory in the slab's place, and settle what is in the file.
 * False when the system refuses: then it stays staging, which is valid too. */
static bool
detach_slab(const struct staging_slab *slab, int fd, size_t *used)
{
    char *view = mmap(NULL, slab->size, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
                      (off_t)slab->offset);
    bool ok;

    if (view == MAP_FAILED) {
        return false;
    }
    ok = mmap(slab->memory, slab->size, PROT_READ | PROT_WRITE,
              MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0)
         != MAP_FAILED;
    if (ok) {
        *used = settle_slab(view, slab->size);
    }
    (void)munmap(view, slab->size);
    return ok;
}

void
staging_pool_finish(struct staging_pool *pool, struct trace_output *output)
{
    uint64_t end = output->end;

    if (output->fd < 0 || !trace_output_verify(output)) {
        return;
    }
    for (struct staging_slab *slab = pool->slabs; slab != NULL;
         slab = slab->next) {
        size_t used = 0;

        if (slab->is_private || !detach_slab(slab, output->fd, &used)
            || slab->offset + slab->size != end) {
            continue;
        }
        end = slab->offset + used;
        if (used == 0 && output->ring_cursor == 0) {
            end -= slab->padding;
        }
    }
    if (end < output->end) {
        trace_output_trim(output, end);
    }
}

void
staging_pool_abandon(struct staging_pool *pool)
{
    struct staging_slab *slab = pool->slabs;

    while (slab != NULL) {
        struct staging_slab *next = slab->next;

        (void)munmap(slab->memory, slab->size);
        free(slab);
        slab = next;
    }
    while (pool->free != NULL) {
        struct staging_extent *extent = pool->free;

        pool->free = extent->next;
        drop_extent(pool, extent);
    }
    pool->slabs = NULL;
    pool->next_slab_size = 0;
    pool->memory_bytes = 0; /* the spare nodes are little */
}
