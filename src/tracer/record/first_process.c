// SPDX-License-Identifier: Apache-2.0
/* Let only one process of a recording record. */
#include "tracer/record/first_process.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/os.h"

enum { IDENTITY_SIZE = 64 };

static void
identify(char identity[IDENTITY_SIZE])
{
    (void)snprintf(identity, IDENTITY_SIZE, "%" PRIu64 " %d %" PRIu64 "\n",
                   os_pid_namespace(), (int)getpid(),
                   os_process_start(getpid()));
}

/* An exec later, the file is our own. One that is still empty is another's. */
static bool
is_ours(const char *path, bool *is_first, struct error *err)
{
    char identity[IDENTITY_SIZE];
    char found[IDENTITY_SIZE] = "";
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

    if (fd < 0) {
        return error_set_system(err, errno, "cannot read %s", path);
    }
    (void)os_read_at(fd, found, sizeof found - 1, 0);
    (void)close(fd);
    identify(identity);
    *is_first = strcmp(found, identity) == 0;
    return true;
}

bool
first_process_claim(const char *directory, bool *is_first, struct error *err)
{
    char path[PATH_MAX];
    char identity[IDENTITY_SIZE];
    int length =
        snprintf(path, sizeof path, "%s/%s", directory, FIRST_PROCESS_NAME);
    int errnum;
    int fd;

    if (length < 0 || (size_t)length >= sizeof path) {
        return error_set(err, ERROR_USAGE,
                         "%s: the name of the recording directory is too long",
                         directory);
    }
    fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0) {
        return errno == EEXIST
                   ? is_ours(path, is_first, err)
                   : error_set_system(err, errno, "cannot make %s", path);
    }
    identify(identity);
    errnum = os_write_at(fd, identity, strlen(identity), 0);
    (void)close(fd);
    *is_first = errnum == 0;
    return errnum == 0
           || error_set_system(err, errnum, "cannot write %s", path);
}
