// SPDX-License-Identifier: Apache-2.0
/*
 * Every packet belongs to one sequence, whose first packets tell the names of
 * functions; events name them by number. Tracks have numbers of their own, the
 * "uuid": processes from 1, then the tracks of calls, then the counters.
 */
#include "export/perfetto.h"

#include <math.h>
#include <string.h>

#include "export/call_walk.h"
#include "export/perfetto_flows.h"
#include "export/protobuf.h"
#include "export/text_sink.h"
#include "model/flow_query.h"
#include "model/span_query.h"

enum { TRACE_PACKET = 1 };

/* Fields, by message. */
enum {
    PACKET_TIMESTAMP = 8,
    PACKET_SEQUENCE = 10,
    PACKET_EVENT = 11,
    PACKET_INTERNED = 12,
    PACKET_SEQUENCE_FLAGS = 13,
    PACKET_TRACK = 60,

    TRACK_UUID = 1,
    TRACK_NAME = 2,
    TRACK_PROCESS = 3,
    TRACK_THREAD = 4,
    TRACK_PARENT = 5,
    TRACK_COUNTER = 8,

    PROCESS_PID = 1,
    PROCESS_NAME = 6,

    THREAD_PID = 1,
    THREAD_TID = 2,
    THREAD_NAME = 5,

    EVENT_ANNOTATION = 4,
    EVENT_TYPE = 9,
    EVENT_NAME_NUMBER = 10,
    EVENT_TRACK = 11,
    EVENT_NAME = 23,
    EVENT_COUNTER_INTEGER = 30,
    EVENT_PLACE_NUMBER = 34,
    EVENT_COUNTER_DOUBLE = 44,

    ANNOTATION_JSON = 9,
    ANNOTATION_NAME = 10,

    INTERNED_NAME = 2,
    INTERNED_PLACE = 4,

    NAME_NUMBER = 1,
    NAME_TEXT = 2,

    PLACE_NUMBER = 1,
    PLACE_FILE = 2,
    PLACE_FUNCTION = 3,
    PLACE_LINE = 4,
};

enum event_type {
    EVENT_SLICE_BEGIN = 1,
    EVENT_SLICE_END = 2,
    EVENT_INSTANT = 3,
    EVENT_COUNTER = 4,
};

enum {
    SEQUENCE = 1,
    SEQUENCE_STARTS = 1, /* nothing is known from before */
    SEQUENCE_GOES_ON = 2,
};

struct perfetto {
    struct text_sink sink;
    const struct trace_model *model;
    const struct export_options *options;
    uint64_t base_ns; /* CLOCK_MONOTONIC at time 0 of the model */
    uint64_t event_count;
    struct perfetto_flows flows;
    uint64_t track; /* the uuid of the one whose calls are written */
    /* Messages that are being made, the inner ones first. */
    struct buffer part;
    struct buffer message;
    struct buffer packet;
};

static uint64_t
process_uuid(size_t process)
{
    return 1 + (uint64_t)process;
}

static uint64_t
track_uuid(const struct perfetto *perfetto, size_t track)
{
    return process_uuid(trace_model_process_count(perfetto->model)) + track;
}

static uint64_t
counter_uuid(const struct perfetto *perfetto, size_t counter)
{
    return track_uuid(perfetto, trace_model_track_count(perfetto->model))
           + counter;
}

static bool
write_packet(struct perfetto *perfetto, struct error *err)
{
    protobuf_varint(&perfetto->packet, PACKET_SEQUENCE, SEQUENCE);
    protobuf_message(&perfetto->sink.text, TRACE_PACKET, &perfetto->packet);
    return text_sink_step(&perfetto->sink, err);
}

static bool
write_track(struct perfetto *perfetto, struct error *err)
{
    protobuf_message(&perfetto->packet, PACKET_TRACK, &perfetto->message);
    return write_packet(perfetto, err);
}

static bool
write_process(struct perfetto *perfetto, size_t index, struct error *err)
{
    const struct model_process *process =
        trace_model_process(perfetto->model, index);

    protobuf_signed(&perfetto->part, PROCESS_PID, (int32_t)process->number);
    protobuf_text(&perfetto->part, PROCESS_NAME, process->name,
                  strlen(process->name));
    protobuf_varint(&perfetto->message, TRACK_UUID, process_uuid(index));
    protobuf_message(&perfetto->message, TRACK_PROCESS, &perfetto->part);
    return write_track(perfetto, err);
}

