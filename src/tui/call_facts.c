// SPDX-License-Identifier: Apache-2.0
#include "tui/call_facts.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/text.h"
#include "model/slice_args.h"
#include "model/trace_model.h"
#include "tui/job_scope.h"
#include "tui/label.h"
#include "tui/source_page.h"
#include "tui/viewer.h"

enum { RANKS_MAX = 4 }; /* of functions that were looked at last */

/* All calls of a function in a scope, around one of them. */
struct known_rank {
    struct call_rank rank;
    struct slice call;
    unsigned scope_number;
};

struct call_facts {
    struct viewer *viewer;
    struct span_scratch *scratch;

    struct slice call;
    bool has_call;
    struct buffer args;
    struct slice *callers;
    size_t caller_count;
    size_t caller_capacity;

    struct callees callees;
    struct call_lines sites;
    enum fact_state callees_state;

    struct known_rank ranks[RANKS_MAX]; /* the newest first */
    size_t rank_count;

    /* What the job was started for last. */
    enum fact_state sought_state;
    struct slice sought;
    unsigned sought_scope;

    int64_t hop; /* places to go when the rank is there */
    struct slice hop_from;
};

/* What a job works on. */
struct facts_task {
    struct call_facts *facts;
    const struct trace_model *model;
    struct slice call;
    struct job_scope scope;
    unsigned scope_number;
    uint32_t caller; /* function; UINT32_MAX = none */
    struct call_lines sites;
    struct callees callees;
    struct call_rank rank;
};

static bool
is_same(const struct slice *a, const struct slice *b)
{
    return a->track == b->track && a->depth == b->depth
           && a->start_ns == b->start_ns;
}

bool
call_facts_new(struct call_facts **out, struct viewer *viewer,
               struct error *err)
{
    struct call_facts *facts = array_new(1, sizeof *facts, err);

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
call_facts_free(struct call_facts *facts)
{
    if (facts == NULL) {
        return;
    }
    span_scratch_free(facts->scratch);
    buffer_release(&facts->args);
    free(facts->callers);
    callees_release(&facts->callees);
    for (size_t i = 0; i < facts->rank_count; i++) {
        call_rank_release(&facts->ranks[i].rank);
    }
    free(facts);
}

static void
task_free(void *argument)
{
    struct facts_task *task = argument;

    callees_release(&task->callees);
    call_rank_release(&task->rank);
    job_scope_release(&task->scope);
    free(task);
}

static struct facts_task *
task_new(struct call_facts *facts, const struct slice *call, struct error *err)
{
    struct facts_task *task = array_new(1, sizeof *task, err);

    if (task == NULL) {
        return NULL;
    }
    task->facts = facts;
    task->model = facts->viewer->model;
    task->call = *call;
    task->caller = UINT32_MAX;
    task->scope_number = facts->viewer->scope_number;
    if (!job_scope_take(&task->scope, facts->viewer, err)) {
        task_free(task);
        return NULL;
    }
    return task;
}

static bool
run_callees(void *argument, const struct progress *progress, struct error *err)
{
    struct facts_task *task = argument;
    struct slice_scan_options options = {.progress = *progress};

    return call_lines_find(&task->sites, task->model, task->caller,
                           task->call.function, err)
           && callees_find(&task->callees, task->model, &task->call, &options,
                           err);
}

static bool
callees_done(void *argument, const struct error *failure, struct error *err)
{
    struct facts_task *task = argument;
    struct call_facts *facts = task->facts;

    (void)err;
    facts->callees_state = failure == NULL ? FACT_KNOWN : FACT_FAILED;
    if (failure != NULL) {
        viewer_say(facts->viewer, "%s", failure->message);
        return true;
    }
    callees_release(&facts->callees);
    facts->sites = task->sites;
    facts->callees = task->callees;
    task->callees = (struct callees){0};
    return true;
}

static const struct job_class callees_job = {
    .run = run_callees,
    .done = callees_done,
    .free = task_free,
    .can_restart = true,
};

static bool
run_rank(void *argument, const struct progress *progress, struct error *err)
{
    struct facts_task *task = argument;
    struct call_rank_options options = {.progress = *progress};

    return call_rank_find(&task->rank, task->model, &task->scope.scope,
                          &task->call, &options, err);
}

static const char *
name_of(const struct call_facts *facts, uint32_t function)
{
    const struct trace_model *model = facts->viewer->model;

    return function < trace_model_function_count(model)
               ? trace_model_function(model, function)->name
               : "?";
}

static void
say_rank(struct call_facts *facts, const struct call_rank *all,
         const struct slice *slice)
{
    uint64_t rank = call_rank_of(all, slice);
    char number[TEXT_NUMBER_SIZE];
    char count[TEXT_NUMBER_SIZE];
    char duration[TEXT_NUMBER_SIZE];

    if (all->count == 1) {
        viewer_say(facts->viewer, "this is the only call of it%s",
                   facts->viewer->scope.is_set ? " in the area" : "");
    } else if (rank > 0) {
        viewer_say(facts->viewer, "#%s slowest of %s: %s %.100s",
                   text_grouped(number, sizeof number, rank),
                   text_grouped(count, sizeof count, all->count),
                   text_duration(duration, sizeof duration,
                                 slice->end_ns - slice->start_ns,
                                 facts->viewer->theme.is_ascii),
                   name_of(facts, slice->function));
    }
}

/* False in *is_done when it takes a pass to know where to. */
static bool
hop_now(struct call_facts *facts, const struct call_rank *all,
        const struct slice *from, int64_t places, bool *is_done,
        struct error *err)
{
    struct ranked_call call;
    struct slice slice;

