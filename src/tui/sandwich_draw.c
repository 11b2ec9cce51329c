// SPDX-License-Identifier: Apache-2.0
/* Callers, the function, callees, and its slowest calls. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "model/call_rank.h"
#include "model/function_family.h"
#include "tui/chrome.h"
#include "tui/function_facts.h"
#include "tui/histogram.h"
#include "tui/label.h"
#include "tui/pieces.h"
#include "tui/profile_text.h"
#include "tui/sandwich.h"
#include "tui/screen.h"
#include "tui/viewer.h"

/* Columns of a tree: time, share, calls, then the name. */
enum {
    MARK_CELLS = 2,
    TIME_CELLS = 9,
    SHARE_CELLS = 6,
    CALLS_CELLS_MIN = 5,
    NAME_CELLS_MIN = 16, /* before other columns go */
    INDENT_CELLS = 2,
    INDENT_MAX = 24, /* columns; deeper rows are not moved further */
    LOCATION_CELLS_MIN = 12,
};

/* A pane while it is drawn. */
struct pane_drawing {
    const struct sandwich *sandwich;
    struct screen *screen;
    enum sandwich_pane pane;
    const struct sandwich_place *place;
    unsigned calls_cells; /* 0 = the column is left out */
    bool has_share;
};

static unsigned
put_text(const struct pane_drawing *drawing, unsigned x, int y, unsigned cells,
         const char *text, enum theme_part part)
{
    return screen_text(drawing->screen, (int)(drawing->place->x + x), y, cells,
                       text, strlen(text),
                       theme_style(&drawing->sandwich->viewer->theme, part));
}

/* A number that ends where its column does. Returns the column behind it. */
static unsigned
put_number(const struct pane_drawing *drawing, unsigned x, int y,
           unsigned cells, const char *text, enum theme_part part)
{
    unsigned width = label_width(text);

    (void)put_text(drawing, x + (width < cells ? cells - width : 0), y, cells,
                   text, part);
    return x + cells + 1;
}

static bool
has_focus(const struct pane_drawing *drawing)
{
    return drawing->sandwich->state.pane == drawing->pane;
}

/* What there is room for. */
static void
choose_columns(struct pane_drawing *drawing)
{
    unsigned room = drawing->place->width;
    unsigned used = MARK_CELLS + TIME_CELLS + 1 + NAME_CELLS_MIN;
    char text[TEXT_NUMBER_SIZE];
    unsigned calls = (unsigned)strlen(
        text_grouped(text, sizeof text, drawing->sandwich->family->call_count));

    calls = calls < CALLS_CELLS_MIN ? CALLS_CELLS_MIN : calls;
    drawing->has_share = used + SHARE_CELLS + 1 <= room;
    used += drawing->has_share ? SHARE_CELLS + 1 : 0;
    drawing->calls_cells = used + calls + 1 <= room ? calls : 0;
}

static void
draw_tree_title(const struct pane_drawing *drawing)
{
    const char *name =
        drawing->pane == SANDWICH_CALLERS ? "CALLERS" : "CALLEES";
    int y = drawing->place->y;
    unsigned x = MARK_CELLS;

    x = put_number(drawing, x, y, TIME_CELLS, "TOTAL", PART_RULER);
    if (drawing->has_share) {
        x = put_number(drawing, x, y, SHARE_CELLS, "%", PART_RULER);
    }
    if (drawing->calls_cells > 0) {
        x = put_number(drawing, x, y, drawing->calls_cells, "CALLS",
                       PART_RULER);
    }
    (void)put_text(drawing, x, y, drawing->place->width - x, name,
                   has_focus(drawing) ? PART_TAB : PART_TITLE);
}

/* "▾ ", "▸ " or nothing. */
static unsigned
draw_fold_mark(const struct pane_drawing *drawing,
               const struct sandwich_row *row, unsigned x, int y)
{
    const struct theme *theme = &drawing->sandwich->viewer->theme;
    unsigned indent = row->indent * INDENT_CELLS;

    x += indent < INDENT_MAX ? indent : INDENT_MAX;
    if (row->has_children && x < drawing->place->width) {
        screen_put(drawing->screen, (int)(drawing->place->x + x), y,
                   theme_glyph(theme, row->is_open ? GLYPH_OPEN : GLYPH_FOLDED),
                   theme_style(theme, PART_FAINT));
    }
    return x + 2;
}

