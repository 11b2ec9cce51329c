// SPDX-License-Identifier: Apache-2.0
/* The list of functions below the chart, where there is room. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "tui/flame.h"
#include "tui/flame_list_pane.h"
#include "tui/label.h"
#include "tui/profile_text.h"
#include "tui/screen.h"
#include "tui/viewer.h"

/* Columns, from the left. What a narrow screen has no room for is left out. */
enum {
    SELF_END = 12,
    SHARE_END = 20,
    BAR_X = 21,
    BAR_CELLS = 12,
    WIDTH_WITH_BAR = 100,
    WIDTH_WITH_TOTALS = 60,
    TIMES_WIDTH = 20, /* total and its share */
    CALLS_WIDTH = 13,
    MEAN_WIDTH = 11,
    LOCATION_WIDTH = 40,
    WIDTH_WITH_LOCATION = 140,
};

/* Where the columns end that come after those of own time. */
struct list_columns {
    bool has_totals; /* and calls */
    int total_end;
    int total_share_end;
    int calls_end;
    int mean_end;
    int function_x;
    int location_x; /* of the right edge on, when there is none */
};

static struct list_columns
columns_of(const struct flame *flame)
{
    unsigned width = flame->layout.width;
    int x = width >= WIDTH_WITH_BAR ? BAR_X + BAR_CELLS : SHARE_END;
    struct list_columns columns = {
        .has_totals = width >= WIDTH_WITH_TOTALS,
        .total_end = x + TIMES_WIDTH - 8,
        .total_share_end = x + TIMES_WIDTH,
        .calls_end = x + TIMES_WIDTH + CALLS_WIDTH,
        .mean_end = x + TIMES_WIDTH + CALLS_WIDTH + MEAN_WIDTH,
    };

    if (width < WIDTH_WITH_BAR) {
        columns.mean_end = columns.calls_end;
    }
    columns.function_x = (columns.has_totals ? columns.mean_end : x) + 2;
    columns.location_x = (int)width;
    if (width >= WIDTH_WITH_LOCATION) {
        columns.location_x -= LOCATION_WIDTH;
    }
    return columns;
}

static void
put_right(const struct flame *flame, struct screen *screen, int end, int y,
          const char *text, enum theme_part part)
{
    (void)screen_text(screen, end - (int)label_width(text), y,
                      flame->layout.width, text, strlen(text),
                      theme_style(&flame->viewer->theme, part));
}

static void
draw_heads(const struct flame *flame, struct screen *screen, int y)
{
    const struct list_columns columns = columns_of(flame);
    struct screen_style style = theme_style(&flame->viewer->theme, PART_RULER);

    put_right(flame, screen, SELF_END, y, "SELF", PART_TITLE);
    put_right(flame, screen, SHARE_END, y, "SELF%", PART_RULER);
    if (columns.has_totals) {
        put_right(flame, screen, columns.total_end, y, "TOTAL", PART_RULER);
        put_right(flame, screen, columns.total_share_end, y, "TOTAL%",
                  PART_RULER);
        put_right(flame, screen, columns.calls_end, y, "CALLS", PART_RULER);
    }
    if (columns.has_totals && columns.mean_end > columns.calls_end) {
        put_right(flame, screen, columns.mean_end, y, "MEAN", PART_RULER);
    }
    (void)screen_text(screen, columns.function_x, y, flame->layout.width,
                      "FUNCTION", 8, style);
    (void)screen_text(screen, columns.location_x, y, flame->layout.width,
                      "LOCATION", 8, style);
}

static void
draw_title(const struct flame *flame, struct screen *screen, int y)
{
    const struct theme *theme = &flame->viewer->theme;
    unsigned width = flame->layout.width;
    const char *title = width >= WIDTH_WITH_BAR
                            ? " functions below the root, by time of their own "
                              "(Tab: graph or list) "
                            : " functions below the root, by own time (Tab) ";

    for (unsigned i = 0; i < width; i++) {
        screen_put(screen, (int)i, y, theme_glyph(theme, GLYPH_BODY),
                   theme_style(theme, PART_FAINT));
    }
    (void)screen_text(
        screen, 2, y, width - 2, title, strlen(title),
        theme_style(theme, flame->is_in_list ? PART_TAB : PART_TITLE));
}

static void
draw_name(const struct flame *flame, const struct flame_list_row *row,
          struct screen *screen, int y)
{
    struct theme theme = profile_theme(flame->viewer);
    const struct model_function *function =
        scope_profile_function(flame->model, row->function);
    struct screen_style style = theme_slice_style(
        &theme, profile_slot(flame->viewer, function, row->self_ns),
        LOOK_SINGLE);
    const struct list_columns columns = columns_of(flame);
    int x = columns.function_x;
    unsigned cells =
        (unsigned)(columns.location_x > x + 2 ? columns.location_x - x - 1 : 0);
    struct model_function bare = *function;
    char text[LABEL_SIZE];

