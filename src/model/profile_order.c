// SPDX-License-Identifier: Apache-2.0
#include "model/profile_order.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "model/profile_tree.h"
#include "model/scope_profile.h"

/* The tree as it grew, with the children of each node in a list. */
struct raw_tree {
    const struct trace_model *model;
    const struct profile_tree *tree;
    uint32_t *first_child;  /* owned; 0 = none */
    uint32_t *next;         /* owned */
    struct child *children; /* owned; of one node */
    uint32_t *places;       /* owned; which node each result's is */
};

/* A child as it is sorted. */
struct child {
    const struct model_function *named; /* NULL = it is no function */
    uint32_t function;
    uint32_t node;
    uint64_t total_ns;
};

static void
raw_tree_release(struct raw_tree *raw)
{
    free(raw->first_child);
    free(raw->next);
    free(raw->children);
    free(raw->places);
}

static bool
raw_tree_init(struct raw_tree *raw, struct error *err)
{
    size_t count = raw->tree->count;

    raw->first_child = array_new(count, sizeof *raw->first_child, err);
    raw->next = array_new(count, sizeof *raw->next, err);
    raw->children = array_new(count, sizeof *raw->children, err);
    raw->places = array_new(count, sizeof *raw->places, err);
    if (raw->first_child == NULL || raw->next == NULL || raw->children == NULL
        || raw->places == NULL) {
        return false;
    }
    for (size_t i = 1; i < count; i++) {
        uint32_t parent = raw->tree->nodes[i].parent;

        raw->next[i] = raw->first_child[parent];
        raw->first_child[parent] = (uint32_t)i;
    }
    return true;
}

static int
compare_functions(const struct model_function *a,
                  const struct model_function *b)
{
    int order = strcmp(a->name, b->name);

    if (order == 0) {
        order = strcmp(a->file, b->file);
    }
    if (order == 0) {
        order = (a->line > b->line) - (a->line < b->line);
    }
    return order != 0 ? order : (a->kind > b->kind) - (a->kind < b->kind);
}

/* The largest first, then by name, then what is no function by its number; what
 * was cut off comes last. */
static int
compare_children(const void *left, const void *right)
{
    const struct child *a = left;
    const struct child *b = right;

    if (a->function == PROFILE_OTHER || b->function == PROFILE_OTHER) {
        return (a->function == PROFILE_OTHER) - (b->function == PROFILE_OTHER);
    }
    if (a->total_ns != b->total_ns) {
        return a->total_ns > b->total_ns ? -1 : 1;
    }
    if (a->named == NULL || b->named == NULL) {
        return a->named == b->named
                   ? (a->function > b->function) - (a->function < b->function)
                   : (a->named == NULL) - (b->named == NULL);
    }
    return compare_functions(a->named, b->named);
}

/* The children of a node, sorted, in raw->children; how many. */
static uint32_t
sort_children(struct raw_tree *raw, uint32_t node)
{
    uint32_t count = 0;

    for (uint32_t i = raw->first_child[node]; i != 0; i = raw->next[i]) {
        const struct tree_node *child = &raw->tree->nodes[i];

        raw->children[count++] = (struct child){
            .named = profile_is_function(child->function)
                         ? scope_profile_function(raw->model, child->function)
                         : NULL,
            .function = child->function,
            .node = i,
            .total_ns = child->total_ns,
        };
    }
    if (count > 1) {
        qsort(raw->children, count, sizeof *raw->children, compare_children);
    }
    return count;
}

static struct profile_node
make_node(const struct raw_tree *raw, uint32_t place, uint32_t parent)
{
    const struct tree_node *node = &raw->tree->nodes[place];

    return (struct profile_node){
        .total_ns = node->total_ns,
        .self_ns = node->total_ns,
        .call_count = node->call_count,
        .function = node->function,
        .parent = parent,
        .level = node->level,
    };
}

static void
order_nodes(struct raw_tree *raw, struct scope_profile *profile)
{
    profile->nodes[0] = make_node(raw, 0, 0);
    profile->node_count = 1;
    for (uint32_t i = 0; i < profile->node_count; i++) {
        struct profile_node *node = &profile->nodes[i];

        node->child_count = sort_children(raw, raw->places[i]);
        node->first_child = profile->node_count;
        for (uint32_t k = 0; k < node->child_count; k++) {
            uint32_t place = raw->children[k].node;

            raw->places[profile->node_count] = place;
            profile->nodes[profile->node_count++] = make_node(raw, place, i);
            node->self_ns -= raw->children[k].total_ns;
        }
    }
}

bool
profile_order_take(struct scope_profile *profile,
                   const struct trace_model *model,
                   const struct profile_tree *tree, struct error *err)
{
    struct raw_tree raw = {.model = model, .tree = tree};
    bool ok;

    profile->nodes = array_new(tree->count, sizeof *profile->nodes, err);
    ok = profile->nodes != NULL && raw_tree_init(&raw, err);
    if (ok) {
        order_nodes(&raw, profile);
    }
    raw_tree_release(&raw);
    return ok;
}
