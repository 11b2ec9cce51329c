// SPDX-License-Identifier: Apache-2.0
/*
 * export/call_walk.h - the calls of a trace as entries and exits, track by
 * track, in the order of time: every exit belongs to the last entry that has
 * none yet.
 */
#ifndef EXPORT_CALL_WALK_H
#define EXPORT_CALL_WALK_H

#include <stdbool.h>
#include <stdint.h>

struct error;
struct export_options;
struct slice;
struct trace_model;

/* All return false to end the walk with their error. Times are those of the
 * model. A call that is still open in the end, or where the interval ends that
 * is exported, is left there. */
struct call_visitor {
    void *context;
    bool (*begin_track)(void *context, uint32_t track, struct error *err);
    bool (*enter)(void *context, const struct slice *slice, struct error *err);
    bool (*leave)(void *context, const struct slice *slice, uint64_t end_ns,
                  struct error *err);
    bool (*end_track)(void *context, uint32_t track, struct error *err);
};

/* Visit what the options want, with their progress. */
bool call_walk(const struct trace_model *model,
               const struct export_options *options,
               const struct call_visitor *visitor, struct error *err);

#endif
