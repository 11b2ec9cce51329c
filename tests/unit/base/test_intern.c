// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/intern.h"
#include "support/failing_malloc.h"

static int
name_of(char name[32], unsigned number)
{
    return snprintf(name, 32, "module%u.name%u", number % 17, number * 7919u);
}

Test(intern, gives_equal_strings_one_id_and_others_another)
{
    struct intern_table *table = NULL;
    struct error err = {0};
    const uint32_t count = 100000;

    cr_assert(intern_table_new(&table, &err));
    for (int round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < count; i++) {
            char name[32];
            uint32_t id = UINT32_MAX;
            int size = name_of(name, i);

            cr_assert(intern_table_add(table, name, (size_t)size, &id, &err));
            cr_assert(eq(u32, id, i));
        }
    }
    cr_assert(eq(u32, intern_table_count(table), count));
    for (uint32_t i = 0; i < count; i++) {
        char name[32];
        size_t size = 0;
        int expected = name_of(name, i);

        cr_assert(eq(str, (char *)intern_table_text(table, i, &size), name));
        cr_assert(eq(sz, size, (size_t)expected));
    }
    intern_table_free(table);
}

Test(intern, tells_strings_with_zero_bytes_and_empty_ones_apart)
{
    static const struct {
        const char *data;
        size_t size;
    } strings[] = {{"", 0},    {"\0", 1},   {"\0\0", 2}, {"a", 1},
                   {"a\0", 2}, {"a\0b", 3}, {"a\0c", 3}};
    struct intern_table *table = NULL;
    struct error err = {0};
    const uint32_t count = sizeof strings / sizeof strings[0];

    cr_assert(intern_table_new(&table, &err));
    for (uint32_t i = 0; i < 2 * count; i++) {
        uint32_t id = UINT32_MAX;

        cr_assert(intern_table_add(table, strings[i % count].data,
                                   strings[i % count].size, &id, &err));
        cr_assert(eq(u32, id, i % count));
    }
    cr_assert(intern_table_add(table, NULL, 0, &(uint32_t){0}, &err));
    cr_assert(eq(u32, intern_table_count(table), count));
    intern_table_free(table);
}

Test(intern, loses_nothing_when_an_allocation_fails)
{
    bool has_failed = true;

    for (unsigned successes = 0; has_failed; successes++) {
        struct intern_table *table = NULL;
        struct error err = {0};
        uint32_t added = 0;
        bool ok;

        if (!failing_malloc_arm(successes)) {
            return;
        }
        ok = intern_table_new(&table, &err);
        while (ok && added < 3000) {
            char name[32];
            uint32_t id = UINT32_MAX;

            ok = intern_table_add(table, name, (size_t)name_of(name, added),
                                  &id, &err);
            added += ok;
        }
        has_failed = failing_malloc_disarm();
        cr_assert(eq(int, ok, !has_failed));
        cr_assert(eq(int, err.code, has_failed ? ERROR_NO_MEMORY : ERROR_NONE));
        if (table != NULL) {
            cr_assert(eq(u32, intern_table_count(table), added));
            cr_assert(
                intern_table_add(table, "again", 5, &(uint32_t){0}, &err));
        }
        intern_table_free(table);
    }
}
