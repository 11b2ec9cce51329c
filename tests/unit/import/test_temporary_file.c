// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "import/temporary_file.h"
#include "support/random.h"

enum { BLOCK_SIZE = 256 * 1024, TOTAL_SIZE = 3 * BLOCK_SIZE };

static void
append_some(struct temporary_file *file, struct buffer *all,
            struct random *random)
{
    static const size_t sizes[] = {0, 1, 8, 100, 70000, BLOCK_SIZE};
    size_t size = random_below(random, sizes[random_below(random, 6)] + 1);
    size_t begin = all->size;
    struct error err = {0};

    for (size_t i = 0; i < size; i++) {
        buffer_append_char(all, (char)(random->state + i * 7));
    }
    random->state++;
    cr_assert(temporary_file_append(file, all->data + begin, size, &err), "%s",
              err.message);
    cr_assert(eq(u64, temporary_file_size(file), all->size));
}

static void
expect_stretch(struct temporary_file *file, const struct buffer *all,
               struct random *random)
{
    size_t offset = random_below(random, all->size + 1);
    size_t limit = random_permille(random, 100) ? all->size : 200;
    size_t size = random_below(random, all->size - offset + 1);
    const void *lent;
    char *seen;
    struct error err = {0};

    size = size < limit ? size : limit;
    seen = malloc(size + 1);
    cr_assert(temporary_file_read(file, offset, seen, size, &err), "%s",
              err.message);
    cr_assert(eq(int, memcmp(seen, all->data + offset, size), 0),
              "%zu bytes at %zu", size, offset);
    lent = temporary_file_lend(file, offset, size);
    cr_assert(lent == NULL || memcmp(lent, seen, size) == 0);
    free(seen);
}

/* What is in memory and what is on disk is one text. */
Test(temporary_file, gives_back_what_was_appended)
{
    static const size_t memory_sizes[] = {0, 1, BLOCK_SIZE, 2 * BLOCK_SIZE,
                                          16 * BLOCK_SIZE};

    for (size_t i = 0; i < sizeof memory_sizes / sizeof *memory_sizes; i++) {
        struct random random = {.state = i};
        struct temporary_file *file = NULL;
        struct buffer all = {0};
        struct error err = {0};

        buffer_append_text(&all, "");
        cr_assert(temporary_file_open(&file, memory_sizes[i], &err));
        while (all.size < TOTAL_SIZE) {
            append_some(file, &all, &random);
            expect_stretch(file, &all, &random);
        }
        for (int k = 0; k < 300; k++) {
            expect_stretch(file, &all, &random);
        }
        temporary_file_close(file);
        buffer_release(&all);
    }
}

Test(temporary_file, has_nothing_behind_its_end)
{
    static const size_t memory_sizes[] = {0, BLOCK_SIZE};

    for (size_t i = 0; i < 2; i++) {
        struct temporary_file *file = NULL;
        struct error err = {0};
        char byte;

        cr_assert(temporary_file_open(&file, memory_sizes[i], &err));
        cr_assert(temporary_file_append(file, "abc", 3, &err));
        cr_assert(not(temporary_file_read(file, 3, &byte, 1, &err)));
        cr_assert(eq(int, err.code, ERROR_BAD_INPUT));
        temporary_file_close(file);
    }
}
