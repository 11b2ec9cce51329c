// SPDX-License-Identifier: Apache-2.0
/*
 * export/function_edges.h - who called whom how often, and how long that took:
 * a tree of paths, summed up by function and by pair of functions.
 *
 * Time is counted once under recursion: total_ns of a function leaves out the
 * calls that one of the same function is open above, and total_ns of a pair
 * those that the same pair is open above.
 */
#ifndef EXPORT_FUNCTION_EDGES_H
#define EXPORT_FUNCTION_EDGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;
struct scope_profile;

struct function_sums {
    uint64_t call_count;
    uint64_t primitive_count; /* calls with none of the function above them */
    uint64_t self_ns;
    uint64_t total_ns;
};

/* Functions are numbered as in struct profile_node. */
struct function_edge {
    uint32_t caller; /* PROFILE_ROOT: nobody */
    uint32_t callee;
    struct function_sums sums;
};

/* Owns its arrays until function_edges_release. {0} is empty. */
struct function_edges {
    struct function_edge *functions; /* by callee; caller is PROFILE_ROOT */
    size_t function_count;
    struct function_edge *edges; /* by callee, then by caller */
    size_t edge_count;
};

/* profile has a tree. On failure *edges is empty. */
bool function_edges_build(struct function_edges *edges,
                          const struct scope_profile *profile,
                          struct error *err);

void function_edges_release(struct function_edges *edges);

/* Order by caller, then by callee. */
void function_edges_sort_by_caller(struct function_edges *edges);

#endif
