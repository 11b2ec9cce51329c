// SPDX-License-Identifier: Apache-2.0
/* tui/events_view.h - the list of events as one of the views. */
#ifndef TUI_EVENTS_VIEW_H
#define TUI_EVENTS_VIEW_H

#include "tui/view.h"

extern const struct view_class events_view;

#endif
