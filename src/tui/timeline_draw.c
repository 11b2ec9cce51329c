// SPDX-License-Identifier: Apache-2.0
/* One frame of the timeline. */
#include "tui/timeline.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "model/trace_model.h"
#include "tui/chrome.h"
#include "tui/details.h"
#include "tui/label.h"
#include "tui/pieces.h"
#include "tui/ruler.h"
#include "tui/screen.h"
#include "tui/search_map.h"
#include "tui/timeline_cells.h"
#include "tui/timeline_flow.h"
#include "tui/timeline_marks.h"
#include "tui/timeline_parts.h"
#include "tui/timeline_points.h"
#include "tui/timeline_view.h"
#include "tui/viewer.h"

static void
draw_ruler(const struct timeline *timeline, struct screen *screen)
{
    struct ruler ruler = {
        .grid = timeline_grid(timeline),
        .display = timeline->viewer->look.time_display,
        .cursor_ns = timeline->state.time_ns,
        .start_realtime_ns =
            trace_model_summary(timeline->model).start_realtime_ns,
        .gutter = timeline->layout.gutter,
        .width = timeline->layout.track_width,
    };

    ruler_draw(&ruler, &timeline->viewer->theme, screen,
               timeline->layout.ruler_row);
}

/* How long level number row of the cells was busy in the window. */
static double
busy_ns(const struct timeline *timeline, uint32_t row)
{
    const struct timeline_cell *cells =
        timeline->cells + row * timeline_stride(timeline) + ROW_CELLS_MARGIN;
    double busy = 0;

    for (unsigned i = 0; i < timeline->layout.track_width; i++) {
        busy += (double)cells[i].busy_ns;
    }
    return busy;
}

static int
percent_of(double part, double whole)
{
    double percent = part * 100 / whole;

    return percent > 100 ? 100 : percent < 0 ? 0 : (int)(percent + 0.5);
}

/* The rows of one track that are on screen: asked for at once. */
struct track_rows {
    size_t first; /* numbers in the plan */
    size_t end;
    uint32_t first_depth;
    uint32_t depth_count;
    bool has_deeper;
};

/* How busy the track in cells was, and with its outermost calls alone, of the
 * part of the window that the trace covers. */
static struct timeline_share
share_of(const struct timeline *timeline, const struct track_rows *rows)
{
    struct time_grid grid = timeline_grid(timeline);
    struct timeline_share share = {BUSY_UNKNOWN, BUSY_UNKNOWN};
    int64_t start_ns = grid.origin_ns < 0 ? 0 : grid.origin_ns;
    int64_t end_ns = time_grid_time(&grid, timeline->layout.track_width);
    double whole_ns;

    end_ns =
        end_ns > timeline_end_ns(timeline) ? timeline_end_ns(timeline) : end_ns;
    if (end_ns <= start_ns || rows->first_depth > 0 || rows->depth_count == 0) {
        return share;
    }
    whole_ns = (double)(end_ns - start_ns);
    share.busy_percent = percent_of(busy_ns(timeline, 0), whole_ns);
    if (rows->depth_count > 1 || rows->has_deeper) {
        share.self_percent =
            percent_of(busy_ns(timeline, 0) - busy_ns(timeline, 1), whole_ns);
    }
    return share;
}

static struct track_rows
rows_of_track(const struct timeline *timeline, size_t row, size_t end)
{
    struct plan_row first = row_plan_at(&timeline->plan, row);
    struct track_rows rows = {.first = row, .end = row};

    rows.first_depth = first.depth;
    while (rows.end < end) {
        struct plan_row next = row_plan_at(&timeline->plan, rows.end);

        if (next.item != first.item) {
            break;
        }
        if (next.kind == ROW_DEEPER) {
            rows.has_deeper = true;
        } else {
            rows.depth_count += next.levels;
        }
        rows.end++;
    }
    return rows;
}

/* The columns on the screen, as a worker and the model know them. */
static struct timeline_grid
screen_grid(const struct timeline *timeline)
{
    struct time_grid grid = timeline_grid(timeline);

    return (struct timeline_grid){
        .origin_ns = grid.origin_ns,
        .column_ns = (uint64_t)grid.column_ns,
        .column_count = timeline->layout.track_width,
    };
}

/* In a cell that shows only how busy it was, the longest call is not the only
 * one that may be searched for, or of a tagged function. */
