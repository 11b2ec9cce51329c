// SPDX-License-Identifier: Apache-2.0
#include "model/profile_sums.h"

#include <stdlib.h>

#include "base/array.h"

/* Walks the tree: each node when it is entered, then when it is left. */
struct tree_walk {
    const struct scope_profile *profile;
    struct profile_function *sums;
    uint32_t *open; /* nodes of each function around this one */
    uint32_t node;
    uint32_t level; /* of the nodes it began with */
    uint32_t end;   /* of them */
};

/* The entry of a node's function; UINT32_MAX = it is none. */
static uint32_t
entry_of(const struct scope_profile *profile, uint32_t function)
{
    if (!profile_is_function(function)) {
        return UINT32_MAX;
    }
    return function < profile->function_count ? function
                                              : profile->function_count;
}

static void
enter(struct tree_walk *walk)
{
    const struct profile_node *node = &walk->profile->nodes[walk->node];
    uint32_t entry = entry_of(walk->profile, node->function);
    bool is_inverted = walk->profile->is_inverted;

    if (entry == UINT32_MAX) {
        return;
    }
    if (walk->open[entry]++ == 0) {
        walk->sums[entry].total_ns += node->total_ns;
    }
    if (!is_inverted || node->level == 1) {
        walk->sums[entry].self_ns +=
            is_inverted ? node->total_ns : node->self_ns;
        walk->sums[entry].call_count += node->call_count;
    }
}

static void
leave(struct tree_walk *walk)
{
    uint32_t entry =
        entry_of(walk->profile, walk->profile->nodes[walk->node].function);

    if (entry != UINT32_MAX) {
        walk->open[entry]--;
    }
}

/* The end of the siblings of the present node. */
static uint32_t
end_of_siblings(const struct tree_walk *walk)
{
    const struct profile_node *nodes = walk->profile->nodes;
    const struct profile_node *parent = &nodes[nodes[walk->node].parent];

    return nodes[walk->node].level == walk->level
               ? walk->end
               : parent->first_child + parent->child_count;
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
    for (;;) {
        leave(walk);
        if (walk->node + 1 < end_of_siblings(walk)) {
            walk->node++;
            return true;
        }
        if (nodes[walk->node].level == walk->level) {
            return false;
        }
        walk->node = nodes[walk->node].parent;
    }
}

bool
profile_sums_add(const struct scope_profile *profile, uint32_t first,
                 uint32_t count, struct profile_function *sums,
                 struct error *err)
{
    struct tree_walk walk = {
        .profile = profile,
        .sums = sums,
        .node = first,
        .end = first + count,
    };

    if (count == 0) {
        return true;
    }
    walk.open =
        array_new(profile->function_count + (size_t)1, sizeof *walk.open, err);
    if (walk.open == NULL) {
        return false;
    }
    walk.level = profile->nodes[first].level;
    do {
        enter(&walk);
    } while (go_on(&walk));
    free(walk.open);
    return true;
}
