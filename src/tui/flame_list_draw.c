// SPDX-License-Identifier: Apache-2.0
/* The list of functions below the chart, where there is room. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "tui/flame.h"
#include "tui/label.h"
#include "tui/profile_text.h"
#include "tui/screen.h"
#include "tui/viewer.h"

/* Columns, from the left. */
enum {
    SELF_END = 12,
    SHARE_END = 20,
    CALLS_END = 34,
    FUNCTION_X = 36,
};

static void
put_right(const struct flame *flame, struct screen *screen, int end, int y,
          const char *text, enum theme_part part)
{
    (void)screen_text(screen, end - (int)label_width(text), y,
                      flame->layout.width, text, strlen(text),
                      theme_style(&flame->viewer->theme, part));
}

static void
draw_title(const struct flame *flame, struct screen *screen, int y)
{
    const struct theme *theme = &flame->viewer->theme;
    static const char title[] = " functions below the root, by time of "
                                "their own ";

    for (unsigned i = 0; i < flame->layout.width; i++) {
        screen_put(screen, (int)i, y, theme_glyph(theme, GLYPH_BODY),
                   theme_style(theme, PART_FAINT));
    }
    (void)screen_text(screen, 2, y, flame->layout.width - 2, title,
                      sizeof title - 1, theme_style(theme, PART_TITLE));
    put_right(flame, screen, SELF_END, y + 1, "SELF", PART_RULER);
    put_right(flame, screen, SHARE_END, y + 1, "SELF%", PART_RULER);
    put_right(flame, screen, CALLS_END, y + 1, "CALLS", PART_RULER);
    (void)screen_text(screen, FUNCTION_X, y + 1, flame->layout.width,
                      "FUNCTION", 8, theme_style(theme, PART_RULER));
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
    unsigned cells = flame->layout.width - FUNCTION_X;
    char text[LABEL_SIZE];

    if (search_is_hit(&flame->viewer->search, row->function)) {
        style = theme_hit_style(&theme, style);
    }
    (void)label_fit(text, &theme, function, cells);
    (void)screen_text(screen, FUNCTION_X, y, cells, text, strlen(text), style);
}

static void
draw_row(const struct flame *flame, const struct flame_list_row *row,
         struct screen *screen, int y)
{
    const struct theme *theme = &flame->viewer->theme;
    const struct flame_box *selected = flame_selected_box(flame);
    char text[TEXT_NUMBER_SIZE];

    put_right(flame, screen, SELF_END, y,
              text_duration(text, sizeof text, row->self_ns, theme->is_ascii),
              PART_TEXT);
    put_right(flame, screen, SHARE_END, y,
              text_percent(text, sizeof text, row->self_ns,
                           flame->chart.boxes[0].total_ns),
              PART_TEXT);
    put_right(flame, screen, CALLS_END, y,
              text_grouped(text, sizeof text, row->call_count), PART_TEXT);
    draw_name(flame, row, screen, y);
    if (selected->rest_count == 0
        && flame->profile.nodes[selected->node].function == row->function) {
        screen_put(screen, 0, y, theme_glyph(theme, GLYPH_RIGHT),
                   theme_style(theme, PART_TITLE));
    }
}

void
flame_draw_list(const struct flame *flame, struct screen *screen)
{
    unsigned height = flame_list_height(flame);
    int y = flame->layout.status_row - (int)flame_detail_height(flame)
            - (int)height;

    if (height == 0) {
        return;
    }
    draw_title(flame, screen, y);
    for (size_t i = 0; i + 2 < height && i < flame->list.count; i++) {
        draw_row(flame, &flame->list.rows[i], screen, y + 2 + (int)i);
    }
}
