// SPDX-License-Identifier: Apache-2.0
/*
 * tui/tty_signals.h - signals as events, while the viewer has the terminal.
 *
 * They are blocked and read from a descriptor, so there is no handler. The
 * mask is inherited by threads made meanwhile, and must be given back to
 * programs that are started.
 */
#ifndef TUI_TTY_SIGNALS_H
#define TUI_TTY_SIGNALS_H

#include <signal.h>
#include <stdbool.h>

struct error;

struct tty_signals {
    int fd; /* readable when a signal came; -1 = not begun */
    sigset_t held;
    sigset_t original_mask;
    struct sigaction original_child; /* of SIGCHLD */
};

bool tty_signals_begin(struct tty_signals *signals, struct error *err);

/* Everything as it was; what is pending acts now. */
void tty_signals_end(struct tty_signals *signals);

/* In a forked child: everything as it was. Async-signal-safe. */
void tty_signals_restore_in_child(const struct tty_signals *signals);

/* The next signal that came; 0 = none. Those that are ignored are left out. */
int tty_signals_read(const struct tty_signals *signals);

/* Whether a signal asks us to end. */
bool tty_signals_is_ending(int signal_number);

/* Stop until continued: with the whole process group, as the key does, or we
 * alone. False when we did not stop, since nobody would continue us. */
bool tty_signals_stop(const struct tty_signals *signals, bool is_whole_group);

#endif
