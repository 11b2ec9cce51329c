// SPDX-License-Identifier: Apache-2.0
/*
 * format/writer.h - write a .vzt section from events that are already known.
 *
 * For importers, generators and tests; the recorder has its own writer, which
 * must survive a kill. Events of one stream are given in time order; streams
 * may be interleaved. Blocks are cut at VZT_STAGING_SIZE_MAX or, for tests, at
 * options.block_size. Failures are kept and reported by trace_writer_finish.
 */
#ifndef FORMAT_WRITER_H
#define FORMAT_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/record_encode.h"

struct error;
struct trace_writer;
struct vzt_open_call;
struct vzt_status;

struct trace_writer_options {
    uint64_t section_id;        /* 0 = random */
    uint64_t parent_section_id; /* 0 = none */
    uint32_t pid;
    uint32_t ppid;
    uint32_t block_size; /* bytes, at least 128; 0 = VZT_STAGING_SIZE_MAX */
    uint64_t anchor_monotonic_ns; /* ticks are CLOCK_MONOTONIC_NS */
    uint64_t anchor_realtime_ns;
    uint8_t boot_id[16];    /* sections of one boot share a clock */
    uint64_t event_cost_ps; /* see struct vzt_section_header */
    uint64_t process_start; /* likewise, and what follows */
    uint64_t pid_namespace;
    int64_t sort_index;
};

/* Begin a section at the end of the file at path (created when absent). */
bool trace_writer_open(struct trace_writer **out, const char *path,
                       const struct trace_writer_options *options,
                       struct error *err);

void trace_writer_process(struct trace_writer *writer,
                          const struct process_definition *process);
/* The new id; 0 after a failure. */
uint32_t trace_writer_function(struct trace_writer *writer,
                               const struct function_definition *function);
uint32_t trace_writer_string(struct trace_writer *writer,
                             struct text_span text);
uint32_t trace_writer_stream(struct trace_writer *writer,
                             enum vzt_stream_kind kind, uint32_t parent,
                             uint64_t thread_id, struct text_span name);
/* A stream of kind VZT_STREAM_ASYNC. */
uint32_t trace_writer_async_stream(struct trace_writer *writer, uint32_t parent,
                                   struct text_span name,
                                   struct text_span category);
void trace_writer_source(struct trace_writer *writer, struct text_span path,
                         struct text_span text);

/* A short event. time_ns below the stream's last event is an error. */
void trace_writer_event(struct trace_writer *writer, uint32_t stream,
                        enum event_kind kind, uint32_t function,
                        uint64_t time_ns);
/* An entry with its payload records, all words made by record_encode_*; they
 * stand in one block. */
void trace_writer_entry(struct trace_writer *writer, uint32_t stream,
                        enum event_kind kind, uint32_t function,
                        uint64_t time_ns, const uint64_t *words, size_t count);
/* A long record made by record_encode_*: count words, head first. */
void trace_writer_record(struct trace_writer *writer, uint32_t stream,
                         uint64_t time_ns, const uint64_t *words, size_t count);

/* What a block begins with that does not follow from the events before it. */
struct writer_block_start {
    uint64_t first_ns;
    const struct vzt_open_call *calls; /* open then, outermost first */
    size_t call_count;
    uint64_t lost_calls; /* between it and what was written so far */
    bool has_gap;        /* blocks are missing there */
};

/* Begin a block, which an event must follow. */
void trace_writer_begin_block(struct trace_writer *writer, uint32_t stream,
                              const struct writer_block_start *start);

/* Say that a stream ended. */
void trace_writer_end_stream(struct trace_writer *writer, uint32_t stream,
                             uint64_t time_ns);

/* Write what is pending of a stream and give its memory back, when nothing more
 * comes for a long time. */
void trace_writer_flush_stream(struct trace_writer *writer, uint32_t stream);

/* Write what is pending and the final status, in which written_bytes is filled
 * in and mismatched_returns counted on. The writer stays valid for
 * trace_writer_free only. */
bool trace_writer_finish(struct trace_writer *writer,
                         const struct vzt_status *status, struct error *err);

void trace_writer_free(struct trace_writer *writer);

#endif
