// SPDX-License-Identifier: Apache-2.0
/*
 * tui/jobs.h - work that takes longer than a frame, on a thread of its own.
 *
 * The thread of the viewer never searches, sorts or sums up a trace: it starts
 * a job and shows what comes back. There is one job of a kind: starting another
 * cancels the one before. A job's task is used by the worker alone until
 * jobs_collect hands it back, on the viewer's thread.
 *
 * Without a worker (is_inline) jobs run in jobs_collect; so a headless viewer
 * shows the same as one in a terminal that has settled.
 */
#ifndef TUI_JOBS_H
#define TUI_JOBS_H

#include <stdbool.h>
#include <stdint.h>

struct error;
struct jobs;
struct progress;

/* What jobs there are: one line for each thing that is computed apart, the most
 * urgent first. */
enum job_kind {
    JOB_CELLS,          /* exact cells of the timeline */
    JOB_SOURCE_STEP,    /* where a step from call to call leads */
    JOB_SOURCE_TEXT,    /* a source file and what is known of it */
    JOB_CALLEES,        /* what one call called */
    JOB_DETAILS,        /* rank of a call among all of its function */
    JOB_SEARCH_NAMES,   /* which names match */
    JOB_FILTER_PREVIEW, /* how many */
    JOB_EVENTS,         /* rows of the list of events */
    JOB_SEARCH_MAP,     /* in which cells matches start */
    JOB_TAG_MAP,        /* and calls of functions that are tagged */
    JOB_SEARCH_COUNT,   /* matches before, in and behind the window */
    JOB_SEARCH_STEP,    /* the next match */
    JOB_FLAME,
    JOB_FUNCTIONS,
    JOB_FUNCTIONS_ORDER, /* their rows, sorted by another column */
    JOB_OCCURRENCES,     /* the longest call of a function */
    JOB_FAMILY,          /* callers and callees of a function */
    JOB_CALLS,           /* its slowest calls */
    JOB_AREA,
    JOB_EVENT_CALLS, /* exceptions and matches among the calls */
    JOB_COMPARE,
    JOB_WHEN,         /* when what is selected in the flame graph ran */
    JOB_SOURCE_AHEAD, /* where the next steps would lead */
    JOB_SOURCE_SUMS,
    JOB_SOURCE_SITES, /* who called whom */
    JOB_KIND_COUNT,
};

struct job_class {
    /* On the worker. Reports progress, and stops when that says so. */
    bool (*run)(void *task, const struct progress *progress, struct error *err);
    /* On the viewer's thread, unless the job was cancelled: show the result;
     * failure is NULL when run succeeded. False = the viewer is out of order.
     */
    bool (*done)(void *task, const struct error *failure, struct error *err);
    /* On the viewer's thread, always. */
    void (*free)(void *task);
    /* A run that progress stopped may be begun again: it gives way to
     * JOB_CELLS. */
    bool can_restart;
};

bool jobs_new(struct jobs **out, bool is_inline, struct error *err);

/* Cancels what runs and waits for it. */
void jobs_free(struct jobs *jobs);

/* Start a job, which takes the task in any case; an older one of the same kind
 * is cancelled. Fails only when there is no memory. */
bool jobs_start(struct jobs *jobs, enum job_kind kind,
                const struct job_class *class, void *task, struct error *err);

/* Its done is not called any more. True when there was one. */
bool jobs_cancel(struct jobs *jobs, enum job_kind kind);

/* True when there was any. */
bool jobs_cancel_all(struct jobs *jobs);

/* Cancel all and wait until none runs: what they use may then go. */
void jobs_stop(struct jobs *jobs);

/* Hand back what is done. False when a done failed. */
bool jobs_collect(struct jobs *jobs, struct error *err);

/* Whether one of that kind, or any, waits, runs, or was not collected. */
bool jobs_is_busy(const struct jobs *jobs, enum job_kind kind);
bool jobs_are_busy(const struct jobs *jobs);

/* How far the job of a kind is, in percent; -1 = unknown, or there is none. */
int jobs_percent(const struct jobs *jobs, enum job_kind kind);

/* Readable when there is something to collect; -1 for inline jobs. */
int jobs_fd(const struct jobs *jobs);

#endif
