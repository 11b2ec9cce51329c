// SPDX-License-Identifier: Apache-2.0
/* A row at half height: two levels of a track, by colours alone. */
#include "tui/timeline_parts.h"

#include "tui/screen.h"
#include "tui/timeline.h"
#include "tui/viewer.h"

/* A level of a row while it is drawn. */
struct half_row {
    const struct timeline *timeline;
    const struct row_cell *cells; /* NULL = there is no such level */
    uint32_t track;
    bool has_cursor;
};

static struct theme_half
half_at(const struct half_row *row, unsigned column)
{
    struct theme_half half = {.look = HALF_EMPTY};
    const struct row_cell *cell;

    if (row->cells == NULL) {
        return half;
    }
    cell = &row->cells[column];
    switch (cell->kind) {
    case ROW_CELL_EMPTY:
    case ROW_CELL_LOST:
        return half;
    case ROW_CELL_RUN:
        half.look = HALF_FULL;
        break;
    case ROW_CELL_SINGLE:
    case ROW_CELL_MERGED:
        half.look = cell->level * 2 >= THEME_LEVELS ? HALF_FULL : HALF_SPARSE;
        break;
    }
    if (row->has_cursor && timeline_touches_selection(row->timeline, column)) {
        half.look = HALF_SELECTED;
    }
    half.slot = timeline_cell_slot(row->timeline, row->track, cell);
    return half;
}

static bool
is_hit(const struct half_row *row, unsigned column)
{
    return row->cells != NULL && row->cells[column].kind != ROW_CELL_EMPTY
           && row->cells[column].kind != ROW_CELL_LOST
           && timeline_is_cell_hit(row->timeline, row->track,
                                   &row->cells[column]);
}

static void
draw_column(const struct half_row *upper, const struct half_row *lower,
            unsigned column, struct screen *screen, int y)
{
    const struct theme *theme = &upper->timeline->viewer->theme;
    int x = (int)(upper->timeline->layout.gutter + column);
    struct theme_half above = half_at(upper, column);
    struct theme_half below = half_at(lower, column);
    struct screen_style style;
    uint32_t character;

    if (above.look == HALF_EMPTY && below.look == HALF_EMPTY) {
        if (upper->cells[column].kind == ROW_CELL_LOST) {
            screen_put(screen, x, y, theme_glyph(theme, GLYPH_LOST),
                       theme_style(theme, PART_LOST));
        }
        return;
    }
    character = theme_halves(theme, above, below, &style);
    if (is_hit(upper, column) || is_hit(lower, column)) {
        style = theme_hit_style(theme, style);
    }
    screen_put(screen, x, y, character, style);
}

void
timeline_draw_halves(const struct timeline *timeline,
                     const struct plan_row *plan_row, struct screen *screen,
                     int y)
{
    const struct view_state *state = &timeline->state;
    struct row_cell *cells = timeline->row_cells;
    struct half_row upper = {
        .timeline = timeline,
        .cells = cells,
        .track = timeline->list.items[plan_row->item].index,
        .has_cursor =
            plan_row->item == state->item && plan_row->depth == state->depth,
    };
    struct half_row lower = upper;

    lower.cells =
        plan_row->levels > 1 ? cells + timeline_stride(timeline) : NULL;
    lower.has_cursor =
        plan_row->item == state->item && plan_row->depth + 1 == state->depth;
    for (unsigned i = 0; i < timeline->layout.track_width; i++) {
        draw_column(&upper, &lower, i, screen, y);
        if (cells[i].kind == ROW_CELL_EMPTY && lower.cells != NULL) {
            cells[i].kind = lower.cells[i].kind;
        }
    }
}
