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
    struct duration_histograms durations; /* of one function */
};

static void
timer_free(void *worker)
{
    struct timer *timer = worker;

    if (timer != NULL) {
        free(timer->times.busy_ns);
        duration_histograms_release(&timer->durations);
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
    *timer = (struct timer){
        .scope = all->scope, .target = all->target, .times = all->times};
    timer->times.busy_ns =
        array_new(all->times.count, sizeof *timer->times.busy_ns, err);
    if (timer->times.busy_ns == NULL
        || !duration_histograms_init(&timer->durations, 1, err)) {
        timer_free(timer);
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

/* A call that touches the scope; is_outermost when none of them is around it.
 */
static bool
add_call(struct timer *timer, const struct slice *slice, bool is_outermost,
         struct error *err)
{
    const uint32_t not_whole = SLICE_UNFINISHED | SLICE_START_UNKNOWN;
    uint64_t start_ns;
    uint64_t end_ns;

    if (!trace_scope_clip(timer->scope, slice, &start_ns, &end_ns)) {
        return true;
    }
    if (is_outermost) {
        add(&timer->times, start_ns, end_ns);
    }
    return (slice->flags & not_whole) != 0
           || duration_histograms_add(&timer->durations, 0,
                                      slice->end_ns - slice->start_ns, 1, err);
}

static bool
visit(void *worker, const struct slice_batch *batch, struct error *err)
{
    struct timer *timer = worker;
    uint32_t inside = UINT32_MAX; /* below a call of this depth all is in it */
    size_t matched = 0;

    for (size_t i = 0; i < batch->count; i++) {
        const struct slice *slice = &batch->slices[i];
        bool is_outermost = slice->depth <= inside;
        bool is_meant = call_target_is(timer->target, slice, &matched);

        if (is_outermost) {
            inside = is_meant ? slice->depth : UINT32_MAX;
        }
        if (is_meant && i >= batch->first_new
            && !add_call(timer, slice, is_outermost, err)) {
            return false;
        }
    }
    return true;
}

static bool
merge(void *context, void *worker, struct error *err)
{
    struct timer *all = context;
    const struct timer *timer = worker;

    for (size_t i = 0; i < all->times.count; i++) {
        all->times.busy_ns[i] += timer->times.busy_ns[i];
    }
    return duration_histograms_merge(&all->durations, &timer->durations, err);
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
        || !duration_histograms_init(&all.durations, 1, err)
        || !call_target_scan(target, model, scope, &visitor, options, err)) {
        free(all.times.busy_ns);
        duration_histograms_release(&all.durations);
        return false;
    }
    *times = all.times;
    times->durations = duration_histograms_facts(&all.durations, 0);
    duration_histograms_release(&all.durations);
    return true;
}

void
call_times_release(struct call_times *times)
{
    free(times->busy_ns);
    *times = (struct call_times){0};
}