/* A thread is one for Perfetto, too. Other tracks share the id of a thread and
 * are only named. */
static bool
write_stream(struct perfetto *perfetto, size_t index, struct error *err)
{
    const struct model_track *track =
        trace_model_track(perfetto->model, (uint32_t)index);
    const struct model_process *process =
        trace_model_process(perfetto->model, track->process);

    protobuf_varint(&perfetto->message, TRACK_UUID,
                    track_uuid(perfetto, index));
    protobuf_varint(&perfetto->message, TRACK_PARENT,
                    process_uuid(track->process));
    if (track->kind == VZT_STREAM_THREAD) {
        protobuf_signed(&perfetto->part, THREAD_PID, (int32_t)process->number);
        protobuf_signed(&perfetto->part, THREAD_TID, (int64_t)track->thread_id);
        protobuf_text(&perfetto->part, THREAD_NAME, track->name,
                      strlen(track->name));
        protobuf_message(&perfetto->message, TRACK_THREAD, &perfetto->part);
    } else {
        protobuf_text(&perfetto->message, TRACK_NAME, track->name,
                      strlen(track->name));
    }
    return write_track(perfetto, err);
}

static bool
write_counter_track(struct perfetto *perfetto, size_t index, struct error *err)
{
    const struct model_counter *counter =
        trace_model_counter(perfetto->model, index);
    struct buffer name = {0};

    buffer_append_format(&name, "%s%s%s", counter->name,
                         counter->key[0] != '\0' ? " " : "", counter->key);
    protobuf_varint(&perfetto->message, TRACK_UUID,
                    counter_uuid(perfetto, index));
    protobuf_varint(&perfetto->message, TRACK_PARENT,
                    process_uuid(counter->process));
    protobuf_text(&perfetto->message, TRACK_NAME, name.data, name.size);
    protobuf_message(&perfetto->message, TRACK_COUNTER, &perfetto->part);
    perfetto->message.has_failed |= name.has_failed;
    buffer_release(&name);
    return write_track(perfetto, err);
}

static bool
write_tracks(struct perfetto *perfetto, struct error *err)
{
    size_t process_count = trace_model_process_count(perfetto->model);
    size_t track_count = trace_model_track_count(perfetto->model);
    size_t counter_count = trace_model_counter_count(perfetto->model);
    bool ok = true;

    for (size_t i = 0; ok && i < process_count; i++) {
        ok = write_process(perfetto, i, err);
    }
    for (size_t i = 0; ok && i < track_count; i++) {
        ok = write_stream(perfetto, i, err);
    }
    for (size_t i = 0; ok && i < counter_count; i++) {
        ok = write_counter_track(perfetto, i, err);
    }
    return ok;
}

/* Functions have numbers from 1, the unknown one the last. */
static uint64_t
function_number(const struct perfetto *perfetto, uint32_t function)
{
    uint32_t count = trace_model_function_count(perfetto->model);

    return 1 + (uint64_t)(function < count ? function : count);
}

static bool
write_function(struct perfetto *perfetto, uint32_t index, struct error *err)
{
    uint32_t count = trace_model_function_count(perfetto->model);
    const struct model_function *function =
        index < count ? trace_model_function(perfetto->model, index)
                      : trace_model_unknown_function(perfetto->model);
    uint64_t number = function_number(perfetto, index);
    size_t name_size = strlen(function->name);

    protobuf_varint(&perfetto->part, NAME_NUMBER, number);
    protobuf_text(&perfetto->part, NAME_TEXT, function->name, name_size);
    protobuf_message(&perfetto->message, INTERNED_NAME, &perfetto->part);
    protobuf_varint(&perfetto->part, PLACE_NUMBER, number);
    protobuf_text(&perfetto->part, PLACE_FILE, function->file,
                  strlen(function->file));
    protobuf_text(&perfetto->part, PLACE_FUNCTION, function->name, name_size);
    protobuf_varint(&perfetto->part, PLACE_LINE, function->line);
    protobuf_message(&perfetto->message, INTERNED_PLACE, &perfetto->part);
    protobuf_message(&perfetto->packet, PACKET_INTERNED, &perfetto->message);
    protobuf_varint(&perfetto->packet, PACKET_SEQUENCE_FLAGS,
                    index == 0 ? SEQUENCE_STARTS : SEQUENCE_GOES_ON);
    return write_packet(perfetto, err);
}

