// SPDX-License-Identifier: Apache-2.0
/* tui/shell_pipe.h - text as the input of a command of the user's. */
#ifndef TUI_SHELL_PIPE_H
#define TUI_SHELL_PIPE_H

#include <stdbool.h>
#include <stddef.h>

struct error;
struct tty;
struct tty_signals;

/*
 * Run `$SHELL -c command` (/bin/sh without it) with the text as its standard
 * input and the terminal as its output, and wait for its end and then for the
 * key Enter. The text lies in a file in memory, so a command that does not
 * read it does no harm. Otherwise as editor_run.
 */
bool shell_pipe_run(const char *command, const char *text, size_t size,
                    const struct tty *tty, const struct tty_signals *signals,
                    int *signal, struct error *err);

#endif
