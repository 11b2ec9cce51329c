// SPDX-License-Identifier: Apache-2.0
/*
 * format/sanitise.h - the one way from a trace's bytes to a terminal.
 *
 * Controls (C0, DEL, C1), bidi controls, zero-width and other invisible
 * characters, and bytes that are not UTF-8 become visible "\x1b" or "\u202e".
 * Messages, screens and what is printed after exit all pass here.
 */
#ifndef FORMAT_SANITISE_H
#define FORMAT_SANITISE_H

#include <stddef.h>

struct buffer;

/* Append size bytes to out, sanitised: the result is printable UTF-8. */
void sanitise_append(struct buffer *out, const char *data, size_t size);

/* The same into a fixed buffer, cut at a whole character; always ends in NUL.
 * Returns text. */
const char *sanitise_text(char *text, size_t capacity, const char *data,
                          size_t size);

#endif