static bool
write_functions(struct perfetto *perfetto, struct error *err)
{
    uint32_t count = trace_model_function_count(perfetto->model);

    for (uint32_t i = 0; i <= count; i++) {
        if (!write_function(perfetto, i, err)) {
            return false;
        }
    }
    return true;
}

static void
begin_event(struct perfetto *perfetto, enum event_type type, uint64_t track)
{
    protobuf_varint(&perfetto->message, EVENT_TYPE, type);
    protobuf_varint(&perfetto->message, EVENT_TRACK, track);
}

static bool
end_event(struct perfetto *perfetto, uint64_t time_ns, struct error *err)
{
    protobuf_varint(&perfetto->packet, PACKET_TIMESTAMP,
                    perfetto->base_ns + time_ns);
    protobuf_message(&perfetto->packet, PACKET_EVENT, &perfetto->message);
    protobuf_varint(&perfetto->packet, PACKET_SEQUENCE_FLAGS, SEQUENCE_GOES_ON);
    return write_packet(perfetto, err);
}

static bool
begin_calls(void *context, uint32_t track, struct error *err)
{
    struct perfetto *perfetto = context;

    (void)err;
    perfetto->track = track_uuid(perfetto, track);
    return true;
}

static bool
enter(void *context, const struct slice *slice, struct error *err)
{
    struct perfetto *perfetto = context;
    uint64_t number = function_number(perfetto, slice->function);

    begin_event(perfetto, EVENT_SLICE_BEGIN, perfetto->track);
    protobuf_varint(&perfetto->message, EVENT_NAME_NUMBER, number);
    protobuf_varint(&perfetto->message, EVENT_PLACE_NUMBER, number);
    perfetto_flows_put_call(&perfetto->flows, slice, &perfetto->message);
    perfetto->event_count++;
    return end_event(perfetto, slice->start_ns, err);
}

static bool
leave(void *context, const struct slice *slice, uint64_t end_ns,
      struct error *err)
{
    struct perfetto *perfetto = context;

    /* Without an end it is still open for Perfetto, too. */
    if ((slice->flags & SLICE_UNFINISHED) != 0
        && !perfetto->options->ends_open_calls) {
        return true;
    }
    begin_event(perfetto, EVENT_SLICE_END, perfetto->track);
    return end_event(perfetto, end_ns, err);
}

static bool
end_calls(void *context, uint32_t track, struct error *err)
{
    (void)context;
    (void)track;
    (void)err;
    return true;
}

static bool
is_wanted(const struct perfetto *perfetto, uint64_t time_ns)
{
    uint64_t end_ns;

    return export_options_want(perfetto->options, perfetto->base_ns + time_ns,
                               &end_ns);
}

static bool
write_instants(struct perfetto *perfetto, struct error *err)
{
    static const char args[] = "args";
    size_t count = trace_model_instant_count(perfetto->model);

    for (size_t i = 0; i < count; i++) {
        struct model_instant instant = trace_model_instant(perfetto->model, i);

        if (!is_wanted(perfetto, instant.time_ns)) {
            continue;
        }
        begin_event(perfetto, EVENT_INSTANT,
                    track_uuid(perfetto, instant.track));
        protobuf_text(&perfetto->message, EVENT_NAME, instant.name,
                      instant.name_size);
        if (instant.args_size > 0) {
            protobuf_bytes(&perfetto->part, ANNOTATION_NAME, args,
                           sizeof args - 1);
            protobuf_text(&perfetto->part, ANNOTATION_JSON, instant.args,
                          instant.args_size);
            protobuf_message(&perfetto->message, EVENT_ANNOTATION,
                             &perfetto->part);
        }
        perfetto->event_count++;
        if (!end_event(perfetto, instant.time_ns, err)) {
            return false;
        }
    }
    return true;
}

