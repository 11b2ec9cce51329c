// SPDX-License-Identifier: Apache-2.0
/*
 * model/trace_model.h - a trace as people look at it: processes, tracks,
 * functions, slices, instants and counters, on one time axis.
 *
 * The model holds an index over blocks of events, never one object per call;
 * it decodes blocks when a query needs them. Times are nanoseconds from the
 * start of the trace (its first event, all files and processes together).
 * Names are as recorded: whoever shows them sanitises them (format/sanitise.h).
 * After opening, the model is read-only; queries with a scratch of their own
 * may run on several threads.
 */
#ifndef MODEL_TRACE_MODEL_H
#define MODEL_TRACE_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/progress.h"
#include "format/event.h"

struct error;
struct trace_model;
struct trace_section;
struct trace_stream;

struct trace_model_options {
    unsigned thread_count; /* 0 = one per processor */
    struct progress progress;
    /* When progress says stop: open what was read until then instead of failing
     * with ERROR_CANCELLED. What was not read is drawn as a gap at the end of
     * its track, its calls are counted as lost, and a note says so. */
    bool keeps_when_stopped;
    /* Every path begins at time 0, whenever it was recorded. Time 0 is then
     * that of the path that was recorded last, and the trace's start on
     * CLOCK_MONOTONIC is 0. */
    bool aligns_inputs;
    /* With it: the time at which each path begins instead; NULL = 0. */
    const uint64_t *delays_ns;
    /* What the paths are called, one for each; NULL = as the paths. */
    const char *const *names;
    /* Show the processes of this id only, 0 = all. The others still tell what
     * those inherited by a fork, and when time 0 is. */
    uint32_t only_pid;
    /* What whoever made the files has to say; the first of the notes. */
    const char *const *notes;
    size_t note_count;
};

/*
 * Open .vzt files and recording directories (every .vzt file inside) as one
 * trace. Fails when no path holds a readable section; a file that is damaged
 * in part is opened as far as it goes, see trace_model_notes. On success the
 * caller owns *out; on failure *out is left alone.
 */
bool trace_model_open(struct trace_model **out, const char *const *paths,
                      size_t path_count,
                      const struct trace_model_options *options,
                      struct error *err);

void trace_model_close(struct trace_model *model);

/* What a reader should know about how far the trace can be trusted, one per
 * line of text: damage with byte offsets, lost calls, how processes ended. */
size_t trace_model_note_count(const struct trace_model *model);
const char *trace_model_note(const struct trace_model *model, size_t index);

struct trace_summary {
    uint64_t duration_ns;
    uint64_t call_count;  /* that can be shown */
    uint64_t event_count; /* calls, instants and counter points */
    uint64_t lost_calls;  /* known to be missing */
    uint64_t mismatched_returns;
    uint64_t unfinished_calls; /* still open where the trace ends */
    uint64_t file_bytes;
    uint64_t index_bytes;       /* memory held by the model */
    uint64_t start_realtime_ns; /* wall clock of time 0, since 1970 */
    bool has_wall_clock; /* it is one: an import may not know, and then it is
                            any other clock */
    uint64_t start_monotonic_ns;
    bool is_live;    /* some process is still recording */
    bool is_partial; /* loading was stopped: what is missing was not read */
};

struct trace_summary trace_model_summary(const struct trace_model *model);

/* The paths that the trace was opened from. */
size_t trace_model_input_count(const struct trace_model *model);
const char *trace_model_input_name(const struct trace_model *model,
                                   size_t index);

enum process_end {
    PROCESS_END_UNKNOWN,
    PROCESS_END_RUNNING,  /* still recording */
    PROCESS_END_FINISHED, /* its interpreter finished, or it called os._exit */
    PROCESS_END_KILLED,   /* it is gone and never said so: kill -9, a crash,
                             os._exit where C functions are not seen */
    PROCESS_END_SIGNAL,   /* end_value is the signal, as the launcher saw it */
    PROCESS_END_STOPPED,  /* recording stopped early, see end_text */
};

struct model_process {
    uint64_t section_id;
    size_t input; /* which of the paths it came from */
    uint32_t pid;
    uint32_t number; /* the pid; another one when two processes have that */
    uint32_t ppid;
    bool has_pid;     /* else the trace has a text for it, and pid is made up */
    const char *name; /* never empty: a name, a script, or "pid 123" */
    uint64_t start_ns;
    uint64_t end_ns; /* of its last event */
    enum process_end end;
    int end_value;
    const char *end_text; /* "killed by SIGKILL", "disk full", ... */
    size_t first_track;   /* its tracks are contiguous */
    size_t track_count;
    uint64_t call_count;
    uint64_t lost_calls;
};

size_t trace_model_process_count(const struct trace_model *model);
const struct model_process *trace_model_process(const struct trace_model *model,
                                                size_t index);

/* What a process and a track are in their file (format/reader.h), for those
 * who write it anew. */
const struct trace_section *trace_model_section(const struct trace_model *model,
                                                size_t process);
const struct trace_stream *trace_model_stream(const struct trace_model *model,
                                              size_t track);

/* The time of a tick of a process' clock; 0 for what was before the trace. */
uint64_t trace_model_tick_time(const struct trace_model *model, size_t process,
                               uint64_t tick);

