// SPDX-License-Identifier: Apache-2.0
/* tui/yank.h - what the cursor is on, as text: for the clipboard and pipes. */
#ifndef TUI_YANK_H
#define TUI_YANK_H

#include <stdbool.h>
#include <stdint.h>

#include "tui/view.h"

struct buffer;
struct error;
struct viewer;

/* Append "name (file:line)"; index as in slices. As in the trace. */
void yank_append_function(struct buffer *out, const struct viewer *viewer,
                          uint32_t index);

/* Append one row, or all there is: the table, or the stack of a call. The text
 * is sanitised line by line; nothing when the cursor is on nothing. */
bool yank_append(struct buffer *out, struct viewer *viewer, enum view_id id,
                 const void *view, bool is_all, struct error *err);

#endif
