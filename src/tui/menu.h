// SPDX-License-Identifier: Apache-2.0
/*
 * tui/menu.h - a short list over the view, of which one line is chosen: what
 * is hidden, commands for what the mouse points at, options.
 *
 * Choosing a line runs its action, with viewer->choice set to the line's own
 * number. A line that has a key shows it, and pressing that key chooses it.
 */
#ifndef TUI_MENU_H
#define TUI_MENU_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/action.h"

struct error;
struct menu;
struct viewer;

struct menu_options {
    const char *title; /* outlives the menu */
    bool has_place;    /* the first line is at x, y; otherwise in the middle */
    unsigned x;
    unsigned y;

    /* For a menu that stays open: adds its lines, before each frame. NULL =
     * choosing closes the menu and its lines were added once. */
    bool (*fill)(struct menu *menu, const struct viewer *viewer,
                 struct error *err);
};

/* The caller owns it until menu_open. */
bool menu_new(struct menu **out, struct viewer *viewer,
              const struct menu_options *options, struct error *err);
void menu_free(struct menu *menu);

/* A line for an action, with that action's first key. NULL as text = what the
 * help says about it. */
bool menu_add_action(struct menu *menu, enum action_id action, const char *text,
                     struct error *err);

/* A line that runs an action with a choice; key = 0: it has no key. */
bool menu_add_choice(struct menu *menu, enum action_id action, size_t choice,
                     unsigned key, const char *text, struct error *err);

/* Show it. The viewer owns it from now on. */
void menu_open(struct menu *menu);

#endif
