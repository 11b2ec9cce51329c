// SPDX-License-Identifier: Apache-2.0
/* import/async_calls.h - asynchronous begins, moments and ends become calls. */
#ifndef IMPORT_ASYNC_CALLS_H
#define IMPORT_ASYNC_CALLS_H

#include <stdbool.h>

struct error;
struct event_intake;

/*
 * Go through the asynchronous halves of the intake by time. Those of one id are
 * a tree, from a begin while nothing is open to the end of the last call that
 * is; it has a lane for itself (async_lanes.h). An end is that of the innermost
 * call of its name, else of the innermost one. A moment outside of trees stands
 * where a tree of its name would.
 */
bool async_calls_pair(struct event_intake *intake, struct error *err);

#endif
