// SPDX-License-Identifier: Apache-2.0
/*
 * model/trace_rows.h - the rows of a model that headers alone can tell:
 * processes, tracks, and their blocks in time. Private to src/model.
 */
#ifndef MODEL_TRACE_ROWS_H
#define MODEL_TRACE_ROWS_H

#include <stdbool.h>

struct error;
struct trace_model;

/* The sections have their clocks. Processes are ordered by their start, tracks
 * by process and stream; a lane or greenlet follows its thread. */
bool trace_rows_build(struct trace_model *model, struct error *err);

#endif
