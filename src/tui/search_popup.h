// SPDX-License-Identifier: Apache-2.0
/*
 * tui/search_popup.h - the box in which one types what to search for: with
 * each letter it lists the names that match, and the view below shows them.
 */
#ifndef TUI_SEARCH_POPUP_H
#define TUI_SEARCH_POPUP_H

#include <stdbool.h>

struct error;
struct viewer;

/* Open it over the view that is shown. */
bool search_popup_open(struct viewer *viewer, struct error *err);

#endif
