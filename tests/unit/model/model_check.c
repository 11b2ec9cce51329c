// SPDX-License-Identifier: Apache-2.0
#include "model_check.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "model/flow_query.h"
#include "model/span_query.h"
#include "model/timeline_query.h"
#include "model/trace_model.h"
#include "support/random.h"

enum { COLUMNS = 30, ROWS = 6 };

/* The slices around the one looked at. */
struct nest {
    struct slice *around; /* by depth */
    size_t capacity;
    size_t depth;
    uint64_t call_count;
};

static void
check_slice(struct nest *nest, const struct trace_model *model, uint32_t track,
            const struct slice *slice)
{
    const struct model_track *about = trace_model_track(model, track);

    cr_assert(le(u64, slice->start_ns, slice->end_ns));
    cr_assert(le(u64, slice->self_ns, slice->end_ns - slice->start_ns));
    cr_assert(lt(u32, slice->depth, about->depth));
    cr_assert(eq(u32, slice->track, track));
    cr_assert(slice->function == UINT32_MAX
              || slice->function < trace_model_function_count(model));
    cr_assert(le(u64, slice->depth, nest->depth));
    if (slice->depth > 0) {
        const struct slice *caller = &nest->around[slice->depth - 1];

        cr_assert(ge(u64, slice->start_ns, caller->start_ns));
        cr_assert(le(u64, slice->end_ns, caller->end_ns));
    }
    if (slice->depth < nest->depth) {
        cr_assert(ge(u64, slice->start_ns, nest->around[slice->depth].end_ns));
    }
    if (slice->depth >= nest->capacity) {
        nest->capacity = 2 * slice->depth + 16;
        nest->around =
            realloc(nest->around, nest->capacity * sizeof *nest->around);
        cr_assert(nest->around != NULL);
    }
    nest->around[slice->depth] = *slice;
    nest->depth = slice->depth + 1;
    nest->call_count += !(slice->flags & SLICE_START_UNKNOWN);
}

static void
check_track(const struct trace_model *model, uint32_t track,
            struct span_scratch *scratch)
{
    struct nest nest = {0};
    const struct model_gap *gaps = trace_model_gaps(model, track);

    for (size_t i = 0; i < span_block_count(model, track); i++) {
        const struct slice *slices;
        struct error err = {0};
        size_t count;
        size_t first_new;

        if (!span_block_slices(model, track, i, scratch, &slices, &count,
                               &first_new, &err)) {
            continue; /* an unreadable block is a gap */
        }
        for (size_t k = first_new; k < count; k++) {
            check_slice(&nest, model, track, &slices[k]);
        }
    }
    cr_assert(
        eq(u64, nest.call_count, trace_model_track(model, track)->call_count));
    for (size_t i = 0; i < trace_model_track(model, track)->gap_count; i++) {
        cr_assert(le(u64, gaps[i].start_ns, gaps[i].end_ns));
    }
    free(nest.around);
}

static void
check_cells(const struct trace_model *model, uint32_t track,
            struct span_scratch *scratch, struct random *numbers)
{
    uint64_t duration = trace_model_summary(model).duration_ns;
    struct timeline_cell cells[(ROWS + 1) * COLUMNS];
    struct timeline_request request = {
        .track = track,
        .first_depth = (uint32_t)random_below(numbers, 3),
        .depth_count = ROWS,
        .include_deeper = true,
        .is_exact = random_below(numbers, 2) == 0,
        .grid = {.column_ns = 1 + (duration >> random_below(numbers, 60)),
                 .column_count = COLUMNS},
    };
    struct error err = {0};

    request.grid.origin_ns = (int64_t)random_below(numbers, duration + 1);
    if (!timeline_cells(model, &request, scratch, cells, &err)) {
        return; /* a block that cannot be read */
    }
    for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++) {
        cr_assert(le(u64, cells[i].busy_ns, request.grid.column_ns));
    }
}

static void
check_lists(const struct trace_model *model)
{
    for (size_t i = 1; i < trace_model_instant_count(model); i++) {
        cr_assert(le(u64, trace_model_instant(model, i - 1).time_ns,
                     trace_model_instant(model, i).time_ns));
    }
    for (size_t i = 0; i < trace_model_counter_count(model); i++) {
        const struct counter_point *points =
            trace_model_counter_points(model, i);

        for (size_t k = 1; k < trace_model_counter(model, i)->point_count;
             k++) {
            cr_assert(le(u64, points[k - 1].time_ns, points[k].time_ns));
        }
    }
    for (size_t i = 0; i < trace_model_note_count(model); i++) {
        cr_assert(gt(sz, strlen(trace_model_note(model, i)), 0));
    }
    for (size_t i = 0; i < trace_model_process_count(model); i++) {
        cr_assert(gt(sz, strlen(trace_model_process(model, i)->name), 0));
    }
}

/* A place with a call has one, and that has the arrow. */
static void
check_flow_place(const struct trace_model *model,
                 const struct flow_place *place, enum flow_way way,
                 struct span_scratch *scratch)
{
    struct slice slice;
    struct error err = {0};
    bool found = false;

    cr_assert(lt(u32, place->track, (uint32_t)trace_model_track_count(model)));
    cr_assert(flow_place_call(model, place, scratch, &slice, &found, &err));
    cr_assert(eq(int, found, place->has_call));
    if (found) {
        cr_assert(gt(sz, flow_list_of_call(model, &slice, way).count, 0));
    }
}

/* Every arrow once, from both sides. */
static void
check_flows(const struct trace_model *model, struct span_scratch *scratch)
{
    struct flow_counts counts = trace_model_flow_counts(model);
    struct flow_list forward = flow_list_of_all(model, FLOW_WAY_FORWARD);
    struct flow_list back = flow_list_of_all(model, FLOW_WAY_BACK);
    bool *is_seen = calloc(counts.arrows + 1, sizeof *is_seen);

    cr_assert(eq(sz, counts.arrows + counts.ends_alone, counts.ends));
    cr_assert(eq(sz, forward.count, counts.arrows));
    cr_assert(eq(sz, back.count, counts.arrows));
    for (size_t i = 0; i < counts.arrows; i++) {
        struct flow_arrow arrow = flow_list_arrow(&forward, i);

        cr_assert(eq(sz, arrow.number, i));
        check_flow_place(model, &arrow.from, FLOW_WAY_FORWARD, scratch);
        check_flow_place(model, &arrow.to, FLOW_WAY_BACK, scratch);
        arrow = flow_list_arrow(&back, i);
        cr_assert(lt(sz, arrow.number, counts.arrows));
        cr_assert(not(is_seen[arrow.number]));
        is_seen[arrow.number] = true;
    }
    free(is_seen);
}

void
model_check(const struct trace_model *model, uint64_t seed)
{
    struct random numbers = {seed};
    struct span_scratch *scratch = NULL;
    struct error err = {0};

    cr_assert(span_scratch_new(&scratch, &err));
    for (uint32_t i = 0; i < trace_model_track_count(model); i++) {
        check_track(model, i, scratch);
        for (unsigned k = 0; k < 6; k++) {
            check_cells(model, i, scratch, &numbers);
        }
    }
    check_lists(model);
    check_flows(model, scratch);
    span_scratch_free(scratch);
}
