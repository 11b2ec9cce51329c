// SPDX-License-Identifier: Apache-2.0
/* tui/editor.h - the user's editor, in the foreground of the terminal. */
#ifndef TUI_EDITOR_H
#define TUI_EDITOR_H

#include <stdbool.h>

struct error;
struct tty;
struct tty_signals;

/*
 * Run $VISUAL, else $EDITOR, else vi, on a file at a line (0 = none) and wait
 * for its end. Path and line may come from a trace: they are arguments, never
 * text for a shell, and a path cannot be taken for an option. The terminal
 * must have its usual modes, stderr_fd be the true standard error. *signal is
 * a signal that meanwhile asked us to end, or 0; the editor got it too. False
 * and *err when there is no such file, or the editor could not be run or
 * failed.
 */
bool editor_run(const char *path, unsigned line, const struct tty *tty,
                int stderr_fd, const struct tty_signals *signals, int *signal,
                struct error *err);

#endif
