// SPDX-License-Identifier: Apache-2.0
#include "tui/search_jobs.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "base/text.h"
#include "model/slice_step.h"
#include "model/trace_model.h"
#include "tui/jobs.h"
#include "tui/label.h"
#include "tui/timeline_view.h"
#include "tui/viewer.h"

enum { NAME_CELLS = 60 }; /* of a name in a message */

void
search_found_release(struct search_found *found)
{
    slice_hits_release(&found->hits);
    *found = (struct search_found){0};
}

/* A copy of the hits for a worker: the search may change meanwhile. */
static bool
copy_set(const struct search *search, struct slice_hit_set *set,
         struct error *err)
{
    size_t size = (size_t)search->function_count + 1;
    uint8_t *functions = array_new(size, sizeof *functions, err);

    if (functions == NULL) {
        return false;
    }
    memcpy(functions, search->hits, size);
    *set = (struct slice_hit_set){
        .functions = functions,
        .function_count = search->function_count,
        .track = search->terms.track,
    };
    return true;
}

struct count_task {
    struct viewer *viewer;
    const struct trace_model *model;
    struct search_question question;
    struct slice_hits_request request;
    struct slice_hits hits;
};

static bool
run_count(void *task, const struct progress *progress, struct error *err)
{
    struct count_task *count = task;

    return slice_hits_count(count->model, &count->request, progress,
                            &count->hits, err);
}

static bool
take_counts(void *task, const struct error *failure, struct error *err)
{
    struct count_task *count = task;
    struct search_found *found = &count->viewer->found;

    (void)err;
    if (failure != NULL) {
        found->is_given_up = true;
        (void)snprintf(found->problem, sizeof found->problem, "%.*s",
                       (int)sizeof found->problem - 1, failure->message);
        return true;
    }
    slice_hits_release(&found->hits);
    found->hits = count->hits;
    found->known = count->question;
    count->hits = (struct slice_hits){0};
    return true;
}

static void
free_count(void *task)
{
    struct count_task *count = task;

    slice_hits_release(&count->hits);
    free((void *)count->request.set.functions);
    free(count);
}

static const struct job_class count_job = {
    .run = run_count,
    .done = take_counts,
    .free = free_count,
};

static bool
start_counting(struct viewer *viewer, const struct search_question *question,
               struct error *err)
{
    struct count_task *task = array_new(1, sizeof *task, err);

    if (task == NULL) {
        return false;
    }
    task->viewer = viewer;
    task->model = viewer->model;
    task->question = *question;
    task->request = (struct slice_hits_request){
        .window_start_ns = question->window_start_ns,
        .window_end_ns = question->window_end_ns,
        .grid = question->grid,
    };
    if (!copy_set(&viewer->search, &task->request.set, err)) {
        free_count(task);
        return false;
    }
    return jobs_start(viewer->jobs, JOB_SEARCH_COUNT, &count_job, task, err);
}

static bool
is_same_grid(const struct timeline_grid *a, const struct timeline_grid *b)
{
    return a->origin_ns == b->origin_ns && a->column_ns == b->column_ns
           && a->column_count == b->column_count;
}

static bool
is_same_window(const struct search_question *a, const struct search_question *b)
{
    return a->window_start_ns == b->window_start_ns
           && a->window_end_ns == b->window_end_ns;
}

static struct search_question
question_of(const struct viewer *viewer, const struct timeline_place *place)
{
    return (struct search_question){
        .number = viewer->search.number,
        .window_start_ns = place->window_start_ns,
        .window_end_ns = place->window_end_ns,
        .grid = place->overview,
    };
}

/* Whether one answer does for both. Where the window is does not matter while
 * no overlay shows it. */
static bool
is_answered_by(const struct viewer *viewer, const struct search_question *a,
               const struct search_question *b)
{
    return a->number == b->number && is_same_grid(&a->grid, &b->grid)
           && (viewer->overlay_class == NULL || is_same_window(a, b));
}

bool
search_count(struct viewer *viewer, const struct timeline_place *place,
             struct error *err)
{
    struct search_found *found = &viewer->found;
    struct search_question question = question_of(viewer, place);
    bool is_asked =
        is_answered_by(viewer, &found->asked, &question)
        && (found->is_given_up || jobs_is_busy(viewer->jobs, JOB_SEARCH_COUNT));

