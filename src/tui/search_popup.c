// SPDX-License-Identifier: Apache-2.0
#include "tui/search_popup.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "base/text.h"
#include "model/trace_model.h"
#include "tui/box.h"
#include "tui/chrome.h"
#include "tui/jobs.h"
#include "tui/key.h"
#include "tui/label.h"
#include "tui/line_edit.h"
#include "tui/mouse.h"
#include "tui/overlay.h"
#include "tui/screen.h"
#include "tui/timeline_view.h"
#include "tui/viewer.h"

enum {
    WIDTH = 72,
    HEIGHT = 12,
    WIDE_WIDTH = 110,
    MARKER_CELLS = 2,
    CALLS_CELLS = 13,    /* "1,204,318,000" */
    DURATION_CELLS = 10, /* "12 min 59 s" is rare */
    FILE_CELLS = 32,
    NAMES_ONLY_WIDTH = 40, /* narrower boxes have no room for numbers */
    LINE_SIZE = 512,
};

#define NOT_PICKED SIZE_MAX

/* Rows of the inside; a row that is not shown is at the height. */
struct rows {
    struct box box;
    bool has_lines; /* between field, names and counts */
    unsigned names;
    unsigned name_rows;
    unsigned counts;
    unsigned keys;
};

struct search_popup {
    struct viewer *viewer;
    struct line_edit edit;
    struct search_terms terms;  /* as the field has them */
    struct search_terms before; /* what Esc goes back to */
    bool was_on;
    uint32_t *names; /* functions that match and were called; owned */
    size_t name_count;
    size_t picked; /* in names */
    size_t top;
    struct rows rows; /* of the last frame */
};

