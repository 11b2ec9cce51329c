// SPDX-License-Identifier: Apache-2.0
#include "support/trace_builder.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "format/writer.h"
#include "support/temporary_folder.h"

struct builder_function {
    struct function_definition definition;
    uint32_t id; /* in the present section; 0 = not defined there yet */
};

struct trace_builder {
    char *path;
    struct trace_writer *writer; /* of the present process, once it is used */
    struct trace_writer_options options;
    char *process_name;
    struct vzt_status status;
    struct builder_function *functions; /* by handle - 1 */
    uint32_t function_count;
    uint32_t thread_count; /* of the present process */
};

static struct text_span
span(const char *text)
{
    return (struct text_span){text, strlen(text)};
}

static void *
checked(void *memory)
{
    if (memory == NULL) {
        abort();
    }
    return memory;
}

static void
check(bool ok, const struct error *err)
{
    if (!ok) {
        fprintf(stderr, "trace_builder: %s\n", err->message);
        abort();
    }
}

static void
begin_process(struct trace_builder *builder, const char *name, uint32_t pid,
              uint32_t ppid)
{
    free(builder->process_name);
    builder->process_name = checked(strdup(name));
    builder->options.pid = pid;
    builder->options.ppid = ppid;
    builder->options.section_id = UINT64_C(0x5ec710) << 32 | pid;
    builder->options.parent_section_id = 0;
    builder->options.event_cost_ps = 0;
    builder->status = (struct vzt_status){.state = VZT_STATE_ENDED};
    builder->thread_count = 0;
    for (uint32_t i = 0; i < builder->function_count; i++) {
        builder->functions[i].id = 0;
    }
}

static void
end_process(struct trace_builder *builder)
{
    struct error err;

    check(trace_writer_finish(trace_builder_writer(builder), &builder->status,
                              &err),
          &err);
    trace_writer_free(builder->writer);
    builder->writer = NULL;
}

struct trace_builder *
trace_builder_new(const char *folder)
{
    struct trace_builder *builder = checked(calloc(1, sizeof *builder));

    builder->path = temporary_folder_file(folder, "trace.vzt");
    /* The wall clock of monotonic time 0: 2026-01-01 00:00:00 UTC. */
    builder->options.anchor_realtime_ns = UINT64_C(1767225600) * 1000000000;
    begin_process(builder, "app.py", TRACE_BUILDER_PID, 1);
    return builder;
}

void
trace_builder_block_size(struct trace_builder *builder, uint32_t size)
{
    builder->options.block_size = size;
}

void
trace_builder_event_cost(struct trace_builder *builder, uint64_t cost_ps)
{
    builder->options.event_cost_ps = cost_ps;
}

void
trace_builder_process(struct trace_builder *builder, const char *name,
                      uint32_t pid, uint32_t ppid)
{
    if (builder->writer != NULL) {
        end_process(builder);
    }
    begin_process(builder, name, pid, ppid);
}

void
trace_builder_status(struct trace_builder *builder, struct vzt_status status)
{
    builder->status = status;
}

struct trace_writer *
trace_builder_writer(struct trace_builder *builder)
{
    struct process_definition process = {
        .argument_count = 2,
        .arguments = {"python3\0app.py", 15},
        .executable = span("/usr/bin/python3"),
        .directory = span("/w"),
        .name = span(builder->process_name),
        .version = span("CPython 3.12.1"),
    };
    struct error err;

    if (builder->writer == NULL) {
        check(trace_writer_open(&builder->writer, builder->path,
                                &builder->options, &err),
              &err);
        trace_writer_process(builder->writer, &process);
    }
    return builder->writer;
}

uint32_t
trace_builder_function(struct trace_builder *builder, const char *name,
                       const char *file, uint32_t line)
{
    struct builder_function function = {
        .definition =
            {
                .kind = file == NULL ? VZT_FUNCTION_C : VZT_FUNCTION_PYTHON,
                .line = line,
                .name = span(checked(strdup(name))),
                .file = span(checked(strdup(file == NULL ? "" : file))),
            },
    };

    builder->functions =
        checked(realloc(builder->functions, (builder->function_count + 1)
                                                * sizeof *builder->functions));
    builder->functions[builder->function_count++] = function;
    return builder->function_count;
}

uint32_t
trace_builder_thread(struct trace_builder *builder, const char *name)
{
    uint64_t thread_id = builder->options.pid + builder->thread_count++;

    return trace_writer_stream(trace_builder_writer(builder), VZT_STREAM_THREAD,
                               0, thread_id, span(name));
}

/* The id in the present section, defined at its first use. */
static uint32_t
function_id(struct trace_builder *builder, uint32_t handle)
{
    struct builder_function *function;

    if (handle == 0) {
        return 0;
    }
    function = &builder->functions[handle - 1];
    if (function->id == 0) {
        function->id = trace_writer_function(trace_builder_writer(builder),
                                             &function->definition);
    }
    return function->id;
}

void
trace_builder_event(struct trace_builder *builder, uint32_t thread,
                    enum event_kind kind, uint32_t function, uint64_t time_ns)
{
    trace_writer_event(trace_builder_writer(builder), thread, kind,
                       function_id(builder, function), time_ns);
}

static bool
is_c_function(const struct trace_builder *builder, uint32_t handle)
{
    return handle != 0
           && builder->functions[handle - 1].definition.kind == VZT_FUNCTION_C;
}

