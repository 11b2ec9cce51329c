// SPDX-License-Identifier: Apache-2.0
/*
 * tui/profile_text.h - what views of sums say in the same words: what their
 * numbers cover, and why there are none.
 */
#ifndef TUI_PROFILE_TEXT_H
#define TUI_PROFILE_TEXT_H

#include <stddef.h>

#include "tui/jobs.h"

struct layout;
struct pieces;
struct screen;
struct viewer;

/* "scope: whole trace", "8 threads", and how many calls are missing in it. */
void profile_text_add_scope(struct pieces *pieces, const struct viewer *viewer);

/* Draw in the middle why the numbers are not there: they are being made, making
 * them failed (failure is not ""), or was stopped. */
void profile_text_explain(const struct viewer *viewer, enum job_kind kind,
                          const char *failure, struct screen *screen,
                          const struct layout *layout);

/* Draw in the middle that the scope has no calls. */
void profile_text_no_calls(const struct viewer *viewer, struct screen *screen,
                           const struct layout *layout);

/* "of trace" or "of scope". */
const char *profile_text_whole(const struct viewer *viewer);

#endif
