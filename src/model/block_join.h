// SPDX-License-Identifier: Apache-2.0
/*
 * model/block_join.h - what crosses the borders of blocks: whole durations of
 * calls, their sums, stretches where calls are missing. Private to src/model.
 */
#ifndef MODEL_BLOCK_JOIN_H
#define MODEL_BLOCK_JOIN_H

#include <stdbool.h>
#include <stddef.h>

struct block_index;
struct error;
struct stored_gap;

/*
 * Walk the blocks' ends, track by track in the order of time, and complete the
 * model: records, blocks, cells, tracks, gaps; and index->sums. recorded_gaps
 * are those that the recorder wrote down.
 *
 * A call that the next block does not list as open, although its return was
 * not seen, ends with the last event before; one that a block lists and that
 * was not open before begins with that block.
 */
bool block_join(struct block_index *index,
                const struct stored_gap *recorded_gaps, size_t gap_count,
                struct error *err);

#endif
