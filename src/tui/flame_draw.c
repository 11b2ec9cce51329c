// SPDX-License-Identifier: Apache-2.0
/* The chart, and what is around it. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "tui/chrome.h"
#include "tui/flame.h"
#include "tui/flame_crumbs.h"
#include "tui/flame_list_pane.h"
#include "tui/flame_profile.h"
#include "tui/label.h"
#include "tui/pieces.h"
#include "tui/profile_text.h"
#include "tui/screen.h"
#include "tui/viewer.h"

enum {
    RULER_PARTS = 4,
    WIDTH_WITH_RULER = 40, /* narrower screens have half of the parts */
    WIDTH_WITH_COUNT = 3,  /* of a remainder that says how many it is of */
};

/* What a box is drawn with. */
struct box_drawing {
    const struct flame *flame;
    struct theme theme; /* without colours when the user wants none */
    struct screen *screen;
    const struct flame_box *box;
    int y;
    unsigned slot;
    bool is_selected;
    bool is_hit; /* matches what is searched for */
};

/* "MainThread", with its process where there are several. */
static const char *
track_name(const struct flame *flame, uint32_t index, unsigned cells,
           char *text)
{
    const struct model_track *track = trace_model_track(flame->model, index);
    char name[LABEL_SIZE];

    if (trace_model_process_count(flame->model) > 1) {
        (void)snprintf(name, sizeof name, "%s, %s", track->name,
                       trace_model_process(flame->model, track->process)->name);
    } else {
        (void)snprintf(name, sizeof name, "%s", track->name);
    }
    return label_cut(text, &flame->viewer->theme, name, cells);
}

/* The last part of a path to a file, or a name. */
static const char *
module_name(const struct flame *flame, uint32_t function, unsigned cells,
            char *text)
{
    char name[LABEL_SIZE];

    (void)profile_module_name(scope_profile_function(flame->model, function),
                              name, sizeof name);
    return label_cut(text, &flame->viewer->theme, label_base_name(name), cells);
}

const char *
flame_function_name(const struct flame *flame, uint32_t function,
                    unsigned cells, char *text)
{
    const struct theme *theme = &flame->viewer->theme;
    struct model_function bare;

    if (function == PROFILE_ROOT) {
        return label_cut(text, theme, "all", cells);
    }
    if (function == PROFILE_OTHER) {
        return label_cut(text, theme,
                         flame->profile.is_inverted ? "(other callers)"
                                                    : "(deeper calls)",
                         cells);
    }
    if (profile_is_track(function)) {
        return track_name(flame, function - PROFILE_TRACK, cells, text);
    }
    if (profile_is_module(function)) {
        return module_name(flame, function - PROFILE_MODULE, cells, text);
    }
    bare = *scope_profile_function(flame->model, function);
    bare.file = ""; /* times say more than places */
    return label_fit(text, theme, &bare, cells);
}

const char *
flame_box_name(const struct flame *flame, const struct flame_box *box,
               unsigned cells, char *text)
{
    char count[TEXT_NUMBER_SIZE];
    char label[TEXT_NUMBER_SIZE + 16];

    if (box->rest_count == 0) {
        return flame_function_name(
            flame, flame->profile.nodes[box->node].function, cells, text);
    }
    (void)snprintf(label, sizeof label, "+%s",
                   text_count(count, sizeof count, box->rest_count));
    (void)snprintf(text, LABEL_SIZE, "%s",
                   label_width(label) <= cells ? label : "");
    return text;
}

/* The colour of a box: its function's, that of the first function of its
 * module, or its thread's as on a timeline that is coloured by threads. */
static unsigned
slot_of(const struct flame *flame, const struct flame_box *box)
{
    uint32_t function = flame->profile.nodes[box->node].function;

    if (profile_is_track(function)) {
        return (function - PROFILE_TRACK) % THEME_SLOTS;
    }
    function -= profile_is_module(function) ? PROFILE_MODULE : 0;
    return profile_slot(flame->viewer,
                        profile_is_function(function)
                            ? scope_profile_function(flame->model, function)
                            : NULL,
                        box->total_ns);
}

static struct screen_style
style_of(const struct box_drawing *drawing, enum slice_look look)
{
    struct screen_style style =
        theme_slice_style(&drawing->theme, drawing->slot,
                          !drawing->is_selected ? look
                          : look == LOOK_MERGED ? LOOK_SELECTED_LEVEL
                                                : LOOK_SELECTED);

    return drawing->is_hit ? theme_hit_style(&drawing->theme, style) : style;
}

