// SPDX-License-Identifier: Apache-2.0
/*
 * A worker walks the slices of a block with the stack of calls that are open,
 * as profile_pass.c does. A call of the function adds its time to all nodes of
 * its callers and takes it from those of the call of the function around it,
 * and from the callees in between: sums of unsigned numbers come out the same
 * in whichever order and on whichever thread the two are met.
 */
#include "model/function_family.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/error.h"
#include "model/profile_order.h"
#include "model/profile_tree.h"
#include "model/slice_scan.h"
#include "model/square_sum.h"

/* What is the same for all workers. */
struct family_pass {
    const struct trace_model *model;
    const struct trace_scope *scope;
    uint32_t function;
    uint32_t node_max;
    atomic_uint callers_level_max; /* no thread's tree needs to be deeper */
    atomic_uint callees_level_max;
    uint64_t first_ns;
    uint64_t part_ns;
};

/* What one worker found, or all of them. */
struct family_sums {
    struct profile_tree callers; /* calls are counted where the path ends */
    struct profile_tree callees;
    uint64_t whole_ns;
    uint64_t call_count;
    uint64_t total_ns; /* of durations */
    struct square_sum squares;
    uint64_t *longest_ns; /* owned; FAMILY_TIMES */
};

struct open_call {
    uint32_t function;
    /* How many calls are open down to the innermost one of the function, this
     * one included; 0 = none of it is. */
    uint32_t focal_depth;
    uint32_t node;  /* in the callees, if one is */
    bool is_beyond; /* and that is for calls further up */
    uint32_t end;   /* of a call of the function: its path in the callers */
};

struct family_worker {
    struct family_pass *pass;
    struct family_sums sums;
    struct open_call *open; /* owned */
    size_t depth;
    size_t capacity;
};

static void
sums_release(struct family_sums *sums)
{
    profile_tree_release(&sums->callers);
    profile_tree_release(&sums->callees);
    free(sums->longest_ns);
}

static bool
sums_init(struct family_sums *sums, struct error *err)
{
    *sums = (struct family_sums){
        .longest_ns = array_new(FAMILY_TIMES, sizeof *sums->longest_ns, err),
    };
    return sums->longest_ns != NULL
           && profile_tree_init(&sums->callers, UINT32_MAX, err)
           && profile_tree_init(&sums->callees, UINT32_MAX, err);
}

static void
worker_free(void *argument)
{
    struct family_worker *worker = argument;

    if (worker != NULL) {
        sums_release(&worker->sums);
        free(worker->open);
        free(worker);
    }
}

/* The function's calls all come from here. */
struct family_context {
    struct family_pass pass;
    struct family_sums sums;
};

static void *
worker_new(void *argument, struct error *err)
{
    struct family_context *context = argument;
    struct family_worker *worker = array_new(1, sizeof *worker, err);

    if (worker == NULL) {
        return NULL;
    }
    worker->pass = &context->pass;
    if (!sums_init(&worker->sums, err)) {
        worker_free(worker);
        return NULL;
    }
    return worker;
}

/* Go down to a child, or to what stands for all calls further down. Stays where
 * it is when that was reached before. */
static bool
step_down(struct profile_tree *tree, uint32_t function, uint32_t *node,
          struct error *err)
{
    uint64_t level = tree->nodes[*node].level + (uint64_t)1;

    if (level > tree->level_max + (uint64_t)1) {
        return true;
    }
    return profile_tree_child(
        tree, *node, level <= tree->level_max ? function : PROFILE_OTHER, node,
        err);
}

/* The path of the innermost call from itself to the outermost caller. */
static bool
find_end(struct family_worker *worker, uint32_t *end, struct error *err)
{
    struct profile_tree *tree = &worker->sums.callers;

    *end = 0;
    for (size_t i = worker->depth; i-- > 0;) {
        if (!step_down(tree, worker->open[i].function, end, err)) {
            return false;
        }
        if (tree->nodes[*end].level > tree->level_max) {
            break;
        }
    }
    return true;
}

static bool
enter(struct family_worker *worker, uint32_t function, struct error *err)
{
    struct profile_tree *tree = &worker->sums.callees;
    struct open_call *call;
    const struct open_call *caller;

    if (!array_reserve((void **)&worker->open, &worker->capacity,
                       worker->depth + 1, sizeof *worker->open, err)) {
        return false;
    }
    call = &worker->open[worker->depth++];
    caller = worker->depth > 1 ? call - 1 : NULL;
    *call = (struct open_call){.function = function};
    if (function == worker->pass->function) {
        call->focal_depth = (uint32_t)worker->depth;
        return step_down(tree, function, &call->node, err)
               && find_end(worker, &call->end, err);
    }
    if (caller == NULL || caller->focal_depth == 0) {
        return true;
    }
    call->focal_depth = caller->focal_depth;
    call->node = caller->node;
    call->is_beyond = tree->nodes[call->node].level > tree->level_max;
    return step_down(tree, function, &call->node, err);
}

