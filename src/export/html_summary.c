// SPDX-License-Identifier: Apache-2.0
#include "export/html_summary.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "export/exporter.h"
#include "export/html_points.h"
#include "export/html_sink.h"
#include "export/html_sums.h"
#include "export/json_text.h"
#include "model/process_facts.h"
#include "model/trace_model.h"

static void
append_string(struct buffer *json, const char *key, const char *text)
{
    buffer_append_format(json, "\"%s\":", key);
    json_append_string(json, text, strlen(text));
}

static void
append_number(struct buffer *json, const char *key, uint64_t value)
{
    buffer_append_format(json, ",\"%s\":%" PRIu64, key, value);
}

static void
append_trace(struct buffer *json, const struct html_sink *sink,
             const struct html_sums *sums)
{
    struct trace_summary summary = trace_model_summary(sink->model);

    append_string(json, "version", VIZTRACER_VERSION);
    append_number(json, "duration", summary.duration_ns);
    append_number(json, "startMs", summary.start_realtime_ns / 1000000);
    append_number(json, "calls", sums->call_count);
    append_number(json, "lost", summary.lost_calls);
    append_number(json, "unfinished", summary.unfinished_calls);
    append_number(json, "wantsSource", sink->options->has_file_info);
    append_number(json, "sources", trace_model_source_count(sink->model));
    append_number(json, "isLive", summary.is_live);
    append_number(json, "intervals", sink->options->interval_count);
    buffer_append_char(json, ',');
    append_string(json, "tab",
                  sink->options->opens_flame_graph ? "flame" : "timeline");
    buffer_append_text(json, ",\"inputs\":[");
    for (size_t i = 0; i < trace_model_input_count(sink->model); i++) {
        const char *name = trace_model_input_name(sink->model, i);

        buffer_append_text(json, i > 0 ? "," : "");
        json_append_string(json, name, strlen(name));
    }
    buffer_append_char(json, ']');
}

static void
append_room(struct buffer *json, const struct html_room *room,
            const struct html_points *points)
{
    append_number(json, "slices", room->slice_count);
    append_number(json, "leastNs", room->least_ns);
    append_number(json, "instants", points->instant_count);
    append_number(json, "instantStep", points->instant_step);
    append_number(json, "cutArguments", points->cut_arguments);
    append_number(json, "argumentsMax", points->arguments_max);
    append_number(json, "thinnedSeries", points->thinned_series);
}

static void
append_notes(struct buffer *json, const struct trace_model *model)
{
    size_t count = trace_model_note_count(model);

    buffer_append_text(json, ",\"notes\":[");
    for (size_t i = 0; i < count; i++) {
        const char *note = trace_model_note(model, i);

        buffer_append_text(json, i > 0 ? "," : "");
        json_append_string(json, note, strlen(note));
    }
    buffer_append_char(json, ']');
}

static const char *
end_name(enum process_end end)
{
    switch (end) {
    case PROCESS_END_UNKNOWN:
        return "unknown";
    case PROCESS_END_RUNNING:
        return "running";
    case PROCESS_END_FINISHED:
        return "finished";
    case PROCESS_END_KILLED:
        return "killed";
    case PROCESS_END_SIGNAL:
        return "signal";
    case PROCESS_END_STOPPED:
        return "stopped";
    }
    return "unknown";
}

/* How it was started, and by what. */
static void
append_command(struct buffer *json, const struct trace_model *model,
               size_t process)
{
    const struct process_facts facts = process_facts(model, process);
    const char *argument = facts.arguments;

    buffer_append_char(json, ',');
    append_string(json, "executable", facts.executable);
    buffer_append_char(json, ',');
    append_string(json, "directory", facts.directory);
    buffer_append_char(json, ',');
    append_string(json, "python", facts.version);
    append_number(json, "startedMs", facts.start_realtime_ns / 1000000);
    buffer_append_text(json, ",\"arguments\":[");
    for (uint32_t i = 0; i < facts.argument_count; i++) {
        buffer_append_text(json, i > 0 ? "," : "");
        json_append_string(json, argument, strlen(argument));
        argument += strlen(argument) + 1;
    }
    buffer_append_char(json, ']');
}

