// SPDX-License-Identifier: Apache-2.0
#include "cli/input_spool.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "base/array.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/os.h"
#include "import/temporary_file.h"

enum {
    READ_SIZE = 256 * 1024,
    NS_PER_MS = 1000000,
    NS_PER_SECOND = 1000000000,
};

struct input_spool {
    const char *name;
    char path[32];
    bool needs_writer; /* of the thread: none was seen yet */
    int from;          /* of the thread; -1 = it was closed */
    int to;            /* the file */
    int stopper;       /* readable when the thread is to end */
    pthread_t thread;
    bool has_thread;
    char *data; /* owned; of the thread */
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    /* With the mutex: */
    uint64_t size;
    bool has_ended;
    struct error failure;
};

/* The time on the clock of the condition. */
static struct timespec
time_in_ms(unsigned ms)
{
    uint64_t ns = clock_monotonic_ns() + (uint64_t)ms * NS_PER_MS;

    return (struct timespec){.tv_sec = (time_t)(ns / NS_PER_SECOND),
                             .tv_nsec = (long)(ns % NS_PER_SECOND)};
}

static void
add_size(struct input_spool *spool, uint64_t size)
{
    (void)pthread_mutex_lock(&spool->mutex);
    spool->size += size;
    (void)pthread_cond_broadcast(&spool->changed);
    (void)pthread_mutex_unlock(&spool->mutex);
}

static void
fail_reading(struct input_spool *spool, int errnum)
{
    (void)pthread_mutex_lock(&spool->mutex);
    (void)error_set_system(&spool->failure, errnum, "cannot read %s",
                           spool->name);
    (void)pthread_mutex_unlock(&spool->mutex);
}

static void
fail_writing(struct input_spool *spool, int errnum)
{
    (void)pthread_mutex_lock(&spool->mutex);
    (void)error_set_system(&spool->failure, errnum,
                           "cannot put %s aside in a temporary file, after "
                           "%llu bytes (set TMPDIR to use another folder)",
                           spool->name, (unsigned long long)spool->size);
    (void)pthread_mutex_unlock(&spool->mutex);
}

/* Nothing came, and nobody is there who could send something. */
static void
fail_without_writer(struct input_spool *spool)
{
    (void)pthread_mutex_lock(&spool->mutex);
    (void)error_set(&spool->failure, ERROR_BAD_INPUT,
                    "%s: is a pipe that nobody writes to: start what writes "
                    "to it first, or give it as standard input: - < %s",
                    spool->name, spool->name);
    (void)pthread_mutex_unlock(&spool->mutex);
}

/* False when there is nothing more to come. */
static bool
put_aside(struct input_spool *spool)
{
    ssize_t size = read(spool->from, spool->data, READ_SIZE);
    int errnum;

    if (size < 0) {
        errnum = errno;
        if (errnum == EAGAIN) {
            spool->needs_writer = false; /* there is one, who takes time */
        }
        if (errnum == EAGAIN || errnum == EINTR) {
            return true;
        }
        fail_reading(spool, errnum);
        return false;
    }
    if (size == 0) {
        if (spool->needs_writer && spool->size == 0) {
            fail_without_writer(spool);
        }
        return false;
    }
    errnum = os_write_at(spool->to, spool->data, (size_t)size, spool->size);
    if (errnum != 0) {
        fail_writing(spool, errnum);
        return false;
    }
    add_size(spool, (uint64_t)size);
    return true;
}

static void *
run(void *context)
{
    struct input_spool *spool = context;
    bool goes_on = true;

    while (goes_on) {
        struct pollfd polls[] = {
            {.fd = spool->from, .events = POLLIN},
            {.fd = spool->stopper, .events = POLLIN},
        };

        if (poll(polls, 2, spool->needs_writer && spool->size == 0 ? 0 : -1)
            < 0) {
            goes_on = errno == EINTR;
        } else {
            goes_on = polls[1].revents == 0 && put_aside(spool);
        }
    }
    (void)close(spool->from);
    (void)pthread_mutex_lock(&spool->mutex);
    spool->from = -1;
    spool->has_ended = true;
    (void)pthread_cond_broadcast(&spool->changed);
    (void)pthread_mutex_unlock(&spool->mutex);
    return NULL;
}