/* The name and, where there is room, the place behind it. */
static void
draw_name(const struct pane_drawing *drawing, const struct sandwich_row *row,
          unsigned x, int y)
{
    const struct sandwich *sandwich = drawing->sandwich;
    const struct theme *theme = &sandwich->viewer->theme;
    unsigned width = drawing->place->width;
    char text[LABEL_SIZE];
    uint32_t function;

    if (x >= width) {
        return;
    }
    if (!sandwich_row_function(sandwich, drawing->pane, row, &function)) {
        (void)put_text(drawing, x, y, width - x,
                       !row->is_rest                       ? "(deeper calls)"
                       : drawing->pane == SANDWICH_CALLERS ? "(no caller)"
                                                           : "(self)",
                       PART_FAINT);
        return;
    }
    (void)label_fit(text, theme,
                    scope_profile_function(sandwich->viewer->model, function),
                    width - x);
    (void)screen_text(
        drawing->screen, (int)(drawing->place->x + x), y, width - x, text,
        strlen(text),
        profile_name_style(sandwich->viewer, function, row->total_ns));
}

static void
draw_tree_row(const struct pane_drawing *drawing,
              const struct sandwich_row *row, int y)
{
    const struct sandwich *sandwich = drawing->sandwich;
    const struct theme *theme = &sandwich->viewer->theme;
    bool is_ascii = theme->is_ascii;
    uint32_t function;
    uint64_t whole_ns = sandwich->family->callees.nodes[0].total_ns;
    char text[TEXT_NUMBER_SIZE];
    unsigned x = MARK_CELLS;

    x = put_number(drawing, x, y, TIME_CELLS,
                   text_duration(text, sizeof text, row->total_ns, is_ascii),
                   PART_TEXT);
    if (drawing->has_share) {
        x = put_number(drawing, x, y, SHARE_CELLS,
                       text_percent(text, sizeof text, row->total_ns, whole_ns),
                       PART_TEXT);
    }
    if (drawing->calls_cells > 0) {
        x = put_number(drawing, x, y, drawing->calls_cells,
                       row->is_rest && drawing->pane == SANDWICH_CALLEES
                           ? ""
                           : text_grouped(text, sizeof text, row->call_count),
                       PART_TEXT);
    }
    if (sandwich_row_function(sandwich, drawing->pane, row, &function)
        && tags_has(&sandwich->viewer->look.tags, function)) {
        screen_put(drawing->screen, (int)drawing->place->x + 1, y,
                   theme_glyph(theme, GLYPH_TAG),
                   theme_slice_style(theme, THEME_TAG_SLOT, LOOK_SINGLE));
    }
    x = draw_fold_mark(drawing, row, x, y);
    draw_name(drawing, row, x, y);
}

/* The row of the cursor, in whichever pane it is. */
static void
mark_row(const struct pane_drawing *drawing, int y)
{
    const struct theme *theme = &drawing->sandwich->viewer->theme;
    struct screen_style style = theme_style(theme, PART_TAB);
    int x = (int)drawing->place->x;

    screen_put(drawing->screen, x, y, theme_glyph(theme, GLYPH_RIGHT), style);
    screen_restyle(drawing->screen, x, y, drawing->place->width, style);
}

/* Words instead of rows. */
static void
draw_words(const struct pane_drawing *drawing, const char *words)
{
    (void)put_text(drawing, MARK_CELLS, drawing->place->y + 1,
                   drawing->place->width - MARK_CELLS, words, PART_FAINT);
}

static void
draw_tree(struct sandwich *sandwich, enum sandwich_pane pane,
          struct screen *screen)
{
    struct pane_drawing drawing = {
        .sandwich = sandwich,
        .screen = screen,
        .pane = pane,
        .place = &sandwich->places.panes[pane],
    };
    size_t top = sandwich->state.tops[pane];
    size_t height = sandwich_pane_height(sandwich, pane);
    size_t left = sandwich_row_count(sandwich, pane) - top;
    size_t count = left < height ? left : height;

