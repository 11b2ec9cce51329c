// SPDX-License-Identifier: Apache-2.0
/*
 * tui/info_lines.h - the page about the recording, line by line.
 */
#ifndef TUI_INFO_LINES_H
#define TUI_INFO_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"

struct error;
struct viewer;

enum info_line_kind {
    INFO_TITLE,
    INFO_TEXT,
    INFO_WARNING, /* something is missing or did not end well */
};

struct info_line {
    size_t offset; /* in text */
    enum info_line_kind kind;
};

/* {0} is empty. */
struct info_lines {
    struct buffer text; /* printable lines, a NUL behind each */
    struct info_line *lines;
    size_t count;
    size_t capacity;
    unsigned width; /* columns of the longest line */
};

/* Sentences are wrapped at width columns, tables are not. */
bool info_lines_build(struct info_lines *lines, const struct viewer *viewer,
                      unsigned width, struct error *err);
void info_lines_release(struct info_lines *lines);

const char *info_lines_text(const struct info_lines *lines, size_t index);

/* The first line of a kind from index on, SIZE_MAX = there is none. */
size_t info_lines_find(const struct info_lines *lines, enum info_line_kind kind,
                       size_t index);

#endif
