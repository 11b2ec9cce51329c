// SPDX-License-Identifier: Apache-2.0
/*
 * model/instant_hits.h - the instants that a query means: which they
 * are, and how many are before, in and behind a window.
 */
#ifndef MODEL_INSTANT_HITS_H
#define MODEL_INSTANT_HITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/timeline_query.h"
#include "model/trace_model.h"

struct bound_query;
struct error;

struct instant_hits_request {
    const struct bound_query *query; /* NULL: no hits */
    uint32_t track;                  /* only there; UINT32_MAX = everywhere */
    uint64_t window_start_ns;        /* [start, end) */
    uint64_t window_end_ns;
};

/* Owns its array until instant_hits_release. {0} is empty. */
struct instant_hits {
    uint8_t *is_hit; /* per instant of the model, by time; 1 = a hit */
    size_t instant_count;
    uint64_t count;
    uint64_t before;
    uint64_t inside;
    uint64_t behind;
};

/* ERROR_CANCELLED when progress said so. On failure *hits is empty. */
bool instant_hits_find(const struct trace_model *model,
                       const struct instant_hits_request *request,
                       const struct progress *progress,
                       struct instant_hits *hits, struct error *err);

void instant_hits_release(struct instant_hits *hits);

/* The first hit from index on, and the last one below it; SIZE_MAX = there is
 * none. */
size_t instant_hits_next(const struct instant_hits *hits, size_t index);
size_t instant_hits_previous(const struct instant_hits *hits, size_t index);

/* How many hits have an index below this one. */
uint64_t instant_hits_rank(const struct instant_hits *hits, size_t index);

/* Mark the columns of a grid in which a hit stands with 1. */
void instant_hits_mark(const struct instant_hits *hits,
                       const struct trace_model *model,
                       const struct timeline_grid *grid, uint8_t *columns);

#endif
