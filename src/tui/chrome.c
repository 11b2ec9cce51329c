// SPDX-License-Identifier: Apache-2.0
#include "tui/chrome.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "model/trace_model.h"
#include "tui/action.h"
#include "tui/key.h"
#include "tui/label.h"
#include "tui/layout.h"
#include "tui/pieces.h"
#include "tui/screen.h"
#include "tui/viewer.h"

enum {
    TAB_SIZE = 64,
    TAB_DISTANCE = 0,
    CHIP_SIZE = LABEL_SIZE,
    FILTER_CELLS = 30, /* of the header */
    TITLE_CELLS_MIN = 8,
    WIDE_LABEL_CELLS = 8, /* of the function key bar */
};

/* "[1 Timeline]", " 2 Flame ", or short "[1Time]". */
static void
write_tab(const struct viewer *viewer, enum view_id id, unsigned width,
          char text[TAB_SIZE])
{
    bool is_shown = viewer->active == id;
    bool is_wide = width >= WIDE_SCREEN;

    (void)snprintf(text, TAB_SIZE, "%s%d%s%s%s", is_shown ? "[" : " ",
                   (int)id + 1, is_wide ? " " : "",
                   is_wide ? view_name(id) : view_short_name(id),
                   is_shown ? "]" : " ");
}

bool
chrome_tab_at(const struct viewer *viewer, unsigned width, unsigned x,
              unsigned *view)
{
    unsigned start = 1;

    for (unsigned id = 0; id < VIEW_COUNT; id++) {
        char text[TAB_SIZE];

        write_tab(viewer, (enum view_id)id, width, text);
        if (x >= start && x < start + strlen(text)) {
            *view = id;
            return true;
        }
        start += (unsigned)strlen(text) + TAB_DISTANCE;
    }
    return false;
}

static unsigned
draw_tabs(const struct viewer *viewer, struct screen *screen, int row)
{
    unsigned width = screen_width(screen);
    unsigned x = 1;

    for (unsigned id = 0; id < VIEW_COUNT; id++) {
        enum theme_part part = viewer->active == id ? PART_TAB : PART_FAINT;
        char text[TAB_SIZE];

        write_tab(viewer, (enum view_id)id, width, text);
        if (x + strlen(text) > width) {
            break;
        }
        x += screen_text(screen, (int)x, row, width - x, text, strlen(text),
                         theme_style(&viewer->theme, part))
             + TAB_DISTANCE;
    }
    return x;
}

static void
add_counts(struct pieces *pieces, const struct viewer *viewer, unsigned width)
{
    struct trace_summary summary = trace_model_summary(viewer->model);
    char count[TEXT_NUMBER_SIZE];
    char duration[TEXT_NUMBER_SIZE];

    (void)(width >= WIDE_SCREEN
               ? text_grouped(count, sizeof count, summary.call_count)
               : text_count(count, sizeof count, summary.call_count));
    if (viewer->filter[0] != '\0') {
        char all[TEXT_NUMBER_SIZE];
        uint64_t all_calls = trace_model_summary(viewer->whole).call_count;

        (void)(width >= WIDE_SCREEN ? text_grouped(all, sizeof all, all_calls)
                                    : text_count(all, sizeof all, all_calls));
        pieces_add(pieces, 2, true, PART_SCOPE, "%s%s%s calls", count,
                   width >= WIDE_SCREEN ? " of " : "/", all);
    } else {
        pieces_add(pieces, 4, true, PART_TEXT, "%s%s %s",
                   summary.is_partial ? "~" : "", count,
                   summary.call_count == 1 ? "call" : "calls");
    }
    pieces_add(pieces, 3, true, PART_TEXT, "%s",
               text_duration(duration, sizeof duration, summary.duration_ns,
                             viewer->theme.is_ascii));
    if (viewer->activity != NULL && viewer->activity_percent < 0) {
        pieces_add(pieces, 1, true, PART_WARNING, "%s", viewer->activity);
    } else if (viewer->activity != NULL) {
        pieces_add(pieces, 1, true, PART_WARNING, "%s %d %%", viewer->activity,
                   viewer->activity_percent);
    }
    if (summary.is_live) {
        pieces_add(pieces, 6, true, PART_WARNING, "recording");
    }
}

