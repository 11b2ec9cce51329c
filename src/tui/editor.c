// SPDX-License-Identifier: Apache-2.0
#include "tui/editor.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/error.h"
#include "tui/tty.h"
#include "tui/tty_signals.h"

enum {
    STATUS_NOT_FOUND = 127, /* of a shell: there is no such command */
    LINE_SIZE = 16,
};

/* The user's own words, which may have options and quotes in them. */
static const char *
find_editor(void)
{
    static const char *const variables[] = {"VISUAL", "EDITOR"};

    for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++) {
        const char *editor = getenv(variables[i]);

        if (editor != NULL && editor[strspn(editor, " \t")] != '\0') {
            return editor;
        }
    }
    return "vi";
}

static bool
check_path(const char *path, struct error *err)
{
    struct stat status;

    if (stat(path, &status) != 0) {
        return error_set_system(err, errno, "cannot edit %s", path);
    }
    if (!S_ISREG(status.st_mode)) {
        return error_set(err, ERROR_BAD_INPUT, "%s is no file to edit", path);
    }
    return true;
}

/* In the child: the terminal, where a standard stream is something else. */
static bool
take_terminal(const struct tty *tty, int stderr_fd)
{
    char path[sizeof "/proc/self/fd/" + 12];
    int fd;

    if (stderr_fd >= 0) {
        (void)dup2(stderr_fd, STDERR_FILENO);
    }
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", tty->fd);
    fd = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (fd < 0) {
        fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
    }
    for (int i = STDIN_FILENO; i <= STDERR_FILENO; i++) {
        if (!isatty(i) && dup2(fd, i) != i) {
            return false;
        }
    }
    return true;
}

/*
 * In the child. Only the user's own words are text for the shell, and "$@"
 * stands for the arguments, whatever is in them.
 */
static void
become(const char *command, char *const *arguments, const struct tty *tty,
       int stderr_fd, const struct tty_signals *signals)
{
    char *argv[7] = {"sh", "-c", (char *)(size_t)command, "sh"};

    for (size_t i = 0; i < 2 && arguments[i] != NULL; i++) {
        argv[4 + i] = arguments[i];
    }
    tty_signals_restore_in_child(signals);
    if (take_terminal(tty, stderr_fd)) {
        (void)execv("/bin/sh", argv);
    }
    _exit(STATUS_NOT_FOUND);
}

/* Stop together with the editor, and go on together. */
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

/* Drop what the keyboard sent while the editor ran. */
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
check_end(int status, const char *editor, struct error *err)
{
    if (WIFSIGNALED(status)) {
        return error_set(err, ERROR_SYSTEM, "%s ended: %s", editor,
                         strsignal(WTERMSIG(status)));
    }
    return WEXITSTATUS(status) == 0
           || error_set(err, ERROR_SYSTEM, "%s ended with status %d", editor,
                        WEXITSTATUS(status));
}

bool
editor_run(const char *path, unsigned line, const struct tty *tty,
           int stderr_fd, const struct tty_signals *signals, int *signal,
           struct error *err)
{
    const char *editor = find_editor();
    char line_text[LINE_SIZE];
    struct buffer command = {0};
    struct buffer file = {0};
    char *arguments[3] = {NULL};
    size_t count = 0;
    pid_t pid = -1;
    bool is_ok = false;

    *signal = 0;
    buffer_append_format(&command, "%s \"$@\"", editor);
    /* "-c", "+x": a name like this is no option when it is a path. */
    buffer_append_format(&file, "%s%s", path[0] == '/' ? "" : "./", path);
    (void)snprintf(line_text, sizeof line_text, "+%u", line);
    if (line > 0) {
        arguments[count++] = line_text;
    }
    arguments[count] = file.data;
    if (!buffer_is_ok(&command) || !buffer_is_ok(&file)) {
        (void)error_set_no_memory(err);
    } else if (check_path(file.data, err)) {
        (void)fflush(NULL);
        pid = fork();
        if (pid == 0) {
            become(command.data, arguments, tty, stderr_fd, signals);
        }
        if (pid < 0) {
            (void)error_set_system(err, errno, "cannot make a process");
        }
    }
    if (pid > 0) {
        int status = wait_for(pid, signals, signal);

        discard_keys(signals, signal);
        is_ok = check_end(status, editor, err);
    }
    buffer_release(&command);
    buffer_release(&file);
    return is_ok;
}
