// SPDX-License-Identifier: Apache-2.0
/*
 * model/counter_mean.h - what a counter was in a stretch of time, however many
 * points lie in it.
 */
#ifndef MODEL_COUNTER_MEAN_H
#define MODEL_COUNTER_MEAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;
struct trace_model;

/* The mean of the finite values in [start_ns, end_ns), each weighted with the
 * time it lasted: until the next point, the last one for ever. False when there
 * was none, or when they are too large for a mean. */
bool counter_mean(const struct trace_model *model, size_t counter,
                  uint64_t start_ns, uint64_t end_ns, double *mean);

/* Sum up the points of a model, once they are in order. */
bool counter_mean_build(struct trace_model *model, struct error *err);

#endif
