// SPDX-License-Identifier: Apache-2.0
#include "model/profile_rebuild.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/error.h"
#include "model/profile_order.h"
#include "model/profile_sums.h"

/* Inverted, a node's calls are also those of the nodes above it. */
static void
take_own_calls(struct profile_rebuild *rebuild)
{
    const struct scope_profile *from = rebuild->from;

    for (uint32_t i = 1; i < from->node_count; i++) {
        const struct profile_node *node = &from->nodes[i];

        rebuild->calls[i] += node->call_count;
        if (from->is_inverted) {
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

static bool
sum_up_functions(struct scope_profile *profile, struct error *err)
{
    size_t count = profile->function_count + (size_t)1;

    profile->functions = array_new(count, sizeof *profile->functions, err);
    return profile->functions != NULL
           && profile_sums_add(profile, 1, profile->nodes[0].child_count,
                               profile->functions, err);
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
