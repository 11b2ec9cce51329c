// SPDX-License-Identifier: Apache-2.0
/*
 * tui/profile_job.h - sums over the viewer's scope, made by a job.
 */
#ifndef TUI_PROFILE_JOB_H
#define TUI_PROFILE_JOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tui/jobs.h"

struct call_target;
struct call_times;
struct error;
struct scope_profile;
struct trace_scope;
struct viewer;

/* What to do with the result, on the viewer's thread; the callee takes the
 * profile by leaving {0}. failure is NULL when there is one. */
typedef bool (*profile_job_done)(void *context, struct scope_profile *profile,
                                 const struct error *failure,
                                 struct error *err);

/* What sums are wanted. */
struct profile_request {
    bool has_tree;
    bool has_durations;
    bool has_tracks; /* as in scope_profile_options; likewise below */
    uint32_t node_max;
    const uint32_t *path; /* copied */
    size_t path_length;
};

/* Start a job of that kind; context outlives it. */
bool profile_job_start(struct viewer *viewer, enum job_kind kind,
                       const struct profile_request *request,
                       profile_job_done done, void *context, struct error *err);

/* Start a job that shows the longest call in the scope on the timeline: of the
 * last of the functions, or, with is_path, of this path of them. Says so when
 * there is none. */
bool longest_call_job_start(struct viewer *viewer, enum job_kind kind,
                            const uint32_t *functions, size_t count,
                            bool is_path, struct error *err);

/* The same of one function in another scope, which is copied. */
bool longest_call_job_start_in(struct viewer *viewer, enum job_kind kind,
                               uint32_t function,
                               const struct trace_scope *scope,
                               struct error *err);

/* Show the calls of one function on the timeline: the longest one in the scope,
 * with all others highlighted, so that n and N step through them. */
bool occurrences_show(struct viewer *viewer, enum job_kind kind,
                      uint32_t function, struct error *err);

/* As profile_job_done; the callee takes the times by leaving {0}. */
typedef bool (*call_times_done)(void *context, struct call_times *times,
                                const struct error *failure, struct error *err);

/* Start a job that finds out when the last of the functions, or, with is_path,
 * this path of them, ran in the scope; times says in which columns. */
bool call_times_job_start(struct viewer *viewer, enum job_kind kind,
                          const struct call_target *target,
                          const struct call_times *times, call_times_done done,
                          void *context, struct error *err);

#endif
