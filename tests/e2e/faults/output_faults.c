// SPDX-License-Identifier: Apache-2.0
/*
 * A library to be preloaded: what an output is written with fails, or ends the
 * process, where the environment says so.
 *
 *     OUTPUT_FAULT="fsync 9 0"    the first fsync raises signal 9
 *     OUTPUT_FAULT="rename 0 5"   the first rename fails with errno 5
 *
 * Only writes to files that are being made count (what is written elsewhere
 * goes through).
 */
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static atomic_flag was_hit = ATOMIC_FLAG_INIT;

/* Whether the call is to fail, with errno set. */
static int
is_hit(const char *name)
{
    const char *fault = getenv("OUTPUT_FAULT");
    char wanted[16] = "";
    int number = 0;
    int reason = 0;

    if (fault == NULL
        || sscanf(fault, "%15s %d %d", wanted, &number, &reason) != 3
        || strcmp(wanted, name) != 0 || atomic_flag_test_and_set(&was_hit)) {
        return 0;
    }
    if (number != 0) {
        (void)kill(getpid(), number);
    }
    errno = reason;
    return reason != 0;
}

int
fsync(int fd)
{
    int (*next)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");

    return is_hit("fsync") ? -1 : next(fd);
}

int
rename(const char *from, const char *to)
{
    int (*next)(const char *, const char *) =
        (int (*)(const char *, const char *))dlsym(RTLD_NEXT, "rename");

    return is_hit("rename") ? -1 : next(from, to);
}

ssize_t
write(int fd, const void *data, size_t size)
{
    ssize_t (*next)(int, const void *, size_t) =
        (ssize_t(*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
    struct stat status;

    return fstat(fd, &status) == 0 && S_ISREG(status.st_mode)
                   && status.st_nlink == 1 && is_hit("write")
               ? -1
               : next(fd, data, size);
}
