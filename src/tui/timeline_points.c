// SPDX-License-Identifier: Apache-2.0
#include "tui/timeline_points.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "model/trace_model.h"
#include "tui/label.h"
#include "tui/screen.h"
#include "tui/timeline.h"
#include "tui/timeline_window.h"
#include "tui/viewer.h"

enum { COUNTER_FLAT_LEVEL = 4 }; /* of a counter that never changes */

static bool
is_of_process(const struct timeline *timeline,
              const struct model_instant *instant, uint32_t process)
{
    return trace_model_track(timeline->model, instant->track)->process
           == process;
}

/* Instants per column, in row_cells: level is how many, start_ns the index of
 * the first. */
static void
count_instants(struct timeline *timeline, uint32_t process)
{
    struct time_grid grid = timeline_grid(timeline);
    unsigned width = timeline->layout.track_width;
    size_t count = trace_model_instant_count(timeline->model);
    int64_t start_ns = grid.origin_ns < 0 ? 0 : grid.origin_ns;

    memset(timeline->row_cells, 0, width * sizeof *timeline->row_cells);
    for (size_t i =
             trace_model_instant_find(timeline->model, (uint64_t)start_ns);
         i < count; i++) {
        struct model_instant instant = trace_model_instant(timeline->model, i);
        int64_t column = time_grid_column(&grid, time_limit(instant.time_ns));

        if (column >= width) {
            break;
        }
        if (column >= 0 && is_of_process(timeline, &instant, process)) {
            struct row_cell *cell = &timeline->row_cells[column];

            cell->start_ns = cell->level == 0 ? i : cell->start_ns;
            cell->level++;
        }
    }
}

static uint32_t
instant_glyph(const struct theme *theme, unsigned count)
{
    return count == 1   ? theme_glyph(theme, GLYPH_INSTANT)
           : count < 10 ? '0' + count
                        : theme_glyph(theme, GLYPH_INSTANTS_MANY);
}

/* A name stands behind its mark, up to the next one. */
static void
draw_instant(const struct timeline *timeline, unsigned column,
             struct screen *screen, int y)
{
    const struct row_cell *cell = &timeline->row_cells[column];
    struct model_instant instant =
        trace_model_instant(timeline->model, cell->start_ns);
    struct screen_style style =
        theme_style(&timeline->viewer->theme, PART_INSTANT);
    int x = (int)(timeline->layout.gutter + column);
    char label[LABEL_SIZE];
    char name[LABEL_SIZE];
    unsigned room = 0;

    while (column + 1 + room < timeline->layout.track_width
           && timeline->row_cells[column + 1 + room].level == 0) {
        room++;
    }
    screen_put(screen, x, y,
               instant_glyph(&timeline->viewer->theme, cell->level), style);
    (void)snprintf(name, sizeof name, "%.*s",
                   instant.name_size < LABEL_SIZE ? (int)instant.name_size
                                                  : LABEL_SIZE - 1,
                   instant.name);
    (void)label_cut(label, &timeline->viewer->theme, name, room);
    (void)screen_text(screen, x + 1, y, room, label, strlen(label),
                      theme_style(&timeline->viewer->theme, PART_TEXT));
}

void
timeline_draw_instants(struct timeline *timeline, uint32_t process,
                       struct screen *screen, int y)
{
    count_instants(timeline, process);
    for (unsigned i = 0; i < timeline->layout.track_width; i++) {
        if (timeline->row_cells[i].level > 0) {
            draw_instant(timeline, i, screen, y);
        }
    }
}

void
timeline_move_instant(struct timeline *timeline, int direction)
{
    struct view_state *state = &timeline->state;
    uint32_t process = timeline->list.items[state->item].process;
    size_t count = trace_model_instant_count(timeline->model);
    size_t i = trace_model_instant_find(
        timeline->model,
        (uint64_t)(direction > 0 ? state->time_ns + 1 : state->time_ns));

    while (direction > 0 ? i < count : i > 0) {
        struct model_instant instant =
            trace_model_instant(timeline->model, direction > 0 ? i : i - 1);

        if (is_of_process(timeline, &instant, process)) {
            state->time_ns = time_limit(instant.time_ns);
            timeline_follow(timeline, state->time_ns);
            return;
        }
        i = direction > 0 ? i + 1 : i - 1;
    }
    viewer_say(timeline->viewer, "there is no %s instant in this row",
               direction > 0 ? "later" : "earlier");
}

bool
timeline_instant_here(const struct timeline *timeline,
                      struct model_instant *instant)
{
    const struct view_state *state = &timeline->state;
    size_t count = trace_model_instant_count(timeline->model);

    for (size_t i = trace_model_instant_find(timeline->model,
                                             (uint64_t)state->time_ns);
         i < count; i++) {
        *instant = trace_model_instant(timeline->model, i);
        if (instant->time_ns != (uint64_t)state->time_ns) {
            break;
        }
        if (is_of_process(timeline, instant,
                          timeline->list.items[state->item].process)) {
            return true;
        }
    }
    return false;
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

bool
timeline_counter_at(const struct timeline *timeline, uint32_t counter,
                    int64_t time_ns, double *value)
{
    const struct counter_point *points =
        trace_model_counter_points(timeline->model, counter);
    size_t until = points_until(
        points, trace_model_counter(timeline->model, counter)->point_count,
        time_ns);

    if (until == 0) {
        return false;
    }
    *value = points[until - 1].value;
    return true;
}

/* What a counter shows in a column: the mean of its finite values, each
 * weighted with the time it lasted; false when it had none. */
static bool
mean_between(const struct counter_point *points, size_t count, int64_t start_ns,
             int64_t end_ns, double *mean)
{
    size_t i = points_until(points, count, start_ns);
    double sum = 0;
    double weight = 0;

    for (i = i == 0 ? 0 : i - 1; i < count; i++) {
        int64_t from = time_limit(points[i].time_ns);
        int64_t to = i + 1 < count ? time_limit(points[i + 1].time_ns) : end_ns;

        if (from >= end_ns) {
            break;
        }
        from = from < start_ns ? start_ns : from;
        to = to > end_ns ? end_ns : to;
        if (isfinite(points[i].value) && to > from) {
            sum += points[i].value * (double)(to - from);
            weight += (double)(to - from);
        }
    }
    *mean = sum / weight;
    return weight > 0 && isfinite(*mean);
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
    const struct counter_point *points =
        trace_model_counter_points(timeline->model, index);
    struct time_grid grid = timeline_grid(timeline);
    int64_t trace_end_ns = timeline_end_ns(timeline);

    for (unsigned i = 0; i < timeline->layout.track_width; i++) {
        int64_t start_ns = time_grid_time(&grid, i);
        int64_t end_ns = start_ns + grid.column_ns;
        double mean;

        /* A value lasts until the next one, at most to the end. */
        end_ns = end_ns > trace_end_ns + 1 ? trace_end_ns + 1 : end_ns;
        if (mean_between(points, counter->point_count, start_ns, end_ns,
                         &mean)) {
            screen_put(screen, (int)(timeline->layout.gutter + i), y,
                       theme_level(&timeline->viewer->theme,
                                   counter_level(counter, mean)),
                       theme_style(&timeline->viewer->theme, PART_COUNTER));
        }
    }
}
