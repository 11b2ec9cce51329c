// SPDX-License-Identifier: Apache-2.0
#include "export/html_sums.h"

#include <stdlib.h>

#include "base/array.h"
#include "export/html_sink.h"
#include "model/slice_args.h"
#include "model/span_query.h"
#include "model/trace_model.h"

struct open_call {
    uint32_t function;
    uint32_t depth;
};

/* The calls that are open at one moment of a track, and how often each
 * function is among them. */
struct open_calls {
    struct open_call *stack; /* outermost first; depths ascend */
    size_t capacity;
    size_t count;
    uint32_t *counts; /* by function, "unknown" last */
};

struct sums_maker {
    struct html_sums *sums;
    const struct html_sink *sink;
    struct span_scratch *scratch;
    struct open_calls open;
    struct buffer args; /* of one call */
};

static unsigned
bucket_of(uint64_t duration_ns)
{
    unsigned shift = 0;

    if (duration_ns >> HTML_DURATION_BITS != 0) {
        shift =
            63u - (unsigned)__builtin_clzll(duration_ns) - HTML_DURATION_BITS;
        return ((shift + 1) << HTML_DURATION_BITS)
               + (unsigned)((duration_ns >> shift)
                            - (1u << HTML_DURATION_BITS));
    }
    return (unsigned)duration_ns;
}

/* The least duration of a bucket. */
static uint64_t
bucket_start(unsigned bucket)
{
    unsigned low = bucket & ((1u << HTML_DURATION_BITS) - 1);
    unsigned power = bucket >> HTML_DURATION_BITS;

    if (power == 0) {
        return low;
    }
    return (uint64_t)((1u << HTML_DURATION_BITS) + low) << (power - 1);
}

/* Close what is open at a depth and below. */
static void
close_down_to(struct open_calls *open, uint32_t depth)
{
    while (open->count > 0 && open->stack[open->count - 1].depth >= depth) {
        open->count--;
        open->counts[open->stack[open->count].function]--;
    }
}

/* Enter a call. *is_nested tells whether its function is open already. */
static bool
enter(struct open_calls *open, uint32_t function, uint32_t depth,
      bool *is_nested, struct error *err)
{
    close_down_to(open, depth);
    *is_nested = open->counts[function] > 0;
    if (!array_reserve((void **)&open->stack, &open->capacity, open->count + 1,
                       sizeof *open->stack, err)) {
        return false;
    }
    open->stack[open->count++] =
        (struct open_call){.function = function, .depth = depth};
    open->counts[function]++;
    return true;
}

static bool
add_slice(struct sums_maker *maker, const struct slice *slice,
          uint64_t limit_ns, struct error *err)
{
    struct html_sums *sums = maker->sums;
    uint32_t function = slice->function < sums->function_count
                            ? slice->function
                            : sums->function_count;
    struct html_function_sum *sum = &sums->functions[function];
    bool is_cut = slice->end_ns > limit_ns;
    uint64_t end_ns = is_cut ? limit_ns : slice->end_ns;
    uint64_t duration_ns = end_ns - slice->start_ns;
    bool is_open = is_cut || (slice->flags & SLICE_UNFINISHED);
    bool is_whole =
        !is_open && !(slice->flags & (SLICE_START_UNKNOWN | SLICE_TRUNCATED));
    bool is_nested;

    if (!enter(&maker->open, function, slice->depth, &is_nested, err)) {
        return false;
    }
    sum->call_count++;
    sum->total_ns += is_nested ? 0 : duration_ns;
    sum->self_ns += slice->self_ns < duration_ns ? slice->self_ns : duration_ns;
    sum->unfinished_count += is_open;
    if (duration_ns > sum->max_ns) {
        sum->max_ns = duration_ns;
    }
    if (is_whole && duration_ns < sum->min_ns) {
        sum->min_ns = duration_ns;
    }
    sums->track_calls[slice->track]++;
    sums->call_count++;
    sums->durations[bucket_of(duration_ns)]++;
    return true;
}

static bool
add_args(struct sums_maker *maker, const struct slice *slice, uint64_t limit_ns,
         struct error *err)
{
    uint64_t end_ns = slice->end_ns < limit_ns ? slice->end_ns : limit_ns;
    size_t size;

