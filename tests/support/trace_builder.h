// SPDX-License-Identifier: Apache-2.0
/*
 * support/trace_builder.h - a small trace in a few lines.
 *
 *     struct trace_builder *b = trace_builder_new(folder);
 *     uint32_t f = trace_builder_function(b, "main", "/w/app.py", 3);
 *     uint32_t t = trace_builder_thread(b, "MainThread");
 *     trace_builder_call(b, t, f, 100);
 *     trace_builder_return(b, t, f, 250);
 *     char *path = trace_builder_finish(b);
 *
 * Ticks are nanoseconds of CLOCK_MONOTONIC; the events of a thread come in
 * time order. Anything that fails prints why and aborts.
 */
#ifndef SUPPORT_TRACE_BUILDER_H
#define SUPPORT_TRACE_BUILDER_H

#include <stdint.h>

#include "format/event.h"
#include "format/layout.h"
#include "format/record_encode.h"

struct trace_builder;
struct trace_writer;

enum {
    TRACE_BUILDER_PID = 100, /* of the first process; its name is "app.py" */
};

/* Build "folder/trace.vzt"; what is there already stays in front. */
struct trace_builder *trace_builder_new(const char *folder);

/* Bytes of a block; before the first thread or function of a process. */
void trace_builder_block_size(struct trace_builder *builder, uint32_t size);

/* What the recorder says that an event took; likewise. */
void trace_builder_event_cost(struct trace_builder *builder, uint64_t cost_ps);

/* The next process begins; threads made so far get no more events. */
void trace_builder_process(struct trace_builder *builder, const char *name,
                           uint32_t pid, uint32_t ppid);

/* How the present process ended; VZT_STATE_ENDED unless said otherwise. */
void trace_builder_status(struct trace_builder *builder,
                          struct vzt_status status);

/* A function of any process; a C function when file is NULL. */
uint32_t trace_builder_function(struct trace_builder *builder, const char *name,
                                const char *file, uint32_t line);

/* A thread of the present process; its thread id is pid, pid + 1, ... */
uint32_t trace_builder_thread(struct trace_builder *builder, const char *name);

void trace_builder_call(struct trace_builder *builder, uint32_t thread,
                        uint32_t function, uint64_t time_ns);
void trace_builder_return(struct trace_builder *builder, uint32_t thread,
                          uint32_t function, uint64_t time_ns);
/* Any short event. Function 0 is "unknown". */
void trace_builder_event(struct trace_builder *builder, uint32_t thread,
                         enum event_kind kind, uint32_t function,
                         uint64_t time_ns);
/* args is JSON text or NULL. */
void trace_builder_instant(struct trace_builder *builder, uint32_t thread,
                           const char *name, const char *args,
                           uint64_t time_ns);
/* The same with another scope than the thread's own. */
void trace_builder_scoped_instant(struct trace_builder *builder,
                                  uint32_t thread, enum vzt_scope scope,
                                  const char *name, const char *args,
                                  uint64_t time_ns);
/* args is JSON text or NULL. */
void trace_builder_object(struct trace_builder *builder, uint32_t thread,
                          enum vzt_object_phase phase, const char *id,
                          const char *name, const char *args, uint64_t time_ns);
/* type is RECORD_FLOW_START or RECORD_FLOW_END; flags are enum vzt_flow_flag.
 */
void trace_builder_flow(struct trace_builder *builder, uint32_t thread,
                        enum record_type type, uint64_t id, uint32_t flags,
                        const char *name, uint64_t time_ns);
/* A call with its arguments, JSON text. */
void trace_builder_call_with(struct trace_builder *builder, uint32_t thread,
                             uint32_t function, const char *args,
                             uint64_t time_ns);
/* One counter with two keys at once. */
void trace_builder_counter_pair(struct trace_builder *builder, uint32_t thread,
                                const char *name, const char *const keys[2],
                                const double values[2], uint64_t time_ns);
void trace_builder_counter(struct trace_builder *builder, uint32_t thread,
                           const char *name, const char *key, double value,
                           uint64_t time_ns);
void trace_builder_gap(struct trace_builder *builder, uint32_t thread,
                       enum vzt_gap_reason reason, uint64_t start_ns,
                       uint64_t end_ns, uint64_t lost_calls);
void trace_builder_source(struct trace_builder *builder, const char *path,
                          const char *text);

/* The writer of the present process, for anything else. */
struct trace_writer *trace_builder_writer(struct trace_builder *builder);

/* Finish the file and free the builder. The caller frees the path. */
char *trace_builder_finish(struct trace_builder *builder);

#endif
