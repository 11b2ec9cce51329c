// SPDX-License-Identifier: Apache-2.0
/*
 * base/percent.h - text that may stand between spaces and commas.
 *
 * Bytes up to the space, '%', ',' and '=' are written as %XX (two hexadecimal
 * digits, as in RFC 3986); all others stand for themselves.
 */
#ifndef BASE_PERCENT_H
#define BASE_PERCENT_H

#include <stddef.h>

#include "base/buffer.h"

/* Append size bytes of text; buffer_is_ok says whether there was memory. */
void percent_append(struct buffer *out, const char *text, size_t size);

/*
 * Decode in place what ends at end. Returns the size of the result, which is
 * no longer than before; a NUL is not added. A '%' without two digits stands
 * for itself.
 */
size_t percent_decode(char *text, size_t size);

#endif
