// SPDX-License-Identifier: Apache-2.0
#include "model/longest_call.h"

#include <stdlib.h>

#include "base/array.h"
#include "model/function_mask.h"
#include "model/trace_scope.h"

/* One accumulator; that of the caller holds the best of all. */
struct finder {
    const struct trace_scope *scope;
    const struct call_target *target;
    bool has_found;
    uint64_t inside_ns;
    struct slice slice;
};

static bool
is_better(const struct finder *finder, const struct slice *slice,
          uint64_t inside_ns)
{
    const struct slice *best = &finder->slice;

    if (!finder->has_found || inside_ns != finder->inside_ns) {
        return !finder->has_found || inside_ns > finder->inside_ns;
    }
    if (slice->start_ns != best->start_ns) {
        return slice->start_ns < best->start_ns;
    }
    return slice->track != best->track ? slice->track < best->track
                                       : slice->depth < best->depth;
}

static void
offer(struct finder *finder, const struct slice *slice, uint64_t inside_ns)
{
    if (is_better(finder, slice, inside_ns)) {
        finder->has_found = true;
        finder->inside_ns = inside_ns;
        finder->slice = *slice;
    }
}

static void *
finder_new(void *context, struct error *err)
{
    const struct finder *all = context;
    struct finder *finder = array_new(1, sizeof *finder, err);

    if (finder != NULL) {
        finder->scope = all->scope;
        finder->target = all->target;
    }
    return finder;
}

bool
call_target_is(const struct call_target *target, const struct slice *slice,
               size_t *matched)
{
    if (!target->is_path) {
        return slice->function == target->functions[target->count - 1];
    }
    if (slice->depth < *matched) {
        *matched = slice->depth;
    }
    if (slice->depth != *matched || *matched == target->count
        || slice->function != target->functions[*matched]) {
        return false;
    }
    return ++*matched == target->count;
}

static bool
visit(void *worker, const struct slice_batch *batch, struct error *err)
{
    struct finder *finder = worker;
    size_t matched = 0;
    uint64_t start_ns;
    uint64_t end_ns;

    (void)err;
    for (size_t i = 0; i < batch->count; i++) {
        const struct slice *slice = &batch->slices[i];

        if (call_target_is(finder->target, slice, &matched)
            && trace_scope_clip(finder->scope, slice, &start_ns, &end_ns)) {
            offer(finder, slice, end_ns - start_ns);
        }
    }
    return true;
}

static bool
merge(void *context, void *worker, struct error *err)
{
    const struct finder *finder = worker;

    (void)err;
    if (finder->has_found) {
        offer(context, &finder->slice, finder->inside_ns);
    }
    return true;
}

bool
call_target_scan(const struct call_target *target,
                 const struct trace_model *model,
                 const struct trace_scope *scope,
                 const struct slice_visitor *visitor,
                 const struct slice_scan_options *options, struct error *err)
{
    struct slice_scan_options narrowed = *options;
    struct function_mask mask;
    bool ok = function_mask_make_one(&mask, model,
                                     target->functions[target->count - 1], err);

    narrowed.functions = &mask;
    ok = ok && slice_scan(model, scope, visitor, &narrowed, err);
    function_mask_release(&mask);
    return ok;
}

bool
longest_call_find(const struct trace_model *model,
                  const struct trace_scope *scope,
                  const struct call_target *target,
                  const struct slice_scan_options *options, struct slice *slice,
                  bool *found, struct error *err)
{
    struct finder all = {.scope = scope, .target = target};
    const struct slice_visitor visitor = {
        .context = &all,
        .worker_new = finder_new,
        .visit = visit,
        .merge = merge,
        .worker_free = free,
    };

    if (!call_target_scan(target, model, scope, &visitor, options, err)) {
        return false;
    }
    *found = all.has_found;
    if (all.has_found) {
        *slice = all.slice;
    }
    return true;
}
