// SPDX-License-Identifier: Apache-2.0
/* tui/text_wrap.h - long text in lines of so many cells. */
#ifndef TUI_TEXT_WRAP_H
#define TUI_TEXT_WRAP_H

#include <stddef.h>

/*
 * How many bytes of a printable text go into the next line: up to the last
 * blank that fits, or within a word that alone is too long. *skip is where the
 * line after it begins. At least one character goes into a line; 0 = the text
 * is at its end.
 */
size_t text_wrap(const char *text, unsigned cells, size_t *skip);

#endif
