// SPDX-License-Identifier: Apache-2.0
/*
 * tui/saved_view.h - what a trace looked like when it was left, for the next
 * visit.
 *
 * It is kept in a file of the state folder's views/ that is named by the
 * contents of the trace, as marks are. The lines of the file are a header, the
 * view by its name, settings (settings.h), and those of timeline_saved.h.
 */
#ifndef TUI_SAVED_VIEW_H
#define TUI_SAVED_VIEW_H

#include <stdbool.h>

struct error;
struct viewer;

/* Show what was left, and say so; lines that mean nothing here are left out.
 * What cannot be read is kept as a note. Only memory, and the model, can
 * fail. */
bool saved_view_load(struct viewer *viewer, struct error *err);

/* Keep what is shown; when that is what a trace looks like at first, nothing is
 * kept any more. */
bool saved_view_store(const struct viewer *viewer, struct error *err);

#endif
