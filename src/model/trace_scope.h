// SPDX-License-Identifier: Apache-2.0
/*
 * model/trace_scope.h - which part of a trace a number covers: a range of time
 * on some of the tracks.
 */
#ifndef MODEL_TRACE_SCOPE_H
#define MODEL_TRACE_SCOPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/span_query.h"

struct trace_model;

/* tracks belongs to whoever made the scope and outlives its use. */
struct trace_scope {
    uint64_t start_ns; /* times in [start, end) */
    uint64_t end_ns;
    const uint8_t
        *tracks; /* one a track of the model, 1 = inside; NULL = all */
};

/* Everything. */
static inline struct trace_scope
trace_scope_whole(void)
{
    return (struct trace_scope){.end_ns = UINT64_MAX};
}

static inline bool
trace_scope_has_track(const struct trace_scope *scope, uint32_t track)
{
    return scope->tracks == NULL || scope->tracks[track] != 0;
}

/* Whether the scope leaves nothing of the trace out. */
bool trace_scope_is_whole(const struct trace_scope *scope,
                          const struct trace_model *model);

/* The part of a slice that lies in the scope's time; false when none does. A
 * slice of no length lies where it starts. */
static inline bool
trace_scope_clip(const struct trace_scope *scope, const struct slice *slice,
                 uint64_t *start_ns, uint64_t *end_ns)
{
    bool has_started = slice->start_ns >= scope->start_ns;

    *start_ns = has_started ? slice->start_ns : scope->start_ns;
    *end_ns = slice->end_ns < scope->end_ns ? slice->end_ns : scope->end_ns;
    return *start_ns < scope->end_ns
           && (has_started || slice->end_ns > scope->start_ns);
}

#endif
