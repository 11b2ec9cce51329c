// SPDX-License-Identifier: Apache-2.0
/* The box of the search: field, names, counts, keys. */
#include "tui/search_popup_parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "model/trace_model.h"
#include "tui/chrome.h"
#include "tui/jobs.h"
#include "tui/label.h"
#include "tui/screen.h"
#include "tui/timeline_view.h"
#include "tui/viewer.h"

enum {
    WIDTH = 72,
    HEIGHT = 16,
    WIDE_WIDTH = 110,
    MARKER_CELLS = 2,
    CALLS_CELLS = 13,    /* "1,204,318,000" */
    DURATION_CELLS = 10, /* "12 min 59 s" is rare */
    FILE_CELLS = 32,
    WIDE_FILE_CELLS = 26, /* beside when it was called */
    SPARK_CELLS = 24,
    WIDTH_WITH_SPARK = 96,
    NAMES_ONLY_WIDTH = 40, /* narrower boxes have no room for numbers */
    LINE_SIZE = 512,
};

static struct search_rows
rows_of(const struct screen *screen)
{
    unsigned width = screen_width(screen);
    unsigned height = screen_height(screen);
    struct box box =
        box_place(screen, width >= WIDE_SCREEN ? WIDE_WIDTH : WIDTH,
                  height / 2 > HEIGHT ? height / 2 : HEIGHT);
    unsigned inner = box.inner_height;
    struct search_rows rows = {
        .box = box, .counts = inner, .keys = inner, .terms = inner};
    unsigned end = inner;

    rows.has_lines = inner >= 7 && box.has_border;
    if (inner >= 10) {
        rows.terms = --end;
    }
    if (inner >= 7) {
        rows.keys = --end;
    }
    if (inner >= 5) {
        rows.counts = --end;
    }
    end -= rows.has_lines;
    rows.names = 1 + rows.has_lines;
    rows.name_rows = end > rows.names ? end - rows.names : 0;
    return rows;
}

static const struct model_function *
function_of(const struct search_popup *popup, size_t index)
{
    return search_function(popup->viewer->model, popup->names[index]);
}

static void
write_title(const struct search_popup *popup, char title[LINE_SIZE])
{
    const struct search_terms *terms = &popup->terms;

    (void)snprintf(
        title, LINE_SIZE, "search: %s, smart case, %s%s",
        terms->is_plain ? "plain text" : "regex",
        terms->track == SEARCH_ALL ? "all tracks" : "only ",
        terms->track == SEARCH_ALL
            ? ""
            : trace_model_track(popup->viewer->model, terms->track)->name);
}

/* How many instants match, as far as it is known. */
static uint64_t
instants_of(const struct search_popup *popup)
{
    struct timeline_place place;
    struct search_counts counts = {0};

    timeline_view_place(popup->viewer->timeline, &place);
    (void)search_counts(popup->viewer, &place, &counts);
    return counts.instants;
}

/* "97,956 calls"; "~97,956 calls" as long as it is not known which of them
 * match. */
static const char *
write_calls(const struct search_popup *popup, char text[LINE_SIZE])
{
    const struct search *search = &popup->viewer->search;
    bool is_exact = !search->is_rough;
    uint64_t calls = search->call_count;
    struct timeline_place place;
    struct search_counts counts;
    char number[TEXT_NUMBER_SIZE];

    timeline_view_place(popup->viewer->timeline, &place);
    if (search->is_rough && popup->picked == SEARCH_NOT_PICKED
        && search->terms.track == SEARCH_ALL
        && search_counts(popup->viewer, &place, &counts)) {
        calls = counts.before + counts.inside + counts.behind - counts.instants
                - counts.earlier;
        is_exact = true;
    }
    (void)snprintf(text, LINE_SIZE, "%s%s call%s", is_exact ? "" : "~",
                   text_grouped(number, sizeof number, calls),
                   calls == 1 ? "" : "s");
    return text;
}

/* "97,956 calls  4 names  2 instants", at the right of the field when there
 * is room. */