    *is_done = true;
    if (all->count == 0) {
        viewer_say(facts->viewer, "there is no call of it in the area");
        return true;
    }
    *is_done = call_rank_step(all, from, places, &call);
    if (!*is_done) {
        return true;
    }
    if (!ranked_call_slice(facts->viewer->model, from->function, &call,
                           facts->scratch, &slice, err)) {
        return false;
    }
    viewer_jump(facts->viewer, &slice);
    say_rank(facts, all, &slice);
    return true;
}

/* What is known covers this call: it is one of those around, or the one that
 * was asked about. NULL = nothing does. */
static const struct call_rank *
find_rank(const struct call_facts *facts, const struct slice *call)
{
    for (size_t i = 0; i < facts->rank_count; i++) {
        const struct known_rank *known = &facts->ranks[i];

        if (known->call.function == call->function
            && known->scope_number == facts->viewer->scope_number
            && (is_same(&known->call, call)
                || call_rank_of(&known->rank, call) > 0)) {
            return &known->rank;
        }
    }
    return NULL;
}

/* The oldest one goes when there are too many. */
static const struct call_rank *
keep_rank(struct call_facts *facts, struct facts_task *task)
{
    if (facts->rank_count == RANKS_MAX) {
        call_rank_release(&facts->ranks[--facts->rank_count].rank);
    }
    memmove(facts->ranks + 1, facts->ranks,
            facts->rank_count * sizeof *facts->ranks);
    facts->rank_count++;
    facts->ranks[0] = (struct known_rank){
        .rank = task->rank,
        .call = task->call,
        .scope_number = task->scope_number,
    };
    task->rank = (struct call_rank){0};
    return &facts->ranks[0].rank;
}

static bool
rank_done(void *argument, const struct error *failure, struct error *err)
{
    struct facts_task *task = argument;
    struct call_facts *facts = task->facts;
    int64_t places = facts->hop;
    const struct call_rank *all;
    bool is_done;

    facts->hop = 0;
    facts->sought_state = failure == NULL ? FACT_KNOWN : FACT_FAILED;
    if (failure != NULL) {
        viewer_say(facts->viewer, "%s", failure->message);
        return true;
    }
    all = keep_rank(facts, task);
    if (places == 0 || !is_same(&facts->hop_from, &task->call)) {
        return true;
    }
    /* One place is always known; behind the end of the order more may not. */
    return hop_now(facts, all, &facts->hop_from, places, &is_done, err)
           && (is_done
               || hop_now(facts, all, &facts->hop_from, places < 0 ? -1 : 1,
                          &is_done, err));
}

static const struct job_class rank_job = {
    .run = run_rank,
    .done = rank_done,
    .free = task_free,
    .can_restart = true,
};

static bool
is_sought(const struct call_facts *facts, const struct slice *call)
{
    return facts->sought_state != FACT_UNKNOWN && is_same(&facts->sought, call)
           && facts->sought_scope == facts->viewer->scope_number;
}

static bool
seek_rank(struct call_facts *facts, const struct slice *call, struct error *err)
{
    struct facts_task *task = task_new(facts, call, err);

    if (task == NULL) {
        return false;
    }
    facts->sought = *call;
    facts->sought_scope = facts->viewer->scope_number;
    facts->sought_state = FACT_AWAITED;
    return jobs_start(facts->viewer->jobs, JOB_DETAILS, &rank_job, task, err);
}

static bool
take_callers(struct call_facts *facts, struct error *err)
{
    const struct slice *callers;
    size_t count;

    if (!call_callers(facts->viewer->model, &facts->call, facts->scratch,
                      &callers, &count, err)
        || !array_reserve((void **)&facts->callers, &facts->caller_capacity,
                          count, sizeof *callers, err)) {
        return false;
    }
    if (count > 0) {
        memcpy(facts->callers, callers, count * sizeof *callers);
    }
    facts->caller_count = count;
    return true;
}

static bool
take_call(struct call_facts *facts, const struct slice *call, struct error *err)
{
    struct facts_task *task;

    facts->has_call = false;
    facts->call = *call;
    facts->callees_state = FACT_AWAITED;
    callees_release(&facts->callees);
    facts->sites = (struct call_lines){0};
    if (!take_callers(facts, err)
        || !slice_args(facts->viewer->model, call, facts->scratch, &facts->args,
                       err)) {
        return false;
    }
    task = task_new(facts, call, err);
    if (task != NULL && facts->caller_count > 0) {
        task->caller = facts->callers[facts->caller_count - 1].function;
    }
    if (task == NULL
        || !jobs_start(facts->viewer->jobs, JOB_CALLEES, &callees_job, task,
                       err)) {
        return false;
    }
    facts->has_call = true;
    return true;
}

bool
call_facts_show(struct call_facts *facts, const struct slice *call,
                struct error *err)
{
    if (!(facts->has_call && is_same(&facts->call, call))
        && !take_call(facts, call, err)) {
        return false;
    }
    return find_rank(facts, call) != NULL || is_sought(facts, call)
           || seek_rank(facts, call, err);
}

const struct buffer *
call_facts_args(const struct call_facts *facts)
{
    return &facts->args;
}

const struct call_lines *
call_facts_sites(const struct call_facts *facts)
{
    return &facts->sites;
}

const struct slice *
call_facts_callers(const struct call_facts *facts, size_t *count)
{
    *count = facts->caller_count;
    return facts->callers;
}

/* A job that is gone without a result was stopped. */
static enum fact_state
state_now(const struct call_facts *facts, enum fact_state state,
          enum job_kind kind)
{
    return state == FACT_AWAITED && !jobs_is_busy(facts->viewer->jobs, kind)
               ? FACT_STOPPED
               : state;
}

const struct callees *
call_facts_callees(const struct call_facts *facts, enum fact_state *state)
{
    *state = state_now(facts, facts->callees_state, JOB_CALLEES);
    return *state == FACT_KNOWN ? &facts->callees : NULL;
}

const struct call_rank *
call_facts_rank(const struct call_facts *facts, uint64_t *rank,
                enum fact_state *state)
{
    const struct call_rank *all = find_rank(facts, &facts->call);

