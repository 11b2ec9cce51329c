// SPDX-License-Identifier: Apache-2.0
#include "tui/timeline_mouse.h"

#include "model/trace_model.h"
#include "tui/details.h"
#include "tui/key.h"
#include "tui/menu.h"
#include "tui/screen.h"
#include "tui/timeline.h"
#include "tui/timeline_cursor.h"
#include "tui/timeline_parts.h"
#include "tui/timeline_points.h"
#include "tui/timeline_tracks.h"
#include "tui/timeline_window.h"
#include "tui/viewer.h"

#define DOUBLE_CLICK_NS UINT64_C(400000000)

enum {
    WHEEL_ZOOM_STEPS = 1,
    WHEEL_ROWS = 3,
    WHEEL_PAN_PART = 10, /* of the width */
};

enum place {
    PLACE_NONE,
    PLACE_OVERVIEW,
    PLACE_RULER,
    PLACE_NAMES,
    PLACE_CELLS,
    PLACE_DETAILS,
};

static enum place
place_at(const struct timeline *timeline, unsigned x, unsigned y)
{
    const struct layout *layout = &timeline->layout;
    int line = (int)y - layout->tracks_row;
    size_t row;

    if ((int)y == layout->overview_row || (int)y == layout->ruler_row) {
        return x < layout->gutter            ? PLACE_NONE
               : (int)y == layout->ruler_row ? PLACE_RULER
                                             : PLACE_OVERVIEW;
    }
    if (layout->details_row != LAYOUT_NONE && (int)y >= layout->details_row
        && (int)y < layout->details_row + (int)layout->details_height) {
        return PLACE_DETAILS;
    }
    if (line < 0 || line >= (int)layout->track_height) {
        return PLACE_NONE;
    }
    row = timeline_row_of_line(timeline, (unsigned)line);
    if (row >= row_plan_count(&timeline->plan)) {
        return PLACE_NONE;
    }
    return x < layout->gutter
                   || row_plan_at(&timeline->plan, row).kind == ROW_PROCESS
               ? PLACE_NAMES
               : PLACE_CELLS;
}

/* The row at y; the first or the last one when it is beyond. */
static size_t
row_at(const struct timeline *timeline, unsigned y)
{
    const struct layout *layout = &timeline->layout;
    int line = (int)y - layout->tracks_row;
    size_t last = row_plan_count(&timeline->plan) - 1;
    size_t row;

    if (line < 0) {
        line = 0;
    } else if (line >= (int)layout->track_height) {
        line = (int)layout->track_height - 1;
    }
    row = timeline_row_of_line(timeline, (unsigned)line);
    return row > last ? last : row;
}

/* The column at x, cut to those there are. */
static int64_t
column_at(const struct timeline *timeline, unsigned x)
{
    unsigned gutter = timeline->layout.gutter;
    int64_t column = x < gutter ? 0 : (int64_t)(x - gutter);

    return column < timeline->layout.track_width
               ? column
               : timeline->layout.track_width - 1;
}

static struct time_grid
whole_axis(const struct timeline *timeline)
{
    return time_grid_fit(0, timeline_end_ns(timeline),
                         timeline->layout.track_width);
}

/* An instant of the row that lies in the column, if there is one. */
static void
go_to_instant(struct timeline *timeline, int64_t column)
{
    struct time_grid grid = timeline_grid(timeline);
    int64_t start_ns = time_grid_time(&grid, column);
    int64_t end_ns = start_ns + grid.column_ns;
    size_t at = timeline_instant_beside(
        timeline, timeline->state.item,
        trace_model_instant_find(timeline->model,
                                 start_ns < 0 ? 0 : (uint64_t)start_ns),
        1);
    int64_t time_ns;

    if (at == SIZE_MAX) {
        return;
    }
    time_ns = time_limit(trace_model_instant(timeline->model, at).time_ns);
    if (time_ns < end_ns) {
        timeline->state.time_ns = time_ns;
    }
}

static int64_t
limit_to_trace(const struct timeline *timeline, int64_t time_ns)
{
    int64_t end_ns = timeline_end_ns(timeline);

    return time_ns < 0 ? 0 : time_ns > end_ns ? end_ns : time_ns;
}

