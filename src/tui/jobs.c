// SPDX-License-Identifier: Apache-2.0
/*
 * Each kind has a slot. A job moves WAITING -> RUNNING -> DONE on the worker
 * and leaves its slot in jobs_collect. A cancelled job that runs is moved to
 * the list of abandoned ones, so that its slot is free at once.
 */
#include "tui/jobs.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/array.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/os.h"
#include "model/trace_model.h"

enum job_state { JOB_WAITING, JOB_RUNNING, JOB_DONE };

enum { LONG_RUN_NS = 50000000 };

struct job {
    const struct job_class *class;
    void *task;
    struct job *next; /* in the queue, or among the abandoned */
    struct jobs *jobs;
    enum job_kind kind;
    enum job_state state;
    bool has_given_way;
    bool is_ok;
    struct error failure;
    atomic_bool is_cancelled;
    atomic_int percent;
};

struct jobs {
    pthread_mutex_t lock;
    pthread_cond_t has_changed;
    pthread_t worker;
    bool has_worker;
    bool is_ending;
    int fd;
    struct job *slots[JOB_KIND_COUNT];
    struct job *queue;     /* waiting, the most urgent first */
    atomic_bool is_urgent; /* that one is JOB_CELLS */
    struct job *abandoned; /* cancelled, to be freed when they are done */
};

static void
job_free(struct job *job)
{
    if (job != NULL) {
        job->class->free(job->task);
        free(job);
    }
}

static void
wake(const struct jobs *jobs)
{
    const uint64_t one = 1;

    /* It can only fail when the counter is full: then it is readable. */
    while (write(jobs->fd, &one, sizeof one) < 0 && errno == EINTR) {
        continue;
    }
}

static bool
report(void *context, uint64_t done, uint64_t total)
{
    struct job *job = context;
    int percent = total == 0 || done >= total
                      ? 100
                      : (int)((double)done * 100 / (double)total);

    atomic_store_explicit(&job->percent, percent, memory_order_relaxed);
    if (job->class->can_restart
        && atomic_load_explicit(&job->jobs->is_urgent, memory_order_relaxed)) {
        job->has_given_way = true;
        return false;
    }
    return !atomic_load_explicit(&job->is_cancelled, memory_order_relaxed);
}

/* What a long run took and freed is much, and not needed soon. */
static void
run(struct job *job)
{
    const struct progress progress = {.report = report, .context = job};
    uint64_t start_ns = clock_monotonic_ns();

    job->is_ok = job->class->run(job->task, &progress, &job->failure);
    if (clock_monotonic_ns() - start_ns > LONG_RUN_NS) {
        os_release_free_memory();
    }
}

/* With the lock held, after each change of the queue. */
static void
note_urgency(struct jobs *jobs)
{
    atomic_store_explicit(&jobs->is_urgent,
                          jobs->queue != NULL && jobs->queue->kind == JOB_CELLS,
                          memory_order_relaxed);
}

static void
enqueue(struct jobs *jobs, struct job *job)
{
    struct job **link = &jobs->queue;

    while (*link != NULL && (*link)->kind <= job->kind) {
        link = &(*link)->next;
    }
    job->next = *link;
    *link = job;
    note_urgency(jobs);
}

static struct job *
take_next(struct jobs *jobs)
{
    struct job *job = jobs->queue;

    if (job != NULL) {
        jobs->queue = job->next;
        job->next = NULL;
        job->state = JOB_RUNNING;
        note_urgency(jobs);
    }
    return job;
}

/* With the lock held. */
static void
end_run(struct jobs *jobs, struct job *job)
{
    bool is_cancelled =
        atomic_load_explicit(&job->is_cancelled, memory_order_relaxed);

    if (job->has_given_way && !job->is_ok && !is_cancelled) {
        job->has_given_way = false;
        job->failure = (struct error){0};
        job->state = JOB_WAITING;
        enqueue(jobs, job);
        return;
    }
    job->state = JOB_DONE;
    wake(jobs);
}

