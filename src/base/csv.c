// SPDX-License-Identifier: Apache-2.0
#include "base/csv.h"

#include <string.h>

#include "base/buffer.h"

void
csv_append_text(struct buffer *out, const char *text, size_t size)
{
    buffer_append_char(out, '"');
    if (size > 0 && memchr("=+-@", text[0], 4) != NULL) {
        buffer_append_char(out, '\'');
    }
    for (size_t i = 0; i < size; i++) {
        if (text[i] == '"') {
            buffer_append_char(out, '"');
        }
        buffer_append_char(out, text[i]);
    }
    buffer_append_char(out, '"');
}