static void
draw_totals(const struct search_popup *popup, const struct box *box,
            struct screen *screen)
{
    const struct search *search = &popup->viewer->search;
    uint64_t instants = instants_of(popup);
    char calls[LINE_SIZE];
    char number[TEXT_NUMBER_SIZE];
    char text[LINE_SIZE];
    unsigned width;

    if (!search_is_on(search) || search->problem[0] != '\0') {
        return;
    }
    (void)snprintf(text, sizeof text, "%s  %" PRIu32 " name%s",
                   write_calls(popup, calls), search->name_count,
                   search->name_count == 1 ? "" : "s");
    if (instants > 0) {
        size_t used = strlen(text);

        (void)snprintf(text + used, sizeof text - used, "  %s instant%s",
                       text_grouped(number, sizeof number, instants),
                       instants == 1 ? "" : "s");
    }
    width = label_width(text);
    if (label_width(popup->edit.text) + width + 4 <= box->inner_width) {
        (void)screen_text(screen,
                          box->inner_x + (int)(box->inner_width - width),
                          box->inner_y, width, text, strlen(text),
                          theme_style(&popup->viewer->theme, PART_FAINT));
    }
}

static void
draw_field(const struct search_popup *popup, const struct box *box,
           struct screen *screen)
{
    struct screen_style style = theme_style(&popup->viewer->theme, PART_TITLE);

    if (box->inner_width == 0 || box->inner_height == 0) {
        return;
    }
    draw_totals(popup, box, screen);
    screen_put(screen, box->inner_x, box->inner_y, '/', style);
    line_edit_draw(&popup->edit, screen, box->inner_x + 1, box->inner_y,
                   box->inner_width - 1, style);
}

/* Text that ends at column end; gives its width. */
static unsigned
draw_right(struct screen *screen, int end, int y, const char *text,
           struct screen_style style)
{
    unsigned width = label_width(text);

    (void)screen_text(screen, end - (int)width, y, width, text, strlen(text),
                      style);
    return width;
}

static void
draw_numbers(const struct search_popup *popup,
             const struct model_function *function, const struct box *box,
             struct screen *screen, int y)
{
    const struct theme *theme = &popup->viewer->theme;
    int end = box->inner_x + (int)box->inner_width;
    char number[TEXT_NUMBER_SIZE];
    char text[LINE_SIZE];

    (void)draw_right(screen, end, y,
                     text_duration(number, sizeof number, function->total_ns,
                                   theme->is_ascii),
                     SCREEN_STYLE_DEFAULT);
    (void)snprintf(text, sizeof text, "%s %s",
                   text_grouped(number, sizeof number, function->call_count),
                   theme->is_ascii ? "x" : "×");
    (void)draw_right(screen, end - DURATION_CELLS - 1, y, text,
                     SCREEN_STYLE_DEFAULT);
}

/* How many calls of it start when, over the whole trace. */
static void
draw_spark(const struct search_popup *popup, uint32_t function,
           struct screen *screen, int x, int y)
{
    const struct theme *theme = &popup->viewer->theme;
    uint8_t levels[SPARK_CELLS];

    if (!search_spark(popup->viewer, function, levels, SPARK_CELLS)) {
        return;
    }
    for (int i = 0; i < SPARK_CELLS; i++) {
        if (levels[i] > 0) {
            screen_put(screen, x + i, y, theme_level(theme, levels[i]),
                       theme_style(theme, PART_COUNTER));
        }
    }
}

/* The cells of a row of names. */
struct name_cells {
    unsigned name;
    unsigned file;
    unsigned spark;
    bool has_numbers;
};

static struct name_cells
share_cells(const struct box *box)
{
    struct name_cells cells = {.has_numbers =
                                   box->inner_width >= NAMES_ONLY_WIDTH};
    unsigned used =
        MARKER_CELLS
        + (cells.has_numbers ? CALLS_CELLS + 2 + DURATION_CELLS + 2 : 0);

    if (box->inner_width >= WIDTH_WITH_SPARK) {
        cells.file = WIDE_FILE_CELLS;
        cells.spark = SPARK_CELLS;
    } else if (box->inner_width >= WIDTH) {
        cells.file = FILE_CELLS;
    }
    cells.name = box->inner_width - used - cells.file - cells.spark;
    return cells;
}