/* Go to what a cell shows. */
static bool
click_cell(struct timeline *timeline, size_t row, int64_t column,
           struct error *err)
{
    struct view_state *state = &timeline->state;
    struct time_grid grid = timeline_grid(timeline);
    struct plan_row what = row_plan_at(&timeline->plan, row);

    state->item = what.item;
    state->depth = what.kind == ROW_FOLDED ? 0 : what.depth;
    state->time_ns = limit_to_trace(timeline, time_grid_time(&grid, column));
    if (what.kind == ROW_INSTANTS) {
        go_to_instant(timeline, column);
    }
    if (!timeline_select_here(timeline, err)) {
        return false;
    }
    if (timeline->list.items[what.item].kind != ITEM_TRACK) {
        return true;
    }
    if (!timeline_select_column(timeline, column, err)) {
        return false;
    }
    if (!state->has_slice && what.kind == ROW_DEPTH && what.levels > 1) {
        state->depth++; /* the lower half of the row */
        return timeline_select_here(timeline, err)
               && timeline_select_column(timeline, column, err);
    }
    return true;
}

/* A click on the mark in front of a name folds; on the name it goes there. */
static bool
click_name(struct timeline *timeline, size_t row, unsigned x, struct error *err)
{
    struct plan_row what = row_plan_at(&timeline->plan, row);
    bool has_mark = what.kind != ROW_INSTANTS && what.kind != ROW_COUNTER;

    if (!timeline_go_to_row(timeline, row, err)) {
        return false;
    }
    if (has_mark && what.index == 0
        && (int)x <= timeline_fold_column(timeline, what.item)) {
        timeline->flags[what.item] ^= ITEM_FOLDED;
    }
    return true;
}

/* Whether a column is the first (0) or last (1) of the area; -1 = neither. */
static int
edge_at(const struct timeline *timeline, int64_t column)
{
    const struct view_area *area = &timeline->state.area;
    struct time_grid grid = timeline_grid(timeline);

    if (!area->is_set) {
        return -1;
    }
    if (column == time_grid_column(&grid, timeline_area_end(area) - 1)) {
        return 1;
    }
    return column == time_grid_column(&grid, timeline_area_start(area)) ? 0
                                                                        : -1;
}

/* The edge that is taken becomes the second time. */
static void
take_edge(struct timeline *timeline, int edge)
{
    struct view_area *area = &timeline->state.area;
    int64_t start_ns = timeline_area_start(area);
    int64_t last_ns = timeline_area_end(area) - 1;

    area->is_open = false;
    area->times_ns[0] = edge == 0 ? last_ns : start_ns;
    area->times_ns[1] = edge == 0 ? start_ns : last_ns;
    timeline->drag.kind = DRAG_AREA_EDGE;
}

static bool
is_double_click(const struct timeline *timeline,
                const struct timeline_drag *before)
{
    uint64_t now_ns = timeline->viewer->now_ns;

    return before->click_ns != 0 && now_ns - before->click_ns <= DOUBLE_CLICK_NS
           && before->start_x == timeline->drag.start_x
           && before->start_y == timeline->drag.start_y;
}

static bool
press_cell(struct timeline *timeline, const struct timeline_drag *before,
           struct error *err)
{
    struct timeline_drag *drag = &timeline->drag;
    size_t row = row_at(timeline, drag->start_y);
    int64_t column = column_at(timeline, drag->start_x);
    int edge = edge_at(timeline, column);

    if (is_double_click(timeline, before)) {
        timeline_fit_selection(timeline);
        return true;
    }
    drag->item = row_plan_at(&timeline->plan, row).item;
    if (edge >= 0 && timeline_area_has_item(timeline, drag->item)) {
        take_edge(timeline, edge);
        return true;
    }
    drag->kind = DRAG_AREA;
    drag->click_ns = timeline->viewer->now_ns;
    return click_cell(timeline, row, column, err);
}

/* Inside of the window the overview's window is dragged. */
static void
press_overview(struct timeline *timeline)
{
    struct timeline_drag *drag = &timeline->drag;
    int64_t column = column_at(timeline, drag->start_x);
    int64_t last_ns =
        time_grid_time(&drag->window, timeline->layout.track_width) - 1;

    drag->axis = whole_axis(timeline);
    drag->kind = !timeline->state.is_fit
                         && column >= time_grid_column(&drag->axis,
                                                       drag->window.origin_ns)
                         && column <= time_grid_column(&drag->axis, last_ns)
                     ? DRAG_WINDOW
                     : DRAG_RANGE;
}

