// SPDX-License-Identifier: Apache-2.0
#include "report/slowest_calls.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/error.h"
#include "model/slice_scan.h"
#include "model/span_query.h"
#include "model/trace_scope.h"

/* The slowest so far, in order. */
struct ranking {
    struct slice *calls;
    size_t count;
    size_t limit;
};

static bool
is_slower(const struct slice *a, const struct slice *b)
{
    if (a->self_ns != b->self_ns) {
        return a->self_ns > b->self_ns;
    }
    if (a->start_ns != b->start_ns) {
        return a->start_ns < b->start_ns;
    }
    return a->track != b->track ? a->track < b->track : a->depth < b->depth;
}

static void
offer(struct ranking *ranking, const struct slice *slice)
{
    size_t place = ranking->count;

    if (place == ranking->limit) {
        if (place == 0 || !is_slower(slice, &ranking->calls[place - 1])) {
            return;
        }
        place--;
    } else {
        ranking->count++;
    }
    while (place > 0 && is_slower(slice, &ranking->calls[place - 1])) {
        ranking->calls[place] = ranking->calls[place - 1];
        place--;
    }
    ranking->calls[place] = *slice;
}

static void
worker_free(void *worker)
{
    struct ranking *ranking = worker;

    if (ranking != NULL) {
        free(ranking->calls);
        free(ranking);
    }
}

static void *
worker_new(void *context, struct error *err)
{
    const struct ranking *all = context;
    struct ranking *ranking = array_new(1, sizeof *ranking, err);

    if (ranking == NULL) {
        return NULL;
    }
    ranking->limit = all->limit;
    ranking->calls = array_new(all->limit, sizeof *ranking->calls, err);
    if (ranking->calls == NULL) {
        worker_free(ranking);
        return NULL;
    }
    return ranking;
}

static bool
visit(void *worker, const struct slice_batch *batch, struct error *err)
{
    (void)err;
    for (size_t i = batch->first_new; i < batch->count; i++) {
        offer(worker, &batch->slices[i]);
    }
    return true;
}

static bool
merge(void *context, void *worker, struct error *err)
{
    const struct ranking *ranking = worker;

    (void)err;
    for (size_t i = 0; i < ranking->count; i++) {
        offer(context, &ranking->calls[i]);
    }
    return true;
}

bool
slowest_calls_find(const struct trace_model *model, struct slice *calls,
                   size_t limit, size_t *count, const struct progress *progress,
                   struct error *err)
{
    struct ranking all = {.calls = calls, .limit = limit};
    const struct slice_visitor visitor = {
        .context = &all,
        .worker_new = worker_new,
        .visit = visit,
        .merge = merge,
        .worker_free = worker_free,
    };
    const struct slice_scan_options options = {.progress = *progress};
    const struct trace_scope whole = trace_scope_whole();
    bool ok = slice_scan(model, &whole, &visitor, &options, err);

    *count = all.count;
    return ok;
}
