// SPDX-License-Identifier: Apache-2.0
/* tui/sandwich_view.h - callers and callees as one of the views. */
#ifndef TUI_SANDWICH_VIEW_H
#define TUI_SANDWICH_VIEW_H

#include "tui/view.h"

extern const struct view_class sandwich_view;

#endif
