// SPDX-License-Identifier: Apache-2.0
#include "tui/shell_pipe.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/error.h"
#include "tui/foreground.h"

static const char *
find_shell(void)
{
    const char *shell = getenv("SHELL");

    return shell != NULL && shell[0] == '/' ? shell : "/bin/sh";
}

/* -1 = there is none. The caller closes. */
static int
make_input(const char *text, size_t size, struct error *err)
{
    int fd = memfd_create("viztracer-pipe", MFD_CLOEXEC);

    while (fd >= 0 && size > 0) {
        ssize_t written = write(fd, text, size);

        if (written > 0) {
            text += written;
            size -= (size_t)written;
        } else if (errno != EINTR) {
            (void)close(fd);
            fd = -1;
        }
    }
    if (fd < 0 || lseek(fd, 0, SEEK_SET) != 0) {
        (void)error_set_system(err, errno, "cannot make a file in memory");
    }
    return fd;
}

bool
shell_pipe_run(const char *command, const char *text, size_t size,
               const struct tty *tty, const struct tty_signals *signals,
               int *signal, struct error *err)
{
    char *const no_arguments[] = {NULL};
    struct foreground foreground = {tty, -1, make_input(text, size, err),
                                    signals};
    bool is_ok;

    *signal = 0;
    if (foreground.stdin_fd < 0) {
        return false;
    }
    is_ok = foreground_run(&foreground, find_shell(), command, no_arguments,
                           command, signal, err);
    if (*signal == 0) {
        foreground_wait_for_enter(&foreground, signal);
    }
    (void)close(foreground.stdin_fd);
    return is_ok;
}
