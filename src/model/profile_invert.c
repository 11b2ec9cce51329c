// SPDX-License-Identifier: Apache-2.0
/*
 * Each node with time or calls of its own is the end of a stack. All of them
 * are followed towards the root at the same time, a level a step, so that the
 * work can end at a level with a tree that is right down to there.
 */
#include <stdlib.h>

#include "base/array.h"
#include "base/error.h"
#include "model/profile_rebuild.h"

/* A stack that is being followed. */
struct stack_end {
    uint32_t end;    /* node of the old tree */
    uint32_t caller; /* of it: the next to look at */
    uint32_t place;  /* node of the new tree, where it is now */
};

static bool
add_other(struct profile_rebuild *rebuild, uint32_t place, uint32_t node,
          struct error *err)
{
    uint32_t other;

    if (!profile_tree_child(&rebuild->tree, place, PROFILE_OTHER, &other,
                            err)) {
        return false;
    }
    profile_rebuild_add(rebuild, other, node, true);
    return true;
}

/* All stacks at their ends. */
static bool
collect(struct profile_rebuild *rebuild, struct stack_end *ends, size_t *count,
        struct error *err)
{
    const struct scope_profile *from = rebuild->from;

    *count = 0;
    profile_rebuild_add(rebuild, 0, 0, true);
    for (uint32_t i = 1; i < from->node_count; i++) {
        if (from->nodes[i].function == PROFILE_OTHER) {
            if (!add_other(rebuild, 0, i, err)) {
                return false;
            }
        } else if (from->nodes[i].self_ns > 0 || rebuild->calls[i] > 0) {
            ends[(*count)++] = (struct stack_end){.end = i, .caller = i};
        }
    }
    return true;
}

/* One level. Those that are through are left out. */
static bool
follow(struct profile_rebuild *rebuild, struct stack_end *ends, size_t *count,
       struct error *err)
{
    const struct profile_node *nodes = rebuild->from->nodes;
    size_t kept = 0;

    for (size_t i = 0; i < *count; i++) {
        struct stack_end *stack = &ends[i];

        if (!profile_tree_child(&rebuild->tree, stack->place,
                                nodes[stack->caller].function, &stack->place,
                                err)) {
            return false;
        }
        stack->caller = nodes[stack->caller].parent;
        if (stack->caller == 0) {
            profile_rebuild_add(rebuild, stack->place, stack->end, true);
        } else {
            ends[kept++] = *stack;
        }
    }
    *count = kept;
    return true;
}

static bool
follow_all(struct profile_rebuild *rebuild, struct stack_end *ends,
           size_t *count, struct error *err)
{
    uint64_t step_max = rebuild->options->step_max != 0
                            ? rebuild->options->step_max
                            : PROFILE_STEP_MAX;
    uint64_t steps = 0;
    uint32_t level = 0;
    size_t total = *count;

    while (*count > 0 && steps <= step_max
           && rebuild->tree.count <= rebuild->node_max) {
        steps += *count;
        level++;
        if (!profile_rebuild_report(rebuild, total - *count, total, err)
            || !follow(rebuild, ends, count, err)) {
            return false;
        }
    }
    if (*count > 0) {
        rebuild->tree.level_max = level;
    }
    return true;
}

bool
profile_invert(struct profile_rebuild *rebuild, struct error *err)
{
    struct stack_end *ends;
    size_t count;
    bool is_ok;

    if (rebuild->from->is_inverted) {
        return error_set(err, ERROR_USAGE, "a profile can be inverted once");
    }
    ends = array_new(rebuild->from->node_count, sizeof *ends, err);
    if (ends == NULL) {
        return false;
    }
    is_ok = collect(rebuild, ends, &count, err)
            && follow_all(rebuild, ends, &count, err);
    for (size_t i = 0; is_ok && i < count; i++) {
        is_ok = add_other(rebuild, ends[i].place, ends[i].end, err);
    }
    free(ends);
    return is_ok;
}
