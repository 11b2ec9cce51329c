// SPDX-License-Identifier: Apache-2.0
#include "tui/text_line.h"

#include <string.h>

#include "base/utf8.h"
#include "format/sanitise.h"
#include "tui/label.h"

enum {
    TAB = 8,
    MARKS_MAX = 4,  /* combining ones that stay with a character */
    SHOWN_MAX = 64, /* bytes that a character becomes */
};

struct drawing {
    const struct text_line *line;
    struct screen *screen;
    int x;
    int y;
    unsigned width;
    unsigned column; /* of the line */
    size_t span;     /* the first one that may still come */
};

/* A character with the marks that combine with it. */
static size_t
cluster_size(const char *bytes, size_t size)
{
    uint32_t character;
    size_t end = utf8_decode(bytes, size, &character);

    for (int i = 0; i < MARKS_MAX && end < size; i++) {
        size_t next = utf8_decode(bytes + end, size - end, &character);

        if (character == UTF8_INVALID || utf8_width(character) != 0) {
            break;
        }
        end += next;
    }
    return end;
}

static struct screen_style
style_at(struct drawing *drawing, size_t at)
{
    const struct text_line *line = drawing->line;

    while (drawing->span < line->span_count
           && line->spans[drawing->span].end <= at) {
        drawing->span++;
    }
    return drawing->span < line->span_count
                   && line->spans[drawing->span].start <= at
               ? line->spans[drawing->span].style
               : line->style;
}

/* Columns of the line [column, column + cells) show this text. */
static void
put(const struct drawing *drawing, const char *text, unsigned cells,
    struct screen_style style)
{
    unsigned left = drawing->line->left;
    unsigned end = left + drawing->width;

    if (drawing->column >= left && drawing->column + cells <= end) {
        (void)screen_text(drawing->screen,
                          drawing->x + (int)(drawing->column - left),
                          drawing->y, cells, text, strlen(text), style);
        return;
    }
    for (unsigned i = 0; i < cells; i++) {
        unsigned column = drawing->column + i;
        bool is_one_each = strlen(text) == cells; /* "\x1b" */

        if (column >= left && column < end) {
            screen_put(drawing->screen, drawing->x + (int)(column - left),
                       drawing->y, is_one_each ? (unsigned char)text[i] : ' ',
                       style);
        }
    }
}

bool
text_line_draw(const struct text_line *line, struct screen *screen, int x,
               int y, unsigned width)
{
    struct drawing drawing = {
        .line = line, .screen = screen, .x = x, .y = y, .width = width};
    size_t at = 0;

    while (at < line->size) {
        unsigned char byte = (unsigned char)line->bytes[at];
        char shown[SHOWN_MAX] = "";
        size_t size = 1;
        unsigned cells = 1;

        if (drawing.column >= line->left + width) {
            return true;
        }
        if (byte == '\t') {
            cells = TAB - drawing.column % TAB;
        } else {
            size = cluster_size(line->bytes + at, line->size - at);
            (void)sanitise_text(shown, sizeof shown, line->bytes + at, size);
            cells = label_width(shown);
            if (drawing.column + cells > line->left) {
                put(&drawing, shown, cells, style_at(&drawing, at));
            }
        }
        drawing.column += cells;
        at += size;
    }
    return drawing.column > line->left + width;
}
