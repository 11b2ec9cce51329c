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

#include "base/buffer.h"

struct error;
struct keymap;

/* Ready maps, "default" first. */
size_t key_file_map_count(void);
const char *key_file_map_name(size_t index);
const char *key_file_map_help(size_t index);

/* How a text is read, and what came of it. */
struct key_file {
    const char *name;         /* in complaints */
    bool keeps_map;           /* lines that name a ready map change nothing */
    struct buffer complaints; /* each "NAME:LINE: what, and what is allowed"
                                 with a newline behind it; the caller's */
    size_t map_index;         /* of the ready map that it begins with */
};

/* Do what the lines of text say. Only memory can fail. */
bool key_file_apply(struct key_file *file, struct keymap *keymap,
                    const char *text, struct error *err);

/* The keys of the action table, changed as a ready map says. False and
 * ERROR_USAGE with all names when there is none of that name. */
bool key_file_use_map(struct keymap *keymap, const char *name,
                      struct error *err);

#endif
