// SPDX-License-Identifier: Apache-2.0
/*
 * Nearly all bytes of a report come from here, so what repeats is made once:
 * the beginning of a line for each track, and the end of it (the name, escaped)
 * for each function. Between them go only digits.
 */
#include "export/chrome_slices.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "base/output_file.h"
#include "export/chrome_sink.h"
#include "export/exporter.h"
#include "export/json_text.h"
#include "format/record_encode.h"
#include "model/slice_args.h"
#include "model/span_query.h"
#include "model/trace_model.h"

enum { HEAD_SIZE = 128, LINE_SIZE = 192, LABEL_SPACE = 32 };

/* What ends the line of each function: ,"name":"...","cat":"FEE"} */
struct line_ends {
    struct buffer text;
    size_t *offsets; /* function_count + 2; the last function is "unknown" */
    uint32_t function_count;
};

/* What every line ends in, but those of asynchronous calls. */
static const char category_end[] = ",\"cat\":\"FEE\"}";

/* An asynchronous call, whose begin is written. */
struct async_open {
    uint64_t end_ns;
    uint32_t depth;
    uint32_t function;
    bool has_end;
};

struct slice_writer {
    struct chrome_sink *sink;
    struct span_scratch *scratch;
    struct line_ends ends;
    const struct model_process *process; /* of the current track */
    char head[HEAD_SIZE]; /* of its lines: ,\n{"pid":1,"tid":2,"ts": */
    size_t head_size;
    struct buffer args; /* of one call; owned */
    struct buffer args_text;
    bool is_async;           /* the current track */
    struct buffer category;  /* how lines of it end then; owned */
    struct async_open *open; /* outermost first; owned */
    size_t open_count;
    size_t open_capacity;
};

static void
append_line_end(struct buffer *text, const char *label)
{
    buffer_append_text(text, ",\"name\":");
    json_append_string(text, label, strlen(label));
    buffer_append_text(text, category_end);
}

static bool
make_line_ends(struct line_ends *ends, const struct trace_model *model,
               struct error *err)
{
    struct buffer label = {0};

    ends->function_count = trace_model_function_count(model);
    ends->offsets =
        array_new((size_t)ends->function_count + 2, sizeof *ends->offsets, err);
    if (ends->offsets == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < ends->function_count; i++) {
        const struct model_function *function = trace_model_function(model, i);
        size_t size =
            strlen(function->name) + strlen(function->file) + LABEL_SPACE;

        buffer_clear(&label);
        if (buffer_reserve(&label, size)) {
            append_line_end(&ends->text,
                            model_function_label(function, label.data, size));
        }
        ends->text.has_failed |= label.has_failed;
        ends->offsets[i + 1] = ends->text.size;
    }
    append_line_end(&ends->text, "(unknown)");
    ends->offsets[ends->function_count + 1] = ends->text.size;
    buffer_release(&label);
    return buffer_is_ok(&ends->text) || error_set_no_memory(err);
}

static size_t
put_text(char *line, const char *text, size_t size)
{
    memcpy(line, text, size);
    return size;
}

/* Whether the slice is an X, and where it then ends: limit_ns is the end of the
 * interval that is written. */
static bool
has_end(const struct slice_writer *writer, const struct slice *slice,
        uint64_t limit_ns, uint64_t *end_ns)
{
    *end_ns = slice->end_ns;
    if (!(slice->flags & SLICE_UNFINISHED) && *end_ns <= limit_ns) {
        return true;
    }
    if (writer->process->end_ns > *end_ns) {
        *end_ns = writer->process->end_ns;
    }
    if (limit_ns < *end_ns) {
        *end_ns = limit_ns;
    }
    return writer->process->end == PROCESS_END_FINISHED
           || writer->sink->options->ends_open_calls;
}

/* The end of a line, with the arguments of the call when it has some. What is
 * not JSON becomes a string. */
static bool
write_line_end(struct slice_writer *writer, const struct slice *slice,
               struct text_span end, bool has_args, struct error *err)
{
    struct output_file *file = writer->sink->file;
    struct buffer *text = &writer->args_text;
    const struct buffer *args = &writer->args;

