// SPDX-License-Identifier: Apache-2.0
/*
 * tui/timeline_points.h - rows of instants and counters.
 */
#ifndef TUI_TIMELINE_POINTS_H
#define TUI_TIMELINE_POINTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/event.h"

struct model_instant;
struct screen;
struct timeline;
struct track_item;

/* Draw a row of instants: a mark each, which tells its scope or what happened
 * to an object, with its name, or what was written, when there is room, or how
 * many there are in a cell. */
void timeline_draw_instants(struct timeline *timeline, size_t item,
                            struct screen *screen, int y);

/* Draw the time-weighted mean of a counter in each column, scaled between the
 * least and the greatest value. */
void timeline_draw_counter(struct timeline *timeline, uint32_t index,
                           struct screen *screen, int y);

/* Move the cursor to the next (1) or previous (-1) instant or point of its row:
 * exactly, or to another column. */
void timeline_move_point(struct timeline *timeline, int direction,
                         bool is_exact);

/* The number of the first instant of a row from `from` on, or (-1) of the last
 * one before it; SIZE_MAX = there is none. */
size_t timeline_instant_beside(const struct timeline *timeline, size_t item,
                               size_t from, int direction);

/* "of this thread", ... */
const char *timeline_scope_name(enum vzt_scope scope);

/* "created", ...; "" = there is no object. */
const char *timeline_phase_name(enum vzt_object_phase phase);

/* Its name; of an object also what happened to it. Cut at size, for the screen
 * to sanitise. Returns text. */
const char *timeline_instant_title(const struct model_instant *instant,
                                   char *text, size_t size);

/* How many points of a counter are at or before a time. */
size_t timeline_points_until(const struct timeline *timeline, uint32_t index,
                             int64_t time_ns);

/* The last instant of the cursor's process at the cursor's time. */
bool timeline_instant_here(const struct timeline *timeline,
                           struct model_instant *instant);

/* The value of a counter at a time; false before its first point. */
bool timeline_counter_at(const struct timeline *timeline, uint32_t index,
                         int64_t time_ns, double *value);

#endif
