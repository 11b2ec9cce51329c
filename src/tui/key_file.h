// SPDX-License-Identifier: Apache-2.0
/*
 * tui/key_file.h - the words of a file of keys, and the ready maps that are
 * written in them.
 *
 *     # a line that begins with # is a comment
 *     keymap vim                    begin with a ready map
 *     bind C-n next                 in each view that knows the command
 *     bind gg first flame events    in these views only
 *     unbind x                      nothing; views may follow
 *
 * A line that says nothing is left out and complained of; the others count.
 */
#ifndef TUI_KEY_FILE_H
#define TUI_KEY_FILE_H

#include <stdbool.h>
#include <stddef.h>

struct buffer;
struct error;
struct keymap;

/* Ready maps, "default" first. */
size_t key_file_map_count(void);
const char *key_file_map_name(size_t index);
const char *key_file_map_help(size_t index);

/* Do what the lines of text say. What is wrong in it goes to complaints, each
 * "NAME:LINE: what, and what is allowed" with a newline behind it. Only memory
 * can fail. */
bool key_file_apply(struct keymap *keymap, const char *text, const char *name,
                    struct buffer *complaints, struct error *err);

/* The keys of the action table, changed as a ready map says. False and
 * ERROR_USAGE with all names when there is none of that name. */
bool key_file_use_map(struct keymap *keymap, const char *name,
                      struct error *err);

#endif
