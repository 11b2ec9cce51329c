// SPDX-License-Identifier: Apache-2.0
/*
 * tui/instant_lane.h - what the rows that the instants of a process stand in
 * are called, and what is written in them.
 */
#ifndef TUI_INSTANT_LANE_H
#define TUI_INSTANT_LANE_H

#include <stddef.h>

#include "model/instant_lane.h"

struct model_instant;

/* "instants", "objects", "log" */
const char *instant_lane_name(enum instant_lane lane);

/* What an instant of the log says: "hello" of "print - hello", "name=text" of a
 * variable. Cut at size, for the screen to sanitise. Returns text. */
const char *instant_lane_text(const struct model_instant *instant, char *text,
                              size_t size);

#endif
