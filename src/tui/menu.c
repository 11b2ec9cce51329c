// SPDX-License-Identifier: Apache-2.0
#include "tui/menu.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "format/sanitise.h"
#include "tui/box.h"
#include "tui/key.h"
#include "tui/label.h"
#include "tui/mouse.h"
#include "tui/overlay.h"
#include "tui/screen.h"
#include "tui/viewer.h"

enum {
    LINE_SIZE = 256,
    KEY_DISTANCE = 2, /* columns between a text and its key */
    FRAME_WIDTH = 4,  /* the border and a blank on either side */
    FRAME_HEIGHT = 2,
};

struct menu_line {
    char text[LINE_SIZE];
    char key_name[2 * KEY_NAME_SIZE];
    unsigned key; /* KEY_NONE = a key alone does not choose it */
    enum action_id action;
    size_t choice;
};

struct menu {
    struct viewer *viewer;
    struct menu_options options;
    struct menu_line *lines;
    size_t count;
    size_t capacity;
    size_t chosen;
    size_t top;       /* the first line that is shown */
    struct box place; /* of the last frame */
};

bool
menu_new(struct menu **out, struct viewer *viewer,
         const struct menu_options *options, struct error *err)
{
    struct menu *menu = array_new(1, sizeof *menu, err);

    if (menu == NULL) {
        return false;
    }
    menu->viewer = viewer;
    menu->options = *options;
    if (options->fill != NULL && !options->fill(menu, viewer, err)) {
        menu_free(menu);
        return false;
    }
    *out = menu;
    return true;
}

void
menu_free(struct menu *menu)
{
    if (menu != NULL) {
        free(menu->lines);
        free(menu);
    }
}

static struct menu_line *
add_line(struct menu *menu, const struct menu_line *line, const char *text,
         struct error *err)
{
    struct menu_line *added;

    if (!array_reserve((void **)&menu->lines, &menu->capacity, menu->count + 1,
                       sizeof *menu->lines, err)) {
        return NULL;
    }
    added = &menu->lines[menu->count++];
    *added = *line;
    (void)sanitise_text(added->text, sizeof added->text, text, strlen(text));
    return added;
}

bool
menu_add_action(struct menu *menu, enum action_id action, const char *text,
                struct error *err)
{
    const struct action *what = action_at(action);
    struct menu_line line = {.action = action, .choice = VIEWER_NO_CHOICE};
    struct action_keys keys;
    size_t index = 0;
    char prefix[KEY_NAME_SIZE] = "";
    char key[KEY_NAME_SIZE];

    if (keymap_next(&menu->viewer->keymap, action, 1u << menu->viewer->active,
                    &index, &keys)) {
        if (keys.prefix != KEY_NONE) {
            (void)key_format(prefix, sizeof prefix, keys.prefix);
        } else {
            line.key = keys.key;
        }
        (void)snprintf(line.key_name, sizeof line.key_name, "%s%s", prefix,
                       key_format(key, sizeof key, keys.key));
    }
    return add_line(menu, &line, text == NULL ? what->help : text, err) != NULL;
}

bool
menu_add_choice(struct menu *menu, enum action_id action, size_t choice,
                unsigned key, const char *text, struct error *err)
{
    struct menu_line line = {.action = action, .choice = choice, .key = key};

    if (key != KEY_NONE) {
        (void)key_format(line.key_name, sizeof line.key_name, key);
    }
    return add_line(menu, &line, text, err) != NULL;
}

static bool
stays_open(const struct menu *menu)
{
    return menu->options.fill != NULL;
}

static void
choose(struct menu *menu, size_t number, bool *is_done)
{
    const struct menu_line *line = &menu->lines[number];

    menu->chosen = number;
    menu->viewer->wanted_action = line->action;
    menu->viewer->choice = line->choice;
    *is_done = !stays_open(menu);
}

/* Rows for lines, inside the frame. */
static size_t
page_size(const struct menu *menu)
{
    return menu->place.inner_height > 0 ? menu->place.inner_height : 1;
}

static void
move(struct menu *menu, int lines)
{
    size_t steps = (size_t)(lines < 0 ? -lines : lines);

    if (lines < 0) {
        menu->chosen = menu->chosen < steps ? 0 : menu->chosen - steps;
    } else if (menu->count > 0) {
        menu->chosen = menu->chosen + steps < menu->count ? menu->chosen + steps
                                                          : menu->count - 1;
    }
}

/* By how many lines a key moves; 0 = it is another key. */
static int
lines_of_key(const struct menu *menu, unsigned key)
{
    switch (key) {
    case 'k':
    case KEY_UP:
        return -1;
    case 'j':
    case KEY_DOWN:
        return 1;
    case KEY_PAGE_UP:
    case KEY_CONTROL | 'b':
        return -(int)page_size(menu);
    case KEY_PAGE_DOWN:
    case KEY_CONTROL | 'f':
        return (int)page_size(menu);
    case 'g':
    case KEY_HOME:
        return -(int)menu->count;
    case 'G':
    case KEY_END:
        return (int)menu->count;
    default:
        return 0;
    }
}

static bool
is_closing(unsigned key)
{
    return key == KEY_ESCAPE || key == 'q' || key == (KEY_CONTROL | 'c');
}

