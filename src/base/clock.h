// SPDX-License-Identifier: Apache-2.0
/*
 * base/clock.h - the clocks a recording uses.
 *
 * A tick is a unit of the recording clock: a cycle of the invariant time
 * stamp counter where the kernel itself trusts it (its clocksource is tsc or
 * kvm-clock, and CPUID says invariant), else a nanosecond of CLOCK_MONOTONIC.
 * One file per platform implements this header.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

enum clock_kind {
    CLOCK_MONOTONIC_NS = 1, /* ticks are nanoseconds of CLOCK_MONOTONIC */
    CLOCK_TSC = 2,          /* ticks are cycles of the time stamp counter */
};

/* One instant on both clocks. */
struct clock_pair {
    uint64_t tick;
    uint64_t monotonic_ns;
};

/* The best clock this machine can be trusted with. Reads /sys once a call. */
enum clock_kind clock_best_kind(void);

/* Nanoseconds of CLOCK_MONOTONIC, and of CLOCK_REALTIME since 1970. */
uint64_t clock_monotonic_ns(void);
uint64_t clock_realtime_ns(void);

/* What the wall clock showed at a time of CLOCK_MONOTONIC, as far as it runs
 * now: the two are read together, the tightest of a few tries. */
uint64_t clock_realtime_at(uint64_t monotonic_ns);

/*
 * Read both clocks as one instant: the tightest of a few tries, so that being
 * preempted in between does not spoil the pair.
 */
struct clock_pair clock_read_pair(enum clock_kind kind);

/* The tick now, on a clock that is read without a call; false when it takes
 * one. */
static inline bool
clock_tick_inline(enum clock_kind kind, uint64_t *tick)
{
#if defined(__x86_64__)
    if (__builtin_expect(kind == CLOCK_TSC, 1)) {
        *tick = __rdtsc();
        return true;
    }
#endif
    (void)kind;
    (void)tick;
    return false;
}

static inline uint64_t
clock_tick(enum clock_kind kind)
{
    uint64_t tick;

    return clock_tick_inline(kind, &tick) ? tick : clock_monotonic_ns();
}

#endif
