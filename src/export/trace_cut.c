// SPDX-License-Identifier: Apache-2.0
/* A section for each process, in their order, with a stream for each track; the
 * clock of all of them is that of the model. */
#include "export/trace_cut.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "export/cut_block.h"
#include "export/cut_order.h"
#include "export/cut_track.h"
#include "format/layout.h"
#include "format/reader.h"
#include "format/writer.h"
#include "model/function_mask.h"
#include "model/trace_model.h"
#include "model/trace_query.h"

struct cutting {
    const struct trace_model *model;
    const char *path;
    const struct trace_cut_options *options;
    struct cut_track track;
    struct cut_order *order;
    uint32_t *streams; /* of the present section, by track; owned */
    const struct trace_section *section; /* that is copied */
    uint64_t call_count;
};

static struct text_span
span(const char *text)
{
    return (struct text_span){.data = text, .size = strlen(text)};
}

/* The scope becomes a part of the bound query. */
static void
narrow(struct bound_query *bound, const struct trace_scope *scope)
{
    if (scope->start_ns > bound->start_ns) {
        bound->start_ns = scope->start_ns;
    }
    if (scope->end_ns < bound->end_ns) {
        bound->end_ns = scope->end_ns;
    }
    if (bound->end_ns < bound->start_ns) {
        bound->end_ns = bound->start_ns;
    }
    bound->is_timeless = bound->is_timeless && bound->start_ns == 0
                         && bound->end_ns == UINT64_MAX;
    for (uint32_t i = 0; i < bound->track_count; i++) {
        if (!trace_scope_has_track(scope, i)) {
            bound->tracks[i] = 0;
        }
    }
}

/* The moment of the section's header on both clocks: where the process begins
 * in the cut. */
static struct trace_writer_options
section_options(const struct cutting *cutting, size_t process)
{
    const struct vzt_section_header *header = &cutting->section->header;
    struct trace_summary summary = trace_model_summary(cutting->model);
    uint64_t start_ns = trace_model_process(cutting->model, process)->start_ns;
    struct trace_writer_options options = {
        .section_id = header->section_id,
        .parent_section_id = header->parent_section_id,
        .pid = header->pid,
        .ppid = header->ppid,
        .block_size = cutting->options->block_size,
        .event_cost_ps = header->event_cost_ps,
        .process_start = header->process_start,
        .pid_namespace = header->pid_namespace,
        .sort_index = header->sort_index,
    };

    options.anchor_monotonic_ns = summary.start_monotonic_ns + start_ns;
    options.anchor_realtime_ns = summary.start_realtime_ns + start_ns;
    memcpy(options.boot_id, header->boot_id, sizeof options.boot_id);
    return options;
}

static void
define_process(const struct cutting *cutting, struct trace_writer *writer)
{
    const struct trace_section *section = cutting->section;
    struct process_definition process = {
        .argument_count = section->argument_count,
        .arguments = {.data = section->arguments},
        .executable = span(section->executable),
        .directory = span(section->directory),
        .name = span(section->name),
        .version = span(section->version),
    };

    if (cutting->options->has_no_args) {
        process.argument_count = 0;
    }
    for (uint32_t i = 0; i < process.argument_count; i++) {
        process.arguments.size +=
            strlen(section->arguments + process.arguments.size) + 1;
    }
    trace_writer_process(writer, &process);
    if (cutting->options->has_no_source) {
        return;
    }
    for (size_t i = 0; i < section->source_count; i++) {
        const struct trace_source *source = &section->sources[i];

        trace_writer_source(
            writer, span(source->path),
            (struct text_span){.data = source->text, .size = source->size});
    }
}

/* The stream of the cut that belongs to a stream of the section; 0 = none. */
static uint32_t
find_stream(const struct cutting *cutting, const struct model_process *process,
            size_t track_count, uint32_t id)
{
    for (size_t i = 0; i < track_count; i++) {
        if (trace_model_stream(cutting->model, process->first_track + i)->id
            == id) {
            return cutting->streams[i];
        }
    }
    return 0;
}

/* Tracks come parents first and in the order of their streams: so do the new
 * ones. */
static bool
define_streams(struct cutting *cutting, struct trace_writer *writer,
               const struct model_process *process, struct error *err)
{
    free(cutting->streams);
    cutting->streams =
        array_new(process->track_count, sizeof *cutting->streams, err);
    if (cutting->streams == NULL) {
        return false;
    }
    for (size_t i = 0; i < process->track_count; i++) {
        const struct trace_stream *stream =
            trace_model_stream(cutting->model, process->first_track + i);
        uint32_t parent = stream->parent == 0 ? 0
                                              : find_stream(cutting, process, i,
                                                            stream->parent);

        cutting->streams[i] =
            stream->kind == VZT_STREAM_ASYNC
                ? trace_writer_async_stream(writer, parent, span(stream->name),
                                            span(stream->category))
                : trace_writer_stream(writer, stream->kind, parent,
                                      stream->thread_id, span(stream->name));
    }
    return true;
}

