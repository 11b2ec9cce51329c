// SPDX-License-Identifier: Apache-2.0
/*
 * model/align_marker.h - by how much the inputs of a trace are to be delayed so
 * that something that happens in each of them happens at one time.
 */
#ifndef MODEL_ALIGN_MARKER_H
#define MODEL_ALIGN_MARKER_H

#include <stdbool.h>
#include <stdint.h>

struct error;
struct trace_model;

/*
 * The marker is the first instant of that name in an input, else the first call
 * of a function of that name. *delays_ns, one for each input of the model, is
 * what trace_model_options.delays_ns takes; the caller frees it. Fails
 * (ERROR_USAGE) when an input has neither, and says which.
 */
bool align_marker_find(const struct trace_model *model, const char *marker,
                       uint64_t **delays_ns, struct error *err);

#endif