static void
add_notes(struct pieces *pieces, const struct viewer *viewer)
{
    size_t count = trace_model_note_count(viewer->model);

    if (count > 0) {
        pieces_add(pieces, 2, true, PART_WARNING, "%zu note%s", count,
                   count == 1 ? "" : "s");
    }
}

/* What all numbers cover, when that is not everything. */
static void
add_scope(struct pieces *pieces, const struct viewer *viewer)
{
    char text[CHIP_SIZE];

    if (viewer->scope.is_set) {
        pieces_add(pieces, 1, true, PART_SCOPE, "scope %s",
                   viewer_scope_text(viewer, text, sizeof text));
    } else if (viewer->filter[0] != '\0') {
        pieces_add(
            pieces, 1, true, PART_SCOPE, "filter %s",
            label_cut(text, &viewer->theme, viewer->filter, FILTER_CELLS));
    }
}

static struct piece *
find_title(struct pieces *pieces)
{
    for (size_t i = 0; i < pieces->count; i++) {
        if (pieces->items[i].part == PART_TITLE) {
            return &pieces->items[i];
        }
    }
    return NULL;
}

static void
cut_title(const struct viewer *viewer, struct piece *piece, const char *title,
          unsigned cells)
{
    char text[LABEL_SIZE];

    (void)label_cut_middle(text, &viewer->theme, title, cells);
    (void)snprintf(piece->text, sizeof piece->text, "%s", text);
}

/* A long name does not push the counts off the line: it is as short as can be
 * when it is chosen what there is room for, and then takes the room that is
 * left. What tells recordings of a program apart is its ends. */
static void
fit_title(const struct viewer *viewer, struct pieces *pieces, unsigned width)
{
    struct piece *piece = find_title(pieces);
    char title[sizeof piece->text];
    unsigned others;

    if (piece == NULL) {
        return;
    }
    memcpy(title, piece->text, sizeof title);
    cut_title(viewer, piece, title, TITLE_CELLS_MIN);
    pieces_fit(pieces, &viewer->theme, width);
    piece = find_title(pieces);
    if (piece != NULL) {
        others = pieces_width(pieces) - label_width(piece->text);
        cut_title(viewer, piece, title,
                  others < width ? width - others : TITLE_CELLS_MIN);
    }
}

void
chrome_draw_tabs(const struct viewer *viewer, struct screen *screen, int row)
{
    unsigned width = screen_width(screen);
    unsigned x = draw_tabs(viewer, screen, row);
    struct pieces pieces = {0};

    if (x >= width) {
        return;
    }
    add_scope(&pieces, viewer);
    pieces_add(&pieces,
               viewer->scope.is_set || viewer->filter[0] != '\0' ? 5 : 1, true,
               PART_TITLE, "%s",
               label_width(viewer->title) + width / 2 < width
                   ? viewer->title
                   : label_base_name(viewer->title));
    add_counts(&pieces, viewer, width);
    add_notes(&pieces, viewer);
    fit_title(viewer, &pieces, width - x);
    pieces_draw(&pieces, &viewer->theme, screen, (int)x, row, width - x);
}

void
chrome_draw_status(const struct viewer *viewer, const struct pieces *facts,
                   struct screen *screen, int row)
{
    bool is_message = viewer->message[0] != '\0';
    struct pieces pieces = {0};

    for (unsigned i = 0; i < screen_width(screen); i++) {
        screen_put(screen, (int)i, row, ' ',
                   theme_style(&viewer->theme,
                               is_message ? PART_MESSAGE : PART_STATUS));
    }
    if (is_message) {
        pieces_add(&pieces, 1, false, PART_MESSAGE, "%s", viewer->message);
    } else {
        pieces = *facts;
    }
    pieces_draw(&pieces, &viewer->theme, screen, 0, row, screen_width(screen));
}

/* What stands in the bar at one function key. */
struct bar_item {
    unsigned key;
    unsigned x;
    char key_name[KEY_NAME_SIZE];
    char label[TAB_SIZE];
    unsigned width; /* of both */
};

