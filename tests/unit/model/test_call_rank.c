// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "model/call_rank.h"
#include "random_model.h"
#include "random_scope.h"
#include "support/failing_malloc.h"
#include "support/random.h"

enum { CALLS_PER_TRACE = 40 };

static uint64_t
length_of(const struct slice *slice)
{
    return slice->end_ns - slice->start_ns;
}

static int
compare_slices(const void *left, const void *right)
{
    const struct slice *a = left;
    const struct slice *b = right;

    if (length_of(a) != length_of(b)) {
        return length_of(a) > length_of(b) ? -1 : 1;
    }
    if (a->start_ns != b->start_ns) {
        return a->start_ns < b->start_ns ? -1 : 1;
    }
    return a->track != b->track ? (a->track < b->track ? -1 : 1)
                                : (a->depth < b->depth ? -1 : 1);
}

/* All calls of the scope of one of the oracle's functions, in order. */
static struct slice *
calls_in_order(const struct random_model *random,
               const struct trace_scope *scope, uint32_t function,
               size_t *count)
{
    size_t all;
    struct slice *slices = random_scope_slices(random, scope, &all);

    *count = 0;
    for (size_t i = 0; i < all; i++) {
        if (slices[i].function == function) {
            slices[(*count)++] = slices[i];
        }
    }
    qsort(slices, *count, sizeof *slices, compare_slices);
    return slices;
}

/* Any call of the trace, with the function of the model. */
static struct slice
choose_call(const struct random_model *random, struct random *numbers)
{
    const struct trace_scope whole = trace_scope_whole();
    size_t count;
    struct slice *slices = random_scope_slices(random, &whole, &count);
    struct slice call = slices[random_below(numbers, count)];
    uint32_t function = 0;

    free(slices);
    while (random_model_function(random, function) != call.function) {
        function++;
    }
    call.function = function;
    return call;
}

static bool
is_call(const struct ranked_call *call, const struct slice *slice)
{
    return call->start_ns == slice->start_ns && call->track == slice->track
           && call->depth == slice->depth
           && call->duration_ns == length_of(slice);
}

/* The percent-th percentile: so many percent of the calls take no longer. */
static uint64_t
percentile(const struct slice *calls, size_t count, unsigned percent)
{
    for (size_t i = count; i-- > 0;) {
        if ((count - i) * 100 >= percent * count) {
            return length_of(&calls[i]);
        }
    }
    return 0;
}

static void
check_sums(const struct call_rank *rank, const struct slice *calls,
           size_t count)
{
    uint64_t total_ns = 0;
    double squares = 0;
    uint64_t unfinished = 0;
    uint64_t buckets[CALL_RANK_BUCKETS] = {0};

    for (size_t i = 0; i < count; i++) {
        total_ns += length_of(&calls[i]);
        unfinished += (calls[i].flags & SLICE_UNFINISHED) != 0;
        buckets[call_rank_bucket(length_of(&calls[i]))]++;
    }
    cr_assert(eq(u64, rank->count, count));
    cr_assert(eq(u64, rank->total_ns, total_ns));
    cr_assert(eq(u64, rank->unfinished_count, unfinished));
    cr_assert(eq(int, memcmp(rank->buckets, buckets, sizeof buckets), 0));
    if (count > 0) {
        double mean = (double)total_ns / (double)count;

        for (size_t i = 0; i < count; i++) {
            double distance = (double)length_of(&calls[i]) - mean;

            squares += distance * distance;
        }
        cr_assert(le(dbl,
                     fabs(rank->deviation_ns - sqrt(squares / (double)count)),
                     1e-5 * mean));
        cr_assert(eq(u64, rank->max_ns, length_of(&calls[0])));
        cr_assert(eq(u64, rank->min_ns, length_of(&calls[count - 1])));
        cr_assert(eq(u64, rank->p50_ns, percentile(calls, count, 50)));
        cr_assert(eq(u64, rank->p90_ns, percentile(calls, count, 90)));
        cr_assert(eq(u64, rank->p95_ns, percentile(calls, count, 95)));
        cr_assert(eq(u64, rank->p99_ns, percentile(calls, count, 99)));
    }
}

