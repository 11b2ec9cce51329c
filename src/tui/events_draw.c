// SPDX-License-Identifier: Apache-2.0
/* A row of titles, a row for each event, and what the chosen one is. */
#include "tui/events.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "model/moment_calls.h"
#include "tui/chrome.h"
#include "tui/events_kinds.h"
#include "tui/events_pane.h"
#include "tui/events_text.h"
#include "tui/label.h"
#include "tui/pieces.h"
#include "tui/profile_text.h"
#include "tui/screen.h"
#include "tui/viewer.h"

enum {
    PAGE_MAX = 512, /* rows of a screen */
    TIME_CELLS = 15,
    LONG_TIME_CELLS = 18, /* of a clock, in ns */
    NARROW_TIME_CELLS = 12,
    KIND_CELLS = 7,
    WHERE_CELLS = 13,
    GOOD_WHERE_CELLS = 16, /* "14494 MainThread" */
    WIDE_WHERE_CELLS = 24,
    WIDTH_WITH_WHERE = 64,
    WIDTH_WITH_GOOD_WHERE = 76,
    WIDTH_WITH_KIND = 50,
    KINDS_SIZE = 128,
};

struct column_place {
    enum events_column column;
    unsigned x;
    unsigned width;
};

/* The columns of this frame. */
struct events_drawing {
    const struct events *events;
    struct screen *screen;
    struct column_place places[EVENTS_COLUMN_COUNT];
    size_t count;
};

static unsigned
time_cells(const struct events *events)
{
    enum time_display display = events->viewer->look.time_display;

    if (events->layout.width < WIDTH_WITH_KIND) {
        return NARROW_TIME_CELLS;
    }
    return display == TIME_OF_CLOCK || display == TIME_IN_NS ? LONG_TIME_CELLS
                                                             : TIME_CELLS;
}

/* Columns that a narrow screen has no room for have no width. */
static unsigned
fixed_width(const struct events *events, enum events_column column)
{
    unsigned width = events->layout.width;

    switch (column) {
    case EVENTS_TIME:
        return time_cells(events);
    case EVENTS_KIND:
        return width < WIDTH_WITH_KIND ? 0 : KIND_CELLS;
    case EVENTS_WHERE:
        return width < WIDTH_WITH_WHERE        ? 0
               : width < WIDTH_WITH_GOOD_WHERE ? WHERE_CELLS
               : width < WIDE_SCREEN           ? GOOD_WHERE_CELLS
                                               : WIDE_WHERE_CELLS;
    case EVENTS_NAME:
    case EVENTS_VALUE:
    case EVENTS_COLUMN_COUNT:
        break;
    }
    return 0;
}

/* What the others leave is for the name and, where that is enough, for the
 * value. */
static void
place_columns(struct events_drawing *drawing)
{
    const struct events *events = drawing->events;
    unsigned first = events->state.first;
    unsigned x = 1;

    for (unsigned i = first; i < EVENTS_NAME; i++) {
        unsigned width = fixed_width(events, (enum events_column)i);

        if (width > 0) {
            drawing->places[drawing->count++] =
                (struct column_place){(enum events_column)i, x, width};
            x += width + 1;
        }
    }
    for (unsigned i = first > EVENTS_NAME ? first : EVENTS_NAME;
         i < EVENTS_COLUMN_COUNT && x < events->layout.width; i++) {
        unsigned left = events->layout.width - x;
        bool shares = i == EVENTS_NAME && left > 20;

        drawing->places[drawing->count++] = (struct column_place){
            (enum events_column)i, x, shares ? left / 2 : left};
        x += drawing->places[drawing->count - 1].width + 1;
    }
}

static void
draw_titles(const struct events_drawing *drawing)
{
    const struct events *events = drawing->events;

    for (size_t i = 0; i < drawing->count; i++) {
        const struct column_place *place = &drawing->places[i];
        const char *title = events_column_title(place->column);
        unsigned width = (unsigned)strlen(title);
        bool is_right = place->column == EVENTS_TIME && place->width > width;

        (void)screen_text(
            drawing->screen,
            (int)(place->x + (is_right ? place->width - width : 0)),
            events->layout.ruler_row, place->width, title, width,
            theme_style(&events->viewer->theme, PART_RULER));
    }
}

static enum theme_part
part_of(const struct moment *moment, enum events_column column)
{
    if (column == EVENTS_WHERE) {
        return PART_FAINT;
    }
    if (column != EVENTS_KIND) {
        return PART_TEXT;
    }
    switch (moment->kind) {
    case MOMENT_COUNTER:
        return PART_COUNTER;
    case MOMENT_ERROR:
        return PART_WARNING;
    case MOMENT_HIT:
        return PART_HIT;
    case MOMENT_INSTANT:
    case MOMENT_LOG:
    case MOMENT_OBJECT:
    case MOMENT_KIND_COUNT:
        break;
    }
    return PART_INSTANT;
}

