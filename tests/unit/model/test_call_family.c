// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>

#include "base/error.h"
#include "model/call_family.h"
#include "model/trace_scope.h"
#include "random_model.h"
#include "random_scope.h"
#include "support/failing_malloc.h"
#include "support/random.h"

enum { CALLS_PER_TRACE = 60 };

/* All slices of the oracle, and one of them. */
struct choice {
    struct slice *all;
    size_t count;
    struct slice call;
};

static struct choice
choose(const struct random_model *random, struct random *numbers)
{
    const struct trace_scope whole = trace_scope_whole();
    struct choice choice;

    choice.all = random_scope_slices(random, &whole, &choice.count);
    choice.call = choice.all[random_below(numbers, choice.count)];
    return choice;
}

static bool
is_around(const struct slice *outer, const struct slice *inner)
{
    return outer->track == inner->track && outer->depth < inner->depth
           && outer->start_ns <= inner->start_ns
           && outer->end_ns >= inner->end_ns;
}

static void
check_callers(const struct random_model *random, const struct choice *choice)
{
    const struct slice *callers;
    size_t count;
    struct error err = {0};
    size_t expected = 0;

    cr_assert(call_callers(random->model, &choice->call, random->scratch,
                           &callers, &count, &err));
    for (size_t i = 0; i < choice->count; i++) {
        const struct slice *slice = &choice->all[i];

        if (is_around(slice, &choice->call)) {
            cr_assert(lt(sz, expected, count));
            cr_assert(eq(u64, callers[expected].start_ns, slice->start_ns));
            cr_assert(eq(u64, callers[expected].end_ns, slice->end_ns));
            cr_assert(eq(u32, callers[expected].depth, slice->depth));
            cr_assert(eq(
                u32, random_model_function(random, callers[expected].function),
                slice->function));
            expected++;
        }
    }
    cr_assert(eq(sz, count, expected));
    cr_assert(eq(sz, count, choice->call.depth));
}

static bool
is_callee(const struct choice *choice, const struct slice *slice)
{
    return is_around(&choice->call, slice)
           && slice->depth == choice->call.depth + 1;
}

static void
check_callee(const struct random_model *random, const struct choice *choice,
             const struct callee *callee)
{
    uint32_t function = random_model_function(random, callee->longest.function);
    struct callee expected = {0};

    for (size_t i = 0; i < choice->count; i++) {
        const struct slice *slice = &choice->all[i];
        uint64_t longest = expected.longest.end_ns - expected.longest.start_ns;

        if (!is_callee(choice, slice) || slice->function != function) {
            continue;
        }
        if (expected.call_count == 0
            || slice->end_ns - slice->start_ns > longest) {
            expected.longest = *slice;
        }
        expected.call_count++;
        expected.total_ns += slice->end_ns - slice->start_ns;
    }
    cr_assert(eq(u64, callee->call_count, expected.call_count));
    cr_assert(eq(u64, callee->total_ns, expected.total_ns));
    cr_assert(eq(u64, callee->longest.start_ns, expected.longest.start_ns));
    cr_assert(eq(u64, callee->longest.end_ns, expected.longest.end_ns));
}

static void
check_callees(const struct random_model *random, const struct choice *choice)
{
    struct slice_scan_options options = {.thread_count = 2};
    struct callees callees;
    struct error err = {0};
    uint64_t calls = 0;
    uint64_t expected = 0;

    cr_assert(
        callees_find(&callees, random->model, &choice->call, &options, &err));
    for (size_t i = 0; i < callees.count; i++) {
        calls += callees.items[i].call_count;
        check_callee(random, choice, &callees.items[i]);
        if (i > 0) {
            cr_assert(ge(u64, callees.items[i - 1].total_ns,
                         callees.items[i].total_ns));
        }
    }
    for (size_t i = 0; i < choice->count; i++) {
        expected += is_callee(choice, &choice->all[i]);
    }
    cr_assert(eq(u64, calls, expected));
    callees_release(&callees);
}

Test(call_family, is_what_looking_at_all_calls_gives)
{
    for (size_t kind = 0; kind < random_model_kind_count(); kind++) {
        struct random_model random;
        struct random numbers = {kind};

        random_model_open(&random, random_model_kind(kind), 1);
        for (size_t i = 0; i < CALLS_PER_TRACE; i++) {
            struct choice choice = choose(&random, &numbers);

            check_callers(&random, &choice);
            check_callees(&random, &choice);
            free(choice.all);
        }
        random_model_close(&random);
    }
}

static bool
find_family(const struct random_model *random, const struct slice *call,
            struct callees *callees, struct error *err)
{
    struct slice_scan_options options = {.thread_count = 1};
    struct span_scratch *scratch = NULL;
    const struct slice *callers;
    size_t count;
    bool ok;

    *callees = (struct callees){0};
    ok = span_scratch_new(&scratch, err)
         && call_callers(random->model, call, scratch, &callers, &count, err)
         && callees_find(callees, random->model, call, &options, err);
    span_scratch_free(scratch);
    return ok;
}

Test(call_family, survives_every_failed_allocation)
{
    struct random_model random;
    struct random numbers = {3};
    struct choice choice;
    bool has_failed = true;

    random_model_open(&random, random_model_kind(5), 1);
    do {
        choice = choose(&random, &numbers);
        free(choice.all);
    } while (choice.call.depth == 0);
    for (unsigned i = 0; has_failed && failing_malloc_arm(i); i++) {
        struct callees callees;
        struct error err = {0};
        bool ok = find_family(&random, &choice.call, &callees, &err);

        has_failed = failing_malloc_disarm();
        cr_assert(eq(int, ok, !has_failed));
        callees_release(&callees);
    }
    random_model_close(&random);
}
