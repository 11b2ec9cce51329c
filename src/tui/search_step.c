// SPDX-License-Identifier: Apache-2.0
#include "tui/search_step.h"

#include <stdint.h>
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
#include "tui/search_count.h"
#include "tui/timeline_view.h"
#include "tui/viewer.h"

enum { NAME_CELLS = 60 }; /* of a name in a message */

enum step_kind { STEP_TIME, STEP_SLICE, STEP_INSTANT };

/* Where a step begins, or has come to. */
struct step_place {
    enum step_kind kind;
    uint64_t time_ns;
    struct slice slice;       /* of STEP_SLICE */
    bool has_order;           /* order is known */
    struct slice_place order; /* of the slice */
    size_t instant;           /* of STEP_INSTANT */
};

struct step_task {
    struct viewer *viewer;
    const struct trace_model *model;
    unsigned number; /* of the search */
    struct search_terms terms;
    struct search_copy search;
    uint32_t *block_counts; /* owned; NULL = not counted */
    struct instant_hits instants;
    bool has_instants;
    uint64_t count; /* of all hits; 0 = not known */

    struct step_place from;
    bool is_backward;
    bool is_inclusive;

    bool found;
    struct step_place to;
    bool is_wrapped; /* there was none that way: it is from the other end */
    uint64_t rank;   /* when block_counts is not NULL */
};

/* Where slices are looked for when a step begins at an instant or a time:
 * slices of the time of an instant stand before it. */
static struct slice_place
order_of_time(const struct step_place *from)
{
    return (struct slice_place){
        .start_ns = from->time_ns + (from->kind == STEP_INSTANT ? 1 : 0),
    };
}

static struct slice_step_request
slice_request(const struct step_task *step, const struct step_place *from)
{
    bool is_slice = from->kind == STEP_SLICE;

    return (struct slice_step_request){
        .set = step->search.set,
        .block_counts = step->block_counts,
        .from = is_slice ? from->order : order_of_time(from),
        .is_backward = step->is_backward,
        .is_inclusive = is_slice ? step->is_inclusive : !step->is_backward,
    };
}

/* The instant that is next to a place. */
static size_t
find_instant(const struct step_task *step, const struct step_place *from)
{
    const struct instant_hits *hits = &step->instants;
    size_t index = from->kind == STEP_INSTANT
                       ? from->instant + (step->is_backward ? 0 : 1)
                       : trace_model_instant_find(step->model, from->time_ns);

    return step->is_backward ? instant_hits_previous(hits, index)
                             : instant_hits_next(hits, index);
}

static bool
is_nearer(const struct step_task *step, uint64_t slice_ns, uint64_t instant_ns)
{
    return step->is_backward ? slice_ns > instant_ns : slice_ns <= instant_ns;
}

static bool
find_from(struct step_task *step, const struct step_place *from,
          const struct progress *progress, struct span_scratch *scratch,
          struct error *err)
{
    struct slice_step_request request = slice_request(step, from);
    size_t instant = find_instant(step, from);
    struct slice_step_result slice;

    if (!slice_step(step->model, &request, progress, scratch, &slice, err)) {
        return false;
    }
    step->found = slice.found || instant != SIZE_MAX;
    step->to = (struct step_place){
        .kind = STEP_SLICE,
        .time_ns = slice.place.start_ns,
        .slice = slice.slice,
        .has_order = true,
        .order = slice.place,
    };
    if (instant != SIZE_MAX) {
        uint64_t time_ns = trace_model_instant(step->model, instant).time_ns;

        if (!slice.found || !is_nearer(step, slice.place.start_ns, time_ns)) {
            step->to = (struct step_place){
                .kind = STEP_INSTANT, .time_ns = time_ns, .instant = instant};
        }
    }
    return true;
}

/* Behind the last hit comes the first one. */
static bool
find_next(struct step_task *step, const struct progress *progress,
          struct span_scratch *scratch, struct error *err)
{
    struct step_place end = {
        .kind = STEP_TIME,
        .time_ns = step->is_backward ? UINT64_MAX : 0,
    };

    if (!find_from(step, &step->from, progress, scratch, err)) {
        return false;
    }
    if (step->found) {
        return true;
    }
    step->is_wrapped = true;
    return find_from(step, &end, progress, scratch, err);
}

/* How many hits stand before the one that was found. */
static bool
find_rank(struct step_task *step, struct span_scratch *scratch,
          struct error *err)
{
    struct slice_step_request request = slice_request(step, &step->to);
    size_t instant = step->to.instant;

    if (!step->found || step->block_counts == NULL) {
        return true;
    }
    if (step->to.kind == STEP_SLICE) {
        instant = trace_model_instant_find(step->model, step->to.time_ns);
    }
    if (!slice_rank(step->model, &request, scratch, &step->rank, err)) {
        return false;
    }
    step->rank += instant_hits_rank(&step->instants, instant);
    return true;
}

