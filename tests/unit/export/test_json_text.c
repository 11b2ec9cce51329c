// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cJSON.h>

#include "base/buffer.h"
#include "base/utf8.h"
#include "export/json_text.h"

/* The characters of a string with U+FFFD for each byte that is none. */
static char *
repaired(const char *text, size_t size)
{
    struct buffer buffer = {0};

    buffer_append_text(&buffer, "");
    for (size_t at = 0; at < size;) {
        uint32_t character;
        size_t length = utf8_decode(text + at, size - at, &character);

        if (character == UTF8_INVALID) {
            buffer_append_text(&buffer, "\xef\xbf\xbd");
        } else {
            buffer_append(&buffer, text + at, length);
        }
        at += length;
    }
    return buffer_take(&buffer);
}

static void
expect_read_back(const char *text, size_t size)
{
    struct buffer json = {0};
    char *expected = repaired(text, size);
    cJSON *parsed;

    json_append_string(&json, text, size);
    parsed = cJSON_ParseWithLengthOpts(json.data, json.size + 1, NULL, true);
    cr_assert(parsed != NULL, "%s", json.data);
    cr_assert(eq(str, cJSON_GetStringValue(parsed), expected));
    cr_assert(strstr(json.data, "</") == NULL);
    for (size_t i = 0; i < json.size; i++) {
        cr_assert(0x20 <= (unsigned char)json.data[i]);
    }
    cJSON_Delete(parsed);
    free(expected);
    buffer_release(&json);
}

Test(json_text, reads_back_as_the_string_it_was)
{
    static const char *const texts[] = {
        "",
        "plain",
        "\"quoted\" \\ and /slashed/",
        "a\nb\tc\rd\be\ff\x01g\x1fh\x7f",
        "</script><script>alert(1)</script>",
        "<</<//",
        "caf\xc3\xa9 \xe2\x80\xa8 \xe2\x80\xa9 \xf0\x9f\x98\x80",
        "\xff\xfe\x80 \xc3",
        "\xed\xa0\x80 \xc0\xaf \xf4\x90\x80\x80 \xe2\x82",
    };

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        expect_read_back(texts[i], strlen(texts[i]));
    }
}

Test(json_text, reads_back_random_bytes)
{
    static const char alphabet[] =
        "\"\\</ab\n\x01\x7f\xc3\xa9\xe2\x80\xa8\xf0\x9f\x98\x80\xff\xed";
    uint32_t state = 1;

    for (int i = 0; i < 20000; i++) {
        char text[40];
        size_t size = (size_t)i % sizeof text;

        for (size_t k = 0; k < size; k++) {
            state = state * 1664525u + 1013904223u;
            text[k] = alphabet[(state >> 16) % (sizeof alphabet - 1)];
        }
        expect_read_back(text, size);
    }
}

Test(json_text, keeps_a_nul_byte)
{
    struct buffer json = {0};

    json_append_string(&json, "a\0b", 3);
    cr_assert(eq(str, json.data, "\"a\\u0000b\""));
    buffer_release(&json);
}

static void
expect_double(double value, const char *text)
{
    struct buffer json = {0};

    json_append_double(&json, value);
    cr_assert(eq(str, json.data, (char *)text));
    buffer_release(&json);
}

Test(json_text, writes_the_shortest_number_that_reads_back)
{
    uint64_t state = 1;

    expect_double(0, "0");
    expect_double(0.1, "0.1");
    expect_double(-2.5, "-2.5");
    expect_double(1e300, "1e+300");
    expect_double(1.0 / 3, "0.3333333333333333");
    expect_double(123456789, "123456789");
    for (int i = 0; i < 100000; i++) {
        struct buffer json = {0};
        double value;

        state = state * 6364136223846793005u + 1442695040888963407u;
        memcpy(&value, &state, sizeof value);
        json_append_double(&json, value);
        if (isfinite(value)) {
            cr_assert(strtod(json.data, NULL) == value, "%s", json.data);
        }
        buffer_release(&json);
    }
}

Test(json_text, has_no_word_for_what_is_no_number)
{
    expect_double(NAN, "null");
    expect_double(INFINITY, "null");
    expect_double(-INFINITY, "null");
}

Test(json_text, writes_a_point_in_every_locale)
{
    static const char *const names[] = {"de_DE.UTF-8", "fr_FR.UTF-8",
                                        "ps_AF.UTF-8"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (setlocale(LC_NUMERIC, names[i]) != NULL) {
            expect_double(0.1, "0.1");
            expect_double(1.0 / 3, "0.3333333333333333");
        }
    }
}