static void
mark_hits(const struct timeline *timeline, uint32_t track, uint32_t level,
          bool is_deeper, struct row_cell *cells)
{
    struct timeline_grid grid = screen_grid(timeline);

    for (unsigned i = 0; i < grid.column_count; i++) {
        cells[i].has_hit = cells[i].level > 0
                           && search_map_has(timeline->viewer, &grid, track,
                                             level, i, is_deeper);
        cells[i].has_tag =
            cells[i].level > 0
            && tag_map_has(timeline->viewer, &grid, track, level, i, is_deeper);
    }
}

static void
draw_track_row(struct timeline *timeline, const struct plan_row *row,
               const struct timeline_cell *cells, struct screen *screen, int y)
{
    struct time_grid grid = timeline_grid(timeline);
    unsigned width = timeline->layout.track_width;
    uint32_t track = timeline->list.items[row->item].index;
    bool is_half = row_plan_is_half(&timeline->plan, row);

    if (row->kind == ROW_DEPTH) {
        row_cells_of_level(cells, &grid, width, timeline->row_cells);
    } else {
        row_cells_of_sum(cells, &grid, width, timeline->row_cells);
    }
    if (is_half && row->levels > 1) {
        row_cells_of_level(cells + timeline_stride(timeline), &grid, width,
                           timeline->row_cells + timeline_stride(timeline));
        mark_hits(timeline, track, row->depth + 1, false,
                  timeline->row_cells + timeline_stride(timeline));
    }
    mark_hits(timeline, track, row->depth, row->kind != ROW_DEPTH,
              timeline->row_cells);
    if (is_half) {
        timeline_draw_halves(timeline, row, screen, y);
    } else {
        timeline_draw_slices(timeline, row, screen, y);
    }
    for (unsigned i = 0; i < width && timeline->is_blank; i++) {
        timeline->is_blank = timeline->row_cells[i].kind == ROW_CELL_EMPTY;
    }
}

/* Draw the rows of a track from row on. *end is the row behind them. */
static bool
draw_track(struct timeline *timeline, size_t row, size_t limit, int y,
           size_t *end, struct screen *screen, struct error *err)
{
    struct track_rows rows = rows_of_track(timeline, row, limit);
    size_t stride = timeline_stride(timeline);
    struct plan_row first = row_plan_at(&timeline->plan, row);
    bool is_named = timeline->layout.gutter > 0;
    struct timeline_share share;

    if (!timeline_load_cells(timeline, timeline->list.items[first.item].index,
                             rows.first_depth, rows.depth_count,
                             rows.has_deeper, err)) {
        return false;
    }
    share = share_of(timeline, &rows);
    for (size_t i = rows.first; i < rows.end; i++) {
        struct plan_row this_row = row_plan_at(&timeline->plan, i);
        int this_y = y + (int)(i - rows.first);

        draw_track_row(timeline, &this_row,
                       timeline->cells
                           + (this_row.depth - rows.first_depth) * stride,
                       screen, this_y);
        timeline_draw_area_row(timeline, this_row.item, screen, this_y);
        if (timeline->layout.gutter > 0) {
            timeline_draw_gutter(timeline, &this_row, &share, screen, this_y);
        } else if (!is_named) {
            is_named = timeline_draw_name(timeline, &this_row, screen, this_y);
        }
    }
    *end = rows.end;
    return true;
}

static void
draw_points(struct timeline *timeline, const struct plan_row *row,
            struct screen *screen, int y)
{
    const struct track_item *item = &timeline->list.items[row->item];

    if (row->kind == ROW_INSTANTS) {
        timeline_draw_instants(timeline, row->item, screen, y);
    } else {
        timeline_draw_counter(timeline, item->index, screen, y);
    }
    timeline_draw_area_row(timeline, row->item, screen, y);
    if (timeline->layout.gutter > 0) {
        timeline_draw_gutter(timeline, row, NULL, screen, y);
    }
}

/* Rows from row to end, the first one at y. */
static bool
draw_rows(struct timeline *timeline, size_t row, size_t end, int y,
          struct screen *screen, struct error *err)
{
    while (row < end) {
        struct plan_row what = row_plan_at(&timeline->plan, row);
        size_t start = row;

        switch (what.kind) {
        case ROW_FILE:
        case ROW_PROCESS:
            timeline_draw_heading(timeline, &what, screen, y);
            row++;
            break;
        case ROW_INSTANTS:
        case ROW_COUNTER:
            draw_points(timeline, &what, screen, y);
            row++;
            break;
        case ROW_DEPTH:
        case ROW_DEEPER:
        case ROW_FOLDED:
            if (!draw_track(timeline, row, end, y, &row, screen, err)) {
                return false;
            }
            break;
        }
        y += (int)(row - start);
    }
    return true;
}

