// SPDX-License-Identifier: Apache-2.0
/* tui/source_view.h - the source as one of the views. */
#ifndef TUI_SOURCE_VIEW_H
#define TUI_SOURCE_VIEW_H

#include "tui/view.h"

extern const struct view_class source_view;

#endif
