// SPDX-License-Identifier: Apache-2.0
/* tui/filter_prompt.h - asking for a filter: only what matches is shown. */
#ifndef TUI_FILTER_PROMPT_H
#define TUI_FILTER_PROMPT_H

#include <stdbool.h>

struct error;
struct viewer;

bool filter_prompt_open(struct viewer *viewer, struct error *err);

#endif
