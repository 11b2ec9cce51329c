// SPDX-License-Identifier: Apache-2.0
/* No strtoul: it takes signs, blanks and 0x, and depends on the locale. */
#include "base/number_parse.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

enum { DIMENSION_MAX = 10000, FRACTION_DIGITS_MAX = 18 };

struct unit {
    const char *suffix;
    uint64_t factor;
};

static bool
is_digit(char character)
{
    return character >= '0' && character <= '9';
}

/* Take the digits at *text and step over them. */
static bool
take_digits(const char **text, uint64_t *value)
{
    const char *at = *text;
    uint64_t total = 0;

    if (!is_digit(*at)) {
        return false;
    }
    for (; is_digit(*at); at++) {
        uint64_t digit = (uint64_t)(*at - '0');

        if (total > (UINT64_MAX - digit) / 10) {
            return false;
        }
        total = total * 10 + digit;
    }
    *text = at;
    *value = total;
    return true;
}

/* Take ".5", when it is there. Digits past the 18th do not count. */
static bool
take_fraction(const char **text, double *fraction)
{
    const char *at = *text;
    double value = 0;
    double scale = 1;

    *fraction = 0;
    if (*at != '.') {
        return true;
    }
    at++;
    if (!is_digit(*at)) {
        return false;
    }
    for (int i = 0; is_digit(*at); at++, i++) {
        if (i < FRACTION_DIGITS_MAX) {
            value = value * 10 + (*at - '0');
            scale *= 10;
        }
    }
    *text = at;
    *fraction = value / scale;
    return true;
}

static bool
multiply(uint64_t value, uint64_t factor, uint64_t *product)
{
    if (value > UINT64_MAX / factor) {
        return false;
    }
    *product = value * factor;
    return true;
}

bool
number_parse_u64(const char *text, uint64_t *value)
{
    uint64_t parsed;

    if (!take_digits(&text, &parsed) || *text != '\0') {
        return false;
    }
    *value = parsed;
    return true;
}

bool
number_parse_size(const char *text, uint64_t *bytes)
{
    static const char letters[] = "KMGTPE";
    uint64_t number;
    uint64_t factor = 1;
    const char *letter;

    if (!take_digits(&text, &number)) {
        return false;
    }
    letter = *text == '\0' ? NULL : strchr(letters, *text & ~0x20);
    if (letter != NULL && *letter != '\0') {
        factor <<= 10 * (letter - letters + 1);
        text++;
    }
    if (*text != '\0' && strcasecmp(text, "B") != 0
        && (factor == 1 || strcasecmp(text, "iB") != 0)) {
        return false;
    }
    return multiply(number, factor, bytes);
}

bool
number_parse_duration(const char *text, uint64_t *duration_ns)
{
    static const struct unit units[] = {
        {"", 1},
        {"ns", 1},
        {"us", 1000},
        {"\xc2\xb5s", 1000}, /* U+00B5 micro sign */
        {"\xce\xbcs", 1000}, /* U+03BC Greek mu */
        {"ms", 1000000},
        {"s", 1000000000},
        {"m", (uint64_t)60 * 1000000000},
        {"min", (uint64_t)60 * 1000000000},
        {"h", (uint64_t)3600 * 1000000000},
    };
    uint64_t whole;
    double fraction;

    if (!take_digits(&text, &whole) || !take_fraction(&text, &fraction)) {
        return false;
    }
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        uint64_t rest = (uint64_t)(fraction * (double)units[i].factor + 0.5);
        uint64_t total;

        if (strcmp(text, units[i].suffix) != 0) {
            continue;
        }
        if (!multiply(whole, units[i].factor, &total)
            || total > UINT64_MAX - rest) {
            return false;
        }
        *duration_ns = total + rest;
        return true;
    }
    return false;
}

bool
number_parse_dimensions(const char *text, unsigned *width, unsigned *height)
{
    uint64_t columns;
    uint64_t rows;

    if (!take_digits(&text, &columns) || *text != 'x') {
        return false;
    }
    text++;
    if (!take_digits(&text, &rows) || *text != '\0') {
        return false;
    }
    if (columns < 1 || columns > DIMENSION_MAX || rows < 1
        || rows > DIMENSION_MAX) {
        return false;
    }
    *width = (unsigned)columns;
    *height = (unsigned)rows;
    return true;
}
