// SPDX-License-Identifier: Apache-2.0
/* import/json_value.h - what the tokens of json_scan.h mean. */
#ifndef IMPORT_JSON_VALUE_H
#define IMPORT_JSON_VALUE_H

#include <stdbool.h>
#include <stdint.h>

#include "format/record_encode.h"

struct buffer;

/*
 * A decimal number of microseconds as whole nanoseconds, exact and then rounded
 * half away from zero. False when the text is no number (RFC 8259) or its value
 * is beyond what JSON_TIME_MAX says, either way. *decimals becomes the number
 * of decimal places of the text, with its exponent, if that is larger.
 */
#define JSON_TIME_MAX ((INT64_C(1) << 61) - 1)
bool json_value_time(struct text_span word, int64_t *ns, int *decimals);

/* A number as a counter has it: an integer if it is written as one and fits,
 * else a double; true and false are 1 and 0, NaN and Infinity what they say.
 * False for anything else. The key of *value is left alone. */
bool json_value_number(struct text_span word, struct counter_value *value);

/* Digits only, as a number. */
bool json_value_u64(struct text_span word, uint64_t *value);

/*
 * Append what a string says: escapes decoded, lone surrogates and NUL as
 * U+FFFD, other bytes as they are. An escape that is cut off or unknown is
 * passed over.
 */
void json_value_string(struct text_span string, struct buffer *out);

#endif
