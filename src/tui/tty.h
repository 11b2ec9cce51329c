// SPDX-License-Identifier: Apache-2.0
/*
 * tui/tty.h - the terminal as a device: its bytes, modes and size.
 *
 * It is opened anew and does not block; descriptors of others are left alone.
 * What is written waits here until the terminal takes it. A terminal that is
 * gone is no error of a single call but a state: from then on nothing is read
 * or written.
 */
#ifndef TUI_TTY_H
#define TUI_TTY_H

#include <stdbool.h>
#include <stddef.h>
#include <termios.h>

#include "base/buffer.h"

struct error;

struct tty {
    int fd;
    struct termios saved; /* modes to go back to */
    bool is_raw;
    bool is_lost;
    struct buffer pending; /* not yet taken by the terminal, from sent on */
    size_t sent;
};

#define TTY_CLOSED ((struct tty){.fd = -1})

/* Open the terminal of standard output, input or error, else the controlling
 * one. ERROR_UNSUPPORTED when there is none. */
bool tty_open(struct tty *tty, struct error *err);
void tty_close(struct tty *tty);

/* Whether we may use it: not while another job of the shell does. */
bool tty_is_ours(const struct tty *tty);

/* Stop, as the kernel does with jobs in the background, until we may. Signals
 * must act as usual. */
void tty_wait_for_turn(const struct tty *tty);

/* Bytes as they are typed, no echo, no signals from keys; and back. */
bool tty_make_raw(struct tty *tty, struct error *err);
void tty_restore(struct tty *tty);

/* Its size in cells; the screen's size of the environment where the kernel
 * knows none, else 80 x 24. */
void tty_size(const struct tty *tty, unsigned *width, unsigned *height);

/* Bytes that are there, at most size; 0 = none. */
size_t tty_read(struct tty *tty, char *bytes, size_t size);

/* Queue bytes, and send what the terminal takes now. */
void tty_write(struct tty *tty, const char *bytes, size_t size);
void tty_flush(struct tty *tty);

/* Whether bytes are waiting. */
bool tty_is_pending(const struct tty *tty);

/* Wait until all bytes are taken, but not longer than this. */
void tty_drain(struct tty *tty, int timeout_ms);

#endif
