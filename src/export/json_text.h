// SPDX-License-Identifier: Apache-2.0
/*
 * export/json_text.h - values as JSON text (RFC 8259), whatever their bytes.
 *
 * What is written is valid UTF-8 and valid JSON, never ends a <script> element
 * it may be put into ("</" is written "<\/"), and does not depend on the
 * locale. A failed allocation is remembered by the buffer.
 */
#ifndef EXPORT_JSON_TEXT_H
#define EXPORT_JSON_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buffer;

enum {
    JSON_U64_SIZE = 20,          /* digits of the largest number */
    JSON_MICROSECONDS_SIZE = 21, /* and of the largest time, with its point */
    JSON_DEPTH_MAX = 256,        /* of a value that is copied */
};

/* A string with its quotes. A byte that begins no valid UTF-8 sequence
 * becomes U+FFFD. */
void json_append_string(struct buffer *buffer, const char *text, size_t size);

/* The shortest text that reads back as value; a NaN or an infinity, which JSON
 * does not have, is null. */
void json_append_double(struct buffer *buffer, double value);

/*
 * Copy a JSON value without its blanks. Python's NaN, Infinity and -Infinity
 * become null; control characters and invalid UTF-8 in strings are repaired.
 * False, and nothing appended, when it is no JSON or deeper than
 * JSON_DEPTH_MAX.
 */
bool json_append_value(struct buffer *buffer, const char *json, size_t size);

/* Write digits at out, no NUL; how many. */
size_t json_write_u64(char out[JSON_U64_SIZE], uint64_t value);

/* Nanoseconds as microseconds with three decimals, no NUL; how many bytes. */
size_t json_write_microseconds(char out[JSON_MICROSECONDS_SIZE],
                               uint64_t time_ns);

#endif