static bool
press_left(struct timeline *timeline, enum place place,
           const struct timeline_drag *before, struct error *err)
{
    struct timeline_drag *drag = &timeline->drag;
    int edge;

    switch (place) {
    case PLACE_NONE:
        return true;
    case PLACE_DETAILS:
        return details_press(timeline, drag->start_x, drag->start_y, err);
    case PLACE_NAMES:
        return click_name(timeline, row_at(timeline, drag->start_y),
                          drag->start_x, err);
    case PLACE_CELLS:
        return press_cell(timeline, before, err);
    case PLACE_OVERVIEW:
        press_overview(timeline);
        return true;
    case PLACE_RULER:
        edge = edge_at(timeline, column_at(timeline, drag->start_x));
        drag->kind = DRAG_RANGE;
        if (edge >= 0) {
            take_edge(timeline, edge);
        }
        return true;
    }
    return true;
}

static bool
press(struct timeline *timeline, const struct mouse_event *event,
      struct error *err)
{
    struct timeline_drag before = timeline->drag;
    struct time_grid grid = timeline_grid(timeline);
    enum place place = place_at(timeline, event->x, event->y);

    timeline->drag = (struct timeline_drag){
        .button = event->button,
        .start_x = event->x,
        .start_y = event->y,
        .x = event->x,
        .y = event->y,
        .axis = grid,
        .window = grid,
    };
    if (event->button == MOUSE_BUTTON_LEFT) {
        return press_left(timeline, place, &before, err);
    }
    if (place != PLACE_NONE && place != PLACE_DETAILS) {
        timeline->drag.kind = DRAG_PAN;
    }
    return true;
}

/* The first nanosecond of the first column, and the last one of the last, as
 * the times of an area; what began on the right goes left. */
static void
set_times(int64_t times_ns[2], const struct time_grid *grid, int64_t from,
          int64_t to)
{
    times_ns[0] =
        time_grid_time(grid, to < from ? from + 1 : from) - (to < from ? 1 : 0);
    times_ns[1] =
        time_grid_time(grid, to < from ? to : to + 1) - (to < from ? 0 : 1);
}

static void
drag_area(struct timeline *timeline)
{
    const struct timeline_drag *drag = &timeline->drag;
    size_t row = row_at(timeline, drag->y);
    struct view_area area = {
        .is_set = true,
        .items = {drag->item, row_plan_at(&timeline->plan, row).item},
    };

    set_times(area.times_ns, &drag->axis, column_at(timeline, drag->start_x),
              column_at(timeline, drag->x));
    timeline->state.area = area;
}

static void
drag_edge(struct timeline *timeline)
{
    struct view_area *area = &timeline->state.area;
    struct time_grid grid = timeline_grid(timeline);
    int64_t column = column_at(timeline, timeline->drag.x);
    int64_t start_ns = time_grid_time(&grid, column);

    area->times_ns[1] =
        start_ns < area->times_ns[0] ? start_ns : start_ns + grid.column_ns - 1;
}

/* The overview's columns are wider than those of the window. */
static void
drag_window(struct timeline *timeline)
{
    const struct timeline_drag *drag = &timeline->drag;
    struct time_grid grid = drag->window;
    int64_t columns =
        column_at(timeline, drag->x) - column_at(timeline, drag->start_x);

    grid.origin_ns +=
        columns * drag->axis.column_ns / grid.column_ns * grid.column_ns;
    timeline_show(timeline, grid);
}

static bool
drag_pan(struct timeline *timeline, unsigned last_y, struct error *err)
{
    const struct timeline_drag *drag = &timeline->drag;
    struct time_grid grid = drag->window;
    int64_t columns = (int64_t)drag->x - (int64_t)drag->start_x;

    grid.origin_ns -= columns * grid.column_ns;
    if (!timeline->state.is_fit || columns != 0) {
        timeline_show(timeline, grid);
    }
    return timeline_scroll(timeline, (int64_t)last_y - (int64_t)drag->y, err);
}

static bool
move(struct timeline *timeline, const struct mouse_event *event,
     struct error *err)
{
    struct timeline_drag *drag = &timeline->drag;
    unsigned last_y = drag->y;

