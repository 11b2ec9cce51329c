// SPDX-License-Identifier: Apache-2.0
#include "import/trace_build.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/intern.h"
#include "format/layout.h"
#include "format/writer.h"
#include "import/event_intake.h"
#include "import/event_sort.h"
#include "import/function_label.h"
#include "import/json_value.h"
#include "import/payload_merge.h"
#include "import/temporary_file.h"
#include "import/track_writer.h"

enum {
    TOLERANCE_MIN_NS = 2, /* of rounding a start and a duration */
    EVENTS_PER_REPORT = 1 << 16,
};

/* The function that a name is in the present section. */
struct function_of_name {
    uint32_t section; /* from 1; of another one it is not defined here */
    uint32_t id;
    bool is_c;
};

struct builder {
    struct event_intake *intake;
    const struct trace_build_options *options;
    const char *path;
    struct trace_writer *writer; /* of the present section */
    struct track_writer track;
    struct function_of_name *functions; /* by name; owned */
    uint32_t *thread_order;             /* owned; by process */
    size_t next_thread;                 /* in thread_order */
    uint32_t *streams;                  /* by thread; 0 = not defined; owned */
    struct sort_entry entry;            /* the next one */
    bool has_entry;
    uint64_t done;
    int64_t shift_ns; /* added to every time, so that none is negative */
    struct buffer text;
    struct buffer more_text;
};

static bool
next_entry(struct builder *builder, struct error *err)
{
    const struct progress *progress = &builder->options->progress;
    uint64_t total = event_sort_count(builder->intake->calls);

    if (builder->done++ % EVENTS_PER_REPORT == 0
        && !progress_report(progress, builder->done - 1, total)) {
        return error_set(err, ERROR_CANCELLED, "cancelled");
    }
    return event_sort_next(builder->intake->calls, &builder->entry,
                           &builder->has_entry, err);
}

static uint64_t
tick_of(const struct builder *builder, int64_t ns)
{
    return ns == INT64_MAX ? UINT64_MAX : (uint64_t)(ns + builder->shift_ns);
}

static struct text_span
span_of(const struct buffer *buffer)
{
    return (struct text_span){buffer->data, buffer->size};
}

static struct text_span
span_of_text(const char *text)
{
    return (struct text_span){text, text == NULL ? 0 : strlen(text)};
}

/* Which sections share a clock: those that give the same wall clock for it. */
static void
name_clock(const struct trace_build_options *options,
           struct trace_writer_options *writer)
{
    uint64_t hash =
        hash_bytes(&options->wall_clock_ns, sizeof options->wall_clock_ns);

    memcpy(writer->boot_id, "JSON", 4);
    memcpy(writer->boot_id + 8, &hash, sizeof hash);
}

/* The same for the same contents, so that what is kept about a trace is found
 * when it is imported again; and the same for a part, so that what is chosen
 * there is found in the whole. */
static uint64_t
section_id_of(const struct builder *builder, uint32_t index)
{
    const uint64_t facts[] = {
        index,
        builder->intake->tables.processes[index].pid,
        builder->options->contents_hash,
    };

    return hash_bytes(facts, sizeof facts);
}

/* "python3 (CPU)" */
static bool
name_process(struct builder *builder, const struct import_process *process,
             struct text_span *name, struct error *err)
{
    struct buffer *text = &builder->text;

    buffer_clear(text);
    if (process->name != NULL) {
        buffer_append_text(text, process->name);
    }
    if (process->labels != NULL) {
        buffer_append_format(text, "%s(%s)", text->size == 0 ? "" : " ",
                             process->labels);
    }
    *name = span_of(text);
    return buffer_is_ok(text) || error_set_no_memory(err);
}

static bool
open_section(struct builder *builder, uint32_t index, struct error *err)
{
    const struct import_process *process =
        &builder->intake->tables.processes[index];
    int64_t first_ns = process->first_ns == INT64_MAX
                           ? builder->intake->first_ns
                           : process->first_ns;
    uint64_t anchor_ns = first_ns == INT64_MAX ? 0 : tick_of(builder, first_ns);
    struct trace_writer_options options = {
        .pid = process->pid,
        .section_id = section_id_of(builder, index),
        .sort_index = process->sort_index,
        .anchor_monotonic_ns = anchor_ns,
        .anchor_realtime_ns = anchor_ns,
    };
    struct process_definition definition = {0};

    if (builder->options->has_wall_clock) {
        options.anchor_realtime_ns +=
            (uint64_t)(builder->options->wall_clock_ns - builder->shift_ns);
        name_clock(builder->options, &options);
    }
    if (!name_process(builder, process, &definition.name, err)
        || !trace_writer_open(&builder->writer, builder->path, &options, err)) {
        return false;
    }
    trace_writer_process(builder->writer, &definition);
    return true;
}

