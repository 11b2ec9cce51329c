// SPDX-License-Identifier: Apache-2.0
#include "support/test_clock.h"

#include <stddef.h>

#include "base/clock.h"

_Thread_local uint64_t test_clock_ns = 1000000000;
bool test_has_small_stagings = true;

enum clock_kind __wrap_clock_best_kind(void);
uint64_t __wrap_clock_monotonic_ns(void);
struct clock_pair __wrap_clock_read_pair(enum clock_kind kind);
size_t __real_staging_size(size_t previous_size, size_t open_count,
                           size_t word_count);
size_t __wrap_staging_size(size_t previous_size, size_t open_count,
                           size_t word_count);

enum clock_kind
__wrap_clock_best_kind(void)
{
    return CLOCK_MONOTONIC_NS;
}

uint64_t
__wrap_clock_monotonic_ns(void)
{
    return test_clock_ns;
}

struct clock_pair
__wrap_clock_read_pair(enum clock_kind kind)
{
    (void)kind;
    return (struct clock_pair){.tick = test_clock_ns,
                               .monotonic_ns = test_clock_ns};
}

size_t
__wrap_staging_size(size_t previous_size, size_t open_count, size_t word_count)
{
    return __real_staging_size(test_has_small_stagings ? 0 : previous_size,
                               open_count, word_count);
}
