// SPDX-License-Identifier: Apache-2.0
/*
 * tui/instant_lane.h - the rows that the instants of a process stand in: marks,
 * what happened to objects, and text that was written.
 */
#ifndef TUI_INSTANT_LANE_H
#define TUI_INSTANT_LANE_H

#include <stddef.h>

struct model_instant;

enum instant_lane {
    LANE_MARKS,
    LANE_OBJECTS,
    LANE_LOG, /* what print() and logging wrote, variables that hold text */
    LANE_COUNT,
};

enum instant_lane instant_lane_of(const struct model_instant *instant);

/* "instants", "objects", "log" */
const char *instant_lane_name(enum instant_lane lane);

/* What an instant of the log says: "hello" of "print - hello", "name=text" of a
 * variable. Cut at size, for the screen to sanitise. Returns text. */
const char *instant_lane_text(const struct model_instant *instant, char *text,
                              size_t size);

#endif
