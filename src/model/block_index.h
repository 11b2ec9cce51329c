// SPDX-License-Identifier: Apache-2.0
/*
 * model/block_index.h - the opening pass: every block is decoded once, on all
 * processors, and leaves its cells, its calls' sums and its loose ends. Private
 * to src/model. block_join.h then ties the loose ends together.
 */
#ifndef MODEL_BLOCK_INDEX_H
#define MODEL_BLOCK_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "model/event_store.h"
#include "model/trace_model.h"

/* Sums over the calls of a function. */
struct function_sums {
    uint64_t call_count;
    uint64_t total_ns;
    uint64_t self_ns;
    uint64_t min_ns; /* UINT64_MAX = of no call */
    uint64_t max_ns;
    uint64_t unfinished_count;
    uint64_t active;   /* open now; scratch */
    uint64_t reserved; /* a cache line in all */
};

/* A call open at a block's start that this block closed. */
struct closed_call {
    uint64_t end_ns;
    uint64_t self_ns; /* within the block */
    uint32_t flags;
};

/* A call that this block opened and did not close. */
struct opened_call {
    uint64_t start_tick;
    uint64_t start_ns;
    uint64_t self_ns; /* up to the last event */
    uint32_t id;      /* the section's */
    uint32_t function;
    uint32_t flags;
};

/* The loose ends of a block. */
struct block_ends {
    uint64_t header_hash; /* of the calls open at its start */
    uint64_t kept_self_ns;
    uint64_t call_count;
    uint64_t mismatched_returns;
    uint64_t gap_start_ns; /* see struct span_scratch */
    uint32_t open_count;   /* at its start */
    uint32_t kept_count;   /* of them, still open at its end */
    uint32_t opened_count; /* new ones open at its end */
    uint32_t first_depth;  /* of the first call that begins here */
    uint64_t first_ns;     /* when it does; with call_count > 0 */
    bool is_unreadable;
    struct closed_call *closed; /* open_count - kept_count, by depth */
    struct opened_call *opened; /* opened_count, by depth */
};

struct index_worker;

/* A block of the model, and its track. */
struct block_place {
    uint32_t block;
    uint32_t track;
};

struct block_index {
    struct trace_model *model;
    const struct trace_model_options *options;
    struct block_ends *ends;    /* one a block of the model */
    struct function_sums *sums; /* by function; one more for the unknown */
    struct index_worker *workers;
    size_t worker_count;
    struct event_store *stores; /* one a worker */
    struct block_place *order;  /* of all blocks, in which they are read */
    size_t indexed_count;       /* the first of that order; the others were not
                             read, since progress said stop */
};

/* One link of the chain that tells whether two stacks of open calls are the
 * same. The hash of no call is 0. */
uint64_t open_call_hash(uint64_t outer_hash, uint32_t function,
                        uint64_t start_tick);

/*
 * Decode every block of the model, by their start times, so that what is read
 * when it is stopped is the same stretch of all tracks; of each track those are
 * the first ones. *index is to be {0}; the caller releases
 * it, also after a failure. ERROR_CANCELLED when progress said so.
 */
bool block_index_build(struct block_index *index, struct trace_model *model,
                       const struct trace_model_options *options,
                       struct error *err);

void block_index_release(struct block_index *index);

#endif
