// SPDX-License-Identifier: Apache-2.0
/*
 * Times never become doubles: "0.1" has no exact one, and an absolute time in
 * microseconds has none with three decimals. Their digits are one integer with
 * a decimal exponent.
 */
#include "import/json_value.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/utf8.h"

enum {
    DIGITS_MAX = 19,      /* of a decimal; they fit 64 bits */
    EXPONENT_MAX = 10000, /* more is the same: far too large, or nothing */
    NS_EXPONENT = 3,      /* of a microsecond */
};

/* digits * 10^exponent. What is behind DIGITS_MAX digits is dropped. */
struct decimal {
    uint64_t digits;
    int exponent;
    int places; /* written behind the point, less the exponent */
    bool is_negative;
};

static inline bool
is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* Take digits; each one behind the point lowers the exponent. */
static const char *
take_digits(struct decimal *decimal, const char *next, const char *end,
            int step)
{
    for (; next < end && is_digit(*next); next++) {
        if (decimal->digits < UINT64_C(1000000000000000000)) {
            decimal->digits = decimal->digits * 10 + (uint64_t)(*next - '0');
            decimal->exponent -= step;
        } else if (step == 0) {
            decimal->exponent++;
        }
        decimal->places += step;
    }
    return next;
}

/* "e+12"; NULL when there is no digit. */
static const char *
take_exponent(struct decimal *decimal, const char *next, const char *end)
{
    bool is_negative = false;
    int exponent = 0;

    next++;
    if (next < end && (*next == '+' || *next == '-')) {
        is_negative = *next == '-';
        next++;
    }
    if (next == end) {
        return NULL;
    }
    for (; next < end && is_digit(*next); next++) {
        if (exponent < EXPONENT_MAX) {
            exponent = exponent * 10 + (*next - '0');
        }
    }
    decimal->exponent += is_negative ? -exponent : exponent;
    decimal->places -= is_negative ? -exponent : exponent;
    return next;
}

static bool
parse_decimal(struct text_span word, struct decimal *decimal)
{
    const char *next = word.data;
    const char *end;
    const char *begin;

    if (word.size == 0) {
        return false; /* there may be no data at all */
    }
    end = word.data + word.size;
    *decimal = (struct decimal){0};
    if (*next == '-') {
        decimal->is_negative = true;
        next++;
    }
    begin = next;
    next = take_digits(decimal, next, end, 0);
    if (next == begin) {
        return false;
    }
    if (next < end && *next == '.') {
        begin = next + 1;
        next = take_digits(decimal, begin, end, 1);
        if (next == begin) {
            return false;
        }
    }
    if (next < end && (*next == 'e' || *next == 'E')) {
        next = take_exponent(decimal, next, end);
    }
    return next == end;
}

/* digits * 10^exponent, rounded half up; false beyond JSON_TIME_MAX. */
static bool
scale(uint64_t digits, int exponent, uint64_t *value)
{
    uint64_t power = 1;

    for (; exponent > 0 && digits > 0; exponent--) {
        if (digits > (uint64_t)JSON_TIME_MAX / 10) {
            return false;
        }
        digits *= 10;
    }
    if (exponent < -DIGITS_MAX) {
        digits = 0; /* less than a tenth of a unit */
    }
    for (; exponent < 0 && digits > 0; exponent++) {
        power *= 10;
    }
    *value =
        digits / power + (digits % power >= power - power / 2 && power > 1);
    return *value <= (uint64_t)JSON_TIME_MAX;
}

bool
json_value_time(struct text_span word, int64_t *ns, int *decimals)
{
    struct decimal decimal;
    uint64_t value;

    if (!parse_decimal(word, &decimal)
        || !scale(decimal.digits, decimal.exponent + NS_EXPONENT, &value)) {
        return false;
    }
    if (decimal.places > *decimals) {
        *decimals = decimal.places;
    }
    *ns = decimal.is_negative ? -(int64_t)value : (int64_t)value;
    return true;
}

bool
json_value_u64(struct text_span word, uint64_t *value)
{
    uint64_t found = 0;

    if (word.size == 0 || word.size > 19) {
        return false;
    }
    for (size_t i = 0; i < word.size; i++) {
        if (!is_digit(word.data[i])) {
            return false;
        }
        found = found * 10 + (uint64_t)(word.data[i] - '0');
    }
    *value = found;
    return true;
}

static bool
is_text(struct text_span word, const char *text)
{
    return word.size == strlen(text) && memcmp(word.data, text, word.size) == 0;
}

