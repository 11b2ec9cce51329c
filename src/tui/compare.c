// SPDX-License-Identifier: Apache-2.0
#include "tui/compare.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/error.h"
#include "model/trace_model.h"
#include "tui/job_scope.h"
#include "tui/viewer.h"

struct compare_task {
    struct viewer *viewer;
    const struct trace_model *model;
    struct job_scope scopes[2];
    struct compare_result *result;
};

/* A part of the work on the scale of all of it. */
struct half_progress {
    const struct progress *whole;
    unsigned part; /* 0 or 1 */
};

static bool
report_half(void *context, uint64_t done, uint64_t total)
{
    const struct half_progress *half = context;

    return progress_report(half->whole, done + half->part * total, 2 * total);
}

static void
free_result(struct compare_result *result)
{
    if (result != NULL) {
        profile_diff_release(&result->diff);
        scope_profile_release(&result->profiles[0]);
        scope_profile_release(&result->profiles[1]);
        free(result->changes);
        free(result);
    }
}

/* A function is where it was called last: in B, else in A. */
static bool
find_changes(struct compare_result *result, uint32_t function_count,
             struct error *err)
{
    const struct profile_diff *diff = &result->diff;

    result->changes =
        array_new((size_t)function_count + 1, sizeof *result->changes, err);
    if (result->changes == NULL) {
        return false;
    }
    for (size_t i = 0; i < diff->count; i++) {
        const struct profile_diff_row *row = &diff->rows[i];

        for (int side = 0; side < 2; side++) {
            if (row->functions[side] != UINT32_MAX) {
                result->changes[row->functions[side]] = (uint8_t)row->change;
            }
        }
    }
    return true;
}

static bool
run_compare(void *argument, const struct progress *progress, struct error *err)
{
    struct compare_task *task = argument;
    struct compare_result *result = task->result;
    struct profile_side sides[2];

    for (unsigned i = 0; i < 2; i++) {
        struct half_progress half = {.whole = progress, .part = i};
        struct scope_profile_options options = {
            .has_no_tree = true,
            .progress = {.report = report_half, .context = &half},
        };

        if (!scope_profile_build(&result->profiles[i], task->model,
                                 &task->scopes[i].scope, &options, err)) {
            return false;
        }
        sides[i] = (struct profile_side){task->model, &result->profiles[i]};
    }
    return profile_diff_build(&result->diff, &sides[0], &sides[1], err)
           && find_changes(result, trace_model_function_count(task->model),
                           err);
}

static bool
finish_compare(void *argument, const struct error *failure, struct error *err)
{
    struct compare_task *task = argument;
    struct compare *compare = task->viewer->compare;

    (void)err;
    if (failure != NULL) {
        (void)snprintf(compare->failure, sizeof compare->failure, "%s",
                       failure->message);
        return true;
    }
    compare->result = task->result;
    task->result = NULL;
    return true;
}

static void
free_task(void *argument)
{
    struct compare_task *task = argument;

    free_result(task->result);
    job_scope_release(&task->scopes[0]);
    job_scope_release(&task->scopes[1]);
    free(task);
}

static const struct job_class compare_class = {
    .run = run_compare,
    .done = finish_compare,
    .free = free_task,
};

/* The task has what it needs: the comparison may go while it runs. */
static struct compare_task *
make_task(struct viewer *viewer, const struct compare_side sides[2],
          struct error *err)
{
    struct compare_task *task = array_new(1, sizeof *task, err);
    bool is_ok = task != NULL;

    if (!is_ok) {
        return NULL;
    }
    task->viewer = viewer;
    task->model = viewer->model;
    task->result = array_new(1, sizeof *task->result, err);
    is_ok = task->result != NULL;
    for (int i = 0; i < 2 && is_ok; i++) {
        struct trace_scope scope = {
            .start_ns = sides[i].start_ns,
            .end_ns = sides[i].end_ns,
            .tracks = sides[i].tracks,
        };

        is_ok = job_scope_copy(&task->scopes[i], viewer, &scope, err);
    }
    if (!is_ok) {
        free_task(task);
        return NULL;
    }
    return task;
}

void
compare_side_release(struct compare_side *side)
{
    free(side->tracks);
    *side = (struct compare_side){0};
}

bool
compare_take_sides(struct viewer *viewer, struct compare_side sides[2])
{
    if (viewer->compare == NULL) {
        return false;
    }
    for (int i = 0; i < 2; i++) {
        sides[i] = viewer->compare->sides[i];
        viewer->compare->sides[i] = (struct compare_side){0};
    }
    return true;
}

void
compare_free(struct compare *compare)
{
    if (compare != NULL) {
        free_result(compare->result);
        compare_side_release(&compare->sides[0]);
        compare_side_release(&compare->sides[1]);
        free(compare);
    }
}

bool
compare_start(struct viewer *viewer, struct compare_side sides[2],
              struct error *err)
{
    struct compare *compare = array_new(1, sizeof *compare, err);
    struct compare_task *task =
        compare == NULL ? NULL : make_task(viewer, sides, err);

    if (task == NULL) {
        free(compare);
        compare_side_release(&sides[0]);
        compare_side_release(&sides[1]);
        return false;
    }
    (void)jobs_cancel(viewer->jobs, JOB_COMPARE);
    compare_free(viewer->compare);
    viewer->compare = compare;
    for (int i = 0; i < 2; i++) {
        compare->sides[i] = sides[i];
        sides[i] = (struct compare_side){0};
    }
    return jobs_start(viewer->jobs, JOB_COMPARE, &compare_class, task, err);
}

unsigned
compare_change_slot(enum profile_change change)
{
    /* Apart with eight colours, too; orange is bad, blue is good. */
    static const uint8_t slots[] = {
        [PROFILE_SAME] = 13, [PROFILE_SLOWER] = 9, [PROFILE_FASTER] = 2,
        [PROFILE_NEW] = 4,   [PROFILE_GONE] = 12,
    };

    return slots[change];
}

bool
compare_slot(const struct viewer *viewer, uint32_t function, unsigned *slot)
{
    const struct compare *compare = viewer->compare;
    uint32_t count = trace_model_function_count(viewer->model);

    if (compare == NULL || compare->result == NULL) {
        return false;
    }
    *slot = compare_change_slot(
        (enum profile_change)
            compare->result->changes[function < count ? function : count]);
    return true;
}

const char *
compare_side_text(const struct viewer *viewer, const struct compare_side *side,
                  char *text, size_t size)
{
    size_t count = trace_model_track_count(viewer->model);
    size_t inside = 0;
    char range[COMPARE_NAME_SIZE];

    for (size_t i = 0; i < count; i++) {
        inside += side->tracks[i];
    }
    if (side->start_ns == 0 && side->end_ns == UINT64_MAX) {
        (void)snprintf(text, size, "%s: all of it, %zu %s", side->name, inside,
                       inside == 1 ? "thread" : "threads");
        return text;
    }
    (void)snprintf(text, size, "%s: %s, %zu %s", side->name,
                   time_range_text(range, sizeof range, side->start_ns,
                                   side->end_ns, viewer->theme.is_ascii),
                   inside, inside == 1 ? "thread" : "threads");
    return text;
}
