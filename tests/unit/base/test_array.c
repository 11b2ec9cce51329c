// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdint.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/error.h"

Test(array, keeps_its_items_as_it_grows)
{
    void *items = NULL;
    size_t capacity = 0;
    struct error err = {0};

    for (size_t i = 0; i < 10000; i++) {
        cr_assert(
            array_reserve(&items, &capacity, i + 1, sizeof(size_t), &err));
        cr_assert(capacity > i);
        ((size_t *)items)[i] = i * i;
    }
    for (size_t i = 0; i < 10000; i++) {
        cr_assert(i * i == ((size_t *)items)[i]);
    }
    free(items);
}

Test(array, refuses_sizes_that_overflow)
{
    void *items = NULL;
    size_t capacity = 0;
    struct error err = {0};

    cr_assert(not(array_reserve(&items, &capacity, SIZE_MAX / 8, 16, &err)));
    cr_assert(eq(int, err.code, ERROR_NO_MEMORY));
    cr_assert(items == NULL && capacity == 0);
    cr_assert(array_new(SIZE_MAX / 2, 16, &err) == NULL);
}

Test(array, gives_zeroed_items_even_when_there_are_none)
{
    struct error err = {0};
    unsigned char *items = array_new(100, 3, &err);
    void *none = array_new(0, 8, &err);

    for (size_t i = 0; i < 300; i++) {
        cr_assert(items[i] == 0);
    }
    cr_assert(none != NULL);
    free(items);
    free(none);
}
