// SPDX-License-Identifier: Apache-2.0
/* import/half_calls.h - begins and ends, each its own event, become calls. */
#ifndef IMPORT_HALF_CALLS_H
#define IMPORT_HALF_CALLS_H

#include <stdbool.h>
#include <stdint.h>

struct error;
struct event_sort;

/*
 * Sort the halves, pair each end with the last begin of its thread that has
 * none, and add the calls; one without an end ends at INT64_MAX. The arguments
 * are those of the begin, else those of the end. *lost_count grows by the ends
 * that have no begin.
 */
bool half_calls_pair(struct event_sort *halves, struct event_sort *calls,
                     uint64_t *lost_count, struct error *err);

#endif
