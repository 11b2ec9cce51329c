// SPDX-License-Identifier: Apache-2.0
#include "model/moment_calls.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "model/slice_scan.h"

/* One accumulator a worker, and one for all. */
struct collected {
    const struct trace_model *model;
    const struct trace_scope *scope;
    const struct slice_hit_set *hits;
    struct moment_call *calls;
    size_t count;
    size_t capacity;
    uint64_t found[MOMENT_KIND_COUNT];
    struct slice_hit_judge judge;
};

static void *
collected_new(void *context, struct error *err)
{
    const struct collected *all = context;
    struct collected *fresh = array_new(1, sizeof *fresh, err);

    if (fresh != NULL) {
        fresh->model = all->model;
        fresh->scope = all->scope;
        fresh->hits = all->hits;
    }
    return fresh;
}

static void
collected_free(void *worker)
{
    struct collected *some = worker;

    if (some != NULL) {
        slice_hit_judge_release(&some->judge);
        free(some->calls);
    }
    free(some);
}

/* *is_one says whether the slice is a moment. Unfinished calls are known
 * without. */
static bool
moment_of(struct collected *some, const struct slice *slice,
          struct moment_call *call, bool *is_one, struct error *err)
{
    bool has_raised = (slice->flags & SLICE_RAISED) != 0;
    uint64_t time_ns = has_raised ? slice->end_ns : slice->start_ns;
    bool is_hit = false;

    *is_one = time_ns >= some->scope->start_ns && time_ns < some->scope->end_ns;
    if (!*is_one || (!has_raised && some->hits == NULL)) {
        *is_one = false;
        return true;
    }
    if (some->hits != NULL
        && !slice_hit_set_has(some->hits, some->model, slice, &some->judge,
                              &is_hit, err)) {
        return false;
    }
    *is_one = has_raised || is_hit;
    *call = (struct moment_call){
        .time_ns = time_ns,
        .slice = *slice,
        .kind = has_raised ? MOMENT_ERROR : MOMENT_HIT,
        .is_hit = is_hit,
    };
    return true;
}

static bool
collect(struct collected *some, const struct moment_call *call,
        struct error *err)
{
    if (some->found[call->kind]++ >= MOMENT_CALLS_MAX) {
        return true; /* none of them will be listed */
    }
    if (!array_reserve((void **)&some->calls, &some->capacity, some->count + 1,
                       sizeof *some->calls, err)) {
        return false;
    }
    some->calls[some->count++] = *call;
    return true;
}

/* What comes behind its own callees: a call of the same level is one more of
 * its caller's. */
static enum moment_passing
passing_of(const struct slice_batch *batch, size_t index)
{
    uint32_t depth = batch->slices[index].depth;

    for (size_t i = index + 1; i < batch->count; i++) {
        if (batch->slices[i].depth <= depth) {
            return batch->slices[i].depth == depth ? MOMENT_STAYS
                                                   : MOMENT_PASSES;
        }
    }
    return MOMENT_PASSES_MAYBE;
}

static bool
visit(void *worker, const struct slice_batch *batch, struct error *err)
{
    struct collected *some = worker;

    for (size_t i = batch->first_new; i < batch->count; i++) {
        struct moment_call call;
        bool is_one;

        if (!moment_of(some, &batch->slices[i], &call, &is_one, err)) {
            return false;
        }
        if (is_one && call.kind == MOMENT_ERROR) {
            call.passing = passing_of(batch, i);
        }
        if (is_one && !collect(some, &call, err)) {
            return false;
        }
    }
    return true;
}

static bool
merge(void *context, void *worker, struct error *err)
{
    struct collected *all = context;
    const struct collected *some = worker;

    for (int i = 0; i < MOMENT_KIND_COUNT; i++) {
        all->found[i] += some->found[i];
    }
    if (some->count == 0) {
        return true;
    }
    if (!array_reserve((void **)&all->calls, &all->capacity,
                       all->count + some->count, sizeof *all->calls, err)) {
        return false;
    }
    memcpy(&all->calls[all->count], some->calls,
           some->count * sizeof *all->calls);
    all->count += some->count;
    return true;
}

