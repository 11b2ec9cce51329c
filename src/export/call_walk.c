// SPDX-License-Identifier: Apache-2.0
#include "export/call_walk.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/error.h"
#include "export/exporter.h"
#include "model/span_query.h"
#include "model/trace_model.h"

/* A call that was entered and not left yet. */
struct open_call {
    struct slice slice;
    uint64_t end_ns;
    bool is_clipped; /* it goes on behind its interval */
};

struct call_walker {
    const struct trace_model *model;
    const struct export_options *options;
    const struct call_visitor *visitor;
    struct span_scratch *scratch;
    uint64_t base_ns; /* CLOCK_MONOTONIC at time 0 of the model */
    struct open_call *open;
    size_t open_count;
    size_t open_capacity;
};

static bool
leave_last(struct call_walker *walker, struct error *err)
{
    const struct open_call *call = &walker->open[--walker->open_count];

    return walker->visitor->leave(walker->visitor->context, &call->slice,
                                  call->end_ns, err);
}

/* Leave what has ended when this slice begins. */
static bool
leave_before(struct call_walker *walker, const struct slice *slice,
             struct error *err)
{
    while (walker->open_count > 0) {
        const struct open_call *last = &walker->open[walker->open_count - 1];

        if (last->slice.depth < slice->depth
            && !(last->is_clipped && last->end_ns <= slice->start_ns)) {
            break;
        }
        if (!leave_last(walker, err)) {
            return false;
        }
    }
    return true;
}

static bool
enter(struct call_walker *walker, const struct slice *slice, struct error *err)
{
    struct open_call call = {.slice = *slice, .end_ns = slice->end_ns};
    uint64_t limit_ns;

    if (!export_options_want(walker->options, walker->base_ns + slice->start_ns,
                             &limit_ns)) {
        return true;
    }
    if (limit_ns - walker->base_ns < slice->end_ns) {
        call.end_ns = limit_ns - walker->base_ns;
        call.is_clipped = true;
    }
    if (!leave_before(walker, slice, err)
        || !array_reserve((void **)&walker->open, &walker->open_capacity,
                          walker->open_count + 1, sizeof *walker->open, err)) {
        return false;
    }
    walker->open[walker->open_count++] = call;
    return walker->visitor->enter(walker->visitor->context, slice, err);
}

static bool
walk_block(struct call_walker *walker, uint32_t track, size_t block,
           struct error *err)
{
    const struct slice *slices = NULL;
    size_t count = 0;
    size_t first_new = 0;

    if (!span_block_slices(walker->model, track, block, walker->scratch,
                           &slices, &count, &first_new, err)) {
        return false;
    }
    for (size_t i = first_new; i < count; i++) {
        if (!enter(walker, &slices[i], err)) {
            return false;
        }
    }
    return true;
}

static bool
walk_track(struct call_walker *walker, uint32_t track, uint64_t *done,
           uint64_t total, struct error *err)
{
    const struct call_visitor *visitor = walker->visitor;
    size_t block_count = span_block_count(walker->model, track);

    if (!visitor->begin_track(visitor->context, track, err)) {
        return false;
    }
    for (size_t block = 0; block < block_count; block++) {
        if (!progress_report(&walker->options->progress, (*done)++, total)) {
            return error_set(err, ERROR_CANCELLED, "cancelled");
        }
        if (!walk_block(walker, track, block, err)) {
            return false;
        }
    }
    while (walker->open_count > 0) {
        if (!leave_last(walker, err)) {
            return false;
        }
    }
    return visitor->end_track(visitor->context, track, err);
}

static bool
walk_tracks(struct call_walker *walker, struct error *err)
{
    uint32_t track_count = (uint32_t)trace_model_track_count(walker->model);
    uint64_t done = 0;
    uint64_t total = 0;

    for (uint32_t track = 0; track < track_count; track++) {
        total += span_block_count(walker->model, track);
    }
    for (uint32_t track = 0; track < track_count; track++) {
        if (!walk_track(walker, track, &done, total, err)) {
            return false;
        }
    }
    return true;
}

bool
call_walk(const struct trace_model *model, const struct export_options *options,
          const struct call_visitor *visitor, struct error *err)
{
    struct call_walker walker = {
        .model = model,
        .options = options,
        .visitor = visitor,
        .base_ns = trace_model_summary(model).start_monotonic_ns,
    };
    bool ok =
        span_scratch_new(&walker.scratch, err) && walk_tracks(&walker, err);

    span_scratch_free(walker.scratch);
    free(walker.open);
    return ok;
}
