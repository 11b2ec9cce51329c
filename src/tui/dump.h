// SPDX-License-Identifier: Apache-2.0
/*
 * tui/dump.h - a screen as text, for files, tests and people without a
 * terminal.
 */
#ifndef TUI_DUMP_H
#define TUI_DUMP_H

#include <stdbool.h>

struct buffer;
struct cJSON;
struct screen;

/* The rows, trailing blanks removed, each with a newline. */
void dump_text(const struct screen *screen, struct buffer *out);

/* The rows with SGR sequences, each ended by a reset and a newline. */
void dump_ansi(const struct screen *screen, struct buffer *out);

/* One letter for each cell (theme_style_letter), rows as in dump_text but of
 * full width. */
void dump_styles(const struct screen *screen, struct buffer *out);

/* Add "width", "height", "rows" and "styles" to an object. False when there
 * is no memory. */
bool dump_json(const struct screen *screen, struct cJSON *object);

#endif
