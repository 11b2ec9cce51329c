// SPDX-License-Identifier: Apache-2.0
/*
 * base/arena.h - memory for things that die together.
 *
 * {0} is an empty arena. What it hands out is aligned for any type and lives
 * until arena_release.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

struct arena_chunk;

struct arena {
    struct arena_chunk *chunks; /* newest first */
    size_t size_bytes;          /* all that the arena has allocated */
};

/* Zeroed memory, or NULL when there is none. */
void *arena_allocate(struct arena *arena, size_t size);

/* A NUL-terminated copy of size bytes, or NULL when there is no memory. */
char *arena_copy(struct arena *arena, const void *data, size_t size);

void arena_release(struct arena *arena);

#endif
