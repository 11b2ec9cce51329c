// SPDX-License-Identifier: Apache-2.0
/* The arrows of the selected call, where nothing else is. */
#include "tui/timeline_flow.h"

#include <stdlib.h>

#include "model/flow_query.h"
#include "tui/screen.h"
#include "tui/timeline.h"
#include "tui/viewer.h"

/* An end of an arrow on the screen. */
struct flow_cell {
    int line;       /* of the tracks; beyond the edge when it is above or below
                       what is shown */
    int64_t column; /* likewise */
    bool is_line_shown;
    bool is_column_shown;
};

/* The line of a row; -1 or the height when it is scrolled away. */
static int
line_of(const struct timeline *timeline, size_t row, bool *is_shown)
{
    unsigned height = timeline->layout.track_height;
    unsigned sticky = row_plan_sticky(&timeline->plan, height);
    int line = timeline_line_of_row(timeline, row);

    *is_shown = line >= 0;
    if (*is_shown) {
        return line;
    }
    return row < timeline_top_row(timeline) + sticky ? (int)sticky - 1
                                                     : (int)height;
}

static bool
find_cell(const struct timeline *timeline, const struct flow_place *place,
          struct flow_cell *cell)
{
    struct time_grid grid = timeline_grid(timeline);
    size_t item = timeline_item_of_track(timeline, place->track);

    if (item == SIZE_MAX) {
        return false;
    }
    cell->line = line_of(timeline,
                         row_plan_find(&timeline->plan, item,
                                       place->has_call ? place->depth : 0),
                         &cell->is_line_shown);
    if (row_plan_height(&timeline->plan, item) == 0) {
        cell->is_line_shown = false; /* it is where it would be */
    }
    cell->column = time_grid_column(&grid, time_limit(place->time_ns));
    cell->is_column_shown =
        cell->column >= 0
        && cell->column < (int64_t)timeline->layout.track_width;
    return true;
}

static bool
is_blank(const struct screen *screen, int x, int y)
{
    const struct screen_cell *cell =
        screen_at(screen, (unsigned)x, (unsigned)y);

    return cell->width == 1 && cell->character[0] == ' '
           && cell->character[1] == 0
           && cell->style.background == SCREEN_DEFAULT_COLOUR;
}

static bool
put_blank(const struct timeline *timeline, struct screen *screen, int x,
          int line, enum theme_glyph glyph)
{
    const struct theme *theme = &timeline->viewer->theme;
    int y = timeline->layout.tracks_row + line;
    uint32_t flow = theme_glyph(theme, GLYPH_FLOW);

    if (!is_blank(screen, x, y)
        && screen_at(screen, (unsigned)x, (unsigned)y)->character[0] != flow) {
        return false;
    }
    screen_put(screen, x, y, theme_glyph(theme, glyph),
               theme_style(theme, PART_FLOW));
    return true;
}

/* From row to row, without those that it leads from and to; at its end it says
 * where it leads. Whether any of it can be seen. */
static bool
draw_line(const struct timeline *timeline, struct screen *screen,
          int64_t column, const struct flow_cell *from,
          const struct flow_cell *to)
{
    int x = (int)(timeline->layout.gutter + column);
    int step = from->line < to->line ? 1 : -1;
    bool is_seen = false;

    if (from->line == to->line) {
        return true;
    }
    for (int line = from->line + step; line != to->line; line += step) {
        bool is_last = line + step == to->line && to->is_line_shown;

        is_seen |= put_blank(timeline, screen, x, line,
                             !is_last   ? GLYPH_FLOW
                             : step > 0 ? GLYPH_DOWN
                                        : GLYPH_UP);
    }
    return is_seen;
}

static void
mark_end(const struct timeline *timeline, struct screen *screen,
         const struct flow_cell *cell)
{
    int x = (int)(timeline->layout.gutter + cell->column);
    int y = timeline->layout.tracks_row + cell->line;

    if (cell->is_line_shown && cell->is_column_shown) {
        screen_restyle(screen, x, y, 1,
                       theme_hit_style(
                           &timeline->viewer->theme,
                           screen_at(screen, (unsigned)x, (unsigned)y)->style));
    }
}

/* Returns how many cells that took to look at. */
static size_t
draw_arrow(const struct timeline *timeline, struct screen *screen,
           const struct flow_arrow *arrow)
{
    struct flow_cell from;
    struct flow_cell to;

    if (!find_cell(timeline, &arrow->from, &from)
        || !find_cell(timeline, &arrow->to, &to)) {
        return 1;
    }
    mark_end(timeline, screen, &from);
    mark_end(timeline, screen, &to);
    /* Where it ends, unless other things hide all of it there. */
    if (!(to.is_column_shown
          && draw_line(timeline, screen, to.column, &from, &to))
        && from.is_column_shown) {
        (void)draw_line(timeline, screen, from.column, &from, &to);
    }
    return 1 + (size_t)abs(to.line - from.line);
}

/* From the left edge on, then those before it, until that was as much work as
 * the cells of the screen are. */
static void
draw_list(const struct timeline *timeline, struct screen *screen,
          enum flow_way way)
{
    struct flow_list list =
        flow_list_of_call(timeline->model, &timeline->state.slice, way);
    struct time_grid grid = timeline_grid(timeline);
    size_t cells =
        (size_t)timeline->layout.track_width * timeline->layout.track_height;
    size_t first = flow_list_find(
        &list, grid.origin_ns > 0 ? (uint64_t)grid.origin_ns : 0);
    size_t work = 0;

    for (size_t i = 0; i < list.count && work < cells; i++) {
        struct flow_arrow arrow =
            flow_list_arrow(&list, (first + i) % list.count);

        work += draw_arrow(timeline, screen, &arrow);
    }
}

void
timeline_draw_flows(const struct timeline *timeline, struct screen *screen)
{
    const struct view_state *state = &timeline->state;

    if (state->has_slice
        && timeline->list.items[state->item].kind == ITEM_TRACK) {
        draw_list(timeline, screen, FLOW_WAY_BACK);
        draw_list(timeline, screen, FLOW_WAY_FORWARD);
    }
}
