// SPDX-License-Identifier: Apache-2.0
/*
 * tui/config.h - the user's own keys and colours, from the files `keys` and
 * `colours` of a folder.
 */
#ifndef TUI_CONFIG_H
#define TUI_CONFIG_H

#include <stdbool.h>

struct error;
struct viewer;

/* Read what is there; without a folder or a file nothing changes. What is
 * wrong in them is said on the status line and kept as notes. Only memory can
 * fail. */
bool config_load(struct viewer *viewer, const char *folder, struct error *err);

/* The ready map of viewer->keymap_index, and over it what the user's file
 * binds. */
bool config_use_map(struct viewer *viewer, struct error *err);

#endif
