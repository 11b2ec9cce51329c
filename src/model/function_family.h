// SPDX-License-Identifier: Apache-2.0
/*
 * model/function_family.h - where the calls of one function come from and what
 * they lead to, over a part of a trace.
 *
 * Callers. Every moment in which the function is open belongs to its innermost
 * call, and that to the functions around it: below the root is the function,
 * below it who called it, below those who called them. So recursion counts no
 * time twice. call_count is that of the function as called this way, and of a
 * node it is that of its children plus the calls that nothing called.
 *
 * Callees. Again below the function's innermost call: what is between its
 * outermost and its innermost call is one frame.
 *
 * Both are trees as scope_profile.h has them (only nodes, node_count and
 * level_max are set), and exact whatever else is in the trace: nothing but the
 * calls around and below the function is in them.
 */
#ifndef MODEL_FUNCTION_FAMILY_H
#define MODEL_FUNCTION_FAMILY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/scope_profile.h"

struct error;
struct trace_model;
struct trace_scope;

enum {
    FAMILY_NODE_MAX = 1 << 16, /* of a tree */
    FAMILY_TIMES = 512,        /* parts of the time of the scope */
};

struct function_family {
    struct scope_profile callers;
    struct scope_profile callees;
    uint64_t whole_ns;   /* of all outermost calls, of any function */
    uint64_t call_count; /* that touch the scope */
    double mean_ns;      /* of the durations of whole calls */
    double deviation_ns; /* the standard one, likewise */
    /* The longest of the calls in each part of the time, whole; 0 = none (or
     * none that took any time). */
    uint64_t longest_ns[FAMILY_TIMES];
    uint64_t first_ns; /* where the parts begin */
    uint64_t part_ns;  /* how long each is */
};

struct function_family_options {
    uint32_t node_max;        /* 0 = FAMILY_NODE_MAX; at least 3 */
    unsigned thread_count;    /* 0 = one per processor */
    struct progress progress; /* see slice_scan.h */
};

/* Look at every call of the scope; function is as in slices. ERROR_CANCELLED
 * when progress said so. On success the caller releases *family; on failure it
 * is {0}. The result does not depend on the number of threads. */
bool function_family_find(struct function_family *family,
                          const struct trace_model *model,
                          const struct trace_scope *scope, uint32_t function,
                          const struct function_family_options *options,
                          struct error *err);

/* {0} is empty. */
void function_family_release(struct function_family *family);

#endif
