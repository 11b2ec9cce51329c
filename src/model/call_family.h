// SPDX-License-Identifier: Apache-2.0
/*
 * model/call_family.h - the calls around one call: its callers, and what it
 * called itself.
 */
#ifndef MODEL_CALL_FAMILY_H
#define MODEL_CALL_FAMILY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/slice_scan.h"
#include "model/span_query.h"

struct error;
struct trace_model;

/*
 * The calls of a track that were open when a call of it began, outermost
 * first: as many as its depth says. They live in scratch until its next use.
 */
bool call_callers(const struct trace_model *model, const struct slice *call,
                  struct span_scratch *scratch, const struct slice **callers,
                  size_t *count, struct error *err);

/* The direct callees of a call that are of one function. */
struct callee {
    uint64_t total_ns;
    uint64_t call_count;
    struct slice longest; /* of the same duration: the first; its function is
                             that of all */
};

struct callees {
    struct callee *items; /* owned; by total_ns, the largest first, then by
                             where the longest starts */
    size_t count;
};

/* Decodes what the call covers. On success the caller releases *callees; on
 * failure, ERROR_CANCELLED included, it is {0}. */
bool callees_find(struct callees *callees, const struct trace_model *model,
                  const struct slice *call,
                  const struct slice_scan_options *options, struct error *err);

/* {0} is empty. */
void callees_release(struct callees *callees);

#endif