    if (has_args
        && !slice_args(writer->sink->model, slice, writer->scratch,
                       &writer->args, err)) {
        return false;
    }
    if (!has_args || args->size == 0) {
        return output_file_write(file, end.data, end.size)
               || output_file_failure(file, err);
    }
    buffer_clear(text);
    buffer_append(text, end.data, end.size - 1);
    buffer_append_text(text, ",\"args\":");
    if (!json_append_value(text, args->data, args->size)) {
        json_append_string(text, args->data, args->size);
    }
    buffer_append_char(text, '}');
    if (!buffer_is_ok(text)) {
        return error_set_no_memory(err);
    }
    return output_file_write(file, text->data, text->size)
           || output_file_failure(file, err);
}

/* The name of a function, and what ends the line of a call of it. */
static struct text_span
line_end(const struct slice_writer *writer, uint32_t function)
{
    const struct line_ends *ends = &writer->ends;
    uint32_t index =
        function < ends->function_count ? function : ends->function_count;
    size_t offset = ends->offsets[index];

    return (struct text_span){ends->text.data + offset,
                              ends->offsets[index + 1] - offset};
}

static bool
write_slice(struct slice_writer *writer, const struct slice *slice,
            uint64_t limit_ns, bool has_args, struct error *err)
{
    static const char complete[] = ",\"ph\":\"X\",\"dur\":";
    static const char begin[] = ",\"ph\":\"B\"";
    struct output_file *file = writer->sink->file;
    char line[LINE_SIZE];
    size_t size = put_text(line, writer->head, writer->head_size);
    uint64_t end_ns;

    size += json_write_microseconds(line + size,
                                    writer->sink->base_ns + slice->start_ns);
    if (has_end(writer, slice, limit_ns, &end_ns)) {
        size += put_text(line + size, complete, sizeof complete - 1);
        size += json_write_microseconds(line + size, end_ns - slice->start_ns);
    } else {
        size += put_text(line + size, begin, sizeof begin - 1);
    }
    if (!output_file_write(file, line, size)) {
        return output_file_failure(file, err);
    }
    return write_line_end(writer, slice, line_end(writer, slice->function),
                          has_args, err);
}

/* The line of an asynchronous begin or end, up to its last brace. */
static bool
write_async_half(struct slice_writer *writer, const char *phase,
                 uint64_t time_ns, uint32_t function, struct error *err)
{
    struct output_file *file = writer->sink->file;
    struct text_span end = line_end(writer, function);
    char line[LINE_SIZE];
    size_t size = put_text(line, writer->head, writer->head_size);

    size +=
        json_write_microseconds(line + size, writer->sink->base_ns + time_ns);
    size += put_text(line + size, phase, strlen(phase));
    return (output_file_write(file, line, size)
            && output_file_write(file, end.data,
                                 end.size - (sizeof category_end - 1)))
           || output_file_failure(file, err);
}

/* Write the ends of the open calls from a level on. */
static bool
end_async(struct slice_writer *writer, uint32_t depth, struct error *err)
{
    struct output_file *file = writer->sink->file;

    while (writer->open_count > 0
           && writer->open[writer->open_count - 1].depth >= depth) {
        const struct async_open *call = &writer->open[--writer->open_count];

        if (!call->has_end) {
            continue;
        }
        if (!write_async_half(writer, ",\"ph\":\"e\"", call->end_ns,
                              call->function, err)) {
            return false;
        }
        if (!output_file_write(file, writer->category.data,
                               writer->category.size)) {
            return output_file_failure(file, err);
        }
    }
    return true;
}

static bool
begin_async(struct slice_writer *writer, const struct slice *slice,
            uint64_t limit_ns, bool has_args, struct error *err)
{
    struct async_open call = {.depth = slice->depth,
                              .function = slice->function};

    call.has_end = has_end(writer, slice, limit_ns, &call.end_ns);
    if (!end_async(writer, slice->depth, err)
        || !array_reserve((void **)&writer->open, &writer->open_capacity,
                          writer->open_count + 1, sizeof *writer->open, err)) {
        return false;
    }
    writer->open[writer->open_count++] = call;
    return write_async_half(writer, ",\"ph\":\"b\"", slice->start_ns,
                            slice->function, err)
           && write_line_end(
               writer, slice,
               (struct text_span){writer->category.data, writer->category.size},
               has_args, err);
}

