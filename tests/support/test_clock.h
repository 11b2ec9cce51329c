// SPDX-License-Identifier: Apache-2.0
/*
 * support/test_clock.h - a clock that tests turn, and the smallest stagings.
 *
 * For recorders whose binary is linked with --wrap for clock_best_kind,
 * clock_monotonic_ns, clock_read_pair and staging_size: ticks are nanoseconds
 * of test_clock_ns, one for each thread.
 */
#ifndef SUPPORT_TEST_CLOCK_H
#define SUPPORT_TEST_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

extern _Thread_local uint64_t test_clock_ns; /* 1 s at first */
extern bool test_has_small_stagings;         /* true at first */

#endif
