// SPDX-License-Identifier: Apache-2.0
/* tui/flame_view.h - the flame graph as one of the views. */
#ifndef TUI_FLAME_VIEW_H
#define TUI_FLAME_VIEW_H

#include "tui/view.h"

extern const struct view_class flame_view;

#endif
