// SPDX-License-Identifier: Apache-2.0
/*
 * A worker walks the slices of a block with the stack of calls that are open.
 * A call's time is added to its own function's and path's, and taken from its
 * caller's self time, in whichever order and on whichever thread the two are
 * met: sums of unsigned numbers come out the same.
 */
#include "model/profile_pass.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "model/model_section.h"
#include "model/slice_scan.h"

enum { PREFETCH_DISTANCE = 16 };

/* An open call. Its node is looked up when something below needs it. */
struct path_entry {
    uint32_t function;
    uint32_t node; /* 0 = not looked up */
    uint32_t hint; /* the node of a call that was here before, or 0 */
};

struct profile_worker {
    struct profile_pass *pass;
    uint32_t unknown; /* where calls of unknown functions are counted */
    struct profile_tree tree;
    struct profile_function *functions;
    struct duration_histograms durations;
    uint32_t *active; /* open calls of each function */
    struct path_entry *path;
    size_t depth;
    size_t outside; /* of it; 1 when the outermost of path is the track */
    size_t path_capacity;
    size_t matched; /* open calls, from the outermost, that are on the path of
                       the pass */
};

static inline uint32_t
entry_of(const struct profile_worker *worker, uint32_t function)
{
    return function == FUNCTION_UNKNOWN ? worker->unknown : function;
}

/* How many calls of a function are open; of a track nobody counts them. */
static inline void
count_open(struct profile_worker *worker, uint32_t function, uint32_t change)
{
    if (profile_is_function(function)) {
        worker->active[entry_of(worker, function)] += change;
    }
}

static struct profile_function *
new_functions(const struct trace_model *model, struct error *err)
{
    size_t count = trace_model_function_count(model) + (size_t)1;
    struct profile_function *functions =
        array_new(count, sizeof *functions, err);

    for (size_t i = 0; functions != NULL && i < count; i++) {
        functions[i].min_ns = UINT64_MAX;
    }
    return functions;
}

static void
worker_free(void *argument)
{
    struct profile_worker *worker = argument;

    if (worker != NULL) {
        profile_tree_release(&worker->tree);
        duration_histograms_release(&worker->durations);
        free(worker->functions);
        free(worker->active);
        free(worker->path);
        free(worker);
    }
}

static void *
worker_new(void *context, struct error *err)
{
    struct profile_pass *pass = context;
    struct profile_worker *worker = array_new(1, sizeof *worker, err);
    size_t count = trace_model_function_count(pass->model) + (size_t)1;

    if (worker == NULL) {
        return NULL;
    }
    worker->pass = pass;
    worker->unknown = (uint32_t)count - 1;
    worker->outside = pass->has_tracks;
    worker->functions = new_functions(pass->model, err);
    worker->active = array_new(count, sizeof *worker->active, err);
    if (worker->functions == NULL || worker->active == NULL
        || !profile_tree_init(&worker->tree, UINT32_MAX, err)
        || (pass->has_durations
            && !duration_histograms_init(&worker->durations, count, err))) {
        worker_free(worker);
        return NULL;
    }
    return worker;
}

static inline void
leave_to(struct profile_worker *worker, size_t depth)
{
    const struct path_entry *path = worker->path;

    for (size_t i = worker->depth; i > depth; i--) {
        count_open(worker, path[i - 1].function, UINT32_MAX);
    }
    worker->depth = depth < worker->depth ? depth : worker->depth;
    worker->matched = worker->matched < depth ? worker->matched : depth;
}

static bool
lengthen_path(struct profile_worker *worker, struct error *err)
{
    size_t capacity = worker->path_capacity;

    if (!array_reserve((void **)&worker->path, &worker->path_capacity,
                       capacity + 1, sizeof *worker->path, err)) {
        return false;
    }
    memset(worker->path + capacity, 0,
           (worker->path_capacity - capacity) * sizeof *worker->path);
    return true;
}

static inline bool
enter(struct profile_worker *worker, uint32_t function, struct error *err)
{
    struct path_entry *entry;

    if (worker->depth == worker->path_capacity && !lengthen_path(worker, err)) {
        return false;
    }
    entry = &worker->path[worker->depth++];
    entry->function = function;
    entry->hint = entry->node != 0 ? entry->node : entry->hint;
    entry->node = 0;
    count_open(worker, function, 1);
    if (worker->matched + 1 == worker->depth
        && worker->matched < worker->pass->path_length
        && worker->pass->path[worker->matched] == function) {
        worker->matched++;
    }
    return true;
}

