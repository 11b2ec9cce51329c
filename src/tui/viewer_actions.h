// SPDX-License-Identifier: Apache-2.0
/*
 * tui/viewer_actions.h - the actions that open something over the views, or
 * search.
 */
#ifndef TUI_VIEWER_ACTIONS_H
#define TUI_VIEWER_ACTIONS_H

#include <stdbool.h>

#include "tui/action.h"

struct error;
struct viewer;

/* Carry it out; *is_known is false when it is another one, or the view's. */
bool viewer_act(struct viewer *viewer, enum action_id action, bool *is_known,
                struct error *err);

#endif
