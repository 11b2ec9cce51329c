// SPDX-License-Identifier: Apache-2.0
#include "tui/search_count.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "model/search_query.h"
#include "model/trace_model.h"
#include "tui/jobs.h"
#include "tui/search_step.h"
#include "tui/theme.h"
#include "tui/timeline_view.h"
#include "tui/viewer.h"

void
search_found_release(struct search_found *found)
{
    slice_hits_release(&found->hits);
    instant_hits_release(&found->instants);
    free(found->sparks.calls);
    *found = (struct search_found){0};
}

void
search_sparks_want(struct viewer *viewer, const uint32_t *functions,
                   size_t count)
{
    struct search_sparks *sparks = &viewer->found.sparks;

    free(sparks->calls);
    *sparks = (struct search_sparks){
        .count =
            count < SEARCH_SPARKS_MAX ? (uint32_t)count : SEARCH_SPARKS_MAX,
    };
    memcpy(sparks->functions, functions,
           sparks->count * sizeof *sparks->functions);
}

bool
search_spark(const struct viewer *viewer, uint32_t function, uint8_t *levels,
             unsigned cells)
{
    const struct search_sparks *sparks = &viewer->found.sparks;
    uint64_t sums[SEARCH_SPARK_CELLS_MAX] = {0};
    uint64_t most = 0;
    uint32_t row = 0;

    while (row < sparks->count && sparks->functions[row] != function) {
        row++;
    }
    if (sparks->calls == NULL || row == sparks->count || cells == 0
        || cells > SEARCH_SPARK_CELLS_MAX) {
        return false;
    }
    for (uint32_t i = 0; i < sparks->column_count; i++) {
        uint64_t *sum = &sums[(uint64_t)i * cells / sparks->column_count];

        *sum += sparks->calls[row * (size_t)sparks->column_count + i];
        most = *sum > most ? *sum : most;
    }
    for (unsigned i = 0; i < cells; i++) {
        levels[i] = (uint8_t)theme_level_of(sums[i], most);
    }
    return true;
}

struct count_task {
    uint32_t *rows; /* of functions that are counted apart; may be NULL */
    struct viewer *viewer;
    const struct trace_model *model;
    struct search_question question;
    struct slice_hits_request request;
    struct search_copy search;
    struct slice_hits hits;
    struct instant_hits instants;
};

bool
search_find_instants(const struct trace_model *model,
                     const struct search_copy *search,
                     const struct search_question *question,
                     const struct progress *progress, struct instant_hits *hits,
                     struct error *err)
{
    struct instant_hits_request request = {
        .query = search->query == NULL ? NULL : &search->query->bound,
        .track = search->set.track,
        .window_start_ns = question->window_start_ns,
        .window_end_ns = question->window_end_ns,
    };

    return instant_hits_find(model, &request, progress, hits, err);
}

static bool
run_count(void *task, const struct progress *progress, struct error *err)
{
    struct count_task *count = task;

    if (!slice_hits_count(count->model, &count->request, progress, &count->hits,
                          err)
        || !search_find_instants(count->model, &count->search, &count->question,
                                 progress, &count->instants, err)) {
        return false;
    }
    instant_hits_mark(&count->instants, count->model, &count->request.grid,
                      count->hits.columns);
    return true;
}

static bool
take_counts(void *task, const struct error *failure, struct error *err)
{
    struct count_task *count = task;
    struct search_found *found = &count->viewer->found;

    if (failure != NULL) {
        found->is_given_up = true;
        (void)snprintf(found->problem, sizeof found->problem, "%.*s",
                       (int)sizeof found->problem - 1, failure->message);
        return true;
    }
    slice_hits_release(&found->hits);
    instant_hits_release(&found->instants);
    found->is_given_up = false;
    found->problem[0] = '\0';
    if (count->rows != NULL) {
        free(found->sparks.calls);
        found->sparks.calls = count->hits.row_columns;
        found->sparks.column_count = count->request.grid.column_count;
        count->hits.row_columns = NULL;
    }
    found->hits = count->hits;
    found->instants = count->instants;
    found->known = count->question;
    found->asked = count->question;
    count->hits = (struct slice_hits){0};
    count->instants = (struct instant_hits){0};
    return search_step_rank(count->viewer, err);
}

static void
free_count(void *task)
{
    struct count_task *count = task;

    slice_hits_release(&count->hits);
    instant_hits_release(&count->instants);
    search_copy_release(&count->search);
    free(count->rows);
    free(count);
}

static const struct job_class count_job = {
    .run = run_count,
    .done = take_counts,
    .free = free_count,
};

/* The names of the search have a row each, as far as there are any. */
static bool
set_rows(struct count_task *task, struct error *err)
{
    const struct search_sparks *sparks = &task->viewer->found.sparks;
    uint32_t count = task->search.set.function_count;

    if (task->viewer->search.terms.only != SEARCH_ALL || sparks->count == 0
        || sparks->calls != NULL) {
        return true;
    }
    task->rows = array_new((size_t)count + 1, sizeof *task->rows, err);
    if (task->rows == NULL) {
        return false;
    }
    memset(task->rows, 0xFF, ((size_t)count + 1) * sizeof *task->rows);
    for (uint32_t i = 0; i < sparks->count; i++) {
        uint32_t function = sparks->functions[i];

        task->rows[function < count ? function : count] = i;
    }
    task->request.rows = task->rows;
    task->request.row_count = sparks->count;
    return true;
}

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
    if (!search_copy_take(&task->search, &viewer->search, err)) {
        free_count(task);
        return false;
    }
    task->request.set = task->search.set;
    if (!set_rows(task, err)) {
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
search_may_hit(const struct viewer *viewer)
{
    const struct search *search = &viewer->search;

    return search->hit_count > 0
           || (search_is_on(search) && search->problem[0] == '\0'
               && search->terms.only == SEARCH_ALL && search->query != NULL
               && trace_model_instant_count(viewer->model) > 0);
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

    if (!search_may_hit(viewer) || is_asked
        || is_answered_by(viewer, &found->known, &question)) {
        return true;
    }
    found->asked = question;
    found->is_given_up = false;
    found->problem[0] = '\0';
    return start_counting(viewer, &question, err);
}

bool
search_counts(const struct viewer *viewer, const struct timeline_place *place,
              struct search_counts *counts)
{
    const struct search_found *found = &viewer->found;
    const struct slice_hits *hits = &found->hits;
    const struct instant_hits *instants = &found->instants;
    struct search_question question = question_of(viewer, place);

    if (found->known.number != question.number
        || !is_same_window(&found->known, &question)) {
        return false;
    }
    *counts = (struct search_counts){
        .before = hits->before + instants->before,
        .inside = hits->inside + instants->inside,
        .behind = hits->behind + instants->behind,
        .instants = instants->count,
        .earlier = hits->earlier,
    };
    return true;
}

bool
search_is_instant_hit(const struct viewer *viewer, size_t index)
{
    const struct search_found *found = &viewer->found;

    return search_is_on(&viewer->search)
           && found->known.number == viewer->search.number
           && index < found->instants.instant_count
           && found->instants.is_hit[index] != 0;
}

const uint8_t *
search_columns(const struct viewer *viewer, const struct timeline_grid *grid)
{
    const struct search_found *found = &viewer->found;

    return search_is_on(&viewer->search)
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
}
