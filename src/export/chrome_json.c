// SPDX-License-Identifier: Apache-2.0
#include "export/chrome_json.h"

#include <inttypes.h>
#include <string.h>

#include "base/error.h"
#include "base/output_file.h"
#include "export/chrome_counters.h"
#include "export/chrome_file_info.h"
#include "export/chrome_flows.h"
#include "export/chrome_sink.h"
#include "export/chrome_slices.h"
#include "export/json_text.h"
#include "model/recording_facts.h"
#include "model/trace_model.h"

static bool
write_name(struct chrome_sink *sink, const char *kind, uint32_t pid,
           uint64_t tid, const char *name, struct error *err)
{
    chrome_sink_begin(sink, pid, tid);
    buffer_append_text(&sink->text, ",\"ph\":\"M\"");
    chrome_sink_string(sink, "name", kind, strlen(kind));
    buffer_append_text(&sink->text, ",\"args\":{\"name\":");
    json_append_string(&sink->text, name, strlen(name));
    buffer_append_char(&sink->text, '}');
    return chrome_sink_end(sink, err);
}

/* What is shown beside the name where the id is another process'. */
static bool
write_pid(struct chrome_sink *sink, const struct model_process *process,
          struct error *err)
{
    chrome_sink_begin(sink, process->number, process->number);
    buffer_append_format(&sink->text,
                         ",\"ph\":\"M\",\"name\":\"process_labels\","
                         "\"args\":{\"labels\":\"pid %" PRIu32 "\"}",
                         process->pid);
    return chrome_sink_end(sink, err);
}

static bool
write_names(struct chrome_sink *sink, struct error *err)
{
    size_t process_count = trace_model_process_count(sink->model);
    size_t track_count = trace_model_track_count(sink->model);

    for (size_t i = 0; i < process_count; i++) {
        const struct model_process *process =
            trace_model_process(sink->model, i);

        if (!write_name(sink, "process_name", process->number, process->number,
                        process->name, err)
            || (process->number != process->pid
                && !write_pid(sink, process, err))) {
            return false;
        }
    }
    for (size_t i = 0; i < track_count; i++) {
        const struct model_track *track = trace_model_track(sink->model, i);
        const struct model_process *process =
            trace_model_process(sink->model, track->process);

        /* lanes share the id, and so the name, of a thread */
        if (track->kind != VZT_STREAM_LANE && track->kind != VZT_STREAM_ASYNC
            && !write_name(sink, "thread_name", process->number,
                           track->thread_id, track->name, err)) {
            return false;
        }
    }
    return true;
}

static const char *
scope_letter(enum vzt_scope scope)
{
    switch (scope) {
    case VZT_SCOPE_THREAD:
        return "t";
    case VZT_SCOPE_PROCESS:
        return "p";
    case VZT_SCOPE_GLOBAL:
        return "g";
    }
    return "t"; /* a scope of a later version */
}

static const char *
phase_letter(enum vzt_object_phase phase)
{
    switch (phase) {
    case VZT_OBJECT_CREATED:
        return "N";
    case VZT_OBJECT_SNAPSHOT:
        return "O";
    case VZT_OBJECT_DELETED:
        return "D";
    }
    return "O"; /* see record_decode_object */
}

static void
write_arguments(struct chrome_sink *sink, const struct model_instant *instant)
{
    chrome_sink_key(sink, "args");
    if (instant->args_size == 0) {
        buffer_append_text(&sink->text, "null");
    } else if (!json_append_value(&sink->text, instant->args,
                                  instant->args_size)) {
        json_append_string(&sink->text, instant->args, instant->args_size);
    }
}

static void
write_object(struct chrome_sink *sink, const struct model_instant *object)
{
    chrome_sink_string(sink, "ph", phase_letter(object->phase), 1);
    chrome_sink_string(sink, "id", object->id, object->id_size);
    chrome_sink_string(sink, "name", object->name, object->name_size);
    if (object->args_size > 0) {
        write_arguments(sink, object);
    }
}

static bool
write_async_instant(struct chrome_sink *sink,
                    const struct model_instant *instant,
                    const struct model_track *track,
                    const struct model_process *process, struct error *err)
{
    char id[CHROME_ASYNC_ID_SIZE];
    size_t size = chrome_async_id(id, instant->track);

    chrome_sink_begin(sink, process->number, process->number);
    buffer_append(&sink->text, id, size);
    chrome_sink_time(sink, instant->time_ns);
    buffer_append_text(&sink->text, ",\"ph\":\"n\"");
    chrome_sink_string(sink, "cat", track->category, strlen(track->category));
    chrome_sink_string(sink, "name", instant->name, instant->name_size);
    write_arguments(sink, instant);
    return chrome_sink_end(sink, err);
}

