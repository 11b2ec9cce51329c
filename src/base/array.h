// SPDX-License-Identifier: Apache-2.0
/* base/array.h - growing a plain C array, overflow checked in one place. */
#ifndef BASE_ARRAY_H
#define BASE_ARRAY_H

#include <stdbool.h>
#include <stddef.h>

struct error;

/*
 * Make *items hold at least count items of item_size bytes, doubling
 * *capacity. On failure nothing changes and *err says "out of memory".
 */
bool array_reserve(void **items, size_t *capacity, size_t count,
                   size_t item_size, struct error *err);

/* malloc and calloc of count items, checked for overflow; NULL and *err set
 * when there is no memory. The caller frees. */
void *array_new(size_t count, size_t item_size, struct error *err);

#endif
