// SPDX-License-Identifier: Apache-2.0
#include "tui/details_lines.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "base/utf8.h"
#include "format/sanitise.h"
#include "tui/args_lines.h"

enum { CONTINUATION = 4 }; /* columns that a line that goes on is moved by */

void
details_lines_clear(struct details_lines *lines)
{
    lines->title[0] = '\0';
    for (size_t i = 0; i < DETAILS_HEAD; i++) {
        lines->head[i].count = 0;
    }
    lines->head_count = 0;
    lines->brief = 0;
    lines->histogram = NULL;
    for (size_t i = 0; i < DETAILS_COLUMNS; i++) {
        lines->columns[i].count = 0;
    }
    buffer_clear(&lines->texts);
}

void
details_lines_release(struct details_lines *lines)
{
    for (size_t i = 0; i < DETAILS_COLUMNS; i++) {
        free(lines->columns[i].lines);
    }
    buffer_release(&lines->texts);
    *lines = (struct details_lines){0};
}

static size_t
put_text(struct details_lines *lines, const char *text, size_t size)
{
    size_t at = lines->texts.size;

    buffer_append(&lines->texts, text, size);
    buffer_append_char(&lines->texts, '\0');
    return at;
}

static size_t
put_clean(struct details_lines *lines, const char *text)
{
    size_t at = lines->texts.size;

    sanitise_append(&lines->texts, text, strlen(text));
    buffer_append_char(&lines->texts, '\0');
    return at;
}

static bool
put_line(struct details_lines *lines, size_t column,
         const struct details_line *line, struct error *err)
{
    struct details_column *to = &lines->columns[column];

    if (!buffer_is_ok(&lines->texts)) {
        return error_set_no_memory(err);
    }
    if (!array_reserve((void **)&to->lines, &to->capacity, to->count + 1,
                       sizeof *to->lines, err)) {
        return false;
    }
    to->lines[to->count++] = *line;
    return true;
}

static bool
add(struct details_lines *lines, size_t column, const char *left,
    const char *right, struct details_line line, struct error *err)
{
    line.left = put_clean(lines, left);
    line.right = put_clean(lines, right);
    return put_line(lines, column, &line, err);
}

bool
details_add(struct details_lines *lines, size_t column, const char *left,
            const char *right, const struct details_target *target,
            struct error *err)
{
    struct details_line line = {0};

    if (target != NULL) {
        line.target = *target;
    }
    return add(lines, column, left, right, line, err);
}

bool
details_add_header(struct details_lines *lines, size_t column, const char *left,
                   const char *right, struct error *err)
{
    struct details_line line = {.is_header = true};

    return add(lines, column, left, right, line, err);
}

/* The bytes of a printable text that fit into width columns, at least one
 * character. */
static size_t
bytes_that_fit(const char *text, unsigned width)
{
    size_t size = strlen(text);
    size_t i = 0;
    unsigned used = 0;

    while (i < size) {
        uint32_t character;
        size_t length = utf8_decode(text + i, size - i, &character);
        int columns = utf8_width(character);

        used += columns > 0 ? (unsigned)columns : 0;
        if (used > width && i > 0) {
            break;
        }
        i += length;
    }
    return i;
}

/* A line of JSON on as many as it takes, each moved as far as the first and
 * a little more. */
static bool
add_wrapped(struct details_lines *lines, size_t column, const char *text,
            unsigned width, struct error *err)
{
    size_t indent = strspn(text, " ");
    size_t moved = 0;

    for (bool is_first = true; *text != '\0'; is_first = false) {
        struct details_line line = {.left = lines->texts.size};
        size_t size;

        if (!is_first) {
            moved =
                indent + CONTINUATION < width / 2 ? indent + CONTINUATION : 0;
        }
        for (size_t i = 0; i < moved; i++) {
            buffer_append_char(&lines->texts, ' ');
        }
        size = bytes_that_fit(text, width - (unsigned)moved);
        (void)put_text(lines, text, size);
        line.right = put_text(lines, "", 0);
        if (!put_line(lines, column, &line, err)) {
            return false;
        }
        text += size;
    }
    return true;
}

bool
details_add_json(struct details_lines *lines, size_t column, const char *json,
                 size_t size, unsigned width, struct error *err)
{
    struct buffer texts = {0};
    size_t count = 0;
    bool is_ok = args_lines(&texts, &count, json, size, err);
    const char *text = texts.data;

    for (size_t i = 0; i < count && is_ok; i++) {
        is_ok = add_wrapped(lines, column, text, width, err);
        text += strlen(text) + 1;
    }
    buffer_release(&texts);
    return is_ok;
}

const char *
details_left(const struct details_lines *lines, const struct details_line *line)
{
    return lines->texts.data + line->left;
}

const char *
details_right(const struct details_lines *lines,
              const struct details_line *line)
{
    return lines->texts.data + line->right;
}
