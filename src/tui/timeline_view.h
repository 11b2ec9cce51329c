// SPDX-License-Identifier: Apache-2.0
/*
 * tui/timeline_view.h - the timeline as one of the views.
 */
#ifndef TUI_TIMELINE_VIEW_H
#define TUI_TIMELINE_VIEW_H

#include <stdbool.h>

#include "tui/view.h"

struct error;
struct slice;

extern const struct view_class timeline_view;

/* Select a slice of the model and bring it into view. */
bool timeline_view_jump(void *view, const struct slice *slice,
                        struct error *err);

#endif
