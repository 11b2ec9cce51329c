// SPDX-License-Identifier: Apache-2.0
/* Lists are made in the background, of what the model has by time; the calls
 * among the events need a look at all slices, and come later. */
#include "tui/events.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/error.h"
#include "model/moment_calls.h"
#include "model/trace_model.h"
#include "tui/job_scope.h"
#include "tui/jobs.h"
#include "tui/search_count.h"
#include "tui/viewer.h"

struct list_task {
    struct events *events;
    const struct trace_model *model;
    struct moment_request request; /* the calls are shared */
    struct job_scope scope;        /* what the request's points to */
    struct search_copy search;
    struct instant_hits instants;
    struct moment_list *list;
    struct moment_list *hits;
};

static bool
run_list(void *argument, const struct progress *progress, struct error *err)
{
    struct list_task *task = argument;
    const struct search_question nowhere = {0};

    if (task->search.set.functions != NULL) {
        if (!search_find_instants(task->model, &task->search, &nowhere,
                                  progress, &task->instants, err)) {
            return false;
        }
        task->request.instants = &task->instants;
        task->request.only_hits = true;
        if (!moment_list_new(&task->hits, task->model, &task->request, progress,
                             err)) {
            return false;
        }
        task->request.only_hits = false;
    }
    return moment_list_new(&task->list, task->model, &task->request, progress,
                           err);
}

static bool
take_list(void *argument, const struct error *failure, struct error *err)
{
    struct list_task *task = argument;
    struct events *events = task->events;

    (void)err;
    if (failure != NULL) {
        (void)snprintf(events->failure, sizeof events->failure, "%s",
                       failure->message);
        return true;
    }
    moment_list_free(events->list);
    moment_list_free(events->hits);
    instant_hits_release(&events->instants);
    events->list = task->list;
    events->hits = task->hits;
    events->instants = task->instants;
    task->list = NULL;
    task->hits = NULL;
    task->instants = (struct instant_hits){0};
    events->list_number++;
    events->is_placed = false;
    return true;
}

static void
free_list(void *argument)
{
    struct list_task *task = argument;

    moment_list_free(task->list);
    moment_list_free(task->hits);
    instant_hits_release(&task->instants);
    moment_calls_drop(task->request.calls);
    search_copy_release(&task->search);
    job_scope_release(&task->scope);
    free(task);
}

static bool
start_list(struct events *events, struct error *err)
{
    static const struct job_class class = {
        .run = run_list,
        .done = take_list,
        .free = free_list,
    };
    struct viewer *viewer = events->viewer;
    struct list_task *task = array_new(1, sizeof *task, err);

    if (task == NULL) {
        return false;
    }
    task->events = events;
    task->model = viewer->model;
    task->request.kinds = events->state.kinds;
    task->request.calls = moment_calls_share(events->calls);
    if (!job_scope_take(&task->scope, viewer, err)
        || !search_copy_take(&task->search, &viewer->search, err)) {
        free_list(task);
        return false;
    }
    task->request.scope = task->scope.scope;
    return jobs_start(viewer->jobs, JOB_EVENTS, &class, task, err);
}

struct calls_task {
    struct events *events;
    const struct trace_model *model;
    struct job_scope scope;
    struct search_copy search;
    struct moment_calls *calls;
};

static bool
run_calls(void *argument, const struct progress *progress, struct error *err)
{
    struct calls_task *task = argument;

    return moment_calls_find(
        &task->calls, task->model, &task->scope.scope,
        task->search.set.functions != NULL ? &task->search.set : NULL, progress,
        err);
}

static bool
take_calls(void *argument, const struct error *failure, struct error *err)
{
    struct calls_task *task = argument;
    struct events *events = task->events;

    (void)err;
    if (failure != NULL) {
        (void)snprintf(events->calls_failure, sizeof events->calls_failure,
                       "%s", failure->message);
        return true;
    }
    moment_calls_drop(events->calls);
    events->calls = task->calls;
    task->calls = NULL;
    events->has_calls = true;
    events->calls_number++;
    return true;
}

