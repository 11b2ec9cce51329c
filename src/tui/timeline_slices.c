// SPDX-License-Identifier: Apache-2.0
/* A row of slices: runs with their labels, and cells that say how busy. */
#include "tui/timeline_parts.h"

#include <string.h>

#include "model/trace_model.h"
#include "tui/colour_mode.h"
#include "tui/compare.h"
#include "tui/label.h"
#include "tui/screen.h"
#include "tui/timeline.h"
#include "tui/viewer.h"

enum { LABEL_CELLS_MIN = 3 }; /* narrower slices have no label */

/* A row while it is drawn. */
struct slice_row {
    const struct timeline *timeline;
    struct theme theme; /* without colours when the user wants none */
    struct screen *screen;
    uint32_t track; /* index in the model */
    int x;          /* of the first column */
    int y;
    bool has_cursor;
};

/* Columns from first to last that belong to one slice. */
struct run {
    unsigned first;
    unsigned last;
    const struct row_cell *cell;
    bool is_unfinished;
};

const struct model_function *
timeline_function(const struct timeline *timeline, uint32_t function)
{
    return function < trace_model_function_count(timeline->model)
               ? trace_model_function(timeline->model, function)
               : NULL;
}

unsigned
timeline_cell_slot(const struct timeline *timeline, uint32_t track,
                   const struct row_cell *cell)
{
    struct colour_subject subject = {
        .function = timeline_function(timeline, cell->function),
        .track = track,
        .duration_ns = cell->duration_ns,
    };
    unsigned slot;

    if (timeline->viewer->look.colour_mode == COLOUR_BY_CHANGE
        && compare_slot(timeline->viewer, cell->function, &slot)) {
        return slot;
    }
    return cell->has_tag
                   || tags_has(&timeline->viewer->look.tags, cell->function)
               ? THEME_TAG_SLOT
               : colour_mode_slot(timeline->viewer->look.colour_mode, &subject);
}

static struct screen_style
style_of(const struct slice_row *row, const struct row_cell *cell,
         enum slice_look look)
{
    return theme_slice_style(
        &row->theme, timeline_cell_slot(row->timeline, row->track, cell), look);
}

bool
timeline_is_cell_hit(const struct timeline *timeline, uint32_t track,
                     const struct row_cell *cell)
{
    return cell->has_hit
           || search_is_call_hit(&timeline->viewer->search, track,
                                 cell->function, cell->start_ns,
                                 cell->duration_ns);
}

/* The same, and what is searched for stands out. */
static struct screen_style
hit_style_of(const struct slice_row *row, const struct row_cell *cell,
             enum slice_look look)
{
    struct screen_style style = style_of(row, cell, look);

    return timeline_is_cell_hit(row->timeline, row->track, cell)
               ? theme_hit_style(&row->theme, style)
               : style;
}

static void
put(const struct slice_row *row, unsigned column, enum theme_glyph glyph,
    struct screen_style style)
{
    screen_put(row->screen, row->x + (int)column, row->y,
               theme_glyph(&row->theme, glyph), style);
}

static void
draw_label(const struct slice_row *row, const struct row_cell *cell,
           unsigned first, unsigned end, struct screen_style style)
{
    char text[LABEL_SIZE];

    if (end > first) {
        (void)label_fit(text, &row->theme,
                        timeline_function(row->timeline, cell->function),
                        end - first);
        (void)screen_text(row->screen, row->x + (int)first, row->y, end - first,
                          text, strlen(text), style);
    }
}

static void
draw_run(const struct slice_row *row, const struct run *run)
{
    unsigned start = run->first + run->cell->is_start;
    unsigned end = run->last + 1 - run->is_unfinished;
    struct screen_style label = hit_style_of(row, run->cell, LOOK_LABEL);
    struct screen_style body = end < start + LABEL_CELLS_MIN
                                   ? hit_style_of(row, run->cell, LOOK_BODY)
                                   : style_of(row, run->cell, LOOK_BODY);

    for (unsigned i = run->first; i <= run->last; i++) {
        put(row, i, GLYPH_BODY, body);
    }
    if (run->is_unfinished) {
        put(row, run->last, GLYPH_UNFINISHED, label);
    }
    if (run->cell->is_start) {
        put(row, run->first, GLYPH_EDGE,
            hit_style_of(row, run->cell, LOOK_EDGE));
    }
    draw_label(row, run->cell, start, end, label);
}

