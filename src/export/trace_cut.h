// SPDX-License-Identifier: Apache-2.0
/*
 * export/trace_cut.h - a part of a trace becomes a .vzt file of its own, as
 * though only that had been recorded.
 *
 * What is kept is a range of time, some tracks, and the calls that a query
 * means. The time of a call that is left out counts as its nearest kept
 * caller's own; a kept call is as deep as it has kept callers. Calls that are
 * open where the range begins are open there in the cut, too. Instants and
 * objects are judged as in model/trace_query.h; counters and gaps by time and
 * track alone. Processes, tracks, sources and how everything ended are kept
 * whatever is left in them.
 */
#ifndef EXPORT_TRACE_CUT_H
#define EXPORT_TRACE_CUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/progress.h"
#include "model/trace_scope.h"

struct error;
struct trace_model;
struct trace_query;

struct trace_cut_options {
    struct trace_scope scope;
    const struct trace_query *query; /* NULL = all calls of the scope */
    /* Time 0, and the beginnings and ends of processes and tracks, are those of
     * the whole trace, so that the same places are shown at the same times.
     * Else the cut begins with its first event. */
    bool keeps_axis;
    bool has_no_source; /* the text of source files is left out */
    /* So is what holds data: the arguments of calls, instants and objects, the
     * text of what was written, and the arguments of commands. */
    bool has_no_args;
    unsigned thread_count; /* 0 = one per processor */
    uint32_t block_size;   /* bytes, for tests; 0 = as usual */
    struct progress progress;
};

/*
 * Write the cut behind what is in the file at path, which is made when it is
 * absent. *call_count, when asked for, says how many calls that are. On failure
 * (ERROR_CANCELLED among them) the file is not whole.
 */
bool trace_cut(const struct trace_model *model, const char *path,
               const struct trace_cut_options *options, uint64_t *call_count,
               struct error *err);

#endif
