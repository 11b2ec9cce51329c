// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>

#include "base/error.h"
#include "model/call_times.h"
#include "model/profile_transform.h"
#include "model/scope_profile.h"
#include "random_model.h"
#include "random_scope.h"
#include "support/failing_malloc.h"
#include "support/random.h"

enum { COLUMN_COUNT = 12, TARGETS_PER_TRACE = 10, PATH_LENGTH_MAX = 512 };

/* The time of a node, or of all calls of its function, in a scope. */
static uint64_t
time_of(const struct random_model *random, const struct trace_scope *scope,
        const struct call_target *target)
{
    struct scope_profile_options options = {.thread_count = 1};
    struct scope_profile profile;
    uint32_t node = 0;
    uint64_t time_ns;

    cr_assert(
        scope_profile_build(&profile, random->model, scope, &options, NULL));
    time_ns = profile.functions[target->functions[target->count - 1]].total_ns;
    for (size_t i = 0; target->is_path && i < target->count; i++) {
        uint32_t child = profile.nodes[node].first_child;
        uint32_t end = child + profile.nodes[node].child_count;

        while (child < end
               && profile.nodes[child].function != target->functions[i]) {
            child++;
        }
        node = child;
        time_ns = child < end ? profile.nodes[child].total_ns : 0;
        if (child == end) {
            break;
        }
    }
    scope_profile_release(&profile);
    return time_ns;
}

/* All calls of the function in the scope that were seen whole. */
static void
check_durations(const struct random_model *random,
                const struct trace_scope *scope,
                const struct call_target *target,
                const struct duration_facts *durations)
{
    uint32_t function =
        random_model_function(random, target->functions[target->count - 1]);
    uint64_t call_count = 0;
    uint64_t max_ns = 0;
    size_t count;
    struct slice *slices = random_scope_slices(random, scope, &count);

    for (size_t i = 0; i < count; i++) {
        uint64_t duration_ns = slices[i].end_ns - slices[i].start_ns;

        if (slices[i].function == function
            && !(slices[i].flags & (SLICE_UNFINISHED | SLICE_START_UNKNOWN))) {
            call_count++;
            max_ns = duration_ns > max_ns ? duration_ns : max_ns;
        }
    }
    free(slices);
    cr_assert(eq(u64, durations->call_count, call_count));
    cr_assert(eq(u64, durations->max_ns, max_ns));
}

/* What each column says is what the profile of that column says. */
static void
check_target(const struct random_model *random, const struct trace_scope *scope,
             const struct call_target *target)
{
    uint64_t end_ns = trace_model_summary(random->model).duration_ns + 1;
    struct call_times times = {.column_ns = end_ns / COLUMN_COUNT + 1,
                               .count = COLUMN_COUNT};
    struct slice_scan_options options = {.thread_count = 2};

    cr_assert(
        call_times_find(&times, random->model, scope, target, &options, NULL));
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        struct trace_scope column = *scope;
        uint64_t start_ns = i * times.column_ns;
        uint64_t until_ns = start_ns + times.column_ns;

        if (start_ns > column.start_ns) {
            column.start_ns = start_ns;
        }
        if (until_ns < column.end_ns) {
            column.end_ns = until_ns;
        }
        cr_assert(eq(u64, times.busy_ns[i],
                     column.start_ns < column.end_ns
                         ? time_of(random, &column, target)
                         : 0));
    }
    if (!target->is_path) {
        check_durations(random, scope, target, &times.durations);
    }
    call_times_release(&times);
}

static struct call_target
choose(const struct scope_profile *profile, struct random *numbers,
       uint32_t *path)
{
    uint32_t node =
        1 + (uint32_t)random_below(numbers, profile->node_count - 1);
    size_t length = profile->nodes[node].level;

    for (size_t i = length; i-- > 0; node = profile->nodes[node].parent) {
        path[i] = profile->nodes[node].function;
    }
    return (struct call_target){
        .functions = path,
        .count = length,
        .is_path = random_permille(numbers, 500),
    };
}

Test(call_times, are_those_of_the_profile_of_each_column)
{
    for (size_t kind = 0; kind < random_model_kind_count(); kind++) {
        struct random numbers = {.state = kind + 3};
        struct trace_scope whole = trace_scope_whole();
        struct scope_profile_options options = {.thread_count = 1};
        struct random_model random = {0};
        struct scope_profile profile;

        random_model_open(&random, random_model_kind(kind), 2);
        cr_assert(scope_profile_build(&profile, random.model, &whole, &options,
                                      NULL));
        for (size_t i = 0; i < TARGETS_PER_TRACE; i++) {
            uint32_t path[PATH_LENGTH_MAX];
            struct call_target target = choose(&profile, &numbers, path);
            struct random_scope choice = {0};

            random_scope_choose(&choice, &random, &numbers);
            check_target(&random, &choice.scope, &target);
        }
        scope_profile_release(&profile);
        random_model_close(&random);
    }
}

Test(call_times, survive_every_failed_allocation)
{
    struct random_model random = {0};
    struct trace_scope scope = trace_scope_whole();
    const uint32_t function = 0;
    const struct call_target target = {.functions = &function, .count = 1};
    bool has_failed = true;

    random_model_open(&random, random_model_kind(0), 1);
    for (unsigned i = 0; has_failed && failing_malloc_arm(i); i++) {
        struct slice_scan_options options = {.thread_count = 1};
        struct call_times times = {.column_ns = 1000, .count = 10};
        struct error err = {0};
        bool is_ok = call_times_find(&times, random.model, &scope, &target,
                                     &options, &err);

        has_failed = failing_malloc_disarm();
        cr_assert(eq(int, is_ok, !has_failed));
        cr_assert(eq(int, err.code, is_ok ? ERROR_NONE : ERROR_NO_MEMORY));
        call_times_release(&times);
    }
    random_model_close(&random);
}
