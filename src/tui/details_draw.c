// SPDX-License-Identifier: Apache-2.0
#include "tui/details_parts.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/utf8.h"
#include "model/call_rank.h"
#include "model/trace_model.h"
#include "tui/details.h"
#include "tui/histogram.h"
#include "tui/label.h"
#include "tui/screen.h"
#include "tui/timeline.h"
#include "tui/viewer.h"

enum {
    ROWS_OF_LISTS = 3, /* that facts leave */
    WIDTH_OF_TWO = 72, /* columns for two lists side by side */
    LIST_DISTANCE = 3, /* behind each: where it says that there is more */
    NAME_MIN = 8,      /* columns that figures leave to a name */
};

struct details_layout
details_layout(const struct timeline *timeline)
{
    const struct layout *whole = &timeline->layout;
    const struct details_lines *lines = &timeline->details->lines;
    unsigned height = whole->details_height;
    unsigned room = height > ROWS_OF_LISTS + 1 ? height - 1 - ROWS_OF_LISTS : 0;
    struct details_layout layout = {
        .column_count = whole->width >= WIDTH_OF_TWO ? 2 : 1,
    };

    layout.width = (whole->width - 1) / layout.column_count - LIST_DISTANCE;
    layout.head_count = lines->head_count < room ? lines->head_count : room;
    layout.has_histogram = lines->histogram != NULL && layout.head_count < room;
    if (height > 1) {
        layout.rows = height - 1 - (unsigned)layout.head_count
                      - (layout.has_histogram ? 1 : 0);
    }
    layout.first_row = whole->details_row + (int)(height - layout.rows);
    return layout;
}

static void
fill_row(struct screen *screen, int y, struct screen_style style)
{
    for (unsigned x = 0; x < screen_width(screen); x++) {
        screen_put(screen, (int)x, y, ' ', style);
    }
}

/* What the pane is about and which keys are for it; when this is all there is
 * room for, what matters most. */
static void
draw_title(const struct timeline *timeline, struct screen *screen)
{
    const struct details *details = timeline->details;
    const struct details_lines *lines = &details->lines;
    const struct theme *theme = &timeline->viewer->theme;
    bool has_focus = details_place_now(timeline).has_focus;
    enum theme_part part = has_focus ? PART_TAB : PART_STATUS;
    const struct pieces *brief = &lines->head[lines->brief];
    struct pieces pieces = {0};
    int y = timeline->layout.details_row;

    fill_row(screen, y, theme_style(theme, part));
    if (timeline->layout.details_height > 1) {
        pieces_add(&pieces, 1, false, part, "%s", lines->title);
        pieces_add(&pieces, 2, true, part, "%s",
                   has_focus ? "Enter go there  Tab timeline  i close"
                             : "Tab go into it  i close");
    } else {
        for (size_t i = 0; i < brief->count; i++) {
            pieces_add(&pieces, brief->items[i].rank, false, part, "%s",
                       brief->items[i].text);
        }
    }
    pieces_draw(&pieces, theme, screen, 0, y, timeline->layout.width);
}

static int
draw_text(struct screen *screen, int x, int y, const char *text,
          struct screen_style style)
{
    return x
           + (int)screen_text(screen, x, y, screen_width(screen), text,
                              strlen(text), style);
}

/* Durations of all calls, with the place of this one. */
static void
draw_histogram(const struct timeline *timeline, struct screen *screen, int y)
{
    const struct details_lines *lines = &timeline->details->lines;
    const struct histogram_place place = {
        .x = 1, .y = y, .width = timeline->layout.width / 2};

    (void)histogram_draw(lines->histogram, true, lines->here_ns,
                         &timeline->viewer->theme, screen, &place);
}

