// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/recording.h - the recording of this process, as the hooks see
 * it.
 *
 * One per process, whatever the number of interpreters, so it is file-scope
 * state: callbacks, the fork handler and the exit function get no argument
 * that could lead to it. Nothing in it is ever freed, since events may come
 * until the very end of the process.
 */
#ifndef TRACER_PYTHON_RECORDING_H
#define TRACER_PYTHON_RECORDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/record_encode.h"
#include "tracer/record/file_filter.h"
#include "tracer/record/function_table.h"
#include "tracer/record/recorder.h"
#include "tracer/record/recording_options.h"
#include "tracer/record/thread_log.h"

struct error;

struct recording {
    struct recorder *recorder;        /* NULL until recording_open */
    struct function_table *functions; /* code objects and C functions */
    struct function_table *sources;   /* a set: hashes of paths are the keys */
    struct function_table *ignored;   /* a set of code objects; or NULL */
    struct recording_options options;
    struct file_filter files; /* as the options say */
    uint32_t generation; /* of the recorder when the tables were last emptied */
    uint32_t epoch; /* grows with each recording and each pause; a log that is
                       of another one is looked at before its next event */
    uint64_t pause_tick; /* where the last pause of this recording began */
    bool is_launched;    /* by the viztracer command, not by the program */
    bool is_named;       /* the process, by the program */
    bool has_begun;      /* hooks record; a new interpreter need not wait */
};

extern struct recording recording;

enum function_flag {
    FUNCTION_IS_GENERATOR = 1u << 0, /* ... or a coroutine: may be resumed */
    FUNCTION_STARTS_THREAD = 1u << 1,
    FUNCTION_CHANGES_SURROUNDINGS = 1u << 2, /* look when it returns */
    FUNCTION_TAKES_SLOT = 1u << 3,           /* the profile function's */
    /* What filters go by; only looked at when recording_is_filtered. */
    FUNCTION_IS_OWN = 1u << 4, /* the recorder's: neither shown nor counted */
    FUNCTION_HIDES = 1u << 5,  /* not recorded, nor what it calls */
};

/*
 * Record into the directory from now on. A recording that was open is closed
 * first: its file stays. The options are moved in, whatever happens. On failure
 * nothing is open and *err says why.
 */
bool recording_open(const char *directory, struct recording_options *options,
                    struct error *err);

/* An open recording goes on with these options, which are moved in, whatever
 * happens. What can not change on the way stays: the bounds and the least
 * duration. False when there is no memory. No hooks may be on. */
bool recording_change_options(struct recording_options *options,
                              struct error *err);

/* End the recording, if one is open: its file is complete then. */
void recording_close(void);

/*
 * The calling thread's log, made on first use, or NULL when the thread is
 * muted or recording has stopped. In a forked child it empties the tables
 * first: ids belong to the file of one process.
 */
struct thread_log *recording_thread(void);

/*
 * Whether the log is this recording's and knows of its last pause: a thread
 * that was recorded before keeps a log of an earlier one, and one that was
 * paused is to write the gap first. recording_thread sees to both.
 */
static inline bool
recording_owns(const struct thread_log *log)
{
    return log != NULL && log->epoch == recording.epoch;
}

/*
 * Recording goes on after a pause that began at this tick. Each thread that
 * has been recorded before writes the gap in front of its next event.
 */
void recording_resume(uint64_t pause_tick);

/* Give a function its id, by which the table knows it from now on, unless
 * recording has stopped. */
void recording_define(const void *key, const void *check, uint32_t flags,
                      const struct function_definition *definition);

/* Remember that a function is not recorded. */
void recording_hide(const void *key, const void *check, uint32_t flags);

/*
 * From its next call on, this code object and all that it calls is not recorded
 * (until it is forgotten), whatever recording is open then. False when there is
 * no memory.
 */
bool recording_ignore(const void *code);

/* Whether a code object is one of those. */
static inline bool
recording_ignores(const void *code)
{
    return recording.ignored != NULL
           && function_table_look(recording.ignored, code) != 0;
}

/* Whether anything but the kind of a function keeps it out of the recording:
 * then hooks call what call_filter.h says. */
static inline bool
recording_is_filtered(void)
{
    return recording.options.depth_limit != UINT32_MAX
           || recording.options.path_count > 0
           || recording.options.min_duration_ns > 0
           || recording.ignored != NULL;
}

/* The function at this address is gone. NULL is allowed. */
void recording_forget(const void *key);

/*
 * Record nothing of the calling thread between these: what the recorder's own
 * interface does is no part of the program. Calls nest.
 */
void recording_mute_thread(void);
void recording_unmute_thread(void);

/* The process is about to end, or to become another program, or (reason is
 * VZT_STOP_NONE) was not: see recorder_leaving. */
void recording_leaving(enum vzt_stop_reason reason);

/* See recorder_forks_to_exec. */
void recording_forks_to_exec(bool is_about_to);

/* The command's recording follows all Pythons but this many more; see
 * recorder_count_unfollowed. */
void recording_count_unfollowed(int change);

/* The tick now, on the recording's clock. */
uint64_t recording_tick(void);

/* Append an event of the function with these facts, if it is recorded, by the
 * way that may do anything: make the thread's log. */
static inline void
recording_put(struct thread_log *log, enum event_kind kind, uint64_t facts)
{
    if (__builtin_expect(function_id(facts) != 0, 1)) {
        thread_log_put(log, function_tag(kind, facts));
    }
}

/* The same for an exit, which may take its entry back. */
static inline void
recording_put_exit(struct thread_log *log, enum event_kind kind, uint64_t facts)
{
    if (__builtin_expect(function_id(facts) != 0, 1)) {
        thread_log_put_exit(log, function_tag(kind, facts));
    }
}

#endif
