// SPDX-License-Identifier: Apache-2.0
/* Steps against all calls of random traces, looked at one by one. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdlib.h>

#include "base/error.h"
#include "base/progress.h"
#include "model/call_step.h"
#include "random_model.h"
#include "random_scope.h"
#include "support/random.h"

enum { PLACES = 60, STEPS = 25, NOTHING = -1 };

static const struct progress no_progress = {0};

/* All calls of a track, as they were entered. */
struct walk {
    struct random_model random;
    struct slice *slices;
    ptrdiff_t count;
};

/* Where a step must lead, by index; the moment is the entry of a call, or the
 * return of inner. */
static ptrdiff_t
expected(const struct walk *walk, ptrdiff_t call, ptrdiff_t inner,
         enum call_step_kind kind)
{
    const struct slice *slices = walk->slices;
    uint32_t depth = slices[call].depth;
    ptrdiff_t i = call;

    switch (kind) {
    case CALL_STEP_INTO:
        i = inner == NOTHING ? call : inner;
        while (++i < walk->count && slices[i].depth > depth + 1) {
        }
        return i < walk->count && slices[i].depth == depth + 1 ? i : NOTHING;
    case CALL_STEP_OVER:
        while (++i < walk->count && slices[i].depth != depth) {
        }
        return i < walk->count ? i : NOTHING;
    case CALL_STEP_OUT:
        while (--i >= 0 && slices[i].depth + 1 != depth) {
        }
        return i;
    }
    return NOTHING;
}

static void
expect_call(const struct walk *walk, const struct slice *slice, ptrdiff_t index)
{
    const struct slice *call = &walk->slices[index];

    cr_assert(eq(u64, slice->start_ns, call->start_ns));
    cr_assert(eq(u64, slice->end_ns, call->end_ns));
    cr_assert(eq(u32, slice->depth, call->depth));
    cr_assert(eq(u32, slice->function, call->function));
}

/* Random steps from one call on. */
static void
check_steps(const struct walk *walk, ptrdiff_t call, struct random *numbers)
{
    struct slice slice = walk->slices[call];
    struct call_position at;
    ptrdiff_t inner = NOTHING;
    struct error err = {0};

    cr_assert(call_position_of(walk->random.model, &slice, walk->random.scratch,
                               &at, &err));
    for (int i = 0; i < STEPS; i++) {
        enum call_step_kind kind =
            (enum call_step_kind)random_below(numbers, 3);
        ptrdiff_t to = expected(walk, call, inner, kind);
        struct call_position before = at;
        bool found;

        cr_assert(call_step(walk->random.model, &before, kind, &no_progress,
                            walk->random.scratch, &at, &found, &err),
                  "%s", err.message);
        cr_assert(eq(int, found, to != NOTHING), "kind %d of call %td", kind,
                  call);
        if (!found) {
            at = before;
            continue;
        }
        inner = kind == CALL_STEP_OUT ? call : NOTHING;
        call = to;
        expect_call(walk, &at.call.slice, call);
        cr_assert(eq(int, at.has_inner, inner != NOTHING));
        cr_assert(eq(u64, call_position_time(&at),
                     inner == NOTHING ? walk->slices[call].start_ns
                                      : walk->slices[inner].end_ns));
    }
}

/* The oracle numbers functions in its own way. */
static void
use_model_functions(struct walk *walk)
{
    uint32_t count = trace_model_function_count(walk->random.model);

    for (ptrdiff_t i = 0; i < walk->count; i++) {
        uint32_t function = 0;

        while (function < count
               && random_model_function(&walk->random, function)
                      != walk->slices[i].function) {
            function++;
        }
        walk->slices[i].function = function < count ? function : UINT32_MAX;
    }
}

static void
check_track(const struct random_model *random, uint32_t track,
            struct random *numbers)
{
    uint8_t tracks[RANDOM_SCOPE_TRACKS_MAX] = {0};
    struct trace_scope scope = trace_scope_whole();
    struct walk walk = {.random = *random};
    size_t count;

    tracks[track] = 1;
    scope.tracks = tracks;
    walk.slices = random_scope_slices(random, &scope, &count);
    walk.count = (ptrdiff_t)count;
    use_model_functions(&walk);
    for (int i = 0; i < PLACES && count > 0; i++) {
        check_steps(&walk, (ptrdiff_t)random_below(numbers, count), numbers);
    }
    free(walk.slices);
}

Test(call_step, goes_where_a_look_at_all_calls_says)
{
    for (size_t kind = 0; kind < random_model_kind_count(); kind++) {
        struct random numbers = {kind + 1};
        struct random_model random;

        random_model_open(&random, random_model_kind(kind), 2);
        for (uint32_t i = 0; i < trace_model_track_count(random.model); i++) {
            check_track(&random, i, &numbers);
        }
        random_model_close(&random);
    }
}

static bool
stop_at_once(void *context, uint64_t done, uint64_t total)
{
    (void)context;
    (void)done;
    (void)total;
    return false;
}

Test(call_step, can_be_cancelled)
{
    const struct progress stop = {.report = stop_at_once};
    struct random_model random;
    struct call_position from;
    struct call_position to;
    struct error err = {0};
    const struct slice *slices;
    size_t count;
    size_t first_new;
    bool found;

    random_model_open(&random, random_model_kind(2), 1);
    cr_assert(span_block_slices(random.model, 0, 0, random.scratch, &slices,
                                &count, &first_new, &err));
    cr_assert(call_position_of(random.model, &slices[0], random.scratch, &from,
                               &err));
    cr_assert(not(call_step(random.model, &from, CALL_STEP_OVER, &stop,
                            random.scratch, &to, &found, &err)));
    cr_assert(eq(int, err.code, ERROR_CANCELLED));
    cr_assert(not(found));
    random_model_close(&random);
}