/* How many calls come before one, in the order. */
static size_t
place_of(const struct slice *calls, size_t count, const struct slice *call)
{
    size_t place = 0;

    while (place < count && compare_slices(&calls[place], call) < 0
           && !(calls[place].start_ns == call->start_ns
                && calls[place].track == call->track
                && calls[place].depth == call->depth)) {
        place++;
    }
    return place;
}

static void
check_window(const struct call_rank *rank, const struct slice *calls,
             size_t count, const struct slice *call, size_t window)
{
    size_t place = place_of(calls, count, call);
    size_t first = place < window ? 0 : place - window;
    bool is_inside = place < count && calls[place].start_ns == call->start_ns
                     && calls[place].track == call->track
                     && calls[place].depth == call->depth;
    size_t end = place + is_inside + window;

    end = end > count ? count : end;
    cr_assert(eq(u64, rank->first_rank, first + 1));
    cr_assert(eq(sz, rank->call_count, end - first));
    for (size_t i = first; i < end; i++) {
        cr_assert(is_call(&rank->calls[i - first], &calls[i]), "place %zu", i);
        cr_assert(eq(u64, call_rank_of(rank, &calls[i]), i + 1));
    }
    if (!is_inside) {
        cr_assert(eq(u64, call_rank_of(rank, call), 0));
    }
}

static void
check_steps(const struct call_rank *rank, const struct slice *calls,
            size_t count, const struct slice *call, int64_t window)
{
    int64_t place = (int64_t)place_of(calls, count, call);
    bool is_inside = call_rank_of(rank, call) != 0;
    struct ranked_call step;

    for (int64_t places = -window; places <= window; places++) {
        int64_t there = place + places - (!is_inside && places > 0);

        if (places == 0) {
            continue;
        }
        there = ((there % (int64_t)count) + (int64_t)count) % (int64_t)count;
        if (call_rank_step(rank, call, places, &step)) {
            cr_assert(is_call(&step, &calls[there]), "%" PRId64 " places",
                      places);
        } else {
            /* Only round the end is there something that is not known. */
            cr_assert(there != place + places - (!is_inside && places > 0),
                      "%" PRId64 " places", places);
        }
    }
}

static void
check_call(const struct random_model *random, const struct trace_scope *scope,
           const struct slice *call, struct random *numbers)
{
    struct call_rank_options options = {
        .window = 1 + (uint32_t)random_below(numbers, 12),
        .thread_count = 1 + (unsigned)random_below(numbers, 3),
    };
    struct call_rank rank;
    struct error err = {0};
    size_t count;
    struct slice *calls = calls_in_order(
        random, scope, random_model_function(random, call->function), &count);

    cr_assert(call_rank_find(&rank, random->model, scope, call, &options, &err),
              "%s", err.message);
    check_sums(&rank, calls, count);
    check_window(&rank, calls, count, call, options.window);
    if (count > 0) {
        check_steps(&rank, calls, count, call, options.window);
    }
    call_rank_release(&rank);
    free(calls);
}

Test(call_rank, is_what_sorting_all_calls_gives)
{
    for (size_t kind = 0; kind < random_model_kind_count(); kind++) {
        struct random_model random;
        struct random numbers = {kind};

        random_model_open(&random, random_model_kind(kind), 1);
        for (size_t i = 0; i < CALLS_PER_TRACE; i++) {
            struct slice call = choose_call(&random, &numbers);
            struct random_scope choice = {.scope = trace_scope_whole()};

            if (i % 2 == 1) {
                random_scope_choose(&choice, &random, &numbers);
            }
            if (choice.scope.start_ns < choice.scope.end_ns) {
                check_call(&random, &choice.scope, &call, &numbers);
            }
        }
        random_model_close(&random);
    }
}

