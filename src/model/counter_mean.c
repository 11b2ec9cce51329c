// SPDX-License-Identifier: Apache-2.0
/*
 * Every POINTS_PER_SUM points of a series, from their own number on, have been
 * summed up: a stretch of time is a few sums and, at its ends, single points.
 * Points at the end of a series, of which the last has no end, have no sum.
 */
#include "model/counter_mean.h"

#include <math.h>

#include "base/array.h"
#include "model/model_data.h"

enum { POINTS_PER_SUM = 64 };

static void
add(struct counter_sum *into, double value, uint64_t from_ns, uint64_t to_ns)
{
    if (isfinite(value) && to_ns > from_ns) {
        into->value += value * (double)(to_ns - from_ns);
        into->weight_ns += (double)(to_ns - from_ns);
    }
}

/* Groups of points with another point behind them. */
static size_t
count_sums(const struct model_counter *counter)
{
    return counter->point_count == 0
               ? 0
               : (counter->point_count - 1) / POINTS_PER_SUM;
}

bool
counter_mean_build(struct trace_model *model, struct error *err)
{
    struct counter_sum *sums;
    size_t count = 0;

    for (size_t i = 0; i < model->counter_count; i++) {
        count += count_sums(&model->counters[i].counter);
    }
    model->counter_sums = sums =
        array_new(count, sizeof *model->counter_sums, err);
    if (sums == NULL) {
        return false;
    }
    model->counter_sum_count = count;
    for (size_t i = 0; i < model->counter_count; i++) {
        struct counter_data *data = &model->counters[i];
        const struct counter_point *points = data->points;

        data->sums = sums;
        sums += count_sums(&data->counter);
        for (size_t k = 0; k < count_sums(&data->counter) * POINTS_PER_SUM;
             k++) {
            add(&data->sums[k / POINTS_PER_SUM], points[k].value,
                points[k].time_ns, points[k + 1].time_ns);
        }
    }
    return true;
}

/* The number of points at or before a time. */
static size_t
points_until(const struct counter_data *data, uint64_t time_ns)
{
    size_t low = 0;
    size_t high = data->counter.point_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (data->points[middle].time_ns <= time_ns) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Whether the points of a sum lie in [start_ns, end_ns) until the next one. */
static bool
has_sum(const struct counter_data *data, size_t point, uint64_t start_ns,
        uint64_t end_ns)
{
    return point % POINTS_PER_SUM == 0
           && point / POINTS_PER_SUM < count_sums(&data->counter)
           && data->points[point].time_ns >= start_ns
           && data->points[point + POINTS_PER_SUM].time_ns <= end_ns;
}

bool
counter_mean(const struct trace_model *model, size_t counter, uint64_t start_ns,
             uint64_t end_ns, double *mean)
{
    const struct counter_data *data = &model->counters[counter];
    const struct counter_point *points = data->points;
    size_t count = data->counter.point_count;
    size_t i = points_until(data, start_ns);
    struct counter_sum all = {0};

    i -= i > 0;
    while (i < count && points[i].time_ns < end_ns) {
        uint64_t from_ns = points[i].time_ns;
        uint64_t to_ns = i + 1 < count ? points[i + 1].time_ns : end_ns;

        if (has_sum(data, i, start_ns, end_ns)) {
            all.value += data->sums[i / POINTS_PER_SUM].value;
            all.weight_ns += data->sums[i / POINTS_PER_SUM].weight_ns;
            i += POINTS_PER_SUM;
            continue;
        }
        add(&all, points[i].value, from_ns < start_ns ? start_ns : from_ns,
            to_ns > end_ns ? end_ns : to_ns);
        i++;
    }
    *mean = all.value / all.weight_ns;
    return all.weight_ns > 0 && isfinite(*mean);
}