/* Name, file, when, calls and total time: what there is room for. */
static void
draw_name(const struct search_popup *popup, size_t index, const struct box *box,
          struct screen *screen, int y)
{
    const struct theme *theme = &popup->viewer->theme;
    const struct model_function *function = function_of(popup, index);
    bool is_picked = index == popup->picked;
    struct screen_style style =
        theme_style(theme, is_picked ? PART_TITLE : PART_TEXT);
    struct name_cells cells = share_cells(box);
    int x = box->inner_x + MARKER_CELLS;
    char text[LABEL_SIZE];
    char file[LINE_SIZE];

    if (is_picked) {
        screen_put(screen, box->inner_x, y, theme->is_ascii ? '>' : 0x25B8,
                   style);
    }
    (void)label_cut(text, theme, function->name, cells.name);
    (void)screen_text(screen, x, y, cells.name, text, strlen(text), style);
    x += (int)cells.name;
    if (cells.file > 0 && function->file[0] != '\0') {
        (void)snprintf(file, sizeof file, "%s:%" PRIu32,
                       label_base_name(function->file), function->line);
        (void)label_cut_middle(text, theme, file, cells.file - 3);
        (void)screen_text(screen, x + 2, y, cells.file - 3, text, strlen(text),
                          theme_style(theme, PART_FAINT));
    }
    if (cells.spark > 0) {
        draw_spark(popup, popup->names[index], screen, x + (int)cells.file, y);
    }
    if (cells.has_numbers) {
        draw_numbers(popup, function, box, screen, y);
    }
}

/* Why there are no names, in the place of the first one. */
static void
draw_reason(const struct search_popup *popup, const struct search_rows *rows,
            struct screen *screen)
{
    const struct search *search = &popup->viewer->search;
    const struct theme *theme = &popup->viewer->theme;

    if (search_names_are_sought(popup)) {
        popup->viewer->shows_progress = true;
        box_text(&rows->box, theme, screen, rows->names, "looking at the names",
                 theme_style(theme, PART_FAINT));
    } else if (!search_is_on(search)) {
        box_text(&rows->box, theme, screen, rows->names,
                 "type a part of a name, or a regular expression",
                 theme_style(theme, PART_FAINT));
    } else {
        box_text(&rows->box, theme, screen, rows->names,
                 search->problem[0] != '\0' ? search->problem
                 : instants_of(popup) > 0   ? "no function matches"
                                            : "no name matches",
                 theme_style(theme, PART_WARNING));
    }
}

/* Scroll so that the picked name is shown. */
static void
scroll(struct search_popup *popup, unsigned rows)
{
    size_t picked = popup->picked == SEARCH_NOT_PICKED ? 0 : popup->picked;

    if (picked < popup->top) {
        popup->top = picked;
    } else if (rows > 0 && picked >= popup->top + rows) {
        popup->top = picked - rows + 1;
    }
}

static void
draw_names(struct search_popup *popup, const struct search_rows *rows,
           struct screen *screen)
{
    scroll(popup, rows->name_rows);
    if (rows->name_rows > 0 && popup->name_count == 0) {
        draw_reason(popup, rows, screen);
    }
    for (unsigned i = 0;
         i < rows->name_rows && popup->top + i < popup->name_count; i++) {
        draw_name(popup, popup->top + i, &rows->box, screen,
                  rows->box.inner_y + (int)(rows->names + i));
    }
}

/* " · 3 began earlier": those that a process has from the one that forked it
 * are hits, but were called there. */
static void
append_earlier(const struct viewer *viewer, uint64_t count,
               char text[LINE_SIZE])
{
    size_t size = strlen(text);
    char number[TEXT_NUMBER_SIZE];

    if (count > 0) {
        (void)snprintf(text + size, LINE_SIZE - size, " %s %s began earlier",
                       viewer->theme.is_ascii ? "-" : "·",
                       text_grouped(number, sizeof number, count));
    }
}

