// SPDX-License-Identifier: Apache-2.0
#include "base/array.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/error.h"

bool
array_reserve(void **items, size_t *capacity, size_t count, size_t item_size,
              struct error *err)
{
    size_t grown = *capacity < 8 ? 8 : *capacity;
    void *moved;

    if (count <= *capacity) {
        return true;
    }
    if (count > SIZE_MAX / 4 / item_size) {
        return error_set_no_memory(err);
    }
    while (grown < count) {
        grown *= 2;
    }
    moved = realloc(*items, grown * item_size);
    if (moved == NULL) {
        return error_set_no_memory(err);
    }
    *items = moved;
    *capacity = grown;
    return true;
}

void *
array_new(size_t count, size_t item_size, struct error *err)
{
    void *items = calloc(count == 0 ? 1 : count, item_size);

    if (items == NULL) {
        (void)error_set_no_memory(err);
    }
    return items;
}
