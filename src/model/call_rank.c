// SPDX-License-Identifier: Apache-2.0
/*
 * One pass over the calls counts them and keeps those around the call that was
 * asked about: slower and faster ones. When one side is twice as full as it
 * needs to be, it is sorted and the farther half goes; from then on only what
 * is nearer than the farthest kept comes in.
 *
 * When all calls were kept, percentiles are read off. Otherwise each is known
 * to lie in a bucket of the histogram; more passes narrow that down, to a
 * 65536th each time, until it is one nanosecond wide.
 */
#include "model/call_rank.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "model/function_mask.h"
#include "model/slice_scan.h"

enum {
    PERCENTILES = 4,
    NARROWING = 1 << 16, /* parts that a range is counted in */
};

/* Calls on one side of the one that was asked about. */
struct side {
    struct ranked_call *calls;
    size_t count;
    size_t capacity;
    bool is_full;                /* some were left out */
    struct ranked_call farthest; /* of those kept when it is */
};

struct rank_pass {
    const struct trace_model *model;
    const struct trace_scope *scope;
    struct ranked_call call;
    uint32_t function;
    size_t window;
    bool is_inside; /* the call belongs to the scope */
    struct call_rank *rank;
    uint64_t slower_count;
    struct side slower;
    struct side faster;
};

static struct ranked_call
ranked(const struct slice *slice)
{
    return (struct ranked_call){
        .duration_ns = slice->end_ns - slice->start_ns,
        .start_ns = slice->start_ns,
        .track = slice->track,
        .depth = slice->depth,
    };
}

/* Below 0 when a comes first. */
static int
compare(const struct ranked_call *a, const struct ranked_call *b)
{
    if (a->duration_ns != b->duration_ns) {
        return a->duration_ns > b->duration_ns ? -1 : 1;
    }
    if (a->start_ns != b->start_ns) {
        return a->start_ns < b->start_ns ? -1 : 1;
    }
    if (a->track != b->track) {
        return a->track < b->track ? -1 : 1;
    }
    return a->depth < b->depth ? -1 : a->depth > b->depth;
}

static int
compare_forward(const void *a, const void *b)
{
    return compare(a, b);
}

static int
compare_backward(const void *a, const void *b)
{
    return compare(b, a);
}

/* The nearest first; no more than the window. */
static void
side_trim(struct side *side, size_t window, bool is_slower)
{
    if (side->count > 1) {
        qsort(side->calls, side->count, sizeof *side->calls,
              is_slower ? compare_backward : compare_forward);
    }
    if (side->count > window) {
        side->count = window;
        side->is_full = true;
        side->farthest = side->calls[window - 1];
    }
}

static bool
side_add(struct side *side, const struct ranked_call *call, size_t window,
         bool is_slower, struct error *err)
{
    if (side->is_full) {
        int order = compare(call, &side->farthest);

        if (is_slower ? order < 0 : order > 0) {
            return true;
        }
    }
    if (!array_reserve((void **)&side->calls, &side->capacity, side->count + 1,
                       sizeof *side->calls, err)) {
        return false;
    }
    side->calls[side->count++] = *call;
    if (side->count >= 2 * window) {
        side_trim(side, window, is_slower);
    }
    return true;
}

unsigned
call_rank_bucket(uint64_t duration_ns)
{
    unsigned octave;

    if (duration_ns < 4) {
        return (unsigned)duration_ns;
    }
    octave = 63 - (unsigned)__builtin_clzll(duration_ns);
    return (octave - 1) * 4 + (unsigned)(duration_ns >> (octave - 2) & 3);
}

uint64_t
call_rank_bucket_start(unsigned bucket)
{
    if (bucket < 4) {
        return bucket;
    }
    return (uint64_t)(4 + bucket % 4) << (bucket / 4 - 1);
}

static bool
is_counted(const struct trace_scope *scope, uint32_t function,
           const struct slice *slice)
{
    uint64_t start_ns;
    uint64_t end_ns;

    return slice->function == function
           && trace_scope_clip(scope, slice, &start_ns, &end_ns);
}

static void
count_call(struct call_rank *rank, const struct ranked_call *call,
           bool is_unfinished)
{
    rank->total_ns += call->duration_ns;
    square_sum_add(&rank->squares, call->duration_ns);
    rank->unfinished_count += is_unfinished;
    rank->buckets[call_rank_bucket(call->duration_ns)]++;
    if (rank->count == 0 || compare(call, &rank->slowest) < 0) {
        rank->slowest = *call;
    }
    if (rank->count == 0 || compare(call, &rank->fastest) > 0) {
        rank->fastest = *call;
    }
    rank->count++;
}