    drag->x = event->x;
    drag->y = event->y;
    if (drag->x != drag->start_x || drag->y != drag->start_y) {
        drag->has_moved = true;
        drag->click_ns = 0;
    }
    if (!drag->has_moved) {
        return true;
    }
    switch (drag->kind) {
    case DRAG_AREA:
        drag_area(timeline);
        return true;
    case DRAG_AREA_EDGE:
        drag_edge(timeline);
        return true;
    case DRAG_WINDOW:
        drag_window(timeline);
        return true;
    case DRAG_PAN:
        return drag_pan(timeline, last_y, err);
    case DRAG_NONE:
    case DRAG_RANGE:
        break;
    }
    return true;
}

/* Show what was dragged over; a click goes there. */
static bool
finish_range(struct timeline *timeline, struct error *err)
{
    const struct timeline_drag *drag = &timeline->drag;
    unsigned width = timeline->layout.track_width;
    int64_t times_ns[2];
    struct time_grid grid;

    set_times(times_ns, &drag->axis, column_at(timeline, drag->start_x),
              column_at(timeline, drag->x));
    if (drag->has_moved) {
        bool is_back = times_ns[1] < times_ns[0];

        timeline_show(timeline,
                      time_grid_fit(times_ns[is_back ? 1 : 0],
                                    times_ns[is_back ? 0 : 1], width));
        return true;
    }
    if ((int)drag->start_y == timeline->layout.overview_row) {
        grid = timeline_grid(timeline);
        timeline_show(timeline,
                      time_grid_anchor(grid.column_ns, times_ns[0], width / 2));
        return true;
    }
    timeline->state.time_ns = limit_to_trace(timeline, times_ns[0]);
    return timeline_select_here(timeline, err);
}

struct menu_entry {
    enum action_id action;
    bool needs_area;
    const char *text; /* NULL = that of the help */
};

static const struct menu_entry slice_entries[] = {
    {ACTION_FOCUS, false, NULL},     {ACTION_DETAILS, false, NULL},
    {ACTION_SLOWER, false, NULL},    {ACTION_FASTER, false, NULL},
    {ACTION_NEXT_SAME, false, NULL}, {ACTION_AREA_SLICE, false, NULL},
    {ACTION_EDIT, false, NULL},      {ACTION_SCOPE, true, NULL},
    {ACTION_COMPARE, true, NULL},    {ACTION_CANCEL, true, "give up the area"},
    {ACTION_COUNT, false, NULL},
};

static const struct menu_entry track_entries[] = {
    {ACTION_FOLD, false, NULL},        {ACTION_PIN, false, NULL},
    {ACTION_PINNED_ONLY, false, NULL}, {ACTION_HIDE, false, NULL},
    {ACTION_HIDDEN, false, NULL},      {ACTION_FOLD_ALL, false, NULL},
    {ACTION_UNFOLD_ALL, false, NULL},  {ACTION_HALF_HEIGHT, false, NULL},
    {ACTION_TRACK_DOWN, false, NULL},  {ACTION_TRACK_UP, false, NULL},
    {ACTION_COUNT, false, NULL},
};

static const struct menu_entry time_entries[] = {
    {ACTION_FIT, false, NULL},   {ACTION_START, false, NULL},
    {ACTION_END, false, NULL},   {ACTION_TIME_DISPLAY, false, NULL},
    {ACTION_SCOPE, true, NULL},  {ACTION_CANCEL, true, "give up the area"},
    {ACTION_COUNT, false, NULL},
};

static bool
open_menu(struct timeline *timeline, const char *title,
          const struct menu_entry *entries, struct error *err)
{
    struct menu_options options = {
        .title = title,
        .has_place = true,
        .x = timeline->drag.x,
        .y = timeline->drag.y,
    };
    struct menu *menu;

    if (!menu_new(&menu, timeline->viewer, &options, err)) {
        return false;
    }
    for (; entries->action != ACTION_COUNT; entries++) {
        if ((!entries->needs_area || timeline->state.area.is_set)
            && !menu_add_action(menu, entries->action, entries->text, err)) {
            menu_free(menu);
            return false;
        }
    }
    menu_open(menu);
    return true;
}

