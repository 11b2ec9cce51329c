// SPDX-License-Identifier: Apache-2.0
/* tracer/record/record_text.h - texts that are too long for their place. */
#ifndef TRACER_RECORD_RECORD_TEXT_H
#define TRACER_RECORD_RECORD_TEXT_H

#include "format/record_encode.h"

/* At most size bytes, and not a part of a UTF-8 character. */
static inline struct text_span
cut_text(struct text_span text, size_t size)
{
    if (text.size <= size) {
        return text;
    }
    for (int i = 0; i < 3 && size > 0 && (text.data[size] & 0xC0) == 0x80;
         i++) {
        size--;
    }
    return (struct text_span){.data = text.data, .size = size};
}

#endif
