// SPDX-License-Identifier: Apache-2.0
#include "model/profile_tree.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/error.h"
#include "model/scope_profile.h"

enum { FIRST_SLOT_COUNT = 64 };

bool
profile_tree_init(struct profile_tree *tree, uint32_t level_max,
                  struct error *err)
{
    *tree = (struct profile_tree){.level_max = level_max};
    tree->slots = array_new(FIRST_SLOT_COUNT, sizeof *tree->slots, err);
    if (tree->slots == NULL
        || !array_reserve((void **)&tree->nodes, &tree->capacity, 1,
                          sizeof *tree->nodes, err)) {
        profile_tree_release(tree);
        return false;
    }
    tree->slot_count = FIRST_SLOT_COUNT;
    tree->nodes[0] = (struct tree_node){.function = PROFILE_ROOT};
    tree->count = 1;
    return true;
}

void
profile_tree_release(struct profile_tree *tree)
{
    free(tree->nodes);
    free(tree->slots);
    *tree = (struct profile_tree){0};
}

static inline size_t
first_slot(const struct profile_tree *tree, uint32_t parent, uint32_t function)
{
    uint64_t key = (uint64_t)parent << 32 | function;

    key = (key ^ (key >> 32)) * UINT64_C(0x9E3779B97F4A7C15);
    return (size_t)(key >> 32) & (tree->slot_count - 1);
}

static bool
grow_slots(struct profile_tree *tree, struct error *err)
{
    size_t count = tree->slot_count * 2;
    uint32_t *slots = array_new(count, sizeof *slots, err);

    if (slots == NULL) {
        return false;
    }
    free(tree->slots);
    tree->slots = slots;
    tree->slot_count = count;
    for (size_t i = 1; i < tree->count; i++) {
        const struct tree_node *node = &tree->nodes[i];
        size_t slot = first_slot(tree, node->parent, node->function);

        while (slots[slot] != 0) {
            slot = (slot + 1) & (count - 1);
        }
        slots[slot] = (uint32_t)i;
    }
    return true;
}

bool
profile_tree_child(struct profile_tree *tree, uint32_t parent,
                   uint32_t function, uint32_t *child, struct error *err)
{
    size_t slot;

    if (tree->count + 1 > tree->slot_count / 2 && !grow_slots(tree, err)) {
        return false;
    }
    slot = first_slot(tree, parent, function);
    while (tree->slots[slot] != 0) {
        const struct tree_node *node = &tree->nodes[tree->slots[slot]];

        if (node->parent == parent && node->function == function) {
            *child = tree->slots[slot];
            return true;
        }
        slot = (slot + 1) & (tree->slot_count - 1);
    }
    if (tree->count >= UINT32_MAX) {
        return error_set_no_memory(err);
    }
    if (!array_reserve((void **)&tree->nodes, &tree->capacity, tree->count + 1,
                       sizeof *tree->nodes, err)) {
        return false;
    }
    tree->nodes[tree->count] = (struct tree_node){
        .function = function,
        .parent = parent,
        .level = tree->nodes[parent].level + 1,
    };
    *child = (uint32_t)tree->count;
    tree->slots[slot] = (uint32_t)tree->count++;
    return true;
}

bool
profile_tree_add(struct profile_tree *tree, const struct profile_tree *from,
                 struct error *err)
{
    uint32_t *moved = array_new(from->count, sizeof *moved, err);
    bool ok = moved != NULL;

    for (size_t i = 0; ok && i < from->count; i++) {
        const struct tree_node *node = &from->nodes[i];
        bool is_kept = node->level <= tree->level_max;
        uint32_t to = 0;

        if (i > 0 && node->level > tree->level_max + (uint64_t)1) {
            to = moved[node->parent];
        } else if (i > 0) {
            ok = profile_tree_child(tree, moved[node->parent],
                                    is_kept ? node->function : PROFILE_OTHER,
                                    &to, err);
        }
        if (ok) {
            bool is_top = node->level <= tree->level_max + (uint64_t)1;

            tree->nodes[to].total_ns += is_top ? node->total_ns : 0;
            tree->nodes[to].call_count += node->call_count;
            moved[i] = to;
        }
    }
    free(moved);
    return ok;
}

bool
profile_tree_cut(struct profile_tree *tree, uint32_t level_max,
                 struct error *err)
{
    struct profile_tree rest;

    if (level_max >= tree->level_max) {
        return true;
    }
    if (!profile_tree_init(&rest, level_max, err)) {
        return false;
    }
    if (!profile_tree_add(&rest, tree, err)) {
        profile_tree_release(&rest);
        return false;
    }
    profile_tree_release(tree);
    *tree = rest;
    return true;
}

/* The nodes of one level. */
struct level_size {
    size_t node_count;
    size_t caller_count; /* of them, those with children */
};

static uint32_t
find_deepest_level(const struct profile_tree *tree)
{
    uint32_t level = 0;

    for (size_t i = 0; i < tree->count; i++) {
        if (tree->nodes[i].level > level) {
            level = tree->nodes[i].level;
        }
    }
    return level;
}

static void
count_levels(const struct profile_tree *tree, struct level_size *levels,
             uint8_t *is_caller)
{
    for (size_t i = 0; i < tree->count; i++) {
        const struct tree_node *node = &tree->nodes[i];

        levels[node->level].node_count++;
        if (i > 0 && !is_caller[node->parent]) {
            is_caller[node->parent] = 1;
            levels[node->level - 1].caller_count++;
        }
    }
}

bool
profile_tree_fit(struct profile_tree *tree, size_t node_max, struct error *err)
{
    uint32_t deepest;
    uint32_t fitting = 0;
    size_t above = 0;
    struct level_size *levels;
    uint8_t *is_caller;

    if (tree->count <= node_max) {
        return true;
    }
    deepest = find_deepest_level(tree);
    levels = array_new(deepest + (size_t)1, sizeof *levels, err);
    is_caller = array_new(tree->count, sizeof *is_caller, err);
    if (levels == NULL || is_caller == NULL) {
        free(levels);
        free(is_caller);
        return false;
    }
    count_levels(tree, levels, is_caller);
    for (uint32_t i = 0; i < deepest; i++) {
        above += levels[i].node_count;
        if (above + levels[i].caller_count > node_max) {
            break;
        }
        fitting = i;
    }
    free(levels);
    free(is_caller);
    return profile_tree_cut(tree, fitting, err);
}
