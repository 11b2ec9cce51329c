// SPDX-License-Identifier: Apache-2.0
#include "cli/launcher_signals.h"

#include <stddef.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static const int held_signals[] = {SIGCHLD, SIGINT,  SIGQUIT, SIGTERM, SIGHUP,
                                   SIGUSR1, SIGUSR2, SIGCONT, SIGTSTP};
static const int ending_signals[] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP};

void
launcher_signals_ignore_size(void)
{
    const struct sigaction ignored = {.sa_handler = SIG_IGN};

    (void)sigaction(SIGXFSZ, &ignored, NULL);
}

static void
hold(struct launcher_signals *signals, const int *numbers, size_t count)
{
    const struct sigaction usual = {.sa_handler = SIG_DFL};

    (void)sigemptyset(&signals->held);
    for (size_t i = 0; i < count; i++) {
        (void)sigaddset(&signals->held, numbers[i]);
    }
    (void)sigprocmask(SIG_BLOCK, &signals->held, &signals->original_mask);
    /* When SIGCHLD was inherited as ignored, waitpid would find no child. */
    (void)sigaction(SIGCHLD, &usual, &signals->original_child);
    (void)sigaction(SIGXFSZ, NULL, &signals->original_size);
    launcher_signals_ignore_size();
}

void
launcher_signals_hold(struct launcher_signals *signals)
{
    hold(signals, held_signals, sizeof held_signals / sizeof *held_signals);
}

void
launcher_signals_hold_ends(struct launcher_signals *signals)
{
    hold(signals, ending_signals,
         sizeof ending_signals / sizeof *ending_signals);
}

void
launcher_signals_restore_in_child(const struct launcher_signals *signals)
{
    (void)sigaction(SIGXFSZ, &signals->original_size, NULL);
    launcher_signals_release(signals);
}

void
launcher_signals_discard(const struct launcher_signals *signals)
{
    const struct timespec no_time = {0};

    while (sigtimedwait(&signals->held, NULL, &no_time) > 0) {
    }
}

bool
launcher_signals_want_end(void)
{
    sigset_t pending;

    if (sigpending(&pending) != 0) {
        return false;
    }
    for (size_t i = 0; i < sizeof ending_signals / sizeof *ending_signals;
         i++) {
        struct sigaction action;

        /* A blocked signal is kept pending even while it is ignored. */
        if (sigismember(&pending, ending_signals[i]) == 1
            && sigaction(ending_signals[i], NULL, &action) == 0
            && action.sa_handler != SIG_IGN) {
            return true;
        }
    }
    return false;
}

void
launcher_signals_release(const struct launcher_signals *signals)
{
    (void)sigaction(SIGCHLD, &signals->original_child, NULL);
    (void)sigprocmask(SIG_SETMASK, &signals->original_mask, NULL);
}

void
launcher_signals_die_of(int signal_number)
{
    const struct rlimit no_core = {0, 0};
    const struct sigaction usual = {.sa_handler = SIG_DFL};
    sigset_t only;

    (void)setrlimit(RLIMIT_CORE, &no_core);
    (void)sigaction(signal_number, &usual, NULL);
    (void)sigemptyset(&only);
    (void)sigaddset(&only, signal_number);
    (void)sigprocmask(SIG_UNBLOCK, &only, NULL);
    (void)kill(getpid(), signal_number);
}
