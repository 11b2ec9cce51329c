// SPDX-License-Identifier: Apache-2.0
/*
 * tui/script.h - what a user does, as words: for --keys and for tests.
 *
 *     w l Enter C-r S-Tab F6 Space    keys, by their names (key.h)
 *     @40x10                          the screen has another size now
 *     click@12,5                      the left button, pressed and released
 *     press@12,5 drag@30,5 release@30,5
 *     right@12,5 middle@12,5          other buttons, pressed and released
 *     wheel-up@12,5 wheel-down@12,5 wheel-left@12,5 wheel-right@12,5
 *
 * Columns and rows of the mouse count from 0; "S-", "C-" and "M-" may stand
 * before its words. As in a terminal that nobody hurries, each word is done on
 * a frame that is final.
 */
#ifndef TUI_SCRIPT_H
#define TUI_SCRIPT_H

#include <stdbool.h>

struct app;
struct error;
struct filter_host;

/* Do what the words say, up to one that quits. ERROR_USAGE names the word
 * that is none and its position. The last frame is not drawn. */
bool script_run(struct app *app, const char *words, struct error *err);

/* The same, and filters are set. */
bool script_run_with(struct app *app, const char *words,
                     struct filter_host *filters, struct error *err);

#endif
