// SPDX-License-Identifier: Apache-2.0
/*
 * kill_producer FOLDER COUNTS-FILE SEED MOMENT N CHILD-N
 *
 * Records into FOLDER until it kills itself, see kill_producer.h. The calls
 * by which the recorder uses its file come through the wrappers below.
 */
#include "kill_producer.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/error.h"
#include "format/event.h"
#include "support/call_walk.h"
#include "tracer/record/recorder.h"
#include "tracer/record/thread_log.h"

/* A wrapper gets no argument of ours. */
static struct {
    enum kill_moment moment;
    uint64_t uses_left; /* of the file, until the end; 0 = for ever */
} plan;

static struct kill_counts *counts;
static struct recorder *recorder;

ssize_t __real_pwritev64(int fd, const struct iovec *parts, int count,
                         off_t offset);
ssize_t __wrap_pwritev64(int fd, const struct iovec *parts, int count,
                         off_t offset);
ssize_t __real_pwrite64(int fd, const void *data, size_t size, off_t offset);
ssize_t __wrap_pwrite64(int fd, const void *data, size_t size, off_t offset);
int __real_fallocate64(int fd, int mode, off_t offset, off_t size);
int __wrap_fallocate64(int fd, int mode, off_t offset, off_t size);

static void
die(void)
{
    (void)kill(getpid(), SIGKILL);
    for (;;) {
        (void)pause();
    }
}

/* Whether this use of the file is the last one. */
static bool
is_last_use(void)
{
    return plan.moment != KILL_AT_EVENT
           && __atomic_sub_fetch(&plan.uses_left, 1, __ATOMIC_RELAXED) == 0;
}

ssize_t
__wrap_pwritev64(int fd, const struct iovec *parts, int count, off_t offset)
{
    bool is_last = is_last_use();
    ssize_t result;

    if (is_last && plan.moment == KILL_BEFORE_FILE_USE) {
        die();
    }
    if (is_last && plan.moment == KILL_AMID_FILE_USE) {
        struct iovec half[2] = {parts[0], parts[1]};

        half[1].iov_len /= 2;
        (void)__real_pwritev64(fd, half, 2, offset);
        die();
    }
    result = __real_pwritev64(fd, parts, count, offset);
    if (is_last) {
        die();
    }
    return result;
}

ssize_t
__wrap_pwrite64(int fd, const void *data, size_t size, off_t offset)
{
    bool is_last = is_last_use();
    ssize_t result;

    if (is_last && plan.moment == KILL_BEFORE_FILE_USE) {
        die();
    }
    if (is_last && plan.moment == KILL_AMID_FILE_USE) {
        (void)__real_pwrite64(fd, data, size / 2, offset);
        die();
    }
    result = __real_pwrite64(fd, data, size, offset);
    if (is_last) {
        die();
    }
    return result;
}

int
__wrap_fallocate64(int fd, int mode, off_t offset, off_t size)
{
    bool is_last = is_last_use();
    int result;

    if (is_last && plan.moment != KILL_AFTER_FILE_USE) {
        die();
    }
    result = __real_fallocate64(fd, mode, offset, size);
    if (is_last) {
        die();
    }
    return result;
}

/* Put events until the process is killed, here at the latest before the one
 * of number last (when that is not 0). */
static void
walk_on(struct call_walk *walk, const char *name, uint64_t *count,
        uint64_t last)
{
    struct thread_log *log = recorder_thread(
        recorder, (struct text_span){.data = name, .size = strlen(name)});

    for (;;) {
        uint64_t tag = call_walk_next(walk);

        if (last > 0 && *count == last) {
            die();
        }
        thread_log_put(log, tag);
        __atomic_store_n(count, *count + 1, __ATOMIC_RELEASE);
    }
}

struct job {
    unsigned index;
    uint64_t seed;
    uint64_t last;
};

static void *
run_thread(void *argument)
{
    const struct job *job = argument;
    char name[2] = {(char)('0' + job->index), '\0'};
    struct call_walk walk;

    call_walk_init(&walk, kill_walk_seed(job->seed, job->index), KILL_DEPTH_MAX,
                   KILL_FUNCTIONS);
    walk_on(&walk, name, &counts->threads[job->index], job->last);
    return NULL;
}

static void
define_functions(void)
{
    for (int i = 0; i < KILL_FUNCTIONS; i++) {
        struct function_definition function = {
            .kind = VZT_FUNCTION_PYTHON,
            .name = {.data = "function", .size = 8},
        };

        (void)recorder_function(recorder, &function);
    }
}

static void
run(uint64_t seed, uint64_t last, uint64_t child_last)
{
    struct job jobs[KILL_THREADS];
    struct call_walk walk;
    struct thread_log *log;
    pthread_t thread;

    define_functions();
    log = recorder_thread(recorder,
                          (struct text_span){.data = "main", .size = 4});
    call_walk_init(&walk, kill_walk_seed(seed, KILL_THREADS), KILL_DEPTH_MAX,
                   KILL_FUNCTIONS);
    while (counts->main < KILL_EVENTS_BEFORE_FORK) {
        thread_log_put(log, call_walk_next(&walk));
        counts->main++;
    }
    if (fork() == 0) {
        plan.moment = KILL_AT_EVENT;
        walk_on(&walk, "child", &counts->child, child_last);
    }
    for (unsigned i = 0; i < KILL_THREADS; i++) {
        jobs[i] = (struct job){
            .index = i,
            .seed = seed,
            .last = plan.moment == KILL_AT_EVENT && i == seed % KILL_THREADS
                        ? last
                        : 0,
        };
        if (pthread_create(&thread, NULL, run_thread, &jobs[i]) != 0) {
            abort();
        }
    }
    for (;;) {
        (void)pause();
    }
}

int
main(int argc, char **argv)
{
    struct recorder_options options = {0};
    struct error err;
    int fd;

    if (argc != 7) {
        return 2;
    }
    fd = open(argv[2], O_RDWR);
    counts =
        mmap(NULL, sizeof *counts, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    options.directory = argv[1];
    if (counts == MAP_FAILED || !recorder_new(&recorder, &options, &err)) {
        return 2;
    }
    plan.moment = (enum kill_moment)atoi(argv[4]);
    plan.uses_left =
        plan.moment == KILL_AT_EVENT ? 0 : strtoull(argv[5], NULL, 10);
    run(strtoull(argv[3], NULL, 10), strtoull(argv[5], NULL, 10),
        strtoull(argv[6], NULL, 10));
    return 2;
}
