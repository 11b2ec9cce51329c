// SPDX-License-Identifier: Apache-2.0
#include "model/square_sum.h"

#include <math.h>

static void
add(struct square_sum *sum, uint64_t high, uint64_t low)
{
    sum->low += low;
    sum->high += high + (sum->low < low);
}

void
square_sum_add(struct square_sum *sum, uint64_t value)
{
    uint64_t high = value >> 32;
    uint64_t low = value & UINT32_MAX;
    uint64_t middle = high * low;

    add(sum, high * high, low * low);
    add(sum, middle >> 31, middle << 33);
}

void
square_sum_merge(struct square_sum *into, const struct square_sum *from)
{
    add(into, from->high, from->low);
}

double
square_sum_deviation(const struct square_sum *sum, uint64_t count, double mean)
{
    double squares = (double)sum->high * 0x1p64 + (double)sum->low;
    double variance = squares / (double)count - mean * mean;

    return variance > 0 ? sqrt(variance) : 0;
}
