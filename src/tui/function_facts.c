// SPDX-License-Identifier: Apache-2.0
#include "tui/function_facts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "model/trace_model.h"
#include "tui/job_scope.h"
#include "tui/viewer.h"

enum { FAILURE_SIZE = 256 };

struct function_facts {
    struct viewer *viewer;
    struct span_scratch *scratch;
    bool has_function;
    uint32_t function;
    unsigned scope_number;
    struct function_family family;
    enum fact_state family_state;
    struct call_rank calls;
    enum fact_state calls_state;
    char failure[FAILURE_SIZE];
    unsigned number;
};

/* What a job works on. */
struct facts_task {
    struct function_facts *facts;
    const struct trace_model *model;
    struct job_scope scope;
    uint32_t function;
    struct function_family family;
    struct call_rank calls;
};

bool
function_facts_new(struct function_facts **out, struct viewer *viewer,
                   struct error *err)
{
    struct function_facts *facts = array_new(1, sizeof *facts, err);

    if (facts == NULL) {
        return false;
    }
    facts->viewer = viewer;
    if (!span_scratch_new(&facts->scratch, err)) {
        free(facts);
        return false;
    }
    *out = facts;
    return true;
}

void
function_facts_forget(struct function_facts *facts)
{
    function_family_release(&facts->family);
    call_rank_release(&facts->calls);
    facts->has_function = false;
    facts->family_state = FACT_UNKNOWN;
    facts->calls_state = FACT_UNKNOWN;
    facts->failure[0] = '\0';
    facts->number++;
}

void
function_facts_free(struct function_facts *facts)
{
    if (facts != NULL) {
        function_facts_forget(facts);
        span_scratch_free(facts->scratch);
        free(facts);
    }
}

static void
task_free(void *argument)
{
    struct facts_task *task = argument;

    function_family_release(&task->family);
    call_rank_release(&task->calls);
    job_scope_release(&task->scope);
    free(task);
}

static bool
run_family(void *argument, const struct progress *progress, struct error *err)
{
    struct facts_task *task = argument;
    const struct function_family_options options = {.progress = *progress};

    return function_family_find(&task->family, task->model, &task->scope.scope,
                                task->function, &options, err);
}

/* There is no call slower than this one, so what is found are the slowest. */
static bool
run_calls(void *argument, const struct progress *progress, struct error *err)
{
    struct facts_task *task = argument;
    const struct call_rank_options options = {.progress = *progress};
    const struct slice slowest = {.end_ns = UINT64_MAX,
                                  .function = task->function};

    return call_rank_find(&task->calls, task->model, &task->scope.scope,
                          &slowest, &options, err);
}

/* Whether the job failed, which is then said. */
static bool
has_failed(struct function_facts *facts, const struct error *failure,
           enum fact_state *state)
{
    *state = failure == NULL ? FACT_KNOWN : FACT_FAILED;
    facts->number++;
    if (failure != NULL) {
        (void)snprintf(facts->failure, sizeof facts->failure, "%s",
                       failure->message);
    }
    return failure != NULL;
}

static bool
family_done(void *argument, const struct error *failure, struct error *err)
{
    struct facts_task *task = argument;
    struct function_facts *facts = task->facts;

    (void)err;
    if (!has_failed(facts, failure, &facts->family_state)) {
        function_family_release(&facts->family);
        facts->family = task->family;
        task->family = (struct function_family){0};
    }
    return true;
}

static bool
calls_done(void *argument, const struct error *failure, struct error *err)
{
    struct facts_task *task = argument;
    struct function_facts *facts = task->facts;

    (void)err;
    if (!has_failed(facts, failure, &facts->calls_state)) {
        call_rank_release(&facts->calls);
        facts->calls = task->calls;
        task->calls = (struct call_rank){0};
    }
    return true;
}

static bool
start(struct function_facts *facts, enum job_kind kind,
      const struct job_class *class, struct error *err)
{
    struct facts_task *task = array_new(1, sizeof *task, err);

    if (task == NULL) {
        return false;
    }
    task->facts = facts;
    task->model = facts->viewer->model;
    task->function = facts->function;
    if (!job_scope_take(&task->scope, facts->viewer, err)) {
        task_free(task);
        return false;
    }
    return jobs_start(facts->viewer->jobs, kind, class, task, err);
}

bool
function_facts_show(struct function_facts *facts, uint32_t function,
                    struct error *err)
{
    static const struct job_class family_job = {
        .run = run_family,
        .done = family_done,
        .free = task_free,
        .can_restart = true,
    };
    static const struct job_class calls_job = {
        .run = run_calls,
        .done = calls_done,
        .free = task_free,
        .can_restart = true,
    };

    if (facts->has_function && facts->function == function
        && facts->scope_number == facts->viewer->scope_number) {
        return true;
    }
    function_facts_forget(facts);
    facts->has_function = true;
    facts->function = function;
    facts->scope_number = facts->viewer->scope_number;
    facts->family_state = FACT_AWAITED;
    facts->calls_state = FACT_AWAITED;
    return start(facts, JOB_FAMILY, &family_job, err)
           && start(facts, JOB_CALLS, &calls_job, err);
}

/* What is awaited although nobody works on it was stopped. */
static enum fact_state
state_now(const struct function_facts *facts, enum fact_state state,
          enum job_kind kind)
{
    return state == FACT_AWAITED && !jobs_is_busy(facts->viewer->jobs, kind)
               ? FACT_STOPPED
               : state;
}

const struct function_family *
function_facts_family(const struct function_facts *facts,
                      enum fact_state *state)
{
    *state = state_now(facts, facts->family_state, JOB_FAMILY);
    return *state == FACT_KNOWN ? &facts->family : NULL;
}

const struct call_rank *
function_facts_calls(const struct function_facts *facts, enum fact_state *state)
{
    *state = state_now(facts, facts->calls_state, JOB_CALLS);
    return *state == FACT_KNOWN ? &facts->calls : NULL;
}

int
function_facts_percent(const struct function_facts *facts)
{
    const struct jobs *jobs = facts->viewer->jobs;

    return jobs_percent(jobs, jobs_is_busy(jobs, JOB_FAMILY) ? JOB_FAMILY
                                                             : JOB_CALLS);
}

unsigned
function_facts_number(const struct function_facts *facts)
{
    return facts->number;
}

const char *
function_facts_failure(const struct function_facts *facts)
{
    return facts->failure;
}

bool
function_facts_slice(struct function_facts *facts, size_t index,
                     struct slice *slice, struct error *err)
{
    return ranked_call_slice(facts->viewer->model, facts->function,
                             &facts->calls.calls[index], facts->scratch, slice,
                             err);
}

bool
function_facts_outliers(const struct function_facts *facts,
                        struct function_outliers *outliers)
{
    const struct call_rank *calls = &facts->calls;
    double limit = facts->family.mean_ns + 3 * facts->family.deviation_ns;

    *outliers = (struct function_outliers){0};
    if (facts->family_state != FACT_KNOWN || facts->calls_state != FACT_KNOWN) {
        return false;
    }
    outliers->limit_ns = (uint64_t)limit;
    while (outliers->count < calls->call_count
           && (double)calls->calls[outliers->count].duration_ns > limit) {
        outliers->total_ns += calls->calls[outliers->count++].duration_ns;
    }
    outliers->is_more =
        outliers->count == calls->call_count && calls->count > outliers->count;
    return true;
}
