// SPDX-License-Identifier: Apache-2.0
#include "support/failing_malloc.h"

#include <errno.h>
#include <stddef.h>

static _Thread_local bool is_armed;
static _Thread_local bool has_failed;
static _Thread_local unsigned successes_left;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)

bool
failing_malloc_arm(unsigned successes)
{
    successes_left = successes;
    return false;
}

#else

bool
failing_malloc_arm(unsigned successes)
{
    successes_left = successes;
    has_failed = false;
    is_armed = true;
    return true;
}

/* What glibc calls its own allocator; its names are not ours to choose. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *data, size_t size);
void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void *realloc(void *data, size_t size);

static bool
must_fail(void)
{
    if (!is_armed) {
        return false;
    }
    if (successes_left > 0) {
        successes_left--;
        return false;
    }
    is_armed = false;
    has_failed = true;
    errno = ENOMEM;
    return true;
}

void *
malloc(size_t size)
{
    return must_fail() ? NULL : __libc_malloc(size);
}

void *
calloc(size_t count, size_t size)
{
    return must_fail() ? NULL : __libc_calloc(count, size);
}

void *
realloc(void *data, size_t size)
{
    return must_fail() ? NULL : __libc_realloc(data, size);
}

#endif

bool
failing_malloc_disarm(void)
{
    is_armed = false;
    return has_failed;
}
