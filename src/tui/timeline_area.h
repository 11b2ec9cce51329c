// SPDX-License-Identifier: Apache-2.0
/*
 * tui/timeline_area.h - an area: a stretch of time on some of the tracks.
 *
 * It begins where the cursor was and, while it is open, ends where the cursor
 * is. What lies between is decided by the order of the rows on the screen. A
 * process that is folded, or all there is of an area, stands for its tracks.
 */
#ifndef TUI_TIMELINE_AREA_H
#define TUI_TIMELINE_AREA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tui/action.h"

struct error;
struct pieces;
struct screen;
struct timeline;

/* {0} is no area. */
struct view_area {
    bool is_set;
    bool is_open;        /* the cursor is at its end */
    size_t items[2];     /* where it begins and where it ends; any order */
    int64_t times_ns[2]; /* the first and the last nanosecond; any order */
};

/* What an area holds. */
struct area_sum {
    bool is_known;
    bool is_wanted; /* a job was started for the range and the tracks */
    uint64_t start_ns;
    uint64_t end_ns;
    uint8_t *tracks; /* one per track of the model; owned */
    uint64_t call_count;
    uint64_t busy_ns; /* of all tracks together */
};

bool timeline_area_is_same(const struct view_area *a,
                           const struct view_area *b);

/* The first nanosecond, and the one behind the last. */
int64_t timeline_area_start(const struct view_area *area);
int64_t timeline_area_end(const struct view_area *area);

bool timeline_area_has_item(const struct timeline *timeline, size_t item);

/* Which tracks of the model an area holds, one byte for each of them; returns
 * how many. */
size_t timeline_area_tracks(const struct timeline *timeline,
                            const struct view_area *area, uint8_t *tracks);

/* Starting one, finishing it, its other end, the slice as an area, the scope,
 * giving it up. *is_done is false when there was nothing to do, or it is
 * another action. */
bool timeline_area_run(struct timeline *timeline, enum action_id action,
                       bool *is_done, struct error *err);

/* Let an open area end at the cursor. */
void timeline_area_follow(struct timeline *timeline);

/* Over a row of cells, the ruler, the overview. */
void timeline_draw_area_row(const struct timeline *timeline, size_t item,
                            struct screen *screen, int y);
void timeline_draw_area_ruler(const struct timeline *timeline,
                              struct screen *screen);
void timeline_draw_area_overview(const struct timeline *timeline,
                                 struct screen *screen);

/* Of the status line: its length and what it holds; starts the job that
 * counts. */
bool timeline_add_area(struct pieces *pieces, struct timeline *timeline,
                       struct error *err);

void timeline_area_release(struct area_sum *sum);

#endif