static void
free_calls(void *argument)
{
    struct calls_task *task = argument;

    moment_calls_drop(task->calls);
    search_copy_release(&task->search);
    job_scope_release(&task->scope);
    free(task);
}

static bool
start_calls(struct events *events, struct error *err)
{
    static const struct job_class class = {
        .run = run_calls,
        .done = take_calls,
        .free = free_calls,
    };
    struct viewer *viewer = events->viewer;
    struct calls_task *task = array_new(1, sizeof *task, err);

    if (task == NULL) {
        return false;
    }
    task->events = events;
    task->model = viewer->model;
    if (!job_scope_take(&task->scope, viewer, err)
        || !search_copy_take(&task->search, &viewer->search, err)) {
        free_calls(task);
        return false;
    }
    return jobs_start(viewer->jobs, JOB_EVENT_CALLS, &class, task, err);
}

static struct events_version
wanted(const struct events *events)
{
    return (struct events_version){
        .scope = events->viewer->scope_number,
        .search = events->viewer->search.number,
        .kinds = events->state.kinds,
        .calls = events->calls_number,
    };
}

/* Whether calls for one will do for the other. */
static bool
has_same_calls(const struct events_version *a, const struct events_version *b)
{
    return a->scope == b->scope && a->search == b->search;
}

bool
events_is_new(const struct events *events)
{
    struct events_version now = wanted(events);

    return events->is_asked && has_same_calls(&events->asked, &now)
           && events->asked.kinds == now.kinds
           && events->asked.calls == now.calls
           && !jobs_is_busy(events->viewer->jobs, JOB_EVENTS);
}

bool
events_wants_calls(const struct events *events)
{
    bool is_searching = search_is_on(&events->viewer->search);

    return (events->state.kinds & 1u << MOMENT_ERROR) != 0
           || (is_searching && (events->state.kinds & 1u << MOMENT_HIT) != 0);
}

void
events_forget(struct events *events)
{
    moment_list_free(events->list);
    moment_list_free(events->hits);
    instant_hits_release(&events->instants);
    moment_calls_drop(events->calls);
    events->list = NULL;
    events->hits = NULL;
    events->calls = NULL;
    events->is_asked = false;
    events->has_asked_calls = false;
    events->has_calls = false;
    events->failure[0] = '\0';
    events->calls_failure[0] = '\0';
    events->calls_number++;
    events->list_number++;
}

static bool
ask_list(struct events *events, struct error *err)
{
    struct events_version now = wanted(events);

    if (events->is_asked && has_same_calls(&events->asked, &now)
        && events->asked.kinds == now.kinds
        && events->asked.calls == now.calls) {
        return true;
    }
    /* A worker has one job at a time: looking at calls begins again. */
    if (jobs_cancel(events->viewer->jobs, JOB_EVENT_CALLS)) {
        events->has_asked_calls = false;
    }
    events->asked = now;
    events->is_asked = true;
    events->failure[0] = '\0';
    return start_list(events, err);
}

static bool
ask_calls(struct events *events, struct error *err)
{
    struct events_version now = wanted(events);

    if (!events_wants_calls(events) || events->list == NULL
        || jobs_is_busy(events->viewer->jobs, JOB_EVENTS)
        || (events->has_asked_calls
            && has_same_calls(&events->calls_asked, &now))) {
        return true;
    }
    events->calls_asked = now;
    events->has_asked_calls = true;
    events->has_calls = false;
    events->calls_failure[0] = '\0';
    return start_calls(events, err);
}

/* Those of another scope or search are no longer shown. */
static void
drop_old_calls(struct events *events)
{
    struct events_version now = wanted(events);

    if (events->calls != NULL && !has_same_calls(&events->calls_asked, &now)) {
        moment_calls_drop(events->calls);
        events->calls = NULL;
        events->has_calls = false;
        events->calls_number++;
    }
}

bool
events_ask(struct events *events, struct error *err)
{
    if (events->is_asked
        && events->asked.scope != events->viewer->scope_number) {
        events_forget(events);
    }
    drop_old_calls(events);
    return ask_list(events, err) && ask_calls(events, err);
}
