// SPDX-License-Identifier: Apache-2.0
#include "tui/foreground.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "tui/tty.h"
#include "tui/tty_signals.h"

enum {
    STATUS_NOT_FOUND = 127, /* of a shell: there is no such command */
    ARGUMENTS_MAX = 2,
};

/* In the child: the terminal, where a standard stream is something else. */
static bool
take_terminal(const struct foreground *foreground)
{
    char path[sizeof "/proc/self/fd/" + 12];
    int fd;

    if (foreground->stderr_fd >= 0) {
        (void)dup2(foreground->stderr_fd, STDERR_FILENO);
    }
    if (foreground->stdin_fd >= 0
        && dup2(foreground->stdin_fd, STDIN_FILENO) != STDIN_FILENO) {
        return false;
    }
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", foreground->tty->fd);
    fd = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (fd < 0) {
        fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
    }
    for (int i = foreground->stdin_fd >= 0 ? STDOUT_FILENO : STDIN_FILENO;
         i <= STDERR_FILENO; i++) {
        if (!isatty(i) && dup2(fd, i) != i) {
            return false;
        }
    }
    return true;
}

/* In the child. Only the user's own words are text for the shell, and "$@"
 * stands for the arguments, whatever is in them. */
static void
become(const struct foreground *foreground, const char *shell,
       const char *command, char *const *arguments)
{
    char *argv[4 + ARGUMENTS_MAX + 1] = {(char *)(size_t)shell, "-c",
                                         (char *)(size_t)command, "sh"};

    for (size_t i = 0; i < ARGUMENTS_MAX && arguments[i] != NULL; i++) {
        argv[4 + i] = arguments[i];
    }
    tty_signals_restore_in_child(foreground->signals);
    if (take_terminal(foreground)) {
        (void)execv(shell, argv);
    }
    _exit(STATUS_NOT_FOUND);
}

/* Stop together with the program, and go on together. */
static void
stop_with(pid_t pid, const struct tty_signals *signals)
{
    (void)tty_signals_stop(signals, false);
    (void)kill(pid, SIGCONT);
}

/* Look at what became of it. True when it has ended. */
static bool
has_ended(pid_t pid, int *status, const struct tty_signals *signals)
{
    pid_t found;

    while ((found = waitpid(pid, status, WNOHANG | WUNTRACED)) != 0) {
        if (found < 0 && errno == EINTR) {
            continue;
        }
        if (found < 0 || !WIFSTOPPED(*status)) {
            return true;
        }
        stop_with(pid, signals);
    }
    return false;
}

/* Wait for its end. What the keyboard sends is meant for it; what somebody
 * sends to us goes on to it. */
static int
wait_for(pid_t pid, const struct tty_signals *signals, int *signal)
{
    int status = 0;

    *signal = 0;
    while (!has_ended(pid, &status, signals)) {
        struct pollfd wait = {.fd = signals->fd, .events = POLLIN};
        int number;

        (void)poll(&wait, 1, -1);
        while ((number = tty_signals_read(signals)) != 0) {
            if (number == SIGTERM || number == SIGHUP) {
                *signal = number;
                (void)kill(pid, number);
            }
        }
    }
    return status;
}

/* Drop what the keyboard sent while the program ran. */
static void
discard_keys(const struct tty_signals *signals, int *signal)
{
    int number;

    while ((number = tty_signals_read(signals)) != 0) {
        if (number == SIGTERM || number == SIGHUP) {
            *signal = number;
        }
    }
}

static bool
check_end(int status, const char *name, struct error *err)
{
    if (WIFSIGNALED(status)) {
        return error_set(err, ERROR_SYSTEM, "%s ended: %s", name,
                         strsignal(WTERMSIG(status)));
    }
    return WEXITSTATUS(status) == 0
           || error_set(err, ERROR_SYSTEM, "%s ended with status %d", name,
                        WEXITSTATUS(status));
}

bool
foreground_run(const struct foreground *foreground, const char *shell,
               const char *command, char *const *arguments, const char *name,
               int *signal, struct error *err)
{
    pid_t pid;
    int status;

    *signal = 0;
    (void)fflush(NULL);
    pid = fork();
    if (pid == 0) {
        become(foreground, shell, command, arguments);
    }
    if (pid < 0) {
        return error_set_system(err, errno, "cannot make a process");
    }
    status = wait_for(pid, foreground->signals, signal);
    discard_keys(foreground->signals, signal);
    return check_end(status, name, err);
}

/* Take the signals that came; true when one of them ends the waiting. */
static bool
is_interrupted(const struct tty_signals *signals, int *signal)
{
    bool is_over = false;
    int number;

    while ((number = tty_signals_read(signals)) != 0) {
        if (number == SIGTERM || number == SIGHUP) {
            *signal = number;
        }
        is_over |= number == SIGINT || *signal != 0;
    }
    return is_over;
}

/* Take what was typed; true when a line ended, or nothing can be typed. */
static bool
has_line(const struct tty *tty)
{
    char bytes[256];
    ssize_t size = read(tty->fd, bytes, sizeof bytes);

    if (size < 0) {
        return errno != EINTR && errno != EAGAIN;
    }
    return size == 0 || memchr(bytes, '\n', (size_t)size) != NULL;
}

void
foreground_wait_for_enter(const struct foreground *foreground, int *signal)
{
    static const char words[] = "\r\n[Enter goes back to the trace] ";
    struct pollfd waits[] = {
        {.fd = foreground->tty->fd, .events = POLLIN},
        {.fd = foreground->signals->fd, .events = POLLIN},
    };

    (void)!write(foreground->tty->fd, words, sizeof words - 1);
    for (bool is_over = false; !is_over && *signal == 0;) {
        (void)poll(waits, 2, -1);
        is_over = (waits[1].revents != 0
                   && is_interrupted(foreground->signals, signal))
                  || (waits[0].revents != 0 && has_line(foreground->tty));
    }
}
