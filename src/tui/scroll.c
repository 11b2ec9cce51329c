// SPDX-License-Identifier: Apache-2.0
#include "tui/scroll.h"

#include <stdint.h>
#include <stdio.h>

#include "tui/key.h"
#include "tui/mouse.h"
#include "tui/theme.h"

enum { WHEEL_LINES = 3 };

static void
move(struct scroll *scroll, int64_t by)
{
    int64_t last = (int64_t)scroll->count - (int64_t)scroll->rows;
    int64_t top = (int64_t)scroll->top + by;

    top = top > last ? last : top;
    scroll->top = top < 0 ? 0 : (size_t)top;
}

void
scroll_fit(struct scroll *scroll, size_t count, size_t rows)
{
    scroll->count = count;
    scroll->rows = rows;
    move(scroll, 0);
}

bool
scroll_key(struct scroll *scroll, unsigned key)
{
    int64_t page = scroll->rows > 1 ? (int64_t)scroll->rows - 1 : 1;
    int64_t all = (int64_t)scroll->count;

    switch (key) {
    case 'k':
    case KEY_UP:
        move(scroll, -1);
        return true;
    case 'j':
    case KEY_DOWN:
        move(scroll, 1);
        return true;
    case KEY_PAGE_UP:
    case KEY_CONTROL | 'b':
        move(scroll, -page);
        return true;
    case KEY_PAGE_DOWN:
    case KEY_CONTROL | 'f':
    case KEY_SPACE:
        move(scroll, page);
        return true;
    case 'g':
    case KEY_HOME:
        move(scroll, -all);
        return true;
    case 'G':
    case KEY_END:
        move(scroll, all);
        return true;
    default:
        return false;
    }
}

void
scroll_mouse(struct scroll *scroll, const struct mouse_event *event)
{
    if (event->kind == MOUSE_WHEEL_UP) {
        move(scroll, -WHEEL_LINES);
    } else if (event->kind == MOUSE_WHEEL_DOWN) {
        move(scroll, WHEEL_LINES);
    }
}

const char *
scroll_text(const struct scroll *scroll, const struct theme *theme, char *text,
            size_t size)
{
    size_t end = scroll->top + scroll->rows;
    const char *more = theme->is_ascii ? " v" : " ▼";

    if (scroll->count <= scroll->rows) {
        (void)snprintf(text, size, "%s", "");
    } else {
        (void)snprintf(text, size, "%zu - %zu of %zu%s", scroll->top + 1,
                       end < scroll->count ? end : scroll->count, scroll->count,
                       end < scroll->count ? more : "");
    }
    return text;
}
