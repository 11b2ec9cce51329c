// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdlib.h>

#include "base/error.h"
#include "format/clock_map.h"
#include "support/random.h"

enum { MILLISECOND = 1000000 };

static struct clock_map *
make_map(const struct clock_pair *pairs, size_t count, uint64_t rate)
{
    struct clock_map *map = NULL;
    struct error err = {0};

    cr_assert(clock_map_new(&map, pairs, count, rate, &err), "%s", err.message);
    return map;
}

static int
compare_ticks(const void *a, const void *b)
{
    const uint64_t *left = a;
    const uint64_t *right = b;

    return (*left > *right) - (*left < *right);
}

/* Ticks everywhere and close to the pairs must come out in order. */
static void
check_monotone(const struct clock_map *map, const struct clock_pair *pairs,
               size_t count, struct random *random)
{
    enum { EACH = 8 };
    size_t total = (count + 1) * EACH;
    uint64_t *ticks = calloc(total, sizeof *ticks);
    uint64_t last_ns = 0;

    for (size_t i = 0; i < total; i++) {
        uint64_t near = i < EACH ? 0 : pairs[i / EACH - 1].tick;

        ticks[i] = i % 2 == 0 ? near + random_below(random, 9) - 4
                              : random_u64(random) >> random_below(random, 64);
    }
    qsort(ticks, total, sizeof *ticks, compare_ticks);
    for (size_t i = 0; i < total; i++) {
        uint64_t ns = clock_map_ns(map, ticks[i]);
        struct clock_piece piece = clock_map_piece(map, ticks[i]);

        cr_assert(ns >= last_ns, "tick %llu", (unsigned long long)ticks[i]);
        cr_assert(piece.base_tick <= ticks[i]);
        cr_assert(ticks[i] < piece.end_tick || piece.end_tick == UINT64_MAX);
        last_ns = ns;
    }
    free(ticks);
}

static uint64_t
distance(uint64_t a, uint64_t b)
{
    return a > b ? a - b : b - a;
}

/* A clock of a known rate, read with noise at random times. */
static void
check_noisy(uint64_t seed, double ns_per_tick, uint64_t rate,
            uint64_t first_tick)
{
    enum { COUNT = 500, NOISE_NS = 300 };
    struct random random = {seed};
    struct clock_pair pairs[COUNT];
    uint64_t first_ns = 50 * UINT64_C(1000000000);
    struct clock_map *map;

    for (size_t i = 0; i < COUNT; i++) {
        uint64_t ticks = random_below(&random, UINT64_C(30000000000));

        pairs[i].tick = first_tick + ticks;
        pairs[i].monotonic_ns = first_ns
                                + (uint64_t)((double)ticks * ns_per_tick)
                                + random_below(&random, NOISE_NS);
    }
    map = make_map(pairs, COUNT, rate);
    check_monotone(map, pairs, COUNT, &random);
    for (size_t i = 0; i < COUNT; i++) {
        cr_assert(
            distance(clock_map_ns(map, pairs[i].tick), pairs[i].monotonic_ns)
                <= 2 * NOISE_NS,
            "pair %zu of seed %llu", i, (unsigned long long)seed);
    }
    clock_map_free(map);
}

Test(clock_map, follows_noisy_pairs_in_any_order)
{
    check_noisy(1, 0.4, 2500000000, 0);
    check_noisy(2, 0.4, 2500000000, UINT64_C(1) << 40);
    check_noisy(3, 1.0 / 3, 0, 123456789);
    check_noisy(4, 0.5, 2000100000, UINT64_C(1) << 63); /* rate 50 ppm off */
    check_noisy(5, 1, 1000000000, UINT64_MAX - UINT64_C(30000000000));
}

Test(clock_map, is_the_identity_for_nanoseconds)
{
    struct clock_pair pairs[] = {{5000, 5000},
                                 {7 * MILLISECOND, 7 * MILLISECOND}};
    struct clock_map *map = make_map(pairs, 2, 1000000000);

    for (uint64_t tick = 0; tick < UINT64_C(1) << 50; tick = tick * 3 + 1) {
        cr_assert(eq(u64, clock_map_ns(map, tick), tick));
    }
    clock_map_free(map);
}

Test(clock_map, extends_one_pair_by_the_rate)
{
    struct clock_pair pairs[] = {{4000, 1000000}, {4000, 1000000}};

    for (size_t count = 1; count <= 2; count++) {
        struct clock_map *map = make_map(pairs, count, 4000000000);

        cr_assert(eq(u64, clock_map_ns(map, 4000), 1000000));
        cr_assert(eq(u64, clock_map_ns(map, 8000), 1001000));
        cr_assert(eq(u64, clock_map_ns(map, 0), 999000));
        clock_map_free(map);
    }
}