static bool
take_call(struct rank_pass *pass, const struct slice *slice, struct error *err)
{
    struct ranked_call call = ranked(slice);
    int order = compare(&call, &pass->call);

    count_call(pass->rank, &call, (slice->flags & SLICE_UNFINISHED) != 0);
    if (order == 0) {
        pass->is_inside = true;
        return true;
    }
    pass->slower_count += order < 0;
    return side_add(order < 0 ? &pass->slower : &pass->faster, &call,
                    pass->window, order < 0, err);
}

static void
pass_free(void *argument)
{
    struct rank_pass *pass = argument;

    if (pass != NULL) {
        free(pass->slower.calls);
        free(pass->faster.calls);
        free(pass->rank);
        free(pass);
    }
}

static void *
pass_new(void *context, struct error *err)
{
    const struct rank_pass *all = context;
    struct rank_pass *pass = array_new(1, sizeof *pass, err);

    if (pass == NULL) {
        return NULL;
    }
    *pass = (struct rank_pass){
        .scope = all->scope,
        .call = all->call,
        .function = all->function,
        .window = all->window,
        .rank = array_new(1, sizeof *pass->rank, err),
    };
    if (pass->rank == NULL) {
        pass_free(pass);
        return NULL;
    }
    return pass;
}

static bool
visit(void *argument, const struct slice_batch *batch, struct error *err)
{
    struct rank_pass *pass = argument;

    for (size_t i = batch->first_new; i < batch->count; i++) {
        if (is_counted(pass->scope, pass->function, &batch->slices[i])
            && !take_call(pass, &batch->slices[i], err)) {
            return false;
        }
    }
    return true;
}

static bool
merge_side(struct side *into, struct side *from, size_t window, bool is_slower,
           struct error *err)
{
    for (size_t i = 0; i < from->count; i++) {
        if (!side_add(into, &from->calls[i], window, is_slower, err)) {
            return false;
        }
    }
    return true;
}

static void
merge_sums(struct call_rank *into, const struct call_rank *from)
{
    if (into->count == 0 || compare(&from->slowest, &into->slowest) < 0) {
        into->slowest = from->slowest;
    }
    if (into->count == 0 || compare(&from->fastest, &into->fastest) > 0) {
        into->fastest = from->fastest;
    }
    into->count += from->count;
    into->total_ns += from->total_ns;
    square_sum_merge(&into->squares, &from->squares);
    into->unfinished_count += from->unfinished_count;
    for (size_t i = 0; i < CALL_RANK_BUCKETS; i++) {
        into->buckets[i] += from->buckets[i];
    }
}

static bool
merge(void *context, void *worker, struct error *err)
{
    struct rank_pass *all = context;
    struct rank_pass *one = worker;

    if (one->rank->count == 0) {
        return true;
    }
    merge_sums(all->rank, one->rank);
    all->is_inside |= one->is_inside;
    all->slower_count += one->slower_count;
    return merge_side(&all->slower, &one->slower, all->window, true, err)
           && merge_side(&all->faster, &one->faster, all->window, false, err);
}

/* One run from the slowest to the fastest of those kept. */
static bool
join_sides(struct rank_pass *pass, struct error *err)
{
    struct call_rank *rank = pass->rank;
    size_t count;

    side_trim(&pass->slower, pass->window, true);
    side_trim(&pass->faster, pass->window, false);
    count = pass->slower.count + pass->faster.count + pass->is_inside;
    rank->calls = array_new(count, sizeof *rank->calls, err);
    if (rank->calls == NULL) {
        return false;
    }
    rank->call_count = count;
    rank->first_rank = pass->slower_count - pass->slower.count + 1;
    for (size_t i = 0; i < pass->slower.count; i++) {
        rank->calls[i] = pass->slower.calls[pass->slower.count - 1 - i];
    }
    if (pass->is_inside) {
        rank->calls[pass->slower.count] = pass->call;
    }
    if (pass->faster.count > 0) {
        memcpy(rank->calls + (count - pass->faster.count), pass->faster.calls,
               pass->faster.count * sizeof *rank->calls);
    }
    return true;
}

/* Where a percentile lies: the number-th call, the fastest first, has a
 * duration in [low, high), and below calls are faster than low. */
struct range {
    uint64_t number;
    uint64_t low;
    uint64_t width;
    uint64_t below;
};

struct narrowing {
    const struct trace_scope *scope;
    uint32_t function;
    const struct range *ranges;
    uint64_t *counts; /* [PERCENTILES][NARROWING] */
};

static uint64_t
part_width(const struct range *range)
{
    return (range->width + NARROWING - 1) / NARROWING;
}

