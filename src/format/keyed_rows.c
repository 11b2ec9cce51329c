// SPDX-License-Identifier: Apache-2.0
#include "format/keyed_rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"

static char *
row_at(const struct keyed_rows *rows, size_t index)
{
    return (char *)rows->items + index * rows->row_size;
}

static struct row_key
key_of(const void *row)
{
    struct row_key key;

    memcpy(&key, row, sizeof key);
    return key;
}

void *
keyed_rows_append(struct keyed_rows *rows, uint32_t id, struct error *err)
{
    struct row_key key = {.id = id, .order = (uint32_t)rows->count};
    char *row;

    if (!array_reserve(&rows->items, &rows->capacity, rows->count + 1,
                       rows->row_size, err)) {
        return NULL;
    }
    row = row_at(rows, rows->count++);
    memset(row, 0, rows->row_size);
    memcpy(row, &key, sizeof key);
    return row;
}

static int
compare_keys(const void *a, const void *b)
{
    struct row_key left = key_of(a);
    struct row_key right = key_of(b);

    if (left.id != right.id) {
        return left.id < right.id ? -1 : 1;
    }
    return (left.order > right.order) - (left.order < right.order);
}

void
keyed_rows_sort(struct keyed_rows *rows)
{
    if (rows->count > 1) {
        qsort(rows->items, rows->count, rows->row_size, compare_keys);
    }
}

void
keyed_rows_drop_repeated(struct keyed_rows *rows)
{
    size_t kept = 0;

    for (size_t i = 0; i < rows->count; i++) {
        const char *row = row_at(rows, i);

        if (kept == 0 || key_of(row_at(rows, kept - 1)).id != key_of(row).id) {
            memmove(row_at(rows, kept), row, rows->row_size);
            kept++;
        }
    }
    rows->count = kept;
}

const void *
keyed_rows_find(const struct keyed_rows *rows, uint32_t id)
{
    size_t low = 0;
    size_t high = rows->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (key_of(row_at(rows, middle)).id < id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < rows->count && key_of(row_at(rows, low)).id == id
               ? row_at(rows, low)
               : NULL;
}

void
keyed_rows_release(struct keyed_rows *rows)
{
    free(rows->items);
    *rows = (struct keyed_rows){.row_size = rows->row_size};
}
