// SPDX-License-Identifier: Apache-2.0
/* tui/clipboard.h - text for the clipboard of the terminal. */
#ifndef TUI_CLIPBOARD_H
#define TUI_CLIPBOARD_H

#include <stdbool.h>
#include <stddef.h>

struct buffer;

enum { CLIPBOARD_MAX = 65536 }; /* bytes that terminals take */

/* Append the text with every cell of it sanitised: cells end in TAB, lines in
 * LF. */
void clipboard_append_clean(struct buffer *out, const char *text, size_t size);

/* Append the sequence (OSC 52) that puts clean text into the clipboard. False,
 * and nothing is appended, when it is longer than CLIPBOARD_MAX. */
bool clipboard_append_sequence(struct buffer *out, const char *text,
                               size_t size);

#endif
