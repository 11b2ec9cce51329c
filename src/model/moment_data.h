// SPDX-License-Identifier: Apache-2.0
/*
 * model/moment_data.h - what a moment_list is made of. Private to src/model.
 *
 * Rows are in the order of (time, lane, index in the lane). So the row of an
 * item is the number of items before its time, plus those of its time in the
 * lanes before its own, plus those before it in its own.
 */
#ifndef MODEL_MOMENT_DATA_H
#define MODEL_MOMENT_DATA_H

#include <stddef.h>
#include <stdint.h>

#include "model/moment_lane.h"
#include "model/moment_list.h"
#include "model/span_query.h"

struct moment_end {
    uint64_t time_ns;
    uint32_t process;
};

struct moment_list {
    const struct trace_model *model;
    struct moment_request request;
    struct moment_lane *lanes; /* owned; so are the next two */
    size_t lane_count;
    struct moment_end *ends;
    struct slice *unfinished; /* by start */
    size_t end_count;
    size_t unfinished_count;
    size_t count;
    size_t kind_counts[MOMENT_KIND_COUNT];
    const struct progress *progress; /* while it is made */
};

#endif