static void
narrowing_free(void *argument)
{
    struct narrowing *narrowing = argument;

    if (narrowing != NULL) {
        free(narrowing->counts);
        free(narrowing);
    }
}

static void *
narrowing_new(void *context, struct error *err)
{
    const struct narrowing *all = context;
    struct narrowing *narrowing = array_new(1, sizeof *narrowing, err);

    if (narrowing == NULL) {
        return NULL;
    }
    *narrowing = *all;
    narrowing->counts = array_new((size_t)PERCENTILES * NARROWING,
                                  sizeof *narrowing->counts, err);
    if (narrowing->counts == NULL) {
        narrowing_free(narrowing);
        return NULL;
    }
    return narrowing;
}

static bool
narrowing_visit(void *argument, const struct slice_batch *batch,
                struct error *err)
{
    struct narrowing *narrowing = argument;

    (void)err;
    for (size_t i = batch->first_new; i < batch->count; i++) {
        const struct slice *slice = &batch->slices[i];
        uint64_t duration_ns = slice->end_ns - slice->start_ns;

        if (!is_counted(narrowing->scope, narrowing->function, slice)) {
            continue;
        }
        for (size_t p = 0; p < PERCENTILES; p++) {
            const struct range *range = &narrowing->ranges[p];

            if (duration_ns >= range->low
                && duration_ns - range->low < range->width) {
                narrowing->counts[p * NARROWING
                                  + (duration_ns - range->low)
                                        / part_width(range)]++;
            }
        }
    }
    return true;
}

static bool
narrowing_merge(void *context, void *worker, struct error *err)
{
    struct narrowing *all = context;
    const struct narrowing *one = worker;

    (void)err;
    for (size_t i = 0; i < (size_t)PERCENTILES * NARROWING; i++) {
        all->counts[i] += one->counts[i];
    }
    return true;
}

/* The part of a range that holds its call. */
static void
narrow(struct range *range, const uint64_t *counts)
{
    uint64_t width = part_width(range);
    size_t part = 0;

    while (part + 1 < NARROWING
           && range->below + counts[part] < range->number) {
        range->below += counts[part++];
    }
    range->low += part * width;
    range->width = width;
}

/* The bucket that holds the call of a percentile. */
static struct range
range_of(const struct call_rank *rank, unsigned percent)
{
    /* In this order nothing overflows that could be counted. */
    uint64_t number =
        rank->count / 100 * percent + (rank->count % 100 * percent + 99) / 100;
    struct range range = {.number = number};
    unsigned bucket = 0;

    while (range.below + rank->buckets[bucket] < number) {
        range.below += rank->buckets[bucket++];
    }
    range.low = call_rank_bucket_start(bucket);
    range.width = bucket + 1 < CALL_RANK_BUCKETS
                      ? call_rank_bucket_start(bucket + 1) - range.low
                      : UINT64_MAX - range.low;
    return range;
}

static bool
scan_ranges(const struct rank_pass *pass, struct range *ranges,
            const struct slice_scan_options *options, struct error *err)
{
    struct narrowing all = {
        .scope = pass->scope,
        .function = pass->function,
        .ranges = ranges,
        .counts =
            array_new((size_t)PERCENTILES * NARROWING, sizeof *all.counts, err),
    };
    const struct slice_visitor visitor = {
        .context = &all,
        .worker_new = narrowing_new,
        .visit = narrowing_visit,
        .merge = narrowing_merge,
        .worker_free = narrowing_free,
    };
    bool ok = all.counts != NULL
              && slice_scan(pass->model, pass->scope, &visitor, options, err);

    for (size_t p = 0; p < PERCENTILES && ok; p++) {
        narrow(&ranges[p], all.counts + p * NARROWING);
    }
    free(all.counts);
    return ok;
}

static bool
are_wide(const struct range *ranges)
{
    for (size_t p = 0; p < PERCENTILES; p++) {
        if (ranges[p].width > 1) {
            return true;
        }
    }
    return false;
}

static bool
find_percentiles(struct rank_pass *pass,
                 const struct slice_scan_options *options, struct error *err)
{
    struct call_rank *rank = pass->rank;
    struct range ranges[PERCENTILES] = {
        range_of(rank, 50),
        range_of(rank, 90),
        range_of(rank, 95),
        range_of(rank, 99),
    };

    if (rank->call_count == rank->count) {
        for (size_t p = 0; p < PERCENTILES; p++) {
            ranges[p].low =
                rank->calls[rank->count - ranges[p].number].duration_ns;
            ranges[p].width = 1;
        }
    }
    while (are_wide(ranges)) {
        if (!scan_ranges(pass, ranges, options, err)) {
            return false;
        }
    }
    rank->p50_ns = ranges[0].low;
    rank->p90_ns = ranges[1].low;
    rank->p95_ns = ranges[2].low;
    rank->p99_ns = ranges[3].low;
    return true;
}

