// SPDX-License-Identifier: Apache-2.0
/*
 * Nodes are sorted by the pair they belong to, so that each gets the number of
 * its pair and of its function; then the tree is walked once, with a count of
 * what is open of each.
 */
#include "export/function_edges.h"

#include <stdlib.h>

#include "base/array.h"
#include "model/scope_profile.h"

struct numbered_node {
    uint32_t caller;
    uint32_t callee;
    uint32_t node;
};

/* What is known of a node while the tree is walked. */
struct node_place {
    uint32_t edge;
    uint32_t function;
    uint32_t next_child; /* that was not visited yet */
};

struct edge_walk {
    const struct scope_profile *profile;
    struct function_edges *edges;
    struct numbered_node *numbered;
    struct node_place *places;
    uint32_t *open_edges;     /* calls of each that are open */
    uint32_t *open_functions; /* likewise */
};

static int
compare_numbers(uint32_t a, uint32_t b)
{
    return (a > b) - (a < b);
}

static int
compare_nodes(const void *left, const void *right)
{
    const struct numbered_node *a = left;
    const struct numbered_node *b = right;
    int order = compare_numbers(a->callee, b->callee);

    return order != 0 ? order : compare_numbers(a->caller, b->caller);
}

static int
compare_by_caller(const void *left, const void *right)
{
    const struct function_edge *a = left;
    const struct function_edge *b = right;
    int order = compare_numbers(a->caller, b->caller);

    return order != 0 ? order : compare_numbers(a->callee, b->callee);
}

static bool
walk_init(struct edge_walk *walk, struct error *err)
{
    size_t count = walk->profile->node_count;
    struct function_edges *edges = walk->edges;

    walk->numbered = array_new(count, sizeof *walk->numbered, err);
    walk->places = array_new(count, sizeof *walk->places, err);
    walk->open_edges = array_new(count, sizeof *walk->open_edges, err);
    walk->open_functions = array_new(count, sizeof *walk->open_functions, err);
    edges->edges = array_new(count, sizeof *edges->edges, err);
    edges->functions = array_new(count, sizeof *edges->functions, err);
    return walk->numbered != NULL && walk->places != NULL
           && walk->open_edges != NULL && walk->open_functions != NULL
           && edges->edges != NULL && edges->functions != NULL;
}

static void
walk_release(struct edge_walk *walk)
{
    free(walk->numbered);
    free(walk->places);
    free(walk->open_edges);
    free(walk->open_functions);
}

/* Number the pairs and the functions, and tell each node its own. */
static void
number_nodes(struct edge_walk *walk)
{
    const struct profile_node *nodes = walk->profile->nodes;
    size_t count = walk->profile->node_count - 1;
    struct function_edges *edges = walk->edges;

    for (uint32_t i = 0; i < count; i++) {
        walk->numbered[i] = (struct numbered_node){
            .caller = nodes[nodes[i + 1].parent].function,
            .callee = nodes[i + 1].function,
            .node = i + 1,
        };
    }
    qsort(walk->numbered, count, sizeof *walk->numbered, compare_nodes);
    for (size_t i = 0; i < count; i++) {
        const struct numbered_node *node = &walk->numbered[i];

        if (i == 0 || node->callee != node[-1].callee) {
            edges->functions[edges->function_count++] = (struct function_edge){
                .caller = PROFILE_ROOT, .callee = node->callee};
        }
        if (i == 0 || compare_nodes(node, node - 1) != 0) {
            edges->edges[edges->edge_count++] = (struct function_edge){
                .caller = node->caller, .callee = node->callee};
        }
        walk->places[node->node] = (struct node_place){
            .edge = (uint32_t)edges->edge_count - 1,
            .function = (uint32_t)edges->function_count - 1,
        };
    }
}

static void
add(struct function_sums *sums, const struct profile_node *node,
    bool is_outermost, bool is_primitive)
{
    sums->call_count += node->call_count;
    sums->primitive_count += is_primitive ? node->call_count : 0;
    sums->self_ns += node->self_ns;
    sums->total_ns += is_outermost ? node->total_ns : 0;
}

static void
enter(struct edge_walk *walk, uint32_t index)
{
    const struct profile_node *node = &walk->profile->nodes[index];
    const struct node_place *place = &walk->places[index];
    bool is_primitive = walk->open_functions[place->function]++ == 0;
    bool is_outermost = walk->open_edges[place->edge]++ == 0;

    add(&walk->edges->functions[place->function].sums, node, is_primitive,
        is_primitive);
    add(&walk->edges->edges[place->edge].sums, node, is_outermost,
        is_primitive);
}

static void
leave(struct edge_walk *walk, uint32_t index)
{
    walk->open_functions[walk->places[index].function]--;
    walk->open_edges[walk->places[index].edge]--;
}

static void
walk_nodes(struct edge_walk *walk)
{
    const struct profile_node *nodes = walk->profile->nodes;
    uint32_t index = 0;

    for (;;) {
        const struct profile_node *node = &nodes[index];
        struct node_place *place = &walk->places[index];

        if (place->next_child < node->child_count) {
            index = node->first_child + place->next_child++;
            enter(walk, index);
        } else if (index == 0) {
            break;
        } else {
            leave(walk, index);
            index = node->parent;
        }
    }
}

bool
function_edges_build(struct function_edges *edges,
                     const struct scope_profile *profile, struct error *err)
{
    struct edge_walk walk = {.profile = profile, .edges = edges};
    bool ok;

    *edges = (struct function_edges){0};
    ok = walk_init(&walk, err);
    if (ok) {
        number_nodes(&walk);
        walk_nodes(&walk);
    } else {
        function_edges_release(edges);
    }
    walk_release(&walk);
    return ok;
}

void
function_edges_release(struct function_edges *edges)
{
    free(edges->functions);
    free(edges->edges);
    *edges = (struct function_edges){0};
}

void
function_edges_sort_by_caller(struct function_edges *edges)
{
    qsort(edges->edges, edges->edge_count, sizeof *edges->edges,
          compare_by_caller);
}
