// SPDX-License-Identifier: Apache-2.0
/*
 * model/counter_series.h - the points of counters: as records give them up,
 * and as the series of the model. Private to src/model.
 */
#ifndef MODEL_COUNTER_SERIES_H
#define MODEL_COUNTER_SERIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/trace_model.h"

struct error;
struct event_store;
struct trace_model;

/* Of some points, see counter_mean.c. */
struct counter_sum {
    double value;
    double weight_ns;
};

struct counter_data {
    struct model_counter counter;
    struct counter_point *points; /* the model's, as the sums */
    struct counter_sum *sums;
};

/* Take the points of one record; one that is too short is skipped. */
bool counter_series_put(struct event_store *store, const uint64_t *payload,
                        size_t word_count, struct error *err);

/* Make the counters of the model, by process, name and key, with the points of
 * all stores by time. */
bool counter_series_merge(struct trace_model *model, struct event_store *stores,
                          size_t store_count, struct error *err);

#endif
