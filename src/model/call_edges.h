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

/* Functions of the model; calls from or to an unknown one are left out. */
struct call_edge {
    uint32_t caller;
    uint32_t callee;
};

/* {0} has none. */
struct call_edges {
    struct call_edge *items; /* by caller, then callee, each pair once; owned */
    size_t count;
};

/* Looks at every call of the trace. On success the caller releases *edges; on
 * failure, ERROR_CANCELLED included, it is {0}. */
bool call_edges_find(struct call_edges *edges, const struct trace_model *model,
                     const struct slice_scan_options *options,
                     struct error *err);

void call_edges_release(struct call_edges *edges);

/* The edges from one caller, *count of them. */
const struct call_edge *call_edges_from(const struct call_edges *edges,
                                        uint32_t caller, size_t *count);

#endif
