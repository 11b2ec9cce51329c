// SPDX-License-Identifier: Apache-2.0
#include "tui/clipboard.h"

#include <string.h>

#include "base/buffer.h"
#include "format/sanitise.h"

void
clipboard_append_clean(struct buffer *out, const char *text, size_t size)
{
    while (size > 0) {
        size_t length = 0;

        while (length < size && text[length] != '\n' && text[length] != '\t') {
            length++;
        }
        sanitise_append(out, text, length);
        if (length == size) {
            return;
        }
        buffer_append_char(out, text[length]);
        text += length + 1;
        size -= length + 1;
    }
}

/* RFC 4648, section 4. */
static void
append_base64(struct buffer *out, const unsigned char *data, size_t size)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    for (size_t i = 0; i < size; i += 3) {
        unsigned group = (unsigned)data[i] << 16;

        group |= i + 1 < size ? (unsigned)data[i + 1] << 8 : 0;
        group |= i + 2 < size ? data[i + 2] : 0;
        buffer_append_char(out, letters[group >> 18]);
        buffer_append_char(out, letters[group >> 12 & 63]);
        buffer_append_char(out, i + 1 < size ? letters[group >> 6 & 63] : '=');
        buffer_append_char(out, i + 2 < size ? letters[group & 63] : '=');
    }
}

bool
clipboard_append_sequence(struct buffer *out, const char *text, size_t size)
{
    if (size > CLIPBOARD_MAX) {
        return false;
    }
    buffer_append_text(out, "\x1b]52;c;");
    append_base64(out, (const unsigned char *)text, size);
    buffer_append_char(out, '\a');
    return true;
}
