// SPDX-License-Identifier: Apache-2.0
#include "tui/timeline_points.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "model/counter_mean.h"
#include "model/trace_model.h"
#include "tui/instant_lane.h"
#include "tui/label.h"
#include "tui/screen.h"
#include "tui/timeline.h"
#include "tui/timeline_window.h"
#include "tui/viewer.h"

enum { COUNTER_FLAT_LEVEL = 4 }; /* of a counter that never changes */

static struct instant_list
instants_of(const struct timeline *timeline, size_t item)
{
    const struct track_item *row = &timeline->list.items[item];

    return instant_lane_list(timeline->model, row->process,
                             (enum instant_lane)row->index);
}

/* How many instants of a list are left of a column. */
static size_t
count_before(const struct instant_list *list, const struct time_grid *grid,
             int64_t column)
{
    int64_t time_ns = time_grid_time(grid, column);

    return time_ns < 0 ? 0 : instant_list_before(list, (uint64_t)time_ns);
}

/* Instants per column, in row_cells: level is how many, start_ns the index of
 * the first. */
static void
count_instants(struct timeline *timeline, size_t item)
{
    struct time_grid grid = timeline_grid(timeline);
    struct instant_list list = instants_of(timeline, item);
    unsigned width = timeline->layout.track_width;
    size_t first = count_before(&list, &grid, 0);

    memset(timeline->row_cells, 0, width * sizeof *timeline->row_cells);
    for (unsigned column = 0; column < width && first < list.count; column++) {
        size_t end = count_before(&list, &grid, (int64_t)column + 1);

        if (end > first) {
            timeline->row_cells[column].start_ns = list.items[first];
            timeline->row_cells[column].level = (unsigned)(end - first);
        }
        first = end;
    }
}

static enum theme_glyph
scope_glyph(enum vzt_scope scope)
{
    switch (scope) {
    case VZT_SCOPE_PROCESS:
        return GLYPH_INSTANT_PROCESS;
    case VZT_SCOPE_GLOBAL:
        return GLYPH_INSTANT_GLOBAL;
    case VZT_SCOPE_THREAD:
        break;
    }
    return GLYPH_INSTANT;
}

static enum theme_glyph
phase_glyph(enum vzt_object_phase phase)
{
    switch (phase) {
    case VZT_OBJECT_CREATED:
        return GLYPH_OBJECT_CREATED;
    case VZT_OBJECT_DELETED:
        return GLYPH_OBJECT_DELETED;
    case VZT_OBJECT_SNAPSHOT:
        break;
    }
    return GLYPH_OBJECT_SNAPSHOT;
}

const char *
timeline_scope_name(enum vzt_scope scope)
{
    switch (scope) {
    case VZT_SCOPE_PROCESS:
        return "of its process";
    case VZT_SCOPE_GLOBAL:
        return "of everything";
    case VZT_SCOPE_THREAD:
        break;
    }
    return "of its thread";
}

const char *
timeline_phase_name(enum vzt_object_phase phase)
{
    switch (phase) {
    case VZT_OBJECT_CREATED:
        return "created";
    case VZT_OBJECT_SNAPSHOT:
        return "snapshot";
    case VZT_OBJECT_DELETED:
        return "deleted";
    }
    return "";
}

const char *
timeline_instant_title(const struct model_instant *instant, char *text,
                       size_t size)
{
    (void)snprintf(text, size, "%.*s%s%s",
                   instant->name_size < size ? (int)instant->name_size
                                             : (int)size - 1,
                   instant->name, instant->phase != 0 ? " " : "",
                   timeline_phase_name(instant->phase));
    return text;
}

static uint32_t
instant_glyph(const struct theme *theme, const struct model_instant *instant,
              unsigned count)
{
    if (count > 1) {
        return count < 10 ? '0' + count
                          : theme_glyph(theme, GLYPH_INSTANTS_MANY);
    }
    if (instant->lane == LANE_LOG) {
        return theme_glyph(theme, GLYPH_TEXT);
    }
    return theme_glyph(theme, instant->phase != 0
                                  ? phase_glyph(instant->phase)
                                  : scope_glyph(instant->scope));
}