/* Words that are numbers to a counter. */
static bool
find_literal(struct text_span word, double *value)
{
    static const struct literal {
        const char *text;
        double value;
    } literals[] = {
        {"true", 1},
        {"false", 0},
        {"NaN", NAN},
        {"Infinity", INFINITY},
        {"-Infinity", -INFINITY},
    };

    for (size_t i = 0; i < sizeof literals / sizeof *literals; i++) {
        if (is_text(word, literals[i].text)) {
            *value = literals[i].value;
            return true;
        }
    }
    return false;
}

static bool
is_integer(struct text_span word, int64_t *integer)
{
    struct text_span digits = word;
    bool is_negative = word.size > 0 && word.data[0] == '-';
    uint64_t value;

    if (is_negative) {
        digits.data++;
        digits.size--;
    }
    if (!json_value_u64(digits, &value) || value > (uint64_t)INT64_MAX) {
        return false;
    }
    *integer = is_negative ? -(int64_t)value : (int64_t)value;
    return true;
}

bool
json_value_number(struct text_span word, struct counter_value *value)
{
    char text[48];
    struct decimal decimal;
    int64_t integer;
    double real;

    if (is_integer(word, &integer)) {
        value->type = VZT_VALUE_INT64;
        value->value.integer = integer;
        return true;
    }
    if (!find_literal(word, &real)) {
        if (!parse_decimal(word, &decimal)) {
            return false;
        }
        /* without a point, whose character is the locale's */
        (void)snprintf(text, sizeof text, "%s%" PRIu64 "e%d",
                       decimal.is_negative ? "-" : "", decimal.digits,
                       decimal.exponent);
        real = strtod(text, NULL);
    }
    value->type = VZT_VALUE_DOUBLE;
    value->value.real = real;
    return true;
}

static int
hex_digit(char byte)
{
    if (is_digit(byte)) {
        return byte - '0';
    }
    byte |= 0x20;
    return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* "\uXXXX" at next; -1 when that is not there. */
static int32_t
unicode_escape(const char *next, const char *end)
{
    int32_t unit = 0;

    if (end - next < 6 || next[0] != '\\' || next[1] != 'u') {
        return -1;
    }
    for (int i = 2; i < 6; i++) {
        int digit = hex_digit(next[i]);

        if (digit < 0) {
            return -1;
        }
        unit = unit * 16 + digit;
    }
    return unit;
}

/* Append the character of a \u escape, or of a pair of them. */
static const char *
put_unicode(const char *next, const char *end, struct buffer *out)
{
    int32_t unit = unicode_escape(next, end);
    uint32_t character = unit < 0 ? 0xFFFD : (uint32_t)unit;
    char bytes[UTF8_MAX_SIZE];

    next += unit < 0 ? 2 : 6;
    if (unit >= 0xD800 && unit < 0xDC00) {
        int32_t low = unicode_escape(next, end);

        if (low >= 0xDC00 && low < 0xE000) {
            character = 0x10000 + (((uint32_t)unit - 0xD800) << 10)
                        + ((uint32_t)low - 0xDC00);
            next += 6;
        }
    }
    if (character == 0 || (character >= 0xD800 && character < 0xE000)) {
        character = 0xFFFD;
    }
    buffer_append(out, bytes, utf8_encode(character, bytes));
    return next;
}

static const char *
put_escape(const char *next, const char *end, struct buffer *out)
{
    static const char names[] = "\"\\/bfnrt";
    static const char bytes[] = "\"\\/\b\f\n\r\t";
    const char *name;

    if (end - next < 2) {
        return end;
    }
    if (next[1] == 'u') {
        return put_unicode(next, end, out);
    }
    name = memchr(names, next[1], sizeof names - 1);
    if (name != NULL) {
        buffer_append_char(out, bytes[name - names]);
    }
    return next + 2;
}

/* Bytes that stand for themselves. No C string can hold a NUL. */
static const char *
put_plain(const char *next, const char *end, struct buffer *out)
{
    const char *until = next;

    while (until < end && *until != '\\' && *until != '\0') {
        until++;
    }
    buffer_append(out, next, (size_t)(until - next));
    if (until < end && *until == '\0') {
        buffer_append_text(out, "\xEF\xBF\xBD");
        until++;
    }
    return until;
}

void
json_value_string(struct text_span string, struct buffer *out)
{
    const char *next = string.data;
    const char *end = string.size == 0 ? next : next + string.size;

    while (next < end) {
        next = *next == '\\' ? put_escape(next, end, out)
                             : put_plain(next, end, out);
    }
}
