// SPDX-License-Identifier: Apache-2.0
#include "model/call_times.h"

#include <stdlib.h>

#include "base/array.h"
#include "model/trace_scope.h"

/* One accumulator; that of the caller has the sums of all. */
struct timer {
    const struct trace_scope *scope;
    const struct call_target *target;
    struct call_times times;
};

static void
timer_free(void *worker)
{
    struct timer *timer = worker;

    if (timer != NULL) {
        free(timer->times.busy_ns);
        free(timer);
    }
}

static void *
timer_new(void *context, struct error *err)
{
    const struct timer *all = context;
    struct timer *timer = array_new(1, sizeof *timer, err);

    if (timer == NULL) {
        return NULL;
    }
    *timer = *all;
    timer->times.busy_ns =
        array_new(all->times.count, sizeof *timer->times.busy_ns, err);
    if (timer->times.busy_ns == NULL) {
        free(timer);
        return NULL;
    }
    return timer;
}

static void
add(struct call_times *times, uint64_t start_ns, uint64_t end_ns)
{
    uint64_t end_of_all_ns = times->start_ns + times->count * times->column_ns;

    start_ns = start_ns > times->start_ns ? start_ns : times->start_ns;
    end_ns = end_ns < end_of_all_ns ? end_ns : end_of_all_ns;
    while (start_ns < end_ns) {
        size_t column =
            (size_t)((start_ns - times->start_ns) / times->column_ns);
        uint64_t border_ns = times->start_ns + (column + 1) * times->column_ns;
        uint64_t until_ns = end_ns < border_ns ? end_ns : border_ns;

        times->busy_ns[column] += until_ns - start_ns;
        start_ns = until_ns;
    }
}

static bool
visit(void *worker, const struct slice_batch *batch, struct error *err)
{
    struct timer *timer = worker;
    uint32_t inside = UINT32_MAX; /* below a call of this depth all is in it */
    size_t matched = 0;
    uint64_t start_ns;
    uint64_t end_ns;

    (void)err;
    for (size_t i = 0; i < batch->count; i++) {
        const struct slice *slice = &batch->slices[i];

        if (slice->depth > inside
            || !call_target_is(timer->target, slice, &matched)) {
            inside = slice->depth > inside ? inside : UINT32_MAX;
            continue;
        }
        inside = slice->depth;
        if (i >= batch->first_new
            && trace_scope_clip(timer->scope, slice, &start_ns, &end_ns)) {
            add(&timer->times, start_ns, end_ns);
        }
    }
    return true;
}

static bool
merge(void *context, void *worker, struct error *err)
{
    struct timer *all = context;
    const struct timer *timer = worker;

    (void)err;
    for (size_t i = 0; i < all->times.count; i++) {
        all->times.busy_ns[i] += timer->times.busy_ns[i];
    }
    return true;
}

bool
call_times_find(struct call_times *times, const struct trace_model *model,
                const struct trace_scope *scope,
                const struct call_target *target,
                const struct slice_scan_options *options, struct error *err)
{
    struct timer all = {.scope = scope, .target = target, .times = *times};
    const struct slice_visitor visitor = {
        .context = &all,
        .worker_new = timer_new,
        .visit = visit,
        .merge = merge,
        .worker_free = timer_free,
    };

    times->busy_ns = NULL;
    all.times.busy_ns = array_new(times->count, sizeof *all.times.busy_ns, err);
    if (all.times.busy_ns == NULL
        || !slice_scan(model, scope, &visitor, options, err)) {
        free(all.times.busy_ns);
        return false;
    }
    *times = all.times;
    return true;
}

void
call_times_release(struct call_times *times)
{
    free(times->busy_ns);
    *times = (struct call_times){0};
}
