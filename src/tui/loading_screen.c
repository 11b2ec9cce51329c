// SPDX-License-Identifier: Apache-2.0
#include "tui/loading_screen.h"

#include <stdio.h>
#include <string.h>

#include "tui/screen.h"

enum {
    BAR_WIDTH_MAX = 50,
    MARGIN = 2, /* columns left and right of everything */
    TEXT_SIZE = 512,
};

static void
put_text(struct screen *screen, int x, int y, const char *text,
         enum screen_attribute attributes)
{
    struct screen_style style = SCREEN_STYLE_DEFAULT;
    unsigned width = screen_width(screen);

    style.attributes = (uint16_t)attributes;
    if (x >= 0 && (unsigned)x < width) {
        (void)screen_text(screen, x, y, width - (unsigned)x, text, strlen(text),
                          style);
    }
}

static void
put_bar(struct screen *screen, int x, int y, unsigned width, double fraction,
        bool is_ascii)
{
    unsigned done = (unsigned)(fraction * width);

    for (unsigned i = 0; i < width; i++) {
        uint32_t full = is_ascii ? '#' : 0x2588;
        uint32_t empty = is_ascii ? '.' : 0x2591;

        screen_put(screen, x + (int)i, y, i < done ? full : empty,
                   SCREEN_STYLE_DEFAULT);
    }
}

void
loading_screen_draw(struct screen *screen, const char *title, double fraction,
                    bool is_stopping, bool is_ascii)
{
    unsigned width = screen_width(screen);
    unsigned bar_width = width > 2 * MARGIN ? width - 2 * MARGIN : width;
    int x = width > 2 * MARGIN ? MARGIN : 0;
    int y = (int)screen_height(screen) / 2 - 1;
    char text[TEXT_SIZE];

    screen_erase(screen);
    y = y < 0 ? 0 : y;
    if (fraction < 0) {
        (void)snprintf(text, sizeof text, "opening %s", title);
    } else {
        (void)snprintf(text, sizeof text, "opening %s: %d %%", title,
                       (int)(fraction * 100));
    }
    put_text(screen, x, y, text, SCREEN_BOLD);
    bar_width = bar_width > BAR_WIDTH_MAX ? BAR_WIDTH_MAX : bar_width;
    put_bar(screen, x, y + 1, bar_width, fraction < 0 ? 0 : fraction, is_ascii);
    put_text(screen, x, y + 2,
             is_stopping ? "stopping; ^C again to quit" : "Esc: stop   q: quit",
             SCREEN_DIM);
}