static bool
find_order(struct step_task *step, struct span_scratch *scratch,
           struct error *err)
{
    struct step_place *from = &step->from;

    return from->kind != STEP_SLICE || from->has_order
           || slice_place_of(step->model, &from->slice, scratch, &from->order,
                             err);
}

static bool
find_instants(struct step_task *step, const struct progress *progress,
              struct error *err)
{
    const struct search_question question = {0}; /* no window */

    return step->has_instants
           || search_find_instants(step->model, &step->search, &question,
                                   progress, &step->instants, err);
}

static bool
run_step(void *task, const struct progress *progress, struct error *err)
{
    struct step_task *step = task;
    struct span_scratch *scratch = NULL;
    bool is_ok = span_scratch_new(&scratch, err)
                 && find_instants(step, progress, err)
                 && find_order(step, scratch, err)
                 && find_next(step, progress, scratch, err)
                 && find_rank(step, scratch, err);

    span_scratch_free(scratch);
    return is_ok;
}

/* The name of the hit, and of a call how long it took. */
static void
write_hit(const struct step_task *step, char *text, size_t size)
{
    const struct viewer *viewer = step->viewer;
    const struct slice *slice = &step->to.slice;
    char name[LABEL_SIZE];
    char duration[TEXT_NUMBER_SIZE];

    if (step->to.kind == STEP_INSTANT) {
        struct model_instant instant =
            trace_model_instant(step->model, step->to.instant);

        (void)snprintf(text, size, "%.*s",
                       instant.name_size < LABEL_SIZE ? (int)instant.name_size
                                                      : LABEL_SIZE - 1,
                       instant.name);
        (void)label_cut(name, &viewer->theme, text, NAME_CELLS);
        (void)snprintf(text, size, "%s", name);
        return;
    }
    (void)label_cut(name, &viewer->theme,
                    search_function(step->model, slice->function)->name,
                    NAME_CELLS);
    (void)snprintf(text, size, "%s, %s", name,
                   text_duration(duration, sizeof duration,
                                 slice->end_ns - slice->start_ns,
                                 viewer->theme.is_ascii));
}

/* "match 7 of 412: report.build, 13.6 ms at 29.6 ms"; "match ~ of ~412: ..."
 * while they are counted. */
static void
say_hit(const struct step_task *step)
{
    struct viewer *viewer = step->viewer;
    char hit[LABEL_SIZE];
    char rank[TEXT_NUMBER_SIZE] = "~";
    char number[TEXT_NUMBER_SIZE];
    char count[TEXT_NUMBER_SIZE + 1];
    char time[TEXT_NUMBER_SIZE];

    write_hit(step, hit, sizeof hit);
    if (step->block_counts != NULL) {
        (void)text_grouped(rank, sizeof rank, step->rank + 1);
    }
    /* Until they are counted: what the names alone have. */
    (void)snprintf(
        count, sizeof count, "%s%s", step->count > 0 ? "" : "~",
        text_grouped(number, sizeof number,
                     step->count > 0 ? step->count : viewer->search.hit_count));
    viewer_say(viewer, "match %s of %s: %s at %s%s", rank, count, hit,
               text_duration(time, sizeof time, step->to.time_ns,
                             viewer->theme.is_ascii),
               !step->is_wrapped   ? ""
               : step->is_backward ? ", wrapped: from the end"
                                   : ", wrapped: from the start");
}

static void
jump(const struct step_task *step)
{
    struct viewer *viewer = step->viewer;
    struct viewer_goal goal = {
        .kind = GOAL_INSTANTS,
        .has_time = true,
        .time_ns = step->to.time_ns,
    };

    viewer->steps.number = step->number;
    viewer->steps.is_on_instant = step->to.kind == STEP_INSTANT;
    viewer->steps.instant = step->to.instant;
    viewer->steps.is_wrapped = step->is_wrapped;
    viewer->steps.is_unranked =
        step->block_counts == NULL && step->to.kind == STEP_SLICE;
    if (step->to.kind == STEP_SLICE) {
        viewer_jump(viewer, &step->to.slice);
        return;
    }
    goal.index = trace_model_track(
                     step->model,
                     trace_model_instant(step->model, step->to.instant).track)
                     ->process;
    viewer_go(viewer, &goal);
}

static bool start_step(struct viewer *viewer, const struct step_task *wanted,
                       struct error *err);

/* The steps that were asked for meanwhile. */
static bool
step_on(const struct step_task *step, struct error *err)
{
    struct viewer *viewer = step->viewer;
    struct step_task next = {
        .from = step->to,
        .is_backward = viewer->steps.left < 0,
    };

    if (viewer->steps.left == 0 || viewer->search.number != step->number) {
        viewer->steps.left = 0;
        return true;
    }
    viewer->steps.left += next.is_backward ? 1 : -1;
    return start_step(viewer, &next, err);
}

