// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "support/failing_malloc.h"

Test(arena, gives_zeroed_aligned_memory_that_does_not_overlap)
{
    struct arena arena = {0};
    enum { COUNT = 2000 };
    unsigned char *parts[COUNT];

    for (size_t i = 0; i < COUNT; i++) {
        size_t size = i * 37 % 1000 + (i % 500 == 0 ? 200000 : 1);

        parts[i] = arena_allocate(&arena, size);
        cr_assert(parts[i] != NULL);
        cr_assert(eq(sz, (uintptr_t)parts[i] % 16, 0));
        for (size_t k = 0; k < size; k++) {
            cr_assert(parts[i][k] == 0, "part %zu", i);
        }
        memset(parts[i], (int)(i & 255), size);
    }
    for (size_t i = 0; i < COUNT; i++) {
        size_t size = i * 37 % 1000 + (i % 500 == 0 ? 200000 : 1);

        cr_assert(parts[i][0] == (i & 255));
        cr_assert(parts[i][size - 1] == (i & 255));
    }
    arena_release(&arena);
    cr_assert(eq(sz, arena.size_bytes, 0));
}

Test(arena, ends_its_copies_with_a_nul)
{
    struct arena arena = {0};

    cr_assert(eq(str, arena_copy(&arena, "abcdef", 3), "abc"));
    cr_assert(eq(str, arena_copy(&arena, NULL, 0), ""));
    cr_assert(arena_copy(&arena, "", SIZE_MAX) == NULL);
    cr_assert(arena_allocate(&arena, SIZE_MAX - 8) == NULL);
    arena_release(&arena);
}

Test(arena, takes_little_more_than_it_gives)
{
    for (size_t total = 16; total < 4000000; total *= 3) {
        struct arena arena = {0};

        for (size_t i = 0; i < total; i += 16) {
            cr_assert(arena_allocate(&arena, 16) != NULL);
        }
        cr_assert(ge(sz, arena.size_bytes, total));
        cr_assert(le(sz, arena.size_bytes, 1200 + total * 5 / 2));
        arena_release(&arena);
    }
}

Test(arena, stays_usable_after_a_failed_allocation)
{
    struct arena arena = {0};

    if (failing_malloc_arm(0)) {
        cr_assert(arena_allocate(&arena, 10) == NULL);
        cr_assert(failing_malloc_disarm());
    }
    cr_assert(arena_allocate(&arena, 10) != NULL);
    arena_release(&arena);
}
