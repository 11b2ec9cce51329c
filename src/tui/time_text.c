// SPDX-License-Identifier: Apache-2.0
#include "tui/time_text.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "tui/time_grid.h"

enum { NS_PER_SECOND = 1000000000 };

/* value / unit with all the decimals, or those that are not trailing zeros. */
static void
write_exact(char *text, const char *sign, uint64_t value, uint64_t unit,
            const char *unit_name, bool keeps_zeros)
{
    uint64_t rest = value % unit;

    if (unit == 1 || (rest == 0 && !keeps_zeros)) {
        (void)snprintf(text, TIME_TEXT_SIZE, "%s%" PRIu64 "%s", sign,
                       value / unit, unit_name);
        return;
    }
    int decimals = 0;

    for (uint64_t power = unit; power > 1; power /= 10) {
        decimals++;
    }
    while (!keeps_zeros && rest % 10 == 0) {
        rest /= 10;
        decimals--;
    }
    (void)snprintf(text, TIME_TEXT_SIZE, "%s%" PRIu64 ".%0*" PRIu64 "%s", sign,
                   value / unit, decimals, rest, unit_name);
}

const char *
time_display_name(enum time_display display)
{
    static const char *const names[TIME_DISPLAY_COUNT] = {
        [TIME_FROM_START] = "from the start",
        [TIME_FROM_CURSOR] = "from the cursor",
        [TIME_OF_CLOCK] = "of the clock (UTC)",
        [TIME_IN_NS] = "in nanoseconds",
    };

    assert(display < TIME_DISPLAY_COUNT);
    return names[display];
}

static const char *
write_offset(char text[TIME_TEXT_SIZE], int64_t offset_ns, bool is_ascii,
             bool keeps_zeros)
{
    const char *sign = offset_ns < 0 ? "-" : "";
    uint64_t value =
        offset_ns < 0 ? 0 - (uint64_t)offset_ns : (uint64_t)offset_ns;

    if (value == 0) {
        write_exact(text, "", 0, 1, "", keeps_zeros);
    } else if (value < 1000) {
        write_exact(text, sign, value, 1, "ns", keeps_zeros);
    } else if (value < 1000000) {
        write_exact(text, sign, value, 1000, is_ascii ? "us" : "µs",
                    keeps_zeros);
    } else if (value < NS_PER_SECOND) {
        write_exact(text, sign, value, 1000000, "ms", keeps_zeros);
    } else {
        write_exact(text, sign, value, NS_PER_SECOND, "s", keeps_zeros);
    }
    return text;
}

const char *
time_text_offset(char text[TIME_TEXT_SIZE], int64_t offset_ns, bool is_ascii)
{
    return write_offset(text, offset_ns, is_ascii, false);
}

const char *
time_text_listed(char text[TIME_TEXT_SIZE], int64_t offset_ns, bool is_ascii)
{
    return write_offset(text, offset_ns, is_ascii, true);
}

const char *
time_text_clock(char text[TIME_TEXT_SIZE], uint64_t realtime_ns,
                int64_t step_ns)
{
    unsigned second = (unsigned)(realtime_ns / NS_PER_SECOND % 86400);
    uint64_t fraction = realtime_ns % NS_PER_SECOND;
    int decimals = 0;

    for (int64_t unit = NS_PER_SECOND; step_ns % unit != 0; unit /= 10) {
        decimals++;
    }
    for (int i = decimals; i < 9; i++) {
        fraction /= 10;
    }
    if (decimals == 0) {
        (void)snprintf(text, TIME_TEXT_SIZE, "%02u:%02u:%02u", second / 3600,
                       second / 60 % 60, second % 60);
    } else {
        (void)snprintf(text, TIME_TEXT_SIZE, "%02u:%02u:%02u.%0*" PRIu64,
                       second / 3600, second / 60 % 60, second % 60, decimals,
                       fraction);
    }
    return text;
}

const char *
time_text_date(char text[TIME_TEXT_SIZE], uint64_t realtime_ns)
{
    time_t seconds = (time_t)(realtime_ns / NS_PER_SECOND);
    struct tm day = {0};

    text[0] = '\0';
    if (gmtime_r(&seconds, &day) != NULL) {
        (void)strftime(text, TIME_TEXT_SIZE, "%Y-%m-%d", &day);
    }
    return text;
}

const char *
time_text_point(char text[TIME_TEXT_SIZE], const struct time_frame *frame,
                uint64_t time_ns)
{
    int64_t time = time_limit(time_ns);

    switch (frame->display) {
    case TIME_OF_CLOCK:
        return time_text_clock(text, frame->start_realtime_ns + time_ns, 1);
    case TIME_IN_NS:
        (void)snprintf(text, TIME_TEXT_SIZE, "%" PRIu64 "ns", time_ns);
        return text;
    case TIME_FROM_CURSOR:
        time -= time_limit(frame->cursor_ns);
        break;
    case TIME_FROM_START:
    case TIME_DISPLAY_COUNT:
        break;
    }
    return write_offset(text, time, frame->is_ascii, frame->is_listed);
}

const char *
time_range_text(char *text, size_t size, uint64_t start_ns, uint64_t end_ns,
                bool is_ascii)
{
    char start[TEXT_NUMBER_SIZE];
    char end[TEXT_NUMBER_SIZE];
    const char *unit;
    const char *end_unit;

    (void)text_duration(start, sizeof start, start_ns, is_ascii);
    (void)text_duration(end, sizeof end, end_ns, is_ascii);
    unit = strchr(start, ' ');
    end_unit = strchr(end, ' ');
    if (unit != NULL && end_unit != NULL && strcmp(unit, end_unit) == 0) {
        (void)snprintf(text, size, "%.*s-%s", (int)(unit - start), start, end);
    } else {
        (void)snprintf(text, size, "%s - %s", start, end);
    }
    return text;
}
