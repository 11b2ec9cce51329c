// SPDX-License-Identifier: Apache-2.0
#include "tui/dump.h"

#include <stdint.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/buffer.h"
#include "base/utf8.h"
#include "tui/screen.h"
#include "tui/theme.h"

static void
append_cell(struct buffer *out, const struct screen_cell *cell)
{
    char bytes[UTF8_MAX_SIZE];

    for (int i = 0; i < 2 && cell->width > 0; i++) {
        if (cell->character[i] != 0) {
            buffer_append(out, bytes, utf8_encode(cell->character[i], bytes));
        }
    }
}

static bool
is_blank(const struct screen_cell *cell)
{
    return cell->character[0] == ' ' && cell->character[1] == 0;
}

static void
append_row(struct buffer *out, const struct screen *screen, unsigned y)
{
    unsigned end = screen_width(screen);

    while (end > 0 && is_blank(screen_at(screen, end - 1, y))) {
        end--;
    }
    for (unsigned x = 0; x < end; x++) {
        append_cell(out, screen_at(screen, x, y));
    }
}

void
dump_text(const struct screen *screen, struct buffer *out)
{
    for (unsigned y = 0; y < screen_height(screen); y++) {
        append_row(out, screen, y);
        buffer_append_char(out, '\n');
    }
}

static bool
is_same_style(struct screen_style a, struct screen_style b)
{
    return a.foreground == b.foreground && a.background == b.background
           && a.attributes == b.attributes;
}

static void
append_sgr(struct buffer *out, struct screen_style style)
{
    static const struct {
        unsigned attribute;
        const char *code;
    } codes[] = {
        {SCREEN_BOLD, ";1"},
        {SCREEN_DIM, ";2"},
        {SCREEN_UNDERLINE, ";4"},
        {SCREEN_REVERSE, ";7"},
    };

    buffer_append_text(out, "\x1b[0");
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        if ((style.attributes & codes[i].attribute) != 0) {
            buffer_append_text(out, codes[i].code);
        }
    }
    if (style.foreground != SCREEN_DEFAULT_COLOUR) {
        buffer_append_format(out, ";38;5;%u", (unsigned)style.foreground);
    }
    if (style.background != SCREEN_DEFAULT_COLOUR) {
        buffer_append_format(out, ";48;5;%u", (unsigned)style.background);
    }
    buffer_append_char(out, 'm');
}

void
dump_ansi(const struct screen *screen, struct buffer *out)
{
    for (unsigned y = 0; y < screen_height(screen); y++) {
        struct screen_style current = SCREEN_STYLE_DEFAULT;

        for (unsigned x = 0; x < screen_width(screen); x++) {
            const struct screen_cell *cell = screen_at(screen, x, y);

            if (!is_same_style(current, cell->style)) {
                append_sgr(out, cell->style);
                current = cell->style;
            }
            append_cell(out, cell);
        }
        if (!is_same_style(current, SCREEN_STYLE_DEFAULT)) {
            buffer_append_text(out, "\x1b[0m");
        }
        buffer_append_char(out, '\n');
    }
}

static void
append_style_row(struct buffer *out, const struct screen *screen, unsigned y)
{
    for (unsigned x = 0; x < screen_width(screen); x++) {
        buffer_append_char(out,
                           theme_style_letter(screen_at(screen, x, y)->style));
    }
}

void
dump_styles(const struct screen *screen, struct buffer *out)
{
    for (unsigned y = 0; y < screen_height(screen); y++) {
        append_style_row(out, screen, y);
        buffer_append_char(out, '\n');
    }
}

/* Add an array of one string a row, each made by append. */
static bool
add_rows(struct cJSON *object, const char *name, const struct screen *screen,
         void (*append)(struct buffer *, const struct screen *, unsigned))
{
    struct cJSON *rows = cJSON_AddArrayToObject(object, name);
    struct buffer row = {0};
    bool is_ok = rows != NULL;

    for (unsigned y = 0; is_ok && y < screen_height(screen); y++) {
        struct cJSON *text;

        buffer_clear(&row);
        append(&row, screen, y);
        text = cJSON_CreateString(row.data == NULL ? "" : row.data);
        is_ok = buffer_is_ok(&row) && text != NULL
                && cJSON_AddItemToArray(rows, text);
        if (!is_ok) {
            cJSON_Delete(text);
        }
    }
    buffer_release(&row);
    return is_ok;
}

bool
dump_json(const struct screen *screen, struct cJSON *object)
{
    return cJSON_AddNumberToObject(object, "width", screen_width(screen))
               != NULL
           && cJSON_AddNumberToObject(object, "height", screen_height(screen))
                  != NULL
           && add_rows(object, "rows", screen, append_row)
           && add_rows(object, "styles", screen, append_style_row);
}
