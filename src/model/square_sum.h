// SPDX-License-Identifier: Apache-2.0
/*
 * model/square_sum.h - sums of squares of durations, which 64 bits cannot hold,
 * and the standard deviation that follows from one.
 */
#ifndef MODEL_SQUARE_SUM_H
#define MODEL_SQUARE_SUM_H

#include <stdint.h>

/* {0} is no duration. */
struct square_sum {
    uint64_t high;
    uint64_t low;
};

void square_sum_add(struct square_sum *sum, uint64_t value);

void square_sum_merge(struct square_sum *into, const struct square_sum *from);

/* Of so many values, at least one, with this mean. */
double square_sum_deviation(const struct square_sum *sum, uint64_t count,
                            double mean);

#endif
