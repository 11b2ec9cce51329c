// SPDX-License-Identifier: Apache-2.0
/* Where the next step would lead, for the pane: a job finds out for each moment
 * that is shown there. */
#include "tui/source_ahead.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/error.h"
#include "tui/source.h"
#include "tui/viewer.h"

struct ahead_task {
    struct source *source;
    const struct trace_model *model;
    struct call_position from;
    struct source_ahead ahead;
};

static bool
look(struct ahead_task *task, enum call_step_kind kind,
     const struct progress *progress, struct span_scratch *scratch,
     struct source_target *target, struct error *err)
{
    struct call_position to;

    if (!call_step(task->model, &task->from, kind, progress, scratch, &to,
                   &target->is_there, err)) {
        return false;
    }
    if (target->is_there) {
        target->function = to.call.slice.function;
    }
    return true;
}

static bool
run_ahead(void *argument, const struct progress *progress, struct error *err)
{
    struct ahead_task *task = argument;
    struct span_scratch *scratch = NULL;
    bool is_ok =
        span_scratch_new(&scratch, err)
        && look(task, CALL_STEP_INTO, progress, scratch, &task->ahead.into, err)
        && look(task, CALL_STEP_OVER, progress, scratch, &task->ahead.over,
                err);

    span_scratch_free(scratch);
    return is_ok;
}

/* It is only a hint: without it the pane says less. */
static bool
ahead_done(void *argument, const struct error *failure, struct error *err)
{
    struct ahead_task *task = argument;

    (void)err;
    if (failure == NULL) {
        task->source->ahead = task->ahead;
        task->source->ahead.is_known = true;
    }
    return true;
}

bool
source_look_ahead(struct source *source, struct error *err)
{
    static const struct job_class class = {
        .run = run_ahead,
        .done = ahead_done,
        .free = free,
        .can_restart = true,
    };
    const struct source_moment *now = source_now(source);
    struct ahead_task *task;

    if (now == NULL
        || (source->ahead.is_asked
            && source->ahead.moment == source->state.moment)) {
        return true;
    }
    task = array_new(1, sizeof *task, err);
    if (task == NULL) {
        return false;
    }
    source->ahead =
        (struct source_ahead){.is_asked = true, .moment = source->state.moment};
    task->source = source;
    task->model = source->viewer->model;
    task->from = now->at;
    task->ahead = source->ahead;
    return jobs_start(source->viewer->jobs, JOB_SOURCE_AHEAD, &class, task,
                      err);
}
