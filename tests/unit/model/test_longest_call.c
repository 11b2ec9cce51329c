// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>

#include "base/error.h"
#include "model/longest_call.h"
#include "model/trace_scope.h"
#include "random_model.h"
#include "random_scope.h"
#include "support/random.h"

enum { TRIES_PER_TRACE = 30, PATH_MAX_LENGTH = 512 };

/* What is looked for: the path to some call of the trace. */
struct wanted {
    uint32_t functions[PATH_MAX_LENGTH];
    size_t count;
    bool is_path;
};

static uint32_t
model_function(const struct random_model *random, uint32_t function)
{
    uint32_t i = 0;

    while (random_model_function(random, i) != function) {
        i++;
    }
    return i;
}

static void
choose(const struct random_model *random, struct random *numbers,
       struct wanted *wanted)
{
    size_t count;
    uint32_t thread =
        (uint32_t)random_below(numbers, random->oracle->thread_count);
    struct slice *slices = oracle_slices(random->oracle, thread, &count);
    size_t last = count == 0 ? 0 : random_below(numbers, count);

    wanted->is_path = random_permille(numbers, 700);
    wanted->count = count == 0 ? 1 : slices[last].depth + (size_t)1;
    for (size_t i = 0; i <= last && count > 0; i++) {
        if (slices[i].depth < wanted->count) {
            wanted->functions[slices[i].depth] =
                model_function(random, slices[i].function);
        }
    }
    free(slices);
}

static uint64_t
time_inside(const struct trace_scope *scope, const struct slice *slice)
{
    uint64_t start_ns =
        slice->start_ns > scope->start_ns ? slice->start_ns : scope->start_ns;
    uint64_t end_ns =
        slice->end_ns < scope->end_ns ? slice->end_ns : scope->end_ns;

    return end_ns - start_ns;
}

/* Whether slices[i] is a call that is wanted: look up its callers one by one,
 * by all slices of its track. */
static bool
is_wanted(const struct random_model *random, const struct wanted *wanted,
          const struct slice *slices, size_t count, const struct slice *slice)
{
    if (!wanted->is_path) {
        return slice->function
               == random_model_function(random,
                                        wanted->functions[wanted->count - 1]);
    }
    if (slice->depth + (size_t)1 != wanted->count) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const struct slice *caller = &slices[i];

        if (caller->depth <= slice->depth && caller->start_ns <= slice->start_ns
            && caller->end_ns >= slice->end_ns
            && (caller->depth == slice->depth
                    ? caller->start_ns == slice->start_ns
                    : caller->end_ns > slice->start_ns)
            && caller->function
                   != random_model_function(random,
                                            wanted->functions[caller->depth])) {
            return false;
        }
    }
    return true;
}

static bool
find(const struct random_model *random, const struct trace_scope *scope,
     const struct wanted *wanted, struct slice *best)
{
    size_t scope_count;
    struct slice *touching = random_scope_slices(random, scope, &scope_count);
    bool found = false;

    for (uint32_t thread = 0; thread < random->oracle->thread_count; thread++) {
        uint32_t track = random_model_track(random, thread);
        size_t count;
        struct slice *slices = oracle_slices(random->oracle, thread, &count);

        for (size_t i = 0; i < scope_count; i++) {
            const struct slice *slice = &touching[i];
            uint64_t inside_ns = time_inside(scope, slice);

            if (slice->track != track
                || !is_wanted(random, wanted, slices, count, slice)) {
                continue;
            }
            if (!found || inside_ns > time_inside(scope, best)
                || (inside_ns == time_inside(scope, best)
                    && (slice->start_ns < best->start_ns
                        || (slice->start_ns == best->start_ns
                            && slice->track < best->track)))) {
                *best = *slice;
                found = true;
            }
        }
        free(slices);
    }
    free(touching);
    return found;
}

static void
check(const struct random_model *random, const struct trace_scope *scope,
      const struct wanted *wanted, unsigned thread_count)
{
    struct call_target target = {.functions = wanted->functions,
                                 .count = wanted->count,
                                 .is_path = wanted->is_path};
    struct slice_scan_options options = {.thread_count = thread_count};
    struct error err = {0};
    struct slice expected = {0};
    struct slice seen = {0};
    bool found;

    cr_assert(longest_call_find(random->model, scope, &target, &options, &seen,
                                &found, &err),
              "%s", err.message);
    cr_assert(eq(int, found, find(random, scope, wanted, &expected)));
    if (found) {
        cr_assert(eq(u64, seen.start_ns, expected.start_ns));
        cr_assert(eq(u64, seen.end_ns, expected.end_ns));
        cr_assert(eq(u32, seen.depth, expected.depth));
        cr_assert(eq(u32, seen.track, expected.track));
    }
}

Test(longest_call, is_that_of_a_search_through_all)
{
    for (size_t kind = 0; kind < random_model_kind_count(); kind++) {
        struct random numbers = {.state = kind + 20};
        struct random_model random = {0};

        random_model_open(&random, random_model_kind(kind), 2);
        for (size_t i = 0; i < TRIES_PER_TRACE; i++) {
            struct random_scope choice = {0};
            struct wanted wanted = {0};

            random_scope_choose(&choice, &random, &numbers);
            choose(&random, &numbers, &wanted);
            check(&random, &choice.scope, &wanted, (unsigned)i % 3 + 1);
        }
        random_model_close(&random);
    }
}
