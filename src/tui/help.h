// SPDX-License-Identifier: Apache-2.0
/*
 * tui/help.h - a box with all keys, and what the mouse does. What is typed
 * leaves the lines in which it occurs.
 */
#ifndef TUI_HELP_H
#define TUI_HELP_H

#include <stdbool.h>

struct error;
struct viewer;

bool help_open(struct viewer *viewer, struct error *err);

#endif
