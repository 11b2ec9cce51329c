// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/record/stream_log.h - all of a thread's log, behind its hot part.
 *
 * The thread alone writes words and moves the cursor. The rest changes in the
 * thread too, under the recorder's lock: at a flush, when it forks, when it
 * ends. Ticks in the file are the clock's plus tick_shift, which is 0 unless
 * the clock stepped back.
 */
#ifndef TRACER_RECORD_STREAM_LOG_H
#define TRACER_RECORD_STREAM_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/call_stack.h"
#include "format/record_encode.h"
#include "tracer/record/staging_pool.h"
#include "tracer/record/thread_log.h"

struct recorder;

enum {
    SINK_WORDS = 64,
    RECORD_WORDS = VZT_LONG_RECORD_SIZE_MAX / 8, /* head included */
};

struct stream_log {
    struct thread_log log; /* first: one is the other */
    struct stream_log *next;
    struct stream_log **link; /* that leads here */
    uint32_t id;
    struct stream_log *home; /* of a branch: the stream of its thread */
    bool is_parked;          /* has no staging until it goes on */
    uint64_t thread_id;
    uint64_t name_hash; /* of the name in the trace */
    bool has_own_name;  /* given by the program, not the kernel's */
    uint64_t tick_shift;
    uint64_t number;         /* of the block */
    uint64_t calls_before;   /* it */
    struct staging staging;  /* none while words go to the sink */
    uint64_t *words;         /* where the block's words begin */
    uint64_t *replayed;      /* words before it are in stack and replay */
    struct call_stack stack; /* open calls after the replayed words */
    struct call_replay replay;
    uint64_t sink[SINK_WORDS]; /* where words go that nobody keeps */
};

static inline struct stream_log *
stream_log_of(struct thread_log *log)
{
    return (struct stream_log *)log;
}

/* The stream of its thread: a branch's, or itself. */
static inline const struct stream_log *
stream_log_home(const struct stream_log *stream)
{
    return stream->home != NULL ? stream->home : stream;
}

/* A log for the calling thread, whose words go to the sink; NULL when there
 * is no memory. Locked, as all below. */
struct stream_log *stream_log_new(struct recorder *recorder);

/* Begin its first block. The stack holds the calls that are open. */
bool stream_log_begin(struct recorder *recorder, struct stream_log *stream);

/* Words at the end of a block that may still be taken back: entries of calls
 * that are open and younger than the least duration, and records of the clock
 * behind the first of them. */
struct undecided_words {
    uint64_t *words;
    size_t count;       /* up to the cursor */
    uint64_t tick;      /* from which the first of them counts */
    uint64_t *last;     /* the last entry of them; NULL = there are none */
    uint64_t last_tick; /* from which it counts */
};

/* Which they are at this tick of the clock. */
struct undecided_words stream_log_undecided(const struct stream_log *stream,
                                            uint64_t tick);

/* Bring stack and replay up to a word. What is replayed is not taken back. */
bool stream_log_catch_up(struct recorder *recorder, struct stream_log *stream,
                         uint64_t *end);

/*
 * Write the block out and begin the next, at this tick of the clock, with
 * room for word_count words of which this is the first. If that is an entry,
 * undecided words go with it: at every instant they are in the file.
 */
bool stream_log_flush(struct recorder *recorder, struct stream_log *stream,
                      uint64_t tick, uint64_t head, size_t word_count);

/* Write out a copy of a block that is not in the file, without its undecided
 * words, unless it is complete: then nothing is taken back any more. */
bool stream_log_save_copy(struct recorder *recorder,
                          const struct stream_log *stream, bool is_complete);

/* An exit comes at this tick, behind a record of the clock (the least duration
 * is longer than a word can say): take the entry in front of that back. */
bool stream_log_take_behind_clock(struct stream_log *stream, uint64_t tag,
                                  uint64_t tick);

/* An exit comes at this tick: was it of a call that the process inherited, and
 * which was too short since? Then it is taken back, out of the header. */
bool stream_log_take_inherited(struct recorder *recorder,
                               struct stream_log *stream, uint64_t tick);

/* From now on words are dropped (and counted). */
void stream_log_use_sink(struct stream_log *stream);

/* The thread ends: write out the last block and the stream's end. */
void stream_log_end(struct recorder *recorder, struct stream_log *stream);

/* The branch runs no more for a while: write its block out and give its
 * staging back. stream_log_begin goes on. A branch with undecided words keeps
 * it: what is written can not be taken back. */
bool stream_log_park(struct recorder *recorder, struct stream_log *stream);

/* Define the stream, again when its name is another than before. */
bool stream_log_name(struct recorder *recorder, struct stream_log *stream,
                     struct text_span name);

void stream_log_link(struct stream_log **list, struct stream_log *stream);
void stream_log_unlink(struct stream_log *stream);

/* Not locked, in the log's own thread: put a long record, head first, with
 * delta 0. */
void thread_log_put_record(struct thread_log *log, const uint64_t *words,
                           size_t count);

#endif