/* A track is a stream of calls with its instants. */
struct model_track {
    uint32_t process; /* index */
    enum vzt_stream_kind kind;
    uint64_t thread_id;   /* the kernel's */
    bool has_thread_id;   /* else the trace has a text for it, or none */
    const char *name;     /* never empty: a name or "thread 123" */
    const char *category; /* of VZT_STREAM_ASYNC; "" = none */
    uint64_t start_ns;
    uint64_t end_ns; /* of its last event */
    uint64_t call_count;
    uint64_t lost_calls;
    uint32_t depth; /* deepest level in use; the outermost call is level 0,
                       so a track of one level has depth 1 */
    size_t instant_count;
    size_t gap_count;
};

/* Whether calls of a track are those of a thread (or of what it switches to),
 * not what lasted, or was seen, beside them. */
static inline bool
model_track_is_thread(const struct model_track *track)
{
    return track->kind != VZT_STREAM_ASYNC && track->kind != VZT_STREAM_SAMPLES;
}

size_t trace_model_track_count(const struct trace_model *model);
const struct model_track *trace_model_track(const struct trace_model *model,
                                            size_t index);

/* How many of count tracks from first on are threads; greenlets and lanes of
 * one are tracks, too, but no further threads. */
size_t trace_model_thread_count(const struct trace_model *model, size_t first,
                                size_t count);

/* A stretch in which calls are missing (a ring gave them up, a gap record). */
struct model_gap {
    uint64_t start_ns;
    uint64_t end_ns;
    uint64_t lost_calls; /* 0 = unknown */
    bool is_pause;       /* the program wanted nothing recorded */
};

const struct model_gap *trace_model_gaps(const struct trace_model *model,
                                         size_t track);

/* Functions are one per (name, file, line, kind) over the whole trace. */
struct model_function {
    const char *name;
    const char *file; /* "" when there is none */
    uint32_t line;
    enum vzt_function_kind kind;
    uint64_t hash;       /* of the name: the colour */
    uint64_t call_count; /* entries: a resumed generator counts each time */
    uint64_t total_ns;   /* wall time, counted once under recursion */
    uint64_t self_ns;    /* less its callees */
    uint64_t min_ns;     /* of one call that was seen whole; 0 if none was */
    uint64_t max_ns;     /* of one call, unfinished ones included */
    uint64_t unfinished_count;
};

uint32_t trace_model_function_count(const struct trace_model *model);
const struct model_function *
trace_model_function(const struct trace_model *model, uint32_t index);
/* The index of a function that came from this model; UINT32_MAX for the unknown
 * one. */
uint32_t trace_model_function_index(const struct trace_model *model,
                                    const struct model_function *function);
/* All calls of functions that the trace does not name, "(unknown)"; slices name
 * it UINT32_MAX. No call_count = there are none. */
const struct model_function *
trace_model_unknown_function(const struct trace_model *model);

/* The function of this model that has the same name, place and kind as one of
 * another model; false when there is none. Looks at all of them. */
bool trace_model_find_function(const struct trace_model *model,
                               const struct model_function *like,
                               uint32_t *index);

/* "Cart.total (/w/shop.py:14)" for Python functions with a file, without the
 * line when it is not known, else the name; NUL-terminated, cut at capacity.
 * Returns text. */
const char *model_function_label(const struct model_function *function,
                                 char *text, size_t capacity);

/* Something happened at this moment; with a phase, to an object. */
struct model_instant {
    uint64_t time_ns;
    uint32_t track;
    enum vzt_scope scope;        /* an object belongs to its thread */
    enum vzt_object_phase phase; /* 0 = there is no object */
    uint32_t lane;               /* enum instant_lane, see instant_lane.h */
    const char *name;
    size_t name_size;
    const char *id; /* of the object; "" = none */
    size_t id_size;
    const char *args; /* JSON text; "" = none */
    size_t args_size;
};

/* All instants of the trace, by time, what happened to objects among them. */
size_t trace_model_instant_count(const struct trace_model *model);
struct model_instant trace_model_instant(const struct trace_model *model,
                                         size_t index);
/* Index of the first instant at or after time_ns. */
size_t trace_model_instant_find(const struct trace_model *model,
                                uint64_t time_ns);

/* One series of a counter: a (process, counter name, key) with its points. */
struct model_counter {
    uint32_t process;
    const char *name;
    const char *key;
    size_t point_count;
    double min; /* NaN when no value is a number */
    double max;
    bool is_integer; /* every value was recorded as an integer */
};

struct counter_point {
    uint64_t time_ns;
    double value;   /* NaN and infinities do occur */
    uint32_t track; /* of the thread that logged it */
};

size_t trace_model_counter_count(const struct trace_model *model);
const struct model_counter *trace_model_counter(const struct trace_model *model,
                                                size_t index);
const struct counter_point *
trace_model_counter_points(const struct trace_model *model, size_t index);

/* A source file kept in the trace. */
struct model_source {
    const char *path;
    const char *text; /* NUL-terminated */
    size_t size;
    bool is_whole;
    uint64_t whole_size; /* of the file when it was recorded */
    uint64_t whole_hash; /* hash_bytes of it; some writers have another hash */
};

size_t trace_model_source_count(const struct trace_model *model);
struct model_source trace_model_source(const struct trace_model *model,
                                       size_t index);

#endif
