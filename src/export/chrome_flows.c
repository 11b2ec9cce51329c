// SPDX-License-Identifier: Apache-2.0
#include "export/chrome_flows.h"

#include <inttypes.h>

#include "export/chrome_sink.h"
#include "model/flow_query.h"
#include "model/trace_model.h"

static bool
write_end(struct chrome_sink *sink, const struct flow_arrow *arrow, bool is_end,
          struct error *err)
{
    const struct flow_place *place = is_end ? &arrow->to : &arrow->from;
    const struct model_track *track =
        trace_model_track(sink->model, place->track);
    const struct model_process *process =
        trace_model_process(sink->model, track->process);
    uint64_t time_ns = place->time_ns;

    /* Events of one moment are shown one after the other. */
    if (is_end && time_ns < arrow->from.time_ns) {
        time_ns = arrow->from.time_ns;
    }
    chrome_sink_begin(sink, process->pid, track->thread_id);
    chrome_sink_time(sink, time_ns);
    buffer_append_text(&sink->text,
                       is_end ? ",\"ph\":\"f\",\"bp\":\"e\"" : ",\"ph\":\"s\"");
    buffer_append_format(&sink->text, ",\"cat\":\"flow\",\"id\":%zu",
                         arrow->number + 1);
    chrome_sink_string(sink, "name", arrow->name, arrow->name_size);
    sink->event_count++;
    return chrome_sink_end(sink, err);
}

/* Whether the format has a way to lead there. */
static bool
is_on_thread(const struct chrome_sink *sink, const struct flow_place *place)
{
    return place->has_call
           && trace_model_track(sink->model, place->track)->kind
                  != VZT_STREAM_ASYNC;
}

static bool
is_wanted(const struct chrome_sink *sink, const struct flow_arrow *arrow)
{
    return is_on_thread(sink, &arrow->from) && is_on_thread(sink, &arrow->to)
           && chrome_sink_wants(sink, arrow->from.time_ns, NULL)
           && chrome_sink_wants(sink, arrow->to.time_ns, NULL);
}

bool
chrome_flows_write(struct chrome_sink *sink, struct error *err)
{
    struct flow_list all = flow_list_of_all(sink->model, FLOW_WAY_FORWARD);

    for (size_t i = 0; i < all.count; i++) {
        struct flow_arrow arrow = flow_list_arrow(&all, i);

        if (is_wanted(sink, &arrow)
            && (!write_end(sink, &arrow, false, err)
                || !write_end(sink, &arrow, true, err))) {
            return false;
        }
    }
    return true;
}
