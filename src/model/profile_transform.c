// SPDX-License-Identifier: Apache-2.0
/*
 * Nodes come before what they call. So one pass over the old tree can say of
 * each node where in the new one its own time goes, from where its caller's
 * went.
 */
#include "model/profile_transform.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "model/profile_rebuild.h"
#include "model/trace_model.h"

enum { NODES_PER_REPORT = 1 << 12, MODULE_NAME_SIZE = 4096 };

/* Where the time of a node goes that is in no stack any more. */
#define NOWHERE UINT32_MAX

struct placing {
    struct profile_rebuild rebuild;
    uint32_t *to;     /* owned; of each node: where its own time goes */
    uint32_t target;  /* the node of the path; 0 = there is none */
    uint32_t *copies; /* owned; PROFILE_END_AT: the new node of each that leads
                         to one of the function */
    uint8_t *leads;   /* owned; PROFILE_END_AT: to one of the function */
    uint8_t *is_member; /* owned; PROFILE_COLLAPSE_MODULE: of each function */
    uint32_t module;    /* as in nodes */
};

/* A node that is being placed. */
struct place {
    uint32_t number;
    const struct profile_node *node;
    uint32_t above; /* where its caller is, or NOWHERE */
    uint32_t to;    /* the result */
    bool is_call;   /* the result: its calls are counted there */
};

typedef bool (*place_node)(struct placing *placing, struct place *place,
                           struct error *err);

static bool
put_below(struct placing *placing, struct place *place, uint32_t above,
          uint32_t function, struct error *err)
{
    place->is_call = true;
    return profile_tree_child(&placing->rebuild.tree, above, function,
                              &place->to, err);
}

static bool
put_as_it_is(struct placing *placing, struct place *place, struct error *err)
{
    return put_below(placing, place, place->above, place->node->function, err);
}

/* Give the time to the caller, who may be nowhere. */
static bool
join_caller(struct place *place)
{
    place->to = place->above;
    place->is_call = false;
    return true;
}

static bool
is_meant(const struct placing *placing, const struct place *place)
{
    return place->node->function == placing->rebuild.transform->function;
}

static bool
merge_function(struct placing *placing, struct place *place, struct error *err)
{
    return is_meant(placing, place) ? join_caller(place)
                                    : put_as_it_is(placing, place, err);
}

static bool
merge_node(struct placing *placing, struct place *place, struct error *err)
{
    return place->number == placing->target ? join_caller(place)
                                            : put_as_it_is(placing, place, err);
}

static bool
drop_function(struct placing *placing, struct place *place, struct error *err)
{
    if (place->above == NOWHERE || is_meant(placing, place)) {
        place->to = NOWHERE;
        return true;
    }
    return put_as_it_is(placing, place, err);
}

/* Begin at a node, unless this is below one already. */
static bool
focus(struct placing *placing, struct place *place, bool is_start,
      struct error *err)
{
    if (place->above == NOWHERE && is_start) {
        place->above = 0;
    }
    return place->above == NOWHERE ? join_caller(place)
                                   : put_as_it_is(placing, place, err);
}

static bool
focus_function(struct placing *placing, struct place *place, struct error *err)
{
    return focus(placing, place, is_meant(placing, place), err);
}

static bool
focus_subtree(struct placing *placing, struct place *place, struct error *err)
{
    return focus(placing, place, place->number == placing->target, err);
}

static uint32_t
function_above(const struct placing *placing, const struct place *place)
{
    return placing->rebuild.tree.nodes[place->above].function;
}

static bool
collapse_function(struct placing *placing, struct place *place,
                  struct error *err)
{
    return function_above(placing, place)
                   == placing->rebuild.transform->function
               ? join_caller(place)
               : put_as_it_is(placing, place, err);
}

static bool
can_recurse(const struct placing *placing, const struct place *place)
{
    return placing->rebuild.transform->function == PROFILE_EVERY
           || is_meant(placing, place);
}

static bool
collapse_direct(struct placing *placing, struct place *place, struct error *err)
{
    if (can_recurse(placing, place)
        && function_above(placing, place) == place->node->function) {
        place->to = place->above;
        place->is_call = true;
        return true;
    }
    return put_as_it_is(placing, place, err);
}

static bool
collapse_recursion(struct placing *placing, struct place *place,
                   struct error *err)
{
    const struct tree_node *nodes = placing->rebuild.tree.nodes;

    if (can_recurse(placing, place)) {
        uint32_t above = place->above;

        while (above != 0 && nodes[above].function != place->node->function) {
            above = nodes[above].parent;
        }
        if (above != 0) {
            place->to = above;
            place->is_call = true;
            return true;
        }
    }
    return put_as_it_is(placing, place, err);
}

