// SPDX-License-Identifier: Apache-2.0
#include "export/html_flows.h"

#include "export/html_sink.h"
#include "model/flow_query.h"

static bool
wants(const struct html_sink *sink, const struct flow_arrow *arrow)
{
    return html_sink_wants(sink, arrow->from.time_ns, NULL)
           && html_sink_wants(sink, arrow->to.time_ns, NULL);
}

static void
append_place(struct html_sink *sink, const struct flow_place *place)
{
    html_append_number(&sink->bytes, place->track);
    html_append_number(&sink->bytes, place->time_ns);
    html_append_number(&sink->bytes,
                       place->has_call ? (uint64_t)place->depth + 1 : 0);
}

bool
html_flows_write(struct html_sink *sink, struct error *err)
{
    const struct flow_list list =
        flow_list_of_all(sink->model, FLOW_WAY_FORWARD);
    uint64_t count = 0;
    uint64_t step;
    uint64_t at = 0;

    for (size_t i = 0; i < list.count; i++) {
        const struct flow_arrow arrow = flow_list_arrow(&list, i);

        count += wants(sink, &arrow);
    }
    step = count / HTML_FLOWS_MAX + 1;
    html_append_number(&sink->bytes, count);
    html_append_number(&sink->bytes, (count + step - 1) / step);
    for (size_t i = 0; i < list.count; i++) {
        const struct flow_arrow arrow = flow_list_arrow(&list, i);

        if (!wants(sink, &arrow) || at++ % step != 0) {
            continue;
        }
        html_sink_text(sink, arrow.name, arrow.name_size);
        append_place(sink, &arrow.from);
        append_place(sink, &arrow.to);
        if (!html_sink_step(sink, err)) {
            return false;
        }
    }
    return html_sink_flush(sink, err);
}
