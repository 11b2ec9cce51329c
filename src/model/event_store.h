// SPDX-License-Identifier: Apache-2.0
/*
 * model/event_store.h - instants (what happened to objects among them), counter
 * points, gaps and ends of flows, as the blocks give them up. Private to
 * src/model. One store a worker; the model merges them.
 */
#ifndef MODEL_EVENT_STORE_H
#define MODEL_EVENT_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "model/flow_store.h"
#include "model/trace_model.h"

struct error;
struct intern_table;
struct model_section;
struct trace_model;

/* Where an event stands: sorting by this does not depend on who found it. */
struct event_place {
    uint64_t time_ns;
    uint32_t track;
    uint32_t block;   /* index in the model */
    uint32_t ordinal; /* in its block */
};

struct stored_instant {
    struct event_place place;
    struct model_instant instant;
};

struct stored_point {
    struct event_place place;
    uint32_t series; /* id in the store's table */
    bool is_integer;
    double value;
};

struct stored_gap {
    bool is_pause;
    struct event_place place;
    uint64_t start_ns;
    uint64_t lost_calls;
};

struct event_store {
    struct stored_instant *instants;
    size_t instant_count;
    size_t instant_capacity;
    struct stored_point *points;
    size_t point_count;
    size_t point_capacity;
    struct stored_gap *gaps;
    size_t gap_count;
    size_t gap_capacity;
    struct flow_store flows;
    struct intern_table *series; /* struct series_key, name, key */
    struct arena texts;          /* what instants point to */
    /* where the records that are put now stand */
    const struct model_section *section;
    const struct span_scratch *scratch; /* that reads the block */
    struct event_place place;
};

/* For qsort: of things that begin with their struct event_place. */
int event_place_compare(const void *left, const void *right);

/* {0} is an empty store. Take one long record; unknown types are skipped, and
 * so are those whose payload is too short. context is a struct event_store. */
bool event_store_put(void *context, uint64_t time_ns, uint64_t head,
                     const uint64_t *payload, struct error *err);

/* Move everything into the model, in the order of time. Gaps are appended to
 * *gaps for the caller, who frees it. */
bool event_store_merge(struct trace_model *model, struct event_store *stores,
                       size_t store_count, struct stored_gap **gaps,
                       size_t *gap_count, struct error *err);

void event_store_release(struct event_store *store);

#endif