    *rank = 0;
    if (all != NULL) {
        *state = FACT_KNOWN;
        *rank = call_rank_of(all, &facts->call);
        return all;
    }
    *state = state_now(facts, facts->sought_state, JOB_DETAILS);
    return NULL;
}

int
call_facts_callees_percent(const struct call_facts *facts)
{
    return jobs_percent(facts->viewer->jobs, JOB_CALLEES);
}

int
call_facts_rank_percent(const struct call_facts *facts)
{
    return jobs_percent(facts->viewer->jobs, JOB_DETAILS);
}

bool
call_facts_hop(struct call_facts *facts, const struct slice *from, int places,
               struct error *err)
{
    bool is_awaited = is_sought(facts, from)
                      && jobs_is_busy(facts->viewer->jobs, JOB_DETAILS);
    const struct call_rank *all = find_rank(facts, from);
    bool is_done = false;

    if (is_awaited && facts->hop != 0) {
        facts->hop += places;
        return true;
    }
    if (all != NULL) {
        if (!hop_now(facts, all, from, places, &is_done, err)) {
            return false;
        }
        if (is_done) {
            return true;
        }
    }
    facts->hop = places;
    facts->hop_from = *from;
    return is_awaited || seek_rank(facts, from, err);
}

void
call_facts_stay(struct call_facts *facts)
{
    facts->hop = 0;
}