/* The stream of a track; that of its home is defined by then. */
static uint32_t
define_stream(struct builder *builder, uint32_t index)
{
    const struct import_thread *thread =
        &builder->intake->tables.threads[index];

    if (thread->kind != VZT_STREAM_ASYNC) {
        return trace_writer_stream(
            builder->writer, thread->kind,
            thread->kind == VZT_STREAM_SAMPLES ? builder->streams[thread->home]
                                               : 0,
            thread->thread_id, span_of_text(thread->name));
    }
    return trace_writer_async_stream(
        builder->writer,
        thread->home == index ? 0 : builder->streams[thread->home],
        span_of_text(thread->name), span_of_text(thread->category));
}

static void
define_streams(struct builder *builder, uint32_t process)
{
    const struct event_tables *tables = &builder->intake->tables;

    for (; builder->next_thread < tables->thread_count;
         builder->next_thread++) {
        uint32_t index = builder->thread_order[builder->next_thread];
        const struct import_thread *thread = &tables->threads[index];

        if (thread->process != process) {
            return;
        }
        /* what only lent its name, or whose events all went elsewhere */
        if (thread->first_ns == INT64_MAX && thread->name == NULL) {
            continue;
        }
        builder->streams[index] = define_stream(builder, index);
    }
}

/* A text that was put aside, decoded. */
static bool
read_text(struct builder *builder, uint64_t place, size_t size,
          struct buffer *out, struct error *err)
{
    struct buffer raw = {0};
    bool ok = buffer_reserve(&raw, size) || error_set_no_memory(err);

    ok = ok
         && temporary_file_read(builder->intake->payload, place, raw.data, size,
                                err);
    if (ok) {
        buffer_clear(out);
        json_value_string((struct text_span){raw.data, size}, out);
        ok = buffer_is_ok(out) || error_set_no_memory(err);
    }
    buffer_release(&raw);
    return ok;
}

static bool
define_sources(struct builder *builder, struct error *err)
{
    for (size_t i = 0; i < builder->options->source_count; i++) {
        const struct import_source *source = &builder->options->sources[i];

        if (!read_text(builder, source->place, source->path_size,
                       &builder->text, err)
            || !read_text(builder, source->text_place, source->text_size,
                          &builder->more_text, err)) {
            return false;
        }
        trace_writer_source(builder->writer, span_of(&builder->text),
                            span_of(&builder->more_text));
    }
    return true;
}

static bool
find_function(struct builder *builder, uint32_t name, uint32_t section,
              const struct function_of_name **found, struct error *err)
{
    struct function_of_name *function = &builder->functions[name];
    struct function_definition definition;
    struct text_span key;

    *found = function;
    if (function->section == section) {
        return true;
    }
    key.data = intern_table_text(builder->intake->tables.names,
                                 name >> INTAKE_NAME_SHIFT, &key.size);
    buffer_clear(&builder->text);
    json_value_string(key, &builder->text);
    if (builder->text.size == 0) {
        buffer_append_text(&builder->text, "(no name)");
    }
    if (!buffer_is_ok(&builder->text)) {
        return error_set_no_memory(err);
    }
    definition = function_label_split(span_of(&builder->text), (name & 1) != 0);
    *function = (struct function_of_name){
        .section = section,
        .id = trace_writer_function(builder->writer, &definition),
        .is_c = definition.kind == VZT_FUNCTION_C,
    };
    return true;
}

static bool
write_call(struct builder *builder, uint32_t section, struct error *err)
{
    const struct sort_entry *entry = &builder->entry;
    struct track_call call = {
        .start_ns = tick_of(builder, entry->start_ns),
        .end_ns = tick_of(builder, entry->end_ns),
    };
    const struct function_of_name *function;
    bool is_lost = false;

    if (!find_function(builder, entry->what & INTAKE_NAME_MASK, section,
                       &function, err)) {
        return false;
    }
    call.function = function->id;
    call.is_c = function->is_c;
    if ((entry->payload != 0
         && !payload_finish(builder->intake, entry->payload, &call.words,
                            &call.word_count, err))
        || !track_writer_call(&builder->track, &call, &is_lost, err)) {
        return false;
    }
    builder->intake->losses.lost[IMPORT_LOSS_TOO_MANY_LANES] += is_lost;
    return true;
}

