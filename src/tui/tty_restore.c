// SPDX-License-Identifier: Apache-2.0
/*
 * What runs in the handler is async-signal-safe: sigaction, tcgetpgrp,
 * tcsetattr, write, read, dup2, raise; and backtrace, once it was called
 * before.
 */
#include "tui/tty_restore.h"

#include <execinfo.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "tui/stderr_hold.h"
#include "tui/tty.h"

enum { STACK_SIZE = 65536, FRAMES_MAX = 40 };

static const int fatal_signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGILL};

enum { FATAL_COUNT = sizeof fatal_signals / sizeof fatal_signals[0] };

static struct {
    atomic_bool is_armed;
    struct tty tty; /* a copy: the descriptor and its modes */
    char text[TTY_RESTORE_TEXT_MAX];
    size_t size;
    const struct stderr_hold *hold;
    struct sigaction before[FATAL_COUNT];
    bool has_stack;
    char stack[STACK_SIZE]; /* for an overflow of the usual one */
} state;

/* Of the sanitizers' run-time library, when it is there: a function to call
 * before a report of theirs ends the process. */
void __sanitizer_set_death_callback(void (*callback)(void))
    __attribute__((weak));

/* Once, whoever comes first. */
static void
restore(void)
{
    if (!atomic_exchange(&state.is_armed, false)) {
        return;
    }
    (void)!write(state.tty.fd, state.text, state.size);
    tty_restore(&state.tty);
    stderr_hold_give_back(state.hold);
}

/* Where we were, on standard error, for whoever reports it. */
static void
say_where(void)
{
    static const char text[] =
        "viztracer: crashed; this is a defect, please report it with:\n";
    void *frames[FRAMES_MAX];

    (void)!write(STDERR_FILENO, text, sizeof text - 1);
    backtrace_symbols_fd(frames, backtrace(frames, FRAMES_MAX), STDERR_FILENO);
}

static void
handle(int signal_number, siginfo_t *info, void *context)
{
    restore();
    for (size_t i = 0; i < FATAL_COUNT; i++) {
        (void)sigaction(fatal_signals[i], &state.before[i], NULL);
    }
    say_where();
    for (size_t i = 0; i < FATAL_COUNT; i++) {
        if (fatal_signals[i] == signal_number
            && (state.before[i].sa_flags & SA_SIGINFO) != 0) {
            state.before[i].sa_sigaction(signal_number, info, context);
            return;
        }
    }
    (void)raise(signal_number); /* as soon as this handler returns */
}

/* A stack for the handler, unless somebody has made one. */
static void
make_stack(void)
{
    stack_t stack;

    if (sigaltstack(NULL, &stack) == 0 && (stack.ss_flags & SS_DISABLE) != 0) {
        stack = (stack_t){.ss_sp = state.stack, .ss_size = STACK_SIZE};
        state.has_stack = sigaltstack(&stack, NULL) == 0;
    }
}

void
tty_restore_arm(const struct tty *tty, const char *text, size_t size,
                const struct stderr_hold *hold)
{
    struct sigaction action = {.sa_sigaction = handle,
                               .sa_flags = SA_SIGINFO | SA_ONSTACK};
    void *unused;

    state.tty = *tty;
    state.size = size < TTY_RESTORE_TEXT_MAX ? size : TTY_RESTORE_TEXT_MAX;
    memcpy(state.text, text, state.size);
    state.hold = hold;
    make_stack();
    (void)backtrace(&unused, 1); /* loads what it needs */
    (void)sigfillset(&action.sa_mask);
    for (size_t i = 0; i < FATAL_COUNT; i++) {
        (void)sigaction(fatal_signals[i], &action, &state.before[i]);
    }
    if (__sanitizer_set_death_callback != NULL) {
        __sanitizer_set_death_callback(restore);
    }
    atomic_store(&state.is_armed, true);
}

void
tty_restore_disarm(void)
{
    const stack_t no_stack = {.ss_flags = SS_DISABLE};

    if (!atomic_exchange(&state.is_armed, false)) {
        return;
    }
    for (size_t i = 0; i < FATAL_COUNT; i++) {
        (void)sigaction(fatal_signals[i], &state.before[i], NULL);
    }
    if (state.has_stack) {
        (void)sigaltstack(&no_stack, NULL);
        state.has_stack = false;
    }
}
