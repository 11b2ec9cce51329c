// SPDX-License-Identifier: Apache-2.0
/* tui/functions_view.h - the function table as one of the views. */
#ifndef TUI_FUNCTIONS_VIEW_H
#define TUI_FUNCTIONS_VIEW_H

#include "tui/view.h"

extern const struct view_class functions_view;

#endif
