// SPDX-License-Identifier: Apache-2.0
/*
 * tui/functions_pane.h - what is known of the selected function, below the
 * table: exact percentiles, callers, callees, outliers, its slowest calls.
 *
 * It is there where the screen is high enough, or when the user opened it.
 */
#ifndef TUI_FUNCTIONS_PANE_H
#define TUI_FUNCTIONS_PANE_H

#include <stdbool.h>

#include "tui/action.h"

struct error;
struct functions;
struct mouse_event;
struct screen;

/* Lay out the table and, below it, the pane. */
void functions_pane_arrange(struct functions *functions);

/* Ask for what the pane shows. */
bool functions_pane_prepare(struct functions *functions, struct error *err);

/* Whether an action is for the pane as it is now, or opens it. */
bool functions_pane_takes(const struct functions *functions,
                          enum action_id action);
/* Carry it out. */
bool functions_pane_command(struct functions *functions, enum action_id action,
                            struct error *err);

/* Whether a cell is in the pane; what a button that is pressed there does. */
bool functions_pane_is_at(const struct functions *functions, unsigned y);
bool functions_pane_mouse(struct functions *functions,
                          const struct mouse_event *event, struct error *err);

bool functions_pane_draw(struct functions *functions, struct screen *screen,
                         struct error *err);

#endif
