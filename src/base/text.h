// SPDX-License-Identifier: Apache-2.0
/*
 * base/text.h - numbers as people read them.
 *
 * Each writes a NUL-terminated text of at most size - 1 bytes and returns
 * buffer, so that calls can stand inside another call's arguments.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stddef.h>
#include <stdint.h>

enum { TEXT_NUMBER_SIZE = 32 }; /* enough for every function here */

/* "0 ns", "950 ns", "13.6 µs", "13.60 ms", "3.412 s", "2 min 5 s": three
 * significant digits of microseconds, four of milliseconds and seconds, then
 * two whole units ("3 h 12 min", "4 d 2 h"); rounded half up. With is_ascii
 * "us" replaces "µs". */
const char *text_duration(char *buffer, size_t size, uint64_t duration_ns,
                          int is_ascii);

/* "999", "1.20k", "1.20M", "13.4G": three significant digits. */
const char *text_count(char *buffer, size_t size, uint64_t count);

/* "1,204,318". */
const char *text_grouped(char *buffer, size_t size, uint64_t count);

/* "512 B", "12.3 KiB", "381 MiB". */
const char *text_size(char *buffer, size_t size, uint64_t bytes);

/* "0%", "<0.1%", "12.1%", "99.9%", "100%": a part of a whole; rounded, but 100%
 * only when it is all of it. */
const char *text_percent(char *buffer, size_t size, uint64_t part,
                         uint64_t whole);

#endif
