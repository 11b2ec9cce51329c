// SPDX-License-Identifier: Apache-2.0
/*
 * tui/timeline_flow.h - the arrows of the selected call: following them, and
 * where they are on the screen.
 */
#ifndef TUI_TIMELINE_FLOW_H
#define TUI_TIMELINE_FLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/span_query.h"
#include "tui/action.h"

struct error;
struct flow_place;
struct screen;
struct timeline;

/* The same key again goes on through the arrows of the call where it was
 * pressed first. Any other command ends it. */
struct flow_run {
    enum action_id action; /* of a call without arrows: of the explanation */
    size_t left;           /* arrows that were not followed yet */
    size_t index;          /* of the one that was */
    struct slice origin;
    struct slice here; /* where it led to */
};

/* ACTION_FLOW_BACK or ACTION_FLOW_FORWARD. */
bool timeline_follow_flow(struct timeline *timeline, enum action_id action,
                          struct error *err);

/* Go to the call of a place that has one. */
bool timeline_go_to_call_of(struct timeline *timeline,
                            const struct flow_place *place, struct error *err);

/* Draw the arrows of the selected call over the rows, in blank cells only, and
 * mark the cells of their ends. No more cells are looked at than there are:
 * first of the arrows behind the left edge. */
void timeline_draw_flows(const struct timeline *timeline,
                         struct screen *screen);

#endif