static bool
is_in_module(const struct placing *placing, uint32_t function)
{
    return function == placing->module
           || (function < placing->rebuild.from->function_count
               && placing->is_member[function]);
}

static bool
collapse_module(struct placing *placing, struct place *place, struct error *err)
{
    if (!is_in_module(placing, place->node->function)) {
        return put_as_it_is(placing, place, err);
    }
    return function_above(placing, place) == placing->module
               ? join_caller(place)
               : put_below(placing, place, place->above, placing->module, err);
}

static bool
end_at(struct placing *placing, struct place *place, struct error *err)
{
    uint32_t *copy = &placing->copies[place->number];
    uint32_t above = placing->copies[place->node->parent];
    bool is_end = is_meant(placing, place);

    if ((is_end || placing->leads[place->number])
        && !profile_tree_child(&placing->rebuild.tree, above,
                               place->node->function, copy, err)) {
        return false;
    }
    if (!is_end) {
        return join_caller(place);
    }
    place->to = *copy;
    place->is_call = true;
    return true;
}

/* What a kind of transform does; NULL = it is not done node by node. */
static const struct transform_class {
    place_node place;
    bool takes_path;
    bool begins_nowhere; /* stacks vanish until it says otherwise */
} classes[PROFILE_TRANSFORM_COUNT] = {
    [PROFILE_MERGE_FUNCTION] = {merge_function, false, false},
    [PROFILE_MERGE_NODE] = {merge_node, true, false},
    [PROFILE_DROP_FUNCTION] = {drop_function, false, false},
    [PROFILE_FOCUS_FUNCTION] = {focus_function, false, true},
    [PROFILE_FOCUS_SUBTREE] = {focus_subtree, true, true},
    [PROFILE_COLLAPSE_FUNCTION] = {collapse_function, false, false},
    [PROFILE_COLLAPSE_DIRECT] = {collapse_direct, false, false},
    [PROFILE_COLLAPSE_RECURSION] = {collapse_recursion, false, false},
    [PROFILE_COLLAPSE_MODULE] = {collapse_module, false, false},
    [PROFILE_END_AT] = {end_at, false, true},
    [PROFILE_INVERT] = {NULL, false, false},
};

bool
profile_transform_takes_path(enum profile_transform_kind kind)
{
    return classes[kind].takes_path;
}

const char *
profile_module_name(const struct model_function *function, char *text,
                    size_t capacity)
{
    const char *name = function->file;
    size_t length = strlen(name);

    if (length == 0) {
        name = function->name;
        length = strcspn(name, ".");
    }
    (void)snprintf(text, capacity, "%.*s", (int)length, name);
    return text;
}

/* The node that a path leads to; 0 = none. */
static uint32_t
find_node(const struct scope_profile *profile, const uint32_t *path,
          size_t length)
{
    uint32_t node = 0;

    for (size_t i = 0; i < length; i++) {
        const struct profile_node *parent = &profile->nodes[node];
        uint32_t child = parent->first_child;
        uint32_t end = child + parent->child_count;

        while (child < end && profile->nodes[child].function != path[i]) {
            child++;
        }
        if (child == end) {
            return 0;
        }
        node = child;
    }
    return node;
}

/* Which functions are in the module of the one that is meant. */
static bool
find_members(struct placing *placing, struct error *err)
{
    const struct trace_model *model = placing->rebuild.model;
    uint32_t count = placing->rebuild.from->function_count;
    uint32_t meant = placing->rebuild.transform->function;
    char wanted[MODULE_NAME_SIZE];
    char name[MODULE_NAME_SIZE];

    placing->is_member = array_new(count, sizeof *placing->is_member, err);
    if (placing->is_member == NULL) {
        return false;
    }
    meant -= profile_is_module(meant) ? PROFILE_MODULE : 0;
    placing->module = PROFILE_ROOT; /* not there: no node below has this */
    if (meant >= count) {
        return true;
    }
    (void)profile_module_name(trace_model_function(model, meant), wanted,
                              sizeof wanted);
    for (uint32_t i = count; i-- > 0;) {
        (void)profile_module_name(trace_model_function(model, i), name,
                                  sizeof name);
        if (strcmp(name, wanted) == 0) {
            placing->is_member[i] = 1;
            placing->module = PROFILE_MODULE + i;
        }
    }
    return true;
}

