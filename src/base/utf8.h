// SPDX-License-Identifier: Apache-2.0
/*
 * base/utf8.h - UTF-8 in and out, and the width of characters in a terminal.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

struct buffer;

enum { UTF8_MAX_SIZE = 4, UTF8_INVALID = 0xFFFFFFFF };

/*
 * Decode the character at the start of size > 0 bytes. Returns how many bytes
 * it takes, at least 1; *character is UTF8_INVALID for a byte that begins no
 * valid sequence (overlong forms, surrogates and values past U+10FFFF are not
 * valid, RFC 3629).
 */
size_t utf8_decode(const char *data, size_t size, uint32_t *character);

/* Encode a valid character; returns the number of bytes, 1 to 4. */
size_t utf8_encode(uint32_t character, char bytes[UTF8_MAX_SIZE]);

/* Append text to a buffer; a byte that begins no character becomes U+FFFD. */
void utf8_append_repaired(struct buffer *out, const char *text, size_t size);

/* Columns that a character takes in a terminal: 0 (combining), 1 or 2; -1 for
 * one that must not reach a terminal (controls, bidi overrides). Does not
 * depend on the locale. */
int utf8_width(uint32_t character);

#endif
