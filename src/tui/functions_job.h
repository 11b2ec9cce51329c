// SPDX-License-Identifier: Apache-2.0
/*
 * tui/functions_job.h - what a worker does for the table of functions: summing
 * up, measuring and sorting, of which there may be a million rows.
 */
#ifndef TUI_FUNCTIONS_JOB_H
#define TUI_FUNCTIONS_JOB_H

#include <stdbool.h>

struct error;
struct functions;

/* A profile and its users: the table, and jobs that sort it. */
struct functions_sums;

/* NULL is allowed. */
void functions_sums_drop(struct functions_sums *sums);

/* Start a job (JOB_FUNCTIONS) that makes the profile of the scope and the rows
 * in the order of the state. */
bool functions_job_start(struct functions *functions, bool has_durations,
                         struct error *err);

/* Put the rows into the order of the state, or start a job that does
 * (JOB_FUNCTIONS_ORDER) when there are many; until then they stay as they
 * are. */
bool functions_order_start(struct functions *functions, struct error *err);

#endif
