// SPDX-License-Identifier: Apache-2.0
/* Means against a look at each point. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <inttypes.h>
#include <math.h>

#include "model/counter_mean.h"
#include "model/trace_model.h"
#include "random_model.h"
#include "support/random.h"

enum { WINDOWS = 300 };

static bool
mean_of_points(const struct trace_model *model, size_t counter,
               uint64_t start_ns, uint64_t end_ns, double *mean)
{
    const struct counter_point *points =
        trace_model_counter_points(model, counter);
    size_t count = trace_model_counter(model, counter)->point_count;
    double sum = 0;
    double weight = 0;

    for (size_t i = 0; i < count; i++) {
        uint64_t from = points[i].time_ns;
        uint64_t to = i + 1 < count ? points[i + 1].time_ns : UINT64_MAX;

        from = from < start_ns ? start_ns : from;
        to = to > end_ns ? end_ns : to;
        if (from < to && isfinite(points[i].value)) {
            sum += points[i].value * (double)(to - from);
            weight += (double)(to - from);
        }
    }
    *mean = sum / weight;
    return weight > 0;
}

static void
check_window(const struct trace_model *model, size_t counter, uint64_t start_ns,
             uint64_t end_ns)
{
    double expected;
    double mean;
    bool has_mean = mean_of_points(model, counter, start_ns, end_ns, &expected);

    cr_assert(eq(int, counter_mean(model, counter, start_ns, end_ns, &mean),
                 has_mean),
              "%" PRIu64 " to %" PRIu64, start_ns, end_ns);
    if (has_mean) {
        cr_assert(ieee_ulp_eq(dbl, mean, expected, 1 << 20));
    }
}

Test(counter_mean, is_that_of_all_points)
{
    const struct trace_random_options options = {.seed = 21,
                                                 .calls_per_thread = 3000,
                                                 .thread_count = 2,
                                                 .counter_permille = 300,
                                                 .block_size = 4096};
    struct random numbers = {.state = 5};
    struct random_model random = {0};
    uint64_t end_ns;
    size_t most = 0;

    random_model_open(&random, &options, 2);
    end_ns = trace_model_summary(random.model).duration_ns;
    for (size_t i = 0; i < trace_model_counter_count(random.model); i++) {
        size_t count = trace_model_counter(random.model, i)->point_count;

        most = count > most ? count : most;
        check_window(random.model, i, 0, end_ns + 1);
        for (int k = 0; k < WINDOWS; k++) {
            uint64_t start = random_below(&numbers, end_ns + 1);
            uint64_t length = random_below(&numbers, end_ns / (1u << k % 12));

            check_window(random.model, i, start, start + length);
        }
    }
    cr_assert(gt(sz, most, 200), "there are sums");
    random_model_close(&random);
}
