// SPDX-License-Identifier: Apache-2.0
#include "tui/functions_job.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/error.h"
#include "tui/functions.h"
#include "tui/job_scope.h"
#include "tui/viewer.h"

enum { ROWS_AT_ONCE = 1 << 13 }; /* are sorted within a few milliseconds */

/* Tasks are made and freed on the viewer's thread: it counts. */
struct functions_sums {
    struct scope_profile profile;
    unsigned user_count;
};

void
functions_sums_drop(struct functions_sums *sums)
{
    if (sums != NULL && --sums->user_count == 0) {
        scope_profile_release(&sums->profile);
        free(sums);
    }
}

struct table_task {
    struct functions *functions;
    const struct trace_model *model;
    struct job_scope scope;
    bool has_durations;
    bool is_ascii;
    struct functions_order order;
    struct functions_sums *sums;
    struct functions_table table; /* of them */
};

static bool
run_table(void *argument, const struct progress *progress, struct error *err)
{
    struct table_task *task = argument;
    const struct scope_profile_options options = {
        .has_no_tree = true,
        .has_durations = task->has_durations,
        .progress = *progress,
    };

    return scope_profile_build(&task->sums->profile, task->model,
                               &task->scope.scope, &options, err)
           && functions_table_build(&task->table, task->model,
                                    &task->sums->profile, task->is_ascii, err)
           && functions_table_sort(&task->table, &task->order, err);
}

static bool
is_same_order(const struct functions_order *a, const struct functions_order *b)
{
    return a->column == b->column && a->is_inverted == b->is_inverted;
}

static bool
take_table(void *argument, const struct error *failure, struct error *err)
{
    struct table_task *task = argument;
    struct functions *functions = task->functions;

    (void)err;
    if (failure != NULL) {
        (void)snprintf(functions->failure, sizeof functions->failure, "%s",
                       failure->message);
        return true;
    }
    (void)jobs_cancel(functions->viewer->jobs, JOB_FUNCTIONS_ORDER);
    functions_sums_drop(functions->sums);
    functions_table_release(&functions->table);
    functions->sums = task->sums;
    functions->profile = task->sums->profile;
    functions->table = task->table;
    task->sums = NULL;
    task->table = (struct functions_table){0};
    functions->model = task->model;
    functions->has_profile = true;
    functions->is_sorted = is_same_order(&task->order, &functions->state.order);
    return true;
}

static void
free_table(void *argument)
{
    struct table_task *task = argument;

    functions_table_release(&task->table);
    functions_sums_drop(task->sums);
    job_scope_release(&task->scope);
    free(task);
}

bool
functions_job_start(struct functions *functions, bool has_durations,
                    struct error *err)
{
    static const struct job_class class = {
        .run = run_table,
        .done = take_table,
        .free = free_table,
    };
    struct viewer *viewer = functions->viewer;
    struct table_task *task = array_new(1, sizeof *task, err);

    if (task == NULL) {
        return false;
    }
    task->functions = functions;
    task->model = viewer->model;
    task->has_durations = has_durations;
    task->is_ascii = viewer->theme.is_ascii;
    task->order = functions->state.order;
    task->sums = array_new(1, sizeof *task->sums, err);
    if (task->sums == NULL || !job_scope_take(&task->scope, viewer, err)) {
        free(task->sums);
        task->sums = NULL;
        free_table(task);
        return false;
    }
    task->sums->user_count = 1;
    return jobs_start(viewer->jobs, JOB_FUNCTIONS, &class, task, err);
}

struct order_task {
    struct functions *functions;
    struct functions_sums *sums; /* that are sorted by */
    struct functions_sorting sorting;
};

static bool
run_order(void *argument, const struct progress *progress, struct error *err)
{
    struct order_task *task = argument;

    (void)progress; /* sorting goes on to its end, a second at most */
    return functions_sorting_run(&task->sorting, err);
}

/* The table is the one that the rows were taken from: with another one the job
 * is cancelled. */
static bool
take_order(void *argument, const struct error *failure, struct error *err)
{
    struct order_task *task = argument;
    struct functions *functions = task->functions;

    if (failure != NULL) { /* there is no memory */
        *err = *failure;
        return false;
    }
    functions_sorting_give(&task->sorting, &functions->table);
    functions->is_sorted =
        is_same_order(&task->sorting.order, &functions->state.order);
    return true;
}

static void
free_order(void *argument)
{
    struct order_task *task = argument;

    functions_sorting_release(&task->sorting);
    functions_sums_drop(task->sums);
    free(task);
}

static bool
start_order_job(struct functions *functions, struct error *err)
{
    static const struct job_class class = {
        .run = run_order,
        .done = take_order,
        .free = free_order,
        .can_restart = true,
    };
    struct order_task *task = array_new(1, sizeof *task, err);

    if (task == NULL) {
        return false;
    }
    task->functions = functions;
    if (!functions_sorting_take(&task->sorting, &functions->table,
                                &functions->state.order, err)) {
        free_order(task);
        return false;
    }
    task->sums = functions->sums;
    task->sums->user_count++;
    functions->awaited_order = functions->state.order;
    return jobs_start(functions->viewer->jobs, JOB_FUNCTIONS_ORDER, &class,
                      task, err);
}

bool
functions_order_start(struct functions *functions, struct error *err)
{
    if (functions->table.count <= ROWS_AT_ONCE) {
        functions->is_sorted = functions_table_sort(
            &functions->table, &functions->state.order, err);
        return functions->is_sorted;
    }
    return (jobs_is_busy(functions->viewer->jobs, JOB_FUNCTIONS_ORDER)
            && is_same_order(&functions->awaited_order,
                             &functions->state.order))
           || start_order_job(functions, err);
}
