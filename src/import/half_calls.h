// SPDX-License-Identifier: Apache-2.0
/* import/half_calls.h - begins and ends, each its own event, become calls. */
#ifndef IMPORT_HALF_CALLS_H
#define IMPORT_HALF_CALLS_H

#include <stdbool.h>

struct error;
struct event_intake;

/*
 * Sort the halves of the intake, pair each end with the last begin of its
 * thread that has none, and add the calls (half_stack.h); one without an end
 * ends at INT64_MAX.
 */
bool half_calls_pair(struct event_intake *intake, struct error *err);

#endif