static void
put(const struct box_drawing *drawing, unsigned column, enum theme_glyph glyph,
    enum slice_look look)
{
    screen_put(drawing->screen, (int)(drawing->box->x + column), drawing->y,
               theme_glyph(&drawing->theme, glyph), style_of(drawing, look));
}

/* "name 12.1 ms" in cells from the second one of the box on. */
static void
draw_label(const struct box_drawing *drawing, unsigned cells)
{
    const struct flame_box *box = drawing->box;
    struct screen_style style = style_of(drawing, LOOK_LABEL);
    char text[LABEL_SIZE];
    char time[TEXT_NUMBER_SIZE];
    unsigned used;

    (void)flame_box_name(drawing->flame, box, cells, text);
    used = screen_text(drawing->screen, (int)box->x + 1, drawing->y, cells,
                       text, strlen(text), style);
    (void)text_duration(time, sizeof time, box->total_ns,
                        drawing->theme.is_ascii);
    if (used > 0 && used + 1 + label_width(time) <= cells) {
        screen_put(drawing->screen, (int)(box->x + 1 + used), drawing->y, ' ',
                   style);
        (void)screen_text(drawing->screen, (int)(box->x + 2 + used), drawing->y,
                          cells - used - 1, time, strlen(time), style);
    }
}

static void
draw_box(const struct box_drawing *drawing)
{
    unsigned width = drawing->box->width;

    for (unsigned i = 1; i < width; i++) {
        put(drawing, i, drawing->is_selected ? GLYPH_SELECTED_BODY : GLYPH_BODY,
            LOOK_BODY);
    }
    put(drawing, 0, drawing->is_selected ? GLYPH_SELECTED_OPEN : GLYPH_EDGE,
        LOOK_EDGE);
    if (drawing->is_selected && width > 1) {
        put(drawing, width - 1, GLYPH_SELECTED_CLOSE, LOOK_EDGE);
        draw_label(drawing, width - 2);
    } else {
        draw_label(drawing, width - 1);
    }
}

/* How much of its columns the remainder fills; and of how many it is. */
static void
draw_rest(const struct box_drawing *drawing)
{
    const struct flame_box *box = drawing->box;
    const struct flame_box *root = &drawing->flame->chart.boxes[0];
    struct screen_style style = style_of(drawing, LOOK_MERGED);
    unsigned level = theme_level_of(box->total_ns,
                                    root->total_ns / root->width * box->width);
    char text[LABEL_SIZE];

    for (unsigned i = 0; i < box->width; i++) {
        screen_put(drawing->screen, (int)(box->x + i), drawing->y,
                   theme_level(&drawing->theme, level == 0 ? 1 : level), style);
    }
    if (box->width >= WIDTH_WITH_COUNT) {
        (void)flame_box_name(drawing->flame, box, box->width, text);
        (void)screen_text(drawing->screen, (int)box->x, drawing->y, box->width,
                          text, strlen(text), style);
    }
}

static void
draw_row(const struct flame *flame, size_t row, struct screen *screen, int y)
{
    size_t count;
    const struct flame_box *boxes = flame_chart_row(&flame->chart, row, &count);
    size_t selected_row = flame_row_of(flame, flame->node);

    for (size_t i = 0; i < count; i++) {
        struct box_drawing drawing = {
            .flame = flame,
            .theme = profile_theme(flame->viewer),
            .screen = screen,
            .box = &boxes[i],
            .y = y,
            .slot = slot_of(flame, &boxes[i]),
            .is_selected =
                row == selected_row && flame_box_holds(&boxes[i], flame->node),
            .is_hit = flame_is_hit(flame, &boxes[i]),
        };

        if (boxes[i].rest_count > 0) {
            draw_rest(&drawing);
        } else {
            draw_box(&drawing);
        }
    }
}

static void
draw_deeper(const struct flame *flame, size_t rows, struct screen *screen,
            int y)
{
    char text[TEXT_NUMBER_SIZE + 16];

    (void)snprintf(text, sizeof text, "+%zu deeper", rows);
    (void)screen_text(screen, 1, y, flame->layout.width - 1, text, strlen(text),
                      theme_style(&flame->viewer->theme, PART_FAINT));
}

static void
draw_chart(const struct flame *flame, struct screen *screen)
{
    size_t count = flame_shown_rows(flame);
    size_t left = flame->chart.row_count - flame->top - count;
    int y = flame_first_row(flame);

    for (size_t i = 0; i < count; i++) {
        draw_row(flame, flame->top + i, screen, y++);
    }
    if (left > 0 && flame_height(flame) > 1) {
        draw_deeper(flame, left, screen, y);
    }
}

