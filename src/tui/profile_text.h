// SPDX-License-Identifier: Apache-2.0
/*
 * tui/profile_text.h - what views of sums say in the same words: what their
 * numbers cover, and why there are none; and how they colour functions.
 */
#ifndef TUI_PROFILE_TEXT_H
#define TUI_PROFILE_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "tui/jobs.h"
#include "tui/theme.h"

struct layout;
struct model_function;
struct pieces;
struct screen;
struct viewer;

/* "scope: whole trace", "8 threads", and how many calls are missing in it. */
void profile_text_add_scope(struct pieces *pieces, const struct viewer *viewer);

/* Draw in the middle why the numbers are not there: they are being made, making
 * them failed (failure is not ""), or was stopped. */
void profile_text_explain(struct viewer *viewer, enum job_kind kind,
                          const char *failure, struct screen *screen,
                          const struct layout *layout);

/* Draw in the middle that the scope has no calls. */
void profile_text_no_calls(const struct viewer *viewer, struct screen *screen,
                           const struct layout *layout);

/* Draw words in the middle; they are sanitised. */
void profile_text_words(const struct viewer *viewer, const char *words,
                        struct screen *screen, const struct layout *layout);

/* "of trace" or "of scope". */
const char *profile_text_whole(const struct viewer *viewer);

/* The theme and the slot for a function (NULL = none) of so much time, as the
 * user wants colours. Sums are of all threads: coloured by thread, they keep
 * the colour of the name. */
struct theme profile_theme(const struct viewer *viewer);
/* How the name of a function (as in slices) looks in a list. */
struct screen_style profile_name_style(const struct viewer *viewer,
                                       uint32_t function, uint64_t duration_ns);

unsigned profile_slot(const struct viewer *viewer,
                      const struct model_function *function,
                      uint64_t duration_ns);

#endif