Test(clock_map, is_exact_to_the_nanosecond_before_its_first_pair)
{
    struct clock_pair pairs[] = {{UINT64_C(3000000001), UINT64_C(5000000000)}};
    struct clock_map *map = make_map(pairs, 1, 3000000000);

    for (uint64_t tick = 3; tick < pairs[0].tick; tick += 99999999) {
        uint64_t ticks_before = pairs[0].tick - tick;

        cr_assert(
            ne(u64, ticks_before % 3, 0)); /* no rounding to hide behind */
        cr_assert(eq(u64, clock_map_ns(map, tick),
                     pairs[0].monotonic_ns - ticks_before / 3 - 1));
    }
    clock_map_free(map);
}

Test(clock_map, takes_the_rate_from_pairs_when_it_is_unknown)
{
    struct clock_pair pairs[] = {{2000, 1000}, {4000, 2000}};
    struct clock_map *map = make_map(pairs, 2, 0);

    cr_assert(eq(u64, clock_map_ns(map, 10000), 5000));
    cr_assert(zero(u64, clock_map_ns(map, 0)));
    clock_map_free(map);
}

Test(clock_map, stays_at_zero_before_the_clock_began)
{
    struct clock_pair pairs[] = {{10000, 1000}};
    struct clock_map *map = make_map(pairs, 1, 1000000000);

    cr_assert(eq(u64, clock_map_ns(map, 9500), 500));
    cr_assert(zero(u64, clock_map_ns(map, 8000)));
    cr_assert(zero(u64, clock_map_ns(map, 0)));
    clock_map_free(map);
}

Test(clock_map, leaves_out_what_a_damaged_header_says)
{
    enum { COUNT = 50 };
    struct clock_pair pairs[COUNT];

    for (size_t bad = 0; bad < COUNT; bad++) {
        struct clock_map *map;

        for (size_t i = 0; i < COUNT; i++) {
            pairs[i].monotonic_ns = (1000 + i * 150) * MILLISECOND;
            pairs[i].tick = 3 * pairs[i].monotonic_ns;
        }
        pairs[bad].monotonic_ns ^= UINT64_C(1) << (33 + bad % 31);
        map = make_map(pairs, COUNT, 3000000000);
        for (size_t i = 0; i < COUNT; i++) {
            uint64_t ns = (1000 + i * 150) * MILLISECOND;

            cr_assert(distance(clock_map_ns(map, 3 * ns), ns) <= 1, "%zu", bad);
        }
        clock_map_free(map);
    }
}

/* Knots at each fifth of a second, the later half at another rate. */
Test(clock_map, knows_how_far_its_rates_differ)
{
    static const double changes[] = {0, 1e-5, -3e-4, 0.01};
    enum { COUNT = 40 };

    for (size_t k = 0; k < sizeof changes / sizeof changes[0]; k++) {
        struct clock_pair pairs[COUNT];
        double tick = 1e9;

        for (size_t i = 0; i < COUNT; i++) {
            pairs[i].monotonic_ns = (1000 + i * 200) * MILLISECOND;
            pairs[i].tick = (uint64_t)tick;
            tick += 6e8 * (i < COUNT / 2 ? 1 : 1 + changes[k]);
        }
        for (size_t count = 0; count <= COUNT; count += COUNT / 2) {
            struct clock_map *map = make_map(pairs, count, 3000000000);
            double expected = count < COUNT ? 0 : changes[k];

            expected = expected < 0 ? -expected : expected;
            cr_assert(epsilon_eq(dbl, clock_map_spread(map), expected,
                                 1e-8 + expected / 50),
                      "%zu pairs, %g", count, changes[k]);
            clock_map_free(map);
        }
    }
}

Test(clock_map, survives_hostile_pairs)
{
    enum { COUNT = 40 };
    struct clock_pair pairs[COUNT];

    for (uint64_t seed = 0; seed < 3000; seed++) {
        struct random random = {seed};
        size_t count = random_below(&random, COUNT + 1);
        uint64_t rate = random_u64(&random) >> random_below(&random, 64);
        struct clock_map *map;

        for (size_t i = 0; i < count; i++) {
            pairs[i].tick = random_u64(&random) >> random_below(&random, 64);
            pairs[i].monotonic_ns =
                random_u64(&random) >> random_below(&random, 64);
        }
        map = make_map(pairs, count, seed % 3 == 0 ? 0 : rate);
        check_monotone(map, pairs, count, &random);
        cr_assert(ge(dbl, clock_map_spread(map), 0));
        clock_map_free(map);
    }
}
