// SPDX-License-Identifier: Apache-2.0
#include "model/profile_rebuild.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/error.h"
#include "model/profile_order.h"

/* Inverted, a node's calls are also those of the nodes above it. */
static void
take_own_calls(struct profile_rebuild *rebuild)
{
    const struct scope_profile *from = rebuild->from;

    for (uint32_t i = 1; i < from->node_count; i++) {
        const struct profile_node *node = &from->nodes[i];

        rebuild->calls[i] += node->call_count;
        if (from->is_inverted && node->parent != 0) {
            rebuild->calls[node->parent] -= node->call_count;
        }
    }
}

bool
profile_rebuild_init(struct profile_rebuild *rebuild, struct error *err)
{
    rebuild->node_max = rebuild->options->node_max != 0
                            ? rebuild->options->node_max
                            : PROFILE_NODE_MAX;
    rebuild->calls =
        array_new(rebuild->from->node_count, sizeof *rebuild->calls, err);
    if (rebuild->calls == NULL
        || !profile_tree_init(&rebuild->tree, UINT32_MAX, err)) {
        return false;
    }
    take_own_calls(rebuild);
    return true;
}

void
profile_rebuild_release(struct profile_rebuild *rebuild)
{
    free(rebuild->calls);
    profile_tree_release(&rebuild->tree);
}

bool
profile_rebuild_report(const struct profile_rebuild *rebuild, uint64_t done,
                       uint64_t total, struct error *err)
{
    return progress_report(&rebuild->options->progress, done, total)
           || error_set(err, ERROR_CANCELLED, "cancelled");
}

void
profile_rebuild_add(struct profile_rebuild *rebuild, uint32_t to, uint32_t node,
                    bool is_call)
{
    struct tree_node *place = &rebuild->tree.nodes[to];

    place->total_ns += rebuild->from->nodes[node].self_ns;
    place->call_count += is_call ? rebuild->calls[node] : 0;
}

static void
add_up_times(struct profile_tree *tree)
{
    for (size_t i = tree->count; i-- > 1;) {
        const struct tree_node *node = &tree->nodes[i];

        tree->nodes[node->parent].total_ns += node->total_ns;
    }
}

static void
count_calls(struct scope_profile *profile)
{
    for (uint32_t i = profile->node_count; i-- > 1;) {
        const struct profile_node *node = &profile->nodes[i];

        if (profile->is_inverted && node->parent != 0) {
            profile->nodes[node->parent].call_count += node->call_count;
        } else {
            profile->call_count += node->call_count;
        }
    }
}

/* Walks the tree: each node when it is entered, then when it is left. */
struct tree_walk {
    const struct scope_profile *profile;
    uint32_t *open; /* nodes of each function around this one */
    uint32_t node;
};

/* The entry of a node's function; NULL = it is none. */
static struct profile_function *
entry_of(const struct scope_profile *profile, uint32_t function)
{
    if (!profile_is_function(function)) {
        return NULL;
    }
    return &profile->functions[function < profile->function_count
                                   ? function
                                   : profile->function_count];
}

static void
enter(struct tree_walk *walk)
{
    const struct scope_profile *profile = walk->profile;
    const struct profile_node *node = &profile->nodes[walk->node];
    struct profile_function *sums = entry_of(profile, node->function);

    if (sums == NULL) {
        return;
    }
    if (walk->open[sums - profile->functions]++ == 0) {
        sums->total_ns += node->total_ns;
    }
    if (!profile->is_inverted) {
        sums->self_ns += node->self_ns;
        sums->call_count += node->call_count;
    } else if (node->level == 1) {
        sums->self_ns += node->total_ns;
        sums->call_count += node->call_count;
    }
}

static void
leave(struct tree_walk *walk)
{
    const struct scope_profile *profile = walk->profile;
    const struct profile_function *sums =
        entry_of(profile, profile->nodes[walk->node].function);

    if (sums != NULL) {
        walk->open[sums - profile->functions]--;
    }
}

/* To the next node that is to be entered; false = there is none. */
static bool
go_on(struct tree_walk *walk)
{
    const struct profile_node *nodes = walk->profile->nodes;

    if (nodes[walk->node].child_count > 0) {
        walk->node = nodes[walk->node].first_child;
        return true;
    }
    while (walk->node != 0) {
        const struct profile_node *parent = &nodes[nodes[walk->node].parent];

        leave(walk);
        if (walk->node + 1 < parent->first_child + parent->child_count) {
            walk->node++;
            return true;
        }
        walk->node = nodes[walk->node].parent;
    }
    return false;
}

static bool
sum_up_functions(struct scope_profile *profile, struct error *err)
{
    size_t count = profile->function_count + (size_t)1;
    struct tree_walk walk = {.profile = profile};

    profile->functions = array_new(count, sizeof *profile->functions, err);
    walk.open = array_new(count, sizeof *walk.open, err);
    if (profile->functions != NULL && walk.open != NULL) {
        while (go_on(&walk)) {
            enter(&walk);
        }
    }
    free(walk.open);
    return profile->functions != NULL && walk.open != NULL;
}

/* Inverting changes no sum of a function. */
static bool
keep_functions(struct scope_profile *profile, const struct scope_profile *from,
               struct error *err)
{
    size_t count = profile->function_count + (size_t)1;

    profile->functions = array_new(count, sizeof *profile->functions, err);
    for (size_t i = 0; profile->functions != NULL && i < count; i++) {
        profile->functions[i] = from->functions[i];
    }
    return profile->functions != NULL;
}

bool
profile_rebuild_finish(struct profile_rebuild *rebuild, bool is_inverted,
                       struct scope_profile *out, struct error *err)
{
    const struct scope_profile *from = rebuild->from;
    struct scope_profile made = {
        .function_count = from->function_count,
        .is_inverted = is_inverted,
        .level_max = from->level_max,
    };
    bool is_ok;

    add_up_times(&rebuild->tree);
    is_ok = profile_tree_fit(&rebuild->tree, rebuild->node_max, err)
            && profile_order_take(&made, rebuild->model, &rebuild->tree, err);
    if (is_ok) {
        bool is_kept = is_inverted && !from->is_inverted;

        made.total_ns = made.nodes[0].total_ns;
        made.nodes[0].call_count = 0;
        count_calls(&made);
        if (is_inverted || rebuild->tree.level_max != UINT32_MAX) {
            made.level_max = rebuild->tree.level_max;
        }
        is_ok = is_kept ? keep_functions(&made, from, err)
                        : sum_up_functions(&made, err);
    }
    if (!is_ok) {
        scope_profile_release(&made);
        return false;
    }
    *out = made;
    return true;
}