/* Whether instants of several threads stand in the row of a process. */
static bool
has_mixed_threads(const struct timeline *timeline, uint32_t process)
{
    const struct model_process *of =
        trace_model_process(timeline->model, process);
    size_t count = 0;

    for (size_t i = 0; i < of->track_count && count < 2; i++) {
        count += trace_model_track(timeline->model, of->first_track + i)
                     ->instant_count
                 > 0;
    }
    return count > 1;
}

/* Its name; one of a thread says of which when others have instants, too. */
static void
write_instant(const struct timeline *timeline,
              const struct model_instant *instant, char text[LABEL_SIZE])
{
    const struct model_track *track =
        trace_model_track(timeline->model, instant->track);
    bool has_thread = instant->scope == VZT_SCOPE_THREAD
                      && has_mixed_threads(timeline, track->process);

    size_t size;

    if (instant->lane == LANE_LOG) {
        (void)instant_lane_text(instant, text, LABEL_SIZE);
        return;
    }
    size = strlen(timeline_instant_title(instant, text, LABEL_SIZE));

    if (has_thread) {
        (void)snprintf(text + size, LABEL_SIZE - size, " @%.100s", track->name);
    }
}

/* What is searched for stands out; of several instants in a cell, the first
 * one says. */
static struct screen_style
hit_style(const struct timeline *timeline, const struct row_cell *cell,
          enum theme_part part)
{
    const struct theme *theme = &timeline->viewer->theme;
    struct screen_style style = theme_style(theme, part);

    return search_is_instant_hit(timeline->viewer, cell->start_ns)
               ? theme_hit_style(theme, style)
               : style;
}

/* A name stands behind its mark, up to the next one. */
static void
draw_instant(const struct timeline *timeline, unsigned column,
             struct screen *screen, int y)
{
    const struct row_cell *cell = &timeline->row_cells[column];
    struct model_instant instant =
        trace_model_instant(timeline->model, cell->start_ns);
    struct screen_style style = hit_style(timeline, cell, PART_INSTANT);
    int x = (int)(timeline->layout.gutter + column);
    char label[LABEL_SIZE];
    char name[LABEL_SIZE];
    /* A letter or a count for a mark is not to look like one of the name. */
    unsigned gap = cell->level > 1
                   || (timeline->viewer->theme.is_ascii
                       && (instant.scope != VZT_SCOPE_THREAD
                           || instant.phase != 0 || instant.lane == LANE_LOG));
    unsigned room = 0;
    unsigned gaps;

    while (column + 1 + room < timeline->layout.track_width
           && timeline->row_cells[column + 1 + room].level == 0) {
        room++;
    }
    screen_put(screen, x, y,
               instant_glyph(&timeline->viewer->theme, &instant, cell->level),
               style);
    write_instant(timeline, &instant, name);
    gaps = gap;
    if (column + 1 + room < timeline->layout.track_width) {
        gaps += gap; /* in front of the next one, too */
    }
    room -= gaps < room ? gaps : room;
    (void)label_cut(label, &timeline->viewer->theme, name, room);
    (void)screen_text(screen, x + 1 + (int)gap, y, room, label, strlen(label),
                      hit_style(timeline, cell, PART_TEXT));
}

void
timeline_draw_instants(struct timeline *timeline, size_t item,
                       struct screen *screen, int y)
{
    count_instants(timeline, item);
    for (unsigned i = 0; i < timeline->layout.track_width; i++) {
        if (timeline->row_cells[i].level > 0) {
            draw_instant(timeline, i, screen, y);
        }
    }
}

size_t
timeline_instant_beside(const struct timeline *timeline, size_t item,
                        size_t from, int direction)
{
    struct instant_list list = instants_of(timeline, item);
    size_t place = instant_list_place(&list, from);

    if (direction > 0) {
        return place < list.count ? list.items[place] : SIZE_MAX;
    }
    return place > 0 ? list.items[place - 1] : SIZE_MAX;
}

bool
timeline_instant_here(const struct timeline *timeline,
                      struct model_instant *instant)
{
    const struct view_state *state = &timeline->state;
    size_t at = timeline_instant_beside(
        timeline, state->item,
        trace_model_instant_find(timeline->model, (uint64_t)state->time_ns), 1);

    if (at == SIZE_MAX) {
        return false;
    }
    *instant = trace_model_instant(timeline->model, at);
    return instant->time_ns == (uint64_t)state->time_ns;
}

