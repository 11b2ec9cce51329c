// SPDX-License-Identifier: Apache-2.0
/* The rows around the tracks that do not depend on the cursor. */
#include "tui/timeline_parts.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "model/trace_model.h"
#include "tui/key.h"
#include "tui/label.h"
#include "tui/pieces.h"
#include "tui/screen.h"
#include "tui/timeline.h"

enum { WIDE_SCREEN = 120 }; /* numbers are written out from here on */

static void
add_counts(struct pieces *pieces, const struct timeline *timeline)
{
    struct trace_summary summary = trace_model_summary(timeline->model);
    bool is_wide = timeline->layout.width >= WIDE_SCREEN;
    char count[TEXT_NUMBER_SIZE];
    char duration[TEXT_NUMBER_SIZE];

    (void)(is_wide ? text_grouped(count, sizeof count, summary.call_count)
                   : text_count(count, sizeof count, summary.call_count));
    pieces_add(pieces, 4, true, PART_TEXT, "%s %s", count,
               summary.call_count == 1 ? "call" : "calls");
    pieces_add(pieces, 3, true, PART_TEXT, "%s",
               text_duration(duration, sizeof duration, summary.duration_ns,
                             timeline->theme.is_ascii));
    if (summary.is_live) {
        pieces_add(pieces, 6, true, PART_WARNING, "recording");
    }
}

static void
add_notes(struct pieces *pieces, const struct timeline *timeline)
{
    size_t count = trace_model_note_count(timeline->model);

    if (count == 1) {
        pieces_add(pieces, 2, true, PART_WARNING, "1 note");
    } else if (count > 1) {
        pieces_add(pieces, 2, true, PART_WARNING, "%zu notes", count);
    }
}

void
timeline_draw_tabs(const struct timeline *timeline, struct screen *screen)
{
    unsigned width = timeline->layout.width;
    struct pieces pieces = {0};

    pieces_add(&pieces, 5, false, PART_TAB, "[1 Timeline]");
    pieces_add(&pieces, 1, true, PART_TITLE, "%s",
               label_width(timeline->title) + width / 2 < width
                   ? timeline->title
                   : label_base_name(timeline->title));
    add_counts(&pieces, timeline);
    add_notes(&pieces, timeline);
    pieces_draw(&pieces, &timeline->theme, screen, 0, timeline->layout.tabs_row,
                width);
}

/* Columns of the overview that the window covers, first to last. */
struct window {
    int64_t first;
    int64_t last;
    bool is_all;
};

static struct window
window_of(const struct timeline *timeline, const struct time_grid *whole)
{
    struct time_grid grid = timeline_grid(timeline);
    int64_t width = timeline->layout.track_width;
    struct window window = {
        .first = time_grid_column(whole, grid.origin_ns),
        .last = time_grid_column(whole, time_grid_time(&grid, width) - 1),
    };

    window.is_all = window.first <= 0 && window.last >= width - 1;
    if (window.first == window.last) {
        window.last++; /* two edges need two columns */
    }
    return window;
}

static void
draw_window_edges(const struct timeline *timeline, const struct window *window,
                  struct screen *screen)
{
    struct screen_style style = theme_style(&timeline->theme, PART_CURSOR);
    int64_t width = timeline->layout.track_width;
    int x = (int)timeline->layout.gutter;
    int y = timeline->layout.overview_row;

    if (window->first >= 0 && window->first < width) {
        screen_put(screen, x + (int)window->first, y,
                   theme_glyph(&timeline->theme, GLYPH_WINDOW_START), style);
    }
    if (window->last >= 0 && window->last < width) {
        screen_put(screen, x + (int)window->last, y,
                   theme_glyph(&timeline->theme, GLYPH_WINDOW_END), style);
    }
}

/* Where calls are missing and none are known, the overview says so. */
static void
mark_lost(struct timeline *timeline, const struct time_grid *whole)
{
    int64_t width = timeline->layout.track_width;

    for (size_t i = 0; i < trace_model_track_count(timeline->model); i++) {
        size_t count = trace_model_track(timeline->model, i)->gap_count;
        const struct model_gap *gaps = trace_model_gaps(timeline->model, i);

        for (size_t j = 0; j < count; j++) {
            int64_t column =
                time_grid_column(whole, time_limit(gaps[j].start_ns));
            int64_t last = time_grid_column(whole, time_limit(gaps[j].end_ns));

            for (; column <= last && column < width; column++) {
                if (!(timeline->overview[column] > 0)) {
                    timeline->overview[column] = -1;
                }
            }
        }
    }
}

