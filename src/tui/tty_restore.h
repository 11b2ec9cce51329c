// SPDX-License-Identifier: Apache-2.0
/*
 * tui/tty_restore.h - a terminal that can be used even after we crash.
 *
 * While it is armed, a fatal error (SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGILL)
 * first sends a text that was made before and puts the modes back, says on
 * standard error where it was, then goes on as it would have without us. The
 * state is at file scope, for a signal handler gets no context: one terminal
 * at a time.
 */
#ifndef TUI_TTY_RESTORE_H
#define TUI_TTY_RESTORE_H

#include <stdbool.h>
#include <stddef.h>

struct stderr_hold;
struct tty;

enum { TTY_RESTORE_TEXT_MAX = 512 };

/* The text is copied, at most TTY_RESTORE_TEXT_MAX bytes; hold, which must
 * outlive this, is ended too. Terminal and hold must be ready. */
void tty_restore_arm(const struct tty *tty, const char *text, size_t size,
                     const struct stderr_hold *hold);

/* The handlers of before are back. */
void tty_restore_disarm(void);

#endif
