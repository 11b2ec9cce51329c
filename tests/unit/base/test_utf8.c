// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/utf8.h"
#include "base/utf8_width_table.h"

struct byte_range {
    unsigned char first;
    unsigned char last;
};

/* RFC 3629, section 4, line by line: what is valid and nothing else. */
static const struct {
    size_t length;
    struct byte_range bytes[4];
} syntax[] = {
    {1, {{0x00, 0x7F}}},
    {2, {{0xC2, 0xDF}, {0x80, 0xBF}}},
    {3, {{0xE0, 0xE0}, {0xA0, 0xBF}, {0x80, 0xBF}}},
    {3, {{0xE1, 0xEC}, {0x80, 0xBF}, {0x80, 0xBF}}},
    {3, {{0xED, 0xED}, {0x80, 0x9F}, {0x80, 0xBF}}},
    {3, {{0xEE, 0xEF}, {0x80, 0xBF}, {0x80, 0xBF}}},
    {4, {{0xF0, 0xF0}, {0x90, 0xBF}, {0x80, 0xBF}, {0x80, 0xBF}}},
    {4, {{0xF1, 0xF3}, {0x80, 0xBF}, {0x80, 0xBF}, {0x80, 0xBF}}},
    {4, {{0xF4, 0xF4}, {0x80, 0x8F}, {0x80, 0xBF}, {0x80, 0xBF}}},
};

static size_t
valid_length(const unsigned char *bytes, size_t size)
{
    for (size_t i = 0; i < sizeof syntax / sizeof syntax[0]; i++) {
        size_t at = 0;

        while (at < syntax[i].length && at < size
               && bytes[at] >= syntax[i].bytes[at].first
               && bytes[at] <= syntax[i].bytes[at].last) {
            at++;
        }
        if (at == syntax[i].length) {
            return at;
        }
    }
    return 0;
}

static uint32_t
value_of(const unsigned char *bytes, size_t length)
{
    switch (length) {
    case 1:
        return bytes[0];
    case 2:
        return (bytes[0] - 0xC0u) * 64 + bytes[1] - 0x80u;
    case 3:
        return ((bytes[0] - 0xE0u) * 64 + bytes[1] - 0x80u) * 64 + bytes[2]
               - 0x80u;
    default:
        return (((bytes[0] - 0xF0u) * 64 + bytes[1] - 0x80u) * 64 + bytes[2]
                - 0x80u)
                   * 64
               + bytes[3] - 0x80u;
    }
}

static bool
is_decoded_right(const unsigned char *bytes, size_t size)
{
    uint32_t character = 0;
    size_t length = utf8_decode((const char *)bytes, size, &character);
    size_t expected = valid_length(bytes, size);

    if (expected == 0) {
        return length == 1 && character == UTF8_INVALID;
    }
    return length == expected && character == value_of(bytes, expected);
}

Test(utf8, decodes_every_sequence_of_up_to_three_bytes)
{
    for (unsigned i = 0; i < 1u << 24; i++) {
        unsigned char bytes[3] = {(unsigned char)(i >> 16),
                                  (unsigned char)(i >> 8), (unsigned char)i};

        if (!is_decoded_right(bytes, 3)) {
            cr_fatal("%02x %02x %02x", bytes[0], bytes[1], bytes[2]);
        }
        if (bytes[2] == 0 && !is_decoded_right(bytes, 2)) {
            cr_fatal("%02x %02x", bytes[0], bytes[1]);
        }
        if (i << 8 >> 16 == 0 && !is_decoded_right(bytes, 1)) {
            cr_fatal("%02x", bytes[0]);
        }
    }
}

