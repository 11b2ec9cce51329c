// SPDX-License-Identifier: Apache-2.0
/*
 * model/call_edges.h - which function called which, anywhere in a trace.
 */
#ifndef MODEL_CALL_EDGES_H
#define MODEL_CALL_EDGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/slice_scan.h"

struct error;
struct trace_model;

/* A pair of functions of the model; calls from or to an unknown one are left
 * out. */
struct call_edge {
    uint32_t caller;
    uint32_t callee;
};

/* {0} has none. With few functions there is a bit for each pair that could be,
 * by caller and then callee; else a list. */
struct call_edges {
    uint64_t *words; /* owned; NULL = there is a list */
    size_t word_count;
    size_t function_count;
    struct call_edge *items; /* by caller, then callee, each pair once; owned */
    size_t count;            /* of pairs, either way */
};

/* Looks at every call of the trace. On success the caller releases *edges; on
 * failure, ERROR_CANCELLED included, it is {0}. */
bool call_edges_find(struct call_edges *edges, const struct trace_model *model,
                     const struct slice_scan_options *options,
                     struct error *err);

void call_edges_release(struct call_edges *edges);

/* The next function from *callee on that the caller called; false when there is
 * none. */
bool call_edges_next(const struct call_edges *edges, uint32_t caller,
                     uint32_t *callee);

#endif
