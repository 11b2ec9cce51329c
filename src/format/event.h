// SPDX-License-Identifier: Apache-2.0
/*
 * format/event.h - the words of a block.
 *
 *      63      60 59                     32 31                          0
 *     +----------+-------------------------+----------------------------+
 *     |   kind   |   function id           |  ticks since the last word |
 *     +----------+-------------------------+----------------------------+
 *
 *     +----------+--------+----------------+----------------------------+
 *     | 15, long |  type  | size in words  |  ticks since the last word |
 *     +----------+--------+----------------+----------------------------+
 *     |  `size` words of payload (the head is not counted) ...          |
 *     +-----------------------------------------------------------------+
 *
 * The first word of a block counts from first_tick of its header. Word 0 is
 * never valid. A call takes two words, 16 bytes. Ticks within a stream only
 * grow. Returns carry the function id, so that a reader can resynchronise.
 * A payload record of a call (arguments, return value, exception) follows its
 * entry or exit in the same block, with a delta of 0; it is part of that event
 * and takes no time of its own. Unknown long records are skipped by their size;
 * unknown short kinds are counted and otherwise ignored.
 */
#ifndef FORMAT_EVENT_H
#define FORMAT_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/payload.h"

enum event_kind {
    EVENT_CALL = 1,     /* a Python function is entered */
    EVENT_RESUME = 2,   /* a generator or coroutine goes on */
    EVENT_THROW_IN = 3, /* ... by throw() or close() */
    EVENT_RETURN = 4,
    EVENT_YIELD = 5,  /* ... pauses, to be resumed */
    EVENT_UNWIND = 6, /* left by an exception */
    EVENT_C_CALL = 7,
    EVENT_C_RETURN = 8,
    EVENT_C_RAISE = 9,
    EVENT_LONG = 15,
};

/* Types of long records. Those from 128 stand in DEFINITIONS chunks only. */
enum record_type {
    RECORD_CLOCK = 1,       /* one word: the tick now; for a delta of 2^32 and
                               more. The head's own delta is 0 */
    RECORD_INSTANT = 2,     /* struct vzt_instant */
    RECORD_COUNTER = 3,     /* struct vzt_counter */
    RECORD_OBJECT = 4,      /* struct vzt_object */
    RECORD_ASYNC_BEGIN = 5, /* reserved, and so are those without a comment */
    RECORD_ASYNC_END = 6,
    RECORD_FLOW_START = 7, /* struct vzt_flow: an arrow leaves a call */
    RECORD_FLOW_END = 8,   /* struct vzt_flow: an arrow reaches a call */
    RECORD_LOG = 9,
    RECORD_ARGUMENTS = 10, /* struct vzt_arguments, behind its entry */
    RECORD_RETURN_VALUE = 11,
    RECORD_EXCEPTION = 12,
    RECORD_SAMPLE = 13,
    RECORD_GC = 14,
    RECORD_AUDIT = 15,
    RECORD_SWITCH = 16, /* another task or greenlet runs */
    RECORD_METADATA = 17,
    RECORD_GAP = 18, /* struct vzt_gap: nothing was recorded for a while; the
                        calls that were open are closed where it starts */
    RECORD_LEFT_OUT = 19, /* no payload: something happened here that a cut of
                             a trace has left out. It is where a stretch of
                             time begins or ends: of a gap, of an open call, of
                             the trace */

    RECORD_DEFINE_FUNCTION = 128, /* struct vzt_function */
    RECORD_DEFINE_STREAM = 129,   /* struct vzt_stream; a later one renames */
    RECORD_DEFINE_PROCESS = 130,  /* struct vzt_process; a later one replaces
                                     the texts that it has */
    RECORD_DEFINE_STRING = 131,   /* struct vzt_string */
    RECORD_DEFINE_SOURCE = 132,   /* struct vzt_source */
    RECORD_END_STREAM = 133,      /* struct vzt_stream_end */
};

enum {
    EVENT_DELTA_BITS = 32,
    EVENT_ID_BITS = 28,
    EVENT_FUNCTION_MAX = (1 << 28) - 1, /* ids from 1; 0 is "unknown" */
    RECORD_SIZE_BITS = 20,
    RECORD_WORDS_MAX = (1 << 20) - 1,
};

static inline uint64_t
event_tag(enum event_kind kind, uint32_t function)
{
    return ((uint64_t)kind << 60) | ((uint64_t)function << 32);
}

static inline uint64_t
record_tag(enum record_type type, uint32_t word_count)
{
    return ((uint64_t)EVENT_LONG << 60) | ((uint64_t)type << 52)
           | ((uint64_t)word_count << 32);
}

static inline uint32_t
event_kind(uint64_t word)
{
    return (uint32_t)(word >> 60);
}

static inline uint32_t
event_function(uint64_t word)
{
    return (uint32_t)(word >> 32) & EVENT_FUNCTION_MAX;
}

static inline uint32_t
event_delta(uint64_t word)
{
    return (uint32_t)word;
}

static inline uint32_t
record_type(uint64_t head)
{
    return (uint32_t)(head >> 52) & 0xFF;
}

/* Words of payload behind the head. */
static inline uint32_t
record_size(uint64_t head)
{
    return (uint32_t)(head >> 32) & RECORD_WORDS_MAX;
}

/* Whether a record is part of the entry or exit before it. */
static inline bool
record_is_payload(uint64_t head)
{
    return record_type(head) >= RECORD_ARGUMENTS
           && record_type(head) <= RECORD_EXCEPTION;
}

/* Sets of kinds, a bit each: these are asked of every word. */
enum {
    EVENT_ENTRIES = 1 << EVENT_CALL | 1 << EVENT_RESUME | 1 << EVENT_THROW_IN
                    | 1 << EVENT_C_CALL,
    EVENT_EXITS = 1 << EVENT_RETURN | 1 << EVENT_YIELD | 1 << EVENT_UNWIND
                  | 1 << EVENT_C_RETURN | 1 << EVENT_C_RAISE,
};

static inline bool
event_is_entry(uint32_t kind)
{
    return (EVENT_ENTRIES >> kind) & 1;
}

static inline bool
event_is_exit(uint32_t kind)
{
    return (EVENT_EXITS >> kind) & 1;
}

#endif
