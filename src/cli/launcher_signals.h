// SPDX-License-Identifier: Apache-2.0
/*
 * cli/launcher_signals.h - signals while a program runs below us.
 *
 * All signals that matter are blocked and fetched by sigwaitinfo, so there is
 * no handler and no state outside this struct. Between _hold and _release the
 * whole process is the launcher's.
 */
#ifndef CLI_LAUNCHER_SIGNALS_H
#define CLI_LAUNCHER_SIGNALS_H

#include <signal.h>
#include <stdbool.h>

struct launcher_signals {
    sigset_t held;
    sigset_t original_mask;
    struct sigaction original_child; /* of SIGCHLD */
    struct sigaction original_size;  /* of SIGXFSZ */
};

/* A write that RLIMIT_FSIZE forbids shall fail, and not end us. Holding does
 * the same, and it stays so. */
void launcher_signals_ignore_size(void);

/* Block what the launcher handles itself. */
void launcher_signals_hold(struct launcher_signals *signals);

/* Block only what ends us, while a file is read or written: ^Z stops us. */
void launcher_signals_hold_ends(struct launcher_signals *signals);

/* In the forked child: everything as we found it. Async-signal-safe. */
void launcher_signals_restore_in_child(const struct launcher_signals *signals);

/* Throw away what is pending: it was meant for the program that has ended. */
void launcher_signals_discard(const struct launcher_signals *signals);

/* Whether a signal that should end us is waiting (SIGINT, SIGTERM, ...). It
 * takes effect in launcher_signals_release. */
bool launcher_signals_want_end(void);

/* Everything as we found it, but for SIGXFSZ; a pending signal acts now. */
void launcher_signals_release(const struct launcher_signals *signals);

/* Die of this signal, without a core dump: the program was killed by it. Only
 * returns when it cannot be done. */
void launcher_signals_die_of(int signal_number);

#endif
