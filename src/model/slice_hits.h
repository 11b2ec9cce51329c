// SPDX-License-Identifier: Apache-2.0
/*
 * model/slice_hits.h - where the calls of some functions are: how many before,
 * in and behind a window, in which columns of a grid, in which blocks.
 *
 * It takes one look at every slice of the blocks that may have such calls, on
 * all processors. What it leaves of each block lets slice_step.h skip the
 * others.
 */
#ifndef MODEL_SLICE_HITS_H
#define MODEL_SLICE_HITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "model/span_query.h"
#include "model/timeline_query.h"
#include "model/trace_model.h"

struct bound_query;
struct error;
struct span_scratch;

/* Which slices are hits. */
struct slice_hit_set {
    const uint8_t *functions; /* one byte a function of the model, and one for
                                 the unknown function; 1 = its calls are */
    uint32_t function_count;  /* of the model */
    uint32_t track;           /* only there; UINT32_MAX = everywhere */
    const struct bound_query *query; /* what else must hold; NULL = nothing */
};

static inline bool
slice_hit_set_has_function(const struct slice_hit_set *set, uint32_t function)
{
    return set->functions[function < set->function_count ? function
                                                         : set->function_count]
           != 0;
}

/* Memory for looking at arguments, one a thread. {0} at first. */
struct slice_hit_judge {
    struct span_scratch *scratch;
    struct buffer args;
};

/* Whether a slice of the model is a hit. Arguments of what cannot be read hold
 * nothing. Fails only when there is no memory. */
bool slice_hit_set_judge(const struct slice_hit_set *set,
                         const struct trace_model *model,
                         const struct slice *slice,
                         struct slice_hit_judge *judge, bool *is_hit,
                         struct error *err);

/* The same: most slices are of other functions. */
static inline bool
slice_hit_set_has(const struct slice_hit_set *set,
                  const struct trace_model *model, const struct slice *slice,
                  struct slice_hit_judge *judge, bool *is_hit,
                  struct error *err)
{
    *is_hit = false;
    return !slice_hit_set_has_function(set, slice->function)
           || slice_hit_set_judge(set, model, slice, judge, is_hit, err);
}

void slice_hit_judge_release(struct slice_hit_judge *judge);

struct slice_hits_request {
    struct slice_hit_set set;
    uint64_t window_start_ns; /* [start, end) */
    uint64_t window_end_ns;
    struct timeline_grid grid;
    /* Functions whose hits are counted apart: a row for each function, as in
     * set.functions; UINT32_MAX = none. NULL = no function has one. */
    const uint32_t *rows;
    uint32_t row_count;
};

/* Owns its arrays until slice_hits_release. {0} is empty. */
struct slice_hits {
    uint64_t count;
    uint64_t before;        /* that end at or before the window's start */
    uint64_t inside;        /* that touch it */
    uint64_t behind;        /* that start at or after its end */
    uint64_t earlier;       /* of all: began before their track, so that no
                               function counts them as calls */
    uint8_t *columns;       /* 1 = a hit starts in the column of the grid */
    uint32_t *row_columns;  /* per row and column: hits that start there */
    uint32_t *block_counts; /* per block of the model: hits that start there */
    uint64_t
        *block_levels; /* likewise: at which levels, see slice_hits_level */
    size_t block_count;
};

enum { SLICE_HITS_LEVELS = 64 };

/* The bit of a depth; all from the last one on share a bit. */
static inline uint64_t
slice_hits_level(uint32_t depth)
{
    return UINT64_C(1) << (depth < SLICE_HITS_LEVELS ? depth
                                                     : SLICE_HITS_LEVELS - 1);
}

/* ERROR_CANCELLED when progress said so. On failure *hits is empty. */
bool slice_hits_count(const struct trace_model *model,
                      const struct slice_hits_request *request,
                      const struct progress *progress, struct slice_hits *hits,
                      struct error *err);

void slice_hits_release(struct slice_hits *hits);

#endif
