// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/record/thread_log.h - the hot path: one event, one thread, no lock.
 *
 * A producer keeps the current thread's log in an initial-exec thread-local
 * pointer (thread_log_current), NULL until recorder_thread was called in this
 * thread and again NULL in a forked child. The words go to staging memory that
 * is mapped from the trace file: whatever was put survives a kill.
 */
#ifndef TRACER_RECORD_THREAD_LOG_H
#define TRACER_RECORD_THREAD_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "format/event.h"

struct recorder;

/* The part that the hot path touches: one cache line. */
struct thread_log {
    uint64_t *cursor;   /* where the next word goes */
    uint64_t *limit;    /* cursor may not reach this; a long record's room is
                            checked by its own function */
    uint64_t last_tick; /* of the last word */
    enum clock_kind clock;
    uint32_t epoch; /* the producer's own; 0 when the log is made */
    struct recorder *recorder;
};

/* The calling thread's log, or NULL. Defined in thread_log.c; the only
 * mutable state outside a struct, because nothing faster exists. */
extern _Thread_local struct thread_log *thread_log_current;

/* Append a short event, whatever that takes: make room, note a delta that does
 * not fit or a clock that stepped back, ask the system for the time. */
void thread_log_put_slowly(struct thread_log *log, uint64_t tag);

/* Append a short event if that takes no call; else nothing has happened. */
static inline bool
thread_log_try_put(struct thread_log *log, uint64_t tag)
{
    uint64_t *cursor = log->cursor;
    uint64_t tick;
    uint64_t delta;

    if (__builtin_expect(!clock_tick_inline(log->clock, &tick), 0)) {
        return false;
    }
    delta = tick - log->last_tick;
    if (__builtin_expect(cursor >= log->limit || delta > UINT32_MAX, 0)) {
        return false;
    }
    log->cursor = cursor + 1;
    log->last_tick = tick;
    __atomic_store_n(cursor, tag | delta, __ATOMIC_RELAXED);
    return true;
}

/* Append a short event whose tag was made by event_tag. */
static inline void
thread_log_put(struct thread_log *log, uint64_t tag)
{
    if (__builtin_expect(!thread_log_try_put(log, tag), 0)) {
        thread_log_put_slowly(log, tag);
    }
}

#endif
