// SPDX-License-Identifier: Apache-2.0
/*
 * model/flow_build.h - the ends of flows become arrows. Private to src/model.
 *
 * Points, both ends of all flows, are in the order of track, depth of their
 * call and time: those of a call are a range of them. Arrows, a number each,
 * are in the order of the points that they leave, and of one point in the order
 * of time; so those that leave a call are a range, too, and so are those that
 * reach it, of the arrows in the order of the points that they reach.
 *
 *     points    s  e  s  e     s: a start, e: an end
 *     leaving   0  2  2  3     arrows that leave points before it
 *     reaching  0  0  1  1     arrows that reach points before it
 *     arrow     -  0  -  2     of an end: the number of its arrow
 *     arrows    1  e  3        of an arrow: the point that it reaches
 */
#ifndef MODEL_FLOW_BUILD_H
#define MODEL_FLOW_BUILD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/flow_store.h"

struct block_index;
struct error;
struct intern_table;
struct trace_model;

#define FLOW_NONE UINT32_MAX

struct flow_point {
    uint64_t time_ns;
    uint32_t track;
    uint32_t depth;     /* of its call; FLOW_NO_CALL = of none */
    uint32_t name : 31; /* in the names */
    uint32_t is_end : 1;
    uint32_t arrow;    /* of an end; FLOW_NONE = there is no start */
    uint32_t leaving;  /* see above */
    uint32_t reaching; /* likewise */
};

/* A point that is of the call behind its record. */
struct early_point {
    uint64_t record_ns;
    uint32_t track;
    uint32_t point;
};

struct flow_data {
    struct flow_point *points; /* one more than there are, with the sums */
    uint32_t *arrows;
    struct early_point *early; /* by track and time of the record */
    size_t early_count;
    struct intern_table *names;
    size_t point_count;
    size_t arrow_count;
    size_t end_count;     /* points that are ends */
    size_t no_call_count; /* points that are of no call */
};

/* Put the model's flows together; the index was joined. The stores are empty
 * behind it. */
bool flow_build(struct trace_model *model, struct block_index *index,
                struct error *err);

void flow_data_release(struct flow_data *flows);

#endif
