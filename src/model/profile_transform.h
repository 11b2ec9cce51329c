// SPDX-License-Identifier: Apache-2.0
/*
 * model/profile_transform.h - the same calls seen otherwise: profiles made from
 * profiles.
 *
 * A transform says what becomes of the stack of functions of every moment (of
 * every call's own time): frames go, are joined, or the whole stack vanishes.
 * The time of a moment is then that of the last frame that is left. So the sums
 * of the result are exact: of each node total_ns = self_ns + its children's,
 * and what was dropped is in none of them, the root's included.
 *
 *     stack              f merged   f dropped   f focused   f collapsed
 *     a > f > b > c      a > b > c  -           f > b > c   a > f
 *     a > c              a > c      a > c       -           a > c
 *
 * A call is counted where its own frame is, and by nobody when that is gone: a
 * merged function has no calls. Recursive calls that are collapsed into one
 * node stay its calls; what is collapsed into a function or a module beside
 * them does not.
 *
 * Inverted, stacks are read from their ends: below the root are the functions
 * by self time, below each its callers. There call_count is that of the
 * function below the root, as called this way, and adds up like time: of each
 * node it is that of its children plus the calls that nothing called.
 *
 * The callers of f are PROFILE_END_AT f, then PROFILE_INVERT, below the node
 * of f (its children's call_count are the calls of f from there). The callees
 * are PROFILE_COLLAPSE_RECURSION of f, then PROFILE_FOCUS_FUNCTION f, again
 * below the one node.
 */
#ifndef MODEL_PROFILE_TRANSFORM_H
#define MODEL_PROFILE_TRANSFORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/scope_profile.h"

struct error;
struct trace_model;

enum profile_transform_kind {
    PROFILE_MERGE_FUNCTION,    /* its time is its callers'; its callees stay */
    PROFILE_MERGE_NODE,        /* the same, at this path only */
    PROFILE_DROP_FUNCTION,     /* all stacks with it vanish */
    PROFILE_FOCUS_FUNCTION,    /* stacks begin with it, its outermost one; those
                               without it vanish */
    PROFILE_FOCUS_SUBTREE,     /* stacks begin at the end of this path */
    PROFILE_COLLAPSE_FUNCTION, /* stacks end with it, its outermost one */
    PROFILE_COLLAPSE_DIRECT,   /* calls of it by itself are one frame */
    PROFILE_COLLAPSE_RECURSION, /* from the outermost to the innermost, what is
                                   between is one frame */
    PROFILE_COLLAPSE_MODULE,    /* calls within its module are one frame */
    PROFILE_END_AT,             /* stacks end with it, its innermost one; those
                                without it vanish */
    PROFILE_INVERT,             /* bottom-up; at most once */
    PROFILE_TRANSFORM_COUNT,
};

enum { PROFILE_STEP_MAX = 1 << 25 }; /* takes about a second */

/* Collapse recursion of whatever is recursive. Of several functions that may
 * be joined the outermost is, so that none is twice on a path. */
#define PROFILE_EVERY PROFILE_ROOT

/* Functions are as in nodes; a path begins with the node below the root, of the
 * profile that this transform is given. One that is not there is merged without
 * effect; focused, it leaves nothing. */
struct profile_transform {
    enum profile_transform_kind kind;
    uint32_t function;    /* unless it takes a path, or PROFILE_INVERT */
    const uint32_t *path; /* the caller's */
    size_t path_length;
};

struct profile_transform_options {
    uint32_t node_max;        /* 0 = PROFILE_NODE_MAX; at least 2 */
    uint64_t step_max;        /* of inverting; 0 = PROFILE_STEP_MAX */
    struct progress progress; /* from the caller's thread */
};

/*
 * Apply transforms, the first one first. No result has more nodes than what it
 * is made from, except inverted: that is cut at a level as scope_profile.h
 * says, where it would have more than node_max nodes or take more than about
 * step_max steps to make. What was cut off before (PROFILE_OTHER) has no
 * callers then.
 *
 * The functions of the result are summed up from its tree, total_ns counted
 * once under recursion; min_ns, max_ns and unfinished_count are 0: not known.
 * Inverting alone keeps them all. There are no durations. level_max is that of
 * the profile it was made from; inverted, its own.
 *
 * ERROR_CANCELLED when progress said so. On success the caller releases *out;
 * on failure it is {0}. The profile it is made from has a tree.
 */
bool profile_transform_apply(struct scope_profile *out,
                             const struct scope_profile *from,
                             const struct trace_model *model,
                             const struct profile_transform *transforms,
                             size_t count,
                             const struct profile_transform_options *options,
                             struct error *err);

/* Whether a transform of that kind takes a path. */
bool profile_transform_takes_path(enum profile_transform_kind kind);

/* The module of a function, as PROFILE_COLLAPSE_MODULE sees it: its file, or
 * without one the name up to the first dot, NUL-terminated, cut at capacity.
 * Returns text. */
const char *profile_module_name(const struct model_function *function,
                                char *text, size_t capacity);

#endif
