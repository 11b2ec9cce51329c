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
    uint64_t *floor;        /* what stands before it is not taken back */
    uint64_t minimum_ticks; /* what is shorter is; 0 = nothing */
    /* What filters count, see tracer/python/call_filter.h. A forked child goes
     * on with it. */
    uint32_t depth;        /* open calls; only under a limit */
    uint32_t hidden_count; /* open calls from one that hides all below it on;
                              0 = none does */
};

/* The calling thread's log, or NULL. Defined in thread_log.c; the only
 * mutable state outside a struct, because nothing faster exists. */
extern _Thread_local struct thread_log *thread_log_current;

/* Append a short event, whatever that takes: make room, note a delta that does
 * not fit or a clock that stepped back, ask the system for the time. */
void thread_log_put_slowly(struct thread_log *log, uint64_t tag);

/* The word of an event at this tick, so many after the last one; false when
 * that does not fit. */
static inline bool
thread_log_append(struct thread_log *log, uint64_t tag, uint64_t tick,
                  uint64_t delta)
{
    uint64_t *cursor = log->cursor;

    if (__builtin_expect(cursor >= log->limit || delta > UINT32_MAX, 0)) {
        return false;
    }
    log->cursor = cursor + 1;
    log->last_tick = tick;
    __atomic_store_n(cursor, tag | delta, __ATOMIC_RELAXED);
    return true;
}

/* Append a short event if that takes no call; else nothing has happened. */
static inline bool
thread_log_try_put(struct thread_log *log, uint64_t tag)
{
    uint64_t tick;
    uint64_t delta;

    if (__builtin_expect(!clock_tick_inline(log->clock, &tick), 0)) {
        return false;
    }
    delta = tick - log->last_tick;
    return thread_log_append(log, tag, tick, delta);
}

/* Append a short event whose tag was made by event_tag. */
static inline void
thread_log_put(struct thread_log *log, uint64_t tag)
{
    if (__builtin_expect(!thread_log_try_put(log, tag), 0)) {
        thread_log_put_slowly(log, tag);
    }
}

/*
 * What thread_log_put does with an exit, but a call that was shorter than the
 * recording's least duration is taken back: its entry, when that still is the
 * last word. So the call leaves no trace, unless something inside of it does:
 * a longer call (then this one is long enough, too) or a record, such as an
 * instant, which keeps all calls around it.
 *
 * The clock's rate is an estimate while recording, and a reader's is better.
 * The limit in ticks is therefore a thousandth higher than the estimate says
 * (recorder.h): no call that is kept is shorter than the limit as any reader
 * converts it, and one that is dropped is at most a little longer.
 */
void thread_log_put_exit_slowly(struct thread_log *log, uint64_t tag);

/* As thread_log_try_put. */
static inline bool
thread_log_try_put_exit(struct thread_log *log, uint64_t tag)
{
    uint64_t *cursor = log->cursor;
    uint64_t tick;
    uint64_t delta;

    if (__builtin_expect(!clock_tick_inline(log->clock, &tick), 0)) {
        return false;
    }
    delta = tick - log->last_tick;
    if (delta < log->minimum_ticks) {
        uint64_t entry;

        if (__builtin_expect(cursor == log->floor, 0)) {
            return false; /* the entry may be in another place */
        }
        entry = cursor[-1];
        if (event_is_entry(event_kind(entry))
            && event_function(entry) == event_function(tag)) {
            log->cursor = cursor - 1;
            log->last_tick -= event_delta(entry);
            __atomic_store_n(cursor - 1, 0, __ATOMIC_RELAXED);
            return true;
        }
    }
    return thread_log_append(log, tag, tick, delta);
}

/* Append an exit, or take its entry back. */
static inline void
thread_log_put_exit(struct thread_log *log, uint64_t tag)
{
    if (__builtin_expect(!thread_log_try_put_exit(log, tag), 0)) {
        thread_log_put_exit_slowly(log, tag);
    }
}

#endif
