// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "random_model.h"

Test(trace_model, counts_what_is_in_the_trace)
{
    for (size_t kind = 0; kind < random_model_kind_count(); kind++) {
        struct random_model random = {0};
        struct trace_summary summary;

        random_model_open(&random, random_model_kind(kind), 2);
        summary = trace_model_summary(random.model);
        cr_assert(eq(u64, summary.call_count, random.oracle->call_count));
        cr_assert(eq(u64, summary.event_count,
                     random.oracle->call_count + random.oracle->instant_count
                         + random.oracle->counter_count));
        cr_assert(eq(u64, summary.mismatched_returns,
                     random.oracle->mismatched_returns));
        cr_assert(eq(u64, summary.duration_ns,
                     random.oracle->last_ns - random.oracle->first_ns));
        cr_assert(eq(u64, summary.lost_calls, 0));
        random_model_close(&random);
    }
}
