// SPDX-License-Identifier: Apache-2.0
/* support/packed_text.h - bytes back from base64 text of zlib data. */
#ifndef SUPPORT_PACKED_TEXT_H
#define SUPPORT_PACKED_TEXT_H

#include <stddef.h>

struct buffer;

/* Decode RFC 4648 text and inflate it (RFC 1950), or fail the test. */
void packed_text_read(struct buffer *out, const char *text, size_t size);

#endif