static void
append_processes(struct buffer *json, const struct trace_model *model)
{
    size_t count = trace_model_process_count(model);

    buffer_append_text(json, ",\"processes\":[");
    for (size_t i = 0; i < count; i++) {
        const struct model_process *process = trace_model_process(model, i);

        buffer_append_text(json, i > 0 ? ",{" : "{");
        append_string(json, "name", process->name);
        append_number(json, "pid", process->has_pid ? process->pid : 0);
        append_number(json, "start", process->start_ns);
        append_number(json, "end", process->end_ns);
        append_number(json, "lost", process->lost_calls);
        buffer_append_char(json, ',');
        append_string(json, "how", end_name(process->end));
        buffer_append_char(json, ',');
        append_string(json, "howText",
                      process->end_text == NULL ? "" : process->end_text);
        append_command(json, model, i);
        buffer_append_char(json, '}');
    }
    buffer_append_char(json, ']');
}

static void
append_gaps(struct buffer *json, const struct trace_model *model, size_t track)
{
    const struct model_gap *gaps = trace_model_gaps(model, track);
    size_t count = trace_model_track(model, track)->gap_count;

    buffer_append_text(json, ",\"gaps\":[");
    for (size_t i = 0; i < count; i++) {
        buffer_append_format(json, "%s[%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%d]",
                             i > 0 ? "," : "", gaps[i].start_ns, gaps[i].end_ns,
                             gaps[i].lost_calls, gaps[i].is_pause);
    }
    buffer_append_char(json, ']');
}

/* What the system calls the thread of a track; 0 = there is no such number. */
static uint64_t
thread_number(const struct model_track *track)
{
    bool is_thread =
        track->kind == VZT_STREAM_THREAD || track->kind == VZT_STREAM_LANE;

    return is_thread && track->has_thread_id ? track->thread_id : 0;
}

static void
append_tracks(struct buffer *json, const struct trace_model *model,
              const struct html_sums *sums)
{
    size_t count = trace_model_track_count(model);

    buffer_append_text(json, ",\"tracks\":[");
    for (size_t i = 0; i < count; i++) {
        const struct model_track *track = trace_model_track(model, i);

        buffer_append_text(json, i > 0 ? ",{" : "{");
        append_string(json, "name", track->name);
        append_number(json, "process", track->process);
        append_number(json, "tid", thread_number(track));
        append_number(json, "kind", track->kind);
        buffer_append_char(json, ',');
        append_string(json, "category", track->category);
        append_number(json, "calls", sums->track_calls[i]);
        append_number(json, "lost", track->lost_calls);
        append_gaps(json, model, i);
        buffer_append_char(json, '}');
    }
    buffer_append_char(json, ']');
}

/* [name, file, line, kind, calls, total, self, min, max, unfinished] */
static void
append_function(struct buffer *json, const char *name, const char *file,
                unsigned line, unsigned kind,
                const struct html_function_sum *sum)
{
    buffer_append_char(json, '[');
    json_append_string(json, name, strlen(name));
    buffer_append_char(json, ',');
    json_append_string(json, file, strlen(file));
    buffer_append_format(json,
                         ",%u,%u,%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64
                         ",%" PRIu64 ",%" PRIu64 "]",
                         line, kind, sum->call_count, sum->total_ns,
                         sum->self_ns,
                         sum->min_ns == UINT64_MAX ? 0 : sum->min_ns,
                         sum->max_ns, sum->unfinished_count);
}

/* "Unknown" first, so that the index is that of the columns. */
static bool
write_functions(struct html_sink *sink, const struct html_sums *sums,
                struct buffer *json, struct error *err)
{
    buffer_append_text(json, ",\"functions\":[");
    append_function(json, "(unknown)", "", 0, VZT_FUNCTION_OTHER,
                    &sums->functions[sums->function_count]);
    for (uint32_t i = 0; i < sums->function_count; i++) {
        const struct model_function *function =
            trace_model_function(sink->model, i);

        buffer_append_text(json, ",\n");
        append_function(json, function->name, function->file, function->line,
                        function->kind, &sums->functions[i]);
    }
    buffer_append_text(json, "]}");
    if (!buffer_is_ok(json)) {
        return error_set_no_memory(err);
    }
    html_sink_text(sink, json->data, json->size);
    return html_sink_flush(sink, err);
}

bool
html_summary_write(struct html_sink *sink, const struct html_sums *sums,
                   const struct html_room *room,
                   const struct html_points *points, struct error *err)
{
    struct buffer json = {0};
    bool ok;

    buffer_append_char(&json, '{');
    append_trace(&json, sink, sums);
    append_room(&json, room, points);
    append_notes(&json, sink->model);
    append_processes(&json, sink->model);
    append_tracks(&json, sink->model, sums);
    ok = write_functions(sink, sums, &json, err);
    buffer_release(&json);
    return ok;
}