    if (!slice_args(maker->sink->model, slice, maker->scratch, &maker->args,
                    err)) {
        return false;
    }
    size = maker->args.size < HTML_CALL_ARGS_MAX ? maker->args.size
                                                 : HTML_CALL_ARGS_MAX;
    maker->sums->args_sizes[bucket_of(end_ns - slice->start_ns)] += size;
    return true;
}

static bool
add_block(struct sums_maker *maker, uint32_t track, size_t block,
          struct error *err)
{
    const struct slice *slices = NULL;
    size_t count = 0;
    size_t first_new = 0;
    bool has_args = false;

    if (!span_block_slices(maker->sink->model, track, block, maker->scratch,
                           &slices, &count, &first_new, err)
        || !slice_args_any(maker->scratch, &has_args, err)) {
        return false;
    }
    for (size_t i = first_new; i < count; i++) {
        uint64_t limit_ns;

        if (html_sink_wants(maker->sink, slices[i].start_ns, &limit_ns)
            && (!add_slice(maker, &slices[i], limit_ns, err)
                || (has_args && !add_args(maker, &slices[i], limit_ns, err)))) {
            return false;
        }
    }
    return true;
}

static bool
add_tracks(struct sums_maker *maker, struct error *err)
{
    const struct trace_model *model = maker->sink->model;
    uint32_t track_count = (uint32_t)trace_model_track_count(model);

    for (uint32_t track = 0; track < track_count; track++) {
        size_t block_count = span_block_count(model, track);

        for (size_t block = 0; block < block_count; block++) {
            if (!html_sink_report(maker->sink, block, block_count, err)
                || !add_block(maker, track, block, err)) {
                return false;
            }
        }
        close_down_to(&maker->open, 0);
    }
    return true;
}

static bool
allocate(struct sums_maker *maker, struct error *err)
{
    struct html_sums *sums = maker->sums;
    size_t slots = (size_t)sums->function_count + 1;

    sums->functions = array_new(slots, sizeof *sums->functions, err);
    if (sums->functions == NULL) {
        return false;
    }
    for (size_t i = 0; i < slots; i++) {
        sums->functions[i].min_ns = UINT64_MAX;
    }
    sums->track_calls = array_new(trace_model_track_count(maker->sink->model),
                                  sizeof *sums->track_calls, err);
    if (sums->track_calls == NULL) {
        return false;
    }
    maker->open.counts = array_new(slots, sizeof *maker->open.counts, err);
    return maker->open.counts != NULL && span_scratch_new(&maker->scratch, err);
}

bool
html_sums_make(struct html_sums *sums, const struct html_sink *sink,
               struct error *err)
{
    struct sums_maker maker = {.sums = sums, .sink = sink};
    bool ok;

    *sums = (struct html_sums){.function_count =
                                   trace_model_function_count(sink->model)};
    ok = allocate(&maker, err) && add_tracks(&maker, err);
    span_scratch_free(maker.scratch);
    free(maker.open.stack);
    free(maker.open.counts);
    buffer_release(&maker.args);
    return ok;
}

/* The least duration of the longest buckets that have at most limit in all;
 * *sum gets how much. */
static uint64_t
find_least(const uint64_t buckets[HTML_DURATION_BUCKETS], uint64_t limit,
           uint64_t *sum)
{
    unsigned bucket = HTML_DURATION_BUCKETS;

    *sum = 0;
    while (bucket > 0 && *sum + buckets[bucket - 1] <= limit) {
        bucket--;
        *sum += buckets[bucket];
    }
    if (bucket == HTML_DURATION_BUCKETS) {
        return UINT64_MAX;
    }
    return bucket == 0 ? 0 : bucket_start(bucket);
}

uint64_t
html_sums_least_duration(const struct html_sums *sums, uint64_t limit,
                         uint64_t *count)
{
    return find_least(sums->durations, limit, count);
}

uint64_t
html_sums_least_with_args(const struct html_sums *sums, uint64_t limit)
{
    uint64_t size;

    return find_least(sums->args_sizes, limit, &size);
}

void
html_sums_release(struct html_sums *sums)
{
    free(sums->functions);
    free(sums->track_calls);
}
