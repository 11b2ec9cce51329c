// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <string.h>

#include "base/buffer.h"
#include "base/utf8.h"
#include "format/sanitise.h"
#include "support/random.h"

/* What must hold for any input: valid UTF-8 that a terminal may see. */
static void
check_is_printable(const char *text, size_t size)
{
    for (size_t i = 0; i < size;) {
        uint32_t character;

        i += utf8_decode(text + i, size - i, &character);
        cr_assert(character != UTF8_INVALID);
        cr_assert(character >= 0x20 && character != 0x7F);
        cr_assert(utf8_width(character) >= 0, "U+%04X", (unsigned)character);
        cr_assert(i > UTF8_MAX_SIZE || utf8_width(character) > 0
                      || text[0] < 0x7F,
                  "begins with U+%04X", (unsigned)character);
    }
}

/* Both functions agree, at every capacity, and give printable text. */
static void
check_input(const char *data, size_t size)
{
    struct buffer out = {0};
    char text[256];

    sanitise_append(&out, data, size);
    cr_assert(buffer_is_ok(&out));
    check_is_printable(out.data, out.size);
    for (size_t capacity = 1; capacity < 40; capacity += 3) {
        size_t used;

        cr_assert(
            eq(ptr, (void *)sanitise_text(text, capacity, data, size), text));
        used = strlen(text);
        check_is_printable(text, used);
        cr_assert(used < capacity && used <= out.size);
        cr_assert(zero(int, used == 0 ? 0 : memcmp(text, out.data, used)));
        /* Cut, but not earlier than one more character would fit. */
        cr_assert(used == out.size || capacity - used <= 10);
    }
    buffer_release(&out);
}

static void
check_becomes(const char *data, const char *expected)
{
    char text[256];

    cr_assert(eq(str,
                 (char *)sanitise_text(text, sizeof text, data, strlen(data)),
                 (char *)expected));
    check_input(data, strlen(data));
}

Test(sanitise, leaves_ordinary_text_alone)
{
    check_becomes("Cart.total (/w/shop.py:14)", "Cart.total (/w/shop.py:14)");
    check_becomes("größe 価格 🙂 e\u0301", "größe 価格 🙂 e\u0301");
    check_becomes("back\\slash", "back\\slash");
    check_becomes("", "");
}

Test(sanitise, makes_each_dangerous_class_visible)
{
    check_becomes("\x1b[31m", "\\x1b[31m");
    check_becomes("a\tb\nc\rd", "a\\x09b\\x0ac\\x0dd");
    check_becomes("\x7f", "\\x7f");
    check_becomes("\xc2\x9b"
                  "31m",
                  "\\u009b31m");
    check_becomes("\x9b"
                  "31m",
                  "\\x9b31m");
    check_becomes("\u202e\u2066\u061c", "\\u202e\\u2066\\u061c");
    check_becomes("a\u200bb\u200dc\ufeff", "a\\u200bb\\u200dc\\ufeff");
    check_becomes("a\u3164\ufe0f\u034f", "a\\u3164\\ufe0f\\u034f");
    check_becomes("a\u115f\u1160\u17b4\u17b5", "a\\u115f\\u1160\\u17b4\\u17b5");
    check_becomes("a\u180b\u180f\ufe00\uffa0", "a\\u180b\\u180f\\ufe00\\uffa0");
    check_becomes("\U000e0000\U000e0fff", "\\U000e0000\\U000e0fff");
    check_becomes("\U000e0041", "\\U000e0041");
    check_becomes("\u2028", "\\u2028");
    check_becomes("\u0301x", "\\u0301x");
    check_becomes("\xc0\xaf\xed\xa0\x80\xf5", "\\xc0\\xaf\\xed\\xa0\\x80\\xf5");
    check_becomes("cut \xe4\xbe", "cut \\xe4\\xbe");
}

Test(sanitise, holds_for_every_byte_and_pair_of_bytes)
{
    for (unsigned first = 0; first < 256; first++) {
        for (unsigned second = 0; second < 256;
             second += first < 128 ? 51 : 1) {
            char data[] = {(char)first, (char)second, 'x'};

            check_input(data, 1);
            check_input(data, sizeof data);
        }
    }
}

Test(sanitise, holds_for_every_character)
{
    for (uint32_t character = 0; character <= 0x10FFFF; character++) {
        struct buffer out = {0};
        char data[1 + UTF8_MAX_SIZE] = "x";

        if (character >= 0xD800 && character <= 0xDFFF) {
            continue;
        }
        sanitise_append(&out, data, 1 + utf8_encode(character, data + 1));
        check_is_printable(out.data, out.size);
        buffer_release(&out);
    }
}

Test(sanitise, holds_for_random_bytes)
{
    struct random random = {1};

    for (int i = 0; i < 3000; i++) {
        char data[24];

        for (size_t j = 0; j < sizeof data; j++) {
            data[j] = (char)random_u64(&random);
        }
        check_input(data, random_below(&random, sizeof data + 1));
    }
}
