// SPDX-License-Identifier: Apache-2.0
#include "base/percent.h"

#include <stdbool.h>

static bool
needs_code(unsigned char byte)
{
    return byte <= ' ' || byte == '%' || byte == ',' || byte == '=';
}

void
percent_append(struct buffer *out, const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        unsigned char byte = (unsigned char)text[i];

        if (needs_code(byte)) {
            buffer_append_format(out, "%%%02X", byte);
        } else {
            buffer_append_char(out, text[i]);
        }
    }
}

/* -1 = no hexadecimal digit. */
static int
digit_value(char digit)
{
    if (digit >= '0' && digit <= '9') {
        return digit - '0';
    }
    if (digit >= 'A' && digit <= 'F') {
        return digit - 'A' + 10;
    }
    return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

size_t
percent_decode(char *text, size_t size)
{
    size_t used = 0;

    for (size_t i = 0; i < size; i++) {
        int high =
            i + 2 < size && text[i] == '%' ? digit_value(text[i + 1]) : -1;
        int low = high >= 0 ? digit_value(text[i + 2]) : -1;

        if (low >= 0) {
            text[used++] = (char)(high * 16 + low);
            i += 2;
        } else {
            text[used++] = text[i];
        }
    }
    return used;
}