static void *
work(void *context)
{
    struct jobs *jobs = context;

    (void)pthread_mutex_lock(&jobs->lock);
    while (!jobs->is_ending) {
        struct job *job = take_next(jobs);

        if (job == NULL) {
            (void)pthread_cond_wait(&jobs->has_changed, &jobs->lock);
            continue;
        }
        (void)pthread_mutex_unlock(&jobs->lock);
        run(job);
        (void)pthread_mutex_lock(&jobs->lock);
        end_run(jobs, job);
        (void)pthread_cond_broadcast(&jobs->has_changed);
    }
    (void)pthread_mutex_unlock(&jobs->lock);
    return NULL;
}

static bool
start_worker(struct jobs *jobs, struct error *err)
{
    int reason;

    jobs->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (jobs->fd < 0) {
        return error_set_system(err, errno, "cannot make an eventfd");
    }
    reason = pthread_create(&jobs->worker, NULL, work, jobs);
    if (reason != 0) {
        return error_set_system(err, reason, "cannot start a thread");
    }
    jobs->has_worker = true;
    return true;
}

bool
jobs_new(struct jobs **out, bool is_inline, struct error *err)
{
    struct jobs *jobs = array_new(1, sizeof *jobs, err);

    if (jobs == NULL) {
        return false;
    }
    jobs->fd = -1;
    (void)pthread_mutex_init(&jobs->lock, NULL);
    (void)pthread_cond_init(&jobs->has_changed, NULL);
    if (!is_inline && !start_worker(jobs, err)) {
        jobs_free(jobs);
        return false;
    }
    *out = jobs;
    return true;
}

static void
end_worker(struct jobs *jobs)
{
    (void)pthread_mutex_lock(&jobs->lock);
    jobs->is_ending = true;
    (void)pthread_cond_broadcast(&jobs->has_changed);
    (void)pthread_mutex_unlock(&jobs->lock);
    (void)pthread_join(jobs->worker, NULL);
}

static void
free_list(struct job *list)
{
    while (list != NULL) {
        struct job *next = list->next;

        job_free(list);
        list = next;
    }
}

void
jobs_free(struct jobs *jobs)
{
    if (jobs == NULL) {
        return;
    }
    (void)jobs_cancel_all(jobs);
    if (jobs->has_worker) {
        end_worker(jobs);
    }
    free_list(jobs->abandoned);
    if (jobs->fd >= 0) {
        (void)close(jobs->fd);
    }
    (void)pthread_cond_destroy(&jobs->has_changed);
    (void)pthread_mutex_destroy(&jobs->lock);
    free(jobs);
}

static void
leave_queue(struct jobs *jobs, const struct job *job)
{
    struct job **link = &jobs->queue;

    while (*link != NULL && *link != job) {
        link = &(*link)->next;
    }
    if (*link != NULL) {
        *link = job->next;
    }
    note_urgency(jobs);
}

/* The job to free at once, if any; with the lock held. */
static struct job *
drop(struct jobs *jobs, enum job_kind kind)
{
    struct job *job = jobs->slots[kind];

    jobs->slots[kind] = NULL;
    if (job == NULL || job->state == JOB_DONE) {
        return job;
    }
    if (job->state == JOB_WAITING) {
        leave_queue(jobs, job);
        return job;
    }
    atomic_store_explicit(&job->is_cancelled, true, memory_order_relaxed);
    job->next = jobs->abandoned;
    jobs->abandoned = job;
    return NULL;
}

bool
jobs_cancel(struct jobs *jobs, enum job_kind kind)
{
    struct job *job;
    bool was_there;

    (void)pthread_mutex_lock(&jobs->lock);
    was_there = jobs->slots[kind] != NULL;
    job = drop(jobs, kind);
    (void)pthread_mutex_unlock(&jobs->lock);
    job_free(job);
    return was_there;
}

bool
jobs_cancel_all(struct jobs *jobs)
{
    bool was_any = false;

    for (int kind = 0; kind < JOB_KIND_COUNT; kind++) {
        was_any |= jobs_cancel(jobs, (enum job_kind)kind);
    }
    return was_any;
}