static bool
on_key(void *overlay, unsigned key, bool *is_done, struct error *err)
{
    struct menu *menu = overlay;
    int lines = lines_of_key(menu, key);

    (void)err;
    if (is_closing(key)) {
        *is_done = true;
        return true;
    }
    if (key == KEY_ENTER || key == KEY_SPACE) {
        choose(menu, menu->chosen, is_done);
        return true;
    }
    for (size_t i = 0; i < menu->count; i++) {
        if (menu->lines[i].key != KEY_NONE && menu->lines[i].key == key) {
            choose(menu, i, is_done);
            return true;
        }
    }
    move(menu, lines);
    if (lines == 0) {
        char name[KEY_NAME_SIZE];

        viewer_say(menu->viewer, "`%s` does nothing here; Esc closes the menu",
                   key_format(name, sizeof name, key));
    }
    return true;
}

static bool
on_mouse(void *overlay, const struct mouse_event *event, bool *is_done,
         struct error *err)
{
    struct menu *menu = overlay;
    const struct box *place = &menu->place;
    int row = (int)event->y - place->inner_y;

    (void)err;
    switch (event->kind) {
    case MOUSE_WHEEL_UP:
        move(menu, -1);
        return true;
    case MOUSE_WHEEL_DOWN:
        move(menu, 1);
        return true;
    case MOUSE_PRESS:
        if (box_is_left(place, event)) {
            *is_done = true;
        } else if (row >= 0 && (size_t)row < page_size(menu)
                   && menu->top + (size_t)row < menu->count) {
            choose(menu, menu->top + (size_t)row, is_done);
        }
        return true;
    case MOUSE_RELEASE:
    case MOUSE_DRAG:
    case MOUSE_WHEEL_LEFT:
    case MOUSE_WHEEL_RIGHT:
        return true;
    }
    return true;
}

static unsigned
width_of(const struct menu *menu)
{
    unsigned width = label_width(menu->options.title) + 2;

    for (size_t i = 0; i < menu->count; i++) {
        unsigned own = label_width(menu->lines[i].text);

        if (menu->lines[i].key_name[0] != '\0') {
            own += KEY_DISTANCE + label_width(menu->lines[i].key_name);
        }
        width = own > width ? own : width;
    }
    return width;
}

static void
draw_line(const struct menu *menu, size_t number, struct screen *screen, int y)
{
    const struct menu_line *line = &menu->lines[number];
    const struct theme *theme = &menu->viewer->theme;
    struct screen_style style = theme_style(
        theme, number == menu->chosen ? PART_MENU_CHOSEN : PART_MENU);
    unsigned width = menu->place.inner_width;
    unsigned key_width = label_width(line->key_name);
    int x = menu->place.inner_x;
    char text[LABEL_SIZE];
    unsigned room;

    if (width < 2 * key_width + KEY_DISTANCE) {
        key_width = 0; /* the text matters more */
    }
    for (unsigned i = 0; i < width; i++) {
        screen_put(screen, x + (int)i, y, ' ', style);
    }
    room = width - (key_width > 0 ? key_width + KEY_DISTANCE : 0);
    (void)label_cut(text, theme, line->text, room);
    (void)screen_text(screen, x, y, room, text, strlen(text), style);
    (void)screen_text(screen, x + (int)(width - key_width), y, key_width,
                      line->key_name, strlen(line->key_name), style);
}

/* The chosen line is among those shown, and no row is wasted. */
static void
scroll(struct menu *menu)
{
    size_t rows = page_size(menu);

    if (menu->chosen < menu->top) {
        menu->top = menu->chosen;
    } else if (menu->chosen >= menu->top + rows) {
        menu->top = menu->chosen + 1 - rows;
    }
    if (menu->top + rows > menu->count) {
        menu->top = menu->count > rows ? menu->count - rows : 0;
    }
}

static int
at_most(unsigned wanted, unsigned size, unsigned limit)
{
    return (int)(wanted + size <= limit ? wanted : limit - size);
}

/* In the middle, or where it is wanted as far as it fits there. */
static struct box
place_of(const struct menu *menu, const struct screen *screen)
{
    const struct menu_options *options = &menu->options;
    struct box box = box_place(screen, width_of(menu) + FRAME_WIDTH,
                               (unsigned)menu->count + FRAME_HEIGHT);
    int x = at_most(options->x, box.width, screen_width(screen));
    int y = at_most(options->y, box.height, screen_height(screen));

    if (options->has_place) {
        box.inner_x += x - box.x;
        box.inner_y += y - box.y;
        box.x = x;
        box.y = y;
    }
    return box;
}

static bool
draw(void *overlay, struct screen *screen, struct error *err)
{
    struct menu *menu = overlay;
    const struct theme *theme = &menu->viewer->theme;

    if (stays_open(menu)) {
        menu->count = 0;
        if (!menu->options.fill(menu, menu->viewer, err)) {
            return false;
        }
    }
    if (menu->chosen >= menu->count) {
        menu->chosen = menu->count > 0 ? menu->count - 1 : 0;
    }
    menu->place = place_of(menu, screen);
    scroll(menu);
    box_draw(&menu->place, theme, screen, menu->options.title, "");
    for (size_t i = 0; i < menu->place.inner_height; i++) {
        if (menu->top + i < menu->count) {
            draw_line(menu, menu->top + i, screen,
                      menu->place.inner_y + (int)i);
        }
    }
    return true;
}

static void
close_menu(void *overlay)
{
    menu_free(overlay);
}

static const struct overlay_class menu_class = {
    .key = on_key,
    .mouse = on_mouse,
    .draw = draw,
    .close = close_menu,
};

void
menu_open(struct menu *menu)
{
    viewer_open_overlay(menu->viewer, &menu_class, menu);
}
