// SPDX-License-Identifier: Apache-2.0
/* tui/place_text.h - how the thread and the process of something are called. */
#ifndef TUI_PLACE_TEXT_H
#define TUI_PLACE_TEXT_H

#include "tui/theme.h"

struct model_process;
struct model_track;
struct pieces;

enum { PLACE_TEXT_SIZE = 24 };

/* "pid 12", or that there is none. Returns text. */
const char *place_pid(const struct model_process *process,
                      char text[PLACE_TEXT_SIZE]);

void place_add_pid(struct pieces *pieces, unsigned rank, enum theme_part part,
                   const struct model_process *process);

/* A thread and its id; of what is no thread, what it is. */
void place_add_track(struct pieces *pieces, unsigned rank,
                     const struct model_track *track);

#endif
