// SPDX-License-Identifier: Apache-2.0
/*
 * export/cut_block.h - what a cut leaves of one block: entries, exits and
 * records, in order. Blocks are cut by themselves, each by any thread; who puts
 * them together (cut_track.h) knows which calls went on from the block before.
 */
#ifndef EXPORT_CUT_BLOCK_H
#define EXPORT_CUT_BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "model/block_events.h"
#include "model/trace_query.h"

struct error;
struct function_mask;
struct trace_model;

/* What is kept. The bound query has the range of time. */
struct cut_rule {
    const struct trace_model *model;
    const struct bound_query *query;
    bool has_no_args; /* what holds data of the program is left out */
    const struct function_mask *functions; /* that the query means */
};

enum cut_kind { CUT_ENTRY, CUT_EXIT, CUT_RECORD, CUT_GAP };

struct cut_event {
    uint64_t time_ns;
    uint64_t end_ns;   /* of an entry: when the call ends; of a gap: when it
                        closed the calls that this block has */
    size_t first_word; /* of an entry: of its payload records; else of the
                          record */
    uint32_t word_count;
    uint32_t function; /* of the model */
    uint32_t depth;    /* among all calls, hidden or not; of a record that is of
                          a call: of that, from 1 */
    uint16_t flags;    /* enum slice_flag */
    uint8_t kind;      /* enum cut_kind */
};

/* A call that is open where the block, or the range of time, begins; one of
 * each depth. */
struct cut_open {
    uint64_t start_ns;
    uint64_t end_ns;
    uint32_t function;
    bool is_kept; /* of those that straddle the block before knows */
};

/* {0} is empty. */
struct cut_block {
    uint32_t track;
    size_t block;
    bool is_first;            /* nothing of the track was looked at before it */
    struct cut_event *events; /* owned, as the other arrays */
    size_t event_count;
    size_t event_capacity;
    uint64_t *words;
    size_t word_count;
    size_t word_capacity;
    struct cut_open *opens;
    size_t open_count;
    size_t open_capacity;
    size_t straddling; /* of them the first: went on from the block before */
    size_t open_last;  /* depth behind the last event */
    uint64_t start_ns; /* of the block, or of the range when that is later */
    uint64_t last_ns;
    uint64_t number;
    uint64_t calls_before;
    uint64_t call_count; /* entries, hidden or not */
    bool is_unreadable;
};

/* A thread's memory for cutting. {0} is empty. */
struct cut_tools {
    struct block_events events;
    struct span_scratch *scratch;
    struct span_scratch *args_scratch; /* for calls of earlier blocks */
    struct buffer args;
    struct buffer name;
    size_t *stack; /* slices that are to end */
    size_t stack_size;
    size_t stack_capacity;
};

bool cut_tools_init(struct cut_tools *tools, struct error *err);
void cut_tools_release(struct cut_tools *tools);

/* Cut the block that track, block and is_first say. */
bool cut_block_fill(struct cut_block *cut, const struct cut_rule *rule,
                    struct cut_tools *tools, struct error *err);

void cut_block_release(struct cut_block *cut);

#endif
