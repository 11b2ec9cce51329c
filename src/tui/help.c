// SPDX-License-Identifier: Apache-2.0
#include "tui/help.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "tui/action.h"
#include "tui/box.h"
#include "tui/key.h"
#include "tui/key_label.h"
#include "tui/label.h"
#include "tui/line_edit.h"
#include "tui/mouse.h"
#include "tui/overlay.h"
#include "tui/screen.h"
#include "tui/scroll.h"
#include "tui/text_wrap.h"
#include "tui/viewer.h"

enum {
    COLUMN_MIN = 64, /* cells of a column of the help */
    COLUMN_GAP = 3,
    KEYS_CELLS = 18,
    LINE_SIZE = 256,
    SIDE_ROOM = 8, /* cells left free beside the box on a wide screen */
};

/* A line of the help; a long text goes on in lines without keys. */
struct help_line {
    const char *title; /* of a group; then nothing else */
    char keys[KEY_LABEL_SIZE];
    char text[LINE_SIZE];
    bool is_elsewhere; /* another view knows it */
};

struct help {
    struct viewer *viewer;
    struct line_edit filter;
    struct scroll scroll;
    struct box box; /* of the last frame */

    struct help_line *lines; /* of this frame; owned */
    size_t count;
    size_t capacity;
};

/* What the mouse does, see the mouse of the views. */
static const struct {
    const char *where;
    const char *what;
} mouse_lines[] = {
    {"wheel", "zoom at the pointer; on names: scroll; with Shift: pan"},
    {"click", "select; on tabs and function keys: as the key"},
    {"double click", "fit the slice"},
    {"drag", "mark an area; on the ruler or overview: zoom to it"},
    {"right drag", "pan; so does dragging the window of the overview"},
    {"right click", "commands for what is under the pointer"},
};

enum { MOUSE_COUNT = sizeof mouse_lines / sizeof mouse_lines[0] };

static struct help_line *
add_line(struct help *help, struct error *err)
{
    struct help_line *line;

    if (!array_reserve((void **)&help->lines, &help->capacity, help->count + 1,
                       sizeof *help->lines, err)) {
        return NULL;
    }
    line = &help->lines[help->count++];
    *line = (struct help_line){0};
    return line;
}

static bool
is_wanted(const struct help *help, const char *keys, const char *name,
          const char *text)
{
    const char *filter = help->filter.text;

    return strcasestr(keys, filter) != NULL || strcasestr(name, filter) != NULL
           || strcasestr(text, filter) != NULL;
}

/* Keys and as many lines of text as it takes. */
static bool
add_entry(struct help *help, const char *keys, const char *text,
          bool is_elsewhere, unsigned cells, struct error *err)
{
    size_t size;
    size_t skip;

    for (bool is_first = true; (size = text_wrap(text, cells, &skip)) > 0;
         is_first = false) {
        struct help_line *line = add_line(help, err);

        if (line == NULL) {
            return false;
        }
        (void)snprintf(line->keys, sizeof line->keys, "%s",
                       is_first ? keys : "");
        (void)snprintf(line->text, sizeof line->text, "%.*s", (int)size, text);
        line->is_elsewhere = is_elsewhere;
        text += skip;
    }
    return true;
}

/* " (flame, functions)": the views that know an action. */
static void
append_views(char *text, size_t capacity, unsigned views)
{
    const char *separator = " (";

    for (unsigned id = 0; id < VIEW_COUNT; id++) {
        size_t used = strlen(text);

        if ((views & 1u << id) != 0) {
            (void)snprintf(text + used, capacity - used, "%s%s", separator,
                           view_name((enum view_id)id));
            separator = ", ";
        }
    }
    if (separator[0] == ',') {
        size_t used = strlen(text);

        (void)snprintf(text + used, capacity - used, ")");
    }
}

static bool
add_action(struct help *help, const struct action *action, unsigned cells,
           struct error *err)
{
    bool is_elsewhere = (action->views & 1u << help->viewer->active) == 0;
    char keys[KEY_LABEL_SIZE];
    char text[LINE_SIZE];

