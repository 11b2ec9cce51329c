// SPDX-License-Identifier: Apache-2.0
/*
 * format/record_encode.h - build the words of long records.
 *
 * Each function writes a whole record (head first, delta 0) into words and
 * returns how many words it took, or 0 when it does not fit into capacity.
 * Used by the recorder (into staging, no allocation) and by trace_writer.
 * Sizes are in bytes; texts need no NUL and may hold any byte.
 */
#ifndef FORMAT_RECORD_ENCODE_H
#define FORMAT_RECORD_ENCODE_H

#include <stddef.h>
#include <stdint.h>

#include "format/event.h"

struct text_span {
    const char *data;
    size_t size;
};

struct counter_value {
    struct text_span key;
    enum vzt_value_type type;
    union {
        int64_t integer;
        double real;
    } value;
};

struct object_record {
    enum vzt_object_phase phase; /* an unknown one reads as a snapshot */
    struct text_span id;
    struct text_span name;
    struct text_span args; /* JSON text; size 0 = none */
    uint32_t args_string;  /* a string that was defined before, with the
                              arguments; 0 = in args */
};

/* One end of an arrow between calls. */
struct flow_record {
    uint64_t id;
    uint32_t flags; /* enum vzt_flow_flag */
    struct text_span name;
};

struct function_definition {
    enum vzt_function_kind kind;
    uint32_t line;
    struct text_span name;
    struct text_span file;
};

struct process_definition {
    uint32_t argument_count;
    struct text_span arguments; /* each ends with a NUL */
    struct text_span executable;
    struct text_span directory;
    struct text_span name;
    struct text_span version;
};

size_t record_encode_instant(uint64_t *words, size_t capacity,
                             enum vzt_scope scope, struct text_span name,
                             struct text_span args);
/* As above, with the arguments in a string that was defined before. */
size_t record_encode_instant_by_string(uint64_t *words, size_t capacity,
                                       enum vzt_scope scope,
                                       struct text_span name,
                                       uint32_t args_string);
size_t record_encode_object(uint64_t *words, size_t capacity,
                            const struct object_record *object);
/* type is RECORD_FLOW_START or RECORD_FLOW_END. */
size_t record_encode_flow(uint64_t *words, size_t capacity,
                          enum record_type type,
                          const struct flow_record *flow);
size_t record_encode_arguments(uint64_t *words, size_t capacity,
                               struct text_span args);
size_t record_encode_counter(uint64_t *words, size_t capacity,
                             struct text_span name,
                             const struct counter_value *values, size_t count);
size_t record_encode_gap(uint64_t *words, size_t capacity,
                         enum vzt_gap_reason reason, uint64_t start_tick,
                         uint64_t lost_calls);
size_t record_encode_clock(uint64_t *words, size_t capacity, uint64_t tick);
size_t record_encode_function(uint64_t *words, size_t capacity, uint32_t id,
                              const struct function_definition *function);
size_t record_encode_stream(uint64_t *words, size_t capacity, uint32_t id,
                            enum vzt_stream_kind kind, uint32_t parent,
                            uint64_t thread_id, struct text_span name);
/* A stream of kind VZT_STREAM_ASYNC. */
size_t record_encode_async_stream(uint64_t *words, size_t capacity, uint32_t id,
                                  uint32_t parent, struct text_span name,
                                  struct text_span category);
size_t record_encode_stream_end(uint64_t *words, size_t capacity, uint32_t id,
                                uint64_t tick);
size_t record_encode_process(uint64_t *words, size_t capacity,
                             const struct process_definition *process);
/* Text beyond VZT_STRING_SIZE_MAX is cut; the record says so. */
size_t record_encode_string(uint64_t *words, size_t capacity, uint32_t id,
                            struct text_span text);
size_t record_encode_source(uint64_t *words, size_t capacity,
                            struct text_span path, struct text_span piece,
                            uint64_t offset, uint64_t whole_size,
                            uint64_t whole_hash);

#endif
