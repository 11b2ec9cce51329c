// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/record/recorder_state.h - the recorder as its own files see it.
 *
 * One lock guards everything but the hot part of the logs, which belong to
 * their threads. While it is held the thread's signals are blocked and it
 * cannot be cancelled: a handler that forks or jumps away would leave the lock
 * behind. Functions marked "locked" are called between recorder_enter and
 * recorder_leave.
 */
#ifndef TRACER_RECORD_RECORDER_STATE_H
#define TRACER_RECORD_RECORDER_STATE_H

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/clock.h"
#include "format/call_stack.h"
#include "tracer/record/definition_log.h"
#include "tracer/record/recorder.h"
#include "tracer/record/staging_pool.h"
#include "tracer/record/trace_output.h"

struct stream_log;

/* What recorder_enter changed in the thread. */
struct recorder_section {
    sigset_t signals;
    int cancel_state;
};

/* The calls that were open in the forking thread, for its first block in the
 * child. */
struct inherited_calls {
    struct stream_log *stream; /* of the parent, or before; NULL = none */
    pthread_t thread;          /* the only one that has them */
    uint64_t fork_tick;
};

/* Where a stream stood before all of it was replayed. */
struct stream_mark {
    struct stream_log *stream; /* NULL = of none */
    uint64_t *floor;
    uint64_t *replayed;
    size_t depth;
    struct call_replay replay;
};

struct recorder {
    pthread_mutex_t lock;
    struct recorder_section fork_section; /* of the thread that forks */
    struct stream_mark fork_mark;
    pid_t owner; /* the process this state belongs to */
    uint32_t generation;
    bool is_over;         /* read without the lock: recording has stopped */
    bool is_finished;     /* ... by recorder_finish */
    bool is_open;         /* output is this process' own file */
    bool has_parent_file; /* output and pool still are the parent's */
    enum clock_kind clock;
    uint64_t limit_bytes; /* as asked for; 0 = default */
    bool has_one_process;
    uint64_t call_limit; /* 0 = none */
    bool forks_to_exec;  /* the next child becomes another program at once */
    bool is_before_exec; /* this process is such a child */
    uint64_t min_duration_ns;
    uint64_t minimum_ticks; /* the same in ticks, rounded up */
    struct clock_pair born;
    double event_cost_ticks; /* see event_cost.h */
    uint64_t ticks_per_second;
    uint64_t parent_section_id;
    struct process_definition process;
    char *process_texts; /* owned: what process points into */
    char *process_name;  /* owned: the name given later, or NULL */
    struct trace_output output;
    struct staging_pool pool;
    struct definition_log definitions;
    struct inherited_calls inherited;
    struct stream_log *live;   /* of living threads */
    struct stream_log *idle;   /* to be used again */
    size_t branch_count;       /* of live */
    size_t usual_size;         /* of staging, for a stream; 0 = not known yet */
    struct recorder *previous; /* finished ones, kept reachable */
    uint64_t memory_bytes;     /* but for the pool's, the ring's and these: */
    uint64_t table_bytes;      /* of the producer; atomic */
    uint32_t last_function;
    uint32_t last_stream;
    uint32_t last_string;
};

/* Take the lock; in a child that a raw clone made, become its recorder. True
 * when recording has not stopped. recorder_leave follows in any case. */
bool recorder_enter(struct recorder *recorder,
                    struct recorder_section *section);
void recorder_leave(struct recorder *recorder,
                    const struct recorder_section *section);

/* Locked: make this process' file if there is none yet. */
bool recorder_open(struct recorder *recorder);

/* Locked: recording stops because of what *output says. Returns false. */
bool recorder_stop(struct recorder *recorder, enum vzt_stop_reason reason);

/* Locked: bring the account and the status up to date. */
void recorder_account(struct recorder *recorder, int64_t change_bytes);

/* Locked: the thread of this stream ends, and with it all its branches. */
void recorder_end_thread(struct recorder *recorder, struct stream_log *stream);

/* Locked: write the definition of the process, again when its name changed. */
bool recorder_define_process(struct recorder *recorder);

/* The id of a new string; 0 when recording has stopped. */
uint32_t recorder_define_string(struct recorder *recorder,
                                struct text_span text);

/* In a forked child, before anything else: the parent's logs are no longer
 * ours. */
void recorder_become_child(struct recorder *recorder);

/* Locked: the calls of the parent that are open in the calling thread become
 * those of its new log. */
bool recorder_inherit_calls(struct recorder *recorder,
                            struct stream_log *stream);

/* Make this the recorder that fork handlers and thread ends serve. False when
 * the system refuses the handlers. */
bool recorder_install(struct recorder *recorder);

/* The recorder of this process, or NULL. */
struct recorder *recorder_installed(void);

/* Have the calling thread's end noticed. False when there is no memory. */
bool recorder_watch_thread(struct recorder *recorder);

#endif
