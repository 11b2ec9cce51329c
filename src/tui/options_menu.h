// SPDX-License-Identifier: Apache-2.0
/* tui/options_menu.h - the menu of how things are shown. */
#ifndef TUI_OPTIONS_MENU_H
#define TUI_OPTIONS_MENU_H

#include <stdbool.h>

struct error;
struct viewer;

/* Open the menu; or, with a choice of it in viewer->choice, change that. */
bool options_menu_run(struct viewer *viewer, struct error *err);

#endif
