// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

typedef unsigned __int128 wide;

struct unit {
    const char *suffix;
    uint64_t factor;
    int digits; /* how many significant ones are promised */
};

static char *
duration(uint64_t duration_ns)
{
    static char buffer[TEXT_NUMBER_SIZE];

    return (char *)text_duration(buffer, sizeof buffer, duration_ns, 1);
}

static char *
count(uint64_t value)
{
    static char buffer[TEXT_NUMBER_SIZE];

    return (char *)text_count(buffer, sizeof buffer, value);
}

static char *
size_text(uint64_t value)
{
    static char buffer[TEXT_NUMBER_SIZE];

    return (char *)text_size(buffer, sizeof buffer, value);
}

static char *
grouped(uint64_t value)
{
    static char buffer[TEXT_NUMBER_SIZE];

    return (char *)text_grouped(buffer, sizeof buffer, value);
}

/*
 * The oracle: read the text back and ask that it is the nearest number with
 * that many digits, with as many digits as are promised (one more where the
 * next unit begins after 1000, as with 1023 KiB).
 */
static void
expect_nearest(const char *text, uint64_t value, const struct unit *units)
{
    wide scaled = 0;
    wide ten = 1;
    int digits = 0;
    int decimals = -1;
    const char *at = text;

    for (; (*at >= '0' && *at <= '9') || *at == '.'; at++) {
        if (*at == '.') {
            decimals = 0;
            continue;
        }
        scaled = scaled * 10 + (wide)(*at - '0');
        digits++;
        if (decimals >= 0) {
            decimals++;
            ten *= 10;
        }
    }
    while (units->suffix != NULL && strcmp(units->suffix, at) != 0) {
        units++;
    }
    cr_assert(units->suffix != NULL, "unknown unit in '%s'", text);

    wide given = scaled * units->factor;
    wide exact = (wide)value * ten;
    wide off = given > exact ? given - exact : exact - given;

    cr_assert(off * 2 <= units->factor, "'%s' for %lu", text, value);
    if (units->factor > 1) {
        cr_assert(digits == units->digits || (digits == 4 && decimals < 0),
                  "'%s' for %lu", text, value);
    }
}

static const struct unit duration_units[] = {{" ns", 1, 0},
                                             {" us", 1000, 3},
                                             {" ms", 1000000, 4},
                                             {" s", 1000000000, 4},
                                             {NULL, 0, 0}};
static const struct unit count_units[] = {{"", 1, 0},
                                          {"k", 1000, 3},
                                          {"M", 1000000, 3},
                                          {"G", 1000000000, 3},
                                          {"T", 1000000000000, 3},
                                          {"P", 1000000000000000, 3},
                                          {"E", 1000000000000000000, 3},
                                          {NULL, 0, 0}};
static const struct unit size_units[] = {{" B", 1, 0},
                                         {" KiB", (uint64_t)1 << 10, 3},
                                         {" MiB", (uint64_t)1 << 20, 3},
                                         {" GiB", (uint64_t)1 << 30, 3},
                                         {" TiB", (uint64_t)1 << 40, 3},
                                         {" PiB", (uint64_t)1 << 50, 3},
                                         {" EiB", (uint64_t)1 << 60, 3},
                                         {NULL, 0, 0}};

/* Numbers of every length, and those next to every rounding edge. */
static uint64_t
next_value(uint64_t *state, int i)
{
    static const uint64_t edges[] = {
        999,     9995,    99950,      999500,     9999500,   99995000,
        1023487, 1048063, 1073217536, 1073741823, 999999999, 59995000000};

    *state = *state * 6364136223846793005u + 1442695040888963407u;
    if (i % 4 == 0) {
        return edges[*state >> 32 & 7] + (*state >> 40) % 7 - 3;
    }
    return *state >> (i % 64);
}

Test(text, rounds_every_number_to_the_nearest_text)
{
    uint64_t state = 1;

    for (int i = 0; i < 300000; i++) {
        uint64_t value = next_value(&state, i);

        expect_nearest(count(value), value, count_units);
        expect_nearest(size_text(value), value, size_units);
        if (value < 59995000000) {
            expect_nearest(duration(value), value, duration_units);
        }
    }
}

