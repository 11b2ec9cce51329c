// SPDX-License-Identifier: Apache-2.0
/*
 * tui/events_pane.h - all that is known of the chosen event, below the list:
 * whole names, messages and arguments.
 */
#ifndef TUI_EVENTS_PANE_H
#define TUI_EVENTS_PANE_H

#include <stdbool.h>

#include "tui/action.h"

struct error;
struct events;
struct screen;

/* True when the action is the pane's: opening, closing, going there, and
 * scrolling while it has the keys. */
bool events_pane_command(struct events *events, enum action_id action);

/* Draw it into the rows of the layout, if it has any. */
bool events_pane_draw(struct events *events, struct screen *screen,
                      struct error *err);

void events_pane_release(struct events *events);

#endif
