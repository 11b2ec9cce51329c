// SPDX-License-Identifier: Apache-2.0
#include "model/scope_profile.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "model/model_section.h"
#include "model/profile_pass.h"

const struct model_function *
scope_profile_function(const struct trace_model *model, uint32_t function)
{
    return function < trace_model_function_count(model)
               ? trace_model_function(model, function)
               : trace_model_unknown_function(model);
}

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
    const struct model_function *function; /* NULL = PROFILE_OTHER */
    uint64_t total_ns;
    uint32_t node;
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

/* The largest first, then by name; what was cut off comes last. */
static int
compare_children(const void *left, const void *right)
{
    const struct child *a = left;
    const struct child *b = right;

    if (a->function == NULL || b->function == NULL) {
        return (a->function == NULL) - (b->function == NULL);
    }
    if (a->total_ns != b->total_ns) {
        return a->total_ns > b->total_ns ? -1 : 1;
    }
    return compare_functions(a->function, b->function);
}

/* The children of a node, sorted, in raw->children; how many. */
static uint32_t
sort_children(struct raw_tree *raw, uint32_t node)
{
    uint32_t count = 0;

    for (uint32_t i = raw->first_child[node]; i != 0; i = raw->next[i]) {
        const struct tree_node *child = &raw->tree->nodes[i];

        raw->children[count++] = (struct child){
            .function =
                child->function == PROFILE_OTHER
                    ? NULL
                    : scope_profile_function(raw->model, child->function),
            .total_ns = child->total_ns,
            .node = i,
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

static bool
take_tree(struct scope_profile *profile, const struct profile_pass *pass,
          struct error *err)
{
    struct raw_tree raw = {.model = pass->model, .tree = &pass->tree};
    bool ok;

    profile->nodes = array_new(pass->tree.count, sizeof *profile->nodes, err);
    profile->level_max = pass->tree.level_max;
    ok = profile->nodes != NULL && raw_tree_init(&raw, err);
    if (ok) {
        order_nodes(&raw, profile);
    }
    raw_tree_release(&raw);
    return ok;
}

/* The sums that the model made when it was opened. */
static bool
take_sums_of_model(struct scope_profile *profile,
                   const struct trace_model *model, struct error *err)
{
    uint32_t count = trace_model_function_count(model);

    profile->functions =
        array_new(count + (size_t)1, sizeof *profile->functions, err);
    if (profile->functions == NULL) {
        return false;
    }
    for (uint32_t i = 0; i <= count; i++) {
        const struct model_function *function =
            scope_profile_function(model, i);

        profile->functions[i] = (struct profile_function){
            .call_count = function->call_count,
            .total_ns = function->total_ns,
            .self_ns = function->self_ns,
            .min_ns = function->min_ns,
            .max_ns = function->max_ns,
            .unfinished_count = function->unfinished_count,
        };
    }
    return true;
}

static bool
take_durations(struct scope_profile *profile,
               const struct duration_histograms *histograms, struct error *err)
{
    size_t count = histograms->function_count;

    profile->durations = array_new(count, sizeof *profile->durations, err);
    for (size_t i = 0; profile->durations != NULL && i < count; i++) {
        profile->durations[i] = duration_histograms_facts(histograms, i);
    }
    return profile->durations != NULL;
}

static bool
take_pass(struct scope_profile *profile, const struct trace_model *model,
          const struct trace_scope *scope,
          const struct scope_profile_options *options, struct error *err)
{
    struct profile_pass pass = {
        .model = model,
        .scope = scope,
        .has_tree = !options->has_no_tree,
        .has_durations = options->has_durations,
        .path = options->path,
        .path_length = options->path_length,
        .node_max =
            options->node_max != 0 ? options->node_max : PROFILE_NODE_MAX,
    };
    bool ok = profile_pass_run(&pass, options, err)
              && (!pass.has_tree || take_tree(profile, &pass, err))
              && (!pass.has_durations
                  || take_durations(profile, &pass.durations, err));

    if (ok) {
        uint32_t count = trace_model_function_count(model);

        for (uint32_t i = 0; i <= count; i++) {
            if (pass.functions[i].min_ns == UINT64_MAX) {
                pass.functions[i].min_ns = 0;
            }
        }
        profile->functions = pass.functions;
        pass.functions = NULL;
    }
    profile_pass_release(&pass);
    return ok;
}

bool
scope_profile_build(struct scope_profile *profile,
                    const struct trace_model *model,
                    const struct trace_scope *scope,
                    const struct scope_profile_options *options,
                    struct error *err)
{
    bool is_known = options->has_no_tree && !options->has_durations
                    && trace_scope_is_whole(scope, model);
    struct scope_profile made = {
        .level_max = UINT32_MAX,
        .function_count = trace_model_function_count(model),
    };

    *profile = (struct scope_profile){0};
    if (!(is_known ? take_sums_of_model(&made, model, err)
                   : take_pass(&made, model, scope, options, err))) {
        scope_profile_release(&made);
        return false;
    }
    for (uint32_t i = 0; i <= made.function_count; i++) {
        made.total_ns += made.functions[i].self_ns;
        made.call_count += made.functions[i].call_count;
    }
    *profile = made;
    return true;
}

void
scope_profile_release(struct scope_profile *profile)
{
    free(profile->nodes);
    free(profile->functions);
    free(profile->durations);
    *profile = (struct scope_profile){0};
}