static bool
find_ends(struct placing *placing, struct error *err)
{
    const struct scope_profile *from = placing->rebuild.from;

    placing->leads = array_new(from->node_count, sizeof *placing->leads, err);
    placing->copies = array_new(from->node_count, sizeof *placing->copies, err);
    if (placing->leads == NULL || placing->copies == NULL) {
        return false;
    }
    for (uint32_t i = from->node_count; i-- > 1;) {
        const struct profile_node *node = &from->nodes[i];

        if (placing->leads[i]
            || node->function == placing->rebuild.transform->function) {
            placing->leads[node->parent] = 1;
        }
    }
    return true;
}

static bool
prepare(struct placing *placing, struct error *err)
{
    const struct profile_rebuild *rebuild = &placing->rebuild;
    const struct profile_transform *transform = rebuild->transform;

    placing->to =
        array_new(rebuild->from->node_count, sizeof *placing->to, err);
    if (placing->to == NULL) {
        return false;
    }
    placing->to[0] = classes[transform->kind].begins_nowhere ? NOWHERE : 0;
    if (classes[transform->kind].takes_path) {
        placing->target =
            find_node(rebuild->from, transform->path, transform->path_length);
    }
    return (transform->kind != PROFILE_COLLAPSE_MODULE
            || find_members(placing, err))
           && (transform->kind != PROFILE_END_AT || find_ends(placing, err));
}

static bool
place_all(struct placing *placing, struct error *err)
{
    struct profile_rebuild *rebuild = &placing->rebuild;
    const struct scope_profile *from = rebuild->from;
    place_node place_one = classes[rebuild->transform->kind].place;

    if (placing->to[0] != NOWHERE) {
        profile_rebuild_add(rebuild, 0, 0, true);
    }
    for (uint32_t i = 1; i < from->node_count; i++) {
        struct place place = {
            .number = i,
            .node = &from->nodes[i],
            .above = placing->to[from->nodes[i].parent],
        };

        if ((i % NODES_PER_REPORT == 1
             && !profile_rebuild_report(rebuild, i, from->node_count, err))
            || !place_one(placing, &place, err)) {
            return false;
        }
        placing->to[i] = place.to;
        if (place.to != NOWHERE) {
            profile_rebuild_add(rebuild, place.to, i,
                                place.is_call || from->is_inverted);
        }
    }
    return true;
}

static void
placing_release(struct placing *placing)
{
    profile_rebuild_release(&placing->rebuild);
    free(placing->to);
    free(placing->copies);
    free(placing->leads);
    free(placing->is_member);
}

static bool
apply_one(struct scope_profile *out, const struct profile_rebuild *how,
          struct error *err)
{
    struct placing placing = {.rebuild = *how};
    bool is_inverting = how->transform->kind == PROFILE_INVERT;
    bool is_ok =
        profile_rebuild_init(&placing.rebuild, err)
        && (is_inverting ? profile_invert(&placing.rebuild, err)
                         : prepare(&placing, err) && place_all(&placing, err))
        && profile_rebuild_finish(
            &placing.rebuild, is_inverting || how->from->is_inverted, out, err);

    placing_release(&placing);
    return is_ok;
}

static bool
copy_profile(struct scope_profile *out, const struct scope_profile *from,
             struct error *err)
{
    size_t function_count = from->function_count + (size_t)1;
    struct scope_profile copy = *from;

    copy.durations = NULL;
    copy.nodes = array_new(from->node_count, sizeof *copy.nodes, err);
    copy.functions = array_new(function_count, sizeof *copy.functions, err);
    if (copy.nodes == NULL || copy.functions == NULL) {
        scope_profile_release(&copy);
        return false;
    }
    memcpy(copy.nodes, from->nodes, from->node_count * sizeof *copy.nodes);
    memcpy(copy.functions, from->functions,
           function_count * sizeof *copy.functions);
    *out = copy;
    return true;
}

bool
profile_transform_apply(struct scope_profile *out,
                        const struct scope_profile *from,
                        const struct trace_model *model,
                        const struct profile_transform *transforms,
                        size_t count,
                        const struct profile_transform_options *options,
                        struct error *err)
{
    struct scope_profile made = {0};

    *out = (struct scope_profile){0};
    if (count == 0) {
        return copy_profile(out, from, err);
    }
    for (size_t i = 0; i < count; i++) {
        const struct profile_rebuild how = {
            .from = i == 0 ? from : &made,
            .model = model,
            .transform = &transforms[i],
            .options = options,
        };
        struct scope_profile next;
        bool is_ok = apply_one(&next, &how, err);

        scope_profile_release(&made);
        if (!is_ok) {
            return false;
        }
        made = next;
    }
    *out = made;
    return true;
}