static bool
write_instant(struct chrome_sink *sink, const struct model_instant *instant,
              struct error *err)
{
    const struct model_track *track =
        trace_model_track(sink->model, instant->track);
    const struct model_process *process =
        trace_model_process(sink->model, track->process);

    if (track->kind == VZT_STREAM_ASYNC) {
        return write_async_instant(sink, instant, track, process, err);
    }
    chrome_sink_begin(sink, process->number, track->thread_id);
    chrome_sink_time(sink, instant->time_ns);
    if (instant->phase != 0) {
        write_object(sink, instant);
        return chrome_sink_end(sink, err);
    }
    buffer_append_text(&sink->text, ",\"ph\":\"i\",\"cat\":\"INSTANT\"");
    chrome_sink_string(sink, "name", instant->name, instant->name_size);
    write_arguments(sink, instant);
    chrome_sink_string(sink, "s", scope_letter(instant->scope), 1);
    return chrome_sink_end(sink, err);
}

static bool
write_instants(struct chrome_sink *sink, struct error *err)
{
    size_t count = trace_model_instant_count(sink->model);

    for (size_t i = 0; i < count; i++) {
        struct model_instant instant = trace_model_instant(sink->model, i);

        if (!chrome_sink_wants(sink, instant.time_ns, NULL)) {
            continue;
        }
        if (!write_instant(sink, &instant, err)) {
            return false;
        }
        sink->event_count++;
    }
    return true;
}

/* What recording took, and how its clock ran; what is not known is left out. */
static void
append_facts(struct chrome_sink *sink)
{
    struct recording_cost cost = recording_cost(sink->model);
    double spread_ppm = recording_clock_spread_ppm(sink->model);

    if (cost.event_count > 0) {
        buffer_append_format(&sink->text,
                             ",\"eventCostNanoseconds\":%.3f"
                             ",\"recordingNanoseconds\":%" PRIu64,
                             cost.event_ns, cost.total_ns);
    }
    if (spread_ppm > 0) {
        buffer_append_format(&sink->text, ",\"clockSpreadPpm\":%.3f",
                             spread_ppm);
    }
}

static void
append_metadata(struct chrome_sink *sink)
{
    struct trace_summary summary = trace_model_summary(sink->model);
    int64_t base_ns =
        (int64_t)(summary.start_realtime_ns - summary.start_monotonic_ns);

    buffer_append_text(&sink->text, "{\"version\":\"" VIZTRACER_VERSION "\"");
    buffer_append_format(&sink->text,
                         ",\"overflow\":%s,\"baseTimeNanoseconds\":%" PRId64,
                         summary.lost_calls > 0 ? "true" : "false", base_ns);
    append_facts(sink);
    buffer_append_char(&sink->text, '}');
}

static bool
write_document(struct chrome_sink *sink, const struct export_options *options,
               struct error *err)
{
    buffer_append_text(&sink->text, "{\"traceEvents\":[");
    if (!write_names(sink, err)
        || !chrome_slices_write(sink, &options->progress, err)
        || !write_instants(sink, err) || !chrome_flows_write(sink, err)
        || !chrome_counters_write(sink, err)) {
        return false;
    }
    buffer_append_text(&sink->text, "\n],\n\"viztracer_metadata\":");
    append_metadata(sink);
    if (options->has_file_info) {
        buffer_append_text(&sink->text, ",\n\"file_info\":");
        if (!chrome_file_info_write(sink, err)) {
            return false;
        }
    }
    buffer_append_text(&sink->text, "}\n");
    return chrome_sink_flush(sink, err);
}

static bool
write_chrome_json(struct output_file *file, const struct trace_model *model,
                  const struct export_options *options, struct error *err)
{
    struct chrome_sink sink = {
        .file = file,
        .model = model,
        .base_ns = trace_model_summary(model).start_monotonic_ns,
        .options = options,
    };
    bool ok = write_document(&sink, options, err);

    if (ok && options->event_count != NULL) {
        *options->event_count = sink.event_count;
    }
    buffer_release(&sink.text);
    return ok;
}

const struct exporter chrome_json_exporter = {
    .name = "json",
    .suffix = ".json",
    .summary = "Chrome trace events, for Perfetto and VizTracer's viewer",
    .has_gzip = true,
    .is_whole = true,
    .write = write_chrome_json,
};