    if (viewer->search.hit_count == 0 || is_asked
        || is_answered_by(viewer, &found->known, &question)) {
        return true;
    }
    found->asked = question;
    found->is_given_up = false;
    found->problem[0] = '\0';
    return start_counting(viewer, &question, err);
}

const struct slice_hits *
search_counts(const struct viewer *viewer, const struct timeline_place *place)
{
    const struct search_found *found = &viewer->found;
    struct search_question question = question_of(viewer, place);

    return found->known.number == question.number
                   && is_same_window(&found->known, &question)
               ? &found->hits
               : NULL;
}

const uint8_t *
search_columns(const struct viewer *viewer, const struct timeline_grid *grid)
{
    const struct search_found *found = &viewer->found;

    return viewer->search.hit_count > 0
                   && found->known.number == viewer->search.number
                   && is_same_grid(&found->known.grid, grid)
               ? found->hits.columns
               : NULL;
}

void
search_give_up(struct viewer *viewer)
{
    viewer->found.is_given_up = true;
    viewer->found.problem[0] = '\0';
    viewer->found.steps_left = 0;
}

/* From one hit to the next. */
struct step_task {
    struct viewer *viewer;
    const struct trace_model *model;
    unsigned number; /* of the search */
    struct slice_step_request request;
    bool has_slice; /* request.from is the place of this one */
    struct slice slice;
    struct slice_step_result result;
    bool is_wrapped; /* there was none that way: it is from the other end */
    bool has_rank;
    uint64_t rank;
    uint64_t count;
};

static bool
find_place(struct step_task *step, struct span_scratch *scratch,
           struct error *err)
{
    return !step->has_slice
           || slice_place_of(step->model, &step->slice, scratch,
                             &step->request.from, err);
}

/* Behind the last hit comes the first one. */
static bool
find_next(struct step_task *step, const struct progress *progress,
          struct span_scratch *scratch, struct error *err)
{
    struct slice_step_request around = step->request;

    if (!slice_step(step->model, &step->request, progress, scratch,
                    &step->result, err)) {
        return false;
    }
    if (step->result.found) {
        return true;
    }
    step->is_wrapped = true;
    around.is_inclusive = true;
    around.from = (struct slice_place){
        .start_ns = around.is_backward ? UINT64_MAX : 0,
    };
    return slice_step(step->model, &around, progress, scratch, &step->result,
                      err);
}

static bool
find_rank(struct step_task *step, struct span_scratch *scratch,
          struct error *err)
{
    struct slice_step_request request = step->request;

    if (!step->result.found || request.block_counts == NULL) {
        return true;
    }
    request.from = step->result.place;
    step->has_rank = true;
    return slice_rank(step->model, &request, scratch, &step->rank, err);
}

static bool
run_step(void *task, const struct progress *progress, struct error *err)
{
    struct step_task *step = task;
    struct span_scratch *scratch = NULL;
    bool is_ok = span_scratch_new(&scratch, err)
                 && find_place(step, scratch, err)
                 && find_next(step, progress, scratch, err)
                 && find_rank(step, scratch, err);

    span_scratch_free(scratch);
    return is_ok;
}

/* "match 7 of 412: report.build, 13.6 ms at 29.6 ms". */
static void
say_hit(const struct step_task *step)
{
    struct viewer *viewer = step->viewer;
    const struct slice *slice = &step->result.slice;
    bool is_ascii = viewer->theme.is_ascii;
    char name[LABEL_SIZE];
    char rank[TEXT_NUMBER_SIZE];
    char count[TEXT_NUMBER_SIZE];
    char duration[TEXT_NUMBER_SIZE];
    char start[TEXT_NUMBER_SIZE];

    (void)label_cut(name, &viewer->theme,
                    search_function(viewer->model, slice->function)->name,
                    NAME_CELLS);
    (void)text_grouped(rank, sizeof rank, step->rank + 1);
    (void)text_grouped(count, sizeof count, step->count);
    (void)text_duration(duration, sizeof duration,
                        slice->end_ns - slice->start_ns, is_ascii);
    (void)text_duration(start, sizeof start, slice->start_ns, is_ascii);
    viewer_say(viewer, "match %s of %s: %s, %s at %s%s",
               step->has_rank ? rank : "?", step->count > 0 ? count : "?", name,
               duration, start,
               !step->is_wrapped           ? ""
               : step->request.is_backward ? " (from the end)"
                                           : " (from the start)");
}