static void
draw_selected_run(const struct slice_row *row, const struct run *run)
{
    struct screen_style style = hit_style_of(row, run->cell, LOOK_SELECTED);

    for (unsigned i = run->first; i <= run->last; i++) {
        put(row, i, GLYPH_SELECTED_BODY, style);
    }
    put(row, run->last,
        run->is_unfinished ? GLYPH_UNFINISHED : GLYPH_SELECTED_CLOSE, style);
    put(row, run->first, GLYPH_SELECTED_OPEN, style);
    draw_label(row, run->cell, run->first + 1, run->last, style);
}

static bool
is_selected_run(const struct slice_row *row, const struct row_cell *cell)
{
    const struct view_state *state = &row->timeline->state;

    return row->has_cursor && state->has_slice
           && cell->start_ns == state->slice.start_ns;
}

bool
timeline_touches_selection(const struct timeline *timeline, unsigned column)
{
    const struct view_state *state = &timeline->state;
    struct time_grid grid = timeline_grid(timeline);
    int64_t start = time_limit(state->slice.start_ns);
    int64_t end = time_limit(state->slice.end_ns);
    int64_t column_start = time_grid_time(&grid, column);

    return state->has_slice && start < column_start + grid.column_ns
           && (end > column_start || start >= column_start);
}

/* Whether a column of the row is of the selected slice. */
static bool
is_selected(const struct slice_row *row, unsigned column)
{
    return row->has_cursor && timeline_touches_selection(row->timeline, column);
}

static void
draw_level(const struct slice_row *row, const struct row_cell *cell,
           unsigned column)
{
    enum slice_look look = is_selected(row, column)        ? LOOK_SELECTED_LEVEL
                           : cell->kind == ROW_CELL_MERGED ? LOOK_MERGED
                                                           : LOOK_SINGLE;

    screen_put(row->screen, row->x + (int)column, row->y,
               theme_level(&row->theme, cell->level),
               hit_style_of(row, cell, look));
}

/* Returns the column behind the run. */
static unsigned
draw_run_from(const struct slice_row *row, unsigned first)
{
    const struct row_cell *cells = row->timeline->row_cells;
    unsigned width = row->timeline->layout.track_width;
    struct run run = {.first = first, .last = first, .cell = &cells[first]};

    while (run.last + 1 < width
           && row_cells_join(&cells[run.last], &cells[run.last + 1])) {
        run.last++;
    }
    run.is_unfinished = cells[run.last].is_unfinished;
    if (is_selected_run(row, run.cell)) {
        draw_selected_run(row, &run);
    } else {
        draw_run(row, &run);
    }
    return run.last + 1;
}

void
timeline_draw_slices(const struct timeline *timeline,
                     const struct plan_row *plan_row, struct screen *screen,
                     int y)
{
    const struct view_state *state = &timeline->state;
    struct slice_row row = {
        .timeline = timeline,
        .theme = timeline->viewer->theme,
        .screen = screen,
        .track = timeline->list.items[plan_row->item].index,
        .x = (int)timeline->layout.gutter,
        .y = y,
        .has_cursor = plan_row->item == state->item
                      && plan_row->kind != ROW_DEEPER
                      && plan_row->depth == state->depth,
    };

    if (timeline->viewer->look.colour_mode == COLOUR_BY_NOTHING) {
        row.theme.colour_count = 0;
    }
    for (unsigned i = 0; i < timeline->layout.track_width;) {
        const struct row_cell *cell = &timeline->row_cells[i];

        switch (cell->kind) {
        case ROW_CELL_EMPTY:
            i++;
            break;
        case ROW_CELL_LOST:
            put(&row, i++, GLYPH_LOST, theme_style(&row.theme, PART_LOST));
            break;
        case ROW_CELL_RUN:
            i = draw_run_from(&row, i);
            break;
        case ROW_CELL_SINGLE:
        case ROW_CELL_MERGED:
            draw_level(&row, cell, i);
            i++;
            break;
        }
    }
}
