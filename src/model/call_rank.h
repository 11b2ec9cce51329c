// SPDX-License-Identifier: Apache-2.0
/*
 * model/call_rank.h - one call among all calls of its function.
 *
 * Calls stand in one order: the slowest first; of the same duration the one
 * that starts first, then by track and level. So each call has a rank, from 1,
 * and neighbours. Durations are whole, also of calls that reach out of the
 * scope; an unfinished call counts with what is known of it.
 */
#ifndef MODEL_CALL_RANK_H
#define MODEL_CALL_RANK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/square_sum.h"
#include "model/trace_model.h"
#include "model/trace_scope.h"

struct error;
struct slice;
struct span_scratch;

enum {
    CALL_RANK_WINDOW = 1 << 17, /* calls kept on either side */
    CALL_RANK_BUCKETS = 4 * 63, /* of the histogram: four an octave */
};

struct ranked_call {
    uint64_t duration_ns;
    uint64_t start_ns;
    uint32_t track;
    uint32_t depth;
};

struct call_rank {
    uint64_t count; /* calls that touch the scope; 0 = nothing else counts */
    uint64_t unfinished_count;
    uint64_t total_ns; /* of all durations; recursion counts again */
    uint64_t min_ns;
    uint64_t max_ns;
    uint64_t p50_ns; /* half of the calls take no longer; exact */
    uint64_t p90_ns;
    uint64_t p95_ns;
    uint64_t p99_ns;
    double deviation_ns;       /* the standard one */
    struct square_sum squares; /* of all durations */
    uint64_t buckets[CALL_RANK_BUCKETS];

    /* The calls around the one that was asked about, without a gap. */
    struct ranked_call *calls; /* owned */
    size_t call_count;
    uint64_t first_rank; /* of calls[0] */

    struct ranked_call slowest;
    struct ranked_call fastest;
};

struct call_rank_options {
    uint32_t window;          /* 0 = CALL_RANK_WINDOW */
    unsigned thread_count;    /* 0 = one per processor */
    struct progress progress; /* see slice_scan.h */
};

/*
 * Compare a call with all of its function in the scope, to which it need not
 * belong. Decodes every block of the scope that may have such calls, more than
 * once when there are more of them than the window takes. On success the caller
 * releases *rank; on failure, ERROR_CANCELLED included, it is {0}.
 */
bool call_rank_find(struct call_rank *rank, const struct trace_model *model,
                    const struct trace_scope *scope, const struct slice *call,
                    const struct call_rank_options *options, struct error *err);

/* {0} is empty. */
void call_rank_release(struct call_rank *rank);

/* The rank of a call of that function; 0 = it is not among rank->calls. */
uint64_t call_rank_of(const struct call_rank *rank, const struct slice *call);

/*
 * The call that is so many places below another one in the order (above, when
 * places is negative); behind the fastest comes the slowest again. The other
 * one need not belong to the scope. False when it would take another
 * call_rank_find to tell.
 */
bool call_rank_step(const struct call_rank *rank, const struct slice *call,
                    int64_t places, struct ranked_call *out);

/* The slice of a call of that function; as far as the order knows it when its
 * block cannot be read again. */
bool ranked_call_slice(const struct trace_model *model, uint32_t function,
                       const struct ranked_call *call,
                       struct span_scratch *scratch, struct slice *slice,
                       struct error *err);

/* The bucket of a duration, and the smallest duration of a bucket. */
unsigned call_rank_bucket(uint64_t duration_ns);
uint64_t call_rank_bucket_start(unsigned bucket);

#endif