/* Shares of the root in percent. */
static void
draw_ruler(const struct flame *flame, struct screen *screen)
{
    const struct theme *theme = &flame->viewer->theme;
    struct screen_style style = theme_style(theme, PART_RULER);
    unsigned width = flame->layout.width;
    unsigned parts = width >= WIDTH_WITH_RULER ? RULER_PARTS : RULER_PARTS / 2;
    int y = flame->layout.ruler_row;

    for (unsigned i = 0; i < parts; i++) {
        int x = (int)(width * i / parts);
        char text[TEXT_NUMBER_SIZE];

        (void)snprintf(text, sizeof text, "%u%%", 100 * i / parts);
        screen_put(screen, x, y, theme_glyph(theme, GLYPH_TICK), style);
        (void)screen_text(screen, x + 1, y, width, text, strlen(text), style);
    }
}

/* "3.41 s of wall time"; "3.00 s of 3.41 s, 12.0% dropped". */
static void
add_time(struct pieces *pieces, const struct flame *flame)
{
    bool is_ascii = flame->viewer->theme.is_ascii;
    uint64_t all_ns = flame_base(flame)->total_ns;
    uint64_t shown_ns = flame->profile.total_ns;
    char shown[TEXT_NUMBER_SIZE];
    char all[TEXT_NUMBER_SIZE];
    char share[TEXT_NUMBER_SIZE];

    (void)text_duration(shown, sizeof shown, shown_ns, is_ascii);
    if (shown_ns == all_ns) {
        pieces_add(pieces, 3, false, PART_TEXT, "%s of wall time", shown);
    } else {
        pieces_add(
            pieces, 2, false, PART_TEXT, "%s of %s, %s dropped", shown,
            text_duration(all, sizeof all, all_ns, is_ascii),
            text_percent(share, sizeof share, all_ns - shown_ns, all_ns));
    }
}

static void
draw_scope(const struct flame *flame, struct screen *screen)
{
    const struct viewer *viewer = flame->viewer;
    struct pieces pieces = {0};
    char time[TEXT_NUMBER_SIZE];

    profile_text_add_scope(&pieces, viewer);
    if (flame->has_tracks) {
        pieces_add(&pieces, 3, false, PART_TEXT, "thread by thread");
    }
    if (flame->has_profile) {
        add_time(&pieces, flame);
        if (flame->profile.level_max != UINT32_MAX) {
            pieces_add(&pieces, 2, false, PART_WARNING,
                       "told apart down to level %u", flame->profile.level_max);
        }
        if (search_is_on(&viewer->search)) {
            pieces_add(&pieces, 2, true, PART_TEXT, "%s matches",
                       text_percent(time, sizeof time, flame->matched_ns,
                                    flame->profile.total_ns));
        }
        if (flame->top > 0 && !flame_hides_chart(flame)) {
            pieces_add(&pieces, 2, true, PART_FAINT, "%zu row%s above",
                       flame->top, flame->top == 1 ? "" : "s");
        }
    }
    pieces_draw(&pieces, &viewer->theme, screen, 0, flame->layout.overview_row,
                flame->layout.width);
}

/* Every call was dropped or merged. */
static void
draw_emptiness(const struct flame *flame, struct screen *screen)
{
    if (flame_height(flame) > 2) {
        chrome_draw_centred(
            screen, flame_first_row(flame) + (int)flame_height(flame) / 2,
            "no call is left; u goes back, Esc to all", PART_TEXT,
            flame->viewer);
    }
}

bool
flame_draw(struct flame *flame, struct screen *screen, struct error *err)
{
    const struct layout *layout = &flame->layout;
    struct viewer *viewer = flame->viewer;

    if (!flame_prepare(flame, err)) {
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
        draw_scope(flame, screen);
    }
    flame_crumbs_draw(flame, screen);
    if (flame_has_calls(flame)) {
        if (!flame_hides_chart(flame)) {
            draw_ruler(flame, screen);
            draw_chart(flame, screen);
        }
        if (flame->profile.node_count == 1) {
            draw_emptiness(flame, screen);
        }
        flame_draw_list(flame, screen);
        flame_draw_details(flame, screen);
    } else if (flame->has_profile) {
        profile_text_no_calls(viewer, screen, layout);
    } else {
        profile_text_explain(viewer, JOB_FLAME, flame->failure, screen, layout);
    }
    flame_draw_status(flame, screen);
    if (layout->bar_row != LAYOUT_NONE) {
        chrome_draw_bar(viewer, screen, layout->bar_row);
    }
    return true;
}
