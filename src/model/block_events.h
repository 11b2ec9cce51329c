// SPDX-License-Identifier: Apache-2.0
/*
 * model/block_events.h - all that one block of a track holds: slices, records,
 * and how it continues the block before. For those who write a trace anew.
 */
#ifndef MODEL_BLOCK_EVENTS_H
#define MODEL_BLOCK_EVENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/span_query.h"

struct error;
struct trace_model;

/* A long record: instant, object, counter, gap, or what is not known; neither
 * the clock nor what belongs to a call. */
struct block_record {
    uint64_t time_ns;
    uint64_t head;
    const uint64_t *payload; /* record_size(head) words */
    uint32_t open_calls;     /* there */
    uint64_t closed_ns;      /* of a gap: when it closed the calls that began
                                or went on in this block */
};

/* The first members are valid until the scratch is used again. {0} is empty. */
struct block_events {
    const struct slice *slices; /* by start, callers first; whole ones */
    size_t slice_count;
    size_t open_count; /* the first: open when the block began */
    size_t straddling; /* of them the first: went on from the block before;
                              nobody saw the others begin */
    size_t call_count; /* that begin here */
    size_t open_last;  /* calls that are open at the last event: a call of
                              each depth from 0 on */
    struct block_record *records; /* by time; owned */
    size_t record_count;
    size_t record_capacity;
    uint64_t start_ns;
    uint64_t last_ns;      /* of its last event, shown or not */
    uint64_t number;       /* of the block in its stream, ascending */
    uint64_t calls_before; /* calls of the stream before it */
    bool has_no_calls;     /* they were not read: records do not tell them */
    bool is_unreadable;    /* it has nothing but its start */
    const struct span_scratch *scratch;
};

/* Read a block of a track into *events. False when there is no memory. */
bool block_events_read(struct block_events *events,
                       const struct trace_model *model, uint32_t track,
                       size_t block, struct span_scratch *scratch,
                       struct error *err);

/* The same without slices, for a block of which no call is looked for: as
 * though it had none, but for call_count. Takes a fraction of the time. */
bool block_events_read_no_calls(struct block_events *events,
                                const struct trace_model *model, uint32_t track,
                                size_t block, struct span_scratch *scratch,
                                struct error *err);

/* Whether slices[index] goes on behind the block's last event. */
bool block_events_goes_on(const struct block_events *events, size_t index);

void block_events_release(struct block_events *events);

/* The blocks of a track that [start, end) touches: from *first up to *last,
 * without that. */
void block_events_range(const struct trace_model *model, uint32_t track,
                        uint64_t start_ns, uint64_t end_ns, size_t *first,
                        size_t *last);

#endif
