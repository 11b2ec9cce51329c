// SPDX-License-Identifier: Apache-2.0
/*
 * model/longest_call.h - where in the trace a function, or a path of functions,
 * took longest at once.
 */
#ifndef MODEL_LONGEST_CALL_H
#define MODEL_LONGEST_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/slice_scan.h"
#include "model/span_query.h"

struct error;
struct trace_model;
struct trace_scope;

/* Which calls: those of the last of the functions. */
struct call_target {
    const uint32_t *functions; /* as in slices; count is at least 1 */
    size_t count;
    bool is_path; /* and their callers, from the outermost call on, are the
                     functions before it */
};

/* Whether a slice is such a call, where slices come by track and start, callers
 * first. *matched is how many of the open calls, from the outermost, are those
 * of the path: 0 before the first slice. */
bool call_target_is(const struct call_target *target, const struct slice *slice,
                    size_t *matched);

/* Scan the blocks that may have such calls, see slice_scan.h. */
bool call_target_scan(const struct call_target *target,
                      const struct trace_model *model,
                      const struct trace_scope *scope,
                      const struct slice_visitor *visitor,
                      const struct slice_scan_options *options,
                      struct error *err);

/*
 * The call of which most lies in the scope, whole; of equal ones that which
 * starts first, then that of the first track, then the outermost. *found says
 * whether there is any. ERROR_CANCELLED when progress said so.
 */
bool longest_call_find(const struct trace_model *model,
                       const struct trace_scope *scope,
                       const struct call_target *target,
                       const struct slice_scan_options *options,
                       struct slice *slice, bool *found, struct error *err);

#endif