static void
draw_overview_column(const struct timeline *timeline, unsigned column,
                     bool is_in_window, struct screen *screen)
{
    const struct theme *theme = &timeline->theme;
    float busy = timeline->overview[column];
    int x = (int)(timeline->layout.gutter + column);
    int y = timeline->layout.overview_row;

    if (busy < 0) {
        screen_put(screen, x, y, theme_glyph(theme, GLYPH_LOST),
                   theme_style(theme, PART_LOST));
    } else if (busy > 0) {
        uint64_t part = busy >= 1 ? 1000000 : (uint64_t)(busy * 1000000);

        screen_put(
            screen, x, y,
            theme_level(theme, theme_level_of(part == 0 ? 1 : part, 1000000)),
            theme_style(theme,
                        is_in_window ? PART_OVERVIEW_WINDOW : PART_OVERVIEW));
    }
}

void
timeline_draw_overview(struct timeline *timeline, struct screen *screen)
{
    unsigned width = timeline->layout.track_width;
    struct time_grid whole = time_grid_fit(0, timeline_end_ns(timeline), width);
    struct timeline_grid grid = {
        .origin_ns = whole.origin_ns,
        .column_ns = (uint64_t)whole.column_ns,
        .column_count = width,
    };
    struct window window = window_of(timeline, &whole);

    timeline_overview(timeline->model, &grid, timeline->overview);
    mark_lost(timeline, &whole);
    if (timeline->layout.gutter > 0) {
        (void)screen_text(screen, 0, timeline->layout.overview_row,
                          timeline->layout.gutter, "overview", 8,
                          theme_style(&timeline->theme, PART_FAINT));
    }
    for (unsigned i = 0; i < width; i++) {
        draw_overview_column(timeline, i, i >= window.first && i <= window.last,
                             screen);
    }
    if (!window.is_all) {
        draw_window_edges(timeline, &window, screen);
    }
}

/* The key that the bar shows: the function key, else the first one. */
static unsigned
bar_key(const struct action *action)
{
    struct action_keys keys;
    size_t offset = 0;
    unsigned first = KEY_NONE;

    while (action_next_keys(action, &offset, &keys)) {
        if (keys.key >= KEY_F1 && keys.key <= KEY_F12) {
            return keys.key;
        }
        first = first == KEY_NONE ? keys.key : first;
    }
    return first;
}

static unsigned
draw_bar_item(const struct timeline *timeline, const struct action *action,
              unsigned x, struct screen *screen)
{
    const struct theme *theme = &timeline->theme;
    unsigned width = timeline->layout.width;
    int y = timeline->layout.bar_row;
    unsigned label_cells = width >= WIDE_SCREEN ? 8 : 6;
    char key[KEY_NAME_SIZE];
    unsigned label = label_width(action->bar_label);

    (void)key_format(key, sizeof key, bar_key(action));
    label_cells = label > label_cells ? label : label_cells;
    if (x + label_width(key) + label_cells > width) {
        return width;
    }
    x += screen_text(screen, (int)x, y, width, key, strlen(key),
                     theme_style(theme, PART_BAR_KEY));
    for (unsigned i = 0; i < label_cells; i++) {
        screen_put(screen, (int)(x + i), y, ' ',
                   theme_style(theme, PART_BAR_LABEL));
    }
    (void)screen_text(screen, (int)x, y, label_cells, action->bar_label,
                      strlen(action->bar_label),
                      theme_style(theme, PART_BAR_LABEL));
    return x + label_cells + 1;
}

/* Function keys by their number, then the others in the table's order. */
void
timeline_draw_bar(const struct timeline *timeline, struct screen *screen)
{
    unsigned x = 0;

    for (unsigned number = 0; number <= 12; number++) {
        for (size_t i = 0; i < ACTION_COUNT; i++) {
            const struct action *action = action_at(i);
            unsigned key = bar_key(action);
            bool is_function = key >= KEY_F1 && key <= KEY_F12;
            unsigned place = is_function ? key - KEY_F1 : 12;

            if (action->bar_label[0] != '\0' && place == number) {
                x = draw_bar_item(timeline, action, x, screen);
            }
        }
    }
}