static void
expect_copy(const char *json, const char *copied)
{
    struct buffer buffer = {0};

    buffer_append_text(&buffer, "x");
    cr_assert(json_append_value(&buffer, json, strlen(json)), "%s", json);
    cr_assert(eq(str, buffer.data + 1, (char *)copied));
    buffer_release(&buffer);
}

Test(json_text, copies_a_value_without_its_blanks)
{
    expect_copy(" { \"a\" : [ 1 , 2.5e-3 , -0 , \"x\\u00e9\\n\" ] } ",
                "{\"a\":[1,2.5e-3,-0,\"x\\u00e9\\n\"]}");
    expect_copy("{}", "{}");
    expect_copy("[ ]", "[]");
    expect_copy("[[],{},null,true,false]", "[[],{},null,true,false]");
    expect_copy("12345678901234567890123", "12345678901234567890123");
    expect_copy("\"\\\"\\\\\\/\"", "\"\\\"\\\\\\/\"");
}

Test(json_text, repairs_what_python_writes_and_json_has_not)
{
    expect_copy("[NaN,Infinity,-Infinity]", "[null,null,null]");
    expect_copy("\"a\xff</script>\n\"", "\"a\xef\xbf\xbd<\\/script>\\n\"");
}

Test(json_text, refuses_what_is_no_value)
{
    static const char *const texts[] = {
        "",           " ",         "{",           "[",     "[1",
        "[1,",        "[1,]",      "{\"a\"}",     "{a:1}", "{\"a\":}",
        "01",         "1.",        ".5",          "-",     "1e",
        "+1",         "nul",       "nulls",       "\"",    "\"\\",
        "\"\\x\"",    "\"\\u12\"", "\"\\u12g4\"", "1 2",   "[1 2]",
        "{\"a\":1,}", "{\"a\" 1}", "[}",          "{]",    "'a'",
        "\"\\u123",
    };

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct buffer buffer = {0};

        buffer_append_text(&buffer, "x");
        cr_assert(not(json_append_value(&buffer, texts[i], strlen(texts[i]))),
                  "%s", texts[i]);
        cr_assert(eq(str, buffer.data, "x"));
        buffer_release(&buffer);
    }
}

Test(json_text, never_reads_past_the_end_of_a_value)
{
    static const char whole[] =
        "{\"a\":[1,-2.5e+3,\"\\u00e9\\n\xc3\xa9\",NaN,true,{\"b\":null}]}";

    for (size_t size = 0; size < sizeof whole - 1; size++) {
        struct buffer buffer = {0};
        char *part = malloc(size + 1); /* so that asan sees the end */

        memcpy(part, whole, size);
        part = realloc(part, size == 0 ? 1 : size);
        cr_assert(not(json_append_value(&buffer, part, size)), "%zu", size);
        free(part);
        buffer_release(&buffer);
    }
}

Test(json_text, bounds_the_depth_of_a_value)
{
    for (size_t depth = JSON_DEPTH_MAX - 1; depth <= JSON_DEPTH_MAX + 1;
         depth++) {
        char text[2 * JSON_DEPTH_MAX + 3] = "";
        struct buffer buffer = {0};

        memset(text, '[', depth);
        memset(text + depth, ']', depth);
        cr_assert(eq(int, json_append_value(&buffer, text, 2 * depth),
                     depth <= JSON_DEPTH_MAX));
        buffer_release(&buffer);
    }
}

Test(json_text, writes_whole_numbers_as_printf_does)
{
    uint64_t state = 1;

    for (int i = 0; i < 200000; i++) {
        char expected[64];
        char digits[JSON_U64_SIZE + 1];
        char time[JSON_MICROSECONDS_SIZE + 1];
        uint64_t value;

        state = state * 6364136223846793005u + 1442695040888963407u;
        value = i == 0 ? UINT64_MAX : i == 1 ? 0 : state >> (i % 64);
        digits[json_write_u64(digits, value)] = '\0';
        (void)snprintf(expected, sizeof expected, "%lu", value);
        cr_assert(eq(str, digits, expected));
        time[json_write_microseconds(time, value)] = '\0';
        (void)snprintf(expected, sizeof expected, "%lu.%03lu", value / 1000,
                       value % 1000);
        cr_assert(eq(str, time, expected));
    }
}
