// SPDX-License-Identifier: Apache-2.0
/*
 * tui/live_screen.h - frames on the terminal, and giving it away and back.
 *
 * Ties together the device, its modes, ncurses, the signals, and what must be
 * put back when we crash.
 */
#ifndef TUI_LIVE_SCREEN_H
#define TUI_LIVE_SCREEN_H

#include <stdbool.h>

#include "base/buffer.h"
#include "tui/stderr_hold.h"
#include "tui/tty.h"
#include "tui/tty_signals.h"

struct error;
struct screen;
struct terminal;

struct live_screen {
    struct tty tty;
    struct tty_signals signals;
    struct stderr_hold hold;
    struct terminal *terminal;
    unsigned width;
    unsigned height;
    bool is_shown; /* our picture is on the terminal, our modes are set */
    bool is_mouse_off;
    struct buffer bytes; /* of a frame */
};

/* Take hold of the terminal; nothing is shown yet. ERROR_UNSUPPORTED when
 * there is none, or none that a screen can be shown on. */
bool live_screen_open(struct live_screen *live, struct error *err);

/* Whether that would work now; changes nothing. */
bool live_screen_check(struct error *err);

/* Give everything back. Accepts what was opened in part. */
void live_screen_close(struct live_screen *live);

/* How many colours can be used: 256, 16, 8 or 0. */
unsigned live_screen_colour_count(const struct live_screen *live);

/* Whether the terminal is of a kind that takes questions (OSC, DA) for what
 * they are, and has colours to be chosen. */
bool live_screen_knows_questions(const struct live_screen *live);

/* Show the screen, whose size must be that of the terminal. */
bool live_screen_draw(struct live_screen *live, const struct screen *screen,
                      struct error *err);

/* Ask the terminal for its size; true when it has changed. */
bool live_screen_measure(struct live_screen *live, bool *has_changed,
                         struct error *err);

/* The next frame is drawn from scratch. */
void live_screen_forget(struct live_screen *live);

void live_screen_set_mouse(struct live_screen *live, bool is_off);

/* Give the terminal to others, and take it back. Waits in between belong to
 * the caller. live_screen_take sets tty.is_lost when that is not allowed. */
void live_screen_leave(struct live_screen *live);
bool live_screen_take(struct live_screen *live, struct error *err);

/* ^Z: leave, stop, and take it back. *signal is one that came meanwhile and
 * asks us to end; then the terminal was not taken. */
bool live_screen_suspend(struct live_screen *live, bool is_whole_group,
                         int *signal, struct error *err);

#endif
