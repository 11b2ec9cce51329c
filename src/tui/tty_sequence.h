// SPDX-License-Identifier: Apache-2.0
/* tui/tty_sequence.h - what a whole control sequence of a terminal says. */
#ifndef TUI_TTY_SEQUENCE_H
#define TUI_TTY_SEQUENCE_H

#include <stdbool.h>
#include <stddef.h>

struct mouse_event;

enum tty_sequence_kind {
    TTY_SEQUENCE_UNKNOWN, /* to be swallowed */
    TTY_SEQUENCE_KEY,
    TTY_SEQUENCE_MOUSE,
    TTY_SEQUENCE_FOCUS_IN,
    TTY_SEQUENCE_FOCUS_OUT,
    TTY_SEQUENCE_PASTE, /* the start of one */
    TTY_SEQUENCE_ATTRIBUTES,
};

/* CSI, the bytes of text, final. Fills in *key or *mouse. */
enum tty_sequence_kind tty_sequence_csi(const char *text, size_t size,
                                        char final, unsigned *key,
                                        struct mouse_event *mouse);

/* The key of SS3, the bytes of text, final; KEY_NONE for an unknown one. */
unsigned tty_sequence_ss3(const char *text, size_t size, char final);

/* The same of CSI [ final, as the Linux console sends F1 to F5. */
unsigned tty_sequence_console(char final);

/* The answer "11;rgb:ffff/ffff/ffff" to OSC 11. False when it is another. */
bool tty_sequence_background(const char *text, bool *is_light);

/* CSI M and three bytes. False when they say nothing of use. */
bool tty_sequence_mouse_bytes(const char bytes[3], struct mouse_event *mouse);

/* The key of a control character below 0x20, or of DEL. */
unsigned tty_sequence_control(unsigned char byte);

#endif
