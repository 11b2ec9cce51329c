// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "import/json_value.h"
#include "support/random.h"

static struct text_span
span(const char *text)
{
    return (struct text_span){.data = text, .size = strlen(text)};
}

static void
expect_time(const char *text, int64_t expected)
{
    int64_t ns = -1;
    int decimals = 0;

    cr_assert(json_value_time(span(text), &ns, &decimals), "%s", text);
    cr_assert(eq(i64, ns, expected), "%s", text);
}

static void
expect_no_time(const char *text)
{
    int64_t ns;
    int decimals = 0;

    cr_assert(not(json_value_time(span(text), &ns, &decimals)), "%s", text);
}

Test(json_value, reads_microseconds_as_exact_nanoseconds)
{
    expect_time("0", 0);
    expect_time("-0.0", 0);
    expect_time("1", 1000);
    expect_time("0.001", 1);
    expect_time("0.0004999999999999999999999999", 0);
    expect_time("0.0005", 1);
    expect_time("-0.0005", -1);
    expect_time("1e-05", 0);
    expect_time("1e-3", 1);
    expect_time("12.5E+2", 1250000);
    expect_time("0.14076922", 141);
    expect_time("1700000000000000.123", 1700000000000000123);
    expect_time("14741708626.192", 14741708626192);
    expect_time("0e99999999999", 0);
    expect_time("1e-99999999999", 0);
    expect_time("2305843009213693.951", JSON_TIME_MAX);
    expect_no_time("2305843009213693.952");
    expect_no_time("1e13000");
    expect_no_time("99999999999999999999999999");
    expect_no_time("");
    expect_no_time("-");
    expect_no_time(".5");
    expect_no_time("5.");
    expect_no_time("1e");
    expect_no_time("NaN");
    expect_no_time("12x");
}

/* One number, written in many ways. */
Test(json_value, reads_a_time_however_it_is_written)
{
    struct random random = {7};

    for (int i = 0; i < 20000; i++) {
        int64_t ns =
            (int64_t)(random_u64(&random) >> (4 + random_below(&random, 60)));
        int shift = (int)random_below(&random, 6);
        char text[64];

        (void)snprintf(text, sizeof text, "%" PRId64 ".%03d", ns / 1000,
                       (int)(ns % 1000));
        expect_time(text, ns);
        (void)snprintf(text, sizeof text, "%" PRId64 "e-3", ns);
        expect_time(text, ns);
        (void)snprintf(text, sizeof text, "-%" PRId64 ".%03de0", ns / 1000,
                       (int)(ns % 1000));
        expect_time(text, -ns);
        (void)snprintf(text, sizeof text, "%" PRId64 "%0*de-%d", ns / 1000000,
                       6 + shift, 0, 3 + shift);
        expect_time(text, ns / 1000000 * 1000000);
    }
}

Test(json_value, says_how_many_places_times_have)
{
    int decimals = 0;
    int64_t ns;

    cr_assert(json_value_time(span("12"), &ns, &decimals));
    cr_assert(eq(int, decimals, 0));
    cr_assert(json_value_time(span("1.25"), &ns, &decimals));
    cr_assert(eq(int, decimals, 2));
    cr_assert(json_value_time(span("1.5"), &ns, &decimals));
    cr_assert(eq(int, decimals, 2));
    cr_assert(json_value_time(span("15e-4"), &ns, &decimals));
    cr_assert(eq(int, decimals, 4));
}

Test(json_value, reads_numbers_of_counters)
{
    struct counter_value value;

    cr_assert(json_value_number(span("-9223372036854775807"), &value));
    cr_assert(eq(int, value.type, VZT_VALUE_INT64));
    cr_assert(eq(i64, value.value.integer, -INT64_MAX));
    cr_assert(json_value_number(span("-2.5e1"), &value));
    cr_assert(eq(int, value.type, VZT_VALUE_DOUBLE));
    cr_assert(eq(dbl, value.value.real, -25));
    cr_assert(json_value_number(span("0.1"), &value));
    cr_assert(eq(dbl, value.value.real, 0.1));
    cr_assert(json_value_number(span("18446744073709551616"), &value));
    cr_assert(eq(dbl, value.value.real, 18446744073709551616.0));
    cr_assert(json_value_number(span("true"), &value));
    cr_assert(eq(dbl, value.value.real, 1));
    cr_assert(json_value_number(span("NaN"), &value));
    cr_assert(isnan(value.value.real) != 0);
    cr_assert(json_value_number(span("-Infinity"), &value));
    cr_assert(value.value.real < -1e308);
    cr_assert(not(json_value_number(span("null"), &value)));
    cr_assert(not(json_value_number(span(""), &value)));
    cr_assert(not(json_value_number(span("1.2.3"), &value)));
}

static void
expect_string(const char *text, const char *expected)
{
    struct buffer out = {0};

    buffer_append_text(&out, "");
    json_value_string(span(text), &out);
    cr_assert(eq(str, out.data, (char *)expected), "%s", text);
    buffer_release(&out);
}

Test(json_value, decodes_strings)
{
    expect_string("", "");
    expect_string("plain \xC3\xA9", "plain \xC3\xA9");
    expect_string("\\\"\\\\\\/\\b\\f\\n\\r\\t", "\"\\/\b\f\n\r\t");
    expect_string("\\u0041\\u00e9\\u20AC", "A\xC3\xA9\xE2\x82\xAC");
    expect_string("\\ud83d\\ude00", "\xF0\x9F\x98\x80");
    expect_string("\\ud83dx", "\xEF\xBF\xBDx");
    expect_string("\\ude00", "\xEF\xBF\xBD");
    expect_string("\\ud83d\\ud83d\\ude00", "\xEF\xBF\xBD\xF0\x9F\x98\x80");
    expect_string("a\\u0000b", "a\xEF\xBF\xBD"
                               "b");
    expect_string("a\\", "a");
    expect_string("a\\u12", "a\xEF\xBF\xBD"
                            "12");
    expect_string("a\\qb", "ab");
}
