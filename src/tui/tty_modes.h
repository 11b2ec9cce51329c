// SPDX-License-Identifier: Apache-2.0
/*
 * tui/tty_modes.h - the modes that we ask of a terminal ourselves.
 *
 * ncurses knows of one mouse mode and of no paste or focus at all. All of
 * these are DEC private modes, which terminals that do not know them ignore.
 */
#ifndef TUI_TTY_MODES_H
#define TUI_TTY_MODES_H

/* Buttons, drags, as decimal numbers. */
#define TTY_MODES_MOUSE_ON  "\x1b[?1000h\x1b[?1002h\x1b[?1006h"
#define TTY_MODES_MOUSE_OFF "\x1b[?1006l\x1b[?1002l\x1b[?1000l"

/* Pastes in brackets, and reports of focus. */
#define TTY_MODES_ON  "\x1b[?2004h\x1b[?1004h"
#define TTY_MODES_OFF "\x1b[?2026l" TTY_MODES_MOUSE_OFF "\x1b[?2004l\x1b[?1004l"

/* What a program that was killed may have left: our own modes, all motion,
 * other encodings of the mouse, inserting, another character set. */
#define TTY_MODES_STRAY                                              \
    TTY_MODES_OFF "\x1b[?1003l\x1b[?1005l\x1b[?1015l\x1b[4l\x1b[?7h" \
                  "\x1b[0m\x1b(B\x0f"

#endif
