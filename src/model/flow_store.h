// SPDX-License-Identifier: Apache-2.0
/*
 * model/flow_store.h - both ends of flows, as the blocks give them up. Private
 * to src/model. One store a worker; flow_build.h puts them together.
 */
#ifndef MODEL_FLOW_STORE_H
#define MODEL_FLOW_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;
struct event_place;
struct intern_table;
struct model_section;
struct span_scratch;

#define FLOW_NO_CALL UINT32_MAX /* in place of the depth of its call */

struct stored_flow {
    uint64_t id;
    uint64_t tick_ns;   /* of its tick: what the ends of one id are ordered by,
                         since events of the same tick are shown apart */
    uint64_t time_ns;   /* as it is shown; of one that is of the next call, when
                         that begins */
    uint64_t record_ns; /* of its record */
    uint32_t track;
    uint32_t block; /* index in the model */
    uint32_t ordinal;
    uint32_t depth; /* of its call */
    uint32_t name;  /* in the store's table */
    bool is_end;
    bool is_step; /* the end or the start of a step, see flow_build.c */
    bool is_next; /* of the next call; its record is before that */
    bool waits;   /* for the next call; its depth is an index in the block's
                     slices until the block was read */
};

struct flow_store {
    struct stored_flow *flows;
    size_t count;
    size_t capacity;
    size_t block_first; /* the first one of the block that is read */
    struct intern_table *names;
};

/* {0} is an empty store. Take a record of the block that scratch reads; one
 * whose payload is too short is skipped. */
bool flow_store_put(struct flow_store *store,
                    const struct model_section *section,
                    const struct span_scratch *scratch,
                    const struct event_place *place, uint64_t head,
                    const uint64_t *payload, struct error *err);

/* The block was read: flows that waited for a call that began in it get it. */
void flow_store_end_block(struct flow_store *store,
                          const struct span_scratch *scratch);

void flow_store_release(struct flow_store *store);

#endif
