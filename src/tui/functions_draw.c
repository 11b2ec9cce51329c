// SPDX-License-Identifier: Apache-2.0
/* A row of titles, then a row for each function. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "tui/chrome.h"
#include "tui/functions.h"
#include "tui/functions_pane.h"
#include "tui/label.h"
#include "tui/pieces.h"
#include "tui/profile_text.h"
#include "tui/screen.h"
#include "tui/viewer.h"

/* The columns of this frame. */
struct table_drawing {
    const struct functions *functions;
    struct screen *screen;
    struct functions_place places[COLUMN_COUNT];
    size_t count;
};

static void
draw_titles(const struct table_drawing *drawing)
{
    const struct functions *functions = drawing->functions;
    const struct functions_order *order = &functions->state.order;
    const struct theme *theme = &functions->viewer->theme;
    int y = functions->layout.ruler_row;

    for (size_t i = 0; i < drawing->count; i++) {
        const struct functions_place *place = &drawing->places[i];
        const char *title = functions_column_title(place->column);
        bool is_sorted = place->column == order->column;
        bool is_number = functions_column_is_number(place->column);
        bool is_down = is_number != order->is_inverted;
        struct screen_style style =
            theme_style(theme, is_sorted ? PART_TITLE : PART_RULER);
        unsigned width = (unsigned)strlen(title) + is_sorted;
        unsigned x =
            place->x
            + (is_number && width < place->width ? place->width - width : 0);

        x += screen_text(drawing->screen, (int)x, y, place->width, title,
                         strlen(title), style);
        if (is_sorted) {
            screen_put(drawing->screen, (int)x, y,
                       theme_order_glyph(theme, is_down), style);
        }
    }
}

/* "shop.py:14" when the whole path does not fit. */
static const char *
fit_location(const struct theme *theme, const char *text, unsigned cells,
             char fitted[LABEL_SIZE])
{
    (void)label_cut(fitted, theme, text, LABEL_SIZE);
    return label_width(fitted) <= cells
               ? fitted
               : label_cut_middle(fitted, theme, label_base_name(text), cells);
}

/* The place stands behind the name where it has no column of its own. */
static const char *
fit_name(const struct table_drawing *drawing, uint32_t index, unsigned cells,
         char fitted[LABEL_SIZE])
{
    const struct functions *functions = drawing->functions;
    struct model_function function =
        *scope_profile_function(functions->model, index);

    if (drawing->places[drawing->count - 1].column == COLUMN_LOCATION) {
        function.file = "";
    }
    return label_fit(fitted, &functions->viewer->theme, &function, cells);
}

static struct screen_style
cell_style(const struct functions *functions, uint32_t index,
           enum functions_column column)
{
    const struct viewer *viewer = functions->viewer;
    struct theme theme = profile_theme(viewer);

    if (column == COLUMN_BAR || column == COLUMN_DURATIONS) {
        return theme_style(&theme, PART_COUNTER);
    }
    if (column != COLUMN_FUNCTION) {
        return theme_style(&theme,
                           column == COLUMN_LOCATION ? PART_FAINT : PART_TEXT);
    }
    return profile_name_style(viewer, functions_function_at(functions, index),
                              functions->profile.functions[index].total_ns);
}

static void
draw_cell(const struct table_drawing *drawing, uint32_t index,
          const struct functions_place *place, int y)
{
    const struct functions *functions = drawing->functions;
    const struct theme *theme = &functions->viewer->theme;
    struct screen_style style = cell_style(functions, index, place->column);
    char text[FUNCTIONS_CELL_SIZE];
    char fitted[LABEL_SIZE];
    const char *shown = functions_cell(&functions->table, index, place->column,
                                       theme->is_ascii, text);
    unsigned x = place->x;

    if (place->column == COLUMN_FUNCTION) {
        shown = fit_name(drawing, index, place->width, fitted);
    } else if (place->column == COLUMN_LOCATION) {
        shown = fit_location(theme, shown, place->width, fitted);
    } else if (functions_column_is_number(place->column)
               && label_width(shown) < place->width) {
        x += place->width - label_width(shown);
    }
    (void)screen_text(drawing->screen, (int)x, y, place->x + place->width - x,
                      shown, strlen(shown), style);
}

/* Of the cursor's row; that it matches is still seen. */
static struct screen_style
row_style(const struct functions *functions, uint32_t index)
{
    const struct theme *theme = &functions->viewer->theme;
    struct screen_style style = theme_style(theme, PART_TAB);

    return search_is_hit(&functions->viewer->search, index)
               ? theme_hit_style(theme, style)
               : style;
}

static void
draw_row(const struct table_drawing *drawing, size_t row, int y)
{
    const struct functions *functions = drawing->functions;
    const struct theme *theme = &functions->viewer->theme;
    uint32_t index = functions->table.rows[row];

    for (size_t i = 0; i < drawing->count; i++) {
        draw_cell(drawing, index, &drawing->places[i], y);
    }
    if (tags_has(&functions->viewer->look.tags,
                 functions_function_at(functions, index))) {
        screen_put(drawing->screen, 1, y, theme_glyph(theme, GLYPH_TAG),
                   theme_slice_style(theme, THEME_TAG_SLOT, LOOK_SINGLE));
    }
    if (row == functions->row) {
        screen_put(drawing->screen, 0, y, theme_glyph(theme, GLYPH_RIGHT),
                   theme_style(theme, PART_TAB));
        screen_restyle(drawing->screen, 0, y, functions->layout.width,
                       row_style(functions, index));
    }
}

