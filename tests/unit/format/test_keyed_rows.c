// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "base/error.h"
#include "format/keyed_rows.h"
#include "support/random.h"

struct row {
    struct row_key key;
    uint64_t value;
};

enum { COUNT = 300 };

/* Against a plain list: the ids that came, in order. */
static void
check_rows(uint64_t seed, uint64_t id_count)
{
    struct random random = {seed};
    struct keyed_rows rows = {.row_size = sizeof(struct row)};
    struct error err = {0};
    uint32_t ids[COUNT];
    size_t count = random_below(&random, COUNT);
    size_t different = 0;

    for (uint32_t i = 0; i < count; i++) {
        struct row *row;

        ids[i] = (uint32_t)random_below(&random, id_count);
        row = keyed_rows_append(&rows, ids[i], &err);
        cr_assert(row != NULL);
        cr_assert(zero(u64, row->value));
        row->value = i;
    }
    keyed_rows_sort(&rows);
    for (size_t i = 1; i < count; i++) {
        const struct row *row = (const struct row *)rows.items + i;

        cr_assert(
            row[-1].key.id < row->key.id
            || (row[-1].key.id == row->key.id && row[-1].value < row->value));
    }
    keyed_rows_drop_repeated(&rows);
    for (uint32_t id = 0; id < id_count + 2; id++) {
        const struct row *row = keyed_rows_find(&rows, id);
        size_t first = 0;

        while (first < count && ids[first] != id) {
            first++;
        }
        cr_assert(eq(int, row != NULL, first < count), "id %u", id);
        if (row != NULL) {
            cr_assert(eq(u32, row->key.id, id));
            cr_assert(eq(u64, row->value, first));
            different++;
        }
    }
    cr_assert(eq(sz, rows.count, different));
    keyed_rows_release(&rows);
    cr_assert(zero(sz, rows.count));
}

Test(keyed_rows, are_found_by_id_the_first_of_each)
{
    for (uint64_t seed = 0; seed < 200; seed++) {
        check_rows(seed, 1 + seed * 2);
    }
}