Test(utf8, decodes_four_bytes_of_every_class)
{
    static const unsigned char edges[] = {0x00, 0x22, 0x7F, 0x80, 0x8F, 0x90,
                                          0x9F, 0xA0, 0xBF, 0xC0, 0xC2, 0xE0,
                                          0xED, 0xF0, 0xF4, 0xFF};
    const size_t n = sizeof edges;

    for (unsigned first = 0; first < 256; first++) {
        for (size_t i = 0; i < n * n * n; i++) {
            unsigned char bytes[4] = {(unsigned char)first, edges[i / n / n],
                                      edges[i / n % n], edges[i % n]};

            cr_assert(is_decoded_right(bytes, 4), "%02x %02x %02x %02x",
                      bytes[0], bytes[1], bytes[2], bytes[3]);
        }
    }
}

Test(utf8, reads_back_every_character_it_writes)
{
    for (uint32_t code = 0; code <= 0x10FFFF; code++) {
        char bytes[UTF8_MAX_SIZE];
        uint32_t read = 0;

        if (code >= 0xD800 && code <= 0xDFFF) {
            continue;
        }
        size_t length = utf8_encode(code, bytes);

        if (valid_length((unsigned char *)bytes, length) != length
            || utf8_decode(bytes, length, &read) != length || read != code) {
            cr_fatal("U+%04X", code);
        }
    }
}

Test(utf8, keeps_its_width_table_sorted)
{
    size_t count = sizeof utf8_width_ranges / sizeof utf8_width_ranges[0];

    for (size_t i = 0; i < count; i++) {
        cr_assert(utf8_width_ranges[i].first <= utf8_width_ranges[i].last);
        cr_assert(i == 0
                  || utf8_width_ranges[i - 1].last
                         < utf8_width_ranges[i].first);
    }
}

Test(utf8, finds_the_width_that_a_linear_search_finds)
{
    size_t count = sizeof utf8_width_ranges / sizeof utf8_width_ranges[0];
    size_t range = 0;

    for (uint32_t code = 0; code <= 0x10FFFF; code++) {
        int expected = 1;

        while (range < count && utf8_width_ranges[range].last < code) {
            range++;
        }
        if (range < count && utf8_width_ranges[range].first <= code) {
            expected = utf8_width_ranges[range].width;
        }
        if (utf8_width(code) != expected) {
            cr_fatal("U+%04X", code);
        }
    }
}

Test(utf8, keeps_from_the_terminal_what_could_fool_it)
{
    static const uint32_t forbidden[][2] = {
        {0x00, 0x1F},         {0x7F, 0x9F},
        {0x200B, 0x200F},     {0x2028, 0x2029},
        {0x202A, 0x202E},     {0x2060, 0x2064},
        {0x2066, 0x2069},     {0xD800, 0xDFFF},
        {0xFDD0, 0xFDEF},     {0xFEFF, 0xFEFF},
        {0xFFFE, 0xFFFF},     {0xE0000, 0xE007F},
        {0x1FFFE, 0x1FFFF},   {0x10FFFE, 0x10FFFF},
        {0x110000, 0x110000}, {UTF8_INVALID, UTF8_INVALID},
    };

    for (size_t i = 0; i < sizeof forbidden / sizeof forbidden[0]; i++) {
        uint32_t code = forbidden[i][0];

        do {
            cr_assert(eq(int, utf8_width(code), -1), "U+%04X", code);
        } while (code++ < forbidden[i][1]);
    }
}

Test(utf8, knows_the_width_of_common_characters)
{
    static const struct {
        uint32_t code;
        int width;
    } samples[] = {
        {' ', 1},    {'~', 1},    {0xE9, 1},    {0x301, 0},   {0x4E2D, 2},
        {0xAC00, 2}, {0x1160, 0}, {0x3042, 2},  {0xFF21, 2},  {0xFF71, 1},
        {0x2588, 1}, {0x2500, 1}, {0x1F600, 2}, {0x20000, 2}, {0xFE0F, 0},
        {0x5D0, 1},  {0x0E31, 0}, {0x0600, 1},  {0xE000, 1},  {0x2026, 1},
    };

    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        cr_expect(eq(int, utf8_width(samples[i].code), samples[i].width),
                  "U+%04X", samples[i].code);
    }
}
