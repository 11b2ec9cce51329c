// SPDX-License-Identifier: Apache-2.0
/*
 * tui/details_lines.h - what the details say: facts of one row each, then two
 * lists, of which a line may lead somewhere.
 */
#ifndef TUI_DETAILS_LINES_H
#define TUI_DETAILS_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "model/span_query.h"
#include "tui/details_place.h"
#include "tui/pieces.h"

struct call_rank;
struct error;
struct screen;

enum target_kind {
    TARGET_NONE,
    TARGET_SLICE,
    TARGET_TIME,     /* in the cursor's row */
    TARGET_CALL_AT,  /* the call at a time of slice.track and slice.depth */
    TARGET_FUNCTION, /* slice.function */
};

struct details_target {
    enum target_kind kind;
    struct slice slice;
    int64_t time_ns;
};

struct details_line {
    size_t left; /* texts: where they begin in texts */
    size_t right;
    bool is_header;
    struct details_target target;
};

struct details_column {
    struct details_line *lines;
    size_t count;
    size_t capacity;
};

enum { DETAILS_HEAD = 3 };

/* {0} says nothing. */
struct details_lines {
    char title[PIECE_SIZE];
    struct pieces head[DETAILS_HEAD]; /* the most important first */
    size_t head_count;
    size_t brief; /* the one that stands for all when there is one row */
    const struct call_rank *histogram; /* NULL = none; not owned */
    uint64_t here_ns;                  /* the place of this call in it */
    struct details_column columns[DETAILS_COLUMNS];
    struct buffer texts; /* NUL-terminated ones */
};

/* Empty it; the memory is kept. */
void details_lines_clear(struct details_lines *lines);
void details_lines_release(struct details_lines *lines);

/* Texts are copied, sanitised; right may be "". A NULL target leads nowhere. */
bool details_add(struct details_lines *lines, size_t column, const char *left,
                 const char *right, const struct details_target *target,
                 struct error *err);
bool details_add_header(struct details_lines *lines, size_t column,
                        const char *left, const char *right, struct error *err);

/* JSON on lines no wider than width columns; further ones go on below. */
bool details_add_json(struct details_lines *lines, size_t column,
                      const char *json, size_t size, unsigned width,
                      struct error *err);

/* Draw a line into width columns. */
void details_line_draw(const struct details_lines *lines,
                       const struct details_line *line, bool is_chosen,
                       unsigned width, const struct theme *theme,
                       struct screen *screen, int x, int y);

const char *details_left(const struct details_lines *lines,
                         const struct details_line *line);
const char *details_right(const struct details_lines *lines,
                          const struct details_line *line);

#endif
