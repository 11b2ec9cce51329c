// SPDX-License-Identifier: Apache-2.0
/*
 * model/model_data.h - what a trace_model is made of. Private to src/model.
 *
 * A track is a row of blocks. The blocks of a track split time without gaps:
 * block k holds [start_ns, next start_ns), so that
 *   - every event of a block lies in the block's own stretch;
 *   - what happens between its last event and the next block's first one (the
 *     calls open there go on) belongs to it, too.
 *
 *      block k              block k+1
 *     |-+--+-+---+---......|-+--+-+-----
 *     ^ first event   ^    ^ first event of the next block
 *                     last event (known only by decoding)
 *
 * A call that is open at a border of blocks is a span_record. Records of one
 * track form a tree by their parents, and a block keeps just two references:
 * the innermost record at its start and at its end. So a border at which
 * nothing changed costs nothing, at any depth, and the records' times (known
 * once the whole track was read) are those of the whole call.
 */
#ifndef MODEL_MODEL_DATA_H
#define MODEL_MODEL_DATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "format/reader.h"
#include "model/counter_series.h"
#include "model/flow_build.h"
#include "model/model_section.h"
#include "model/span_query.h"
#include "model/trace_model.h"

struct clock_map;

enum {
    INDEX_DEPTH = 64, /* levels with a cell of their own in every block */
    INDEX_CELLS_MAX = INDEX_DEPTH + 1, /* and one for all below them */
};

#define RECORD_NONE UINT32_MAX

/* One depth of one block. In the last cell start_count is of all levels from
 * INDEX_DEPTH on; the rest is of the first of them, around the others. */
struct block_cell {
    uint64_t busy_ns;    /* within the block's stretch of time */
    uint64_t longest_ns; /* whole duration of the longest call here */
    uint64_t longest_start_ns;
    uint32_t longest_function;
    uint32_t start_count; /* calls that start in this block */
};

struct model_block {
    const struct trace_block *row;
    struct block_cell *cells; /* min(depth, INDEX_CELLS_MAX) of them */
    uint64_t start_ns;
    uint64_t end_ns;         /* start of the next block, or the track's end */
    uint64_t last_ns;        /* the last event */
    uint32_t depth;          /* levels in use */
    uint32_t start_count;    /* calls that start here, of all depths */
    uint32_t open_first;     /* innermost record open at the start, or NONE */
    uint32_t open_last;      /* and at the last event */
    uint32_t straddling;     /* how many calls are open from the block before */
    uint32_t function_words; /* of the set of functions, 0 = unreadable */
    const uint64_t *functions; /* that set, see block_functions.h */
};

struct span_record {
    uint64_t start_ns;
    uint64_t end_ns;
    uint64_t self_ns;
    uint32_t function;
    uint32_t parent; /* record of the caller, or NONE */
    uint32_t depth;
    uint32_t flags; /* enum slice_flag */
};

struct model_stream {
    const struct trace_stream *stream;
    size_t section;
    size_t first_block; /* in trace_model.blocks; contiguous */
    size_t block_count;
    size_t unread_count; /* blocks behind them: loading was stopped */
    size_t first_gap;    /* in trace_model.gaps */
    uint64_t mismatched_returns;
    uint64_t unfinished_count;
    uint32_t open_at_end; /* innermost unfinished record, or NONE */
};

struct trace_model {
    uint64_t serial; /* random: tells models apart after one was closed */
    struct trace_file **files; /* owned */
    size_t file_count;
    const char **input_names; /* one a path */
    size_t input_count;
    struct clock_map **clocks; /* owned */
    size_t clock_count;
    struct model_section *sections;
    size_t section_count;

    struct model_process *processes; /* one a section, by start */
    size_t *process_sections;        /* which section each is */
    size_t process_count;
    struct model_track *tracks;
    struct model_stream *streams; /* what lies behind each track */
    size_t track_count;

    struct model_block *blocks; /* by track, then time */
    size_t block_count;
    struct span_record *records;
    size_t record_count;
    size_t record_capacity;
    struct arena *cell_memory; /* one a worker; owned */
    size_t cell_memory_count;

    struct model_function *functions;
    size_t function_count;
    struct model_function unknown_function;

    struct model_instant *instants;
    uint32_t *lane_instants; /* see instant_lane.c */
    size_t *lane_starts;
    size_t instant_count;
    struct counter_data *counters;
    size_t counter_count;
    struct counter_point *points;
    size_t point_count;
    struct counter_sum *counter_sums;
    size_t counter_sum_count;
    struct flow_data flows;
    struct model_source *sources;
    size_t source_count;
    struct model_gap *gaps; /* by track, then time */
    size_t gap_count;
    size_t gap_capacity;

    const char **notes;
    size_t note_count;
    size_t note_capacity;

    struct arena *event_texts; /* of instants; one a worker; owned */
    size_t event_texts_count;
    struct arena texts; /* names and notes */
    struct trace_summary summary;
};

/* The blocks of a track, by time. */
static inline const struct model_block *
track_blocks(const struct trace_model *model, uint32_t track)
{
    return &model->blocks[model->streams[track].first_block];
}

/* The last block that starts at or before time_ns; SIZE_MAX = there is none. */
static inline size_t
track_find_block(const struct trace_model *model, uint32_t track,
                 uint64_t time_ns)
{
    const struct model_block *blocks = track_blocks(model, track);
    size_t low = 0;
    size_t high = model->streams[track].block_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (blocks[middle].start_ns <= time_ns) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low == 0 ? SIZE_MAX : low - 1;
}

/* Whether a block may hold a call of this depth, or one that starts in it. */
static inline bool
model_block_may_hold(const struct model_block *block, uint32_t depth,
                     bool must_start)
{
    const struct block_cell *cell;

    if (depth >= block->depth) {
        return false;
    }
    cell = &block->cells[depth < INDEX_DEPTH ? depth : INDEX_DEPTH];
    return cell->start_count > 0 || (!must_start && cell->busy_ns > 0);
}

static inline size_t
model_block_cell_count(const struct model_block *block)
{
    return block->depth < INDEX_CELLS_MAX ? block->depth : INDEX_CELLS_MAX;
}

#endif
