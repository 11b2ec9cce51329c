// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "random_model.h"

static void
check_function(const struct random_model *random, uint32_t index)
{
    const struct model_function *seen =
        trace_model_function(random->model, index);
    struct model_function expected = oracle_function_sums(
        random->oracle, random_model_function(random, index));

    cr_assert(eq(u64, seen->call_count, expected.call_count));
    cr_assert(eq(u64, seen->total_ns, expected.total_ns), "%s", seen->name);
    cr_assert(eq(u64, seen->self_ns, expected.self_ns), "%s", seen->name);
    cr_assert(eq(u64, seen->min_ns, expected.min_ns), "%s", seen->name);
    cr_assert(eq(u64, seen->max_ns, expected.max_ns), "%s", seen->name);
    cr_assert(eq(u64, seen->unfinished_count, expected.unfinished_count));
}

Test(function_sums, equal_those_over_all_calls)
{
    for (size_t kind = 0; kind < random_model_kind_count(); kind++) {
        struct random_model random = {0};
        uint64_t calls = 0;

        random_model_open(&random, random_model_kind(kind), 2);
        for (uint32_t i = 0; i < trace_model_function_count(random.model);
             i++) {
            check_function(&random, i);
            calls += trace_model_function(random.model, i)->call_count;
        }
        cr_assert(eq(u64, calls, random.oracle->call_count));
        random_model_close(&random);
    }
}