static bool start_step(struct viewer *viewer, const struct step_task *wanted,
                       struct error *err);

/* The steps that were asked for meanwhile. */
static bool
step_on(const struct step_task *step, struct error *err)
{
    struct viewer *viewer = step->viewer;
    struct step_task next = {
        .request = {.from = step->result.place,
                    .is_backward = viewer->found.steps_left < 0},
    };

    if (viewer->found.steps_left == 0
        || viewer->search.number != step->number) {
        viewer->found.steps_left = 0;
        return true;
    }
    viewer->found.steps_left += next.request.is_backward ? 1 : -1;
    return start_step(viewer, &next, err);
}

static bool
take_step(void *task, const struct error *failure, struct error *err)
{
    const struct step_task *step = task;
    struct viewer *viewer = step->viewer;

    if (failure != NULL) {
        viewer_say(viewer, "%s", failure->message);
    } else if (!step->result.found) {
        viewer_say(viewer, "there is no match on this track");
    } else if (viewer->active == VIEW_TIMELINE) {
        viewer_jump(viewer, &step->result.slice);
        say_hit(step);
        return step_on(step, err);
    }
    viewer->found.steps_left = 0;
    return true;
}

static void
free_step(void *task)
{
    struct step_task *step = task;

    free((void *)step->request.set.functions);
    free((void *)step->request.block_counts);
    free(step);
}

static const struct job_class step_job = {
    .run = run_step,
    .done = take_step,
    .free = free_step,
};

/* What the counts say, for a worker. */
static bool
copy_counts(const struct viewer *viewer, struct step_task *task,
            struct error *err)
{
    const struct search_found *found = &viewer->found;
    uint32_t *counts;

    if (found->known.number != viewer->search.number) {
        task->count = viewer->search.terms.track == SEARCH_ALL
                          ? viewer->search.hit_count
                          : 0;
        return true;
    }
    counts = array_new(found->hits.block_count, sizeof *counts, err);
    if (counts == NULL) {
        return false;
    }
    memcpy(counts, found->hits.block_counts,
           found->hits.block_count * sizeof *counts);
    task->request.block_counts = counts;
    task->count = found->hits.count;
    return true;
}

/* A worker has one job at a time: counting, which takes long, begins again
 * with the next frame. */
static bool
start_step(struct viewer *viewer, const struct step_task *wanted,
           struct error *err)
{
    struct step_task *task = array_new(1, sizeof *task, err);

    if (task == NULL) {
        return false;
    }
    *task = *wanted;
    task->viewer = viewer;
    task->model = viewer->model;
    task->number = viewer->search.number;
    if (!copy_set(&viewer->search, &task->request.set, err)
        || !copy_counts(viewer, task, err)) {
        free_step(task);
        return false;
    }
    (void)jobs_cancel(viewer->jobs, JOB_SEARCH_COUNT);
    return jobs_start(viewer->jobs, JOB_SEARCH_STEP, &step_job, task, err);
}

/* False, and said why, when there is nothing to go to. */
static bool
has_hits(struct viewer *viewer)
{
    const struct search *search = &viewer->search;

    if (!search_is_on(search)) {
        viewer_say(viewer, "nothing is searched for: / begins a search");
    } else if (search->problem[0] != '\0') {
        viewer_say(viewer, "%s: %s", search->terms.text, search->problem);
    } else if (search->hit_count == 0) {
        viewer_say(viewer, "no call matches %s", search->terms.text);
    }
    return search->hit_count > 0;
}

bool
search_step(struct viewer *viewer, const struct timeline_place *place,
            int direction, bool is_inclusive, struct error *err)
{
    bool is_on_hit = place->has_slice
                     && search_is_hit_on(&viewer->search, place->slice.track,
                                         place->slice.function);
    struct step_task wanted = {
        .request =
            {
                .from = {.start_ns = place->time_ns},
                .is_backward = direction < 0,
                .is_inclusive = is_on_hit ? is_inclusive : direction > 0,
            },
        .has_slice = is_on_hit,
        .slice = place->slice,
    };

    if (!has_hits(viewer)) {
        return true;
    }
    if (jobs_is_busy(viewer->jobs, JOB_SEARCH_STEP)) {
        viewer->found.steps_left += direction < 0 ? -1 : 1;
        return true;
    }
    viewer->found.steps_left = 0;
    return start_step(viewer, &wanted, err);
}
