// SPDX-License-Identifier: Apache-2.0
/*
 * One pass over the bytes. Indents count only where a logical line begins: not
 * within brackets or strings, and not behind a backslash. A "def" or "class"
 * at the start of a line within brackets is taken as one whose brackets above
 * were never closed, so that one slip does not hide the rest of a file.
 */
#include "tui/source_outline.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"

enum { TAB = 8, PREFIX_MAX = 3 };

struct scan {
    struct source_outline *outline;
    const char *text;
    size_t size;
    size_t at;
    uint32_t line;
    uint32_t brackets;  /* that are open */
    uint32_t block;     /* innermost */
    uint32_t decorator; /* line of the first one before a block; 0 = none */
    bool is_header;     /* up to the colon behind the block's name */
    bool is_joined;     /* this line goes on with the one before */
    struct error *err;
};

static bool
is_name_start(unsigned char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z')
           || byte == '_' || byte >= 0x80;
}

static bool
is_digit(unsigned char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool
is_name(unsigned char byte)
{
    return is_name_start(byte) || is_digit(byte);
}

static unsigned char
byte_at(const struct scan *scan, size_t at)
{
    return at < scan->size ? (unsigned char)scan->text[at] : 0;
}

static bool
is_end_of_line(const struct scan *scan, size_t at)
{
    return at >= scan->size || scan->text[at] == '\n' || scan->text[at] == '\r';
}

/* Go behind the end of the line that scan->at is on. */
static bool
next_line(struct scan *scan)
{
    struct source_outline *outline = scan->outline;

    scan->at +=
        scan->text[scan->at] == '\r' && byte_at(scan, scan->at + 1) == '\n' ? 2
                                                                            : 1;
    if (!array_reserve((void **)&outline->lines, &outline->line_capacity,
                       outline->line_count + 2, sizeof *outline->lines,
                       scan->err)) {
        return false;
    }
    outline->lines[outline->line_count++] = (uint32_t)scan->at;
    scan->line++;
    return true;
}

static void
skip_comment(struct scan *scan)
{
    while (!is_end_of_line(scan, scan->at)) {
        scan->at++;
    }
}

/* scan->at is on the opening quote. A string of one quote ends with its line,
 * unless a backslash stands there. */
static bool
skip_string(struct scan *scan)
{
    char quote = scan->text[scan->at];
    bool is_triple = byte_at(scan, scan->at + 1) == (unsigned char)quote
                     && byte_at(scan, scan->at + 2) == (unsigned char)quote;

    scan->at += is_triple ? 3 : 1;
    while (scan->at < scan->size) {
        if (is_end_of_line(scan, scan->at)) {
            if (!is_triple) {
                return true;
            }
            if (!next_line(scan)) {
                return false;
            }
        } else if (scan->text[scan->at] == '\\') {
            scan->at++;
            if (scan->at < scan->size && is_end_of_line(scan, scan->at)
                && !next_line(scan)) {
                return false;
            } else if (!is_end_of_line(scan, scan->at)) {
                scan->at++;
            }
        } else if (scan->text[scan->at] != quote) {
            scan->at++;
        } else if (!is_triple) {
            scan->at++;
            return true;
        } else if (byte_at(scan, scan->at + 1) == (unsigned char)quote
                   && byte_at(scan, scan->at + 2) == (unsigned char)quote) {
            scan->at += 3;
            return true;
        } else {
            scan->at++;
        }
    }
    return true;
}

static bool
is_word(const struct scan *scan, size_t at, size_t size, const char *word)
{
    return strlen(word) == size && memcmp(scan->text + at, word, size) == 0;
}

/* "rb", "f" and the like, with a quote behind them. */
static bool
is_string_prefix(const struct scan *scan, size_t at, size_t size)
{
    char quote = (char)byte_at(scan, at + size);

    return size <= PREFIX_MAX && (quote == '"' || quote == '\'')
           && strspn(scan->text + at, "rRbBuUfFtT") >= size;
}

static size_t
skip_blanks(const struct scan *scan, size_t at)
{
    while (byte_at(scan, at) == ' ' || byte_at(scan, at) == '\t'
           || byte_at(scan, at) == '\f') {
        at++;
    }
    return at;
}

static size_t
skip_name(const struct scan *scan, size_t at)
{
    while (at < scan->size && is_name(byte_at(scan, at))) {
        at++;
    }
    return at;
}

static void
close_blocks(struct scan *scan, uint32_t indent)
{
    struct outline_block *blocks = scan->outline->blocks;

    while (scan->block != OUTLINE_NO_BLOCK
           && blocks[scan->block].indent >= indent) {
        blocks[scan->block].end_line = scan->line;
        scan->block = blocks[scan->block].parent;
    }
}

/* scan->at is behind "def" or "class". */
static bool
open_block(struct scan *scan, uint32_t indent)
{
    struct source_outline *outline = scan->outline;
    size_t name = skip_blanks(scan, scan->at);
    size_t end = skip_name(scan, name);
    uint32_t first = scan->decorator == 0 ? scan->line : scan->decorator;

    scan->decorator = 0;
    if (end == name || !is_name_start(byte_at(scan, name))) {
        return true; /* a slip: no block has no name */
    }
    scan->at = end;
    if (outline->block_count == OUTLINE_BLOCKS_MAX) {
        outline->is_cut = true;
        return true;
    }
    if (!array_reserve((void **)&outline->blocks, &outline->block_capacity,
                       outline->block_count + 1, sizeof *outline->blocks,
                       scan->err)) {
        return false;
    }
    outline->blocks[outline->block_count] = (struct outline_block){
        .first_line = first,
        .line = scan->line,
        .end_line = UINT32_MAX,
        .indent = indent,
        .parent = scan->block,
        .name = (uint32_t)name,
        .name_size = (uint32_t)(end - name),
    };
    scan->block = (uint32_t)outline->block_count++;
    scan->is_header = true;
    return true;
}

/* Where a logical line begins: its indent, and the words that open a block. */
static bool
begin_line(struct scan *scan)
{
    uint32_t indent = 0;
    size_t at = scan->at;
    size_t end;

    for (;; at++) {
        unsigned char byte = byte_at(scan, at);

        if (byte == ' ') {
            indent++;
        } else if (byte == '\t') {
            indent += TAB - indent % TAB;
        } else if (byte == '\f') {
            indent = 0;
        } else {
            break;
        }
    }
    if (is_end_of_line(scan, at) || scan->text[at] == '#') {
        scan->at = at;
        return true;
    }
    end = skip_name(scan, at);
    if (is_word(scan, at, end - at, "async")) {
        at = skip_blanks(scan, end);
        end = skip_name(scan, at);
    }
    if (is_word(scan, at, end - at, "def")
        || is_word(scan, at, end - at, "class")) {
        scan->brackets = 0;
        scan->is_header = false;
        close_blocks(scan, indent);
        scan->at = end;
        return open_block(scan, indent);
    }
    if (scan->brackets > 0) {
        return true;
    }
    close_blocks(scan, indent);
    scan->is_header = false;
    if (scan->text[at] != '@') {
        scan->decorator = 0;
    } else if (scan->decorator == 0) {
        scan->decorator = scan->line;
    }
    scan->at = at;
    return true;
}

static bool
add_call(struct scan *scan, size_t name, size_t end)
{
    struct source_outline *outline = scan->outline;
    uint32_t block = scan->block;

    if (outline->call_count == OUTLINE_CALLS_MAX) {
        outline->is_cut = true;
        return true;
    }
    if (!array_reserve((void **)&outline->calls, &outline->call_capacity,
                       outline->call_count + 1, sizeof *outline->calls,
                       scan->err)) {
        return false;
    }
    /* defaults and bases are made by whoever makes the function or class */
    if (scan->is_header) {
        block = outline->blocks[block].parent;
    }
    outline->calls[outline->call_count++] = (struct outline_call){
        .line = scan->line,
        .block = block,
        .name = (uint32_t)name,
        .name_size = (uint32_t)(end - name),
    };
    return true;
}

static bool
scan_name(struct scan *scan)
{
    size_t name = scan->at;
    size_t end = skip_name(scan, name);

    scan->at = end;
    if (is_string_prefix(scan, name, end - name)) {
        return skip_string(scan);
    }
    return byte_at(scan, skip_blanks(scan, end)) != '('
           || add_call(scan, name, end);
}

static void
scan_mark(struct scan *scan)
{
    char mark = scan->text[scan->at++];

    if (mark == '(' || mark == '[' || mark == '{') {
        scan->brackets++;
    } else if ((mark == ')' || mark == ']' || mark == '}')
               && scan->brackets > 0) {
        scan->brackets--;
    } else if (mark == ':' && scan->brackets == 0) {
        scan->is_header = false;
    } else if (mark == '\\' && is_end_of_line(scan, scan->at)) {
        scan->is_joined = true;
    }
}

/* From any place to behind the next thing of interest. */
static bool
scan_next(struct scan *scan)
{
    unsigned char byte = byte_at(scan, scan->at);

    if (is_end_of_line(scan, scan->at)) {
        bool is_joined = scan->is_joined;

        scan->is_joined = false;
        return next_line(scan)
               && (is_joined || scan->at >= scan->size || begin_line(scan));
    }
    if (byte == '#') {
        skip_comment(scan);
        return true;
    }
    if (byte == '"' || byte == '\'') {
        return skip_string(scan);
    }
    if (is_name_start(byte)) {
        return scan_name(scan);
    }
    if (is_digit(byte)) {
        scan->at = skip_name(scan, scan->at);
        return true;
    }
    scan_mark(scan);
    return true;
}

static bool
scan_all(struct scan *scan)
{
    struct source_outline *outline = scan->outline;

    if (!array_reserve((void **)&outline->lines, &outline->line_capacity, 2,
                       sizeof *outline->lines, scan->err)) {
        return false;
    }
    outline->lines[outline->line_count++] = 0;
    if (scan->size > 0 && !begin_line(scan)) {
        return false;
    }
    while (scan->at < scan->size) {
        if (!scan_next(scan)) {
            return false;
        }
    }
    /* behind the last end of a line there is no further line */
    if (outline->lines[outline->line_count - 1] == scan->size) {
        outline->line_count--;
    }
    outline->lines[outline->line_count] = (uint32_t)scan->size;
    return true;
}

bool
source_outline_make(struct source_outline *outline, const char *text,
                    size_t size, struct error *err)
{
    struct scan scan = {
        .outline = outline,
        .text = text,
        .size = size,
        .line = 1,
        .block = OUTLINE_NO_BLOCK,
        .err = err,
    };

    *outline = (struct source_outline){0};
    if (!scan_all(&scan)) {
        source_outline_release(outline);
        return false;
    }
    scan.line = (uint32_t)outline->line_count + 1;
    close_blocks(&scan, 0);
    return true;
}

void
source_outline_release(struct source_outline *outline)
{
    free(outline->lines);
    free(outline->blocks);
    free(outline->calls);
    *outline = (struct source_outline){0};
}

const char *
source_outline_line(const struct source_outline *outline, const char *text,
                    size_t line, size_t *size)
{
    const char *start = text + outline->lines[line - 1];
    const char *end = text + outline->lines[line];

    if (end > start && end[-1] == '\n') {
        end--;
    }
    if (end > start && end[-1] == '\r') {
        end--;
    }
    *size = (size_t)(end - start);
    return start;
}

uint32_t
source_outline_block_at(const struct source_outline *outline, uint32_t line)
{
    size_t low = 0;
    size_t high = outline->block_count;
    uint32_t block;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (outline->blocks[middle].line <= line) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    block = low == 0 ? OUTLINE_NO_BLOCK : (uint32_t)low - 1;
    while (block != OUTLINE_NO_BLOCK
           && outline->blocks[block].end_line <= line) {
        block = outline->blocks[block].parent;
    }
    return block;
}