/* The pinned rows that stay in place, and those that scroll below them. */
static bool
draw_all_rows(struct timeline *timeline, struct screen *screen,
              struct error *err)
{
    const struct layout *layout = &timeline->layout;
    unsigned sticky = row_plan_sticky(&timeline->plan, layout->track_height);
    size_t top = timeline_top_row(timeline);
    size_t end = top + layout->track_height;

    if (end > row_plan_count(&timeline->plan)) {
        end = row_plan_count(&timeline->plan);
    }
    return draw_rows(timeline, 0, sticky, layout->tracks_row, screen, err)
           && draw_rows(timeline, top + sticky, end,
                        layout->tracks_row + (int)sticky, screen, err);
}

/* A window without a slice says so, lest one gets lost. */
static bool
explain_blank(struct timeline *timeline, struct screen *screen,
              struct error *err)
{
    const struct layout *layout = &timeline->layout;
    struct time_grid grid = timeline_grid(timeline);
    int64_t end_ns = time_grid_time(&grid, layout->track_width);
    char text[PIECE_SIZE];
    char key;

    if (timeline->list.items[timeline->state.item].kind != ITEM_TRACK
        || !timeline->state.has_slice) {
        return true; /* the status line explains the cursor's own place */
    }
    if (!timeline_write_nearest(timeline,
                                grid.origin_ns < 0 ? 0 : grid.origin_ns, end_ns,
                                text, &key, err)) {
        return false;
    }
    chrome_draw_centred(screen,
                        layout->tracks_row + (int)layout->track_height / 2,
                        text, PART_FAINT, timeline->viewer);
    return true;
}

static void
draw_frame(struct timeline *timeline, struct screen *screen)
{
    const struct layout *layout = &timeline->layout;

    if (layout->tabs_row != LAYOUT_NONE) {
        chrome_draw_tabs(timeline->viewer, screen, layout->tabs_row);
    }
    if (layout->overview_row != LAYOUT_NONE) {
        timeline_draw_overview(timeline, screen);
        timeline_draw_area_overview(timeline, screen);
    }
    if (layout->bar_row != LAYOUT_NONE) {
        chrome_draw_bar(timeline->viewer, screen, layout->bar_row);
    }
    draw_ruler(timeline, screen);
    timeline_draw_area_ruler(timeline, screen);
    timeline_draw_mark_letters(timeline, screen);
    timeline_draw_drag(timeline, screen);
}

/* Where the hits of the search are, for the overview and the next step, and in
 * which cells they and tagged functions are. */
static bool
count_hits(struct timeline *timeline, struct error *err)
{
    struct timeline_grid grid = screen_grid(timeline);
    struct timeline_place place;

    timeline_place(timeline, &place);
    return search_count(timeline->viewer, &place, err)
           && search_map_ask(timeline->viewer, &grid, err)
           && tag_map_ask(timeline->viewer, &grid, err);
}

bool
timeline_draw(struct timeline *timeline, struct screen *screen,
              struct error *err)
{
    const struct layout *layout = &timeline->layout;

    if (layout->is_too_small) {
        chrome_draw_too_small(timeline->viewer, screen);
        return true;
    }
    if (timeline->plan.has_halves != timeline_has_halves(timeline)) {
        timeline_plan(timeline); /* there are other colours, or none */
    }
    if (!count_hits(timeline, err)) {
        return false;
    }
    draw_frame(timeline, screen);
    if (timeline->list.count == 0) {
        chrome_draw_centred(screen, layout->tracks_row,
                            "no calls were recorded", PART_FAINT,
                            timeline->viewer);
        return details_draw(timeline, screen, err)
               && timeline_draw_status(timeline, screen, err);
    }
    timeline->is_blank = true;
    timeline_begin_cells(timeline);
    if (!draw_all_rows(timeline, screen, err)
        || !timeline_end_cells(timeline, err)) {
        return false;
    }
    timeline_draw_flows(timeline, screen);
    if ((timeline->is_blank && !explain_blank(timeline, screen, err))
        || !details_draw(timeline, screen, err)
        || !timeline_draw_status(timeline, screen, err)) {
        return false;
    }
    timeline_draw_marks(timeline, screen);
    return true;
}