/* The number of points at or before a time. */
static size_t
points_until(const struct counter_point *points, size_t count, int64_t time_ns)
{
    size_t low = 0;
    size_t high = count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (time_limit(points[middle].time_ns) <= time_ns) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

size_t
timeline_points_until(const struct timeline *timeline, uint32_t index,
                      int64_t time_ns)
{
    return points_until(
        trace_model_counter_points(timeline->model, index),
        trace_model_counter(timeline->model, index)->point_count, time_ns);
}

/* The time of the first instant or point of the cursor's row at or after a
 * time, or (-1) of the last one before it. */
static bool
find_point(const struct timeline *timeline, int64_t from_ns, int direction,
           int64_t *time_ns)
{
    const struct track_item *item = &timeline->list.items[timeline->state.item];
    size_t at;

    from_ns = from_ns < 0 ? 0 : from_ns;
    if (item->kind == ITEM_INSTANTS) {
        at = timeline_instant_beside(
            timeline, timeline->state.item,
            trace_model_instant_find(timeline->model, (uint64_t)from_ns),
            direction);
        if (at == SIZE_MAX) {
            return false;
        }
        *time_ns = time_limit(trace_model_instant(timeline->model, at).time_ns);
        return true;
    }
    at = timeline_points_until(timeline, item->index, from_ns - 1);
    if (direction < 0 ? at == 0
                      : at
                            == trace_model_counter(timeline->model, item->index)
                                   ->point_count) {
        return false;
    }
    *time_ns = time_limit(
        trace_model_counter_points(timeline->model,
                                   item->index)[direction < 0 ? at - 1 : at]
            .time_ns);
    return true;
}

void
timeline_move_point(struct timeline *timeline, int direction, bool is_exact)
{
    struct view_state *state = &timeline->state;
    struct time_grid grid = timeline_grid(timeline);
    int64_t column = time_grid_column(&grid, state->time_ns);
    int64_t from_ns = state->time_ns + (direction > 0);

    if (!is_exact && timeline_is_in_view(timeline, state->time_ns)) {
        from_ns = time_grid_time(&grid, column + (direction > 0));
    }
    if (find_point(timeline, from_ns, direction, &state->time_ns)) {
        timeline_follow(timeline, state->time_ns);
        return;
    }
    viewer_say(timeline->viewer, "there is no %s %s in this row",
               direction > 0 ? "later" : "earlier",
               timeline->list.items[state->item].kind == ITEM_INSTANTS
                   ? "instant"
                   : "point");
}

bool
timeline_counter_at(const struct timeline *timeline, uint32_t counter,
                    int64_t time_ns, double *value)
{
    size_t until = timeline_points_until(timeline, counter, time_ns);

    if (until == 0) {
        return false;
    }
    *value =
        trace_model_counter_points(timeline->model, counter)[until - 1].value;
    return true;
}

static unsigned
counter_level(const struct model_counter *counter, double mean)
{
    double range = counter->max - counter->min;
    double level;

    if (!(range > 0) || !isfinite(range)) {
        return COUNTER_FLAT_LEVEL;
    }
    level = (mean - counter->min) / range * THEME_LEVELS + 0.5;
    return level < 1              ? 1
           : level > THEME_LEVELS ? THEME_LEVELS
                                  : (unsigned)level;
}

void
timeline_draw_counter(struct timeline *timeline, uint32_t index,
                      struct screen *screen, int y)
{
    const struct model_counter *counter =
        trace_model_counter(timeline->model, index);
    struct time_grid grid = timeline_grid(timeline);
    int64_t trace_end_ns = timeline_end_ns(timeline);

    for (unsigned i = 0; i < timeline->layout.track_width; i++) {
        int64_t start_ns = time_grid_time(&grid, i);
        int64_t end_ns = start_ns + grid.column_ns;
        double mean;

        /* A value lasts until the next one, at most to the end. */
        end_ns = end_ns > trace_end_ns + 1 ? trace_end_ns + 1 : end_ns;
        if (end_ns > 0
            && counter_mean(timeline->model, index,
                            start_ns < 0 ? 0 : (uint64_t)start_ns,
                            (uint64_t)end_ns, &mean)) {
            screen_put(screen, (int)(timeline->layout.gutter + i), y,
                       theme_level(&timeline->viewer->theme,
                                   counter_level(counter, mean)),
                       theme_style(&timeline->viewer->theme, PART_COUNTER));
        }
    }
}