/* Whether a record says something of the innermost call that is open. */
static bool
is_of_call(const uint64_t *words)
{
    uint32_t type = record_type(words[0]);
    struct vzt_flow flow;

    if (type != RECORD_FLOW_START && type != RECORD_FLOW_END) {
        return false;
    }
    memcpy(&flow, words + 1, sizeof flow);
    return (flow.flags & VZT_FLOW_BINDS_NEXT) == 0;
}

static bool
write_record(struct builder *builder, struct error *err)
{
    const uint64_t *words;
    size_t count;

    if (!event_intake_payload(builder->intake, builder->entry.payload, &words,
                              &count, err)) {
        return false;
    }
    (is_of_call(words) ? track_writer_call_record : track_writer_record)(
        &builder->track, tick_of(builder, builder->entry.start_ns), words,
        count);
    return true;
}

/* All events of the thread that the next one is of. */
static bool
write_thread(struct builder *builder, uint32_t section, struct error *err)
{
    uint32_t thread = builder->entry.thread;
    const struct import_thread *of = &builder->intake->tables.threads[thread];
    struct track_place place = {
        .stream = builder->streams[thread],
        .home =
            builder->streams[of->kind == VZT_STREAM_ASYNC ? of->home : thread],
        .thread_id = of->thread_id,
        .name = of->name,
        .category = of->category,
    };

    builder->track.writer = builder->writer;
    if (!track_writer_begin(&builder->track, &place, err)) {
        return false;
    }
    while (builder->has_entry && builder->entry.thread == thread) {
        uint32_t kind = builder->entry.what >> INTAKE_KIND_SHIFT;

        if (!(kind == INTAKE_CALL ? write_call(builder, section, err)
                                  : write_record(builder, err))
            || !next_entry(builder, err)) {
            return false;
        }
    }
    track_writer_end(&builder->track);
    return true;
}

static bool
write_section(struct builder *builder, uint32_t process, struct error *err)
{
    const struct vzt_status status = {.state = VZT_STATE_UNKNOWN};
    bool ok = open_section(builder, process, err);

    if (ok) {
        define_streams(builder, process);
        ok = process > 0 || define_sources(builder, err);
    }
    while (ok && builder->has_entry && builder->entry.process == process) {
        ok = write_thread(builder, process + 1, err);
    }
    ok = ok && trace_writer_finish(builder->writer, &status, err);
    trace_writer_free(builder->writer);
    builder->writer = NULL;
    return ok;
}

/* How far times may be off: a unit of their last place. */
static uint64_t
tolerance_of(int decimals)
{
    uint64_t unit_ns = 1000;

    for (int i = 0; i < decimals && unit_ns > TOLERANCE_MIN_NS; i++) {
        unit_ns /= 10;
    }
    return unit_ns > TOLERANCE_MIN_NS ? unit_ns : TOLERANCE_MIN_NS;
}

static bool
prepare(struct builder *builder, struct error *err)
{
    const struct event_tables *tables = &builder->intake->tables;

    builder->track.tolerance_ns = tolerance_of(builder->options->decimals);
    if (builder->intake->first_ns < 0) {
        builder->shift_ns = -builder->intake->first_ns;
    }
    builder->functions = array_new((size_t)intern_table_count(tables->names)
                                       << INTAKE_NAME_SHIFT,
                                   sizeof *builder->functions, err);
    builder->streams =
        array_new(tables->thread_count, sizeof *builder->streams, err);
    builder->thread_order = event_tables_thread_order(tables, err);
    return builder->functions != NULL && builder->streams != NULL
           && builder->thread_order != NULL && next_entry(builder, err);
}

bool
trace_build(struct event_intake *intake, const char *path,
            const struct trace_build_options *options, struct error *err)
{
    struct builder builder = {
        .intake = intake, .options = options, .path = path};
    bool ok = prepare(&builder, err);

    for (size_t i = 0; ok && i < intake->tables.process_count; i++) {
        ok = write_section(&builder, (uint32_t)i, err);
    }
    track_writer_release(&builder.track);
    free(builder.functions);
    free(builder.streams);
    free(builder.thread_order);
    buffer_release(&builder.text);
    buffer_release(&builder.more_text);
    return ok;
}