/* An instant at an end of an arrow that its calls do not tell. */
static bool
write_flow_end(struct perfetto *perfetto, const struct flow_arrow *arrow,
               bool is_end, struct error *err)
{
    const struct flow_place *place = is_end ? &arrow->to : &arrow->from;
    uint64_t time_ns = place->time_ns;

    /* Events of one moment are shown one after the other. */
    if (is_end && time_ns < arrow->from.time_ns) {
        time_ns = arrow->from.time_ns;
    }
    begin_event(perfetto, EVENT_INSTANT, track_uuid(perfetto, place->track));
    protobuf_text(&perfetto->message, EVENT_NAME, arrow->name,
                  arrow->name_size);
    perfetto_flows_put(arrow, is_end, &perfetto->message);
    perfetto->event_count++;
    return end_event(perfetto, time_ns, err);
}

static bool
write_flows(struct perfetto *perfetto, struct error *err)
{
    struct flow_list all = flow_list_of_all(perfetto->model, FLOW_WAY_FORWARD);

    for (size_t i = 0; i < all.count; i++) {
        struct flow_arrow arrow = flow_list_arrow(&all, i);
        bool is_of_calls;

        if (perfetto_flows_wants(&perfetto->flows, &arrow, &is_of_calls)
            && !is_of_calls
            && (!write_flow_end(perfetto, &arrow, false, err)
                || !write_flow_end(perfetto, &arrow, true, err))) {
            return false;
        }
    }
    return true;
}

static bool
write_counter(struct perfetto *perfetto, size_t index, struct error *err)
{
    const struct model_counter *counter =
        trace_model_counter(perfetto->model, index);
    const struct counter_point *points =
        trace_model_counter_points(perfetto->model, index);

    for (size_t i = 0; i < counter->point_count; i++) {
        double value = points[i].value;

        if (!is_wanted(perfetto, points[i].time_ns)) {
            continue;
        }
        begin_event(perfetto, EVENT_COUNTER, counter_uuid(perfetto, index));
        if (counter->is_integer && fabs(value) < 0x1p63) {
            protobuf_signed(&perfetto->message, EVENT_COUNTER_INTEGER,
                            (int64_t)value);
        } else {
            protobuf_double(&perfetto->message, EVENT_COUNTER_DOUBLE, value);
        }
        perfetto->event_count++;
        if (!end_event(perfetto, points[i].time_ns, err)) {
            return false;
        }
    }
    return true;
}

static bool
write_counters(struct perfetto *perfetto, struct error *err)
{
    size_t count = trace_model_counter_count(perfetto->model);

    for (size_t i = 0; i < count; i++) {
        if (!write_counter(perfetto, i, err)) {
            return false;
        }
    }
    return true;
}

static bool
write_perfetto(struct output_file *file, const struct trace_model *model,
               const struct export_options *options, struct error *err)
{
    struct perfetto perfetto = {
        .sink.file = file,
        .model = model,
        .options = options,
        .base_ns = trace_model_summary(model).start_monotonic_ns,
        .flows = {.model = model,
                  .options = options,
                  .base_ns = trace_model_summary(model).start_monotonic_ns},
    };
    const struct call_visitor visitor = {
        .context = &perfetto,
        .begin_track = begin_calls,
        .enter = enter,
        .leave = leave,
        .end_track = end_calls,
    };
    bool ok = perfetto_flows_init(&perfetto.flows, err)
              && write_functions(&perfetto, err) && write_tracks(&perfetto, err)
              && call_walk(model, options, &visitor, err)
              && write_instants(&perfetto, err) && write_flows(&perfetto, err)
              && write_counters(&perfetto, err)
              && text_sink_flush(&perfetto.sink, err);

    if (ok && options->event_count != NULL) {
        *options->event_count = perfetto.event_count;
    }
    perfetto_flows_release(&perfetto.flows);
    buffer_release(&perfetto.sink.text);
    buffer_release(&perfetto.part);
    buffer_release(&perfetto.message);
    buffer_release(&perfetto.packet);
    return ok;
}

const struct exporter perfetto_exporter = {
    .name = "pftrace",
    .suffix = ".pftrace",
    .summary = "protocol buffers, for ui.perfetto.dev",
    .hint = "open it at ui.perfetto.dev",
    .has_gzip = true,
    .is_binary = true,
    .write = write_perfetto,
};
