// SPDX-License-Identifier: Apache-2.0
#include "tui/picker.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "tui/box.h"
#include "tui/chrome.h"
#include "tui/fuzzy.h"
#include "tui/key.h"
#include "tui/label.h"
#include "tui/mouse.h"
#include "tui/screen.h"
#include "tui/theme.h"

enum {
    WIDTH = 78,
    WIDE_WIDTH = 110,
    LINES = 14,
    LINE_LIST_HEIGHT = 4, /* higher boxes have a line below the field */
    MARKER_CELLS = 2,
    GAP_CELLS = 2,
    OTHERS_COST = 100, /* a match of a name is better than any other */
    POSITION_SIZE = 64,
};

struct picker_hit {
    size_t item;
    int score;
};

void
picker_release(struct picker *picker)
{
    free(picker->items);
    free(picker->hits);
    *picker = (struct picker){0};
}

bool
picker_add(struct picker *picker, const struct picker_item *item,
           struct error *err)
{
    if (!array_reserve((void **)&picker->items, &picker->capacity,
                       picker->count + 1, sizeof *picker->items, err)) {
        return false;
    }
    picker->items[picker->count++] = *item;
    return true;
}

static int
compare_hits(const void *left, const void *right)
{
    const struct picker_hit *a = left;
    const struct picker_hit *b = right;

    if (a->score != b->score) {
        return a->score > b->score ? -1 : 1;
    }
    return a->item < b->item ? -1 : a->item > b->item;
}

static bool
matches(const struct picker_item *item, const char *pattern, int *score)
{
    if (fuzzy_match(pattern, item->columns[0], score)) {
        return true;
    }
    if (item->others == NULL || !fuzzy_match(pattern, item->others, score)) {
        return false;
    }
    *score -= OTHERS_COST;
    return true;
}

bool
picker_filter(struct picker *picker, const char *pattern, struct error *err)
{
    if (!array_reserve((void **)&picker->hits, &picker->hit_capacity,
                       picker->count, sizeof *picker->hits, err)) {
        return false;
    }
    picker->hit_count = 0;
    picker->picked = 0;
    picker->top = 0;
    for (size_t i = 0; i < picker->count; i++) {
        struct picker_hit hit = {.item = i};

        if (matches(&picker->items[i], pattern, &hit.score)) {
            picker->hits[picker->hit_count++] = hit;
        }
    }
    if (picker->hit_count > 0) {
        qsort(picker->hits, picker->hit_count, sizeof *picker->hits,
              compare_hits);
    }
    return true;
}

const struct picker_item *
picker_picked(const struct picker *picker)
{
    return picker->picked < picker->hit_count
               ? &picker->items[picker->hits[picker->picked].item]
               : NULL;
}

static void
move(struct picker *picker, int64_t by)
{
    int64_t picked = (int64_t)picker->picked + by;
    int64_t last = (int64_t)picker->hit_count - 1;

    picked = picked > last ? last : picked;
    picker->picked = picked < 0 ? 0 : (size_t)picked;
}

/* With a history Up goes back in it while the field is empty. */
static bool
recall(struct picker *picker, int direction)
{
    return picker->edit.history != NULL && picker->picked == 0
           && line_edit_is_in_history(&picker->edit)
           && (direction < 0 || picker->edit.older > 0)
           && line_edit_recall(&picker->edit, direction);
}

bool
picker_key(struct picker *picker, unsigned key, bool *has_changed)
{
    int64_t page = picker->page > 1 ? picker->page - 1 : 1;

    switch (key) {
    case KEY_UP:
    case KEY_DOWN:
        if (recall(picker, key == KEY_UP ? -1 : 1)) {
            *has_changed = true;
        } else {
            move(picker, key == KEY_UP ? -1 : 1);
        }
        return true;
    case KEY_CONTROL | 'p':
        move(picker, -1);
        return true;
    case KEY_CONTROL | 'n':
        move(picker, 1);
        return true;
    case KEY_PAGE_UP:
        move(picker, -page);
        return true;
    case KEY_PAGE_DOWN:
        move(picker, page);
        return true;
    default:
        switch (line_edit_key(&picker->edit, key)) {
        case LINE_EDIT_CHANGED:
            *has_changed = true;
            return true;
        case LINE_EDIT_MOVED:
            return true;
        case LINE_EDIT_OTHER:
            break;
        }
        return false;
    }
}

/* Where the list is. */
struct list_place {
    struct box box;
    unsigned first; /* row of the inside */
    unsigned rows;
};

static struct list_place
place_of(const struct picker *picker, const struct screen *screen)
{
    unsigned lines = picker->count < LINES ? (unsigned)picker->count : LINES;
    struct box box = box_place(
        screen, screen_width(screen) >= WIDE_SCREEN ? WIDE_WIDTH : WIDTH,
        (lines == 0 ? 1 : lines) + 4);
    unsigned first =
        box.has_border && box.inner_height >= LINE_LIST_HEIGHT ? 2 : 1;

    return (struct list_place){
        .box = box,
        .first = first,
        .rows = box.inner_height > first ? box.inner_height - first : 0,
    };
}

