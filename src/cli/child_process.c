// SPDX-License-Identifier: Apache-2.0
/*
 * The parent sleeps in sigwaitinfo. Every change of the child arrives there
 * as SIGCHLD, everything for the child as the signal itself.
 */
#include "cli/child_process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"
#include "base/os.h"
#include "cli/launcher_signals.h"

/* The terminal's modes before the program ran. */
struct saved_terminal {
    int fd; /* -1 = no standard stream is a terminal */
    struct termios modes;
};

static struct saved_terminal
save_terminal(void)
{
    struct saved_terminal terminal = {.fd = -1};

    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (tcgetattr(fd, &terminal.modes) == 0) {
            terminal.fd = fd;
            break;
        }
    }
    return terminal;
}

static bool
are_same_modes(const struct termios *a, const struct termios *b)
{
    return a->c_iflag == b->c_iflag && a->c_oflag == b->c_oflag
           && a->c_cflag == b->c_cflag && a->c_lflag == b->c_lflag
           && memcmp(a->c_cc, b->c_cc, sizeof a->c_cc) == 0
           && cfgetispeed(a) == cfgetispeed(b)
           && cfgetospeed(a) == cfgetospeed(b);
}

/* Only in the foreground: the terminal may be somebody else's by now, and
 * setting it from the background would stop us. */
static void
restore_terminal(const struct saved_terminal *terminal)
{
    struct termios modes;

    if (terminal->fd >= 0 && tcgetpgrp(terminal->fd) == getpgrp()
        && tcgetattr(terminal->fd, &modes) == 0
        && !are_same_modes(&modes, &terminal->modes)) {
        (void)tcsetattr(terminal->fd, TCSADRAIN, &terminal->modes);
    }
}

/* In the child. Tells the parent through fd why it could not start. */
static void
become(const char *path, char *const *arguments, char *const *environment,
       const struct launcher_signals *signals, int fd)
{
    int reason;

    launcher_signals_restore_in_child(signals);
    (void)execve(path, arguments, environment);
    reason = errno;
    (void)!write(fd, &reason, sizeof reason);
    _exit(127);
}

/* What the child writes when it cannot start; nothing when it could. */
static int
read_exec_errno(int fd)
{
    int reason = 0;
    ssize_t size;

    do {
        size = read(fd, &reason, sizeof reason);
    } while (size < 0 && errno == EINTR);
    return size == (ssize_t)sizeof reason ? reason : 0;
}

/* Whether a shell may be waiting to hear that its job has stopped. Without a
 * terminal nobody would continue us when the child alone is continued. */
static bool
has_job_control(const struct child_process *child)
{
    int fd = open("/dev/tty", O_RDONLY | O_NOCTTY | O_CLOEXEC);

    if (fd < 0) {
        return false;
    }
    (void)close(fd);
    return getpgid(child->pid) == getpgrp();
}

/* Stop by this signal, until somebody continues us. */
static void
stop_ourselves(int stop_signal)
{
    const struct sigaction usual = {.sa_handler = SIG_DFL};
    const struct timespec no_time = {0};
    struct sigaction before;
    sigset_t only;
    sigset_t mask;

    (void)sigemptyset(&only);
    (void)sigaddset(&only, stop_signal);
    (void)sigaction(stop_signal, &usual, &before);
    /* While it is still blocked: the terminal may have sent us the same one,
     * and the two must stop us once. */
    (void)kill(getpid(), stop_signal);
    (void)sigprocmask(SIG_UNBLOCK, &only, &mask);
    (void)sigprocmask(SIG_SETMASK, &mask, NULL);
    (void)sigaction(stop_signal, &before, NULL);
    /* What woke us is not for the child: see the caller. */
    (void)sigemptyset(&only);
    (void)sigaddset(&only, SIGCONT);
    (void)sigtimedwait(&only, NULL, &no_time);
}

/* Stop as the child was stopped, and let it go on when somebody lets us. The
 * shell continues the whole group; then it is running already. */
static void
stop_with(const struct child_process *child)
{
    siginfo_t info = {0};

    if (!has_job_control(child)) {
        return;
    }
    stop_ourselves(WSTOPSIG(child->wait_status));
    if (waitid(P_PID, (id_t)child->pid, &info, WCONTINUED | WNOHANG) == 0
        && info.si_pid == child->pid) {
        return;
    }
    (void)kill(child->pid, SIGCONT);
}

/* Look at what became of the child. True when it has ended. */
static bool
has_ended(struct child_process *child)
{
    int status;
    pid_t pid;

    while ((pid = waitpid(child->pid, &status, WNOHANG | WUNTRACED)) != 0) {
        if (pid < 0) {
            if (errno == EINTR) {
                continue;
            }
            return true; /* cannot happen: it is our child, not waited for */
        }
        child->wait_status = status;
        if (!WIFSTOPPED(status)) {
            return true;
        }
        stop_with(child);
    }
    return false;
}

/* Pass on what was sent to us alone. What the kernel sends (a key, or a hangup
 * when the shell is gone) goes to the whole process group, so the child has it
 * already; but of a hangup it tells only the leader of the session. */
static void
forward(const struct child_process *child, const siginfo_t *info)
{
    switch (info->si_signo) {
    case SIGHUP:
        if (info->si_code != SI_KERNEL || getsid(0) == getpid()) {
            (void)kill(child->pid, SIGHUP);
        }
        break;
    case SIGTERM:
    case SIGUSR1:
    case SIGUSR2:
    case SIGCONT:
        if (info->si_code != SI_KERNEL) {
            (void)kill(child->pid, info->si_signo);
        }
        break;
    default: /* SIGCHLD, and the keys: SIGINT, SIGQUIT, SIGTSTP */
        break;
    }
}

static void
wait_for(struct child_process *child, const struct launcher_signals *signals)
{
    do {
        siginfo_t info = {0};

        if (sigwaitinfo(&signals->held, &info) > 0) {
            forward(child, &info);
        }
    } while (!has_ended(child));
}

bool
child_process_run(struct child_process *child, const char *path,
                  char *const *arguments, char *const *environment,
                  const struct launcher_signals *signals, struct error *err)
{
    const struct saved_terminal terminal = save_terminal();
    int fds[2];

    *child = (struct child_process){0};
    if (pipe2(fds, O_CLOEXEC) != 0) {
        return error_set_system(err, errno, "cannot make a pipe");
    }
    (void)fflush(NULL);
    child->pid = fork();
    if (child->pid == 0) {
        become(path, arguments, environment, signals, fds[1]);
    }
    (void)close(fds[1]);
    if (child->pid < 0) {
        (void)close(fds[0]);
        return error_set_system(err, errno, "cannot make a process");
    }
    child->exec_errno = read_exec_errno(fds[0]);
    (void)close(fds[0]);
    wait_for(child, signals);
    restore_terminal(&terminal);
    return true;
}