    (void)key_label_action(keys, &help->viewer->keymap, action->id,
                           is_elsewhere ? action->views
                                        : 1u << help->viewer->active,
                           help->viewer->theme.is_ascii);
    (void)snprintf(text, sizeof text, "%s", action->help);
    if (is_elsewhere) {
        append_views(text, sizeof text, action->views);
    }
    return !is_wanted(help, keys, action->name, text)
           || add_entry(help, keys, text, is_elsewhere, cells, err);
}

/* The title of a group that has lines, a blank line in front. */
static bool
add_title(struct help *help, const char *title, struct error *err)
{
    struct help_line *line;

    if (help->count > 0 && add_line(help, err) == NULL) {
        return false;
    }
    line = add_line(help, err);
    if (line != NULL) {
        line->title = title;
    }
    return line != NULL;
}

static bool
add_group(struct help *help, enum action_group group, unsigned cells,
          struct error *err)
{
    size_t before = help->count;
    size_t empty;

    if (!add_title(help, action_group_title(group), err)) {
        return false;
    }
    empty = help->count;
    for (size_t i = 0; i < ACTION_COUNT; i++) {
        if (action_at(i)->group == group
            && !add_action(help, action_at(i), cells, err)) {
            return false;
        }
    }
    if (help->count == empty) {
        help->count = before;
    }
    return true;
}

static bool
add_mouse(struct help *help, unsigned cells, struct error *err)
{
    size_t before = help->count;
    size_t empty;

    if (!add_title(help, "Mouse", err)) {
        return false;
    }
    empty = help->count;
    for (size_t i = 0; i < MOUSE_COUNT; i++) {
        if (is_wanted(help, mouse_lines[i].where, "mouse", mouse_lines[i].what)
            && !add_entry(help, mouse_lines[i].where, mouse_lines[i].what,
                          false, cells, err)) {
            return false;
        }
    }
    if (help->count == empty) {
        help->count = before;
    }
    return true;
}

static bool
build(struct help *help, unsigned cells, struct error *err)
{
    help->count = 0;
    for (int group = 0; group < ACTION_GROUP_COUNT; group++) {
        if (!add_group(help, (enum action_group)group, cells, err)) {
            return false;
        }
    }
    return add_mouse(help, cells, err);
}

/* Columns that fit, and how wide each is. */
struct columns {
    unsigned count;
    unsigned width;
    unsigned keys; /* cells of the keys in it; then a blank or two */
};

static struct columns
columns_of(const struct box *box)
{
    unsigned count =
        (box->inner_width + COLUMN_GAP) / (COLUMN_MIN + COLUMN_GAP);
    struct columns columns = {.count = count == 0 ? 1 : count};

    columns.width =
        (box->inner_width - (columns.count - 1) * COLUMN_GAP) / columns.count;
    columns.keys =
        columns.width / 3 < KEYS_CELLS ? columns.width / 3 : KEYS_CELLS;
    return columns;
}

static void
draw_line(const struct help *help, const struct help_line *line,
          const struct columns *columns, struct screen *screen, int x, int y)
{
    const struct theme *theme = &help->viewer->theme;
    enum theme_part part = line->is_elsewhere ? PART_FAINT : PART_TEXT;
    char cut[LABEL_SIZE];

    if (line->title != NULL) {
        (void)screen_text(screen, x, y, columns->width, line->title,
                          strlen(line->title), theme_style(theme, PART_TAB));
        return;
    }
    (void)label_cut(cut, theme, line->keys, columns->keys - 1);
    (void)screen_text(
        screen, x + 1, y, columns->keys - 1, cut, strlen(cut),
        theme_style(theme, line->is_elsewhere ? part : PART_TITLE));
    (void)screen_text(screen, x + (int)columns->keys + 1, y,
                      columns->width - columns->keys - 1, line->text,
                      strlen(line->text), theme_style(theme, part));
}

/* Each column goes on where the one before it ends. */
static void
draw_lines(const struct help *help, const struct columns *columns,
           struct screen *screen)
{
    const struct scroll *scroll = &help->scroll;

