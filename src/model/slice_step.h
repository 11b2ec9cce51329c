// SPDX-License-Identifier: Apache-2.0
/*
 * model/slice_step.h - from one call of some functions to the next, over all
 * tracks.
 *
 * Slices of all tracks have one order: by start, then by track, then as they
 * stand in the track (callers first). No two slices have the same place in it,
 * not even two without a duration that a damaged file puts at the same time.
 */
#ifndef MODEL_SLICE_STEP_H
#define MODEL_SLICE_STEP_H

#include <stdbool.h>
#include <stdint.h>

#include "model/slice_hits.h"
#include "model/span_query.h"

/* A place in that order. {.start_ns = t} is before all slices that start at
 * time t. */
struct slice_place {
    uint64_t start_ns;
    uint32_t track;
    uint32_t block; /* of the track */
    uint32_t index; /* among the slices that start in the block */
};

/* Below, equal to or above 0. */
int slice_place_compare(const struct slice_place *a,
                        const struct slice_place *b);

/* The slices that start in a block of a track, in that order: index 0 first.
 * None when it cannot be read, as everywhere in the model. They live in scratch
 * until its next use. */
bool slice_place_block(const struct trace_model *model, uint32_t track,
                       uint32_t block, struct span_scratch *scratch,
                       const struct slice **slices, size_t *count,
                       struct error *err);

/* The place of a slice of the model. */
bool slice_place_of(const struct trace_model *model, const struct slice *slice,
                    struct span_scratch *scratch, struct slice_place *place,
                    struct error *err);

struct slice_step_request {
    struct slice_hit_set set;
    const uint32_t *block_counts; /* of slice_hits, for the same set; or NULL:
                                     every block that may have such calls has
                                     to be looked at */
    struct slice_place from;
    bool is_backward;
    bool is_inclusive; /* a hit at that place itself will do */
};

struct slice_step_result {
    bool found;
    struct slice slice;
    struct slice_place place;
};

/* The hit that is next to a place. Looks at blocks in the order of time until
 * it is found. ERROR_CANCELLED when progress said so. */
bool slice_step(const struct trace_model *model,
                const struct slice_step_request *request,
                const struct progress *progress, struct span_scratch *scratch,
                struct slice_step_result *result, struct error *err);

/* How many hits stand before request->from; request->block_counts is not
 * NULL. */
bool slice_rank(const struct trace_model *model,
                const struct slice_step_request *request,
                struct span_scratch *scratch, uint64_t *rank,
                struct error *err);

#endif
