// SPDX-License-Identifier: Apache-2.0
/*
 * format/record_decode.h - look into the payload of a long record, checked.
 *
 * payload points at word_count words behind the head. Each function returns
 * false when the payload is shorter than it claims to be; nothing is copied,
 * the spans point into the payload.
 */
#ifndef FORMAT_RECORD_DECODE_H
#define FORMAT_RECORD_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/event.h"
#include "format/record_encode.h"

struct instant_record {
    enum vzt_scope scope; /* an unknown scope reads as VZT_SCOPE_THREAD */
    struct text_span name;
    struct text_span args; /* JSON text; size 0 = none */
    uint32_t args_string;  /* string id with the arguments; 0 = in args */
};

bool record_decode_instant(const uint64_t *payload, size_t word_count,
                           struct instant_record *instant);

bool record_decode_object(const uint64_t *payload, size_t word_count,
                          struct object_record *object);

/* Of RECORD_FLOW_START and RECORD_FLOW_END. */
bool record_decode_flow(const uint64_t *payload, size_t word_count,
                        struct flow_record *flow);

struct arguments_record {
    struct text_span args; /* JSON text */
    uint32_t args_string;  /* string id with the arguments; 0 = in args */
};

bool record_decode_arguments(const uint64_t *payload, size_t word_count,
                             struct arguments_record *arguments);

struct counter_record {
    struct text_span name;
    size_t series_count;
    const struct vzt_series *series;
    const char *keys; /* series_count texts, one behind the other */
};

bool record_decode_counter(const uint64_t *payload, size_t word_count,
                           struct counter_record *counter);

bool record_decode_function(const uint64_t *payload, size_t word_count,
                            uint32_t *id, struct function_definition *function);

struct stream_definition {
    uint32_t id;
    enum vzt_stream_kind kind;
    uint32_t parent;
    uint64_t thread_id; /* 0 of VZT_STREAM_ASYNC */
    struct text_span name;
    struct text_span category; /* of VZT_STREAM_ASYNC */
};

bool record_decode_stream(const uint64_t *payload, size_t word_count,
                          struct stream_definition *stream);

bool record_decode_stream_end(const uint64_t *payload, size_t word_count,
                              struct vzt_stream_end *end);

/* argument_count is at most the number of NULs in arguments. */
bool record_decode_process(const uint64_t *payload, size_t word_count,
                           struct process_definition *process);

struct string_record {
    uint32_t id;
    struct text_span text;
    uint64_t whole_size;
};

bool record_decode_string(const uint64_t *payload, size_t word_count,
                          struct string_record *string);

struct source_record {
    struct text_span path;
    struct text_span piece;
    uint64_t offset;
    uint64_t whole_size;
    uint64_t whole_hash;
};

bool record_decode_source(const uint64_t *payload, size_t word_count,
                          struct source_record *source);

bool record_decode_gap(const uint64_t *payload, size_t word_count,
                       struct vzt_gap *gap);

#endif
