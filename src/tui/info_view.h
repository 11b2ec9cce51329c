// SPDX-License-Identifier: Apache-2.0
/* tui/info_view.h - the page about the recording as one of the views. */
#ifndef TUI_INFO_VIEW_H
#define TUI_INFO_VIEW_H

#include "tui/view.h"

extern const struct view_class info_view;

#endif