/* The function key of an action that has one. */
static unsigned
function_key(const struct viewer *viewer, const struct action *action)
{
    struct action_keys keys;
    size_t index = 0;

    while (keymap_next(&viewer->keymap, action->id, 1u << viewer->active,
                       &index, &keys)) {
        if (keys.prefix == KEY_NONE && keys.key >= KEY_F1
            && keys.key <= KEY_F12) {
            return keys.key;
        }
    }
    return KEY_NONE;
}

/* "Opts|Options": the first, or on a wide screen the second. */
static void
write_label(const char *both, unsigned width, char label[TAB_SIZE])
{
    const char *bar = strchr(both, '|');

    if (bar == NULL) {
        (void)snprintf(label, TAB_SIZE, "%s", both);
    } else if (width >= WIDE_SCREEN) {
        (void)snprintf(label, TAB_SIZE, "%s", bar + 1);
    } else {
        (void)snprintf(label, TAB_SIZE, "%.*s", (int)(bar - both), both);
    }
}

/* Item number `number` of the bar; false when that key is not in it. *x moves
 * behind it. */
static bool
bar_item(const struct viewer *viewer, unsigned width, unsigned number,
         unsigned *x, struct bar_item *item)
{
    for (size_t i = 0; i < ACTION_COUNT; i++) {
        const struct action *action = action_at(i);

        if ((action->views & 1u << viewer->active) == 0
            || action->bar_label[0] == '\0'
            || function_key(viewer, action) != KEY_F1 + number) {
            continue;
        }
        item->key = KEY_F1 + number;
        item->x = *x;
        (void)key_format(item->key_name, sizeof item->key_name, item->key);
        write_label(action->bar_label, width, item->label);
        item->width = label_width(item->label);
        if (width >= WIDE_SCREEN && item->width < WIDE_LABEL_CELLS) {
            item->width = WIDE_LABEL_CELLS;
        }
        item->width += label_width(item->key_name);
        *x += item->width + 1;
        return item->x + item->width <= width;
    }
    return false;
}

static void
draw_bar_item(const struct viewer *viewer, const struct bar_item *item,
              struct screen *screen, int row)
{
    struct screen_style style = theme_style(&viewer->theme, PART_BAR_LABEL);
    unsigned x = item->x;
    unsigned end = item->x + item->width;

    x += screen_text(screen, (int)x, row, item->width, item->key_name,
                     strlen(item->key_name),
                     theme_style(&viewer->theme, PART_BAR_KEY));
    for (unsigned i = x; i < end; i++) {
        screen_put(screen, (int)i, row, ' ', style);
    }
    (void)screen_text(screen, (int)x, row, end - x, item->label,
                      strlen(item->label), style);
}

void
chrome_draw_bar(const struct viewer *viewer, struct screen *screen, int row)
{
    unsigned x = 0;

    for (unsigned number = 0; number < 12; number++) {
        struct bar_item item;

        if (bar_item(viewer, screen_width(screen), number, &x, &item)) {
            draw_bar_item(viewer, &item, screen, row);
        }
    }
}

unsigned
chrome_bar_key_at(const struct viewer *viewer, unsigned width, unsigned x)
{
    unsigned next = 0;

    for (unsigned number = 0; number < 12; number++) {
        struct bar_item item;

        if (bar_item(viewer, width, number, &next, &item) && x >= item.x
            && x < item.x + item.width) {
            return item.key;
        }
    }
    return KEY_NONE;
}

void
chrome_draw_centred(struct screen *screen, int row, const char *text,
                    enum theme_part part, const struct viewer *viewer)
{
    unsigned width = label_width(text);
    unsigned all = screen_width(screen);
    int x = width < all ? (int)(all - width) / 2 : 0;

    (void)screen_text(screen, x, row, all, text, strlen(text),
                      theme_style(&viewer->theme, part));
}

void
chrome_draw_too_small(const struct viewer *viewer, struct screen *screen)
{
    char text[TAB_SIZE];

    (void)snprintf(text, sizeof text, "%d%s%d needed", LAYOUT_MIN_WIDTH,
                   viewer->theme.is_ascii ? "x" : "×", LAYOUT_MIN_HEIGHT);
    chrome_draw_centred(screen, (int)screen_height(screen) / 2, text, PART_TEXT,
                        viewer);
}
