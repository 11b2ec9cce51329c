// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdbool.h>
#include <stdlib.h>

#include "support/random.h"
#include "tracer/record/function_table.h"

enum { KEYS = 4000, STEPS = 400000 };

/* Addresses that objects could have; their contents do not matter. */
static char *memory;

/* The one of the test. */
static struct function_table *table;

static const void *
key(size_t i)
{
    return memory + 16 * i;
}

struct model_entry {
    bool is_there;
    uint32_t id;
    size_t check;
};

static void
start(void)
{
    memory = malloc(16 * KEYS);
    cr_assert(memory != NULL);
}

static void
stop(void)
{
    if (table != NULL) {
        function_table_free(table);
    }
    free(memory);
}

TestSuite(function_table, .init = start, .fini = stop);

static void
compare(const struct model_entry *model, size_t i)
{
    const struct function_slot *slot = function_table_find(table, key(i));

    cr_assert(eq(int, slot != NULL, model[i].is_there), "key %zu", i);
    if (slot != NULL) {
        cr_assert(eq(u32, slot->id, model[i].id));
        cr_assert(eq(u32, slot->flags, model[i].id % 7));
        cr_assert(eq(ptr, (void *)slot->check, (void *)key(model[i].check)));
    }
}

Test(function_table, agrees_with_a_plain_list_whatever_is_done)
{
    static const size_t key_counts[] = {1, 2, 40, 170, 171, 700, KEYS};

    for (size_t round = 0; round < sizeof key_counts / sizeof *key_counts;
         round++) {
        struct model_entry *model = calloc(KEYS, sizeof *model);
        struct random random = {.state = round};

        cr_assert(table != NULL || function_table_new(&table));
        for (uint32_t step = 1; step <= STEPS / 8; step++) {
            size_t i = (size_t)random_below(&random, key_counts[round]);

            if (random_permille(&random, 550)) {
                model[i] = (struct model_entry){
                    .is_there = true,
                    .id = step,
                    .check = (size_t)random_below(&random, KEYS),
                };
                cr_assert(function_table_set(table, key(i), key(model[i].check),
                                             step, step % 7));
            } else {
                model[i].is_there = false;
                function_table_remove(table, key(i));
            }
            compare(model, (size_t)random_below(&random, key_counts[round]));
        }
        for (size_t i = 0; i < key_counts[round]; i++) {
            compare(model, i);
        }
        function_table_clear(table); /* frees what it grew out of */
        for (size_t i = 0; i < key_counts[round]; i++) {
            cr_assert(function_table_find(table, key(i)) == NULL);
        }
        free(model);
    }
}

/* As many come as go; the memory after each half of the time. */
static void
come_and_go(size_t count, size_t sizes[2])
{
    struct random random = {.state = 1};
    size_t *live = calloc(count, sizeof *live);

    cr_assert(ne(ptr, live, NULL));
    cr_assert(function_table_new(&table));
    for (size_t i = 0; i < count; i++) {
        live[i] = i;
        cr_assert(function_table_set(table, key(i), NULL, 1, 0));
    }
    for (uint32_t i = 0; i < 40 * count; i++) {
        size_t at = (size_t)random_below(&random, (uint32_t)count);

        function_table_remove(table, key(live[at]));
        do {
            live[at] = (size_t)random_below(&random, KEYS);
        } while (function_table_find(table, key(live[at])) != NULL);
        cr_assert(function_table_set(table, key(live[at]), NULL, i, 0));
        sizes[i / (20 * count)] = function_table_memory(table);
    }
    free(live);
}

Test(function_table, does_not_grow_with_functions_that_come_and_go)
{
    static const size_t counts[] = {100, 340, 680, 1350};

    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        size_t sizes[2];

        come_and_go(counts[i], sizes);
        cr_assert(eq(sz, sizes[1], sizes[0]));
        cr_assert(le(sz, sizes[1], 16384 + 250 * counts[i]));
        function_table_free(table);
        table = NULL;
    }
}

Test(function_table, takes_its_share_of_memory_for_many_functions)
{

    cr_assert(function_table_new(&table));
    for (uint32_t i = 0; i < KEYS; i++) {
        cr_assert(function_table_set(table, key(i), NULL, i, 0));
    }
    cr_assert(le(sz, function_table_memory(table), (1u << 20) + 64u * KEYS));
}