/* Go from *node to its child for an open call. Calls in a loop have the same
 * one over and over. */
static bool
step_down(struct profile_worker *worker, struct path_entry *entry,
          uint32_t function, uint32_t *node, struct error *err)
{
    const struct tree_node *hint = &worker->tree.nodes[entry->hint];

    if (entry->node == 0 && entry->hint != 0 && hint->parent == *node
        && hint->function == function) {
        entry->node = entry->hint;
    }
    if (entry->node == 0
        && !profile_tree_child(&worker->tree, *node, function, &entry->node,
                               err)) {
        return false;
    }
    *node = entry->node;
    return true;
}

/* The node of the innermost of so many open calls. */
static bool
find_node(struct profile_worker *worker, size_t open_count, uint32_t *node,
          struct error *err)
{
    const struct profile_tree *tree = &worker->tree;
    size_t depth = open_count < tree->level_max ? open_count : tree->level_max;
    size_t known = depth;

    while (known > 0 && worker->path[known - 1].node == 0) {
        known--;
    }
    *node = known == 0 ? 0 : worker->path[known - 1].node;
    for (; known < depth; known++) {
        struct path_entry *entry = &worker->path[known];

        if (!step_down(worker, entry, entry->function, node, err)) {
            return false;
        }
    }
    return depth == open_count
           || step_down(worker, &worker->path[depth], PROFILE_OTHER, node, err);
}

/* The time of an outermost call is that of everything and of its track. */
static bool
add_outermost(struct profile_worker *worker, uint64_t inside_ns,
              struct error *err)
{
    uint32_t node;

    worker->tree.nodes[0].total_ns += inside_ns;
    if (worker->outside == 0
        || (worker->pass->path_length > 0 && worker->matched == 0)) {
        return true;
    }
    if (!find_node(worker, 1, &node, err)) {
        return false;
    }
    worker->tree.nodes[node].total_ns += inside_ns;
    return true;
}

static bool
add_to_tree(struct profile_worker *worker, uint64_t inside_ns, bool is_entry,
            struct error *err)
{
    struct profile_tree *tree = &worker->tree;
    uint32_t node;

    if (worker->depth == worker->outside + 1
        && !add_outermost(worker, inside_ns, err)) {
        return false;
    }
    if (worker->matched < worker->pass->path_length
        && worker->matched < worker->depth) {
        return true; /* beside the path */
    }
    if (!find_node(worker, worker->depth, &node, err)) {
        return false;
    }
    if (worker->depth <= tree->level_max + (uint64_t)1) {
        tree->nodes[node].total_ns += inside_ns;
    }
    tree->nodes[node].call_count += is_entry;
    return true;
}

static void
add_to_functions(struct profile_worker *worker, const struct slice *slice,
                 uint64_t inside_ns, bool is_entry)
{
    uint32_t index = entry_of(worker, slice->function);
    struct profile_function *function = &worker->functions[index];
    uint64_t duration_ns = slice->end_ns - slice->start_ns;
    const uint32_t not_whole = SLICE_UNFINISHED | SLICE_START_UNKNOWN;

    function->call_count += is_entry;
    function->self_ns += inside_ns;
    function->total_ns += worker->active[index] == 1 ? inside_ns : 0;
    function->unfinished_count += (slice->flags & SLICE_UNFINISHED) != 0;
    if (inside_ns > function->max_ns) {
        function->max_ns = inside_ns;
    }
    if (inside_ns == duration_ns && !(slice->flags & not_whole)
        && duration_ns < function->min_ns) {
        function->min_ns = duration_ns;
    }
    if (worker->depth > worker->outside + 1) {
        uint32_t caller = worker->path[worker->depth - 2].function;

        worker->functions[entry_of(worker, caller)].self_ns -= inside_ns;
    }
}

static bool
add_slice(struct profile_worker *worker, const struct slice *slice, bool is_new,
          struct error *err)
{
    uint64_t start_ns;
    uint64_t end_ns;
    bool is_entry = !(slice->flags & SLICE_START_UNKNOWN);

