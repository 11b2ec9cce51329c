// SPDX-License-Identifier: Apache-2.0
/*
 * tui/source_outline.h - what a Python text consists of, as far as the source
 * view needs it: lines, blocks ("def", "class"), and names that are called.
 *
 * Strings and comments are skipped. The text may be anything: what is no
 * Python gives an outline of little use, in time and memory linear in its size.
 */
#ifndef TUI_SOURCE_OUTLINE_H
#define TUI_SOURCE_OUTLINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;

enum {
    OUTLINE_CALLS_MAX = 1 << 20, /* calls behind them are left out; likewise */
    OUTLINE_BLOCKS_MAX = 1 << 18,
};

#define OUTLINE_NO_BLOCK UINT32_MAX /* the module itself */

/* Lines count from 1. */
struct outline_block {
    uint32_t first_line; /* of its decorators, or its own */
    uint32_t line;       /* of "def" or "class" */
    uint32_t end_line;   /* the first one behind it */
    uint32_t indent;     /* columns */
    uint32_t parent;     /* the block around it, or OUTLINE_NO_BLOCK */
    uint32_t name;       /* where it begins in the text */
    uint32_t name_size;
};

/* "name(": the last part of what is called. */
struct outline_call {
    uint32_t line;
    uint32_t block; /* the innermost one whose code it is */
    uint32_t name;
    uint32_t name_size;
};

/* {0} is that of no text. */
struct source_outline {
    uint32_t *lines; /* where each line begins; one more at the end; owned */
    size_t line_count;
    size_t line_capacity;
    struct outline_block *blocks; /* by line; owned */
    size_t block_count;
    size_t block_capacity;
    struct outline_call *calls; /* by place; owned */
    size_t call_count;
    size_t call_capacity;
    bool is_cut; /* there are more calls or blocks */
};

/* The text has less than 2^31 bytes. A line ends with "\n", "\r\n" or "\r".
 * On failure *outline is {0}. */
bool source_outline_make(struct source_outline *outline, const char *text,
                         size_t size, struct error *err);

void source_outline_release(struct source_outline *outline);

/* The bytes of a line without its end. */
const char *source_outline_line(const struct source_outline *outline,
                                const char *text, size_t line, size_t *size);

/* The innermost block that a line belongs to, decorators not included. */
uint32_t source_outline_block_at(const struct source_outline *outline,
                                 uint32_t line);

#endif