static int
compare_numbers(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

/* An exception leaves callees first. */
static int
compare_calls(const void *left, const void *right)
{
    const struct moment_call *a = left;
    const struct moment_call *b = right;
    int order = compare_numbers(a->time_ns, b->time_ns);

    if (order == 0) {
        order = compare_numbers(a->slice.track, b->slice.track);
    }
    if (order == 0) {
        order = compare_numbers(a->kind, b->kind);
    }
    if (order == 0) {
        order = compare_numbers(a->slice.depth, b->slice.depth);
        order = a->kind == MOMENT_ERROR ? -order : order;
    }
    return order != 0 ? order
                      : compare_numbers(a->slice.start_ns, b->slice.start_ns);
}

/* Those of which there are too many. */
static void
leave_out(struct collected *all)
{
    size_t kept = 0;

    for (size_t i = 0; i < all->count; i++) {
        if (all->found[all->calls[i].kind] <= MOMENT_CALLS_MAX) {
            all->calls[kept++] = all->calls[i];
        }
    }
    all->count = kept;
}

/* The exceptions on their way through a track. */
struct exception_path {
    bool has_call;
    struct slice slice; /* the last call that it left */
    enum moment_passing passing;
    size_t row; /* where it is listed */
};

/* Whether a call is the caller of the last one that the exception left, which
 * was the last of its callees. */
static bool
goes_through(const struct exception_path *path, const struct slice *caller,
             const struct trace_model *model, struct span_scratch *scratch)
{
    struct slice last;
    bool has_last;

    if (!path->has_call || path->passing == MOMENT_STAYS
        || caller->depth + 1 != path->slice.depth
        || caller->start_ns > path->slice.start_ns
        || caller->end_ns < path->slice.end_ns) {
        return false;
    }
    return path->passing == MOMENT_PASSES
           || (span_previous(model, caller->track, path->slice.depth,
                             caller->end_ns, scratch, &last, &has_last, NULL)
               && has_last && last.start_ns == path->slice.start_ns);
}

/* List an exception once: callers that it went through are counted. */
static void
join_callers(struct collected *all, struct exception_path *paths,
             struct span_scratch *scratch)
{
    size_t kept = 0;

    for (size_t i = 0; i < all->count; i++) {
        struct moment_call call = all->calls[i];
        struct exception_path *path = &paths[call.slice.track];
        bool is_through =
            call.kind == MOMENT_ERROR
            && goes_through(path, &call.slice, all->model, scratch);

        if (is_through && !call.is_hit) {
            all->calls[path->row].caller_count++;
            all->found[MOMENT_ERROR]--;
        } else {
            all->calls[kept++] = call;
        }
        if (call.kind == MOMENT_ERROR) {
            path->row = is_through && !call.is_hit ? path->row : kept - 1;
            path->slice = call.slice;
            path->passing = call.passing;
            path->has_call = true;
        }
    }
    all->count = kept;
}

/* In the order of time. */
static bool
arrange(struct collected *all, struct error *err)
{
    size_t track_count = trace_model_track_count(all->model);
    struct exception_path *paths = array_new(track_count, sizeof *paths, err);
    struct span_scratch *scratch = NULL;
    bool is_ok = paths != NULL && span_scratch_new(&scratch, err);

    leave_out(all);
    if (is_ok && all->count > 0) {
        qsort(all->calls, all->count, sizeof *all->calls, compare_calls);
        join_callers(all, paths, scratch);
    }
    span_scratch_free(scratch);
    free(paths);
    return is_ok;
}

bool
moment_calls_find(struct moment_calls **out, const struct trace_model *model,
                  const struct trace_scope *scope,
                  const struct slice_hit_set *hits,
                  const struct progress *progress, struct error *err)
{
    struct collected all = {.model = model, .scope = scope, .hits = hits};
    const struct slice_visitor visitor = {
        .context = &all,
        .worker_new = collected_new,
        .visit = visit,
        .merge = merge,
        .worker_free = collected_free,
    };
    const struct slice_scan_options options = {.progress = *progress};
    struct moment_calls *calls = array_new(1, sizeof *calls, err);

    if (calls == NULL || !slice_scan(model, scope, &visitor, &options, err)
        || !arrange(&all, err)) {
        free(all.calls);
        free(calls);
        return false;
    }
    calls->calls = all.calls;
    calls->count = all.count;
    memcpy(calls->found, all.found, sizeof calls->found);
    atomic_init(&calls->user_count, 1);
    *out = calls;
    return true;
}

struct moment_calls *
moment_calls_share(struct moment_calls *calls)
{
    if (calls != NULL) {
        atomic_fetch_add(&calls->user_count, 1);
    }
    return calls;
}

void
moment_calls_drop(struct moment_calls *calls)
{
    if (calls != NULL && atomic_fetch_sub(&calls->user_count, 1) == 1) {
        free(calls->calls);
        free(calls);
    }
}