/* Add to all nodes of a path; less than nothing is taken away. */
static void
add_to_path(struct profile_tree *tree, uint32_t node, uint64_t time_ns)
{
    for (; node != 0; node = tree->nodes[node].parent) {
        tree->nodes[node].total_ns += time_ns;
    }
    tree->nodes[0].total_ns += time_ns;
}

static void
note_times(struct family_worker *worker, uint64_t start_ns, uint64_t end_ns,
           uint64_t duration_ns)
{
    const struct family_pass *pass = worker->pass;
    uint64_t last_ns = end_ns > start_ns ? end_ns - 1 : start_ns;
    uint64_t i = (start_ns - pass->first_ns) / pass->part_ns;
    uint64_t last = (last_ns - pass->first_ns) / pass->part_ns;

    for (; i <= last && i < FAMILY_TIMES; i++) {
        if (duration_ns > worker->sums.longest_ns[i]) {
            worker->sums.longest_ns[i] = duration_ns;
        }
    }
}

/* The innermost call is of the function, and so much of it in the scope. */
static void
add_focal(struct family_worker *worker, uint64_t inside_ns, bool is_entry)
{
    struct profile_tree *callers = &worker->sums.callers;
    struct profile_tree *callees = &worker->sums.callees;
    const struct open_call *call = &worker->open[worker->depth - 1];
    size_t around = worker->depth > 1 ? call[-1].focal_depth : 0;

    add_to_path(callers, call->end, inside_ns);
    callers->nodes[call->end].call_count += is_entry;
    callees->nodes[call->node].call_count += is_entry;
    if (around == 0) {
        add_to_path(callees, call->node, inside_ns);
        return;
    }
    add_to_path(callers, worker->open[around - 1].end, -inside_ns);
    for (size_t i = around; i + 1 < worker->depth; i++) {
        if (!worker->open[i].is_beyond) {
            callees->nodes[worker->open[i].node].total_ns -= inside_ns;
        }
    }
}

static void
add_call(struct family_worker *worker, const struct slice *slice,
         uint64_t start_ns, uint64_t end_ns)
{
    struct family_sums *sums = &worker->sums;
    const struct open_call *call = &worker->open[worker->depth - 1];
    uint64_t duration_ns = slice->end_ns - slice->start_ns;
    bool is_entry = !(slice->flags & SLICE_START_UNKNOWN);

    sums->whole_ns += worker->depth == 1 ? end_ns - start_ns : 0;
    if (call->focal_depth == worker->depth) {
        sums->call_count++;
        sums->total_ns += duration_ns;
        square_sum_add(&sums->squares, duration_ns);
        note_times(worker, start_ns, end_ns, duration_ns);
        add_focal(worker, end_ns - start_ns, is_entry);
    } else if (call->focal_depth > 0) {
        struct tree_node *node = &sums->callees.nodes[call->node];

        node->total_ns += call->is_beyond ? 0 : end_ns - start_ns;
        node->call_count += is_entry;
    }
}

/* Cut a tree where another thread had to, or where it gets too large. No call
 * is open. */
static bool
keep_small(struct profile_tree *tree, atomic_uint *level_max, uint32_t node_max,
           struct error *err)
{
    unsigned known = atomic_load(level_max);

    if (!profile_tree_cut(tree, known, err)
        || !profile_tree_fit(tree, node_max, err)) {
        return false;
    }
    while (
        tree->level_max < known
        && !atomic_compare_exchange_weak(level_max, &known, tree->level_max)) {
    }
    return true;
}

static bool
visit(void *argument, const struct slice_batch *batch, struct error *err)
{
    struct family_worker *worker = argument;
    struct family_pass *pass = worker->pass;

    for (size_t i = 0; i < batch->count; i++) {
        const struct slice *slice = &batch->slices[i];
        uint64_t start_ns;
        uint64_t end_ns;

        assert(slice->depth <= worker->depth);
        worker->depth = slice->depth;
        if (!enter(worker, slice->function, err)) {
            return false;
        }
        if (i >= batch->first_new
            && trace_scope_clip(pass->scope, slice, &start_ns, &end_ns)) {
            add_call(worker, slice, start_ns, end_ns);
        }
    }
    worker->depth = 0;
    return keep_small(&worker->sums.callers, &pass->callers_level_max,
                      pass->node_max, err)
           && keep_small(&worker->sums.callees, &pass->callees_level_max,
                         pass->node_max, err);
}

