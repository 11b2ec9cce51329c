// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdint.h>

#include "base/buffer.h"

Test(buffer, holds_what_was_appended_in_order)
{
    struct buffer buffer = {0};

    buffer_append_text(&buffer, "one ");
    buffer_append_char(&buffer, '2');
    buffer_append_format(&buffer, " %s", "three");
    cr_assert(eq(str, buffer.data, "one 2 three"));
    cr_assert(eq(sz, buffer.size, 11));
    buffer_release(&buffer);
}

Test(buffer, remembers_that_an_allocation_failed)
{
    struct buffer buffer = {0};

    buffer_append_text(&buffer, "kept");
    cr_assert(not(buffer_reserve(&buffer, SIZE_MAX / 4)));
    buffer_append_text(&buffer, "lost");
    cr_assert(not(buffer_is_ok(&buffer)));
    cr_assert(eq(str, buffer.data, "kept"));
    buffer_release(&buffer);
}
