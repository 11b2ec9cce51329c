// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <string.h>

#include "base/percent.h"

Test(percent, every_byte_comes_back)
{
    char bytes[256];
    struct buffer text = {0};

    for (int i = 0; i < 256; i++) {
        bytes[i] = (char)i;
    }
    percent_append(&text, bytes, sizeof bytes);
    cr_assert(buffer_is_ok(&text));
    cr_assert(memchr(text.data, ' ', text.size) == NULL);
    cr_assert(memchr(text.data, ',', text.size) == NULL);
    cr_assert(memchr(text.data, '\0', text.size) == NULL);
    cr_assert(eq(sz, percent_decode(text.data, text.size), sizeof bytes));
    cr_assert(memcmp(text.data, bytes, sizeof bytes) == 0);
    buffer_release(&text);
}

Test(percent, what_is_no_code_stands_for_itself)
{
    char text[] = "%4g%%41%4";

    cr_assert(eq(sz, percent_decode(text, strlen(text)), 7));
    cr_assert(memcmp(text, "%4g%A%4", 7) == 0);
}