    assert(slice->depth + worker->outside <= worker->depth);
    leave_to(worker, slice->depth + worker->outside);
    if (!enter(worker, slice->function, err)) {
        return false;
    }
    if (!is_new
        || !trace_scope_clip(worker->pass->scope, slice, &start_ns, &end_ns)) {
        return true;
    }
    add_to_functions(worker, slice, end_ns - start_ns, is_entry);
    if (worker->pass->has_durations
        && !duration_histograms_add(&worker->durations,
                                    entry_of(worker, slice->function),
                                    slice->end_ns - slice->start_ns, 1, err)) {
        return false;
    }
    return !worker->pass->has_tree
           || add_to_tree(worker, end_ns - start_ns, is_entry, err);
}

/* Cut the tree where another thread had to, or where it gets too large. No
 * call is open. */
static bool
keep_tree_small(struct profile_worker *worker, struct error *err)
{
    struct profile_pass *pass = worker->pass;
    unsigned known = atomic_load(&pass->level_max);
    uint32_t before = worker->tree.level_max;

    if (!profile_tree_cut(&worker->tree, known, err)
        || !profile_tree_fit(&worker->tree, pass->node_max, err)) {
        return false;
    }
    while (worker->tree.level_max < known
           && !atomic_compare_exchange_weak(&pass->level_max, &known,
                                            worker->tree.level_max)) {
    }
    if (worker->tree.level_max != before && worker->path != NULL) {
        memset(worker->path, 0, worker->path_capacity * sizeof *worker->path);
    }
    return true;
}

static bool
visit(void *argument, const struct slice_batch *batch, struct error *err)
{
    struct profile_worker *worker = argument;

    if (worker->outside > 0
        && !enter(worker, PROFILE_TRACK + batch->track, err)) {
        return false;
    }
    for (size_t i = 0; i < batch->count; i++) {
        if (i + PREFETCH_DISTANCE < batch->count) {
            uint32_t later = batch->slices[i + PREFETCH_DISTANCE].function;

            __builtin_prefetch(&worker->functions[entry_of(worker, later)], 1);
        }
        if (!add_slice(worker, &batch->slices[i], i >= batch->first_new, err)) {
            return false;
        }
    }
    leave_to(worker, 0);
    return keep_tree_small(worker, err);
}

static void
merge_functions(struct profile_function *into,
                const struct profile_function *from, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        into[i].call_count += from[i].call_count;
        into[i].total_ns += from[i].total_ns;
        into[i].self_ns += from[i].self_ns;
        into[i].unfinished_count += from[i].unfinished_count;
        if (from[i].min_ns < into[i].min_ns) {
            into[i].min_ns = from[i].min_ns;
        }
        if (from[i].max_ns > into[i].max_ns) {
            into[i].max_ns = from[i].max_ns;
        }
    }
}

static bool
merge(void *context, void *argument, struct error *err)
{
    struct profile_pass *pass = context;
    struct profile_worker *worker = argument;

    merge_functions(pass->functions, worker->functions,
                    trace_model_function_count(pass->model) + (size_t)1);
    if (pass->durations.function_count == 0) {
        pass->durations = worker->durations; /* as they are */
        worker->durations = (struct duration_histograms){0};
    }
    return duration_histograms_merge(&pass->durations, &worker->durations, err)
           && profile_tree_cut(&pass->tree, atomic_load(&pass->level_max), err)
           && profile_tree_add(&pass->tree, &worker->tree, err)
           && profile_tree_fit(&pass->tree, pass->node_max, err);
}

bool
profile_pass_run(struct profile_pass *pass,
                 const struct scope_profile_options *options, struct error *err)
{
    const struct slice_visitor visitor = {
        .context = pass,
        .worker_new = worker_new,
        .visit = visit,
        .merge = merge,
        .worker_free = worker_free,
    };
    const struct slice_scan_options scan_options = {
        .thread_count = options->thread_count,
        .progress = options->progress,
    };

    atomic_init(&pass->level_max, UINT32_MAX);
    pass->functions = new_functions(pass->model, err);
    return pass->functions != NULL
           && profile_tree_init(&pass->tree, UINT32_MAX, err)
           && slice_scan(pass->model, pass->scope, &visitor, &scan_options, err)
           && (!pass->has_durations || pass->durations.function_count > 0
               || duration_histograms_init(
                   &pass->durations,
                   trace_model_function_count(pass->model) + (size_t)1, err));
}

void
profile_pass_release(struct profile_pass *pass)
{
    profile_tree_release(&pass->tree);
    duration_histograms_release(&pass->durations);
    free(pass->functions);
    pass->functions = NULL;
}