void
picker_mouse(struct picker *picker, const struct mouse_event *event,
             const struct screen *screen, bool *is_chosen, bool *is_left)
{
    struct list_place place = place_of(picker, screen);
    int row = (int)event->y - place.box.inner_y - (int)place.first;

    *is_chosen = false;
    *is_left = box_is_left(&place.box, event);
    if (event->kind == MOUSE_WHEEL_UP || event->kind == MOUSE_WHEEL_DOWN) {
        move(picker, event->kind == MOUSE_WHEEL_UP ? -1 : 1);
    } else if (event->kind == MOUSE_PRESS && !*is_left && row >= 0
               && row < (int)place.rows
               && picker->top + (size_t)row < picker->hit_count) {
        picker->picked = picker->top + (size_t)row;
        *is_chosen = true;
    }
}

/* The widest text of a column, but no more than max. */
static unsigned
column_width(const struct picker *picker, int column, unsigned max)
{
    unsigned widest = 0;

    for (size_t i = 0; i < picker->count && widest < max; i++) {
        unsigned width = label_width(picker->items[i].columns[column]);

        widest = width > widest ? width : widest;
    }
    return widest < max ? widest : max;
}

static void
draw_cell(struct screen *screen, const struct theme *theme, int x, int y,
          unsigned width, const char *text, struct screen_style style)
{
    char cut[LABEL_SIZE];

    (void)label_cut(cut, theme, text, width);
    (void)screen_text(screen, x, y, width, cut, strlen(cut), style);
}

static void
draw_item(const struct picker *picker, size_t hit, const struct theme *theme,
          const struct box *box, struct screen *screen, int y,
          const unsigned widths[PICKER_COLUMNS])
{
    const struct picker_item *item = &picker->items[picker->hits[hit].item];
    bool is_picked = hit == picker->picked;
    unsigned used = MARKER_CELLS;

    if (is_picked) {
        screen_put(screen, box->inner_x, y, theme->is_ascii ? '>' : 0x25B8,
                   theme_style(theme, PART_TITLE));
    }
    for (int i = 0; i < PICKER_COLUMNS && used < box->inner_width; i++) {
        unsigned room = box->inner_width - used;
        enum theme_part part = i > 0       ? PART_FAINT
                               : is_picked ? PART_TITLE
                                           : PART_TEXT;

        draw_cell(screen, theme, box->inner_x + (int)used, y,
                  widths[i] < room ? widths[i] : room, item->columns[i],
                  theme_style(theme, part));
        used += widths[i] == 0 ? 0 : widths[i] + GAP_CELLS;
    }
}

static void
scroll(struct picker *picker, unsigned rows)
{
    if (picker->picked < picker->top) {
        picker->top = picker->picked;
    } else if (rows > 0 && picker->picked >= picker->top + rows) {
        picker->top = picker->picked - rows + 1;
    }
    picker->page = rows;
}

static void
draw_list(struct picker *picker, const struct theme *theme,
          const struct list_place *place, struct screen *screen)
{
    unsigned inner = place->box.inner_width;
    unsigned widths[PICKER_COLUMNS] = {
        column_width(picker, 0, inner / 2),
        column_width(picker, 1, inner / 4),
        inner,
    };

    for (unsigned i = 0; i < place->rows && picker->top + i < picker->hit_count;
         i++) {
        draw_item(picker, picker->top + i, theme, &place->box, screen,
                  place->box.inner_y + (int)(place->first + i), widths);
    }
}

static void
draw_field(const struct picker *picker, const struct theme *theme,
           const struct box *box, struct screen *screen)
{
    struct screen_style style = theme_style(theme, PART_TITLE);
    unsigned width =
        screen_text(screen, box->inner_x, box->inner_y, box->inner_width,
                    picker->prompt, strlen(picker->prompt), style);

    line_edit_draw(&picker->edit, screen, box->inner_x + (int)width,
                   box->inner_y, box->inner_width - width, style);
}

void
picker_draw(struct picker *picker, const struct theme *theme,
            struct screen *screen, const char *title, const char *hint)
{
    struct list_place place = place_of(picker, screen);
    char position[POSITION_SIZE];

    (void)snprintf(position, sizeof position, "%zu of %zu", picker->hit_count,
                   picker->count);
    box_draw(&place.box, theme, screen, title, position);
    if (place.box.inner_width == 0 || place.box.inner_height == 0) {
        return;
    }
    scroll(picker, place.rows);
    if (place.first == 2) {
        box_draw_line(&place.box, theme, screen, 1);
    }
    draw_field(picker, theme, &place.box, screen);
    draw_list(picker, theme, &place, screen);
    if (place.rows > 0 && picker->hit_count == 0) {
        box_text(&place.box, theme, screen, place.first, hint,
                 theme_style(theme, PART_WARNING));
    }
}