static bool
write_block(struct slice_writer *writer, uint32_t track, size_t block,
            struct error *err)
{
    const struct slice *slices = NULL;
    size_t count = 0;
    size_t first_new = 0;
    bool has_args = false;

    if (!span_block_slices(writer->sink->model, track, block, writer->scratch,
                           &slices, &count, &first_new, err)
        || !slice_args_any(writer->scratch, &has_args, err)) {
        return false;
    }
    for (size_t i = first_new; i < count; i++) {
        uint64_t limit_ns;

        if (!chrome_sink_wants(writer->sink, slices[i].start_ns, &limit_ns)) {
            continue;
        }
        if (!(writer->is_async ? begin_async : write_slice)(
                writer, &slices[i], limit_ns, has_args, err)) {
            return false;
        }
        writer->sink->event_count++;
    }
    return true;
}

static bool
begin_track(struct slice_writer *writer, uint32_t index, struct error *err)
{
    const struct trace_model *model = writer->sink->model;
    const struct model_track *track = trace_model_track(model, index);
    static const char pid[] = ",\n{\"pid\":";
    static const char tid[] = ",\"tid\":";
    static const char time[] = ",\"ts\":";
    char *head = writer->head;
    size_t size = put_text(head, pid, sizeof pid - 1);

    writer->process = trace_model_process(model, track->process);
    writer->is_async = track->kind == VZT_STREAM_ASYNC;
    size += json_write_u64(head + size, writer->process->number);
    size += put_text(head + size, tid, sizeof tid - 1);
    if (writer->is_async) {
        size += json_write_u64(head + size, writer->process->number);
        size += chrome_async_id(head + size, index);
        buffer_clear(&writer->category);
        buffer_append_text(&writer->category, ",\"cat\":");
        json_append_string(&writer->category, track->category,
                           strlen(track->category));
        buffer_append_char(&writer->category, '}');
    } else {
        size += json_write_u64(head + size, track->thread_id);
    }
    size += put_text(head + size, time, sizeof time - 1);
    writer->head_size = size;
    return buffer_is_ok(&writer->category) || error_set_no_memory(err);
}

static bool
write_tracks(struct slice_writer *writer, const struct progress *progress,
             struct error *err)
{
    const struct trace_model *model = writer->sink->model;
    uint32_t track_count = (uint32_t)trace_model_track_count(model);
    uint64_t done = 0;
    uint64_t total = 0;

    for (uint32_t track = 0; track < track_count; track++) {
        total += span_block_count(model, track);
    }
    for (uint32_t track = 0; track < track_count; track++) {
        size_t block_count = span_block_count(model, track);

        if (!begin_track(writer, track, err)) {
            return false;
        }
        for (size_t block = 0; block < block_count; block++) {
            if (progress->report != NULL
                && !progress->report(progress->context, done, total)) {
                return error_set(err, ERROR_CANCELLED, "cancelled");
            }
            if (!write_block(writer, track, block, err)) {
                return false;
            }
            done++;
        }
        if (!end_async(writer, 0, err)) {
            return false;
        }
    }
    return true;
}

bool
chrome_slices_write(struct chrome_sink *sink, const struct progress *progress,
                    struct error *err)
{
    struct slice_writer writer = {.sink = sink};
    bool ok = chrome_sink_flush(sink, err)
              && make_line_ends(&writer.ends, sink->model, err)
              && span_scratch_new(&writer.scratch, err)
              && write_tracks(&writer, progress, err);

    span_scratch_free(writer.scratch);
    buffer_release(&writer.args);
    buffer_release(&writer.args_text);
    buffer_release(&writer.category);
    free(writer.open);
    buffer_release(&writer.ends.text);
    free(writer.ends.offsets);
    return ok;
}