Test(call_rank, steps_down_visit_every_call_once_in_order)
{
    struct random_model random;
    struct random numbers = {1};
    const struct trace_scope whole = trace_scope_whole();
    struct call_rank_options options = {.window = 8};
    struct call_rank rank = {0};
    struct error err = {0};
    struct slice call;
    struct slice *calls;
    size_t count;
    unsigned passes = 0;

    random_model_open(&random, random_model_kind(3), 1);
    call = choose_call(&random, &numbers);
    calls = calls_in_order(
        &random, &whole, random_model_function(&random, call.function), &count);
    call.start_ns = calls[0].start_ns;
    call.end_ns = calls[0].end_ns;
    call.track = calls[0].track;
    call.depth = calls[0].depth;
    for (size_t i = 1; i <= count; i++) {
        struct ranked_call next;

        if (!call_rank_step(&rank, &call, 1, &next)) {
            call_rank_release(&rank);
            cr_assert(call_rank_find(&rank, random.model, &whole, &call,
                                     &options, &err));
            cr_assert(call_rank_step(&rank, &call, 1, &next));
            passes++;
        }
        cr_assert(is_call(&next, &calls[i % count]), "step %zu", i);
        call.start_ns = next.start_ns;
        call.end_ns = next.start_ns + next.duration_ns;
        call.track = next.track;
        call.depth = next.depth;
    }
    cr_expect(le(sz, passes, count / 8 + 2), "%u passes for %zu calls", passes,
              count);
    call_rank_release(&rank);
    free(calls);
    random_model_close(&random);
}

Test(call_rank, buckets_tile_all_durations)
{
    cr_expect(eq(u64, call_rank_bucket_start(0), 0));
    for (unsigned i = 1; i < CALL_RANK_BUCKETS; i++) {
        uint64_t start = call_rank_bucket_start(i);

        cr_assert(gt(u64, start, call_rank_bucket_start(i - 1)));
        cr_assert(eq(u32, call_rank_bucket(start), i));
        cr_assert(eq(u32, call_rank_bucket(start - 1), i - 1));
    }
    cr_expect(eq(u32, call_rank_bucket(UINT64_MAX), CALL_RANK_BUCKETS - 1));
}

static bool
refuse(void *context, uint64_t done, uint64_t total)
{
    (void)context;
    (void)done;
    (void)total;
    return false;
}

Test(call_rank, stops_when_it_is_told_to)
{
    struct random_model random;
    struct random numbers = {2};
    const struct trace_scope whole = trace_scope_whole();
    struct call_rank_options options = {.progress = {.report = refuse}};
    struct call_rank rank;
    struct error err = {0};
    struct slice call;

    random_model_open(&random, random_model_kind(1), 1);
    call = choose_call(&random, &numbers);
    cr_expect(not(
        call_rank_find(&rank, random.model, &whole, &call, &options, &err)));
    cr_expect(eq(int, err.code, ERROR_CANCELLED));
    cr_expect(eq(ptr, rank.calls, NULL));
    random_model_close(&random);
}

Test(call_rank, survives_every_failed_allocation)
{
    struct random_model random;
    struct random numbers = {3};
    const struct trace_scope whole = trace_scope_whole();
    struct call_rank_options options = {.window = 5, .thread_count = 1};
    struct slice call;
    bool has_failed = true;

    random_model_open(&random, random_model_kind(2), 1);
    call = choose_call(&random, &numbers);
    for (unsigned i = 0; has_failed && failing_malloc_arm(i); i++) {
        struct call_rank rank;
        struct error err = {0};
        bool ok =
            call_rank_find(&rank, random.model, &whole, &call, &options, &err);

        has_failed = failing_malloc_disarm();
        cr_assert(eq(int, ok, !has_failed));
        call_rank_release(&rank);
    }
    random_model_close(&random);
}
