// SPDX-License-Identifier: Apache-2.0
/*
 * Whole-number arithmetic throughout: a double would round 2.675 the wrong
 * way, and the tests compare with exact decimals.
 */
#include "base/text.h"

#include <stdbool.h>
#include <stdio.h>

static const uint64_t SECOND_NS = 1000000000u;

/* value / unit with that many decimals, as a whole number: 13.60 is 1360.
 * Half is rounded up. A unit up to 2^60 does not overflow. */
static uint64_t
divide_rounded(uint64_t value, uint64_t unit, int decimals)
{
    uint64_t quotient = value / unit;
    uint64_t rest = value % unit;

    for (int i = 0; i < decimals; i++) {
        rest *= 10;
        quotient = quotient * 10 + rest / unit;
        rest %= unit;
    }
    return rest >= unit - rest ? quotient + 1 : quotient;
}

static void
write_decimal(char *buffer, size_t size, uint64_t scaled, int decimals,
              const char *suffix)
{
    uint64_t unit = 1;

    for (int i = 0; i < decimals; i++) {
        unit *= 10;
    }
    if (decimals == 0) {
        (void)snprintf(buffer, size, "%llu%s", (unsigned long long)scaled,
                       suffix);
        return;
    }
    (void)snprintf(buffer, size, "%llu.%0*llu%s",
                   (unsigned long long)(scaled / unit), decimals,
                   (unsigned long long)(scaled % unit), suffix);
}

/*
 * Write value in this unit with that many significant digits. False, and
 * nothing written, when it rounds to limit units or more: the next unit's turn.
 */
static bool
write_in_unit(char *buffer, size_t size, uint64_t value, uint64_t unit,
              int digits, uint64_t limit, const char *suffix)
{
    uint64_t ten = 1;

    for (int i = 0; i < digits; i++) {
        ten *= 10;
    }
    for (int decimals = digits - 1; decimals >= 0; decimals--) {
        uint64_t scaled = divide_rounded(value, unit, decimals);
        uint64_t whole = scaled;

        for (int i = 0; i < decimals; i++) {
            whole /= 10;
        }
        if (whole >= limit) {
            return false;
        }
        if (scaled < ten || decimals == 0) {
            write_decimal(buffer, size, scaled, decimals, suffix);
            return true;
        }
    }
    return false;
}

/* A minute and more: two whole units. */
static void
write_long_duration(char *buffer, size_t size, uint64_t duration_ns)
{
    uint64_t seconds = divide_rounded(duration_ns, SECOND_NS, 0);
    uint64_t minutes = divide_rounded(duration_ns, 60 * SECOND_NS, 0);
    uint64_t hours = divide_rounded(duration_ns, 3600 * SECOND_NS, 0);

    if (seconds < 3600) {
        (void)snprintf(buffer, size, "%llu min %llu s",
                       (unsigned long long)(seconds / 60),
                       (unsigned long long)(seconds % 60));
    } else if (minutes < (uint64_t)24 * 60) {
        (void)snprintf(buffer, size, "%llu h %llu min",
                       (unsigned long long)(minutes / 60),
                       (unsigned long long)(minutes % 60));
    } else {
        (void)snprintf(buffer, size, "%llu d %llu h",
                       (unsigned long long)(hours / 24),
                       (unsigned long long)(hours % 24));
    }
}

const char *
text_duration(char *buffer, size_t size, uint64_t duration_ns, int is_ascii)
{
    if (duration_ns < 1000) {
        (void)snprintf(buffer, size, "%llu ns",
                       (unsigned long long)duration_ns);
    } else if (!write_in_unit(buffer, size, duration_ns, 1000, 3, 1000,
                              is_ascii ? " us" : " \xc2\xb5s")
               && !write_in_unit(buffer, size, duration_ns, 1000000, 4, 1000,
                                 " ms")
               && !write_in_unit(buffer, size, duration_ns, SECOND_NS, 4, 60,
                                 " s")) {
        write_long_duration(buffer, size, duration_ns);
    }
    return buffer;
}

const char *
text_count(char *buffer, size_t size, uint64_t count)
{
    static const char *const suffixes[] = {"k", "M", "G", "T", "P", "E"};
    uint64_t unit = 1000;

    if (count < 1000) {
        write_decimal(buffer, size, count, 0, "");
        return buffer;
    }
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
        if (write_in_unit(buffer, size, count, unit, 3, 1000, suffixes[i])) {
            break;
        }
        unit *= 1000;
    }
    return buffer;
}

const char *
text_grouped(char *buffer, size_t size, uint64_t count)
{
    char digits[TEXT_NUMBER_SIZE];
    char grouped[TEXT_NUMBER_SIZE];
    int length =
        snprintf(digits, sizeof digits, "%llu", (unsigned long long)count);
    size_t used = 0;

    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0) {
            grouped[used++] = ',';
        }
        grouped[used++] = digits[i];
    }
    grouped[used] = '\0';
    (void)snprintf(buffer, size, "%s", grouped);
    return buffer;
}

const char *
text_size(char *buffer, size_t size, uint64_t bytes)
{
    static const char *const suffixes[] = {" KiB", " MiB", " GiB",
                                           " TiB", " PiB", " EiB"};
    uint64_t unit = 1024;

    if (bytes < 1024) {
        write_decimal(buffer, size, bytes, 0, " B");
        return buffer;
    }
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
        if (write_in_unit(buffer, size, bytes, unit, 3, 1024, suffixes[i])) {
            break;
        }
        unit *= 1024;
    }
    return buffer;
}

const char *
text_percent(char *buffer, size_t size, uint64_t part, uint64_t whole)
{
    bool is_all = part >= whole;
    uint64_t permille;

    while (part > UINT64_MAX / 2000) { /* less than a rounding error goes */
        part /= 2;
        whole /= 2;
    }
    if (part == 0 || whole == 0) {
        (void)snprintf(buffer, size, "0%%");
        return buffer;
    }
    permille = (part * 1000 + whole / 2) / whole;
    if (is_all) {
        (void)snprintf(buffer, size, "100%%");
    } else if (permille == 0) {
        (void)snprintf(buffer, size, "<0.1%%");
    } else {
        permille = permille < 999 ? permille : 999;
        (void)snprintf(buffer, size, "%llu.%llu%%",
                       (unsigned long long)(permille / 10),
                       (unsigned long long)(permille % 10));
    }
    return buffer;
}