static bool
run(struct rank_pass *pass, const struct call_rank_options *options,
    const struct function_mask *mask, struct error *err)
{
    const struct slice_visitor visitor = {
        .context = pass,
        .worker_new = pass_new,
        .visit = visit,
        .merge = merge,
        .worker_free = pass_free,
    };
    const struct slice_scan_options scan_options = {
        .thread_count = options->thread_count,
        .progress = options->progress,
        .functions = mask,
    };

    if (!slice_scan(pass->model, pass->scope, &visitor, &scan_options, err)
        || !join_sides(pass, err)) {
        return false;
    }
    pass->rank->min_ns = pass->rank->fastest.duration_ns;
    pass->rank->max_ns = pass->rank->slowest.duration_ns;
    if (pass->rank->count == 0) {
        return true;
    }
    pass->rank->deviation_ns = square_sum_deviation(
        &pass->rank->squares, pass->rank->count,
        (double)pass->rank->total_ns / (double)pass->rank->count);
    return find_percentiles(pass, &scan_options, err);
}

bool
call_rank_find(struct call_rank *rank, const struct trace_model *model,
               const struct trace_scope *scope, const struct slice *call,
               const struct call_rank_options *options, struct error *err)
{
    struct rank_pass pass = {
        .model = model,
        .scope = scope,
        .call = ranked(call),
        .function = call->function,
        .window = options->window == 0 ? CALL_RANK_WINDOW : options->window,
        .rank = rank,
    };
    struct function_mask mask;
    bool ok;

    *rank = (struct call_rank){0};
    ok = function_mask_make_one(&mask, model, call->function, err)
         && run(&pass, options, &mask, err);
    function_mask_release(&mask);
    free(pass.slower.calls);
    free(pass.faster.calls);
    if (!ok) {
        call_rank_release(rank);
    }
    return ok;
}

void
call_rank_release(struct call_rank *rank)
{
    free(rank->calls);
    *rank = (struct call_rank){0};
}

/* How many of rank->calls come before a call. */
static size_t
place_of(const struct call_rank *rank, const struct ranked_call *call)
{
    size_t low = 0;
    size_t high = rank->call_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (compare(&rank->calls[middle], call) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

uint64_t
call_rank_of(const struct call_rank *rank, const struct slice *call)
{
    struct ranked_call wanted = ranked(call);
    size_t place = place_of(rank, &wanted);

    return place < rank->call_count
                   && compare(&rank->calls[place], &wanted) == 0
               ? rank->first_rank + place
               : 0;
}

bool
call_rank_step(const struct call_rank *rank, const struct slice *call,
               int64_t places, struct ranked_call *out)
{
    struct ranked_call wanted = ranked(call);
    int64_t count = (int64_t)rank->count;
    int64_t place = (int64_t)place_of(rank, &wanted);
    int64_t end = (int64_t)rank->call_count;
    bool is_there = place < end && compare(&rank->calls[place], &wanted) == 0;
    bool is_above_gap = place == 0 && rank->first_rank > 1;
    bool is_below_gap =
        place == end && (int64_t)rank->first_rank - 1 + end < count;

    if (count == 0 || (!is_there && (is_above_gap || is_below_gap))) {
        return false;
    }
    if (!is_there && places > 0) {
        places--; /* the first one below it stands in its place */
    }
    place = ((int64_t)rank->first_rank - 1 + place + places) % count;
    place += place < 0 ? count : 0;
    if (place == 0) {
        *out = rank->slowest;
        return true;
    }
    if (place == count - 1) {
        *out = rank->fastest;
        return true;
    }
    place -= (int64_t)rank->first_rank - 1;
    if (place < 0 || place >= end) {
        return false;
    }
    *out = rank->calls[place];
    return true;
}

bool
ranked_call_slice(const struct trace_model *model, uint32_t function,
                  const struct ranked_call *call, struct span_scratch *scratch,
                  struct slice *slice, struct error *err)
{
    bool found;

    if (!span_at(model, call->track, call->depth, call->start_ns, scratch,
                 slice, &found, err)) {
        return false;
    }
    if (!found) {
        *slice = (struct slice){
            .start_ns = call->start_ns,
            .end_ns = call->start_ns + call->duration_ns,
            .self_ns = call->duration_ns,
            .function = function,
            .depth = call->depth,
            .track = call->track,
        };
    }
    return true;
}
