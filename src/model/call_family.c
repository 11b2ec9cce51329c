// SPDX-License-Identifier: Apache-2.0
#include "model/call_family.h"

#include <stdlib.h>

#include "base/array.h"
#include "model/block_decode.h"
#include "model/model_data.h"
#include "model/trace_scope.h"

/* Those that are open at a moment nest: the last one seen of each level is
 * what counts, and each stands behind its caller. */
bool
call_callers(const struct trace_model *model, const struct slice *call,
             struct span_scratch *scratch, const struct slice **callers,
             size_t *count, struct error *err)
{
    size_t block = track_find_block(model, call->track, call->start_ns);
    size_t found = 0;

    *callers = NULL;
    *count = 0;
    if (block == SIZE_MAX || call->depth == 0) {
        return true;
    }
    if (!block_decode(model, call->track,
                      &track_blocks(model, call->track)[block], scratch, err)
        || !array_reserve((void **)&scratch->callers,
                          &scratch->callers_capacity, call->depth,
                          sizeof *scratch->callers, err)) {
        return false;
    }
    for (size_t i = 0; i < scratch->slice_count; i++) {
        const struct slice *slice = &scratch->slices[i];

        if (slice->start_ns > call->start_ns) {
            break;
        }
        if (slice->depth < call->depth && slice->depth <= found
            && slice->end_ns >= call->end_ns) {
            scratch->callers[slice->depth] = *slice;
            found = slice->depth + (size_t)1;
        }
    }
    *callers = scratch->callers;
    *count = found;
    return true;
}

struct callee_pass {
    const struct trace_model *model;
    const struct slice *call;
    struct callee *functions; /* one a function, then the unknown */
};

static size_t
function_count(const struct trace_model *model)
{
    return trace_model_function_count(model) + (size_t)1;
}

static bool
is_longer(const struct callee *callee, const struct slice *slice)
{
    uint64_t longest_ns = callee->longest.end_ns - callee->longest.start_ns;
    uint64_t duration_ns = slice->end_ns - slice->start_ns;

    return callee->call_count == 0 || duration_ns > longest_ns
           || (duration_ns == longest_ns
               && slice->start_ns < callee->longest.start_ns);
}

static void
add_call(struct callee *callee, const struct slice *slice)
{
    if (is_longer(callee, slice)) {
        callee->longest = *slice;
    }
    callee->total_ns += slice->end_ns - slice->start_ns;
    callee->call_count++;
}

static void
pass_free(void *argument)
{
    struct callee_pass *pass = argument;

    if (pass != NULL) {
        free(pass->functions);
        free(pass);
    }
}

static void *
pass_new(void *context, struct error *err)
{
    const struct callee_pass *all = context;
    struct callee_pass *pass = array_new(1, sizeof *pass, err);

    if (pass == NULL) {
        return NULL;
    }
    *pass = *all;
    pass->functions =
        array_new(function_count(all->model), sizeof *pass->functions, err);
    if (pass->functions == NULL) {
        pass_free(pass);
        return NULL;
    }
    return pass;
}

static bool
visit(void *argument, const struct slice_batch *batch, struct error *err)
{
    struct callee_pass *pass = argument;
    const struct slice *call = pass->call;

    (void)err;
    for (size_t i = batch->first_new; i < batch->count; i++) {
        const struct slice *slice = &batch->slices[i];

        if (slice->depth == call->depth + 1 && slice->start_ns >= call->start_ns
            && slice->end_ns <= call->end_ns) {
            size_t function = slice->function == UINT32_MAX
                                  ? function_count(pass->model) - 1
                                  : slice->function;

            add_call(&pass->functions[function], slice);
        }
    }
    return true;
}

static bool
merge(void *context, void *worker, struct error *err)
{
    struct callee_pass *all = context;
    const struct callee_pass *one = worker;

    (void)err;
    for (size_t i = 0; i < function_count(all->model); i++) {
        struct callee *into = &all->functions[i];
        const struct callee *from = &one->functions[i];

        if (from->call_count > 0 && is_longer(into, &from->longest)) {
            into->longest = from->longest;
        }
        into->total_ns += from->total_ns;
        into->call_count += from->call_count;
    }
    return true;
}

static int
compare_callees(const void *left, const void *right)
{
    const struct callee *a = left;
    const struct callee *b = right;

    if (a->total_ns != b->total_ns) {
        return a->total_ns > b->total_ns ? -1 : 1;
    }
    return a->longest.start_ns < b->longest.start_ns ? -1 : 1;
}

/* The functions that were called move to the front. */
static void
keep_called(struct callees *callees, struct callee_pass *pass)
{
    size_t count = function_count(pass->model);

    callees->items = pass->functions;
    for (size_t i = 0; i < count; i++) {
        if (pass->functions[i].call_count > 0) {
            callees->items[callees->count++] = pass->functions[i];
        }
    }
    if (callees->count > 1) {
        qsort(callees->items, callees->count, sizeof *callees->items,
              compare_callees);
    }
}

static bool
scan_call(struct callee_pass *pass, uint8_t *tracks,
          const struct slice_scan_options *options, struct error *err)
{
    const struct slice *call = pass->call;
    const struct trace_scope scope = {
        .start_ns = call->start_ns,
        .end_ns =
            call->end_ns > call->start_ns ? call->end_ns : call->start_ns + 1,
        .tracks = tracks,
    };
    const struct slice_visitor visitor = {
        .context = pass,
        .worker_new = pass_new,
        .visit = visit,
        .merge = merge,
        .worker_free = pass_free,
    };

    tracks[call->track] = 1;
    return slice_scan(pass->model, &scope, &visitor, options, err);
}

bool
callees_find(struct callees *callees, const struct trace_model *model,
             const struct slice *call, const struct slice_scan_options *options,
             struct error *err)
{
    struct callee_pass pass = {
        .model = model,
        .call = call,
        .functions =
            array_new(function_count(model), sizeof *pass.functions, err),
    };
    uint8_t *tracks = NULL;
    bool ok = false;

    *callees = (struct callees){0};
    if (pass.functions != NULL) {
        tracks = array_new(trace_model_track_count(model), sizeof *tracks, err);
        ok = tracks != NULL && scan_call(&pass, tracks, options, err);
    }
    if (ok) {
        keep_called(callees, &pass);
    } else {
        free(pass.functions);
    }
    free(tracks);
    return ok;
}

void
callees_release(struct callees *callees)
{
    free(callees->items);
    *callees = (struct callees){0};
}
