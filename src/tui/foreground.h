// SPDX-License-Identifier: Apache-2.0
/* tui/foreground.h - another program in the foreground of the terminal. */
#ifndef TUI_FOREGROUND_H
#define TUI_FOREGROUND_H

#include <stdbool.h>

struct error;
struct tty;
struct tty_signals;

struct foreground {
    const struct tty *tty; /* with its usual modes */
    int stderr_fd;         /* the true standard error; -1 = it is in place */
    int stdin_fd;          /* what it reads; -1 = the terminal */
    const struct tty_signals *signals;
};

/*
 * Run `shell -c command sh arguments...` and wait for its end; arguments end
 * with NULL and are never text for the shell. *signal is a signal that
 * meanwhile asked us to end, or 0; the program got it too. False and *err when
 * it could not be run or failed; the message begins with name.
 */
bool foreground_run(const struct foreground *foreground, const char *shell,
                    const char *command, char *const *arguments,
                    const char *name, int *signal, struct error *err);

/* Say on the terminal how to go on, and wait for the key Enter; *signal is as
 * above. */
void foreground_wait_for_enter(const struct foreground *foreground,
                               int *signal);

#endif