    if (search_is_hit(&flame->viewer->search, row->function)) {
        style = theme_hit_style(&theme, style);
    }
    bare.file = columns.location_x < (int)flame->layout.width ? "" : bare.file;
    (void)label_fit(text, &theme, &bare, cells);
    (void)screen_text(screen, x, y, cells, text, strlen(text), style);
}

/* The share of the largest row, in cells. */
static void
draw_bar(const struct flame *flame, const struct flame_list_row *row,
         struct screen *screen, int y)
{
    const struct theme *theme = &flame->viewer->theme;
    uint64_t most_ns = flame->list.rows[0].self_ns;
    unsigned cells = most_ns == 0
                         ? 0
                         : (unsigned)((double)row->self_ns / (double)most_ns
                                      * (BAR_CELLS - 1));

    for (unsigned i = 0; i < cells; i++) {
        screen_put(screen, BAR_X + (int)i, y, theme_level(theme, 8),
                   theme_style(theme, PART_COUNTER));
    }
}

static void
draw_location(const struct flame *flame, const struct flame_list_row *row,
              struct screen *screen, int y)
{
    const struct model_function *function =
        scope_profile_function(flame->model, row->function);
    int x = columns_of(flame).location_x;
    char place[LABEL_SIZE];
    char text[LABEL_SIZE];

    if (x >= (int)flame->layout.width) {
        return;
    }
    if (function->file[0] == '\0') {
        (void)snprintf(place, sizeof place, "<built-in>");
    } else {
        (void)snprintf(place, sizeof place, "%s:%u", function->file,
                       function->line);
    }
    (void)label_cut_middle(text, &flame->viewer->theme, place,
                           flame->layout.width - (unsigned)x - 1);
    (void)screen_text(screen, x, y, flame->layout.width - (unsigned)x, text,
                      strlen(text),
                      theme_style(&flame->viewer->theme, PART_FAINT));
}

static void
draw_numbers(const struct flame *flame, const struct flame_list_row *row,
             struct screen *screen, int y)
{
    const struct list_columns columns = columns_of(flame);
    bool is_ascii = flame->viewer->theme.is_ascii;
    uint64_t whole_ns = flame->chart.boxes[0].total_ns;
    char text[TEXT_NUMBER_SIZE];

    put_right(flame, screen, SELF_END, y,
              text_duration(text, sizeof text, row->self_ns, is_ascii),
              PART_TEXT);
    put_right(flame, screen, SHARE_END, y,
              text_percent(text, sizeof text, row->self_ns, whole_ns),
              PART_TEXT);
    if (!columns.has_totals) {
        return;
    }
    put_right(flame, screen, columns.total_end, y,
              text_duration(text, sizeof text, row->total_ns, is_ascii),
              PART_TEXT);
    put_right(flame, screen, columns.total_share_end, y,
              text_percent(text, sizeof text, row->total_ns, whole_ns),
              PART_TEXT);
    put_right(flame, screen, columns.calls_end, y,
              text_grouped(text, sizeof text, row->call_count), PART_TEXT);
    if (columns.mean_end > columns.calls_end && row->call_count > 0) {
        put_right(flame, screen, columns.mean_end, y,
                  text_duration(text, sizeof text,
                                row->total_ns / row->call_count, is_ascii),
                  PART_TEXT);
    }
}

static void
draw_row(const struct flame *flame, size_t index, struct screen *screen, int y)
{
    const struct theme *theme = &flame->viewer->theme;
    const struct flame_list_row *row = &flame->list.rows[index];

    draw_numbers(flame, row, screen, y);
    if (flame->layout.width >= WIDTH_WITH_BAR) {
        draw_bar(flame, row, screen, y);
    }
    draw_name(flame, row, screen, y);
    draw_location(flame, row, screen, y);
    if (index == flame_list_cursor(flame)) {
        screen_put(
            screen, 0, y, theme_glyph(theme, GLYPH_RIGHT),
            theme_style(theme, flame->is_in_list ? PART_TAB : PART_TITLE));
    }
}

void
flame_draw_list(const struct flame *flame, struct screen *screen)
{
    int y = flame_list_first(flame);
    size_t end = flame->list_top + flame_list_rows(flame);

    if (flame_list_rows(flame) == 0) {
        return;
    }
    draw_title(flame, screen, y - 2);
    draw_heads(flame, screen, y - 1);
    for (size_t i = flame->list_top; i < end && i < flame->list.count; i++) {
        draw_row(flame, i, screen, y++);
    }
}
