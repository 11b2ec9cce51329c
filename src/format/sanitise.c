// SPDX-License-Identifier: Apache-2.0
/*
 * utf8_width knows what must not reach a terminal. Added here are characters
 * that take room or none but show nothing, which can hide a part of a name or
 * make a terminal disagree with us about widths.
 */
#include "format/sanitise.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/utf8.h"

enum { PIECE_SIZE = 16 }; /* "\U0010ffff" and its NUL */

/* Sorted. */
static const struct {
    uint32_t first;
    uint32_t last;
} invisible[] = {
    {0x034F, 0x034F},   /* combining grapheme joiner */
    {0x115F, 0x1160},   /* Hangul fillers */
    {0x17B4, 0x17B5},   /* Khmer inherent vowels */
    {0x180B, 0x180F},   /* Mongolian variation selectors */
    {0x3164, 0x3164},   /* Hangul filler */
    {0xFE00, 0xFE0F},   /* variation selectors: they change widths */
    {0xFFA0, 0xFFA0},   /* halfwidth Hangul filler */
    {0xE0000, 0xE0FFF}, /* tags, more variation selectors */
};

static bool
is_invisible(uint32_t character)
{
    for (size_t i = 0; i < sizeof invisible / sizeof invisible[0]; i++) {
        if (character <= invisible[i].last) {
            return character >= invisible[i].first;
        }
    }
    return false;
}

static bool
is_plain(char byte)
{
    return byte >= 0x20 && byte < 0x7F;
}

/*
 * Sanitise the character at the start of size > 0 bytes into piece; gives how
 * many bytes it took. A combining mark with no character before it would
 * change what somebody else has drawn.
 */
static size_t
sanitise_next(const char *data, size_t size, bool is_first,
              char piece[PIECE_SIZE])
{
    uint32_t character;
    size_t length = utf8_decode(data, size, &character);
    int width;

    if (character == UTF8_INVALID || character < 0x20 || character == 0x7F) {
        (void)snprintf(piece, PIECE_SIZE, "\\x%02x", (unsigned char)data[0]);
        return length;
    }
    width = utf8_width(character);
    if (width > 0 || (width == 0 && !is_first)) {
        if (!is_invisible(character)) {
            memcpy(piece, data, length);
            piece[length] = '\0';
            return length;
        }
    }
    (void)snprintf(piece, PIECE_SIZE,
                   character > 0xFFFF ? "\\U%08x" : "\\u%04x",
                   (unsigned)character);
    return length;
}

void
sanitise_append(struct buffer *out, const char *data, size_t size)
{
    char piece[PIECE_SIZE];
    size_t i = 0;

    while (i < size) {
        size_t start = i;

        while (i < size && is_plain(data[i])) {
            i++;
        }
        buffer_append(out, data + start, i - start);
        if (i < size) {
            i += sanitise_next(data + i, size - i, i == 0, piece);
            buffer_append_text(out, piece);
        }
    }
}

const char *
sanitise_text(char *text, size_t capacity, const char *data, size_t size)
{
    char piece[PIECE_SIZE];
    size_t used = 0;
    size_t i = 0;

    if (capacity == 0) {
        return "";
    }
    while (i < size) {
        size_t taken = sanitise_next(data + i, size - i, i == 0, piece);
        size_t length = strlen(piece);

        if (length > capacity - 1 - used) {
            break;
        }
        memcpy(text + used, piece, length);
        used += length;
        i += taken;
    }
    text[used] = '\0';
    return text;
}
