// SPDX-License-Identifier: Apache-2.0
/*
 * model/profile_tree.h - calls merged by the path of functions that leads to
 * them, as they come. Private to src/model; scope_profile.h shows the result.
 *
 * The tree of a program may have as many paths as there are calls. It is
 * therefore cut at a level: what lies below is added up in one node, "other",
 * of each node on that level. Which level depends on the whole tree only: of
 * any part of the tree (the calls that one thread looked at) at most as much
 * is cut as of the whole. So the deepest level at which everything fits can be
 * found step by step, without ever holding everything.
 */
#ifndef MODEL_PROFILE_TREE_H
#define MODEL_PROFILE_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;

struct tree_node {
    uint64_t total_ns;
    uint64_t call_count;
    uint32_t function;
    uint32_t parent; /* comes before its children */
    uint32_t level;  /* of the root: 0 */
    uint32_t reserved;
};

struct profile_tree {
    struct tree_node *nodes; /* owned; the first is the root */
    size_t count;
    size_t capacity;
    uint32_t *slots; /* owned; node by (parent, function), 0 = free */
    size_t slot_count;
    uint32_t level_max; /* nodes below are "other"; UINT32_MAX = none is */
};

bool profile_tree_init(struct profile_tree *tree, uint32_t level_max,
                       struct error *err);
void profile_tree_release(struct profile_tree *tree);

/* The child of a node for a function, made when there is none yet. */
bool profile_tree_child(struct profile_tree *tree, uint32_t parent,
                        uint32_t function, uint32_t *child, struct error *err);

/* Cut the tree so that no node lies below level_max. Nodes get new numbers. */
bool profile_tree_cut(struct profile_tree *tree, uint32_t level_max,
                      struct error *err);

/* Cut the tree at the lowest level at which it has at most node_max nodes; at
 * the root if there is none. Does nothing when it fits. */
bool profile_tree_fit(struct profile_tree *tree, size_t node_max,
                      struct error *err);

/* Add all nodes of another tree, cut as this one is. */
bool profile_tree_add(struct profile_tree *tree,
                      const struct profile_tree *from, struct error *err);

#endif