/* Functions shorten by meaning, threads in the middle. */
static const char *
fit_cell(const struct events *events, const struct moment *moment,
         const struct column_place *place, char fitted[LABEL_SIZE])
{
    const struct theme *theme = &events->viewer->theme;
    bool is_call = moment->source == MOMENT_OF_CALL
                   || moment->source == MOMENT_OF_UNFINISHED;
    char text[EVENTS_TEXT_SIZE];

    if (is_call && place->column == EVENTS_NAME) {
        return label_fit(
            fitted, theme,
            search_function(events->viewer->model,
                            moment_list_slice(events->list, moment)->function),
            place->width);
    }
    (void)events_cell(events, moment, place->column, text);
    return place->column == EVENTS_WHERE
               ? label_cut_middle(fitted, theme, text, place->width)
               : label_cut(fitted, theme, text, place->width);
}

static void
draw_cell(const struct events_drawing *drawing, const struct moment *moment,
          const struct column_place *place, bool is_hit, int y)
{
    const struct events *events = drawing->events;
    const struct theme *theme = &events->viewer->theme;
    struct screen_style style =
        theme_style(theme, part_of(moment, place->column));
    char fitted[LABEL_SIZE];
    unsigned x = place->x;

    (void)fit_cell(events, moment, place, fitted);
    if (place->column == EVENTS_TIME && label_width(fitted) < place->width) {
        x += place->width - label_width(fitted);
    }
    if (is_hit && place->column == EVENTS_NAME) {
        style = theme_hit_style(theme, style);
    }
    (void)screen_text(drawing->screen, (int)x, y, place->x + place->width - x,
                      fitted, strlen(fitted), style);
}

static void
draw_row(const struct events_drawing *drawing, const struct moment *moment,
         bool is_cursor, int y)
{
    const struct events *events = drawing->events;
    const struct theme *theme = &events->viewer->theme;
    struct screen_style style = theme_style(theme, PART_TAB);
    bool is_hit = events_is_hit(events, moment);

    for (size_t i = 0; i < drawing->count; i++) {
        draw_cell(drawing, moment, &drawing->places[i], is_hit, y);
    }
    if (is_cursor) {
        screen_put(drawing->screen, 0, y, theme_glyph(theme, GLYPH_RIGHT),
                   style);
        screen_restyle(drawing->screen, 0, y, events->layout.width,
                       is_hit ? theme_hit_style(theme, style) : style);
    }
}

static bool
draw_table(const struct events *events, struct screen *screen,
           struct error *err)
{
    struct events_drawing drawing = {.events = events, .screen = screen};
    struct moment rows[PAGE_MAX];
    size_t height = events_height(events);
    size_t count;

    place_columns(&drawing);
    draw_titles(&drawing);
    if (!moment_list_rows(events->list, events->top,
                          height < PAGE_MAX ? height : PAGE_MAX, rows, &count,
                          err)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        draw_row(&drawing, &rows[i], events->top + i == events->row,
                 events->layout.tracks_row + (int)i);
    }
    return true;
}

/* How far the look at the calls is, and what it could not list. */
static void
add_calls(struct pieces *pieces, const struct events *events)
{
    struct viewer *viewer = events->viewer;
    int percent = jobs_percent(viewer->jobs, JOB_EVENT_CALLS);
    char count[TEXT_NUMBER_SIZE];

    if (!events_wants_calls(events)) {
        return;
    }
    if (jobs_is_busy(viewer->jobs, JOB_EVENT_CALLS)) {
        viewer->shows_progress = true;
        pieces_add(pieces, 2, false, PART_WARNING, "looking at calls: %d%%",
                   percent < 0 ? 0 : percent);
    } else if (events->calls_failure[0] != '\0') {
        pieces_add(pieces, 2, false, PART_WARNING, "no calls: %s",
                   events->calls_failure);
    } else if (!events->has_calls) {
        pieces_add(pieces, 2, false, PART_WARNING,
                   "without calls: the look at them was stopped");
    }
    for (int kind = 0; events->calls != NULL && kind < MOMENT_KIND_COUNT;
         kind++) {
        uint64_t found = events->calls->found[kind];

        if (found > MOMENT_CALLS_MAX) {
            pieces_add(pieces, 2, false, PART_WARNING,
                       "%s %s of calls are too many to list: limit the scope",
                       text_grouped(count, sizeof count, found),
                       events_kind_names((enum moment_kind)kind));
        }
    }
}