    for (unsigned column = 0; column < columns->count; column++) {
        int x =
            help->box.inner_x + (int)(column * (columns->width + COLUMN_GAP));

        for (size_t row = 0; row < scroll->rows; row++) {
            size_t in_column = scroll->top + row;
            size_t index = column * scroll->count + in_column;

            if (in_column < scroll->count && index < help->count) {
                draw_line(help, &help->lines[index], columns, screen, x,
                          help->box.inner_y + (int)row);
            }
        }
    }
}

static void
draw_frame(const struct help *help, struct screen *screen)
{
    const struct theme *theme = &help->viewer->theme;
    char position[LINE_SIZE];
    char title[LINE_EDIT_SIZE + LINE_SIZE];

    if (help->filter.size == 0) {
        (void)snprintf(title, sizeof title,
                       "help   (type to filter, j/k scroll, q close)");
    } else {
        (void)snprintf(title, sizeof title, "help: lines with \"%s\"",
                       help->filter.text);
    }
    box_draw(&help->box, theme, screen, title,
             scroll_text(&help->scroll, theme, position, sizeof position));
}

static bool
help_draw(void *overlay, struct screen *screen, struct error *err)
{
    struct help *help = overlay;
    unsigned width = screen_width(screen);
    struct columns columns;

    help->box = box_place(
        screen, width > 2 * COLUMN_MIN + SIDE_ROOM ? width - SIDE_ROOM : width,
        screen_height(screen));
    columns = columns_of(&help->box);
    if (help->box.inner_height == 0 || columns.keys < 2) {
        return true;
    }
    if (!build(help, columns.width - columns.keys - 1, err)) {
        return false;
    }
    scroll_fit(&help->scroll, (help->count + columns.count - 1) / columns.count,
               help->box.inner_height);
    draw_frame(help, screen);
    draw_lines(help, &columns, screen);
    if (help->count == 0) {
        box_text(&help->box, &help->viewer->theme, screen, 0,
                 "no line has that in it; Esc shows all",
                 theme_style(&help->viewer->theme, PART_WARNING));
    }
    return true;
}

/* Letters scroll and close as long as nothing is typed. */
static void
press(struct help *help, unsigned key, bool *is_done)
{
    bool is_filtered = help->filter.size > 0;
    bool is_letter = key >= KEY_SPACE && key < KEY_NAMED;

    if (key == KEY_ESCAPE && is_filtered) {
        line_edit_set(&help->filter, "");
    } else if (key == KEY_ESCAPE || key == KEY_ENTER || key == KEY_F1
               || key == (KEY_CONTROL | 'c')
               || (!is_filtered && (key == 'q' || key == '?'))) {
        *is_done = true;
    } else if ((is_letter && is_filtered) || !scroll_key(&help->scroll, key)) {
        if (line_edit_key(&help->filter, key) == LINE_EDIT_CHANGED) {
            help->scroll.top = 0;
        }
    }
}

static bool
help_key(void *overlay, unsigned key, bool *is_done, struct error *err)
{
    (void)err;
    press(overlay, key, is_done);
    return true;
}

static bool
help_paste(void *overlay, const char *text, size_t size, struct error *err)
{
    struct help *help = overlay;

    (void)err;
    line_edit_paste(&help->filter, text, size);
    return true;
}

static bool
help_mouse(void *overlay, const struct mouse_event *event, bool *is_done,
           struct error *err)
{
    struct help *help = overlay;

    (void)err;
    *is_done = box_is_left(&help->box, event);
    scroll_mouse(&help->scroll, event);
    return true;
}

static void
help_close(void *overlay)
{
    struct help *help = overlay;

    free(help->lines);
    free(help);
}

static const struct overlay_class help_class = {
    .key = help_key,
    .paste = help_paste,
    .mouse = help_mouse,
    .draw = help_draw,
    .close = help_close,
};

bool
help_open(struct viewer *viewer, struct error *err)
{
    struct help *help = array_new(1, sizeof *help, err);

    if (help == NULL) {
        return false;
    }
    help->viewer = viewer;
    viewer_open_overlay(viewer, &help_class, help);
    return true;
}
