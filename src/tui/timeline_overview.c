// SPDX-License-Identifier: Apache-2.0
/* The overview: the whole trace in one row. */
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
#include "tui/viewer.h"

/* Columns of the overview that the window covers, first to last. */
struct window {
    int64_t first;
    int64_t last;
    bool is_all;
};

static struct window
window_of(const struct timeline *timeline, const struct time_grid *whole,
          int64_t start_ns, int64_t end_ns)
{
    int64_t width = timeline->layout.track_width;
    struct window window = {
        .first = time_grid_column(whole, start_ns),
        .last = time_grid_column(whole, end_ns - 1),
    };

    window.is_all = window.first <= 0 && window.last >= width - 1;
    if (window.first == window.last) {
        window.last++; /* two edges need two columns */
    }
    return window;
}

static void
draw_window_edges(const struct timeline *timeline, const struct window *window,
                  enum theme_part part, struct screen *screen)
{
    struct screen_style style = theme_style(&timeline->viewer->theme, part);
    int64_t width = timeline->layout.track_width;
    int x = (int)timeline->layout.gutter;
    int y = timeline->layout.overview_row;

    if (window->first >= 0 && window->first < width) {
        screen_put(screen, x + (int)window->first, y,
                   theme_glyph(&timeline->viewer->theme, GLYPH_WINDOW_START),
                   style);
    }
    if (window->last >= 0 && window->last < width) {
        screen_put(screen, x + (int)window->last, y,
                   theme_glyph(&timeline->viewer->theme, GLYPH_WINDOW_END),
                   style);
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
    const struct theme *theme = &timeline->viewer->theme;
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

/* A tick in each column in which a hit starts. */
static void
draw_hits(const struct timeline *timeline, const struct timeline_grid *grid,
          struct screen *screen)
{
    const struct viewer *viewer = timeline->viewer;
    const uint8_t *columns = search_columns(viewer, grid);

    for (unsigned i = 0; columns != NULL && i < grid->column_count; i++) {
        if (columns[i] != 0) {
            screen_put(screen, (int)(timeline->layout.gutter + i),
                       timeline->layout.overview_row,
                       theme_glyph(&viewer->theme, GLYPH_HIT),
                       theme_style(&viewer->theme, PART_HIT));
        }
    }
}

/* It stays the same as long as its columns do. */
static void
load_overview(struct timeline *timeline, const struct timeline_grid *grid,
              const struct time_grid *whole)
{
    struct timeline_grid *loaded = &timeline->overview_grid;

    if (loaded->origin_ns == grid->origin_ns
        && loaded->column_ns == grid->column_ns
        && loaded->column_count == grid->column_count) {
        return;
    }
    timeline_overview(timeline->model, grid, timeline->overview);
    mark_lost(timeline, whole);
    *loaded = *grid;
}

void
timeline_draw_overview(struct timeline *timeline, struct screen *screen)
{
    unsigned width = timeline->layout.track_width;
    struct time_grid whole = time_grid_fit(0, timeline_end_ns(timeline), width);
    struct timeline_grid grid = timeline_overview_grid(timeline);
    struct time_grid shown = timeline_grid(timeline);
    struct window window = window_of(timeline, &whole, shown.origin_ns,
                                     time_grid_time(&shown, width));

    load_overview(timeline, &grid, &whole);
    if (timeline->layout.gutter > 0) {
        (void)screen_text(screen, 0, timeline->layout.overview_row,
                          timeline->layout.gutter, "overview", 8,
                          theme_style(&timeline->viewer->theme, PART_FAINT));
    }
    for (unsigned i = 0; i < width; i++) {
        draw_overview_column(timeline, i, i >= window.first && i <= window.last,
                             screen);
    }
    draw_hits(timeline, &grid, screen);
    if (timeline->state.left.is_set) {
        struct window left =
            window_of(timeline, &whole, timeline->state.left.start_ns,
                      timeline->state.left.end_ns);

        draw_window_edges(timeline, &left, PART_FAINT, screen);
    }
    if (!window.is_all) {
        draw_window_edges(timeline, &window, PART_CURSOR, screen);
    }
}
