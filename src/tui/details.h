// SPDX-License-Identifier: Apache-2.0
/*
 * tui/details.h - the pane below the tracks: all about the call, instant or
 * counter that the cursor is on.
 *
 * Whether it is open belongs to the state of the view, so that undo covers it.
 * With the focus in the pane, up and down choose a line of it; everything else
 * acts on the timeline.
 */
#ifndef TUI_DETAILS_H
#define TUI_DETAILS_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/action.h"

struct cJSON;
struct call_facts;
struct details;
struct error;
struct screen;
struct timeline;
struct viewer;

bool details_new(struct details **out, struct viewer *viewer,
                 struct error *err);
/* Jobs must have been stopped. Accepts NULL. */
void details_free(struct details *details);

/* What it knows about calls. */
struct call_facts *details_facts(const struct details *details);

/* Whether an action is for the pane as it is now, or opens it. */
bool details_take(const struct timeline *timeline, enum action_id action);

/* Carry it out; see view_class.command. */
bool details_command(struct timeline *timeline, enum action_id action,
                     bool *is_done, struct error *err);

/* A button was pressed on a cell of the pane. */
bool details_press(struct timeline *timeline, unsigned x, unsigned y,
                   struct error *err);

/* Any other command came: hops that wait for a job do not happen. */
void details_stay(struct timeline *timeline);

/* Draw the pane where the layout has it, if it has. */
bool details_draw(struct timeline *timeline, struct screen *screen,
                  struct error *err);

/* Add what the pane shows to the view state of a JSON dump. */
bool details_json(const struct timeline *timeline, struct cJSON *view);

#endif
