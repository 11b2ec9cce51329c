// SPDX-License-Identifier: Apache-2.0
#include "export/chrome_flows.h"

#include "base/error.h"
#include "export/chrome_sink.h"
#include "model/flow_query.h"
#include "model/span_query.h"
#include "model/trace_model.h"

struct flow_writer {
    struct chrome_sink *sink;
    struct span_scratch *scratch;
};

/* How an end says what it is of. */
enum flow_bind {
    BIND_AROUND,  /* the call around it, if there is one */
    BIND_NEXT,    /* the next call, if there is one */
    BIND_UNKNOWN, /* the format has no way to say it */
};

/* Around what is of no call there must not be one, nor behind it. */
static bool
find_bind(const struct flow_writer *writer, const struct flow_place *place,
          bool is_end, enum flow_bind *bind, struct error *err)
{
    const struct trace_model *model = writer->sink->model;
    struct slice slice;
    bool found = false;

    *bind = BIND_AROUND;
    if (trace_model_track(model, place->track)->kind == VZT_STREAM_ASYNC) {
        *bind = BIND_UNKNOWN;
    }
    if (*bind == BIND_UNKNOWN || place->has_call) {
        return true;
    }
    if (!span_at(model, place->track, 0, place->time_ns, writer->scratch,
                 &slice, &found, err)) {
        return false;
    }
    if (found) {
        *bind = is_end ? BIND_NEXT : BIND_UNKNOWN;
    }
    return true;
}

static bool
write_end(struct chrome_sink *sink, const struct flow_arrow *arrow, bool is_end,
          enum flow_bind bind, struct error *err)
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
    chrome_sink_string(sink, "ph", is_end ? "f" : "s", 1);
    if (is_end && bind == BIND_AROUND) {
        chrome_sink_string(sink, "bp", "e", 1);
    }
    buffer_append_format(&sink->text, ",\"cat\":\"flow\",\"id\":%zu",
                         arrow->number + 1);
    chrome_sink_string(sink, "name", arrow->name, arrow->name_size);
    sink->event_count++;
    return chrome_sink_end(sink, err);
}

static bool
write_arrow(const struct flow_writer *writer, const struct flow_arrow *arrow,
            struct error *err)
{
    struct chrome_sink *sink = writer->sink;
    enum flow_bind from;
    enum flow_bind to;

    if (!chrome_sink_wants(sink, arrow->from.time_ns, NULL)
        || !chrome_sink_wants(sink, arrow->to.time_ns, NULL)) {
        return true;
    }
    if (!find_bind(writer, &arrow->from, false, &from, err)
        || !find_bind(writer, &arrow->to, true, &to, err)) {
        return false;
    }
    return from == BIND_UNKNOWN || to == BIND_UNKNOWN
           || (write_end(sink, arrow, false, from, err)
               && write_end(sink, arrow, true, to, err));
}

bool
chrome_flows_write(struct chrome_sink *sink, struct error *err)
{
    struct flow_list all = flow_list_of_all(sink->model, FLOW_WAY_FORWARD);
    struct flow_writer writer = {.sink = sink};
    bool ok = all.count == 0 || span_scratch_new(&writer.scratch, err);

    for (size_t i = 0; i < all.count && ok; i++) {
        struct flow_arrow arrow = flow_list_arrow(&all, i);

        ok = write_arrow(&writer, &arrow, err);
    }
    span_scratch_free(writer.scratch);
    return ok;
}