/* Commands for what is under the pointer, which becomes the cursor's place. */
static bool
open_context_menu(struct timeline *timeline, struct error *err)
{
    const struct timeline_drag *drag = &timeline->drag;
    size_t row = row_at(timeline, drag->y);

    switch (place_at(timeline, drag->x, drag->y)) {
    case PLACE_CELLS:
        return click_cell(timeline, row, column_at(timeline, drag->x), err)
               && open_menu(timeline, "This call", slice_entries, err);
    case PLACE_NAMES:
        return timeline_go_to_row(timeline, row, err)
               && open_menu(timeline, "This track", track_entries, err);
    case PLACE_OVERVIEW:
    case PLACE_RULER:
        return open_menu(timeline, "Time", time_entries, err);
    case PLACE_NONE:
    case PLACE_DETAILS:
        break;
    }
    return true;
}

static bool
release(struct timeline *timeline, const struct mouse_event *event,
        struct error *err)
{
    struct timeline_drag *drag = &timeline->drag;
    bool is_ok = move(timeline, event, err);

    if (is_ok && drag->kind == DRAG_RANGE) {
        is_ok = finish_range(timeline, err);
    } else if (is_ok && drag->kind == DRAG_PAN && !drag->has_moved
               && drag->button == MOUSE_BUTTON_RIGHT) {
        is_ok = open_context_menu(timeline, err);
    }
    drag->kind = DRAG_NONE;
    return is_ok;
}

static void
wheel_pan(struct timeline *timeline, int direction)
{
    int64_t columns = timeline->layout.track_width / WHEEL_PAN_PART;

    timeline_pan(timeline, direction * (columns < 1 ? 1 : columns));
}

/* direction is -1 for up and left. */
static bool
wheel(struct timeline *timeline, const struct mouse_event *event,
      bool is_across, int direction, struct error *err)
{
    if (is_across || (event->modifiers & KEY_SHIFT) != 0) {
        wheel_pan(timeline, direction);
        return true;
    }
    switch (place_at(timeline, event->x, event->y)) {
    case PLACE_NAMES:
        return timeline_scroll(timeline, direction * WHEEL_ROWS, err);
    case PLACE_CELLS:
    case PLACE_RULER:
        timeline_zoom_at(timeline, direction * WHEEL_ZOOM_STEPS,
                         column_at(timeline, event->x));
        return true;
    case PLACE_OVERVIEW:
        timeline_zoom(timeline, direction * WHEEL_ZOOM_STEPS);
        return true;
    case PLACE_NONE:
    case PLACE_DETAILS:
        break;
    }
    return true;
}

static bool
handle(struct timeline *timeline, const struct mouse_event *event,
       struct error *err)
{
    switch (event->kind) {
    case MOUSE_PRESS:
        return press(timeline, event, err);
    case MOUSE_DRAG:
        return move(timeline, event, err);
    case MOUSE_RELEASE:
        return release(timeline, event, err);
    case MOUSE_WHEEL_UP:
        return wheel(timeline, event, false, -1, err);
    case MOUSE_WHEEL_DOWN:
        return wheel(timeline, event, false, 1, err);
    case MOUSE_WHEEL_LEFT:
        return wheel(timeline, event, true, -1, err);
    case MOUSE_WHEEL_RIGHT:
        return wheel(timeline, event, true, 1, err);
    }
    return true;
}

bool
timeline_mouse(struct timeline *timeline, const struct mouse_event *event,
               struct error *err)
{
    if (timeline->layout.is_too_small || timeline->list.count == 0) {
        return true;
    }
    timeline_begin_change(timeline);
    timeline->state.focus_stage = 0;
    details_stay(timeline);
    return handle(timeline, event, err) && timeline_end_change(timeline, err);
}

void
timeline_draw_drag(const struct timeline *timeline, struct screen *screen)
{
    const struct timeline_drag *drag = &timeline->drag;
    int64_t from = column_at(timeline, drag->start_x);
    int64_t to = column_at(timeline, drag->x);
    int64_t first = from < to ? from : to;

    if (drag->kind == DRAG_RANGE && drag->has_moved) {
        screen_restyle(screen, (int)(timeline->layout.gutter + first),
                       (int)drag->start_y,
                       (unsigned)((from < to ? to : from) - first) + 1,
                       theme_style(&timeline->viewer->theme, PART_AREA));
    }
}
