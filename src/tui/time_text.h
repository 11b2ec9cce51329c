// SPDX-License-Identifier: Apache-2.0
/*
 * tui/time_text.h - points in time as the ruler and the status line show them.
 */
#ifndef TUI_TIME_TEXT_H
#define TUI_TIME_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum time_display {
    TIME_FROM_START,
    TIME_FROM_CURSOR,
    TIME_OF_CLOCK, /* UTC */
    TIME_IN_NS,
    TIME_DISPLAY_COUNT,
};

/* "from the start", ... */
const char *time_display_name(enum time_display display);

enum { TIME_TEXT_SIZE = 48 };

/* Exact, without trailing zeros: "0", "20ms", "1.25µs", "-3.5s". */
const char *time_text_offset(char text[TIME_TEXT_SIZE], int64_t offset_ns,
                             bool is_ascii);

/* The same to the nanosecond, so that the points of a list stand below each
 * other: "20.000000ms". */
const char *time_text_listed(char text[TIME_TEXT_SIZE], int64_t offset_ns,
                             bool is_ascii);

/* Time of day of nanoseconds since 1970 in UTC, with as many decimals as
 * step_ns needs: "14:03:22", "14:03:22.125". */
const char *time_text_clock(char text[TIME_TEXT_SIZE], uint64_t realtime_ns,
                            int64_t step_ns);

/* "2026-11-22", the day in UTC. */
const char *time_text_date(char text[TIME_TEXT_SIZE], uint64_t realtime_ns);

/* From one time to another: "12.00-52.00 ms", "950 ns - 1.20 ms". Cut at size.
 * Returns text. */
const char *time_range_text(char *text, size_t size, uint64_t start_ns,
                            uint64_t end_ns, bool is_ascii);

/* What times are told from. */
struct time_frame {
    enum time_display display;
    uint64_t cursor_ns;
    uint64_t start_realtime_ns; /* of time 0, since 1970 */
    bool is_ascii;
    bool is_listed; /* with trailing zeros, see time_text_listed */
};

/* A point in time, exact: "1.25ms", "-3.5s", "14:03:22.125", "1250000ns". */
const char *time_text_point(char text[TIME_TEXT_SIZE],
                            const struct time_frame *frame, uint64_t time_ns);

#endif
