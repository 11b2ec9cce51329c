// SPDX-License-Identifier: Apache-2.0
/* format/source_text.h - the text of a Python source file. */
#ifndef FORMAT_SOURCE_TEXT_H
#define FORMAT_SOURCE_TEXT_H

#include <stddef.h>

struct buffer;

/*
 * Append the file's text as UTF-8. A comment in its first two lines may name
 * another encoding (PEP 263); a byte order mark is left out. What cannot be
 * decoded becomes U+FFFD, and a file of an encoding that the C library does
 * not know is appended as it is.
 */
void source_text_decode(struct buffer *out, const char *bytes, size_t size);

#endif
