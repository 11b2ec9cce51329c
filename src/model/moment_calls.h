// SPDX-License-Identifier: Apache-2.0
/*
 * model/moment_calls.h - calls that are moments of a trace: those that an
 * exception left, and those that are searched for. Found by a look at all
 * slices.
 */
#ifndef MODEL_MOMENT_CALLS_H
#define MODEL_MOMENT_CALLS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/progress.h"
#include "model/moment_list.h"
#include "model/slice_hits.h"
#include "model/span_query.h"
#include "model/trace_scope.h"

struct error;
struct trace_model;

enum { MOMENT_CALLS_MAX = 500000 }; /* of a kind that are listed */

/* Whether the exception that left a call went on through its caller. */
enum moment_passing {
    MOMENT_STAYS,       /* the caller called something else after it */
    MOMENT_PASSES,      /* unless the caller returned: it called nothing more */
    MOMENT_PASSES_MAYBE /* it ends in a later block */
};

/* time_ns is when an exception left it, or when a hit began. An exception is
 * listed once, at the innermost call that it left; callers are listed only when
 * they are searched for. */
struct moment_call {
    uint64_t time_ns;
    struct slice slice;
    enum moment_kind kind; /* MOMENT_ERROR or MOMENT_HIT */
    bool is_hit;           /* of MOMENT_ERROR: it is searched for, too */
    enum moment_passing passing;
    uint32_t caller_count; /* that it left, too, and that are not listed */
};

/* Shared by the lists made of it, also on other threads. */
struct moment_calls {
    struct moment_call *calls; /* by time; owned */
    size_t count;
    uint64_t found[MOMENT_KIND_COUNT]; /* of a kind; when there are more than
                                          MOMENT_CALLS_MAX none is listed */
    atomic_uint user_count;
};

/* hits NULL = nothing is searched for. A call that is both is an error.
 * ERROR_CANCELLED when progress said so. The caller drops *out. */
bool moment_calls_find(struct moment_calls **out,
                       const struct trace_model *model,
                       const struct trace_scope *scope,
                       const struct slice_hit_set *hits,
                       const struct progress *progress, struct error *err);

/* Another user, who drops it, too; returns calls. Both accept NULL. */
struct moment_calls *moment_calls_share(struct moment_calls *calls);
void moment_calls_drop(struct moment_calls *calls);

#endif
