// SPDX-License-Identifier: Apache-2.0
#include "export/perfetto_flows.h"

#include <stdlib.h>

#include "base/array.h"
#include "export/exporter.h"
#include "export/protobuf.h"
#include "model/flow_query.h"
#include "model/span_query.h"

enum { EVENT_FLOW = 47, EVENT_FLOW_THAT_ENDS = 48 };

/* Whether the call that an arrow reaches begins behind the arrow's start, and
 * so behind the call that it leaves. */
static bool
find_order(const struct perfetto_flows *flows, const struct flow_arrow *arrow,
           struct span_scratch *scratch, bool *is_of_calls, struct error *err)
{
    struct slice slice;
    bool found = false;

    if (arrow->from.has_call
        && !flow_place_call(flows->model, &arrow->to, scratch, &slice, &found,
                            err)) {
        return false;
    }
    *is_of_calls = found && arrow->from.time_ns < slice.start_ns;
    return true;
}

bool
perfetto_flows_init(struct perfetto_flows *flows, struct error *err)
{
    /* By the calls that they reach: of neighbours these are in one block. */
    struct flow_list all = flow_list_of_all(flows->model, FLOW_WAY_BACK);
    struct span_scratch *scratch = NULL;
    bool ok;

    if (all.count == 0) {
        return true;
    }
    flows->is_of_calls = array_new(all.count, sizeof *flows->is_of_calls, err);
    ok = flows->is_of_calls != NULL && span_scratch_new(&scratch, err);
    for (size_t i = 0; i < all.count && ok; i++) {
        struct flow_arrow arrow = flow_list_arrow(&all, i);
        bool is_of_calls = false;

        ok = find_order(flows, &arrow, scratch, &is_of_calls, err);
        flows->is_of_calls[arrow.number] = is_of_calls;
    }
    span_scratch_free(scratch);
    return ok;
}

void
perfetto_flows_release(struct perfetto_flows *flows)
{
    free(flows->is_of_calls);
    *flows = (struct perfetto_flows){0};
}

bool
perfetto_flows_wants(const struct perfetto_flows *flows,
                     const struct flow_arrow *arrow, bool *is_of_calls)
{
    uint64_t end_ns;

    *is_of_calls = flows->is_of_calls[arrow->number];
    return arrow->from.has_call && arrow->to.has_call
           && export_options_want(flows->options,
                                  flows->base_ns + arrow->from.time_ns, &end_ns)
           && export_options_want(flows->options,
                                  flows->base_ns + arrow->to.time_ns, &end_ns);
}

void
perfetto_flows_put(const struct flow_arrow *arrow, bool is_end,
                   struct buffer *event)
{
    protobuf_fixed(event, is_end ? EVENT_FLOW_THAT_ENDS : EVENT_FLOW,
                   (uint64_t)arrow->number + 1);
}

static void
put_list(const struct perfetto_flows *flows, const struct slice *call,
         enum flow_way way, struct buffer *event)
{
    struct flow_list list = flow_list_of_call(flows->model, call, way);

    for (size_t i = 0; i < list.count; i++) {
        struct flow_arrow arrow = flow_list_arrow(&list, i);
        bool is_of_calls;

        if (perfetto_flows_wants(flows, &arrow, &is_of_calls) && is_of_calls) {
            perfetto_flows_put(&arrow, way == FLOW_WAY_BACK, event);
        }
    }
}

void
perfetto_flows_put_call(const struct perfetto_flows *flows,
                        const struct slice *call, struct buffer *event)
{
    if (flows->is_of_calls != NULL) {
        put_list(flows, call, FLOW_WAY_BACK, event);
        put_list(flows, call, FLOW_WAY_FORWARD, event);
    }
}
