// SPDX-License-Identifier: Apache-2.0
/* cli/filtered_trace.h - what a filter leaves of a trace, as a model. */
#ifndef CLI_FILTERED_TRACE_H
#define CLI_FILTERED_TRACE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/progress.h"

struct error;
struct trace_model;
struct trace_output;
struct trace_scope;

/*
 * Cut the trace to the calls that a query means, into a temporary file without
 * a name, and open that: same processes, tracks and times, and the notes of the
 * whole. The caller closes *out. May be called from any thread; a filter
 * function of tui/filter_host.h, without a context.
 */
bool filtered_trace_open(void *context, const struct trace_model *whole,
                         const char *filter, struct trace_model **out,
                         struct progress progress, struct error *err);

/*
 * Write what lies in the scope of a trace, for good, to output->path, in the
 * format that its name says: whole or not at all. Prints nothing, and may be
 * called from any thread; the inputs of output are not looked at.
 */
bool filtered_trace_write(const struct trace_output *output,
                          const struct trace_model *model,
                          const struct trace_scope *scope,
                          struct progress progress, struct error *err);

enum { FILTERED_PATH_SIZE = 32 };

/* What is kept of a trace. */
struct trace_part {
    const char *query; /* the calls that it means; "" = all */
    bool has_no_source;
    bool has_no_args; /* see trace_cut.h */
};

/*
 * Cut the trace to a part, for good: the cut begins with its first event. A
 * descriptor of a temporary file without a name, which the caller closes; -1
 * and *err. *call_count gets how many calls there are.
 */
int filtered_trace_cut(const struct trace_model *whole,
                       const struct trace_part *part, struct progress progress,
                       uint64_t *call_count, struct error *err);

/* Where that file can be opened as long as the descriptor is open. Returns
 * path. */
const char *filtered_trace_path(int fd, char path[FILTERED_PATH_SIZE]);

#endif