/* "report.build: 6 before view · 1 in view · 405 after" */
static void
write_counts(const struct search_popup *popup, char text[LINE_SIZE])
{
    const struct viewer *viewer = popup->viewer;
    const char *dot = viewer->theme.is_ascii ? "-" : "·";
    struct timeline_place place;
    struct search_counts counts;
    char name[LABEL_SIZE] = "all of them";
    char before[TEXT_NUMBER_SIZE];
    char inside[TEXT_NUMBER_SIZE];
    char behind[TEXT_NUMBER_SIZE];
    int percent = jobs_percent(viewer->jobs, JOB_SEARCH_COUNT);

    timeline_view_place(viewer->timeline, &place);
    if (popup->picked != SEARCH_NOT_PICKED) {
        (void)label_cut(name, &viewer->theme,
                        function_of(popup, popup->picked)->name, WIDTH / 3);
    }
    if (!search_may_hit(viewer)) {
        text[0] = '\0';
    } else if (search_counts(viewer, &place, &counts)) {
        (void)snprintf(text, LINE_SIZE,
                       "%s: %s before view %s %s in view %s %s after", name,
                       text_grouped(before, sizeof before, counts.before), dot,
                       text_grouped(inside, sizeof inside, counts.inside), dot,
                       text_grouped(behind, sizeof behind, counts.behind));
        append_earlier(viewer, counts.earlier, text);
    } else if (viewer->found.is_given_up) {
        (void)snprintf(text, LINE_SIZE, "%s: counting was stopped%s%s", name,
                       viewer->found.problem[0] == '\0' ? "" : ": ",
                       viewer->found.problem);
    } else {
        (void)snprintf(text, LINE_SIZE, "%s: counting, %d%%", name,
                       percent < 0 ? 0 : percent);
    }
}

static void
draw_foot(const struct search_popup *popup, const struct search_rows *rows,
          struct screen *screen)
{
    const struct theme *theme = &popup->viewer->theme;
    char text[LINE_SIZE];

    if (rows->has_lines) {
        box_draw_line(&rows->box, theme, screen, 1);
        box_draw_line(&rows->box, theme, screen, rows->counts - 1);
    }
    if (rows->counts < rows->box.inner_height) {
        write_counts(popup, text);
        box_text(&rows->box, theme, screen, rows->counts, text,
                 theme_style(theme, PART_TEXT));
    }
    if (rows->keys < rows->box.inner_height) {
        (void)snprintf(text, sizeof text,
                       "Enter jump  then n N next/prev  %s name  ^R %s  ^T %s",
                       theme->is_ascii ? "Up/Down" : "↑↓",
                       popup->terms.is_plain ? "regex" : "text",
                       popup->terms.track == SEARCH_ALL ? "this track only"
                                                        : "all tracks");
        box_text(&rows->box, theme, screen, rows->keys, text,
                 theme_style(theme, PART_FAINT));
    }
    if (rows->terms < rows->box.inner_height) {
        box_text(
            &rows->box, theme, screen, rows->terms,
            "terms: dur>5ms self>1ms cat:c tid:42 arg:fmt=html ts:1ms..2ms "
            "!name",
            theme_style(theme, PART_FAINT));
    }
}

bool
search_popup_draw(void *overlay, struct screen *screen, struct error *err)
{
    struct search_popup *popup = overlay;
    struct search_rows rows = rows_of(screen);
    struct timeline_place place;
    char title[LINE_SIZE];

    timeline_view_place(popup->viewer->timeline, &place);
    if (!search_names_are_sought(popup)
        && !search_count(popup->viewer, &place, err)) {
        return false;
    }
    popup->rows = rows;
    write_title(popup, title);
    box_draw(&rows.box, &popup->viewer->theme, screen, title, "");
    draw_field(popup, &rows.box, screen);
    draw_names(popup, &rows, screen);
    draw_foot(popup, &rows, screen);
    return true;
}
