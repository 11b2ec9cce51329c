// SPDX-License-Identifier: Apache-2.0
/*
 * tui/screen.h - a grid of cells in memory, into which every view draws.
 *
 * Nothing here knows a terminal: terminal.c copies a screen to one, and dump.c
 * to text. Text is sanitised on its way in, so a screen only ever holds
 * printable characters; wide characters take two cells, the second of which is
 * a continuation; overwriting one half leaves a blank for the other. Drawing
 * outside the grid is clipped.
 */
#ifndef TUI_SCREEN_H
#define TUI_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;

enum screen_attribute {
    SCREEN_BOLD = 1u << 0,
    SCREEN_DIM = 1u << 1,
    SCREEN_REVERSE = 1u << 2,
    SCREEN_UNDERLINE = 1u << 3,
};

enum { SCREEN_DEFAULT_COLOUR = 0xFFFF }; /* the terminal's own */

struct screen_style {
    uint16_t foreground; /* xterm 256-colour index, or SCREEN_DEFAULT_COLOUR */
    uint16_t background;
    uint16_t attributes; /* enum screen_attribute */
};

#define SCREEN_STYLE_DEFAULT \
    ((struct screen_style){SCREEN_DEFAULT_COLOUR, SCREEN_DEFAULT_COLOUR, 0})

struct screen_cell {
    uint32_t character[2]; /* a base and one combining mark (0 = none) */
    uint8_t width;         /* 1 or 2; 0 = continuation of the one before */
    struct screen_style style;
};

struct screen;

bool screen_new(struct screen **out, unsigned width, unsigned height,
                struct error *err);
void screen_free(struct screen *screen);

/* New dimensions; the contents become blank. On failure nothing changes. */
bool screen_resize(struct screen *screen, unsigned width, unsigned height,
                   struct error *err);

/* From now on show "?" for each column of a character that is not ASCII. */
void screen_set_ascii(struct screen *screen, bool is_ascii);

unsigned screen_width(const struct screen *screen);
unsigned screen_height(const struct screen *screen);
const struct screen_cell *screen_at(const struct screen *screen, unsigned x,
                                    unsigned y);

/* All cells blank, default style. */
void screen_erase(struct screen *screen);

/* One character at x, y. A wide one that would cross the right edge becomes a
 * blank. */
void screen_put(struct screen *screen, int x, int y, uint32_t character,
                struct screen_style style);

/* Text of size bytes from the trace or from us, sanitised, cut at
 * width_cells. Returns the columns used. */
unsigned screen_text(struct screen *screen, int x, int y, unsigned width_cells,
                     const char *text, size_t size, struct screen_style style);

/* Change only the style of cells that are there. */
void screen_restyle(struct screen *screen, int x, int y, unsigned width_cells,
                    struct screen_style style);

#endif