static bool
make_condition(struct input_spool *spool)
{
    pthread_condattr_t attributes;
    bool is_ok = pthread_condattr_init(&attributes) == 0;

    is_ok = is_ok
            && pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0
            && pthread_cond_init(&spool->changed, &attributes) == 0;
    return is_ok && pthread_mutex_init(&spool->mutex, NULL) == 0;
}

static bool
start(struct input_spool *spool, struct error *err)
{
    sigset_t all;
    sigset_t mask;
    int reason;

    spool->data = array_new(READ_SIZE, 1, err);
    if (spool->data == NULL) {
        return false;
    }
    spool->stopper = eventfd(0, EFD_CLOEXEC);
    if (spool->stopper < 0 || !make_condition(spool)) {
        return error_set_system(err, errno, "cannot wait for %s", spool->name);
    }
    spool->to = temporary_file_make(err);
    if (spool->to < 0) {
        return false;
    }
    (void)snprintf(spool->path, sizeof spool->path, "/proc/self/fd/%d",
                   spool->to);
    /* Signals are for the thread that waits for them. */
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &mask);
    reason = pthread_create(&spool->thread, NULL, run, spool);
    (void)pthread_sigmask(SIG_SETMASK, &mask, NULL);
    if (reason != 0) {
        return error_set_system(err, reason, "cannot make a thread");
    }
    spool->has_thread = true;
    return true;
}

bool
input_spool_open(struct input_spool **out, int fd, const char *name,
                 bool needs_writer, struct error *err)
{
    struct input_spool *spool = array_new(1, sizeof *spool, err);

    if (spool == NULL) {
        (void)close(fd);
        return false;
    }
    spool->name = name;
    spool->needs_writer = needs_writer;
    spool->from = fd;
    spool->to = -1;
    spool->stopper = -1;
    if (!start(spool, err)) {
        input_spool_close(spool);
        return false;
    }
    *out = spool;
    return true;
}

const char *
input_spool_path(const struct input_spool *spool)
{
    return spool->path;
}

uint64_t
input_spool_size(struct input_spool *spool)
{
    uint64_t size;

    (void)pthread_mutex_lock(&spool->mutex);
    size = spool->size;
    (void)pthread_mutex_unlock(&spool->mutex);
    return size;
}

bool
input_spool_has_ended(struct input_spool *spool)
{
    bool has_ended;

    (void)pthread_mutex_lock(&spool->mutex);
    has_ended = spool->has_ended;
    (void)pthread_mutex_unlock(&spool->mutex);
    return has_ended;
}

void
input_spool_wait(struct input_spool *spool, uint64_t size, unsigned patience_ms)
{
    const struct timespec end = time_in_ms(patience_ms);
    int reason = 0;

    (void)pthread_mutex_lock(&spool->mutex);
    while (!spool->has_ended && spool->size == size && reason != ETIMEDOUT) {
        reason = pthread_cond_timedwait(&spool->changed, &spool->mutex, &end);
    }
    (void)pthread_mutex_unlock(&spool->mutex);
}

void
input_spool_stop(struct input_spool *spool)
{
    const uint64_t one = 1;

    (void)!write(spool->stopper, &one, sizeof one);
    (void)pthread_mutex_lock(&spool->mutex);
    while (!spool->has_ended) {
        (void)pthread_cond_wait(&spool->changed, &spool->mutex);
    }
    (void)pthread_mutex_unlock(&spool->mutex);
}

bool
input_spool_check(struct input_spool *spool, struct error *err)
{
    bool is_ok;

    (void)pthread_mutex_lock(&spool->mutex);
    is_ok = spool->failure.code == ERROR_NONE;
    if (!is_ok && err != NULL) {
        *err = spool->failure;
    }
    (void)pthread_mutex_unlock(&spool->mutex);
    return is_ok;
}

void
input_spool_close(struct input_spool *spool)
{
    if (spool == NULL) {
        return;
    }
    if (spool->has_thread) {
        input_spool_stop(spool);
        (void)pthread_join(spool->thread, NULL);
        (void)pthread_cond_destroy(&spool->changed);
        (void)pthread_mutex_destroy(&spool->mutex);
    }
    if (spool->from >= 0) {
        (void)close(spool->from);
    }
    if (spool->to >= 0) {
        (void)close(spool->to);
    }
    if (spool->stopper >= 0) {
        (void)close(spool->stopper);
    }
    free(spool->data);
    free(spool);
}
