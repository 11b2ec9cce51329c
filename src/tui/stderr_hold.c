// SPDX-License-Identifier: Apache-2.0
#include "tui/stderr_hold.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"

void
stderr_hold_init(struct stderr_hold *hold)
{
    hold->original_fd = -1;
    hold->read_fd = -1;
    hold->size = 0;
}

bool
stderr_hold_begin(struct stderr_hold *hold, struct error *err)
{
    int fds[2];

    stderr_hold_init(hold);
    if (!isatty(STDERR_FILENO)) {
        return true;
    }
    if (pipe2(fds, O_CLOEXEC | O_NONBLOCK) != 0) {
        return error_set_system(err, errno, "cannot make a pipe");
    }
    hold->read_fd = fds[0];
    hold->original_fd = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    if (hold->original_fd < 0) {
        (void)error_set_system(err, errno, "cannot hold standard error");
        (void)close(fds[0]);
        (void)close(fds[1]);
        stderr_hold_init(hold);
        return false;
    }
    (void)dup2(fds[1], STDERR_FILENO);
    (void)close(fds[1]);
    return true;
}

/* Bytes of UTF-8 stay; a single byte cannot be more than a question mark,
 * since nothing may be allocated here. */
static void
clean(char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        bool is_c1 = i > 0 && (unsigned char)bytes[i - 1] == 0xC2
                     && byte >= 0x80 && byte <= 0x9F;

        if ((byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7F
            || is_c1) {
            bytes[i] = '?';
        }
    }
}

void
stderr_hold_look(struct stderr_hold *hold)
{
    ssize_t size = 1;

    while (hold->read_fd >= 0 && hold->size < STDERR_HOLD_SIZE && size > 0) {
        size = read(hold->read_fd, hold->text + hold->size,
                    STDERR_HOLD_SIZE - hold->size);
        hold->size += size > 0 ? (size_t)size : 0;
    }
}

static void
write_clean(const char *text, size_t size)
{
    char bytes[4096];

    while (size > 0) {
        size_t part = size < sizeof bytes ? size : sizeof bytes;

        memcpy(bytes, text, part);
        clean(bytes, part);
        (void)!write(STDERR_FILENO, bytes, part);
        text += part;
        size -= part;
    }
}

void
stderr_hold_give_back(const struct stderr_hold *hold)
{
    char bytes[4096];
    ssize_t size;

    if (hold->original_fd < 0) {
        return;
    }
    (void)dup2(hold->original_fd, STDERR_FILENO);
    write_clean(hold->text, hold->size);
    while ((size = read(hold->read_fd, bytes, sizeof bytes)) > 0) {
        write_clean(bytes, (size_t)size);
    }
}

void
stderr_hold_end(struct stderr_hold *hold)
{
    stderr_hold_give_back(hold);
    if (hold->original_fd >= 0) {
        (void)close(hold->original_fd);
        (void)close(hold->read_fd);
    }
    stderr_hold_init(hold);
}
