// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/record/recorder.h - write what one process does into its own file.
 *
 * The core knows no Python. A producer (the CPython glue, a C test) attaches
 * threads, names functions and puts events; see thread_log.h for the hot path.
 * One recorder per process. What must hold, whatever the program does:
 *   - putting an event never fails, raises, allocates or takes a lock, except
 *     when the staging is full: then it is flushed under the recorder's lock;
 *   - a failure (disk full, descriptor taken away, no memory) stops recording
 *     for this process, once, and the status in the file says why;
 *   - every mapped byte is allocated first; no descriptor is trusted: before
 *     each write its device and inode are compared with the file's;
 *   - a forked child writes nothing into its parent's mapping or file: its own
 *     file is created at its first event;
 *   - nothing that was created is ever freed before the process ends: events
 *     may come until the very last moment.
 * Signal handlers of the program may interrupt any of this.
 */
#ifndef TRACER_RECORD_RECORDER_H
#define TRACER_RECORD_RECORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "format/layout.h"
#include "format/record_encode.h"

struct error;
struct recorder;
struct thread_log;

struct recorder_options {
    const char *directory; /* the recording directory; exists; copied */
    uint64_t limit_bytes;  /* bound of this process' file; 0 = the default,
                              8 GiB or half of the free space */
    uint64_t call_limit; /* keep the latest so many calls of the process: those
                            that end last; 0 = all. What the file holds of
                            others, readers leave out */
    uint64_t min_duration_ns; /* calls that end earlier are not kept, when
                                 their exits come by thread_log_put_exit; in
                                 ticks it is up to 0.2 % more, since the rate
                                 of the clock is an estimate; 0 = all are */
    bool has_one_process;     /* forked children record nothing */
    struct process_definition process; /* copied */
};

/*
 * Make the recorder of this process. The file is created at the first event
 * (thread_log_put or any definition), so that a process which does nothing or
 * only forks and execs costs nothing. Installs fork handlers (pthread_atfork)
 * once per process. Fails when the process has a recorder that has not
 * stopped, when the directory's name is too long or when there is no memory;
 * *out is then left alone. A limit below 1 MiB counts as 1 MiB. The limit
 * bounds blocks: definitions and staging that come later may exceed it.
 */
bool recorder_new(struct recorder **out, const struct recorder_options *options,
                  struct error *err);

/*
 * The log of the calling thread, made (with its stream) on first use; NULL
 * when recording has stopped. Cheap after the first time, but not free: the
 * hot path keeps it, see thread_log.h. The name may be empty.
 */
struct thread_log *recorder_thread(struct recorder *recorder,
                                   struct text_span name);

/* Give the calling thread's stream a name. Unchanged names cost nothing. */
void recorder_name_thread(struct recorder *recorder, struct text_span name);

/* Name the process for people ("ForkProcess-1"). */
void recorder_name_process(struct recorder *recorder, struct text_span name);

/*
 * Define a function and return its id: from 1, never given twice; 0 when
 * recording has stopped or the ids are used up. The source file of a Python
 * function is the caller's to give, once per file, with recorder_source.
 */
uint32_t recorder_function(struct recorder *recorder,
                           const struct function_definition *function);

/* Keep the text of a source file in the trace. */
void recorder_source(struct recorder *recorder, struct text_span path,
                     struct text_span text);

/* Instants and counters, on the calling thread, now. Oversized arguments go
 * to a string by themselves. Name of a counter and its keys are cut at 1000
 * bytes each, series at 64. */
void recorder_instant(struct recorder *recorder, enum vzt_scope scope,
                      struct text_span name, struct text_span args);
void recorder_counter(struct recorder *recorder, struct text_span name,
                      const struct counter_value *values, size_t count);
/* An object of the program: created, as it is now (args hold {"snapshot":
 * {...}}), deleted. The id is cut at 200 bytes, the name at 3800. */
void recorder_object(struct recorder *recorder, enum vzt_object_phase phase,
                     struct text_span id, struct text_span name,
                     struct text_span args);

/*
 * Branches: a thread that runs greenlets has a stack of calls for each of
 * them, and so a stream each. A branch belongs to the thread that made it and
 * ends with it at the latest. Only that thread may call these.
 */

/* A new branch of the calling thread, which has a log; NULL when recording has
 * stopped. Events do not go to it yet. */
struct thread_log *recorder_branch(struct recorder *recorder,
                                   struct text_span name);

/* Of a thread's log: a number that no other log of this recorder gets. */
uint32_t recorder_log_number(const struct thread_log *log);

/* The calling thread's events go to this log of its own from now on. When there
 * are many branches the one before is parked: without memory in the file. */
void recorder_switch(struct recorder *recorder, struct thread_log *to);

/* The branch is over. It is not the current one; a thread's own log stays. */
void recorder_end_branch(struct recorder *recorder, struct thread_log *branch);

/* Nothing was recorded on this thread since start_tick. */
void recorder_gap(struct recorder *recorder, enum vzt_gap_reason reason,
                  uint64_t start_tick);

/*
 * Make the file complete up to now (save() from inside the program). What lies
 * in mapped staging is in the file already, and a reader finds it there; where
 * staging is private, copies of all threads' blocks are written. Other threads
 * may go on; events they put meanwhile come later.
 */
void recorder_flush(struct recorder *recorder);

/*
 * The same, and nothing is written to the file until recorder_let_go: a block
 * that a thread appended while a reader goes through the file would be missed
 * there and in the staging that it left. Other threads wait where they would
 * append one. In between the calling thread may record nothing, nor call any
 * other function of the recorder.
 */
void recorder_flush_and_hold(struct recorder *recorder);
void recorder_let_go(struct recorder *recorder);

/*
 * The calling thread is about to end the process without more ado
 * (VZT_STOP_EXIT_CALL), or to become another program (VZT_STOP_EXEC): what is
 * recorded is complete, and the status says why. With VZT_STOP_NONE that has
 * failed, and the process is there as before. Recording goes on meanwhile.
 */
void recorder_leaving(struct recorder *recorder, enum vzt_stop_reason reason);

/*
 * The calling thread is about to fork a child that becomes another program at
 * once, or (false) has done so. What the child records until then says so.
 */
void recorder_forks_to_exec(struct recorder *recorder, bool is_about_to);

/* The process started this many Pythons in a way that nothing records them;
 * -1 takes one back. */
void recorder_count_unfollowed(struct recorder *recorder, int change);

/*
 * Recording ends: settle what is in staging, trim the file, set the state.
 * Events put afterwards are dropped; other threads may still be putting some.
 * Called after interpreter finalisation, or when inline recording is over for
 * good; then another recorder may be made.
 */
void recorder_finish(struct recorder *recorder);

/* The file of this process, or "" when none was created yet. */
const char *recorder_path(const struct recorder *recorder);

/* False once recording has stopped for good, whatever the reason. */
bool recorder_is_recording(const struct recorder *recorder);

/* Grows by one in every forked child: caches of ids (function tables) are
 * void when it differs from when they were made. */
uint32_t recorder_generation(const struct recorder *recorder);

enum clock_kind recorder_clock(const struct recorder *recorder);

/* What the producer's tables take now: part of the recorder's account. */
void recorder_note_tables(struct recorder *recorder, uint64_t bytes);

/* Bytes allocated or mapped by the recorder now (also in the status). */
uint64_t recorder_memory(const struct recorder *recorder);

#endif
