// SPDX-License-Identifier: Apache-2.0
#include "export/json_text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/utf8.h"

enum {
    DOUBLE_SIZE = 40,
    LINE_SEPARATOR = 0x2028,
    PARAGRAPH_SEPARATOR = 0x2029
};

/* Bytes of a string that stand for themselves whatever comes next. */
static bool
is_plain(char byte)
{
    return byte >= 0x20 && byte < 0x7F && byte != '"' && byte != '\\'
           && byte != '<';
}

static void
append_ascii(struct buffer *buffer, char character, char next)
{
    static const char letters[] = "b\bf\fn\nr\rt\t\"\"\\\\";

    for (size_t i = 0; letters[i] != '\0'; i += 2) {
        if (letters[i + 1] == character) {
            buffer_append_char(buffer, '\\');
            buffer_append_char(buffer, letters[i]);
            return;
        }
    }
    if (character < 0x20 || character == 0x7F) {
        buffer_append_format(buffer, "\\u%04x", (unsigned)character);
        return;
    }
    buffer_append_char(buffer, character);
    if (character == '<' && next == '/') {
        buffer_append_char(buffer, '\\'); /* "\/" is a slash */
    }
}

/* Append what is neither plain nor ASCII; how many bytes of data it took. */
static size_t
append_multibyte(struct buffer *buffer, const char *data, size_t size)
{
    uint32_t character;
    size_t length = utf8_decode(data, size, &character);

    if (character == UTF8_INVALID) {
        buffer_append_text(buffer, "\xef\xbf\xbd");
    } else if (character == LINE_SEPARATOR
               || character == PARAGRAPH_SEPARATOR) {
        /* these end a line in JavaScript before 2019 */
        buffer_append_format(buffer, "\\u%04x", (unsigned)character);
    } else {
        buffer_append(buffer, data, length);
    }
    return length;
}

/* The inside of a string. */
static void
append_escaped(struct buffer *buffer, const char *text, size_t size)
{
    size_t at = 0;

    while (at < size) {
        size_t start = at;

        while (at < size && is_plain(text[at])) {
            at++;
        }
        buffer_append(buffer, text + start, at - start);
        if (at == size) {
            return;
        }
        if ((unsigned char)text[at] < 0x80) {
            append_ascii(buffer, text[at], at + 1 < size ? text[at + 1] : '\0');
            at++;
        } else {
            at += append_multibyte(buffer, text + at, size - at);
        }
    }
}

void
json_append_string(struct buffer *buffer, const char *text, size_t size)
{
    buffer_append_char(buffer, '"');
    append_escaped(buffer, text, size);
    buffer_append_char(buffer, '"');
}

/* snprintf writes the locale's decimal point, of one byte or more. */
static void
append_with_point(struct buffer *buffer, const char *number)
{
    bool is_inside_point = false;

    for (const char *at = number; *at != '\0'; at++) {
        bool is_ours = (*at >= '0' && *at <= '9') || *at == '-' || *at == '+'
                       || *at == 'e';

        if (is_ours) {
            buffer_append_char(buffer, *at);
        } else if (!is_inside_point) {
            buffer_append_char(buffer, '.');
        }
        is_inside_point = !is_ours;
    }
}

void
json_append_double(struct buffer *buffer, double value)
{
    char number[DOUBLE_SIZE];

    if (!isfinite(value)) {
        buffer_append_text(buffer, "null");
        return;
    }
    for (int digits = 15; digits <= 17; digits++) {
        (void)snprintf(number, sizeof number, "%.*g", digits, value);
        if (strtod(number, NULL) == value) {
            break;
        }
    }
    append_with_point(buffer, number);
}

/* A JSON text that is being checked and copied. */
struct copy {
    struct buffer *out;
    const char *at;
    const char *end;
    unsigned depth;
};

static bool copy_value(struct copy *copy);

static void
skip_blanks(struct copy *copy)
{
    while (copy->at < copy->end
           && (*copy->at == ' ' || *copy->at == '\t' || *copy->at == '\n'
               || *copy->at == '\r')) {
        copy->at++;
    }
}

/* Step over a character, when it is the next one. */
static bool
take(struct copy *copy, char character)
{
    if (copy->at == copy->end || *copy->at != character) {
        return false;
    }
    copy->at++;
    return true;
}

static bool
take_word(struct copy *copy, const char *word)
{
    size_t length = strlen(word);

    if ((size_t)(copy->end - copy->at) < length
        || memcmp(copy->at, word, length) != 0) {
        return false;
    }
    copy->at += length;
    return true;
}

static bool
is_hex_digit(char character)
{
    return (character >= '0' && character <= '9')
           || (character >= 'a' && character <= 'f')
           || (character >= 'A' && character <= 'F');
}

/* How long the escape behind a backslash is, without it; 0 for a wrong one. */
static size_t
escape_length(const struct copy *copy)
{
    if (copy->at == copy->end) {
        return 0;
    }
    if (*copy->at != 'u') {
        return *copy->at != '\0' && strchr("\"\\/bfnrt", *copy->at) != NULL;
    }
    if (copy->end - copy->at < 5) {
        return 0;
    }
    for (int i = 1; i < 5; i++) {
        if (!is_hex_digit(copy->at[i])) {
            return 0;
        }
    }
    return 5;
}

