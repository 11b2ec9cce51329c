// SPDX-License-Identifier: Apache-2.0
/*
 * tui/colour_file.h - the words of a file of colours.
 *
 *     # a line that begins with # is a comment
 *     status      white on 238
 *     warning     bright-red bold
 *     function-3  81 31              and the darker one for light backgrounds
 *
 * A colour is default, one of the eight names, bright- and one of them, or a
 * number up to 255. A line that says nothing is left out and complained of.
 */
#ifndef TUI_COLOUR_FILE_H
#define TUI_COLOUR_FILE_H

#include <stdbool.h>

struct buffer;
struct error;
struct theme_colours;

/* Add what the lines of text say to *colours. Complaints are as those of
 * key_file_apply. Only memory can fail. */
bool colour_file_apply(struct theme_colours *colours, const char *text,
                       const char *name, struct buffer *complaints,
                       struct error *err);

#endif