    choose_columns(&drawing);
    draw_tree_title(&drawing);
    if (count == 0) {
        draw_words(&drawing, "(none)");
    }
    for (size_t i = 0; i < count; i++) {
        int y = drawing.place->y + 1 + (int)i;

        draw_tree_row(&drawing, &sandwich->rows[pane].rows[top + i], y);
        if (top + i == sandwich->state.rows[pane] && has_focus(&drawing)) {
            mark_row(&drawing, y);
        }
    }
}

static bool
draw_calls(struct sandwich *sandwich, struct screen *screen, struct error *err)
{
    const struct sandwich_place *pane = &sandwich->places.panes[SANDWICH_CALLS];
    const struct call_list_place place = {
        .y = pane->y,
        .x = pane->x,
        .width = pane->width,
        .height = pane->height,
        .top = sandwich->state.tops[SANDWICH_CALLS],
        .chosen = sandwich->state.rows[SANDWICH_CALLS],
        .has_focus = sandwich->state.pane == SANDWICH_CALLS,
    };

    return call_list_draw(&sandwich->call_list, sandwich->viewer, &place,
                          screen, err);
}

static const struct model_function *
focal_function(const struct sandwich *sandwich)
{
    return scope_profile_function(sandwich->viewer->model,
                                  sandwich->state.function);
}

/* The function in the middle, and its sums. */
static void
draw_focal(const struct sandwich *sandwich, struct screen *screen)
{
    const struct viewer *viewer = sandwich->viewer;
    const struct theme *theme = &viewer->theme;
    const struct model_function *function = focal_function(sandwich);
    const struct model_function bare = {.name = function->name, .file = ""};
    const struct profile_node *nodes = sandwich->family->callees.nodes;
    uint64_t count = sandwich->family->call_count;
    struct pieces pieces = {0};
    char name[LABEL_SIZE];
    char text[TEXT_NUMBER_SIZE];
    int y = sandwich->places.focal_row;
    uint64_t self_ns =
        nodes[0].child_count > 0 ? nodes[nodes[0].first_child].self_ns : 0;

    for (unsigned x = 0; x < sandwich->layout.width; x++) {
        screen_put(screen, (int)x, y, ' ', theme_style(theme, PART_STATUS));
    }
    pieces_add(&pieces, 1, false, PART_STATUS, "%s",
               label_fit(name, theme, &bare, sandwich->layout.width / 2));
    if (function->file[0] != '\0') {
        pieces_add(&pieces, 6, false, PART_STATUS, "%s:%u",
                   label_base_name(function->file), function->line);
    }
    pieces_add(
        &pieces, 2, true, PART_STATUS, "total %s",
        text_duration(text, sizeof text, nodes[0].total_ns, theme->is_ascii));
    pieces_add(&pieces, 3, true, PART_STATUS, "self %s",
               text_duration(text, sizeof text, self_ns, theme->is_ascii));
    pieces_add(&pieces, 4, true, PART_STATUS, "%s call%s",
               text_grouped(text, sizeof text, count), count == 1 ? "" : "s");
    pieces_add(&pieces, 5, true, PART_STATUS, "mean %s",
               text_duration(text, sizeof text,
                             (uint64_t)(sandwich->family->mean_ns + 0.5),
                             theme->is_ascii));
    pieces_draw(&pieces, theme, screen, 0, y, sandwich->layout.width);
}

static void
draw_durations(const struct sandwich *sandwich, struct screen *screen)
{
    const struct histogram_place place = {.x = 1,
                                          .y = sandwich->places.histogram_row,
                                          .width = sandwich->layout.width / 3};

    if (sandwich->calls != NULL) {
        histogram_draw_row(sandwich->calls, false, 0, &sandwich->viewer->theme,
                           screen, &place);
    }
}

/* What the numbers cover, and how much of that the function is. */
static void
draw_scope(const struct sandwich *sandwich, struct screen *screen)
{
    const struct viewer *viewer = sandwich->viewer;
    struct pieces pieces = {0};
    char text[TEXT_NUMBER_SIZE];

    profile_text_add_scope(&pieces, viewer);
    if (sandwich->family != NULL) {
        pieces_add(&pieces, 2, true, PART_TEXT, "%s %s",
                   text_percent(text, sizeof text,
                                sandwich->family->callees.nodes[0].total_ns,
                                sandwich->family->whole_ns),
                   profile_text_whole(viewer));
    }
    pieces_draw(&pieces, &viewer->theme, screen, 0,
                sandwich->layout.overview_row, sandwich->layout.width);
}

