// SPDX-License-Identifier: Apache-2.0
/* tui/events_kinds.h - which kinds of events are listed. */
#ifndef TUI_EVENTS_KINDS_H
#define TUI_EVENTS_KINDS_H

#include <stdbool.h>
#include <stddef.h>

struct error;
struct events;

/* Open the menu of kinds, or do what was chosen in it. */
bool events_kinds_run(struct events *events, struct error *err);

/* Only the kind of the cursor; again: those that were before. */
void events_kinds_toggle_one(struct events *events);

/* "all kinds", "errors, log lines". Returns text. */
const char *events_kinds_text(const struct events *events, char *text,
                              size_t size);

#endif
