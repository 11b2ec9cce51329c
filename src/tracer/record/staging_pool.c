// SPDX-License-Identifier: Apache-2.0
/* Slabs, the free chunks in them, and their end. */
#include "tracer/record/staging_pool.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

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

/* Free room: zeros, but for the header of its chunk. */
struct staging_extent {
    struct staging_extent *next;
    struct staging_slab *slab;
    size_t offset; /* in the slab */
    size_t size;
};

static struct vzt_chunk_header *
extent_header(const struct staging_extent *extent)
{
    return (struct vzt_chunk_header *)(extent->slab->memory + extent->offset);
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
    chunk_make_free((struct vzt_chunk_header *)slab->memory, slab->size);
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

bool
staging_pool_has(const struct staging_pool *pool, size_t size)
{
    const struct staging_extent *extent = pool->free;

    while (extent != NULL && extent->size < size) {
        extent = extent->next;
    }
    return extent != NULL;
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
    chunk_make_free(extent_header(rest), rest->size);
    chunk_set_size(extent_header(extent), size);
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
    assert(extent != NULL); /* a new slab is one free extent */
    if (!split_extent(pool, extent, size)) {
        return trace_output_fail(output, ENOMEM);
    }
    *link = extent->next;
    *staging = (struct staging){
        .header = extent_header(extent),
        .size = size,
        .is_private = extent->slab->is_private,
    };
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
    chunk_set_size(extent_header(extent), extent->size);
    memset(extent_header(next), 0, sizeof(struct vzt_chunk_header));
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
staging_pool_give_back(struct staging_pool *pool, struct staging *staging,
                       size_t used_size)
{
    struct staging_extent *extent;
    struct staging_extent *before;
    struct staging_extent **link;

    if (staging->header == NULL) {
        return;
    }
    chunk_set_kind(staging->header, VZT_CHUNK_FREE, VZT_CHUNK_STAGING);
    memset(staging->header + 1, 0, used_size - sizeof *staging->header);
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
        if (staging_settle(header)) {
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
