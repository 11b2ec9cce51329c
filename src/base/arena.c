// SPDX-License-Identifier: Apache-2.0
/* Chunks from 1 to 64 KiB, so that thousands of small arenas cost little; a
 * larger request gets a chunk of its own. */
#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
    ARENA_CHUNK_SIZE_MIN = 1024,
    ARENA_CHUNK_SIZE = 64 * 1024,
    ARENA_ALIGNMENT = 16,
};

struct arena_chunk {
    struct arena_chunk *next;
    size_t used;
    size_t capacity;
    _Alignas(ARENA_ALIGNMENT) char data[];
};

/* Bytes of the next chunk, which doubles what there is. */
static size_t
choose_capacity(const struct arena *arena, size_t size)
{
    size_t capacity = arena->size_bytes;

    if (capacity < ARENA_CHUNK_SIZE_MIN) {
        capacity = ARENA_CHUNK_SIZE_MIN;
    }
    if (capacity > ARENA_CHUNK_SIZE) {
        capacity = ARENA_CHUNK_SIZE;
    }
    return size > capacity ? size : capacity;
}

static struct arena_chunk *
add_chunk(struct arena *arena, size_t size)
{
    size_t capacity = choose_capacity(arena, size);
    struct arena_chunk *chunk = calloc(1, sizeof *chunk + capacity);

    if (chunk == NULL) {
        return NULL;
    }
    chunk->capacity = capacity;
    arena->size_bytes += sizeof *chunk + capacity;
    if (arena->chunks != NULL && size > ARENA_CHUNK_SIZE) {
        chunk->next = arena->chunks->next; /* keep filling the current one */
        arena->chunks->next = chunk;
    } else {
        chunk->next = arena->chunks;
        arena->chunks = chunk;
    }
    return chunk;
}

void *
arena_allocate(struct arena *arena, size_t size)
{
    struct arena_chunk *chunk = arena->chunks;
    void *data;

    if (size > SIZE_MAX / 2) {
        return NULL;
    }
    size = (size + ARENA_ALIGNMENT - 1) & ~(size_t)(ARENA_ALIGNMENT - 1);
    if (chunk == NULL || size > chunk->capacity - chunk->used) {
        chunk = add_chunk(arena, size);
        if (chunk == NULL) {
            return NULL;
        }
    }
    data = chunk->data + chunk->used;
    chunk->used += size;
    return data;
}

char *
arena_copy(struct arena *arena, const void *data, size_t size)
{
    char *copy;

    if (size > SIZE_MAX / 2) {
        return NULL;
    }
    copy = arena_allocate(arena, size + 1);
    if (copy != NULL && size > 0) {
        memcpy(copy, data, size);
    }
    return copy;
}

void
arena_release(struct arena *arena)
{
    struct arena_chunk *chunk = arena->chunks;

    while (chunk != NULL) {
        struct arena_chunk *next = chunk->next;

        free(chunk);
        chunk = next;
    }
    *arena = (struct arena){0};
}
