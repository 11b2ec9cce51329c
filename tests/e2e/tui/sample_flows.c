// SPDX-License-Identifier: Apache-2.0
/*
 * A main thread hands three jobs to two pool threads and gets their results; a
 * call of it starts a worker process and tells all threads of a change.
 */
#include "e2e/tui/sample_flows.h"

#include <string.h>

#include "format/event.h"
#include "format/writer.h"
#include "support/trace_builder.h"

enum { US = 1000, MS = 1000000, JOBS = 3 };

/* Ids of flows. */
enum { JOB = 10, DONE = 20, CHANGE = 30, FORK = 40, LOST = 50 };

struct stage {
    struct trace_builder *builder;
    uint32_t thread; /* that is written */
};

static void
flow(const struct stage *stage, enum record_type type, uint64_t id,
     const char *name, uint64_t time_ns)
{
    trace_builder_flow(stage->builder, stage->thread, type, id, 0, name,
                       time_ns);
}

static void
write_main(const struct stage *stage)
{
    struct trace_builder *b = stage->builder;
    uint32_t main = trace_builder_function(b, "main", "/srv/app.py", 3);
    uint32_t submit = trace_builder_function(b, "submit", "/srv/pool.py", 40);
    uint32_t collect = trace_builder_function(b, "collect", "/srv/app.py", 21);
    uint32_t notify = trace_builder_function(b, "notify", "/srv/app.py", 30);
    uint32_t spawn = trace_builder_function(b, "spawn", "/srv/app.py", 35);

    trace_builder_call(b, stage->thread, main, 0);
    for (uint64_t i = 0; i < JOBS; i++) {
        uint64_t at = 1 * MS + i * 2 * MS;

        trace_builder_call(b, stage->thread, submit, at);
        flow(stage, RECORD_FLOW_START, JOB + i, "job", at + 500 * US);
        trace_builder_return(b, stage->thread, submit, at + 1 * MS);
    }
    trace_builder_call(b, stage->thread, spawn, 8 * MS);
    flow(stage, RECORD_FLOW_START, FORK, "start worker", 9 * MS);
    trace_builder_return(b, stage->thread, spawn, 10 * MS);
    trace_builder_call(b, stage->thread, collect, 12 * MS);
    for (uint64_t i = 0; i < JOBS; i++) {
        flow(stage, RECORD_FLOW_END, DONE + i, "result", 20 * MS + i * 4 * MS);
    }
    trace_builder_return(b, stage->thread, collect, 30 * MS);
    trace_builder_call(b, stage->thread, notify, 32 * MS);
    flow(stage, RECORD_FLOW_START, CHANGE, "change", 33 * MS);
    trace_builder_return(b, stage->thread, notify, 34 * MS);
    flow(stage, RECORD_FLOW_END, LOST, "from nowhere", 35 * MS);
    trace_builder_return(b, stage->thread, main, 40 * MS);
}

/* A job, and the news that reach a pool thread. */
static void
write_job(const struct stage *stage, uint64_t number, uint64_t start_ns,
          uint64_t end_ns)
{
    struct trace_builder *b = stage->builder;
    uint32_t run = trace_builder_function(b, "run", "/srv/pool.py", 12);
    uint32_t work = trace_builder_function(b, "work", "/srv/jobs.py", 7);

    trace_builder_call(b, stage->thread, run, start_ns);
    flow(stage, RECORD_FLOW_END, JOB + number, "job", start_ns + 10 * US);
    trace_builder_call(b, stage->thread, work, start_ns + 500 * US);
    trace_builder_return(b, stage->thread, work, end_ns - 500 * US);
    flow(stage, RECORD_FLOW_START, DONE + number, "result", end_ns - 100 * US);
    trace_builder_return(b, stage->thread, run, end_ns);
}

static void
write_news(const struct stage *stage, uint64_t start_ns)
{
    struct trace_builder *b = stage->builder;
    uint32_t update = trace_builder_function(b, "update", "/srv/pool.py", 60);

    trace_builder_call(b, stage->thread, update, start_ns);
    flow(stage, RECORD_FLOW_END, CHANGE, "change", start_ns + 10 * US);
    trace_builder_return(b, stage->thread, update, start_ns + 1 * MS);
}

void
sample_flows_write(struct trace_builder *builder)
{
    struct stage stage = {builder, trace_builder_thread(builder, "MainThread")};
    uint32_t worker;

    write_main(&stage);
    stage.thread = trace_builder_thread(builder, "Pool-0_0");
    write_job(&stage, 0, 3 * MS, 19 * MS);
    write_job(&stage, 2, 20 * MS, 27 * MS);
    write_news(&stage, 35 * MS);
    stage.thread = trace_builder_thread(builder, "Pool-0_1");
    write_job(&stage, 1, 5 * MS, 23 * MS);
    write_news(&stage, 37 * MS);
    trace_builder_process(builder, "worker.py", 200, TRACE_BUILDER_PID);
    worker = trace_builder_function(builder, "worker", "/srv/worker.py", 1);
    stage.thread = trace_builder_thread(builder, "MainThread");
    trace_builder_flow(builder, stage.thread, RECORD_FLOW_END, FORK,
                       VZT_FLOW_BINDS_NEXT, "start worker", 11 * MS);
    trace_builder_call(builder, stage.thread, worker, 14 * MS);
    trace_builder_return(builder, stage.thread, worker, 36 * MS);
}

/* A row of its own for calls that lasted beside those of threads. */
static uint32_t
asynchronous(struct trace_builder *builder, uint32_t parent, const char *name,
             const char *category)
{
    return trace_writer_async_stream(
        trace_builder_writer(builder), parent,
        (struct text_span){name, strlen(name)},
        (struct text_span){category, strlen(category)});
}

static void
lasted(struct trace_builder *builder, uint32_t stream, const char *name,
       uint64_t start_ns, uint64_t end_ns)
{
    struct trace_writer *writer = trace_builder_writer(builder);
    uint32_t function = trace_writer_function(
        writer, &(struct function_definition){.kind = VZT_FUNCTION_OTHER,
                                              .name = {name, strlen(name)}});

    trace_writer_event(writer, stream, EVENT_CALL, function, start_ns);
    trace_writer_event(writer, stream, EVENT_RETURN, function, end_ns);
}

void
sample_async_write(struct trace_builder *builder)
{
    uint32_t serve = trace_builder_function(builder, "serve", "/srv/app.py", 3);
    uint32_t thread = trace_builder_thread(builder, "MainThread");
    uint32_t request = asynchronous(builder, 0, "request", "net");
    uint32_t lane = asynchronous(builder, request, "request, lane 2", "net");
    uint32_t read = asynchronous(builder, 0, "read", "disk");

    trace_builder_call(builder, thread, serve, 0);
    trace_builder_return(builder, thread, serve, 10 * MS);
    lasted(builder, request, "request", 2 * MS, 9 * MS);
    lasted(builder, lane, "request", 4 * MS, 14 * MS);
    lasted(builder, read, "read", 1 * MS, 3 * MS);
    lasted(builder, read, "read", 6 * MS, 12 * MS);
}
