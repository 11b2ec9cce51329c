// SPDX-License-Identifier: Apache-2.0
/*
 * tui/tty_input.h - the bytes a terminal sends, as keys, mouse and pastes.
 *
 * A state machine after ECMA-48: bytes go in, events come out, and nothing
 * here knows a clock or a descriptor. It reads every spelling of a key that
 * terminals use (CSI, SS3, rxvt's, the Linux console's, modifyOtherKeys,
 * CSI u), two mouse encodings and bracketed paste. What it does not know it
 * swallows up to its final byte, so no letter of a sequence becomes a key.
 *
 * Whether an ESC is the Esc key shows only when no byte follows: the caller
 * waits for tty_input_timeout_ms and then calls tty_input_expire.
 */
#ifndef TUI_TTY_INPUT_H
#define TUI_TTY_INPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/mouse.h"

enum {
    TTY_ESCAPE_MS = 25,      /* an ESC alone is the key after this time */
    TTY_ESCAPE_SLOW_MS = 50, /* the same behind a network */
    TTY_PASTE_MS = 500,      /* a paste whose end does not come is over */
    TTY_SEQUENCE_MAX = 64,   /* bytes of a sequence that are kept */
    TTY_REPLY_MAX = 48,      /* and of a string */
    TTY_PASTE_MAX = 4096,    /* bytes of a paste that are kept */
    TTY_EVENTS_MAX = 4,      /* that one byte can make, and more */
};

enum tty_event_kind {
    TTY_EVENT_KEY,
    TTY_EVENT_MOUSE,
    TTY_EVENT_PASTE,
    TTY_EVENT_FOCUS_IN,
    TTY_EVENT_FOCUS_OUT,
    TTY_EVENT_BACKGROUND, /* the terminal answers which one it has */
    TTY_EVENT_ATTRIBUTES, /* and what it is: all before that is answered */
};

struct tty_event {
    enum tty_event_kind kind;
    unsigned key; /* as in key.h */
    struct mouse_event mouse;
    bool is_light;    /* a background */
    const char *text; /* of a paste: any bytes; good until the next feed */
    size_t size;
};

enum tty_input_state {
    TTY_GROUND,
    TTY_CHARACTER, /* inside a character of UTF-8 */
    TTY_ESCAPE,
    TTY_CSI,
    TTY_SS3,
    TTY_CONSOLE_KEY, /* behind CSI [, a function key of the Linux console */
    TTY_MOUSE_BYTES, /* behind CSI M: three bytes */
    TTY_STRING,      /* OSC, DCS, APC, PM or SOS, to BEL or ST */
    TTY_PASTE,
};

struct tty_input {
    enum tty_input_state state;
    unsigned escape_ms;
    bool has_meta;    /* an ESC stands before what is being read */
    bool is_overlong; /* the sequence has more bytes than are kept */
    size_t size;      /* of sequence, or bytes of the paste's end seen */
    char sequence[TTY_SEQUENCE_MAX];
    bool is_command; /* the string is an OSC */
    size_t reply_size;
    char reply[TTY_REPLY_MAX + 1];
    enum mouse_button button; /* held, for encodings that do not say it */
    size_t paste_size;
    char paste[TTY_PASTE_MAX];
    size_t first; /* of the events that wait */
    size_t count;
    struct tty_event events[TTY_EVENTS_MAX];
};

/* escape_ms is TTY_ESCAPE_MS or TTY_ESCAPE_SLOW_MS. */
void tty_input_init(struct tty_input *input, unsigned escape_ms);

/* Take bytes until they make an event; returns how many were taken. Takes
 * none while an event waits. */
size_t tty_input_feed(struct tty_input *input, const char *bytes, size_t size);

/* Take the next event out. False when there is none. */
bool tty_input_take(struct tty_input *input, struct tty_event *event);

/* How long to wait for the next byte before tty_input_expire; -1 = for ever,
 * since nothing is half read. */
int tty_input_timeout_ms(const struct tty_input *input);

/* No byte came: an ESC was the key, any other half sequence is dropped. */
void tty_input_expire(struct tty_input *input);

#endif
