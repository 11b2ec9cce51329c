// SPDX-License-Identifier: Apache-2.0
/*
 * format/payload.h - what stands behind the heads of long records (event.h).
 *
 * Each payload is followed by its texts, in the order of their sizes, with no
 * byte between, and zero bytes up to a whole word. Texts are UTF-8 by intention
 * and arbitrary bytes in fact.
 */
#ifndef FORMAT_PAYLOAD_H
#define FORMAT_PAYLOAD_H

#include <stdint.h>

enum vzt_scope {
    VZT_SCOPE_THREAD = 1,
    VZT_SCOPE_PROCESS = 2,
    VZT_SCOPE_GLOBAL = 3,
};

enum vzt_text_flag {
    VZT_TEXT_BY_STRING = 1u << 0, /* args_size is a string id, not a size */
};

struct vzt_instant {
    uint32_t scope; /* enum vzt_scope */
    uint32_t flags; /* enum vzt_text_flag */
    uint32_t name_size;
    uint32_t args_size; /* JSON text; 0 = none */
};

enum vzt_object_phase {
    VZT_OBJECT_CREATED = 1,
    VZT_OBJECT_SNAPSHOT = 2,
    VZT_OBJECT_DELETED = 3,
};

/* An object of the program, which it follows from its creation to its end. The
 * id tells objects apart that live at the same time, in their process. */
struct vzt_object {
    uint32_t phase; /* enum vzt_object_phase */
    uint32_t flags; /* enum vzt_text_flag */
    uint32_t id_size;
    uint32_t name_size; /* of its type, or what the program calls it */
    uint32_t args_size; /* JSON text, {"snapshot": {...}}; 0 = none */
    uint32_t reserved;  /* 0 */
};

enum vzt_flow_flag {
    VZT_FLOW_BINDS_NEXT = 1u << 0, /* it is of the next call that begins on the
                                      stream; else of the innermost one that is
                                      open here */
};

/*
 * One end of an arrow from a call to another, on any stream of any section. An
 * end belongs to the latest start of its id that is not later; a start may
 * have several ends or none. One step of a longer flow is an end, and behind it
 * a start of the same id.
 */
struct vzt_flow {
    uint64_t id;        /* the same in all processes; who joins traces of
                           programs that know nothing of each other makes ids
                           that differ */
    uint32_t flags;     /* enum vzt_flow_flag */
    uint32_t name_size; /* what flows, for people */
};

enum vzt_value_type {
    VZT_VALUE_INT64 = 1,
    VZT_VALUE_DOUBLE = 2, /* the bits of an IEEE 754 double */
};

/* What a call was given, as JSON text. */
struct vzt_arguments {
    uint32_t flags; /* enum vzt_text_flag */
    uint32_t args_size;
};

struct vzt_counter {
    uint32_t name_size;
    uint32_t series_count; /* of struct vzt_series behind this, before the name
                              and the keys */
};

struct vzt_series {
    uint32_t key_size; /* the keys stand behind the name */
    uint32_t type;     /* enum vzt_value_type */
    uint64_t bits;
};

enum vzt_gap_reason {
    VZT_GAP_SLOT_TAKEN = 1, /* the program used the profile hook itself */
    VZT_GAP_PAUSED = 2,     /* the program paused recording */
};

struct vzt_gap {
    uint32_t reason;     /* enum vzt_gap_reason */
    uint32_t reserved;   /* 0 */
    uint64_t lost_calls; /* 0 = unknown */
    uint64_t start_tick; /* the record itself stands at the end of the gap */
};

enum vzt_function_kind {
    VZT_FUNCTION_PYTHON = 1,
    VZT_FUNCTION_C = 2,
    VZT_FUNCTION_OTHER = 3, /* no function: an import, a label */
};

struct vzt_function {
    uint32_t id;   /* from 1; an id is never given twice within a section */
    uint32_t kind; /* enum vzt_function_kind */
    uint32_t line; /* of the definition, from 1; 0 = unknown */
    uint32_t name_size; /* qualified name; "module.name" for C */
    uint32_t file_size; /* path as the interpreter has it; 0 = none */
    uint32_t reserved;  /* 0 */
};

enum vzt_stream_kind {
    VZT_STREAM_THREAD = 1,
    VZT_STREAM_GREENLET = 2,
    VZT_STREAM_LANE = 3,
    VZT_STREAM_ASYNC = 4, /* no thread: what a program did over time, each call
                               below the one it is part of. Those of one name
                               and category are a group, of which parent is the
                               first stream; 0 in it */
    VZT_STREAM_SAMPLES = 5, /* a call lasts as long as samples show it */
};

/* Ids of threads from here on are made up, for a trace that has texts. */
#define VZT_MADE_UP_THREAD_ID (UINT64_C(1) << 52)

struct vzt_stream {
    uint32_t id;     /* from 1 */
    uint32_t kind;   /* enum vzt_stream_kind */
    uint32_t parent; /* of a greenlet, a lane, samples: its thread's stream */
    uint32_t name_size;
    uint64_t thread_id; /* the kernel's; of VZT_STREAM_ASYNC the size of the
                           category, a text behind the name */
};

struct vzt_stream_end {
    uint32_t id;
    uint32_t reserved; /* 0 */
    uint64_t tick;
};

struct vzt_process {
    uint32_t argument_count;
    uint32_t arguments_size; /* each argument ends with a NUL */
    uint32_t executable_size;
    uint32_t directory_size; /* working directory */
    uint32_t name_size;      /* for people: "app.py"; may be 0 */
    uint32_t version_size;   /* "CPython 3.12.1" */
};

struct vzt_string {
    uint32_t id;         /* from 1 */
    uint32_t size;       /* of the text here, at most VZT_STRING_SIZE_MAX */
    uint64_t whole_size; /* before it was cut */
    uint64_t whole_hash; /* hash_bytes of all of it */
};

/* A source file, in pieces of at most VZT_STRING_SIZE_MAX, from its start. */
struct vzt_source {
    uint32_t path_size;
    uint32_t piece_size;
    uint64_t offset;
    uint64_t whole_size;
    uint64_t whole_hash; /* hash_bytes of the whole file */
};

#endif
