// SPDX-License-Identifier: Apache-2.0
/* What the hot path leaves out: full stagings, odd clocks, long records. */
#include "tracer/record/thread_log.h"

#include <string.h>

#include "tracer/record/recorder_state.h"
#include "tracer/record/stream_log.h"

enum { CLOCK_RECORD_WORDS = 2 };

_Thread_local struct thread_log *thread_log_current;

/* Words that nobody keeps, and the one at hand, go round in a small place of
 * their own. */
static void
drop_words(struct stream_log *stream)
{
    struct recorder *recorder = stream->log.recorder;
    size_t count = (size_t)(stream->log.cursor - stream->sink) + 1;

    if (recorder->is_open) {
        struct vzt_status *status = trace_output_status(&recorder->output);

        (void)__atomic_fetch_add(&status->lost_events, count, __ATOMIC_RELAXED);
    }
    stream->log.cursor = stream->sink;
}

/* Begin a new block with room for a head and what belongs to it. */
static bool
flush_block(struct recorder *recorder, struct stream_log *stream, uint64_t tick,
            uint64_t head, size_t count)
{
    if (event_kind(head) == EVENT_LONG && record_type(head) == RECORD_GAP) {
        if (!stream_log_catch_up(recorder, stream, stream->log.cursor)) {
            return false;
        }
        stream->stack.depth = 0; /* see call_stack.h */
    }
    return stream_log_flush(recorder, stream, tick, head, count);
}

/* The same, and count what it took. */
static bool
begin_block(struct recorder *recorder, struct stream_log *stream, uint64_t tick,
            uint64_t head, size_t count)
{
    bool ok = flush_block(recorder, stream, tick, head, count);
    uint64_t now = clock_tick(recorder->clock);

    if (now > tick) { /* else the clock stepped back */
        trace_output_status(&recorder->output)->flush_ticks += now - tick;
    }
    return ok;
}

/*
 * Make room for count words at this tick, whatever it takes. False when the
 * words are not to be kept, or the log is no longer this thread's (a child
 * that a raw clone made): then there is nothing more to do.
 */
static bool
make_room(struct thread_log *log, uint64_t tick, uint64_t head, size_t count)
{
    struct stream_log *stream = stream_log_of(log);
    struct recorder *recorder = log->recorder;
    struct recorder_section section;
    bool ok;

    if (stream->staging.header == NULL && !recorder_is_recording(recorder)) {
        drop_words(stream);
        return false;
    }
    ok = recorder_enter(recorder, &section);
    if (thread_log_current != log) {
        recorder_leave(recorder, &section);
        return false;
    }
    ok = ok && stream->staging.header != NULL;
    if (ok && tick < log->last_tick) {
        stream->tick_shift += log->last_tick - tick;
        log->last_tick = tick;
        ok = begin_block(recorder, stream, tick, head, count);
    } else if (ok && (size_t)(log->limit - log->cursor) < count) {
        ok = begin_block(recorder, stream, tick, head, count);
    }
    if (!ok && stream->staging.header != NULL) {
        stream_log_use_sink(stream); /* what is in the staging stays there */
    }
    recorder_leave(recorder, &section);
    if (!ok) {
        drop_words(stream);
    }
    return ok;
}

/* Put a word, and the count words behind it if it is the head of a record.
 * The head comes last: it makes the others valid. */
static void
put_words(struct thread_log *log, uint64_t head, const uint64_t *payload,
          size_t count)
{
    uint64_t *cursor = log->cursor;

    if (count > 0) {
        memcpy(cursor + 1, payload, count * sizeof *payload);
    }
    __atomic_store_n(cursor, head, __ATOMIC_RELEASE);
    log->cursor = cursor + 1 + count;
    if (count > 0) {
        log->floor = log->cursor; /* it keeps the calls around it */
    }
}

static void
put_clock(struct thread_log *log, uint64_t tick)
{
    uint64_t now = tick + stream_log_of(log)->tick_shift;

    put_words(log, record_tag(RECORD_CLOCK, 1), &now, 1);
    log->last_tick = tick;
}

static void
put(struct thread_log *log, uint64_t tick, uint64_t head,
    const uint64_t *payload, size_t count)
{
    size_t needed = CLOCK_RECORD_WORDS + 1 + count;

    if (((size_t)(log->limit - log->cursor) < needed || tick < log->last_tick
         || stream_log_of(log)->staging.header == NULL)
        && !make_room(log, tick, head, needed)) {
        return;
    }
    if (tick - log->last_tick > UINT32_MAX) {
        put_clock(log, tick);
    }
    put_words(log, head | (tick - log->last_tick), payload, count);
    log->last_tick = tick;
}

void
thread_log_put_slowly(struct thread_log *log, uint64_t tag)
{
    put(log, clock_tick(log->clock), tag, NULL, 0);
}

/* Nothing was put in this process yet. */
static bool
take_inherited(struct thread_log *log, uint64_t tick)
{
    struct stream_log *stream = stream_log_of(log);
    struct recorder_section section;
    bool is_taken;

    if (stream->stack.depth == 0) {
        return false;
    }
    is_taken = recorder_enter(log->recorder, &section)
               && thread_log_current == log
               && stream_log_take_inherited(log->recorder, stream, tick);
    recorder_leave(log->recorder, &section);
    return is_taken;
}

/* What is not as simple: the last word is not an entry. */
static bool
take_back_behind(struct thread_log *log, uint64_t tag, uint64_t tick)
{
    struct stream_log *stream = stream_log_of(log);

    if (stream->words == NULL) {
        return false;
    }
    if (log->cursor == stream->words) {
        return take_inherited(log, tick);
    }
    return log->minimum_ticks > UINT32_MAX
           && stream_log_take_behind_clock(stream, tag, tick);
}

/* Take the entry of a call back that was too short. Whatever the clock does,
 * a call that lasts no time in the trace is too short. */
static bool
take_back(struct thread_log *log, uint64_t tag, uint64_t tick)
{
    uint64_t entry;

    tick = tick > log->last_tick ? tick : log->last_tick;
    if (tick - log->last_tick >= log->minimum_ticks) {
        return false;
    }
    if (log->cursor <= log->floor) {
        return take_back_behind(log, tag, tick);
    }
    entry = log->cursor[-1];
    if (!event_is_entry(event_kind(entry))
        || event_function(entry) != event_function(tag)) {
        return false;
    }
    log->cursor--;
    log->last_tick -= event_delta(entry);
    __atomic_store_n(log->cursor, 0, __ATOMIC_RELAXED);
    return true;
}

void
thread_log_put_exit_slowly(struct thread_log *log, uint64_t tag)
{
    uint64_t tick = clock_tick(log->clock);

    if (!take_back(log, tag, tick)) {
        put(log, tick, tag, NULL, 0);
    }
}

void
thread_log_put_record(struct thread_log *log, const uint64_t *words,
                      size_t count)
{
    put(log, clock_tick(log->clock), words[0], words + 1, count - 1);
}
