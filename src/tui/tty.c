// SPDX-License-Identifier: Apache-2.0
#include "tui/tty.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/number_parse.h"

enum {
    USUAL_WIDTH = 80,
    USUAL_HEIGHT = 24,
    SIDE_MAX = 10000, /* of a screen */
    NS_PER_MS = 1000000,
};

/* A descriptor of our own for the terminal behind fd. */
static int
reopen(int fd)
{
    char path[sizeof "/proc/self/fd/" + 12];

    if (!isatty(fd)) {
        return -1;
    }
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    return open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
}

bool
tty_open(struct tty *tty, struct error *err)
{
    static const int candidates[] = {STDOUT_FILENO, STDIN_FILENO,
                                     STDERR_FILENO};

    *tty = TTY_CLOSED;
    for (size_t i = 0; i < 3 && tty->fd < 0; i++) {
        tty->fd = reopen(candidates[i]);
    }
    if (tty->fd < 0) {
        /* Also when the terminal belongs to another user, as behind su. */
        tty->fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    }
    if (tty->fd < 0) {
        return error_set(err, ERROR_UNSUPPORTED, "there is no terminal");
    }
    if (tcgetattr(tty->fd, &tty->saved) != 0) {
        (void)error_set_system(err, errno, "cannot use the terminal");
        tty_close(tty);
        return false;
    }
    return true;
}

void
tty_close(struct tty *tty)
{
    if (tty->fd >= 0) {
        (void)close(tty->fd);
    }
    buffer_release(&tty->pending);
    *tty = TTY_CLOSED;
}

bool
tty_is_ours(const struct tty *tty)
{
    pid_t group = tcgetpgrp(tty->fd);

    /* When it is not our controlling terminal there are no jobs on it. */
    return group == getpgrp() || (group < 0 && errno == ENOTTY);
}

void
tty_wait_for_turn(const struct tty *tty)
{
    /* Changes nothing; from the background it sends us SIGTTOU, unless nobody
     * would continue us. */
    (void)tcsetattr(tty->fd, TCSANOW, &tty->saved);
}

/* Nobody starts a program with a terminal like this: a viewer that was killed
 * has left it so. Then the usual modes are those to go back to. */
static void
mend_saved_modes(struct termios *modes)
{
    if ((modes->c_lflag & (ICANON | ECHO | ISIG | IEXTEN)) == 0
        && (modes->c_oflag & OPOST) == 0) {
        modes->c_iflag |= BRKINT | ICRNL | IXON;
        modes->c_oflag |= OPOST | ONLCR;
        modes->c_lflag |= ICANON | ECHO | ECHOE | ECHOK | ISIG | IEXTEN;
    }
}

bool
tty_make_raw(struct tty *tty, struct error *err)
{
    struct termios modes;

    mend_saved_modes(&tty->saved);
    modes = tty->saved;
    modes.c_iflag &= ~(tcflag_t)(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR
                                 | IGNCR | ICRNL | IXON | IXOFF);
    modes.c_oflag &= ~(tcflag_t)OPOST;
    modes.c_cflag |= CS8;
    modes.c_lflag &=
        ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG | IEXTEN | TOSTOP);
    modes.c_cc[VMIN] = 1;
    modes.c_cc[VTIME] = 0;
    if (tcsetattr(tty->fd, TCSANOW, &modes) != 0) {
        if (errno != EIO) {
            return error_set_system(err, errno, "cannot use the terminal");
        }
        tty->is_lost = true;
    }
    tty->is_raw = true;
    return true;
}

void
tty_restore(struct tty *tty)
{
    /* From the background this would stop us. */
    if (tty->is_raw && !tty->is_lost && tty_is_ours(tty)) {
        (void)tcsetattr(tty->fd, TCSANOW, &tty->saved);
    }
    tty->is_raw = false;
}

static unsigned
side_of_variable(const char *variable, unsigned otherwise)
{
    const char *text = getenv(variable);
    uint64_t value;

    return text != NULL && number_parse_u64(text, &value) && value > 0
                   && value <= SIDE_MAX
               ? (unsigned)value
               : otherwise;
}

void
tty_size(const struct tty *tty, unsigned *width, unsigned *height)
{
    struct winsize window = {0};

    if (ioctl(tty->fd, TIOCGWINSZ, &window) == 0 && window.ws_col > 0
        && window.ws_row > 0) {
        *width = window.ws_col < SIDE_MAX ? window.ws_col : SIDE_MAX;
        *height = window.ws_row < SIDE_MAX ? window.ws_row : SIDE_MAX;
        return;
    }
    *width = side_of_variable("COLUMNS", USUAL_WIDTH);
    *height = side_of_variable("LINES", USUAL_HEIGHT);
}

size_t
tty_read(struct tty *tty, char *bytes, size_t size)
{
    ssize_t count;

    if (tty->is_lost) {
        return 0;
    }
    do {
        count = read(tty->fd, bytes, size);
    } while (count < 0 && errno == EINTR);
    if (count == 0 || (count < 0 && errno != EAGAIN)) {
        tty->is_lost = true; /* hung up */
    }
    return count > 0 ? (size_t)count : 0;
}

bool
tty_is_pending(const struct tty *tty)
{
    return tty->sent < tty->pending.size && !tty->is_lost;
}

void
tty_flush(struct tty *tty)
{
    while (tty_is_pending(tty)) {
        ssize_t count = write(tty->fd, tty->pending.data + tty->sent,
                              tty->pending.size - tty->sent);

        if (count > 0) {
            tty->sent += (size_t)count;
        } else if (count < 0 && errno == EAGAIN) {
            return;
        } else if (count == 0 || errno != EINTR) {
            tty->is_lost = true;
        }
    }
    buffer_clear(&tty->pending);
    tty->sent = 0;
}

void
tty_write(struct tty *tty, const char *bytes, size_t size)
{
    if (!tty->is_lost) {
        buffer_append(&tty->pending, bytes, size);
        tty_flush(tty);
    }
}

void
tty_drain(struct tty *tty, int timeout_ms)
{
    uint64_t end_ns = clock_monotonic_ns() + (uint64_t)timeout_ms * NS_PER_MS;

    tty_flush(tty);
    while (tty_is_pending(tty)) {
        struct pollfd wait = {.fd = tty->fd, .events = POLLOUT};
        uint64_t now_ns = clock_monotonic_ns();

        if (now_ns >= end_ns
            || (poll(&wait, 1, (int)((end_ns - now_ns) / NS_PER_MS) + 1) < 0
                && errno != EINTR)) {
            return;
        }
        tty_flush(tty);
    }
}
