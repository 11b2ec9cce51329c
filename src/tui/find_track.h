// SPDX-License-Identifier: Apache-2.0
/* tui/find_track.h - a box that finds a thread or process by a part of its
 * name and goes there. */
#ifndef TUI_FIND_TRACK_H
#define TUI_FIND_TRACK_H

#include <stdbool.h>

struct error;
struct viewer;

bool find_track_open(struct viewer *viewer, struct error *err);

#endif