static bool
is_any_running(const struct jobs *jobs)
{
    const struct job *job = jobs->abandoned;

    while (job != NULL && job->state == JOB_DONE) {
        job = job->next;
    }
    return job != NULL;
}

void
jobs_stop(struct jobs *jobs)
{
    (void)jobs_cancel_all(jobs);
    (void)pthread_mutex_lock(&jobs->lock);
    while (is_any_running(jobs)) {
        (void)pthread_cond_wait(&jobs->has_changed, &jobs->lock);
    }
    (void)pthread_mutex_unlock(&jobs->lock);
}

bool
jobs_start(struct jobs *jobs, enum job_kind kind, const struct job_class *class,
           void *task, struct error *err)
{
    struct job *job = array_new(1, sizeof *job, err);
    struct job *old;

    if (job == NULL) {
        class->free(task);
        return false;
    }
    job->jobs = jobs;
    job->class = class;
    job->task = task;
    job->kind = kind;
    atomic_init(&job->is_cancelled, false);
    atomic_init(&job->percent, -1);
    (void)pthread_mutex_lock(&jobs->lock);
    old = drop(jobs, kind);
    jobs->slots[kind] = job;
    enqueue(jobs, job);
    (void)pthread_cond_broadcast(&jobs->has_changed);
    (void)pthread_mutex_unlock(&jobs->lock);
    job_free(old);
    return true;
}

/* Jobs that were cancelled while they ran, and have ended since. */
static struct job *
take_abandoned(struct jobs *jobs)
{
    struct job **link = &jobs->abandoned;
    struct job *ended = NULL;

    while (*link != NULL) {
        struct job *job = *link;

        if (job->state == JOB_DONE) {
            *link = job->next;
            job->next = ended;
            ended = job;
        } else {
            link = &job->next;
        }
    }
    return ended;
}

static struct job *
take_done(struct jobs *jobs)
{
    for (int kind = 0; kind < JOB_KIND_COUNT; kind++) {
        struct job *job = jobs->slots[kind];

        if (job != NULL && job->state == JOB_DONE) {
            jobs->slots[kind] = NULL;
            return job;
        }
    }
    return NULL;
}

static void
run_inline(struct jobs *jobs)
{
    struct job *job = take_next(jobs);

    if (job != NULL) {
        run(job);
        job->state = JOB_DONE;
    }
}

static bool
hand_back(struct job *job, struct error *err)
{
    bool ok =
        job->class->done(job->task, job->is_ok ? NULL : &job->failure, err);

    job_free(job);
    return ok;
}

static void
clear_fd(const struct jobs *jobs)
{
    uint64_t count;

    while (jobs->fd >= 0 && read(jobs->fd, &count, sizeof count) < 0
           && errno == EINTR) {
        continue;
    }
}

bool
jobs_collect(struct jobs *jobs, struct error *err)
{
    bool ok = true;

    clear_fd(jobs);
    while (ok) {
        struct job *ended;
        struct job *job;

        if (!jobs->has_worker) {
            run_inline(jobs);
        }
        (void)pthread_mutex_lock(&jobs->lock);
        ended = take_abandoned(jobs);
        job = take_done(jobs);
        (void)pthread_mutex_unlock(&jobs->lock);
        free_list(ended);
        if (job == NULL) {
            return true;
        }
        ok = hand_back(job, err);
    }
    return false;
}

bool
jobs_is_busy(const struct jobs *jobs, enum job_kind kind)
{
    return jobs->slots[kind] != NULL; /* only this thread changes slots */
}

bool
jobs_are_busy(const struct jobs *jobs)
{
    for (int kind = 0; kind < JOB_KIND_COUNT; kind++) {
        if (jobs_is_busy(jobs, (enum job_kind)kind)) {
            return true;
        }
    }
    return false;
}

int
jobs_percent(const struct jobs *jobs, enum job_kind kind)
{
    const struct job *job = jobs->slots[kind];

    return job == NULL
               ? -1
               : atomic_load_explicit(&job->percent, memory_order_relaxed);
}

int
jobs_fd(const struct jobs *jobs)
{
    return jobs->fd;
}
