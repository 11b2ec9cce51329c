// SPDX-License-Identifier: Apache-2.0
#include "tui/tty_signals.h"

#include <errno.h>
#include <stddef.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/error.h"

static const int held_signals[] = {SIGINT,   SIGQUIT, SIGTERM, SIGHUP, SIGPIPE,
                                   SIGWINCH, SIGTSTP, SIGCONT, SIGCHLD};

bool
tty_signals_begin(struct tty_signals *signals, struct error *err)
{
    const struct sigaction usual = {.sa_handler = SIG_DFL};

    (void)sigemptyset(&signals->held);
    for (size_t i = 0; i < sizeof held_signals / sizeof *held_signals; i++) {
        (void)sigaddset(&signals->held, held_signals[i]);
    }
    signals->fd = signalfd(-1, &signals->held, SFD_CLOEXEC | SFD_NONBLOCK);
    if (signals->fd < 0) {
        return error_set_system(err, errno, "cannot wait for signals");
    }
    (void)sigprocmask(SIG_BLOCK, &signals->held, &signals->original_mask);
    /* When SIGCHLD was inherited as ignored, waitpid would find no child. */
    (void)sigaction(SIGCHLD, &usual, &signals->original_child);
    return true;
}

void
tty_signals_end(struct tty_signals *signals)
{
    if (signals->fd >= 0) {
        (void)close(signals->fd);
        signals->fd = -1;
        tty_signals_restore_in_child(signals);
    }
}

void
tty_signals_restore_in_child(const struct tty_signals *signals)
{
    (void)sigaction(SIGCHLD, &signals->original_child, NULL);
    (void)sigprocmask(SIG_SETMASK, &signals->original_mask, NULL);
}

/* A blocked signal is kept pending even while it is ignored. */
static bool
is_ignored(int signal_number)
{
    struct sigaction action;

    return sigaction(signal_number, NULL, &action) == 0
           && (action.sa_flags & SA_SIGINFO) == 0
           && action.sa_handler == SIG_IGN;
}

int
tty_signals_read(const struct tty_signals *signals)
{
    struct signalfd_siginfo info;

    while (read(signals->fd, &info, sizeof info) == (ssize_t)sizeof info) {
        if (!is_ignored((int)info.ssi_signo)) {
            return (int)info.ssi_signo;
        }
    }
    return 0;
}

bool
tty_signals_is_ending(int signal_number)
{
    switch (signal_number) {
    case SIGINT:
    case SIGQUIT:
    case SIGTERM:
    case SIGHUP:
    case SIGPIPE:
        return true;
    default:
        return false;
    }
}

static bool
is_pending(int signal_number)
{
    sigset_t pending;

    return sigpending(&pending) == 0
           && sigismember(&pending, signal_number) == 1;
}

/* Take what is pending of one signal away. */
static void
discard(int signal_number)
{
    const struct timespec no_time = {0};
    sigset_t only;

    (void)sigemptyset(&only);
    (void)sigaddset(&only, signal_number);
    while (sigtimedwait(&only, NULL, &no_time) > 0) {
    }
}

bool
tty_signals_stop(const struct tty_signals *signals, bool is_whole_group)
{
    const struct sigaction usual = {.sa_handler = SIG_DFL};
    struct sigaction before;
    sigset_t only;

    discard(SIGTSTP); /* asked for twice, we stop once */
    discard(SIGCONT);
    (void)sigemptyset(&only);
    (void)sigaddset(&only, SIGTSTP);
    (void)sigaction(SIGTSTP, &usual, &before);
    (void)kill(is_whole_group ? 0 : getpid(), SIGTSTP);
    (void)sigprocmask(SIG_UNBLOCK, &only, NULL);
    (void)sigprocmask(SIG_BLOCK, &signals->held, NULL);
    (void)sigaction(SIGTSTP, &before, NULL);
    return is_pending(SIGCONT);
}
