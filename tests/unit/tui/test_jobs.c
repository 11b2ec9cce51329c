// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/error.h"
#include "model/trace_model.h"
#include "tui/jobs.h"

/* What happened to all tasks of a test. */
struct tally {
    atomic_int runs;
    int dones;
    int failures;
    int frees;
};

struct task {
    struct tally *tally;
    bool fails;
    bool waits_for_cancel;
    atomic_bool *has_started;
};

static bool
run(void *context, const struct progress *progress, struct error *err)
{
    struct task *task = context;

    atomic_fetch_add(&task->tally->runs, 1);
    if (task->has_started != NULL) {
        atomic_store(task->has_started, true);
    }
    while (task->waits_for_cancel
           && progress->report(progress->context, 1, 4)) {
        continue;
    }
    return !task->fails || error_set(err, ERROR_USAGE, "as asked");
}

static bool
done(void *context, const struct error *failure, struct error *err)
{
    struct task *task = context;

    (void)err;
    task->tally->dones++;
    task->tally->failures += failure != NULL;
    return true;
}

static void
release(void *context)
{
    struct task *task = context;

    task->tally->frees++;
    free(task);
}

static const struct job_class job_class = {
    .run = run, .done = done, .free = release};

static void
start(struct jobs *jobs, enum job_kind kind, struct task like)
{
    struct task *task = malloc(sizeof *task);
    struct error err = {0};

    *task = like;
    cr_assert(jobs_start(jobs, kind, &job_class, task, &err));
}

/* Until nothing waits or runs; the descriptor says when to collect. */
static void
settle(struct jobs *jobs)
{
    struct error err = {0};

    while (jobs_are_busy(jobs)) {
        struct pollfd fd = {.fd = jobs_fd(jobs), .events = POLLIN};

        if (fd.fd >= 0) {
            cr_assert(eq(int, poll(&fd, 1, 60000), 1));
        }
        cr_assert(jobs_collect(jobs, &err));
    }
}

Test(jobs, every_task_is_run_handed_back_and_freed)
{
    for (int is_inline = 0; is_inline < 2; is_inline++) {
        struct tally tally = {0};
        struct jobs *jobs = NULL;
        struct error err = {0};

        cr_assert(jobs_new(&jobs, is_inline, &err));
        for (int kind = 0; kind < JOB_KIND_COUNT; kind++) {
            start(jobs, (enum job_kind)kind,
                  (struct task){.tally = &tally, .fails = kind == 1});
        }
        settle(jobs);
        cr_expect(eq(int, tally.runs, JOB_KIND_COUNT));
        cr_expect(eq(int, tally.dones, JOB_KIND_COUNT));
        cr_expect(eq(int, tally.failures, 1));
        cr_expect(eq(int, tally.frees, JOB_KIND_COUNT));
        jobs_free(jobs);
    }
}

Test(jobs, a_newer_one_of_a_kind_cancels_the_older)
{
    struct tally tally = {0};
    atomic_bool has_started = false;
    struct jobs *jobs = NULL;
    struct error err = {0};

    cr_assert(jobs_new(&jobs, false, &err));
    start(jobs, JOB_FLAME,
          (struct task){.tally = &tally,
                        .waits_for_cancel = true,
                        .has_started = &has_started});
    while (!atomic_load(&has_started)) {
        continue;
    }
    cr_expect(jobs_is_busy(jobs, JOB_FLAME));
    start(jobs, JOB_FLAME, (struct task){.tally = &tally});
    settle(jobs);
    cr_expect(eq(int, tally.dones, 1), "the first one is not handed back");
    jobs_free(jobs);
    cr_expect(eq(int, tally.frees, 2));
}

Test(jobs, freeing_stops_what_runs)
{
    struct tally tally = {0};
    atomic_bool has_started = false;
    struct jobs *jobs = NULL;
    struct error err = {0};

    cr_assert(jobs_new(&jobs, false, &err));
    start(jobs, JOB_AREA,
          (struct task){.tally = &tally,
                        .waits_for_cancel = true,
                        .has_started = &has_started});
    start(jobs, JOB_FLAME, (struct task){.tally = &tally});
    while (!atomic_load(&has_started)) {
        continue;
    }
    cr_assert(jobs_cancel(jobs, JOB_FLAME));
    cr_expect(not(jobs_cancel(jobs, JOB_FLAME)));
    jobs_free(jobs);
    cr_expect(eq(int, tally.dones, 0));
    cr_expect(eq(int, tally.frees, 2));
}

/* Counts its runs: the first one ends when it is told to, and not before. */
static bool
run_stubborn(void *context, const struct progress *progress, struct error *err)
{
    struct task *task = context;

    if (atomic_fetch_add(&task->tally->runs, 1) > 0) {
        return true;
    }
    atomic_store(task->has_started, true);
    while (progress->report(progress->context, 1, 4)) {
        continue;
    }
    return error_set(err, ERROR_CANCELLED, "cancelled");
}

static const struct job_class stubborn_class = {
    .run = run_stubborn, .done = done, .free = release, .can_restart = true};

Test(jobs, give_way_to_cells_and_begin_again)
{
    struct tally stubborn = {0};
    struct tally tally = {0};
    atomic_bool has_started = false;
    struct task *task = malloc(sizeof *task);
    struct jobs *jobs = NULL;
    struct error err = {0};

    cr_assert(jobs_new(&jobs, false, &err));
    *task = (struct task){.tally = &stubborn, .has_started = &has_started};
    cr_assert(jobs_start(jobs, JOB_DETAILS, &stubborn_class, task, &err));
    while (!atomic_load(&has_started)) {
        continue;
    }
    start(jobs, JOB_CELLS, (struct task){.tally = &tally});
    settle(jobs);
    cr_expect(eq(int, stubborn.runs, 2));
    cr_expect(eq(int, stubborn.dones, 1));
    cr_expect(eq(int, stubborn.failures, 0));
    cr_expect(eq(int, stubborn.frees, 1));
    cr_expect(eq(int, tally.dones, 1));
    jobs_free(jobs);
}
