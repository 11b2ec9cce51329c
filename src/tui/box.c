// SPDX-License-Identifier: Apache-2.0
#include "tui/box.h"

#include <stdint.h>
#include <string.h>

#include "tui/label.h"
#include "tui/layout.h"
#include "tui/mouse.h"
#include "tui/theme.h"

enum {
    FRAME_HEIGHT = 16, /* from here on the view's own lines stay visible */
    LINES_ABOVE = 1,
    LINES_BELOW = 2,
    TITLE_INDENT = 2,
};

struct border {
    uint32_t top_left;
    uint32_t top_right;
    uint32_t bottom_left;
    uint32_t bottom_right;
    uint32_t across;
    uint32_t down;
};

static const struct border utf8_border = {0x250C, 0x2510, 0x2514,
                                          0x2518, 0x2500, 0x2502};
static const struct border ascii_border = {'+', '+', '+', '+', '-', '|'};

static const struct border *
border_of(const struct theme *theme)
{
    return theme->is_ascii ? &ascii_border : &utf8_border;
}

struct box
box_place(const struct screen *screen, unsigned wanted_width,
          unsigned wanted_height)
{
    unsigned width = screen_width(screen);
    unsigned height = screen_height(screen);
    unsigned above = height >= FRAME_HEIGHT ? LINES_ABOVE : 0;
    unsigned free_height =
        height >= FRAME_HEIGHT ? height - LINES_ABOVE - LINES_BELOW : height;
    struct box box = {
        .width = wanted_width < width ? wanted_width : width,
        .height = wanted_height < free_height ? wanted_height : free_height,
        .has_border = width >= LAYOUT_MIN_WIDTH && height >= LAYOUT_MIN_HEIGHT,
    };
    unsigned border = box.has_border ? 1 : 0;

    box.x = (int)(width - box.width) / 2;
    box.y = (int)(above + (free_height - box.height) / 2);
    box.inner_x = box.x + (int)(2 * border);
    box.inner_y = box.y + (int)border;
    box.inner_width = box.width - 4 * border;
    box.inner_height = box.height - 2 * border;
    return box;
}

static void
draw_across(const struct box *box, const struct border *border,
            struct screen *screen, int y, const uint32_t ends[2])
{
    for (unsigned i = 0; i < box->width; i++) {
        uint32_t character = i == 0                ? ends[0]
                             : i == box->width - 1 ? ends[1]
                                                   : border->across;

        screen_put(screen, box->x + (int)i, y, character, SCREEN_STYLE_DEFAULT);
    }
}

static void
draw_border(const struct box *box, const struct border *border,
            struct screen *screen)
{
    const uint32_t top[2] = {border->top_left, border->top_right};
    const uint32_t bottom[2] = {border->bottom_left, border->bottom_right};
    int last = box->y + (int)box->height - 1;

    draw_across(box, border, screen, box->y, top);
    draw_across(box, border, screen, last, bottom);
    for (int y = box->y + 1; y < last; y++) {
        screen_put(screen, box->x, y, border->down, SCREEN_STYLE_DEFAULT);
        screen_put(screen, box->x + (int)box->width - 1, y, border->down,
                   SCREEN_STYLE_DEFAULT);
    }
}

/* A text in the border, a blank on either side. */
static void
draw_in_border(const struct box *box, const struct theme *theme,
               struct screen *screen, int y, const char *text, bool is_right)
{
    struct screen_style style = theme_style(theme, PART_TITLE);
    unsigned room = box->width > 2 * TITLE_INDENT + 2
                        ? box->width - 2 * TITLE_INDENT - 2
                        : 0;
    char cut[LABEL_SIZE];
    unsigned width;
    int x = box->x + TITLE_INDENT;

    (void)label_cut(cut, theme, text, room);
    width = label_width(cut);
    if (width == 0) {
        return;
    }
    if (is_right) {
        x = box->x + (int)(box->width - TITLE_INDENT - width) - 2;
    }
    screen_put(screen, x, y, ' ', SCREEN_STYLE_DEFAULT);
    (void)screen_text(screen, x + 1, y, width, cut, strlen(cut), style);
    screen_put(screen, x + 1 + (int)width, y, ' ', SCREEN_STYLE_DEFAULT);
}

void
box_draw(const struct box *box, const struct theme *theme,
         struct screen *screen, const char *title, const char *bottom)
{
    for (unsigned y = 0; y < box->height; y++) {
        for (unsigned x = 0; x < box->width; x++) {
            screen_put(screen, box->x + (int)x, box->y + (int)y, ' ',
                       SCREEN_STYLE_DEFAULT);
        }
    }
    if (box->has_border) {
        draw_border(box, border_of(theme), screen);
        draw_in_border(box, theme, screen, box->y, title, false);
        draw_in_border(box, theme, screen, box->y + (int)box->height - 1,
                       bottom, true);
    }
}

void
box_draw_line(const struct box *box, const struct theme *theme,
              struct screen *screen, unsigned row)
{
    const struct border *border = border_of(theme);
    const uint32_t ends[2] = {border->down, border->down};

    draw_across(box, border, screen, box->inner_y + (int)row, ends);
}

void
box_text(const struct box *box, const struct theme *theme,
         struct screen *screen, unsigned row, const char *text,
         struct screen_style style)
{
    char cut[LABEL_SIZE];

    (void)label_cut(cut, theme, text, box->inner_width);
    (void)screen_text(screen, box->inner_x, box->inner_y + (int)row,
                      box->inner_width, cut, strlen(cut), style);
}

bool
box_is_left(const struct box *box, const struct mouse_event *event)
{
    int x = (int)event->x;
    int y = (int)event->y;

    return event->kind == MOUSE_PRESS
           && (x < box->x || x >= box->x + (int)box->width || y < box->y
               || y >= box->y + (int)box->height);
}
