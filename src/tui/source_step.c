// SPDX-License-Identifier: Apache-2.0
/* Steps are made one after the other: those that were asked for meanwhile
 * wait. */
#include "tui/source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "model/call_family.h"
#include "model/longest_call.h"
#include "model/trace_model.h"
#include "tui/job_scope.h"
#include "tui/viewer.h"

struct step_task {
    struct source *source;
    const struct trace_model *model;
    enum source_step_kind kind;
    bool is_new;               /* comes from another view */
    struct call_position from; /* or for ENTRY, its call */
    uint32_t function;         /* for LONGEST, in: */
    struct job_scope scope;
    bool found;
    struct source_moment moment;
};

static bool
has_source(const struct trace_model *model, uint32_t function)
{
    return function < trace_model_function_count(model)
           && trace_model_function(model, function)->file[0] != '\0';
}

/* The innermost of a call and its callers that has a source, and what it calls
 * then. */
static bool
find_place(struct step_task *task, struct span_scratch *scratch,
           struct error *err)
{
    struct source_moment *moment = &task->moment;
    const struct slice *call = &moment->at.call.slice;
    const struct slice *callers;
    uint32_t below = call->function;
    size_t count;

    moment->function = call->function;
    moment->has_called = moment->at.has_inner;
    moment->called = moment->at.inner.slice.function;
    if (has_source(task->model, call->function)) {
        return true;
    }
    if (!call_callers(task->model, call, scratch, &callers, &count, err)) {
        return false;
    }
    for (; count > 0; count--) {
        uint32_t caller = callers[count - 1].function;

        if (has_source(task->model, caller)) {
            moment->function = caller;
            moment->has_called = true;
            moment->called = below;
            return true;
        }
        below = caller;
    }
    return true;
}

static bool
find_longest(struct step_task *task, const struct progress *progress,
             struct span_scratch *scratch, struct error *err)
{
    const struct slice_scan_options options = {.progress = *progress};
    const struct call_target target = {.functions = &task->function,
                                       .count = 1};
    struct slice slice;

    return longest_call_find(task->model, &task->scope.scope, &target, &options,
                             &slice, &task->found, err)
           && (!task->found
               || call_position_of(task->model, &slice, scratch,
                                   &task->moment.at, err));
}

static bool
find_moment(struct step_task *task, const struct progress *progress,
            struct span_scratch *scratch, struct error *err)
{
    static const enum call_step_kind kinds[] = {
        [SOURCE_STEP_INTO] = CALL_STEP_INTO,
        [SOURCE_STEP_OVER] = CALL_STEP_OVER,
        [SOURCE_STEP_OUT] = CALL_STEP_OUT,
    };

    switch (task->kind) {
    case SOURCE_STEP_ENTRY:
        task->found = true;
        return call_position_of(task->model, &task->from.call.slice, scratch,
                                &task->moment.at, err);
    case SOURCE_STEP_LONGEST:
        return find_longest(task, progress, scratch, err);
    case SOURCE_STEP_INTO:
    case SOURCE_STEP_OVER:
    case SOURCE_STEP_OUT:
        break;
    }
    return call_step(task->model, &task->from, kinds[task->kind], progress,
                     scratch, &task->moment.at, &task->found, err);
}

static bool
run_step(void *argument, const struct progress *progress, struct error *err)
{
    struct step_task *task = argument;
    struct span_scratch *scratch = NULL;
    bool is_ok = span_scratch_new(&scratch, err)
                 && find_moment(task, progress, scratch, err)
                 && (!task->found || find_place(task, scratch, err));

    span_scratch_free(scratch);
    return is_ok;
}

static void
say_nothing_there(const struct step_task *task)
{
    static const char *const words[] = {
        [SOURCE_STEP_INTO] = "this call makes no further call; S goes out to "
                             "its caller",
        [SOURCE_STEP_OVER] = "this is the last call of the thread on this "
                             "depth; S goes out",
        [SOURCE_STEP_OUT] = "nothing recorded called this: it is the outermost "
                            "call of the thread",
        [SOURCE_STEP_ENTRY] = "",
        [SOURCE_STEP_LONGEST] = "no call of it is in the scope",
    };

    viewer_say(task->source->viewer, "%s", words[task->kind]);
}

void
source_lead_timeline(const struct source *source)
{
    const struct source_moment *now = source_now(source);
    uint64_t time_ns;

    if (now != NULL) {
        const struct slice *call = &now->at.call.slice;

        time_ns = call_position_time(&now->at);
        if (time_ns >= call->end_ns && call->end_ns > call->start_ns) {
            time_ns = call->end_ns - 1;
        }
        viewer_follow(source->viewer, call, time_ns);
    }
}

