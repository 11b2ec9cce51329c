// SPDX-License-Identifier: Apache-2.0
#include "tui/text_wrap.h"

#include <stdint.h>
#include <string.h>

#include "base/utf8.h"

size_t
text_wrap(const char *text, unsigned cells, size_t *skip)
{
    size_t size = strlen(text);
    unsigned width = 0;
    size_t blank = 0; /* behind the last word that fits */
    size_t at = 0;

    while (at < size) {
        uint32_t character;
        size_t length = utf8_decode(text + at, size - at, &character);
        int columns = utf8_width(character);

        if (text[at] == ' ' && at > 0 && text[at - 1] != ' ') {
            blank = at;
        }
        width += columns > 0 ? (unsigned)columns : 0;
        if (width > cells && at > 0) {
            break;
        }
        at += length;
    }
    if (at < size && blank > 0) {
        at = blank;
    }
    *skip = at + strspn(text + at, " ");
    return at;
}