/* Which hit of how many it is, when that was found out in the meantime. */
static bool
rank_late(const struct step_task *step, struct error *err)
{
    struct viewer *viewer = step->viewer;
    struct step_task again = {
        .from = step->to, .is_inclusive = true, .is_wrapped = step->is_wrapped};

    if (!viewer->steps.is_unranked || viewer->found.known.number != step->number
        || jobs_is_busy(viewer->jobs, JOB_SEARCH_STEP)) {
        return true;
    }
    viewer->steps.is_unranked = false;
    return start_step(viewer, &again, err);
}

static bool
take_step(void *task, const struct error *failure, struct error *err)
{
    const struct step_task *step = task;
    struct viewer *viewer = step->viewer;

    if (failure != NULL) {
        viewer_say(viewer, "%s", failure->message);
    } else if (!step->found) {
        viewer_say(viewer, "nothing matches%s",
                   step->terms.track == SEARCH_ALL ? "" : " on this track");
    } else if (viewer->active == VIEW_TIMELINE) {
        jump(step);
        say_hit(step);
        return step_on(step, err) && rank_late(step, err);
    }
    viewer->steps.left = 0;
    return true;
}

static void
free_step(void *task)
{
    struct step_task *step = task;

    search_copy_release(&step->search);
    free(step->block_counts);
    instant_hits_release(&step->instants);
    free(step);
}

static const struct job_class step_job = {
    .run = run_step,
    .done = take_step,
    .free = free_step,
};

static bool
copy_array(void **out, const void *from, size_t count, size_t size,
           struct error *err)
{
    *out = array_new(count, size, err);
    if (*out == NULL) {
        return false;
    }
    memcpy(*out, from, count * size);
    return true;
}

/* What the counts say, for a worker. */
static bool
copy_counts(const struct viewer *viewer, struct step_task *task,
            struct error *err)
{
    const struct search_found *found = &viewer->found;

    if (found->known.number != viewer->search.number) {
        /* of one function the model knows how many there are */
        task->count = task->terms.only != SEARCH_ALL
                              && task->terms.track == SEARCH_ALL
                              && !viewer->search.is_rough
                          ? viewer->search.hit_count
                          : 0;
        return true;
    }
    task->has_instants = true;
    task->instants = found->instants;
    task->instants.is_hit = NULL;
    task->count = found->hits.count + found->instants.count;
    return copy_array((void **)&task->block_counts, found->hits.block_counts,
                      found->hits.block_count, sizeof *task->block_counts, err)
           && copy_array((void **)&task->instants.is_hit,
                         found->instants.is_hit, found->instants.instant_count,
                         1, err);
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
    task->terms = viewer->search.terms;
    if (!search_copy_take(&task->search, &viewer->search, err)
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
    } else if (!search_may_hit(viewer)) {
        viewer_say(viewer, "nothing matches %s", search->terms.text);
    }
    return search_may_hit(viewer);
}

/* Where the timeline is: on a hit, or at a time. */
static struct step_place
place_of(const struct viewer *viewer, const struct timeline_place *place)
{
    const struct search_steps *steps = &viewer->steps;
    struct step_place from = {.kind = STEP_TIME, .time_ns = place->time_ns};

    if (place->has_slice
        && search_is_call_hit(&viewer->search, place->slice.track,
                              place->slice.function, place->slice.start_ns,
                              place->slice.end_ns - place->slice.start_ns)) {
        from.kind = STEP_SLICE;
        from.time_ns = place->slice.start_ns;
        from.slice = place->slice;
    } else if (!place->has_slice && !place->has_track && steps->is_on_instant
               && steps->number == viewer->search.number
               && trace_model_instant(viewer->model, steps->instant).time_ns
                      == place->time_ns) {
        from.kind = STEP_INSTANT;
        from.instant = steps->instant;
    }
    return from;
}

bool
search_step(struct viewer *viewer, const struct timeline_place *place,
            int direction, bool is_inclusive, struct error *err)
{
    struct step_task wanted = {
        .from = place_of(viewer, place),
        .is_backward = direction < 0,
        .is_inclusive = is_inclusive,
    };

    if (!has_hits(viewer)) {
        return true;
    }
    if (jobs_is_busy(viewer->jobs, JOB_SEARCH_STEP)) {
        viewer->steps.left += direction < 0 ? -1 : 1;
        return true;
    }
    viewer->steps.left = 0;
    return start_step(viewer, &wanted, err);
}

bool
search_step_rank(struct viewer *viewer, struct error *err)
{
    struct search_steps *steps = &viewer->steps;
    struct timeline_place place;
    struct step_task again = {.is_inclusive = true};

    if (!steps->is_unranked || steps->number != viewer->search.number
        || viewer->message[0] == '\0'
        || jobs_is_busy(viewer->jobs, JOB_SEARCH_STEP)) {
        return true;
    }
    steps->is_unranked = false;
    timeline_view_place(viewer->timeline, &place);
    again.from = place_of(viewer, &place);
    again.is_wrapped = steps->is_wrapped;
    return again.from.kind != STEP_SLICE || start_step(viewer, &again, err);
}
