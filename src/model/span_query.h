// SPDX-License-Identifier: Apache-2.0
/*
 * model/span_query.h - slices: the calls of a track, block by block or one at
 * a time.
 *
 * A slice is one entry with its exit, so a generator gives one per resume.
 * Slices of one track nest; those of one depth are disjoint and in time order.
 */
#ifndef MODEL_SPAN_QUERY_H
#define MODEL_SPAN_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;
struct trace_model;
struct span_scratch;

enum slice_flag {
    SLICE_UNFINISHED = 1u << 0,    /* still open where the trace ends; end_ns is
                                   the end of what is known */
    SLICE_START_UNKNOWN = 1u << 1, /* open before recording, or inherited over
                                      fork, or its entry was lost; start_ns is
                                   the first event after that */
    SLICE_TRUNCATED = 1u << 2,     /* closed by a return of a caller, or its own
                                  was lost; it ends with the last event that
                                  is known to be its */
    SLICE_RAISED = 1u << 3,        /* left by an exception */
    SLICE_YIELDED = 1u << 4,       /* paused, to be resumed */
    SLICE_RESUMED = 1u << 5,       /* is the continuation of a paused call */
};

struct slice {
    uint64_t start_ns;
    uint64_t end_ns;
    uint64_t self_ns;  /* less its callees, wherever they are */
    uint32_t function; /* index in the model; UINT32_MAX = unknown */
    uint32_t depth;    /* from 0 */
    uint32_t flags;    /* enum slice_flag */
    uint32_t track;
};

/* Memory for decoding, one per thread of the caller. */
bool span_scratch_new(struct span_scratch **out, struct error *err);
void span_scratch_free(struct span_scratch *scratch);

/* Blocks of a track, in time order: 0 .. span_block_count - 1. */
size_t span_block_count(const struct trace_model *model, uint32_t track);

/*
 * The slices that touch a block, ordered by start, parents first; those that
 * began in an earlier block come first (first_new says how many), with their
 * real start and end. The array lives in scratch until its next use.
 */
bool span_block_slices(const struct trace_model *model, uint32_t track,
                       size_t block, struct span_scratch *scratch,
                       const struct slice **slices, size_t *count,
                       size_t *first_new, struct error *err);

/* The slice of a track at a depth that covers time_ns. *found says whether
 * there is one. */
bool span_at(const struct trace_model *model, uint32_t track, uint32_t depth,
             uint64_t time_ns, struct span_scratch *scratch,
             struct slice *slice, bool *found, struct error *err);

/* The first slice of a track and depth that starts after time_ns, and the
 * last one that starts before it. */
bool span_next(const struct trace_model *model, uint32_t track, uint32_t depth,
               uint64_t time_ns, struct span_scratch *scratch,
               struct slice *slice, bool *found, struct error *err);
bool span_previous(const struct trace_model *model, uint32_t track,
                   uint32_t depth, uint64_t time_ns,
                   struct span_scratch *scratch, struct slice *slice,
                   bool *found, struct error *err);

#endif
