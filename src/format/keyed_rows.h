// SPDX-License-Identifier: Apache-2.0
/*
 * format/keyed_rows.h - rows of one size that are collected, sorted by id, and
 * then looked up. Internal.
 *
 * A row is any struct that begins with a struct row_key. {0} is empty but for
 * the size of its rows. Ids are untrusted: memory grows with the number of
 * rows, never with their ids.
 */
#ifndef FORMAT_KEYED_ROWS_H
#define FORMAT_KEYED_ROWS_H

#include <stddef.h>
#include <stdint.h>

struct error;

struct row_key {
    uint32_t id;
    uint32_t order; /* of those of the same id: as they came */
};

struct keyed_rows {
    size_t row_size;
    void *items; /* owned */
    size_t count;
    size_t capacity;
};

/* One more row, zeroed but for its key; NULL when there is no memory. It stays
 * where it is until the next one. */
void *keyed_rows_append(struct keyed_rows *rows, uint32_t id,
                        struct error *err);

/* By id, those of one id as they came. */
void keyed_rows_sort(struct keyed_rows *rows);

/* Sorted: keep the first row of each id. */
void keyed_rows_drop_repeated(struct keyed_rows *rows);

/* Sorted: the first row of an id, or NULL. */
const void *keyed_rows_find(const struct keyed_rows *rows, uint32_t id);

void keyed_rows_release(struct keyed_rows *rows);

#endif
