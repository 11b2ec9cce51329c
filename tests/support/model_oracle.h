// SPDX-License-Identifier: Apache-2.0
/*
 * support/model_oracle.h - what a model must say of a random trace, by brute
 * force over all its calls. Times count from the trace's first event.
 */
#ifndef SUPPORT_MODEL_ORACLE_H
#define SUPPORT_MODEL_ORACLE_H

#include <stddef.h>
#include <stdint.h>

#include "model/span_query.h"
#include "model/timeline_query.h"
#include "model/trace_model.h"
#include "support/trace_random.h"

/*
 * The slices of a thread by start, callers first: function is the index in the
 * oracle, track is 0. Unfinished calls end with the last event of the thread's
 * process. The caller frees.
 */
struct slice *oracle_slices(const struct trace_oracle *oracle, uint32_t thread,
                            size_t *count);

/* The sums of a function over all threads: calls, total (once under
 * recursion), self, min, max, unfinished. */
struct model_function oracle_function_sums(const struct trace_oracle *oracle,
                                           uint32_t function);

/* The cells of a row: every slice looked at for every column. is_deeper asks
 * for all slices at or below depth. No flags but CELL_COVERED, CELL_STARTS and
 * CELL_UNFINISHED. */
void oracle_row(const struct slice *slices, size_t count, uint32_t depth,
                int is_deeper, const struct timeline_grid *grid,
                struct timeline_cell *cells);

#endif
