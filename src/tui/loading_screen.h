// SPDX-License-Identifier: Apache-2.0
/* tui/loading_screen.h - what is shown while a trace is being opened. */
#ifndef TUI_LOADING_SCREEN_H
#define TUI_LOADING_SCREEN_H

#include <stdbool.h>

struct screen;

/* fraction is from 0 to 1, less than 0 when it is not known. */
void loading_screen_draw(struct screen *screen, const char *title,
                         double fraction, bool is_stopping, bool is_ascii);

#endif