static bool
merge_tree(struct profile_tree *into, const struct profile_tree *from,
           const atomic_uint *level_max, uint32_t node_max, struct error *err)
{
    return profile_tree_cut(into, atomic_load(level_max), err)
           && profile_tree_add(into, from, err)
           && profile_tree_fit(into, node_max, err);
}

static bool
merge(void *argument, void *from, struct error *err)
{
    struct family_context *context = argument;
    struct family_pass *pass = &context->pass;
    struct family_sums *into = &context->sums;
    const struct family_sums *sums = &((struct family_worker *)from)->sums;

    into->whole_ns += sums->whole_ns;
    into->call_count += sums->call_count;
    into->total_ns += sums->total_ns;
    square_sum_merge(&into->squares, &sums->squares);
    for (size_t i = 0; i < FAMILY_TIMES; i++) {
        if (sums->longest_ns[i] > into->longest_ns[i]) {
            into->longest_ns[i] = sums->longest_ns[i];
        }
    }
    return merge_tree(&into->callers, &sums->callers, &pass->callers_level_max,
                      pass->node_max, err)
           && merge_tree(&into->callees, &sums->callees,
                         &pass->callees_level_max, pass->node_max, err);
}

/* Calls were counted where their paths end; now each node has those of all that
 * lead there. Children come behind their parents. */
static void
add_up_calls(struct scope_profile *callers)
{
    for (uint32_t i = callers->node_count; i-- > 2;) {
        callers->nodes[callers->nodes[i].parent].call_count +=
            callers->nodes[i].call_count;
    }
}

static void
describe_durations(struct function_family *family,
                   const struct family_sums *sums)
{
    if (sums->call_count == 0) {
        return;
    }
    family->mean_ns = (double)sums->total_ns / (double)sums->call_count;
    family->deviation_ns =
        square_sum_deviation(&sums->squares, sums->call_count, family->mean_ns);
}

static bool
take_sums(struct function_family *family, const struct family_context *context,
          struct error *err)
{
    const struct family_sums *sums = &context->sums;

    family->whole_ns = sums->whole_ns;
    family->call_count = sums->call_count;
    family->first_ns = context->pass.first_ns;
    family->part_ns = context->pass.part_ns;
    for (size_t i = 0; i < FAMILY_TIMES; i++) {
        family->longest_ns[i] = sums->longest_ns[i];
    }
    describe_durations(family, sums);
    family->callers.level_max = sums->callers.level_max;
    family->callees.level_max = sums->callees.level_max;
    if (!profile_order_take(&family->callers, context->pass.model,
                            &sums->callers, err)
        || !profile_order_take(&family->callees, context->pass.model,
                               &sums->callees, err)) {
        return false;
    }
    add_up_calls(&family->callers);
    return true;
}

static struct family_pass
make_pass(const struct trace_model *model, const struct trace_scope *scope,
          uint32_t function, uint32_t node_max)
{
    uint64_t end_ns = trace_model_summary(model).duration_ns;
    uint64_t first_ns = scope->start_ns < end_ns ? scope->start_ns : end_ns;
    struct family_pass pass = {
        .model = model,
        .scope = scope,
        .function = function,
        .node_max = node_max == 0 ? FAMILY_NODE_MAX : node_max,
        .first_ns = first_ns,
    };

    end_ns = scope->end_ns < end_ns ? scope->end_ns : end_ns;
    pass.part_ns =
        end_ns > first_ns ? (end_ns - first_ns - 1) / FAMILY_TIMES + 1 : 1;
    return pass;
}

bool
function_family_find(struct function_family *family,
                     const struct trace_model *model,
                     const struct trace_scope *scope, uint32_t function,
                     const struct function_family_options *options,
                     struct error *err)
{
    struct family_context context = {
        .pass = make_pass(model, scope, function, options->node_max),
    };
    const struct slice_visitor visitor = {
        .context = &context,
        .worker_new = worker_new,
        .visit = visit,
        .merge = merge,
        .worker_free = worker_free,
    };
    const struct slice_scan_options scan_options = {
        .thread_count = options->thread_count,
        .progress = options->progress,
    };
    bool is_ok;

    *family = (struct function_family){0};
    atomic_init(&context.pass.callers_level_max, UINT32_MAX);
    atomic_init(&context.pass.callees_level_max, UINT32_MAX);
    is_ok = sums_init(&context.sums, err)
            && slice_scan(model, scope, &visitor, &scan_options, err)
            && take_sums(family, &context, err);
    sums_release(&context.sums);
    if (!is_ok) {
        function_family_release(family);
    }
    return is_ok;
}

void
function_family_release(struct function_family *family)
{
    scope_profile_release(&family->callers);
    scope_profile_release(&family->callees);
    *family = (struct function_family){0};
}
