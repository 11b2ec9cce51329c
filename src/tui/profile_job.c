// SPDX-License-Identifier: Apache-2.0
#include "tui/profile_job.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "model/call_times.h"
#include "model/longest_call.h"
#include "model/scope_profile.h"
#include "tui/job_scope.h"
#include "tui/viewer.h"

struct profile_task {
    const struct trace_model *model;
    struct job_scope scope;
    struct profile_request request;
    uint32_t *path; /* owned */
    struct scope_profile profile;
    profile_job_done done;
    void *context;
};

static bool
run_profile(void *argument, const struct progress *progress, struct error *err)
{
    struct profile_task *task = argument;
    const struct scope_profile_options options = {
        .has_no_tree = !task->request.has_tree,
        .has_durations = task->request.has_durations,
        .has_tracks = task->request.has_tracks,
        .path = task->path,
        .path_length = task->request.path_length,
        .node_max = task->request.node_max,
        .progress = *progress,
    };

    return scope_profile_build(&task->profile, task->model, &task->scope.scope,
                               &options, err);
}

static bool
finish_profile(void *argument, const struct error *failure, struct error *err)
{
    struct profile_task *task = argument;

    return task->done(task->context, &task->profile, failure, err);
}

static void
free_profile(void *argument)
{
    struct profile_task *task = argument;

    scope_profile_release(&task->profile);
    free(task->path);
    job_scope_release(&task->scope);
    free(task);
}

bool
profile_job_start(struct viewer *viewer, enum job_kind kind,
                  const struct profile_request *request, profile_job_done done,
                  void *context, struct error *err)
{
    static const struct job_class class = {
        .run = run_profile,
        .done = finish_profile,
        .free = free_profile,
    };
    struct profile_task *task = array_new(1, sizeof *task, err);

    if (task == NULL) {
        return false;
    }
    task->model = viewer->model;
    task->request = *request;
    task->done = done;
    task->context = context;
    task->path = array_new(request->path_length, sizeof *task->path, err);
    if (task->path == NULL || !job_scope_take(&task->scope, viewer, err)) {
        free_profile(task);
        return false;
    }
    if (request->path_length > 0) {
        memcpy(task->path, request->path,
               request->path_length * sizeof *task->path);
    }
    return jobs_start(viewer->jobs, kind, &class, task, err);
}

struct longest_task {
    struct viewer *viewer;
    const struct trace_model *model;
    struct job_scope scope;
    struct call_target target;
    uint32_t *functions; /* owned */
    bool has_found;
    struct slice slice;
};

static bool
run_longest(void *argument, const struct progress *progress, struct error *err)
{
    struct longest_task *task = argument;
    const struct slice_scan_options options = {.progress = *progress};

    return longest_call_find(task->model, &task->scope.scope, &task->target,
                             &options, &task->slice, &task->has_found, err);
}

static bool
finish_longest(void *argument, const struct error *failure, struct error *err)
{
    struct longest_task *task = argument;

    (void)err;
    if (failure != NULL) {
        viewer_say(task->viewer, "%s", failure->message);
    } else if (task->has_found) {
        viewer_say(task->viewer, "%s", "");
        viewer_jump(task->viewer, &task->slice);
    } else {
        viewer_say(task->viewer, "no call of it is in the scope");
    }
    return true;
}

static void
free_longest(void *argument)
{
    struct longest_task *task = argument;

    free(task->functions);
    job_scope_release(&task->scope);
    free(task);
}

/* Takes the task, in which the scope is set already. */
static bool
start_longest(struct longest_task *task, struct viewer *viewer,
              enum job_kind kind, const uint32_t *functions, size_t count,
              struct error *err)
{
    static const struct job_class class = {
        .run = run_longest,
        .done = finish_longest,
        .free = free_longest,
    };

    task->viewer = viewer;
    task->model = viewer->model;
    task->functions = array_new(count, sizeof *functions, err);
    if (task->functions == NULL) {
        free_longest(task);
        return false;
    }
    memcpy(task->functions, functions, count * sizeof *functions);
    task->target.functions = task->functions;
    task->target.count = count;
    viewer_say(viewer, "looking for the longest call");
    return jobs_start(viewer->jobs, kind, &class, task, err);
}

bool
longest_call_job_start(struct viewer *viewer, enum job_kind kind,
                       const uint32_t *functions, size_t count, bool is_path,
                       struct error *err)
{
    struct longest_task *task = array_new(1, sizeof *task, err);

    if (task == NULL || !job_scope_take(&task->scope, viewer, err)) {
        free(task);
        return false;
    }
    task->target.is_path = is_path;
    return start_longest(task, viewer, kind, functions, count, err);
}

bool
longest_call_job_start_in(struct viewer *viewer, enum job_kind kind,
                          uint32_t function, const struct trace_scope *scope,
                          struct error *err)
{
    struct longest_task *task = array_new(1, sizeof *task, err);

    if (task == NULL || !job_scope_copy(&task->scope, viewer, scope, err)) {
        free(task);
        return false;
    }
    return start_longest(task, viewer, kind, &function, 1, err);
}

bool
occurrences_show(struct viewer *viewer, enum job_kind kind, uint32_t function,
                 struct error *err)
{
    return search_set_function(&viewer->search, viewer->model, function, err)
           && longest_call_job_start(viewer, kind, &function, 1, false, err);
}

struct times_task {
    const struct trace_model *model;
    struct job_scope scope;
    struct call_target target;
    uint32_t *functions; /* owned */
    struct call_times times;
    call_times_done done;
    void *context;
};

static bool
run_times(void *argument, const struct progress *progress, struct error *err)
{
    struct times_task *task = argument;
    const struct slice_scan_options options = {.progress = *progress};

    return call_times_find(&task->times, task->model, &task->scope.scope,
                           &task->target, &options, err);
}

static bool
finish_times(void *argument, const struct error *failure, struct error *err)
{
    struct times_task *task = argument;

    return task->done(task->context, &task->times, failure, err);
}

static void
free_times(void *argument)
{
    struct times_task *task = argument;

    call_times_release(&task->times);
    free(task->functions);
    job_scope_release(&task->scope);
    free(task);
}

bool
call_times_job_start(struct viewer *viewer, enum job_kind kind,
                     const struct call_target *target,
                     const struct call_times *times, call_times_done done,
                     void *context, struct error *err)
{
    static const struct job_class class = {
        .run = run_times,
        .done = finish_times,
        .free = free_times,
        .can_restart = true,
    };
    struct times_task *task = array_new(1, sizeof *task, err);

    if (task == NULL) {
        return false;
    }
    task->model = viewer->model;
    task->times = *times;
    task->done = done;
    task->context = context;
    task->target = *target;
    task->functions = array_new(target->count, sizeof *task->functions, err);
    if (task->functions == NULL || !job_scope_take(&task->scope, viewer, err)) {
        free_times(task);
        return false;
    }
    memcpy(task->functions, target->functions,
           target->count * sizeof *task->functions);
    task->target.functions = task->functions;
    return jobs_start(viewer->jobs, kind, &class, task, err);
}
