// SPDX-License-Identifier: Apache-2.0
#include "support/packed_text.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "base/buffer.h"

static void
require(bool condition, const char *what)
{
    if (!condition) {
        (void)fprintf(stderr, "packed text: %s\n", what);
        abort();
    }
}

static void
decode_base64(struct buffer *out, const char *text, size_t size)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "abcdefghijklmnopqrstuvwxyz0123456789+/";
    uint32_t bits = 0;

    require(size % 4 == 0, "no whole groups");
    for (size_t i = 0; i < size; i++) {
        const char *digit = memchr(digits, text[i], 64);
        bool is_padding = text[i] == '=' && i + 2 >= size;

        require(digit != NULL || is_padding, "not base64");
        bits = (bits << 6) | (digit == NULL ? 0 : (uint32_t)(digit - digits));
        if (i % 4 == 3) {
            buffer_append_char(out, (char)(bits >> 16));
            buffer_append_char(out, (char)(bits >> 8));
            buffer_append_char(out, (char)bits);
        }
    }
    for (size_t i = 1; i <= 2 && i <= size && text[size - i] == '='; i++) {
        out->size--;
    }
}

void
packed_text_read(struct buffer *out, const char *text, size_t size)
{
    struct buffer packed = {0};
    z_stream inflater = {0};
    char part[4096];
    int status = Z_OK;

    decode_base64(&packed, text, size);
    require(inflateInit(&inflater) == Z_OK, "no memory");
    inflater.next_in = (unsigned char *)packed.data;
    inflater.avail_in = (unsigned)packed.size;
    while (status == Z_OK) {
        inflater.next_out = (unsigned char *)part;
        inflater.avail_out = sizeof part;
        status = inflate(&inflater, Z_NO_FLUSH);
        buffer_append(out, part, sizeof part - inflater.avail_out);
    }
    require(status == Z_STREAM_END, "not zlib data, or cut short");
    require(inflater.avail_in == 0, "something stands behind the data");
    (void)inflateEnd(&inflater);
    buffer_release(&packed);
}
