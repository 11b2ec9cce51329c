// SPDX-License-Identifier: Apache-2.0
/*
 * model/scope_profile.h - where the time of a part of a trace went: by
 * function, and by the path of functions that was called.
 *
 * Every number counts what lies in the scope: a call that began before it or
 * ends after it counts as one call, with the part of its time that is inside.
 * Sums go over all tracks of the scope, so the time of two threads adds up.
 *
 * The tree. Calls with the same path of functions are one node. Of each node
 *     total_ns = self_ns + the total_ns of its children,
 * exactly. Nodes are in breadth-first order: the children of a node are next to
 * each other, by total_ns, the largest first, then by name. A tree that would
 * have more nodes than it may is cut at a level: below a node of that level
 * stands one PROFILE_OTHER, the last of its parent's children, for all calls
 * there.
 *
 * The result does not depend on the number of threads that made it.
 */
#ifndef MODEL_SCOPE_PROFILE_H
#define MODEL_SCOPE_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/duration_histogram.h"
#include "model/trace_model.h"
#include "model/trace_scope.h"

struct error;

/* What a node stands for when it is no function of the model. UINT32_MAX is
 * an unknown function, as in slices. A track is PROFILE_TRACK plus its index; a
 * module, of which there are nodes in transformed profiles only, is
 * PROFILE_MODULE plus the index of its first function. */
#define PROFILE_OTHER  (UINT32_MAX - 1)
#define PROFILE_ROOT   (UINT32_MAX - 2)
#define PROFILE_MODULE (UINT32_C(3) << 30)
#define PROFILE_TRACK  (UINT32_C(1) << 31)

enum { PROFILE_NODE_MAX = 1 << 17 };

struct profile_node {
    uint64_t total_ns;
    uint64_t self_ns;    /* of PROFILE_OTHER: all of its time */
    uint64_t call_count; /* entries, as in struct model_function; of
                            PROFILE_OTHER: those of all calls there; of the
                            root: 0 */
    uint32_t function;   /* index in the model, or one of the above */
    uint32_t parent;     /* index; of the root: 0 */
    uint32_t first_child;
    uint32_t child_count;
    uint32_t level; /* of the root: 0 */
    uint32_t reserved;
};

static inline bool
profile_is_function(uint32_t function)
{
    return function < PROFILE_TRACK || function == UINT32_MAX;
}

static inline bool
profile_is_track(uint32_t function)
{
    return function >= PROFILE_TRACK && function < PROFILE_MODULE;
}

static inline bool
profile_is_module(uint32_t function)
{
    return function >= PROFILE_MODULE && function < PROFILE_ROOT;
}

/* As the sums of struct model_function, over the scope. max_ns is of the part
 * of a call inside; min_ns is of calls that lie inside and were seen whole. */
struct profile_function {
    uint64_t call_count;
    uint64_t total_ns; /* counted once under recursion */
    uint64_t self_ns;
    uint64_t min_ns; /* 0 if there is none */
    uint64_t max_ns;
    uint64_t unfinished_count;
};

/* Whether it is in the scope: it was called there, or goes on there. */
static inline bool
profile_function_is_there(const struct profile_function *function)
{
    return function->call_count > 0 || function->total_ns > 0;
}

struct scope_profile {
    struct profile_node *nodes; /* owned; the first is the root: everything.
                                   NULL when no tree was asked for */
    uint32_t node_count;
    uint32_t level_max; /* the level at which the tree was cut; UINT32_MAX =
                           it is whole */
    struct profile_function *functions; /* owned; one a function of the model,
                                           then one for the unknown */
    /* One a function, likewise; owned. Durations are those of whole calls that
     * touch the scope. NULL when they were not asked for. */
    struct duration_facts *durations;
    uint32_t function_count; /* of the model */
    uint64_t total_ns;       /* of all outermost calls */
    uint64_t call_count;
    bool is_inverted; /* see profile_transform.h */
};

struct scope_profile_options {
    bool has_no_tree;
    bool
        has_tracks; /* below the root are the tracks, which have no calls; below
                        each what it called; a path begins with one */
    bool has_durations;
    /* Only calls on this path of functions, from an outermost call on, and
     * below it are in the tree, which thus gets deeper; the root still has the
     * time of all. Empty = all calls. */
    const uint32_t *path;
    size_t path_length;
    uint32_t node_max;        /* 0 = PROFILE_NODE_MAX; at least 2 */
    unsigned thread_count;    /* 0 = one per processor */
    struct progress progress; /* see slice_scan.h */
};

/*
 * Without tree and durations, the whole trace is answered at once; all else
 * decodes every block of the scope on all processors. ERROR_CANCELLED when
 * progress said so.
 * On success the caller releases *profile; on failure it is {0}.
 */
bool scope_profile_build(struct scope_profile *profile,
                         const struct trace_model *model,
                         const struct trace_scope *scope,
                         const struct scope_profile_options *options,
                         struct error *err);

/* {0} is an empty profile. */
void scope_profile_release(struct scope_profile *profile);

/* The function of a node or of an entry of profile->functions: a function of
 * the model or the unknown one: see profile_is_function. */
const struct model_function *
scope_profile_function(const struct trace_model *model, uint32_t function);

#endif