static bool
cut_one_track(struct cutting *cutting, uint32_t track, uint32_t stream,
              struct error *err)
{
    bool has_failed = false;

    cut_track_begin(&cutting->track, track, stream);
    while (cut_order_track(cutting->order) == track) {
        const struct cut_block *block =
            cut_order_next(cutting->order, &has_failed, err);

        if (block == NULL || !cut_track_put(&cutting->track, block, err)) {
            return false;
        }
    }
    return cut_track_end(&cutting->track, err);
}

/* How the process ended, in the cut's ticks. What a reader leaves out because
 * of a bound on calls is left out already. */
static struct vzt_status
section_status(const struct cutting *cutting, size_t process)
{
    uint64_t base_ns = cutting->track.base_ns;
    double rate = (double)cutting->section->header.ticks_per_second;
    struct vzt_status status = cutting->section->status;

    if (status.stop_tick != 0) {
        status.stop_tick =
            base_ns
            + trace_model_tick_time(cutting->model, process, status.stop_tick);
        status.stop_monotonic_ns = status.stop_tick;
    }
    if (rate > 0) {
        double ns = (double)status.flush_ticks / rate * 1e9;

        status.flush_ticks = ns < 0x1p61 ? (uint64_t)ns : 0;
    }
    status.call_limit = 0;
    status.mismatched_returns = 0;
    return status;
}

static bool
cut_process(struct cutting *cutting, size_t index, struct error *err)
{
    const struct model_process *process =
        trace_model_process(cutting->model, index);
    struct trace_writer *writer = NULL;
    struct trace_writer_options options;
    struct vzt_status status;
    bool ok;

    cutting->section = trace_model_section(cutting->model, index);
    options = section_options(cutting, index);
    status = section_status(cutting, index);
    if (!trace_writer_open(&writer, cutting->path, &options, err)) {
        return false;
    }
    define_process(cutting, writer);
    ok = cut_track_begin_section(&cutting->track, writer, err)
         && define_streams(cutting, writer, process, err);
    for (size_t i = 0; ok && i < process->track_count; i++) {
        ok = cut_one_track(cutting, (uint32_t)(process->first_track + i),
                           cutting->streams[i], err);
    }
    ok = ok && trace_writer_finish(writer, &status, err);
    trace_writer_free(writer);
    return ok;
}

static bool
cut_all(struct cutting *cutting, const struct bound_query *bound,
        struct error *err)
{
    struct function_mask functions = {0};
    const struct cut_rule rule = {
        .model = cutting->model,
        .query = bound,
        .functions = &functions,
        .has_no_args = cutting->options->has_no_args,
    };
    size_t count = trace_model_process_count(cutting->model);
    bool ok;

    cutting->track = (struct cut_track){
        .model = cutting->model,
        .base_ns = trace_model_summary(cutting->model).start_monotonic_ns,
        .end_ns = bound->end_ns,
        .keeps_axis = cutting->options->keeps_axis,
    };
    ok = function_mask_make(&functions, cutting->model, bound->functions, err)
         && cut_order_start(&cutting->order, &rule,
                            cutting->options->thread_count,
                            &cutting->options->progress, err);
    for (size_t i = 0; ok && i < count; i++) {
        ok = cut_process(cutting, i, err);
    }
    cut_order_free(cutting->order);
    function_mask_release(&functions);
    cutting->call_count = cutting->track.call_count;
    cut_track_release(&cutting->track);
    free(cutting->streams);
    return ok;
}

bool
trace_cut(const struct trace_model *model, const char *path,
          const struct trace_cut_options *options, uint64_t *call_count,
          struct error *err)
{
    struct cutting cutting = {.model = model, .path = path, .options = options};
    struct trace_query *all = NULL;
    struct bound_query bound;
    bool ok;

    if (options->query == NULL
        && !trace_query_parse(&all, "", NAME_PATTERN_TEXT, NULL, err)) {
        return false;
    }
    ok = bound_query_make(&bound, options->query != NULL ? options->query : all,
                          model, err);
    if (ok) {
        narrow(&bound, &options->scope);
        ok = cut_all(&cutting, &bound, err);
    }
    if (ok && call_count != NULL) {
        *call_count = cutting.call_count;
    }
    bound_query_release(&bound);
    trace_query_free(all);
    return ok;
}