static struct rows
rows_of(const struct screen *screen)
{
    unsigned width = screen_width(screen);
    unsigned height = screen_height(screen);
    struct box box =
        box_place(screen, width >= WIDE_SCREEN ? WIDE_WIDTH : WIDTH,
                  height / 2 > HEIGHT ? height / 2 : HEIGHT);
    unsigned inner = box.inner_height;
    struct rows rows = {.box = box, .counts = inner, .keys = inner};
    unsigned end = inner;

    rows.has_lines = inner >= 7 && box.has_border;
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

/* More time first, then by name. */
static int
compare_functions(const struct model_function *a,
                  const struct model_function *b)
{
    if (a->total_ns != b->total_ns) {
        return a->total_ns > b->total_ns ? -1 : 1;
    }
    if (a->call_count != b->call_count) {
        return a->call_count > b->call_count ? -1 : 1;
    }
    return strcmp(a->name, b->name);
}

static int
compare_names(const void *left, const void *right, void *context)
{
    const struct trace_model *model = context;
    const uint32_t *a = left;
    const uint32_t *b = right;
    int order = compare_functions(search_function(model, *a),
                                  search_function(model, *b));

    return order != 0 ? order : *a < *b ? -1 : *a > *b;
}

static void
list_names(struct search_popup *popup)
{
    const struct search *search = &popup->viewer->search;

    popup->name_count = 0;
    for (uint32_t i = 0; search->matches != NULL && i <= search->function_count;
         i++) {
        if (search->matches[i] != 0
            && search_function(popup->viewer->model, i)->call_count > 0) {
            popup->names[popup->name_count++] = i;
        }
    }
    qsort_r(popup->names, popup->name_count, sizeof *popup->names,
            compare_names, (void *)popup->viewer->model);
}

/* Search for what the field says, all of it or the name that is picked. */
static bool
apply(struct search_popup *popup, struct error *err)
{
    struct viewer *viewer = popup->viewer;

    (void)snprintf(popup->terms.text, sizeof popup->terms.text, "%s",
                   popup->edit.text);
    popup->terms.only =
        popup->picked == NOT_PICKED ? SEARCH_ALL : popup->names[popup->picked];
    return search_set(&viewer->search, viewer->model, &popup->terms, err);
}

static bool
apply_text(struct search_popup *popup, struct error *err)
{
    popup->picked = NOT_PICKED;
    popup->top = 0;
    if (!apply(popup, err)) {
        return false;
    }
    list_names(popup);
    return true;
}

static bool
pick(struct search_popup *popup, size_t picked, struct error *err)
{
    popup->picked = picked;
    return apply(popup, err);
}

/* Down by some names, or up; above the first one all are meant again. */
static bool
move_pick(struct search_popup *popup, int by, struct error *err)
{
    int64_t picked = popup->picked == NOT_PICKED ? -1 : (int64_t)popup->picked;

    picked += by;
    if (picked >= (int64_t)popup->name_count) {
        picked = (int64_t)popup->name_count - 1;
    }
    return pick(popup, picked < 0 ? NOT_PICKED : (size_t)picked, err);
}

static bool
go_up_or_down(struct search_popup *popup, int direction, struct error *err)
{
    if (line_edit_is_in_history(&popup->edit) && popup->picked == NOT_PICKED
        && (direction < 0 || popup->edit.older > 0)) {
        return !line_edit_recall(&popup->edit, direction)
               || apply_text(popup, err);
    }
    return move_pick(popup, direction, err);
}

static bool
toggle_track(struct search_popup *popup, struct error *err)
{
    struct timeline_place place;

    timeline_view_place(popup->viewer->timeline, &place);
    if (popup->terms.track != SEARCH_ALL) {
        popup->terms.track = SEARCH_ALL;
    } else if (place.has_track) {
        popup->terms.track = place.track;
    } else {
        viewer_say(popup->viewer, "the cursor of the timeline is on no thread");
    }
    return apply(popup, err);
}

static bool
go_back(struct search_popup *popup, struct error *err)
{
    struct viewer *viewer = popup->viewer;

    if (popup->was_on) {
        return search_set(&viewer->search, viewer->model, &popup->before, err);
    }
    search_clear(&viewer->search);
    return true;
}

/* Jump to the first match; without a text, search for nothing. */
static bool
enter(struct search_popup *popup, bool *is_done, struct error *err)
{
    struct viewer *viewer = popup->viewer;
    struct timeline_place place;

    if (!line_history_add(&viewer->search_history, popup->edit.text, err)) {
        return false;
    }
    *is_done = true;
    if (!search_is_on(&viewer->search)) {
        return true;
    }
    if (viewer->active != VIEW_TIMELINE) {
        viewer->wanted_action = ACTION_SEARCH_NEXT;
        return true;
    }
    timeline_view_place(viewer->timeline, &place);
    return search_step(viewer, &place, 1, true, err);
}

static bool
type(struct search_popup *popup, unsigned key, struct error *err)
{
    return line_edit_key(&popup->edit, key) != LINE_EDIT_CHANGED
           || apply_text(popup, err);
}

static bool
popup_key(void *overlay, unsigned key, bool *is_done, struct error *err)
{
    struct search_popup *popup = overlay;
    int page = popup->rows.name_rows > 1 ? (int)popup->rows.name_rows - 1 : 1;

    switch (key) {
    case KEY_ESCAPE:
    case KEY_CONTROL | 'c':
        *is_done = true;
        return go_back(popup, err);
    case KEY_ENTER:
        return enter(popup, is_done, err);
    case KEY_UP:
        return go_up_or_down(popup, -1, err);
    case KEY_DOWN:
        return go_up_or_down(popup, 1, err);
    case KEY_PAGE_UP:
        return move_pick(popup, -page, err);
    case KEY_PAGE_DOWN:
        return move_pick(popup, page, err);
    case KEY_CONTROL | 'r':
        popup->terms.is_plain = !popup->terms.is_plain;
        return apply_text(popup, err);
    case KEY_CONTROL | 't':
        return toggle_track(popup, err);
    case KEY_CONTROL | 'a':
        popup->terms.track = SEARCH_ALL;
        return apply(popup, err);
    default:
        return type(popup, key, err);
    }
}

static bool
popup_paste(void *overlay, const char *text, size_t size, struct error *err)
{
    struct search_popup *popup = overlay;

    line_edit_paste(&popup->edit, text, size);
    return apply_text(popup, err);
}

/* A press picks the name that is there; outside of the box it is Esc. */
static bool
press(struct search_popup *popup, const struct mouse_event *event,
      bool *is_done, struct error *err)
{
    const struct rows *rows = &popup->rows;
    int row = (int)event->y - rows->box.inner_y - (int)rows->names;

    if (box_is_left(&rows->box, event)) {
        *is_done = true;
        return go_back(popup, err);
    }
    return row < 0 || row >= (int)rows->name_rows
           || popup->top + (size_t)row >= popup->name_count
           || pick(popup, popup->top + (size_t)row, err);
}

static bool
popup_mouse(void *overlay, const struct mouse_event *event, bool *is_done,
            struct error *err)
{
    switch (event->kind) {
    case MOUSE_PRESS:
        return press(overlay, event, is_done, err);
    case MOUSE_WHEEL_UP:
    case MOUSE_WHEEL_DOWN:
        return move_pick(overlay, event->kind == MOUSE_WHEEL_UP ? -1 : 1, err);
    case MOUSE_RELEASE:
    case MOUSE_DRAG:
    case MOUSE_WHEEL_LEFT:
    case MOUSE_WHEEL_RIGHT:
        break;
    }
    return true;
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

/* "97,956 calls  4 names  2 instants", at the right of the field when there
 * is room. */
static void
draw_totals(const struct search_popup *popup, const struct box *box,
            struct screen *screen)
{
    const struct search *search = &popup->viewer->search;
    uint64_t instants = instants_of(popup);
    char calls[TEXT_NUMBER_SIZE];
    char number[TEXT_NUMBER_SIZE];
    char text[LINE_SIZE];
    unsigned width;

    if (!search_is_on(search) || search->problem[0] != '\0') {
        return;
    }
    (void)snprintf(text, sizeof text, "%s call%s  %" PRIu32 " name%s",
                   text_grouped(calls, sizeof calls, search->call_count),
                   search->call_count == 1 ? "" : "s", search->name_count,
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

/* Name, file, calls and total time: what there is room for. */
static void
draw_name(const struct search_popup *popup, size_t index, const struct box *box,
          struct screen *screen, int y)
{
    const struct theme *theme = &popup->viewer->theme;
    const struct model_function *function = function_of(popup, index);
    bool is_picked = index == popup->picked;
    struct screen_style style =
        theme_style(theme, is_picked ? PART_TITLE : PART_TEXT);
    unsigned numbers = CALLS_CELLS + 2 + DURATION_CELLS + 2;
    bool has_numbers = box->inner_width >= NAMES_ONLY_WIDTH;
    bool has_file = box->inner_width >= WIDTH && function->file[0] != '\0';
    unsigned room = box->inner_width - MARKER_CELLS
                    - (has_numbers ? numbers : 0)
                    - (box->inner_width >= WIDTH ? FILE_CELLS : 0);
    char text[LABEL_SIZE];
    char file[LINE_SIZE];

    if (is_picked) {
        screen_put(screen, box->inner_x, y, theme->is_ascii ? '>' : 0x25B8,
                   style);
    }
    (void)label_cut(text, theme, function->name, room);
    (void)screen_text(screen, box->inner_x + MARKER_CELLS, y, room, text,
                      strlen(text), style);
    if (has_file) {
        (void)snprintf(file, sizeof file, "%s:%" PRIu32,
                       label_base_name(function->file), function->line);
        (void)label_cut(text, theme, file, FILE_CELLS - 2);
        (void)screen_text(screen, box->inner_x + MARKER_CELLS + (int)room + 2,
                          y, FILE_CELLS - 2, text, strlen(text),
                          theme_style(theme, PART_FAINT));
    }
    if (has_numbers) {
        draw_numbers(popup, function, box, screen, y);
    }
}

/* Why there are no names, in the place of the first one. */
static void
draw_reason(const struct search_popup *popup, const struct rows *rows,
            struct screen *screen)
{
    const struct search *search = &popup->viewer->search;
    const struct theme *theme = &popup->viewer->theme;

    if (!search_is_on(search)) {
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
    size_t picked = popup->picked == NOT_PICKED ? 0 : popup->picked;

    if (picked < popup->top) {
        popup->top = picked;
    } else if (rows > 0 && picked >= popup->top + rows) {
        popup->top = picked - rows + 1;
    }
}

static void
draw_names(struct search_popup *popup, const struct rows *rows,
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
    if (popup->picked != NOT_PICKED) {
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
draw_foot(const struct search_popup *popup, const struct rows *rows,
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
}

static bool
popup_draw(void *overlay, struct screen *screen, struct error *err)
{
    struct search_popup *popup = overlay;
    struct rows rows = rows_of(screen);
    struct timeline_place place;
    char title[LINE_SIZE];

    timeline_view_place(popup->viewer->timeline, &place);
    if (!search_count(popup->viewer, &place, err)) {
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

static void
popup_close(void *overlay)
{
    struct search_popup *popup = overlay;

    free(popup->names);
    free(popup);
}

static const struct overlay_class search_popup_class = {
    .key = popup_key,
    .paste = popup_paste,
    .mouse = popup_mouse,
    .draw = popup_draw,
    .close = popup_close,
};

bool
search_popup_open(struct viewer *viewer, struct error *err)
{
    size_t count = (size_t)trace_model_function_count(viewer->model) + 1;
    struct search_popup *popup = array_new(1, sizeof *popup, err);

    if (popup == NULL) {
        return false;
    }
    popup->viewer = viewer;
    popup->edit.history = &viewer->search_history;
    popup->was_on = search_is_on(&viewer->search);
    popup->before = viewer->search.terms;
    popup->terms = (struct search_terms){.track = SEARCH_ALL};
    popup->names = array_new(count, sizeof *popup->names, err);
    if (popup->names == NULL || !apply_text(popup, err)) {
        popup_close(popup);
        return false;
    }
    viewer_open_overlay(viewer, &search_popup_class, popup);
    return true;
}
