// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"

Test(clock, never_goes_back)
{
    enum clock_kind kind = clock_best_kind();
    uint64_t last_ns = clock_monotonic_ns();
    uint64_t last_tick = clock_tick(CLOCK_MONOTONIC_NS);
    struct clock_pair last = clock_read_pair(kind);

    for (int i = 0; i < 20000; i++) {
        uint64_t now_ns = clock_monotonic_ns();
        uint64_t tick = clock_tick(CLOCK_MONOTONIC_NS);
        struct clock_pair pair = clock_read_pair(kind);

        cr_assert(now_ns >= last_ns);
        cr_assert(tick >= last_tick);
        cr_assert(pair.tick >= last.tick);
        cr_assert(pair.monotonic_ns >= last.monotonic_ns);
        last_ns = now_ns;
        last_tick = tick;
        last = pair;
    }
}

Test(clock, reads_one_instant_on_both_clocks)
{
    struct clock_pair pair = clock_read_pair(CLOCK_MONOTONIC_NS);

    cr_assert(eq(u64, pair.tick, pair.monotonic_ns));
    for (int i = 0; i < 100; i++) {
        uint64_t before_ns = clock_monotonic_ns();

        pair = clock_read_pair(clock_best_kind());
        cr_assert(pair.monotonic_ns >= before_ns);
        cr_assert(pair.monotonic_ns <= clock_monotonic_ns());
    }
}

/* Pairs a few milliseconds apart must agree on one rate: were a pair spoiled
 * by preemption, two halves of the same stretch would differ. */
Test(clock, pairs_agree_on_the_rate)
{
    enum clock_kind kind = clock_best_kind();
    struct clock_pair pairs[3];

    for (int i = 0; i < 3; i++) {
        uint64_t start_ns = clock_monotonic_ns();

        pairs[i] = clock_read_pair(kind);
        while (clock_monotonic_ns() - start_ns < 20000000) {
            /* let time pass on both clocks */
        }
    }
    double first = (double)(pairs[1].tick - pairs[0].tick)
                   / (double)(pairs[1].monotonic_ns - pairs[0].monotonic_ns);
    double second = (double)(pairs[2].tick - pairs[1].tick)
                    / (double)(pairs[2].monotonic_ns - pairs[1].monotonic_ns);

    cr_assert(first > second * 0.99 && first < second * 1.01, "%f %f", first,
              second);
}

Test(clock, counts_nanoseconds_since_1970)
{
    time_t before = time(NULL);
    uint64_t now_ns = clock_realtime_ns();

    cr_assert(now_ns / 1000000000 + 1 >= (uint64_t)before);
    cr_assert(now_ns / 1000000000 <= (uint64_t)time(NULL) + 1);
}

/* Microseconds are for how tight a try is when all of them are disturbed. */
Test(clock, knows_the_wall_clock_at_another_time)
{
    for (int i = 0; i < 100; i++) {
        uint64_t before_ns = clock_realtime_ns();
        uint64_t monotonic_ns = clock_monotonic_ns();
        uint64_t after_ns = clock_realtime_ns();
        uint64_t wait_ns = clock_monotonic_ns() + 10000;

        while (clock_monotonic_ns() < wait_ns) {
            /* what is asked for is past when it is asked for */
        }
        cr_assert(ge(u64, clock_realtime_at(monotonic_ns) + 5000, before_ns));
        cr_assert(le(u64, clock_realtime_at(monotonic_ns), after_ns + 5000));
    }
}

Test(clock, trusts_the_counter_only_when_the_kernel_does)
{
    char source[32] = "";
    FILE *file = fopen(
        "/sys/devices/system/clocksource/clocksource0/current_clocksource",
        "r");

    if (file != NULL) {
        cr_assert(fscanf(file, "%31s", source) == 1);
        (void)fclose(file);
    }
    if (strcmp(source, "tsc") != 0 && strcmp(source, "kvm-clock") != 0) {
        cr_assert(eq(int, clock_best_kind(), CLOCK_MONOTONIC_NS));
    }
}
