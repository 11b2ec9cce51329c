// SPDX-License-Identifier: Apache-2.0
/*
 * Clocks of Linux. Part of the recorder: nothing allocates or keeps state.
 */
#include "base/clock.h"

#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

enum { PAIR_TRIES = 5, CPUID_POWER_LEAF = 0x80000007, INVARIANT_TSC_BIT = 8 };

static uint64_t
read_clock_ns(clockid_t clock)
{
    struct timespec now = {0};

    (void)clock_gettime(clock, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

uint64_t
clock_monotonic_ns(void)
{
    return read_clock_ns(CLOCK_MONOTONIC);
}

uint64_t
clock_realtime_ns(void)
{
    return read_clock_ns(CLOCK_REALTIME);
}

uint64_t
clock_realtime_at(uint64_t monotonic_ns)
{
    uint64_t best_width = UINT64_MAX;
    uint64_t offset = 0; /* may wrap */

    for (int i = 0; i < PAIR_TRIES; i++) {
        uint64_t before_ns = clock_monotonic_ns();
        uint64_t now_ns = clock_realtime_ns();
        uint64_t width = clock_monotonic_ns() - before_ns;

        if (width < best_width) {
            best_width = width;
            offset = now_ns - (before_ns + width / 2);
        }
    }
    return monotonic_ns + offset;
}

static bool
has_invariant_counter(void)
{
#if defined(__x86_64__)
    unsigned eax = 0;
    unsigned ebx = 0;
    unsigned ecx = 0;
    unsigned edx = 0;

    return __get_cpuid(CPUID_POWER_LEAF, &eax, &ebx, &ecx, &edx) != 0
           && (edx & (1u << INVARIANT_TSC_BIT)) != 0;
#else
    return false;
#endif
}

/* The kernel watches the counter and stops using it when it misbehaves. */
static bool
is_counter_used_by_kernel(void)
{
    static const char path[] =
        "/sys/devices/system/clocksource/clocksource0/current_clocksource";
    char name[32] = {0};
    ssize_t size = -1;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd >= 0) {
        size = read(fd, name, sizeof name - 1);
        (void)close(fd);
    }
    if (size < 0) {
        return false;
    }
    name[size] = '\0';
    name[strcspn(name, "\n")] = '\0';
    return strcmp(name, "tsc") == 0 || strcmp(name, "kvm-clock") == 0;
}

enum clock_kind
clock_best_kind(void)
{
    return has_invariant_counter() && is_counter_used_by_kernel()
               ? CLOCK_TSC
               : CLOCK_MONOTONIC_NS;
}

struct clock_pair
clock_read_pair(enum clock_kind kind)
{
    struct clock_pair best = {0};
    uint64_t best_width = UINT64_MAX;

    if (kind == CLOCK_MONOTONIC_NS) {
        best.monotonic_ns = clock_monotonic_ns();
        best.tick = best.monotonic_ns;
        return best;
    }
    for (int i = 0; i < PAIR_TRIES; i++) {
        uint64_t before = clock_tick(kind);
        uint64_t now_ns = clock_monotonic_ns();
        uint64_t width = clock_tick(kind) - before;

        if (width < best_width) {
            best_width = width;
            best.tick = before + width / 2;
            best.monotonic_ns = now_ns;
        }
    }
    return best;
}
