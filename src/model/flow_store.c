// SPDX-License-Identifier: Apache-2.0
#include "model/flow_store.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/intern.h"
#include "format/event.h"
#include "format/record_decode.h"
#include "model/block_decode.h"
#include "model/event_store.h"
#include "model/model_section.h"

/* The call that is open here, or the one that is to come. */
static void
bind(struct stored_flow *flow, const struct flow_record *record,
     const struct span_scratch *scratch)
{
    flow->is_next = flow->waits = record->flags & VZT_FLOW_BINDS_NEXT;
    if (flow->waits) {
        flow->depth = (uint32_t)scratch->record_slices;
    } else if (scratch->record_depth > 0) {
        flow->depth = (uint32_t)scratch->record_depth - 1;
    } else {
        flow->depth = FLOW_NO_CALL;
    }
}

bool
flow_store_put(struct flow_store *store, const struct model_section *section,
               const struct span_scratch *scratch,
               const struct event_place *place, uint64_t head,
               const uint64_t *payload, struct error *err)
{
    struct stored_flow flow = {
        .time_ns = place->time_ns,
        .record_ns = place->time_ns,
        .track = place->track,
        .block = place->block,
        .ordinal = place->ordinal,
        .is_end = record_type(head) == RECORD_FLOW_END,
    };
    struct flow_record record;

    if (!record_decode_flow(payload, record_size(head), &record)) {
        return true;
    }
    if ((store->names == NULL && !intern_table_new(&store->names, err))
        || !intern_table_add(store->names, record.name.data, record.name.size,
                             &flow.name, err)
        || !array_reserve((void **)&store->flows, &store->capacity,
                          store->count + 1, sizeof flow, err)) {
        return false;
    }
    flow.id = record.id;
    flow.tick_ns = model_section_time(section, scratch->record_tick);
    bind(&flow, &record, scratch);
    store->flows[store->count++] = flow;
    return true;
}

void
flow_store_end_block(struct flow_store *store,
                     const struct span_scratch *scratch)
{
    for (size_t i = store->block_first; i < store->count; i++) {
        struct stored_flow *flow = &store->flows[i];

        if (!flow->waits) {
            continue;
        }
        flow->waits = flow->depth >= scratch->slice_count;
        if (!flow->waits) {
            const struct slice *slice = &scratch->slices[flow->depth];

            flow->time_ns = slice->start_ns;
            flow->depth = slice->depth;
        }
    }
    store->block_first = store->count;
}

void
flow_store_release(struct flow_store *store)
{
    free(store->flows);
    intern_table_free(store->names);
    *store = (struct flow_store){0};
}
