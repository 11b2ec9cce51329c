// SPDX-License-Identifier: Apache-2.0
/* base/csv.h - fields of comma separated values (RFC 4180). */
#ifndef BASE_CSV_H
#define BASE_CSV_H

#include <stddef.h>

struct buffer;

/* A text in quotes. One that a spreadsheet would take for a formula gets a "'"
 * in front. */
void csv_append_text(struct buffer *out, const char *text, size_t size);

#endif
