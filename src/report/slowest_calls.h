// SPDX-License-Identifier: Apache-2.0
/* report/slowest_calls.h - the calls that took most time of their own. */
#ifndef REPORT_SLOWEST_CALLS_H
#define REPORT_SLOWEST_CALLS_H

#include <stdbool.h>
#include <stddef.h>

struct error;
struct progress;
struct slice;
struct trace_model;

/* Find at most limit calls, the one with the most own time first; of equal
 * ones that which starts first, then by track and depth. calls has room for
 * them. Looks at every call, on all processors. */
bool slowest_calls_find(const struct trace_model *model, struct slice *calls,
                        size_t limit, size_t *count,
                        const struct progress *progress, struct error *err);

#endif