static void
draw_scope(const struct events *events, struct screen *screen)
{
    const struct viewer *viewer = events->viewer;
    struct pieces pieces = {0};
    char kinds[KINDS_SIZE];
    char count[TEXT_NUMBER_SIZE];

    profile_text_add_scope(&pieces, viewer);
    if (events->list != NULL && events_is_new(events)) {
        size_t rows = moment_list_count(events->list);

        pieces_add(&pieces, 3, false, PART_TEXT, "%s event%s",
                   text_grouped(count, sizeof count, rows),
                   rows == 1 ? "" : "s");
        if (events->hits != NULL) {
            pieces_add(&pieces, 5, false, PART_TEXT, "%s match",
                       text_grouped(count, sizeof count,
                                    moment_list_count(events->hits)));
        }
    }
    add_calls(&pieces, events);
    pieces_add(&pieces, 4, true, PART_FAINT, "%s",
               events_kinds_text(events, kinds, sizeof kinds));
    pieces_draw(&pieces, &viewer->theme, screen, 0, events->layout.overview_row,
                events->layout.width);
}

/* Why there are no rows. */
static void
explain(const struct events *events, struct screen *screen)
{
    const struct viewer *viewer = events->viewer;
    const struct layout *layout = &events->layout;
    char text[LABEL_SIZE];
    char words[KINDS_SIZE];
    char count[TEXT_NUMBER_SIZE];
    size_t all = 0;

    for (int kind = 0; kind < MOMENT_KIND_COUNT; kind++) {
        all += moment_list_kind_count(events->list, (enum moment_kind)kind);
    }
    if (all > 0) {
        (void)snprintf(words, sizeof words,
                       "0 of %s events are of these kinds; F6 chooses others",
                       text_grouped(count, sizeof count, all));
    } else {
        (void)snprintf(words, sizeof words, "%s",
                       viewer->scope.is_set
                           ? "nothing happened in the scope; Esc shows all"
                           : "this trace has no instants, logs, objects, "
                             "counters or errors");
    }
    chrome_draw_centred(screen,
                        layout->tracks_row + (int)layout->track_height / 2,
                        label_cut(text, &viewer->theme, words, layout->width),
                        PART_TEXT, viewer);
}

static bool
draw_status(const struct events *events, struct screen *screen,
            struct error *err)
{
    struct pieces pieces = {0};
    struct moment moment;
    char text[EVENTS_TEXT_SIZE];
    char row[TEXT_NUMBER_SIZE];
    char count[TEXT_NUMBER_SIZE];
    size_t taken = 0;

    if (events->list != NULL
        && !moment_list_rows(events->list, events->row, 1, &moment, &taken,
                             err)) {
        return false;
    }
    if (taken > 0) {
        pieces_add(
            &pieces, 2, false, PART_STATUS, "%s/%s",
            text_grouped(row, sizeof row, events->row + 1),
            text_grouped(count, sizeof count, moment_list_count(events->list)));
        pieces_add(&pieces, 1, false, PART_STATUS, "%.500s",
                   events_cell(events, &moment, EVENTS_NAME, text));
        pieces_add(&pieces, 4, true, PART_STATUS, "Enter timeline");
        pieces_add(&pieces, 5, true, PART_STATUS, "Space only this kind");
        pieces_add(&pieces, 6, true, PART_STATUS, "F6 kinds");
    }
    chrome_draw_status(events->viewer, &pieces, screen,
                       events->layout.status_row);
    return true;
}

static bool
draw_body(struct events *events, struct screen *screen, struct error *err)
{
    struct viewer *viewer = events->viewer;

    if (events->list == NULL) {
        profile_text_explain(viewer, JOB_EVENTS, events->failure, screen,
                             &events->layout);
        return true;
    }
    if (moment_list_count(events->list) == 0) {
        explain(events, screen);
        return true;
    }
    return draw_table(events, screen, err)
           && events_pane_draw(events, screen, err);
}

bool
events_draw(struct events *events, struct screen *screen, struct error *err)
{
    struct viewer *viewer = events->viewer;
    const struct layout *layout = &events->layout;

    if (!events_prepare(events, err)) {
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
        draw_scope(events, screen);
    }
    if (!draw_body(events, screen, err) || !draw_status(events, screen, err)) {
        return false;
    }
    if (layout->bar_row != LAYOUT_NONE) {
        chrome_draw_bar(viewer, screen, layout->bar_row);
    }
    return true;
}
