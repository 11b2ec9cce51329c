// SPDX-License-Identifier: Apache-2.0
/*
 * import/scan_bytes.h - where strings, words and digits of a text end, eight
 * bytes at a time.
 *
 * Eight bytes are one word, the first of them the lowest. Where words lie the
 * other way round in memory, bytes are looked at one by one.
 */
#ifndef IMPORT_SCAN_BYTES_H
#define IMPORT_SCAN_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { SCAN_HAS_LOW_BYTE_FIRST = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ };

static inline bool
is_blank(char byte)
{
    return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t';
}

static inline bool
is_word_byte(char byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z')
           || (byte >= 'A' && byte <= 'Z') || byte == '.' || byte == '-'
           || byte == '+';
}

static inline const char *
find_word_end(const char *next, const char *end)
{
    while (next < end && is_word_byte(*next)) {
        next++;
    }
    return next;
}

/* The high bit of each byte of word that equals byte; bits above the lowest
 * such one may be wrong. */
static inline uint64_t
match_bytes(uint64_t word, uint8_t byte)
{
    uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t other = word ^ (ones * byte);

    return (other - ones) & ~other & (ones << 7);
}

/* The first quote or backslash, or end. */
static inline const char *
find_quote(const char *next, const char *end)
{
    while (SCAN_HAS_LOW_BYTE_FIRST && end - next >= 8) {
        uint64_t word;
        uint64_t found;

        memcpy(&word, next, sizeof word);
        found = match_bytes(word, '"') | match_bytes(word, '\\');
        if (found != 0) {
            return next + __builtin_ctzll(found) / 8;
        }
        next += 8;
    }
    while (next < end && *next != '"' && *next != '\\') {
        next++;
    }
    return next;
}

/* The quote that ends a string, or NULL when it is beyond end. *is_escaped
 * says whether the first byte, or the one behind end, is behind a backslash. */
static inline const char *
find_string_end(const char *next, const char *end, bool *is_escaped)
{
    if (*is_escaped && next < end) {
        *is_escaped = false;
        next++;
    }
    for (;;) {
        next = find_quote(next, end);
        if (next == end) {
            return NULL;
        }
        if (*next == '"') {
            return next;
        }
        *is_escaped = end - next < 2;
        if (*is_escaped) {
            return NULL;
        }
        next += 2;
    }
}

/* How many of the eight bytes at text, up to the first other one, are digits;
 * *value is the number that they are. */
static inline size_t
digits_of_eight_bytewise(const char *text, uint64_t *value)
{
    size_t count = 0;

    *value = 0;
    while (count < 8 && text[count] >= '0' && text[count] <= '9') {
        *value = *value * 10 + (uint64_t)(text[count] - '0');
        count++;
    }
    return count;
}

/* The same. Digits less '0' are below ten; pairs of them, then pairs of pairs
 * become numbers within the word. */
static inline size_t
digits_of_eight_at_once(const char *text, uint64_t *value)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t word;
    uint64_t others; /* the high bit of each byte that is no digit */
    size_t count;

    memcpy(&word, text, sizeof word);
    word ^= ones * '0';
    others = ((word + ones * (0x80 - 10)) | word) & (ones * 0x80);
    count = others == 0 ? 8 : (size_t)__builtin_ctzll(others) / 8;
    if (count == 0) {
        *value = 0;
        return 0;
    }
    word <<= (8 - count) * 8; /* as zeros in front */
    word = word * 10 + (word >> 8);
    word = ((word & UINT64_C(0x000000FF000000FF)) * UINT64_C(0x000F424000000064)
            + ((word >> 16) & UINT64_C(0x000000FF000000FF))
                  * UINT64_C(0x0000271000000001))
           >> 32;
    *value = word;
    return count;
}

static inline size_t
digits_of_eight(const char *text, uint64_t *value)
{
    return SCAN_HAS_LOW_BYTE_FIRST ? digits_of_eight_at_once(text, value)
                                   : digits_of_eight_bytewise(text, value);
}

#endif