void
details_line_draw(const struct details_lines *lines,
                  const struct details_line *line, bool is_chosen,
                  unsigned width, const struct theme *theme,
                  struct screen *screen, int x, int y)
{
    enum theme_part part = is_chosen         ? PART_MENU_CHOSEN
                           : line->is_header ? PART_FAINT
                                             : PART_TEXT;
    struct screen_style style = theme_style(theme, part);
    struct screen_style right_style =
        theme_style(theme, is_chosen ? part : PART_FAINT);
    const char *left = details_left(lines, line);
    const char *right = details_right(lines, line);
    unsigned right_width = label_width(right);
    char text[LABEL_SIZE];

    for (unsigned i = 0; is_chosen && i < width; i++) {
        screen_put(screen, x + (int)i, y, ' ', style);
    }
    if (right_width + NAME_MIN > width) {
        right_width = 0;
    }
    if (right_width > 0) {
        (void)screen_text(screen, x + (int)(width - right_width), y,
                          right_width, right, strlen(right), right_style);
        right_width += 2;
    }
    if (line->target.kind == TARGET_SLICE
        || line->target.kind == TARGET_FUNCTION) {
        const struct model_function name_only = {.name = left, .file = ""};

        (void)label_fit(text, theme, &name_only, width - right_width);
    } else {
        (void)label_cut(text, theme, left, width - right_width);
    }
    (void)screen_text(screen, x, y, width - right_width, text, strlen(text),
                      style);
}

/* Behind a list: that there are more lines, and how many when there is room. */
static void
draw_more(const struct timeline *timeline, size_t count, enum theme_glyph glyph,
          struct screen *screen, int x, int y)
{
    const struct theme *theme = &timeline->viewer->theme;
    struct screen_style style = theme_style(theme, PART_CURSOR);
    char text[TEXT_NUMBER_SIZE];

    if (count == 0) {
        return;
    }
    screen_put(screen, x, y, theme_glyph(theme, glyph), style);
    (void)snprintf(text, sizeof text, "%zu", count);
    if (strlen(text) < LIST_DISTANCE) {
        (void)draw_text(screen, x + 1, y, text, style);
    }
}

static void
draw_list(const struct timeline *timeline, size_t number,
          const struct details_layout *layout, struct screen *screen)
{
    const struct details_place place = details_place_now(timeline);
    const struct details_column *column =
        &timeline->details->lines.columns[number];
    int x = 1 + (int)(number * (layout->width + LIST_DISTANCE));
    size_t top = place.top[number];
    size_t end =
        top + layout->rows < column->count ? top + layout->rows : column->count;

    for (size_t i = top; i < end; i++) {
        bool is_chosen = place.has_focus && place.column == number
                         && place.chosen[number] == i;

        details_line_draw(&timeline->details->lines, &column->lines[i],
                          is_chosen, layout->width, &timeline->viewer->theme,
                          screen, x, layout->first_row + (int)(i - top));
    }
    if (layout->rows > 0) {
        x += (int)layout->width;
        draw_more(timeline, top, GLYPH_UP, screen, x, layout->first_row);
        draw_more(timeline, column->count - end, GLYPH_DOWN, screen, x,
                  layout->first_row + (int)layout->rows - 1);
    }
}

bool
details_draw(struct timeline *timeline, struct screen *screen,
             struct error *err)
{
    struct details_lines *lines;
    struct details_layout layout;
    int y = timeline->layout.details_row + 1;

    if (timeline->layout.details_height == 0) {
        return true;
    }
    if (!details_update(timeline, err)) {
        return false;
    }
    lines = &timeline->details->lines;
    layout = details_layout(timeline);
    draw_title(timeline, screen);
    for (size_t i = 0; i < layout.head_count; i++) {
        pieces_draw(&lines->head[i], &timeline->viewer->theme, screen, 0, y++,
                    timeline->layout.width);
    }
    if (layout.has_histogram) {
        draw_histogram(timeline, screen, y);
    }
    for (size_t i = 0; i < layout.column_count && layout.rows > 0; i++) {
        draw_list(timeline, i, &layout, screen);
    }
    return true;
}