static bool
keep_moment(struct source *source, const struct source_moment *moment,
            struct error *err)
{
    if (!array_reserve((void **)&source->moments, &source->moment_capacity,
                       source->moment_count + 1, sizeof *source->moments,
                       err)) {
        return false;
    }
    source->moments[source->moment_count] = *moment;
    source->state.moment = source->moment_count++;
    return true;
}

static bool
go_to_moment(struct step_task *task, struct error *err)
{
    struct source *source = task->source;
    void *before = NULL;

    task->moment.before =
        task->is_new ? SOURCE_NO_MOMENT : source->state.moment;
    if (!task->is_new) {
        before = source_take(source, err);
        if (before == NULL) {
            return false;
        }
        viewer_changed(source->viewer, VIEW_SOURCE, before);
    }
    if (!keep_moment(source, &task->moment, err)) {
        return false;
    }
    source_show(source, task->moment.function);
    if (!task->is_new) {
        source_lead_timeline(source);
    }
    return true;
}

static bool start_waiting(struct source *source, struct error *err);

static bool
step_done(void *argument, const struct error *failure, struct error *err)
{
    struct step_task *task = argument;
    struct source *source = task->source;

    if (failure != NULL || !task->found) {
        source->waiting_count = 0;
        if (failure != NULL) {
            viewer_say(source->viewer, "%s", failure->message);
        } else {
            say_nothing_there(task);
        }
        return true;
    }
    return go_to_moment(task, err) && start_waiting(source, err);
}

static void
step_free(void *argument)
{
    struct step_task *task = argument;

    job_scope_release(&task->scope);
    free(task);
}

static const struct job_class step_job = {
    .run = run_step,
    .done = step_done,
    .free = step_free,
};

static bool
start(struct source *source, const struct step_task *wanted, struct error *err)
{
    struct step_task *task = array_new(1, sizeof *task, err);

    if (task == NULL) {
        return false;
    }
    *task = *wanted;
    task->source = source;
    task->model = source->viewer->model;
    if (!job_scope_take(&task->scope, source->viewer, err)) {
        step_free(task);
        return false;
    }
    return jobs_start(source->viewer->jobs, JOB_SOURCE_STEP, &step_job, task,
                      err);
}

static bool
start_waiting(struct source *source, struct error *err)
{
    const struct source_moment *now = source_now(source);
    struct step_task task = {0};

    if (source->waiting_count == 0 || now == NULL) {
        return true;
    }
    task.kind = source->waiting[0];
    task.from = now->at;
    source->waiting_count--;
    memmove(source->waiting, source->waiting + 1,
            source->waiting_count * sizeof *source->waiting);
    return start(source, &task, err);
}

bool
source_step(struct source *source, enum source_step_kind kind,
            struct error *err)
{
    bool is_busy = jobs_is_busy(source->viewer->jobs, JOB_SOURCE_STEP);

    if (source_now(source) == NULL && !is_busy) {
        viewer_say(source->viewer, "from its longest call on");
        return source_step_to_longest(source, source->state.function, err);
    }
    if (source->waiting_count == SOURCE_STEPS_MAX) {
        viewer_say(source->viewer, "so many steps wait already");
        return true;
    }
    source->waiting[source->waiting_count++] = kind;
    return is_busy || start_waiting(source, err);
}

bool
source_step_to_call(struct source *source, const struct slice *call,
                    bool is_new, struct error *err)
{
    const struct step_task task = {
        .kind = SOURCE_STEP_ENTRY,
        .is_new = is_new,
        .from = {.call.slice = *call},
    };

    source->waiting_count = 0;
    return start(source, &task, err);
}

bool
source_step_to_longest(struct source *source, uint32_t function,
                       struct error *err)
{
    const struct step_task task = {
        .kind = SOURCE_STEP_LONGEST,
        .function = function,
    };

    source->waiting_count = 0;
    return start(source, &task, err);
}

bool
source_step_back(struct source *source)
{
    const struct source_moment *now = source_now(source);

    if (source->waiting_count > 0) {
        source->waiting_count--;
        return true;
    }
    if (jobs_cancel(source->viewer->jobs, JOB_SOURCE_STEP)) {
        return true;
    }
    if (now == NULL || now->before == SOURCE_NO_MOMENT) {
        return false;
    }
    source->state.moment = now->before;
    source_show(source, source_now(source)->function);
    source_lead_timeline(source);
    return true;
}
