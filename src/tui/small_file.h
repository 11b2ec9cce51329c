// SPDX-License-Identifier: Apache-2.0
/*
 * tui/small_file.h - files of text that belong to the user: keys, colours,
 * marks, the state of the view.
 */
#ifndef TUI_SMALL_FILE_H
#define TUI_SMALL_FILE_H

#include <stdbool.h>

struct buffer;
struct error;

enum { SMALL_FILE_MAX = 1 << 16 }; /* bytes; many times what anybody needs */

/* The whole file, in memory that the caller frees; *text is NULL, and all is
 * well, when there is none. A file that is too large or holds a NUL is an
 * error that names it. */
bool small_file_read(const char *path, char **text, struct error *err);

/* Replace the file, whole or not at all. The folder that holds it, and those
 * above, are made if need be, for this user alone. */
bool small_file_write(const char *path, const struct buffer *text,
                      struct error *err);

#endif
