// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "support/random.h"
#include "tracer/record/function_table.h"

enum { KEYS = 4000, STEPS = 400000, MANY_KEYS = 300000 };

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
    uint64_t value;
};

static void
start(void)
{
    memory = malloc(16 * MANY_KEYS);
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
    uint64_t expected = model[i].is_there ? model[i].value : 0;

    cr_assert(eq(u64, function_table_find(table, key(i)), expected));
    cr_assert(eq(u64, function_table_look(table, key(i)), expected));
}

Test(function_table, agrees_with_a_plain_list_whatever_is_done)
{
    static const size_t key_counts[] = {1, 2, 40, 341, 342, KEYS};

    for (size_t round = 0; round < sizeof key_counts / sizeof *key_counts;
         round++) {
        struct model_entry *model = calloc(KEYS, sizeof *model);
        struct random random = {.state = round};

        cr_assert(table != NULL || function_table_new(&table, 0));
        for (uint32_t step = 1; step <= STEPS / 8; step++) {
            size_t i = (size_t)random_below(&random, key_counts[round]);

            if (random_permille(&random, 550)) {
                model[i] = (struct model_entry){
                    .is_there = true,
                    .value = (uint64_t)step << 32 | i | 1,
                };
                cr_assert(function_table_set(table, key(i), model[i].value));
            } else {
                model[i].is_there = false;
                function_table_remove(table, key(i));
            }
            compare(model, (size_t)random_below(&random, key_counts[round]));
        }
        for (size_t i = 0; i < key_counts[round]; i++) {
            compare(model, i);
        }
        function_table_clear(table);
        for (size_t i = 0; i < key_counts[round]; i++) {
            cr_assert(eq(u64, function_table_find(table, key(i)), 0));
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
    cr_assert(function_table_new(&table, 0));
    for (size_t i = 0; i < count; i++) {
        live[i] = i;
        cr_assert(function_table_set(table, key(i), 1));
    }
    for (uint32_t i = 0; i < 40 * count; i++) {
        size_t at = (size_t)random_below(&random, (uint32_t)count);

        function_table_remove(table, key(live[at]));
        do {
            live[at] = (size_t)random_below(&random, KEYS);
        } while (function_table_find(table, key(live[at])) != 0);
        cr_assert(function_table_set(table, key(live[at]), i + 1));
        sizes[i / (20 * count)] = function_table_memory(table);
    }
    free(live);
}

Test(function_table, does_not_grow_with_functions_that_come_and_go)
{
    static const size_t counts[] = {100, 305, 340, 680, 1350};

    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        size_t sizes[2];

        come_and_go(counts[i], sizes);
        cr_assert(eq(sz, sizes[1], sizes[0]));
        cr_assert(le(sz, sizes[1], 32768 + 54 * counts[i]));
        function_table_free(table);
        table = NULL;
    }
}

/* At every size, so just behind each growth, too. A cleared table is small. */
Test(function_table, takes_its_share_of_memory_for_many_functions)
{
    cr_assert(function_table_new(&table, 0));
    for (int round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < MANY_KEYS; i++) {
            cr_assert(function_table_set(table, key(i), i + 1));
            cr_assert(le(sz, function_table_memory(table),
                         (1 << 16) + 54u * (i + 1)));
        }
        for (uint32_t i = 0; i < MANY_KEYS; i++) {
            cr_assert(eq(u64, function_table_find(table, key(i)), i + 1));
        }
        function_table_clear(table);
        cr_assert(le(sz, function_table_memory(table), 1 << 16));
    }
}

/* A program may have locked its memory: then old arrays stay, and count. */
Test(function_table, may_be_locked_in_memory)
{
    cr_assert(function_table_new(&table, 0));
    for (uint32_t i = 0; i < KEYS; i++) {
        (void)mlock(table->slots, 1);
        cr_assert(function_table_set(table, key(i), i + 1));
    }
    for (uint32_t i = 0; i < KEYS; i++) {
        cr_assert(eq(u64, function_table_find(table, key(i)), i + 1));
    }
    (void)mlock(table->slots, 1);
    function_table_clear(table);
    for (uint32_t i = 0; i < KEYS; i++) {
        cr_assert(eq(u64, function_table_find(table, key(i)), 0));
    }
}

Test(function_table, facts_say_what_they_were_made_of)
{
    static const uint32_t ids[] = {0, 1, 255, 0x8000001, EVENT_FUNCTION_MAX};

    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        for (uint32_t flags = 0; flags <= FUNCTION_FLAGS_MAX; flags++) {
            const char *check = (const char *)0x7f0123456789 + 37 * flags;
            uint64_t facts = function_facts(ids[i], flags, check);

            cr_assert(ne(u64, facts, 0));
            cr_assert(eq(u32, function_id(facts), ids[i]));
            cr_assert(
                eq(u32, function_flags(facts) & FUNCTION_FLAGS_MAX, flags));
            cr_assert(eq(u64, function_tag(EVENT_C_RAISE, facts),
                         event_tag(EVENT_C_RAISE, ids[i])));
            cr_assert(function_agrees(facts, check));
            cr_assert(not(function_agrees(facts, check + 1)));
            cr_assert(not(function_agrees(facts, check - 0x800000)));
            cr_assert(eq(int, function_agrees_plainly(facts, check),
                         flags == 0 && ids[i] != 0));
            cr_assert(not(function_agrees_plainly(facts, check + 1)));
        }
    }
    cr_assert(ne(u64, function_facts(0, 0, NULL), 0));
}
