// SPDX-License-Identifier: Apache-2.0
/* base/number_parse.h - numbers and sizes as people type them, checked. */
#ifndef BASE_NUMBER_PARSE_H
#define BASE_NUMBER_PARSE_H

#include <stdbool.h>
#include <stdint.h>

/* A whole decimal number, nothing before or after it. */
bool number_parse_u64(const char *text, uint64_t *value);

/* A number of bytes: "4096", "64K", "20M", "8G", "1T" (powers of 1024; "KiB"
 * and "KB" are accepted and mean the same). */
bool number_parse_size(const char *text, uint64_t *bytes);

/* A duration: "12", "12ns", "3.5us", "3.5µs", "20ms", "1.5s", "2m", "1h";
 * a bare number is nanoseconds. */
bool number_parse_duration(const char *text, uint64_t *duration_ns);

/* "80x24". Both at least 1 and at most 10000. */
bool number_parse_dimensions(const char *text, unsigned *width,
                             unsigned *height);

#endif
