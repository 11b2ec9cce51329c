// SPDX-License-Identifier: Apache-2.0
#include "tui/screen.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "base/utf8.h"
#include "format/sanitise.h"

enum {
    SCREEN_SIDE_MAX = 10000,
    /* Bytes of a text that are looked at: more than fit into any row. */
    TEXT_BYTES_MAX = 16384,
};

struct screen {
    unsigned width;
    unsigned height;
    bool is_ascii;
    struct screen_cell *cells; /* height rows of width */
};

bool
screen_new(struct screen **out, unsigned width, unsigned height,
           struct error *err)
{
    struct screen *screen = array_new(1, sizeof *screen, err);

    if (screen == NULL) {
        return false;
    }
    if (!screen_resize(screen, width, height, err)) {
        screen_free(screen);
        return false;
    }
    *out = screen;
    return true;
}

void
screen_free(struct screen *screen)
{
    if (screen != NULL) {
        free(screen->cells);
        free(screen);
    }
}

bool
screen_resize(struct screen *screen, unsigned width, unsigned height,
              struct error *err)
{
    struct screen_cell *cells;

    if (width > SCREEN_SIDE_MAX || height > SCREEN_SIDE_MAX) {
        return error_set(err, ERROR_USAGE, "a screen of %ux%u is too large",
                         width, height);
    }
    cells = array_new((size_t)width * height, sizeof *cells, err);
    if (cells == NULL) {
        return false;
    }
    free(screen->cells);
    screen->cells = cells;
    screen->width = width;
    screen->height = height;
    screen_erase(screen);
    return true;
}

void
screen_set_ascii(struct screen *screen, bool is_ascii)
{
    screen->is_ascii = is_ascii;
}

unsigned
screen_width(const struct screen *screen)
{
    return screen->width;
}

unsigned
screen_height(const struct screen *screen)
{
    return screen->height;
}

const struct screen_cell *
screen_at(const struct screen *screen, unsigned x, unsigned y)
{
    return &screen->cells[(size_t)y * screen->width + x];
}

static struct screen_cell *
cell_at(struct screen *screen, int x, int y)
{
    return &screen->cells[(size_t)y * screen->width + (size_t)x];
}

static bool
is_inside(const struct screen *screen, int x, int y)
{
    return x >= 0 && y >= 0 && (unsigned)x < screen->width
           && (unsigned)y < screen->height;
}

static void
set_blank(struct screen_cell *cell)
{
    cell->character[0] = ' ';
    cell->character[1] = 0;
    cell->width = 1;
}

void
screen_erase(struct screen *screen)
{
    const struct screen_cell blank = {{' ', 0}, 1, SCREEN_STYLE_DEFAULT};

    for (size_t i = 0; i < (size_t)screen->width * screen->height; i++) {
        screen->cells[i] = blank;
    }
}

/* What is left of a wide character when one of its halves is overwritten is a
 * blank. */
static void
break_wide(struct screen *screen, int x, int y)
{
    struct screen_cell *cell = cell_at(screen, x, y);

    if (cell->width == 0) {
        set_blank(cell - 1);
    } else if (cell->width == 2) {
        set_blank(cell + 1);
    }
    set_blank(cell);
}

/* A mark joins the character before it; the first mark wins. */
static void
put_mark(struct screen *screen, int x, int y, uint32_t mark)
{
    struct screen_cell *base;

    x--;
    if (!is_inside(screen, x, y)) {
        return;
    }
    base = cell_at(screen, x, y);
    if (base->width == 0) {
        base--;
    }
    if (base->character[1] == 0) {
        base->character[1] = mark;
    }
}

static void
put_base(struct screen *screen, int x, int y, uint32_t character, int width,
         struct screen_style style)
{
    struct screen_cell *cell;

    if (!is_inside(screen, x, y)) {
        return;
    }
    break_wide(screen, x, y);
    cell = cell_at(screen, x, y);
    cell->style = style;
    if (width == 2 && (unsigned)x + 1 == screen->width) {
        return; /* half of it is outside: the blank stays */
    }
    cell->character[0] = character;
    if (width == 2) {
        break_wide(screen, x + 1, y);
        cell->width = 2;
        cell[1].character[0] = 0;
        cell[1].width = 0;
        cell[1].style = style;
    }
}

/* Put a character and return the columns it took. */
static int
put(struct screen *screen, int x, int y, uint32_t character,
    struct screen_style style)
{
    int width = utf8_width(character);

    if (width < 0) {
        character = '?';
        width = 1;
    }
    if (width == 0) {
        if (!screen->is_ascii) {
            put_mark(screen, x, y, character);
        }
        return 0;
    }
    if (screen->is_ascii && character > 0x7E) {
        put_base(screen, x, y, '?', 1, style);
        if (width == 2) {
            put_base(screen, x + 1, y, '?', 1, style);
        }
        return width;
    }
    put_base(screen, x, y, character, width, style);
    if (x == -1 && width == 2) { /* its right half would be inside */
        put_base(screen, 0, y, ' ', 1, style);
    }
    return width;
}

void
screen_put(struct screen *screen, int x, int y, uint32_t character,
           struct screen_style style)
{
    (void)put(screen, x, y, character, style);
}

unsigned
screen_text(struct screen *screen, int x, int y, unsigned width_cells,
            const char *text, size_t size, struct screen_style style)
{
    char clean[TEXT_BYTES_MAX];
    unsigned used = 0;
    size_t length;

    (void)sanitise_text(clean, sizeof clean, text,
                        size < TEXT_BYTES_MAX ? size : TEXT_BYTES_MAX);
    length = strlen(clean);
    for (size_t i = 0; i < length;) {
        uint32_t character;
        int width;

        i += utf8_decode(clean + i, length - i, &character);
        width = utf8_width(character);
        if (width > 0 && used + (unsigned)width > width_cells) {
            break;
        }
        if (width == 0 && used == 0) {
            continue; /* a mark without a base of this text */
        }
        used += (unsigned)put(screen, x + (int)used, y, character, style);
    }
    return used;
}

void
screen_restyle(struct screen *screen, int x, int y, unsigned width_cells,
               struct screen_style style)
{
    for (unsigned i = 0; i < width_cells; i++) {
        if (is_inside(screen, x + (int)i, y)) {
            cell_at(screen, x + (int)i, y)->style = style;
        }
    }
}
