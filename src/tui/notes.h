// SPDX-License-Identifier: Apache-2.0
/* tui/notes.h - a box with what a reader should know about how far the trace
 * can be trusted: all notes of the model; and what recording it took. */
#ifndef TUI_NOTES_H
#define TUI_NOTES_H

#include <stdbool.h>

struct error;
struct viewer;

bool notes_open(struct viewer *viewer, struct error *err);

#endif
