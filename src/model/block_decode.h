// SPDX-License-Identifier: Apache-2.0
/*
 * model/block_decode.h - one block of events becomes slices. Private to
 * src/model; the index and every query are built on it.
 *
 * Times. A tick becomes nanoseconds by the section's clock. Within a block
 * each event is at least 1 ns after the one before, so that nesting is never
 * ambiguous, but never reaches the next block's start; whatever a file claims,
 * time only grows.
 *
 * Returns and gaps follow the rule of format/call_stack.h. Looking for the call
 * that a mismatched return closes is given up when a block has cost more than
 * 256 looks per word; such returns then count as unknown.
 */
#ifndef MODEL_BLOCK_DECODE_H
#define MODEL_BLOCK_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/reader.h"
#include "model/span_query.h"

struct error;
struct model_block;
struct model_section;
struct trace_model;

/* A call that is open while decoding. */
struct open_frame {
    uint64_t start_tick;
    uint64_t start_ns;  /* or the block's start, when it is later */
    uint64_t callee_ns; /* spent in its callees within this block */
    size_t slice;       /* index in the scratch's slices */
    uint32_t function;  /* the section's id */
    uint32_t flags;     /* enum vzt_open_flag */
};

/* Is told about each long record that is no RECORD_CLOCK. payload has the
 * words that the head says. False ends the decoding. */
struct record_sink {
    bool (*put)(void *context, uint64_t time_ns, uint64_t head,
                const uint64_t *payload, struct error *err);
    void *context;
};

/* A flag of slices that only block_decode_alone gives, to those that begin in
 * the block when the scratch has counts: no call around is of its function. */
#define SLICE_OUTERMOST (1u << 31)

/* Where the arguments of a slice stand. */
struct args_place {
    size_t slice; /* index in the scratch's slices */
    size_t word;  /* of the head of the record, in the block's words */
};

struct span_scratch {
    struct block block;
    uint32_t *active; /* open calls of each function, 0 between blocks; NULL =
                         not asked for; owned */
    uint32_t unknown; /* where active counts calls of unknown functions */
    struct slice *slices; /* by start, callers first */
    size_t slice_count;
    size_t slice_capacity;
    struct open_frame *frames; /* open after the last event, outermost first */
    size_t frame_count;
    size_t frame_capacity;
    uint32_t depth;         /* levels in use */
    size_t open_count;      /* the first of slices: open when the block began */
    size_t kept_count;      /* of them, still open at its end */
    uint64_t gap_start_ns;  /* where the gap that the block begins with starts,
                              before the block perhaps; else UINT64_MAX */
    uint64_t gap_closed_ns; /* when the latest gap record closed the calls */
    uint64_t last_ns;       /* of the last event; the block's start if none */
    /* of the long record that a sink is told of */
    uint64_t record_tick;
    size_t record_depth;   /* calls that are open, frames names them */
    size_t record_slices;  /* the first of slices; the next call is behind */
    uint64_t kept_self_ns; /* of the innermost kept one, in this block */
    uint64_t mismatched_returns;
    /* which block the slices are of, so that asking again costs nothing */
    const struct model_block *decoded; /* NULL = of none */
    uint64_t decoded_serial;           /* of its model */
    struct args_place *args; /* by slice; made when asked for; owned */
    size_t args_count;
    size_t args_capacity;
    bool has_args_list;    /* args are those of the decoded block */
    struct slice *callers; /* lent out by call_callers; owned */
    size_t callers_capacity;
};

/*
 * Decode a block by itself: slices open at its start begin there, slices open
 * at its end (frames names them) end with its last event and carry
 * SLICE_UNFINISHED, and self times are those within the block.
 */
bool block_decode_alone(const struct trace_model *model,
                        const struct model_section *section,
                        const struct model_block *block, uint32_t track,
                        const struct record_sink *sink,
                        struct span_scratch *scratch, struct error *err);

/* Decode a block of an open model, telling sink of its records: every slice is
 * as it is in whole. */
bool block_decode_records(const struct trace_model *model, uint32_t track,
                          const struct model_block *block,
                          const struct record_sink *sink,
                          struct span_scratch *scratch, struct error *err);

/* Tell sink of the records and decode no call: a fraction of the time. */
bool block_decode_no_calls(const struct trace_model *model, uint32_t track,
                           const struct model_block *block,
                           const struct record_sink *sink,
                           struct span_scratch *scratch, struct error *err);

/* As block_decode_records without records; free when the block is the one that
 * was decoded last. */
bool block_decode(const struct trace_model *model, uint32_t track,
                  const struct model_block *block, struct span_scratch *scratch,
                  struct error *err);

#endif