static bool
copy_string(struct copy *copy)
{
    if (!take(copy, '"')) {
        return false;
    }
    buffer_append_char(copy->out, '"');
    while (!take(copy, '"')) {
        const char *start = copy->at;
        size_t length;

        while (copy->at < copy->end && *copy->at != '"' && *copy->at != '\\') {
            copy->at++;
        }
        append_escaped(copy->out, start, (size_t)(copy->at - start));
        if (!take(copy, '\\')) {
            if (copy->at == copy->end) {
                return false;
            }
            continue;
        }
        length = escape_length(copy);
        if (length == 0) {
            return false;
        }
        buffer_append_char(copy->out, '\\');
        buffer_append(copy->out, copy->at, length);
        copy->at += length;
    }
    buffer_append_char(copy->out, '"');
    return true;
}

static bool
take_digits(struct copy *copy)
{
    const char *start = copy->at;

    while (copy->at < copy->end && *copy->at >= '0' && *copy->at <= '9') {
        copy->at++;
    }
    return copy->at > start;
}

static bool
copy_number(struct copy *copy)
{
    const char *start = copy->at;

    (void)take(copy, '-');
    if (!take(copy, '0') && !take_digits(copy)) {
        return false;
    }
    if (take(copy, '.') && !take_digits(copy)) {
        return false;
    }
    if (take(copy, 'e') || take(copy, 'E')) {
        if (!take(copy, '-')) {
            (void)take(copy, '+');
        }
        if (!take_digits(copy)) {
            return false;
        }
    }
    buffer_append(copy->out, start, (size_t)(copy->at - start));
    return true;
}

static bool
copy_word(struct copy *copy)
{
    static const struct {
        const char *word;
        const char *meaning;
    } words[] = {
        {"null", "null"}, {"true", "true"},     {"false", "false"},
        {"NaN", "null"},  {"Infinity", "null"}, {"-Infinity", "null"},
    };

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (take_word(copy, words[i].word)) {
            buffer_append_text(copy->out, words[i].meaning);
            return true;
        }
    }
    return false;
}

/* The rest of an object (with keys) or an array, behind its bracket. */
static bool
copy_members(struct copy *copy, bool has_keys, char closing)
{
    skip_blanks(copy);
    if (take(copy, closing)) {
        buffer_append_char(copy->out, closing);
        return true;
    }
    do {
        skip_blanks(copy);
        if (has_keys) {
            if (!copy_string(copy)) {
                return false;
            }
            skip_blanks(copy);
            if (!take(copy, ':')) {
                return false;
            }
            buffer_append_char(copy->out, ':');
        }
        if (!copy_value(copy)) {
            return false;
        }
        skip_blanks(copy);
        buffer_append_char(copy->out, ',');
    } while (take(copy, ','));
    if (!take(copy, closing)) {
        return false;
    }
    if (buffer_is_ok(copy->out)) {
        copy->out->data[copy->out->size - 1] = closing; /* the last comma */
    }
    return true;
}

static bool
copy_nested(struct copy *copy, char opening, char closing)
{
    bool ok;

    if (copy->depth == JSON_DEPTH_MAX) {
        return false;
    }
    copy->depth++;
    buffer_append_char(copy->out, opening);
    ok = copy_members(copy, opening == '{', closing);
    copy->depth--;
    return ok;
}

static bool
copy_value(struct copy *copy)
{
    skip_blanks(copy);
    if (copy->at == copy->end) {
        return false;
    }
    if (*copy->at == '"') {
        return copy_string(copy);
    }
    if (take(copy, '{')) {
        return copy_nested(copy, '{', '}');
    }
    if (take(copy, '[')) {
        return copy_nested(copy, '[', ']');
    }
    return copy_word(copy) || copy_number(copy);
}

bool
json_append_value(struct buffer *buffer, const char *json, size_t size)
{
    struct copy copy = {.out = buffer, .at = json, .end = json + size};
    size_t old_size = buffer->size;

    if (copy_value(&copy)) {
        skip_blanks(&copy);
        if (copy.at == copy.end) {
            return true;
        }
    }
    buffer->size = old_size;
    if (buffer->data != NULL) {
        buffer->data[old_size] = '\0';
    }
    return false;
}

size_t
json_write_u64(char out[JSON_U64_SIZE], uint64_t value)
{
    static const char pairs[] = "00010203040506070809"
                                "10111213141516171819"
                                "20212223242526272829"
                                "30313233343536373839"
                                "40414243444546474849"
                                "50515253545556575859"
                                "60616263646566676869"
                                "70717273747576777879"
                                "80818283848586878889"
                                "90919293949596979899";
    char digits[JSON_U64_SIZE];
    size_t at = JSON_U64_SIZE;

    while (value >= 100) {
        at -= 2;
        memcpy(digits + at, pairs + value % 100 * 2, 2);
        value /= 100;
    }
    if (value >= 10) {
        at -= 2;
        memcpy(digits + at, pairs + value * 2, 2);
    } else {
        at--;
        digits[at] = (char)('0' + value);
    }
    memcpy(out, digits + at, JSON_U64_SIZE - at);
    return JSON_U64_SIZE - at;
}

size_t
json_write_microseconds(char out[JSON_MICROSECONDS_SIZE], uint64_t time_ns)
{
    size_t length = json_write_u64(out, time_ns / 1000);
    unsigned rest = (unsigned)(time_ns % 1000);

    out[length] = '.';
    out[length + 1] = (char)('0' + rest / 100);
    out[length + 2] = (char)('0' + rest / 10 % 10);
    out[length + 3] = (char)('0' + rest % 10);
    return length + 4;
}