Test(text, changes_the_unit_when_rounding_reaches_it)
{
    cr_assert(eq(str, duration(999), "999 ns"));
    cr_assert(eq(str, duration(1000), "1.00 us"));
    cr_assert(eq(str, duration(9994), "9.99 us"));
    cr_assert(eq(str, duration(9995), "10.0 us"));
    cr_assert(eq(str, duration(999499), "999 us"));
    cr_assert(eq(str, duration(999500), "1.000 ms"));
    cr_assert(eq(str, duration(999949999), "999.9 ms"));
    cr_assert(eq(str, duration(999950000), "1.000 s"));
    cr_assert(eq(str, duration(59994999999), "59.99 s"));
    cr_assert(eq(str, duration(59995000000), "1 min 0 s"));
    cr_assert(eq(str, count(999), "999"));
    cr_assert(eq(str, count(999499), "999k"));
    cr_assert(eq(str, count(999500), "1.00M"));
    cr_assert(eq(str, size_text(1023), "1023 B"));
    cr_assert(eq(str, size_text(1024 * 1024 - 513), "1023 KiB"));
    cr_assert(eq(str, size_text(1024 * 1024 - 512), "1.00 MiB"));
}

Test(text, writes_the_documented_examples)
{
    char buffer[TEXT_NUMBER_SIZE];

    cr_assert(eq(str, duration(0), "0 ns"));
    cr_assert(eq(str, duration(13600000), "13.60 ms"));
    cr_assert(eq(str, duration(3412000000), "3.412 s"));
    cr_assert(eq(str, duration(125000000000), "2 min 5 s"));
    cr_assert(eq(str, (char *)text_duration(buffer, sizeof buffer, 13600, 0),
                 "13.6 \xc2\xb5s"));
    cr_assert(eq(str, count(1200), "1.20k"));
    cr_assert(eq(str, count(13400000000), "13.4G"));
    cr_assert(eq(str, grouped(1204318), "1,204,318"));
    cr_assert(eq(str, size_text(512), "512 B"));
    cr_assert(eq(str, size_text(399507456), "381 MiB"));
}

Test(text, carries_between_the_two_units_of_a_long_duration)
{
    const uint64_t second = 1000000000;

    cr_assert(eq(str, duration(3599 * second), "59 min 59 s"));
    cr_assert(eq(str, duration(3599 * second + second / 2), "1 h 0 min"));
    cr_assert(
        eq(str, duration(24 * 3600 * second - 31 * second), "23 h 59 min"));
    cr_assert(eq(str, duration(24 * 3600 * second - 30 * second), "1 d 0 h"));
    cr_assert(eq(str, duration(UINT64_MAX), "213504 d 0 h"));
}

Test(text, groups_every_length)
{
    for (uint64_t value = 7; value < UINT64_MAX / 10; value = value * 10 + 3) {
        char plain[TEXT_NUMBER_SIZE];
        char stripped[TEXT_NUMBER_SIZE];
        size_t used = 0;
        const char *text = grouped(value);
        const char *comma = strchr(text, ',');

        for (const char *at = text; *at != '\0'; at++) {
            if (*at != ',') {
                stripped[used++] = *at;
            }
        }
        stripped[used] = '\0';
        (void)snprintf(plain, sizeof plain, "%lu", value);
        cr_assert(eq(str, stripped, plain));
        size_t tail = comma == NULL ? 0 : strlen(comma);

        cr_assert(tail % 4 == 0 && (tail > 0 || used <= 3), "%s", text);
    }
    cr_assert(eq(str, grouped(0), "0"));
    cr_assert(eq(str, grouped(UINT64_MAX), "18,446,744,073,709,551,615"));
}

Test(text, never_writes_past_a_small_buffer)
{
    for (size_t size = 1; size <= TEXT_NUMBER_SIZE; size++) {
        char buffer[TEXT_NUMBER_SIZE + 1];

        memset(buffer, '#', sizeof buffer);
        (void)text_duration(buffer, size, 125000000000, 0);
        (void)text_count(buffer, size, 1204318);
        (void)text_grouped(buffer, size, 1204318);
        (void)text_size(buffer, size, 1204318);
        cr_assert(eq(chr, buffer[size], '#'));
        cr_assert(lt(sz, strlen(buffer), size));
    }
}

static char *
percent(uint64_t part, uint64_t whole)
{
    static char buffer[TEXT_NUMBER_SIZE];

    return (char *)text_percent(buffer, sizeof buffer, part, whole);
}

Test(text, shows_parts_in_percent)
{
    cr_assert(eq(str, percent(0, 5), "0%"));
    cr_assert(eq(str, percent(0, 0), "0%"));
    cr_assert(eq(str, percent(1, 5000), "<0.1%"));
    cr_assert(eq(str, percent(1, 2000), "0.1%"));
    cr_assert(eq(str, percent(121, 1000), "12.1%"));
    cr_assert(eq(str, percent(99999, 100000), "99.9%"));
    cr_assert(eq(str, percent(7, 7), "100%"));
    cr_assert(eq(str, percent(UINT64_MAX / 2, UINT64_MAX), "50.0%"));
    cr_assert(eq(str, percent(UINT64_MAX - 1, UINT64_MAX), "99.9%"));
}
