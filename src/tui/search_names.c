// SPDX-License-Identifier: Apache-2.0
/* Which names match: there may be a million of them. */
#include "tui/search_popup_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "model/trace_model.h"
#include "tui/jobs.h"
#include "tui/viewer.h"

struct names_task {
    struct search_popup *popup; /* closing it cancels the job */
    const struct trace_model *model;
    struct search_terms terms;
    struct search fresh;
    uint32_t *names;
    size_t name_count;
};

/* More time first, then by name. */
static int
compare_functions(const struct model_function *a,
                  const struct model_function *b)
{
    if (a->total_ns != b->total_ns) {
        return a->total_ns > b->total_ns ? -1 : 1;
    }
    if (a->call_count != b->call_count) {
        return a->call_count > b->call_count ? -1 : 1;
    }
    return strcmp(a->name, b->name);
}

static int
compare_names(const void *left, const void *right, void *context)
{
    const struct trace_model *model = context;
    const uint32_t *a = left;
    const uint32_t *b = right;
    int order = compare_functions(search_function(model, *a),
                                  search_function(model, *b));

    return order != 0 ? order : *a < *b ? -1 : *a > *b;
}

static bool
run_names(void *argument, const struct progress *progress, struct error *err)
{
    struct names_task *task = argument;
    const struct search *fresh = &task->fresh;

    (void)progress; /* names are bound in one go */
    if (!search_make(&task->fresh, task->model, &task->terms, err)) {
        return false;
    }
    task->names = array_new(fresh->name_count, sizeof *task->names, err);
    if (task->names == NULL) {
        return false;
    }
    for (uint32_t i = 0; fresh->matches != NULL && i <= fresh->function_count;
         i++) {
        if (fresh->matches[i] != 0
            && search_function(task->model, i)->call_count > 0) {
            task->names[task->name_count++] = i;
        }
    }
    qsort_r(task->names, task->name_count, sizeof *task->names, compare_names,
            (void *)task->model);
    return true;
}

static bool
take_names(void *argument, const struct error *failure, struct error *err)
{
    struct names_task *task = argument;
    struct search_popup *popup = task->popup;

    if (failure != NULL) {
        viewer_say(popup->viewer, "%s", failure->message);
        return true;
    }
    search_take(&popup->viewer->search, &task->fresh);
    /* What was picked meanwhile was one of other names. */
    popup->picked = SEARCH_NOT_PICKED;
    popup->terms.only = SEARCH_ALL;
    search_pick(&popup->viewer->search, task->model, SEARCH_ALL,
                popup->terms.track);
    free(popup->names);
    popup->names = task->names;
    popup->name_count = task->name_count;
    task->names = NULL;
    search_sparks_want(popup->viewer, popup->names, popup->name_count);
    return search_popup_go_on(popup, err);
}

static void
free_names(void *argument)
{
    struct names_task *task = argument;

    search_clear(&task->fresh);
    free(task->names);
    free(task);
}

bool
search_names_start(struct search_popup *popup, struct error *err)
{
    static const struct job_class class = {
        .run = run_names,
        .done = take_names,
        .free = free_names,
    };
    struct viewer *viewer = popup->viewer;
    struct names_task *task = array_new(1, sizeof *task, err);

    if (task == NULL) {
        return false;
    }
    task->popup = popup;
    task->model = viewer->model;
    task->terms = popup->terms;
    /* A worker has one job at a time: counting is of another text then. */
    (void)jobs_cancel(viewer->jobs, JOB_SEARCH_COUNT);
    return jobs_start(viewer->jobs, JOB_SEARCH_NAMES, &class, task, err);
}

bool
search_names_are_sought(const struct search_popup *popup)
{
    return jobs_is_busy(popup->viewer->jobs, JOB_SEARCH_NAMES);
}