static void
draw_status(const struct sandwich *sandwich, struct screen *screen)
{
    enum sandwich_pane pane = sandwich->state.pane;
    size_t count = sandwich_row_count(sandwich, pane);
    const struct sandwich_row *row = sandwich_row(sandwich, pane);
    struct pieces pieces = {0};
    char number[TEXT_NUMBER_SIZE];
    char all[TEXT_NUMBER_SIZE];
    uint32_t function;

    if (count > 0) {
        pieces_add(
            &pieces, 2, false, PART_STATUS, "%s/%s",
            text_grouped(number, sizeof number, sandwich->state.rows[pane] + 1),
            text_grouped(all, sizeof all, count));
    }
    if (row != NULL && sandwich_row_function(sandwich, pane, row, &function)) {
        const struct model_function *of =
            scope_profile_function(sandwich->viewer->model, function);

        pieces_add(&pieces, 1, false, PART_STATUS, "%s", of->name);
        if (of->file[0] != '\0') {
            pieces_add(&pieces, 3, false, PART_STATUS, "%s:%u", of->file,
                       of->line);
        }
    }
    pieces_add(&pieces, 4, true, PART_STATUS, "%s",
               pane == SANDWICH_CALLS ? "Enter go there" : "Enter centre it");
    pieces_add(&pieces, 5, true, PART_STATUS, "Tab pane");
    pieces_add(&pieces, 6, true, PART_STATUS, "o occurrences");
    chrome_draw_status(sandwich->viewer, &pieces, screen,
                       sandwich->layout.status_row);
}

static bool
draw_known(struct sandwich *sandwich, struct screen *screen, struct error *err)
{
    const struct sandwich_layout *places = &sandwich->places;

    for (int pane = 0; pane < SANDWICH_TREES; pane++) {
        if (places->panes[pane].height > 0) {
            draw_tree(sandwich, pane, screen);
        }
    }
    if (places->panes[SANDWICH_CALLS].height > 0
        && !draw_calls(sandwich, screen, err)) {
        return false;
    }
    if (places->focal_row != LAYOUT_NONE) {
        draw_focal(sandwich, screen);
    }
    if (places->histogram_row != LAYOUT_NONE) {
        draw_durations(sandwich, screen);
    }
    return !places->is_wide || sandwich_draw_charts(sandwich, screen, err);
}

static bool
draw_body(struct sandwich *sandwich, struct screen *screen, struct error *err)
{
    struct viewer *viewer = sandwich->viewer;

    if (!sandwich->state.has_function) {
        profile_text_no_calls(viewer, screen, &sandwich->layout);
    } else if (sandwich->family == NULL) {
        profile_text_explain(viewer, JOB_FAMILY,
                             function_facts_failure(viewer->function_facts),
                             screen, &sandwich->layout);
    } else if (sandwich->family->call_count == 0) {
        char words[LABEL_SIZE];

        (void)snprintf(words, sizeof words,
                       "no call of %.200s in the scope; 3 shows what is there",
                       focal_function(sandwich)->name);
        profile_text_words(viewer, words, screen, &sandwich->layout);
    } else {
        return draw_known(sandwich, screen, err);
    }
    return true;
}

bool
sandwich_draw(struct sandwich *sandwich, struct screen *screen,
              struct error *err)
{
    struct viewer *viewer = sandwich->viewer;
    const struct layout *layout = &sandwich->layout;

    if (layout->is_too_small) {
        chrome_draw_too_small(viewer, screen);
        return true;
    }
    if (!sandwich_prepare(sandwich, err)) {
        return false;
    }
    if (layout->tabs_row != LAYOUT_NONE) {
        chrome_draw_tabs(viewer, screen, layout->tabs_row);
    }
    if (layout->overview_row != LAYOUT_NONE) {
        draw_scope(sandwich, screen);
    }
    if (!draw_body(sandwich, screen, err)) {
        return false;
    }
    draw_status(sandwich, screen);
    if (layout->bar_row != LAYOUT_NONE) {
        chrome_draw_bar(viewer, screen, layout->bar_row);
    }
    return true;
}
