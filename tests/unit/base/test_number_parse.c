// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>

#include "base/number_parse.h"

struct sample {
    const char *text;
    uint64_t value;
};

typedef bool parse_function(const char *text, uint64_t *value);

static void
expect_all(parse_function *parse, const struct sample *samples)
{
    for (; samples->text != NULL; samples++) {
        uint64_t value = 42;

        cr_expect(parse(samples->text, &value), "'%s' is refused",
                  samples->text);
        cr_expect(eq(u64, value, samples->value), "'%s'", samples->text);
    }
}

static void
expect_none(parse_function *parse, const char *const *texts)
{
    for (; *texts != NULL; texts++) {
        uint64_t value = 42;

        cr_expect(not(parse(*texts, &value)), "'%s' is taken", *texts);
        cr_expect(eq(u64, value, 42), "'%s' changes the value", *texts);
    }
}

Test(number_parse, reads_whole_numbers)
{
    static const struct sample samples[] = {
        {"0", 0},
        {"007", 7},
        {"18446744073709551615", UINT64_MAX},
        {NULL, 0},
    };

    expect_all(number_parse_u64, samples);
}

Test(number_parse, refuses_what_is_no_whole_number)
{
    static const char *const texts[] = {
        "",
        " ",
        "-1",
        "+1",
        " 1",
        "1 ",
        "0x10",
        "1e3",
        "1.0",
        "1,0",
        "\xd9\xa1",
        "18446744073709551616",
        "99999999999999999999999999",
        "inf",
        NULL,
    };

    expect_none(number_parse_u64, texts);
}

Test(number_parse, reads_sizes)
{
    static const struct sample samples[] = {
        {"4096", 4096},
        {"0", 0},
        {"512B", 512},
        {"64K", 65536},
        {"64k", 65536},
        {"64KB", 65536},
        {"64KiB", 65536},
        {"20M", 20971520},
        {"8G", (uint64_t)8 << 30},
        {"1T", (uint64_t)1 << 40},
        {"1PiB", (uint64_t)1 << 50},
        {"15E", (uint64_t)15 << 60},
        {NULL, 0},
    };

    expect_all(number_parse_size, samples);
}

Test(number_parse, refuses_what_is_no_size)
{
    static const char *const texts[] = {
        "",
        "K",
        "1.5G",
        "1X",
        "1KK",
        "1KiBs",
        "1 K",
        "-1K",
        "1iB",
        "1i",
        "1Ki",
        "16E",
        "99999999999999999999",
        NULL,
    };

    expect_none(number_parse_size, texts);
}

Test(number_parse, reads_durations)
{
    static const struct sample samples[] = {
        {"12", 12},
        {"12ns", 12},
        {"3.5us", 3500},
        {"3.5\xc2\xb5s", 3500},
        {"3.5\xce\xbcs", 3500},
        {"20ms", 20000000},
        {"1.5s", 1500000000},
        {"0.000000001s", 1},
        {"1.000000001s", 1000000001},
        {"123.456789012s", 123456789012},
        {"2m", 120000000000},
        {"1h", 3600000000000},
        {"0.25h", 900000000000},
        {"1.00000000000000000000000000000s", 1000000000},
        {NULL, 0},
    };

    expect_all(number_parse_duration, samples);
}

Test(number_parse, refuses_what_is_no_duration)
{
    static const char *const texts[] = {
        "",
        ".5s",
        "5.",
        "5.s",
        "1.2.3s",
        "-1s",
        "1 s",
        "s",
        "1S",
        "1e3s",
        "nan",
        "infs",
        "5124096h",
        "1xs",
        "1\xc2s",
        "1\xb5s",
        "18446744073709551616ns",
        NULL,
    };

    expect_none(number_parse_duration, texts);
}

Test(number_parse, takes_the_largest_duration_that_fits)
{
    uint64_t value = 0;

    cr_assert(number_parse_duration("18446744073.709551615s", &value));
    cr_assert(not(number_parse_duration("18446744073.709551616s", &value)));
    cr_assert(number_parse_duration("5124095h", &value));
}

Test(number_parse, reads_back_every_nanosecond_of_a_decimal)
{
    uint64_t state = 1;

    for (int i = 0; i < 200000; i++) {
        char text[64];
        uint64_t value = 0;

        state = state * 6364136223846793005u + 1442695040888963407u;
        uint64_t expected = state >> (4 + i % 60);

        (void)snprintf(text, sizeof text, "%" PRIu64 ".%09" PRIu64 "s",
                       expected / 1000000000, expected % 1000000000);
        cr_assert(number_parse_duration(text, &value), "%s", text);
        cr_assert(eq(u64, value, expected), "%s", text);
    }
}

Test(number_parse, reads_dimensions)
{
    unsigned width = 0;
    unsigned height = 0;
    static const char *const bad[] = {
        "",     "80",   "x",    "80x",    "x24",     "80X24",   "80x24x1",
        "0x24", "80x0", "-1x5", "80 x24", "10001x5", "5x10001",
    };

    cr_assert(number_parse_dimensions("80x24", &width, &height));
    cr_assert(eq(uint, width, 80));
    cr_assert(eq(uint, height, 24));
    cr_assert(number_parse_dimensions("10000x1", &width, &height));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        cr_expect(not(number_parse_dimensions(bad[i], &width, &height)),
                  "'%s' is taken", bad[i]);
    }
    cr_assert(eq(uint, width, 10000));
}
