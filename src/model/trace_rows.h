// SPDX-License-Identifier: Apache-2.0
/*
 * model/trace_rows.h - the rows of a model that headers alone can tell:
 * processes, tracks, and their blocks in time. Private to src/model.
 */
#ifndef MODEL_TRACE_ROWS_H
#define MODEL_TRACE_ROWS_H

#include <stdbool.h>
#include <stdint.h>

struct error;
struct trace_model;

/* The sections have their clocks. Processes are ordered by their start, tracks
 * by process and stream; a lane or greenlet follows its thread. Those of other
 * processes than only_pid (0 = of none) have no rows. */
bool trace_rows_build(struct trace_model *model, uint32_t only_pid,
                      struct error *err);

#endif
