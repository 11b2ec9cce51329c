// SPDX-License-Identifier: Apache-2.0
#include "export/speedscope.h"

#include <inttypes.h>
#include <string.h>

#include "export/call_walk.h"
#include "export/json_text.h"
#include "export/text_sink.h"
#include "model/span_query.h"

struct speedscope {
    struct text_sink sink;
    const struct trace_model *model;
    uint64_t event_count;
    bool has_profile;
    bool has_event; /* in the current profile */
};

static void
append_string(struct speedscope *speedscope, const char *key, const char *value)
{
    buffer_append_format(&speedscope->sink.text, "\"%s\":", key);
    json_append_string(&speedscope->sink.text, value, strlen(value));
}

/* The frames: the functions of the model, and the unknown one. */
static bool
write_frames(struct speedscope *speedscope, struct error *err)
{
    const struct trace_model *model = speedscope->model;
    struct buffer *text = &speedscope->sink.text;
    uint32_t count = trace_model_function_count(model);

    for (uint32_t i = 0; i <= count; i++) {
        const struct model_function *function =
            i < count ? trace_model_function(model, i)
                      : trace_model_unknown_function(model);

        buffer_append_text(text, i > 0 ? ",\n{" : "{");
        append_string(speedscope, "name", function->name);
        if (function->file[0] != '\0') {
            buffer_append_char(text, ',');
            append_string(speedscope, "file", function->file);
            buffer_append_format(text, ",\"line\":%" PRIu32, function->line);
        }
        buffer_append_char(text, '}');
        if (!text_sink_step(&speedscope->sink, err)) {
            return false;
        }
    }
    return true;
}

static bool
begin_track(void *context, uint32_t index, struct error *err)
{
    struct speedscope *speedscope = context;
    struct buffer *text = &speedscope->sink.text;
    const struct model_track *track =
        trace_model_track(speedscope->model, index);
    struct buffer name = {0};

    buffer_append_format(
        &name, "%s, %s",
        trace_model_process(speedscope->model, track->process)->name,
        track->name);
    buffer_append_text(text, speedscope->has_profile ? ",\n{" : "\n{");
    buffer_append_text(text, "\"type\":\"evented\",\"unit\":\"nanoseconds\",");
    append_string(speedscope, "name", buffer_is_ok(&name) ? name.data : "");
    text->has_failed |= name.has_failed;
    buffer_release(&name);
    buffer_append_format(
        text, ",\"startValue\":0,\"endValue\":%" PRIu64 ",\"events\":[",
        trace_model_summary(speedscope->model).duration_ns);
    speedscope->has_profile = true;
    speedscope->has_event = false;
    return text_sink_step(&speedscope->sink, err);
}

static bool
append_event(struct speedscope *speedscope, char type,
             const struct slice *slice, uint64_t time_ns, struct error *err)
{
    uint32_t count = trace_model_function_count(speedscope->model);

    buffer_append_format(
        &speedscope->sink.text,
        "%s{\"type\":\"%c\",\"frame\":%" PRIu32 ",\"at\":%" PRIu64 "}",
        speedscope->has_event ? ",\n" : "\n", type,
        slice->function < count ? slice->function : count, time_ns);
    speedscope->has_event = true;
    return text_sink_step(&speedscope->sink, err);
}

static bool
enter(void *context, const struct slice *slice, struct error *err)
{
    struct speedscope *speedscope = context;

    speedscope->event_count++;
    return append_event(speedscope, 'O', slice, slice->start_ns, err);
}

static bool
leave(void *context, const struct slice *slice, uint64_t end_ns,
      struct error *err)
{
    return append_event(context, 'C', slice, end_ns, err);
}

static bool
end_track(void *context, uint32_t index, struct error *err)
{
    struct speedscope *speedscope = context;

    (void)index;
    buffer_append_text(&speedscope->sink.text, "]}");
    return text_sink_step(&speedscope->sink, err);
}

static bool
write_document(struct speedscope *speedscope,
               const struct export_options *options, struct error *err)
{
    const struct call_visitor visitor = {
        .context = speedscope,
        .begin_track = begin_track,
        .enter = enter,
        .leave = leave,
        .end_track = end_track,
    };
    struct buffer *text = &speedscope->sink.text;

    buffer_append_text(
        text,
        "{\"$schema\":\"https://www.speedscope.app/file-format-schema.json\","
        "\n\"exporter\":\"viztracer " VIZTRACER_VERSION "\",\n"
        "\"shared\":{\"frames\":[");
    if (!write_frames(speedscope, err)) {
        return false;
    }
    buffer_append_text(text, "]},\n\"profiles\":[");
    if (!call_walk(speedscope->model, options, &visitor, err)) {
        return false;
    }
    buffer_append_text(text, "\n]}\n");
    return text_sink_flush(&speedscope->sink, err);
}

static bool
write_speedscope(struct output_file *file, const struct trace_model *model,
                 const struct export_options *options, struct error *err)
{
    struct speedscope speedscope = {.sink.file = file, .model = model};
    bool ok = write_document(&speedscope, options, err);

    if (ok && options->event_count != NULL) {
        *options->event_count = speedscope.event_count;
    }
    buffer_release(&speedscope.sink.text);
    return ok;
}

const struct exporter speedscope_exporter = {
    .name = "speedscope",
    .suffix = ".speedscope.json",
    .summary = "calls of each thread, for speedscope.app",
    .hint = "open it at speedscope.app",
    .has_gzip = true,
    .write = write_speedscope,
};
