// SPDX-License-Identifier: Apache-2.0
/*
 * tui/flame_list_pane.h - the list of functions below a flame graph, as a
 * pane of its own: what is selected in it is selected in the graph.
 */
#ifndef TUI_FLAME_LIST_PANE_H
#define TUI_FLAME_LIST_PANE_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/action.h"

struct flame;
struct mouse_event;
struct screen;

/* What an action does while keys are for the list, and how to get there; false
 * = nothing. */
bool flame_list_command(struct flame *flame, enum action_id action);

/* A click on a row selects it, the wheel moves over the rows; false = the mouse
 * is not on the list. */
bool flame_list_mouse(struct flame *flame, const struct mouse_event *event);

/* The row that is selected; list.count = none. */
size_t flame_list_cursor(const struct flame *flame);

/* Rows of functions that are shown, and where the first one is. */
unsigned flame_list_rows(const struct flame *flame);
int flame_list_first(const struct flame *flame);

/* Scroll so that the selected row can be seen. */
void flame_list_follow(struct flame *flame);

void flame_draw_list(const struct flame *flame, struct screen *screen);

#endif