void
trace_builder_call(struct trace_builder *builder, uint32_t thread,
                   uint32_t function, uint64_t time_ns)
{
    trace_builder_event(builder, thread,
                        is_c_function(builder, function) ? EVENT_C_CALL
                                                         : EVENT_CALL,
                        function, time_ns);
}

void
trace_builder_return(struct trace_builder *builder, uint32_t thread,
                     uint32_t function, uint64_t time_ns)
{
    trace_builder_event(builder, thread,
                        is_c_function(builder, function) ? EVENT_C_RETURN
                                                         : EVENT_RETURN,
                        function, time_ns);
}

void
trace_builder_scoped_instant(struct trace_builder *builder, uint32_t thread,
                             enum vzt_scope scope, const char *name,
                             const char *args, uint64_t time_ns)
{
    uint64_t words[1024];
    struct trace_writer *writer = trace_builder_writer(builder);
    struct text_span text = span(args == NULL ? "" : args);
    size_t count = record_encode_instant(words, VZT_LONG_RECORD_SIZE_MAX / 8,
                                         scope, span(name), text);

    if (count == 0) { /* too long for a record: by a string */
        count = record_encode_instant_by_string(
            words, 1024, scope, span(name), trace_writer_string(writer, text));
    }
    trace_writer_record(writer, thread, time_ns, words, count);
}

void
trace_builder_instant(struct trace_builder *builder, uint32_t thread,
                      const char *name, const char *args, uint64_t time_ns)
{
    trace_builder_scoped_instant(builder, thread, VZT_SCOPE_THREAD, name, args,
                                 time_ns);
}

void
trace_builder_object(struct trace_builder *builder, uint32_t thread,
                     enum vzt_object_phase phase, const char *id,
                     const char *name, const char *args, uint64_t time_ns)
{
    uint64_t words[VZT_LONG_RECORD_SIZE_MAX / 8];
    struct object_record object = {
        .phase = phase,
        .id = span(id),
        .name = span(name),
        .args = span(args == NULL ? "" : args),
    };
    size_t count =
        record_encode_object(words, VZT_LONG_RECORD_SIZE_MAX / 8, &object);

    trace_writer_record(trace_builder_writer(builder), thread, time_ns, words,
                        count);
}

void
trace_builder_flow(struct trace_builder *builder, uint32_t thread,
                   enum record_type type, uint64_t id, uint32_t flags,
                   const char *name, uint64_t time_ns)
{
    uint64_t words[VZT_LONG_RECORD_SIZE_MAX / 8];
    struct flow_record flow = {
        .id = id,
        .flags = flags,
        .name = span(name),
    };
    size_t count =
        record_encode_flow(words, VZT_LONG_RECORD_SIZE_MAX / 8, type, &flow);

    trace_writer_record(trace_builder_writer(builder), thread, time_ns, words,
                        count);
}

void
trace_builder_call_with(struct trace_builder *builder, uint32_t thread,
                        uint32_t function, const char *args, uint64_t time_ns)
{
    uint64_t words[1024];
    size_t count = record_encode_arguments(words, 1024, span(args));

    trace_writer_entry(trace_builder_writer(builder), thread, EVENT_CALL,
                       function_id(builder, function), time_ns, words, count);
}

void
trace_builder_counter_pair(struct trace_builder *builder, uint32_t thread,
                           const char *name, const char *const keys[2],
                           const double values[2], uint64_t time_ns)
{
    uint64_t words[1024];
    const struct counter_value pair[2] = {
        {.key = span(keys[0]),
         .type = VZT_VALUE_DOUBLE,
         .value.real = values[0]},
        {.key = span(keys[1]),
         .type = VZT_VALUE_DOUBLE,
         .value.real = values[1]},
    };
    size_t count = record_encode_counter(words, 1024, span(name), pair, 2);

    trace_writer_record(trace_builder_writer(builder), thread, time_ns, words,
                        count);
}

void
trace_builder_counter(struct trace_builder *builder, uint32_t thread,
                      const char *name, const char *key, double value,
                      uint64_t time_ns)
{
    uint64_t words[1024];
    struct counter_value counter = {
        .key = span(key),
        .type = VZT_VALUE_DOUBLE,
        .value.real = value,
    };
    size_t count = record_encode_counter(words, 1024, span(name), &counter, 1);

    trace_writer_record(trace_builder_writer(builder), thread, time_ns, words,
                        count);
}

void
trace_builder_gap(struct trace_builder *builder, uint32_t thread,
                  enum vzt_gap_reason reason, uint64_t start_ns,
                  uint64_t end_ns, uint64_t lost_calls)
{
    uint64_t words[8];
    size_t count = record_encode_gap(words, 8, reason, start_ns, lost_calls);

    trace_writer_record(trace_builder_writer(builder), thread, end_ns, words,
                        count);
}

void
trace_builder_source(struct trace_builder *builder, const char *path,
                     const char *text)
{
    trace_writer_source(trace_builder_writer(builder), span(path), span(text));
}

char *
trace_builder_finish(struct trace_builder *builder)
{
    char *path = builder->path;

    end_process(builder);
    for (uint32_t i = 0; i < builder->function_count; i++) {
        free((char *)builder->functions[i].definition.name.data);
        free((char *)builder->functions[i].definition.file.data);
    }
    free(builder->functions);
    free(builder->process_name);
    free(builder);
    return path;
}
