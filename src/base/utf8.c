// SPDX-License-Identifier: Apache-2.0
#include "base/utf8.h"

#include "base/buffer.h"

#include "base/utf8_width_table.h"

static int
is_continuation(char byte)
{
    return ((unsigned char)byte & 0xC0) == 0x80;
}

/*
 * The first byte says the length; the smallest value of that length rules out
 * overlong forms, and one test each the surrogates and the end of Unicode.
 */
size_t
utf8_decode(const char *data, size_t size, uint32_t *character)
{
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    uint32_t first = (unsigned char)data[0];
    uint32_t value;
    size_t length;

    *character = UTF8_INVALID;
    if (first < 0x80) {
        *character = first;
        return 1;
    }
    if (first < 0xC2 || first > 0xF4) {
        return 1;
    }
    length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (length > size) {
        return 1;
    }
    value = first & (0x7Fu >> length);
    for (size_t i = 1; i < length; i++) {
        if (!is_continuation(data[i])) {
            return 1;
        }
        value = value << 6 | ((unsigned char)data[i] & 0x3Fu);
    }
    if (value < smallest[length] || value > 0x10FFFF
        || (value >= 0xD800 && value <= 0xDFFF)) {
        return 1;
    }
    *character = value;
    return length;
}

size_t
utf8_encode(uint32_t character, char bytes[UTF8_MAX_SIZE])
{
    static const unsigned char marks[] = {0, 0, 0xC0, 0xE0, 0xF0};
    size_t length = character < 0x80      ? 1
                    : character < 0x800   ? 2
                    : character < 0x10000 ? 3
                                          : 4;

    for (size_t i = length - 1; i > 0; i--) {
        bytes[i] = (char)(0x80 | (character & 0x3F));
        character >>= 6;
    }
    bytes[0] = (char)(marks[length] | character);
    return length;
}

void
utf8_append_repaired(struct buffer *out, const char *text, size_t size)
{
    static const char replacement[] = "\xEF\xBF\xBD";

    for (size_t i = 0; i < size;) {
        uint32_t character;
        size_t length = utf8_decode(text + i, size - i, &character);

        if (character == UTF8_INVALID) {
            buffer_append_text(out, replacement);
        } else {
            buffer_append(out, text + i, length);
        }
        i += length;
    }
}

int
utf8_width(uint32_t character)
{
    size_t low = 0;
    size_t high = sizeof utf8_width_ranges / sizeof utf8_width_ranges[0];

    if (character >= 0x20 && character < 0x7F) {
        return 1;
    }
    if (character > 0x10FFFF) {
        return -1;
    }
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct utf8_width_range *range = &utf8_width_ranges[middle];

        if (character < range->first) {
            high = middle;
        } else if (character > range->last) {
            low = middle + 1;
        } else {
            return range->width;
        }
    }
    return 1;
}
