// SPDX-License-Identifier: Apache-2.0
#include "tui/pieces.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "format/sanitise.h"
#include "tui/label.h"
#include "tui/screen.h"

enum { PIECE_DISTANCE = 2 };

void
pieces_add(struct pieces *pieces, unsigned rank, bool is_right,
           enum theme_part part, const char *format, ...)
{
    struct piece *piece = &pieces->items[pieces->count];
    char text[PIECE_SIZE];
    va_list arguments;

    if (pieces->count == PIECES_MAX) {
        return;
    }
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (text[0] == '\0') {
        return;
    }
    (void)sanitise_text(piece->text, sizeof piece->text, text, strlen(text));
    piece->rank = rank;
    piece->is_right = is_right;
    piece->part = part;
    pieces->count++;
}

unsigned
pieces_width(const struct pieces *pieces)
{
    unsigned width = 2;

    for (size_t i = 0; i < pieces->count; i++) {
        width +=
            label_width(pieces->items[i].text) + (i > 0 ? PIECE_DISTANCE : 0);
    }
    return width;
}

/* Choose by rank while there is room. Returns the columns of the chosen. */
static unsigned
choose(const struct pieces *pieces, unsigned width, bool *is_chosen)
{
    unsigned used = 0;

    for (unsigned rank = 1; rank <= PIECES_MAX; rank++) {
        for (size_t i = 0; i < pieces->count; i++) {
            unsigned cells = label_width(pieces->items[i].text);
            unsigned distance = used == 0 ? 0 : PIECE_DISTANCE;

            if (pieces->items[i].rank == rank
                && used + distance + cells <= width) {
                used += distance + cells;
                is_chosen[i] = true;
            }
        }
    }
    return used;
}

/* The fact of the first rank is there in any case: cut when it is long. */
static void
cut_first(struct pieces *pieces, const struct theme *theme, unsigned width)
{
    char text[LABEL_SIZE];

    for (size_t i = 0; i < pieces->count; i++) {
        struct piece *piece = &pieces->items[i];

        if (piece->rank == 1 && label_width(piece->text) > width) {
            (void)label_cut(text, theme, piece->text, width);
            (void)snprintf(piece->text, sizeof piece->text, "%s", text);
        }
    }
}

void
pieces_fit(struct pieces *pieces, const struct theme *theme, unsigned width)
{
    bool is_chosen[PIECES_MAX] = {false};
    size_t count = 0;

    width = width < 2 ? 0 : width - 2;
    cut_first(pieces, theme, width);
    (void)choose(pieces, width, is_chosen);
    for (size_t i = 0; i < pieces->count; i++) {
        if (is_chosen[i]) {
            pieces->items[count++] = pieces->items[i];
        }
    }
    pieces->count = count;
}

void
pieces_draw(struct pieces *pieces, const struct theme *theme,
            struct screen *screen, int x, int y, unsigned width)
{
    bool is_chosen[PIECES_MAX] = {false};
    bool was_right = false;
    unsigned used;

    if (width < 2) {
        return;
    }
    width -= 2;
    x++;
    cut_first(pieces, theme, width);
    used = choose(pieces, width, is_chosen);
    for (size_t i = 0; i < pieces->count; i++) {
        const struct piece *piece = &pieces->items[i];

        if (!is_chosen[i]) {
            continue;
        }
        if (piece->is_right && !was_right) {
            x += (int)(width - used); /* all that is left is the gap */
            was_right = true;
        }
        x += (int)screen_text(screen, x, y, width, piece->text,
                              strlen(piece->text),
                              theme_style(theme, piece->part))
             + PIECE_DISTANCE;
    }
}
