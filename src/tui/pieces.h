// SPDX-License-Identifier: Apache-2.0
/*
 * tui/pieces.h - a line of several facts, of which the least important ones
 * are left out when there is no room.
 */
#ifndef TUI_PIECES_H
#define TUI_PIECES_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/theme.h"

struct screen;

enum {
    PIECE_SIZE = 512,
    PIECES_MAX = 12,
};

/* Facts in the order they are shown; ranks say which go last (1 stays
 * longest). */
struct pieces {
    size_t count;
    struct piece {
        char text[PIECE_SIZE];
        unsigned rank;
        bool is_right; /* from here on they end at the right edge */
        enum theme_part part;
    } items[PIECES_MAX];
};

/* Add a fact; more than PIECES_MAX are ignored, an empty text too. */
void pieces_add(struct pieces *pieces, unsigned rank, bool is_right,
                enum theme_part part, const char *format, ...)
    __attribute__((format(__printf__, 5, 6)));

/* Columns for all of them, with the blanks at both ends. */
unsigned pieces_width(const struct pieces *pieces);

/* Leave out what does not fit into width columns, by rank; the fact of rank 1
 * is shortened. */
void pieces_fit(struct pieces *pieces, const struct theme *theme,
                unsigned width);

/* Draw what fits into width columns from x on, a blank at either end. The
 * fact of rank 1 is shortened when it is too long. */
void pieces_draw(struct pieces *pieces, const struct theme *theme,
                 struct screen *screen, int x, int y, unsigned width);

#endif