static void
draw_table(const struct functions *functions, struct screen *screen)
{
    struct table_drawing drawing = {.functions = functions, .screen = screen};
    int y = functions->layout.tracks_row;

    drawing.count =
        functions_table_places(&functions->table, functions->layout.width,
                               functions->state.first, drawing.places);
    draw_titles(&drawing);
    for (unsigned i = 0; i < functions_height(functions)
                         && functions->state.top + i < functions->table.count;
         i++) {
        draw_row(&drawing, functions->state.top + i, y + (int)i);
    }
}

/* How far the durations are. */
static void
add_progress(const struct functions *functions, struct pieces *pieces)
{
    struct viewer *viewer = functions->viewer;
    int percent = jobs_percent(viewer->jobs, JOB_FUNCTIONS);

    if (functions->profile.durations != NULL) {
        return;
    }
    if (functions->failure[0] != '\0') {
        pieces_add(pieces, 2, true, PART_WARNING, "durations: %s",
                   functions->failure);
    } else if (!jobs_is_busy(viewer->jobs, JOB_FUNCTIONS)) {
        pieces_add(pieces, 2, true, PART_WARNING, "durations: stopped, F5");
    } else {
        viewer->shows_progress = true;
        pieces_add(pieces, 2, true, PART_FAINT, "durations: %d%%",
                   percent < 0 ? 0 : percent);
    }
}

static void
draw_scope(const struct functions *functions, struct screen *screen)
{
    const struct viewer *viewer = functions->viewer;
    const struct functions_order *order = &functions->state.order;
    struct pieces pieces = {0};
    char count[TEXT_NUMBER_SIZE];

    profile_text_add_scope(&pieces, viewer);
    if (functions->has_profile) {
        pieces_add(&pieces, 2, false, PART_TEXT, "%s %s",
                   text_grouped(count, sizeof count, functions->table.count),
                   functions->table.count == 1 ? "function" : "functions");
        pieces_add(
            &pieces, 5, false, PART_TEXT, "%s %s",
            text_grouped(count, sizeof count, functions->profile.call_count),
            functions->profile.call_count == 1 ? "call" : "calls");
        add_progress(functions, &pieces);
        pieces_add(&pieces, 3, true, PART_FAINT, "by %s%s",
                   functions_column_title(order->column),
                   order->is_inverted ? ", inverted" : "");
    }
    pieces_draw(&pieces, &viewer->theme, screen, 0,
                functions->layout.overview_row, functions->layout.width);
}

static void
draw_status(const struct functions *functions, struct screen *screen)
{
    struct pieces pieces = {0};
    char row[TEXT_NUMBER_SIZE];
    char count[TEXT_NUMBER_SIZE];

    if (functions->has_profile && functions->table.count > 0) {
        uint32_t index = functions->table.rows[functions->row];
        char text[FUNCTIONS_CELL_SIZE];
        enum functions_column texts[] = {COLUMN_FUNCTION, COLUMN_LOCATION};

        pieces_add(&pieces, 2, false, PART_STATUS, "%s/%s",
                   text_grouped(row, sizeof row, functions->row + 1),
                   text_grouped(count, sizeof count, functions->table.count));
        for (unsigned i = 0; i < 2; i++) {
            pieces_add(&pieces, 1 + 2 * i, false, PART_STATUS, "%s",
                       functions_cell(&functions->table, index, texts[i],
                                      functions->viewer->theme.is_ascii, text));
        }
        pieces_add(&pieces, 4, true, PART_STATUS, "Enter callers and callees");
        pieces_add(&pieces, 5, true, PART_STATUS, "< > sort");
    }
    chrome_draw_status(functions->viewer, &pieces, screen,
                       functions->layout.status_row);
}

bool
functions_draw(struct functions *functions, struct screen *screen,
               struct error *err)
{
    struct viewer *viewer = functions->viewer;
    const struct layout *layout = &functions->layout;

    if (!functions_prepare(functions, err)) {
        return false;
    }
    if (layout->is_too_small) {
        chrome_draw_too_small(viewer, screen);
        return true;
    }
    if (layout->tabs_row != LAYOUT_NONE) {
        chrome_draw_tabs(viewer, screen, layout->tabs_row);
    }
    if (layout->overview_row != LAYOUT_NONE) {
        draw_scope(functions, screen);
    }
    if (!functions->has_profile) {
        profile_text_explain(viewer, JOB_FUNCTIONS, functions->failure, screen,
                             layout);
    } else if (functions->table.count == 0) {
        profile_text_no_calls(viewer, screen, layout);
    } else {
        draw_table(functions, screen);
        if (!functions_pane_draw(functions, screen, err)) {
            return false;
        }
    }
    draw_status(functions, screen);
    if (layout->bar_row != LAYOUT_NONE) {
        chrome_draw_bar(viewer, screen, layout->bar_row);
    }
    return true;
}
