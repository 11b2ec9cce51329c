// SPDX-License-Identifier: Apache-2.0
/*
 *      ns                               * last slope: that of the whole
 *      ^                          *----
 *      |               *---------'
 *      |          *---'            * knots: pairs far enough apart
 *      |     ----'
 *      |  --'  first slope: that of the whole, down to 0 ns
 *      +--------------------------------------------> ticks
 *
 * A damaged header can hold any pair. One that is far from where the bulk of
 * the pairs says it must be is left out, when the rate of the clock is known.
 */
#include "format/clock_map.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"

enum {
    KNOT_DISTANCE_NS = 100 * 1000 * 1000,
    KNOT_COUNT_MAX = 10000,
};

/* Ticks for which a double multiplies exactly enough. */
static const uint64_t REACH_TICKS = UINT64_C(1) << 50;

struct clock_map {
    double spread; /* see clock_map_spread */
    size_t count;
    struct clock_piece pieces[];
};

static int
compare_pairs(const void *a, const void *b)
{
    const struct clock_pair *left = a;
    const struct clock_pair *right = b;

    if (left->tick != right->tick) {
        return left->tick < right->tick ? -1 : 1;
    }
    return (left->monotonic_ns > right->monotonic_ns)
           - (left->monotonic_ns < right->monotonic_ns);
}

static int
compare_doubles(const void *a, const void *b)
{
    double left;
    double right;

    memcpy(&left, a, sizeof left);
    memcpy(&right, b, sizeof right);
    return (left > right) - (left < right);
}

/* How far a pair is from a straight line through the first one. */
static double
residual_ns(const struct clock_pair *pair, const struct clock_pair *first,
            double ns_per_tick)
{
    return ((double)pair->monotonic_ns - (double)first->monotonic_ns)
           - (double)(pair->tick - first->tick) * ns_per_tick;
}

/* Whether a pair is where the median pair leads one to expect: the rate is an
 * estimate, so what is far away may be off by a share of its distance. */
static bool
is_plausible(const struct clock_pair *pair, const struct clock_pair *first,
             const struct clock_pair *middle, double median, double ns_per_tick)
{
    double off = residual_ns(pair, first, ns_per_tick) - median;
    double away = ((double)pair->tick - (double)middle->tick) * ns_per_tick;

    off = off < 0 ? -off : off;
    away = away < 0 ? -away : away;
    return off <= 1e9 + away / 100;
}

/* Leave out pairs that the others contradict; pairs are sorted by tick. */
static bool
drop_outliers(struct clock_pair *pairs, size_t *count, double ns_per_tick,
              struct error *err)
{
    double *residuals = array_new(*count, sizeof *residuals, err);
    struct clock_pair first = pairs[0];
    struct clock_pair middle = pairs[*count / 2];
    double median;
    size_t plausible = 0;

    if (residuals == NULL) {
        return false;
    }
    for (size_t i = 0; i < *count; i++) {
        residuals[i] = residual_ns(&pairs[i], &first, ns_per_tick);
    }
    qsort(residuals, *count, sizeof *residuals, compare_doubles);
    median = residuals[*count / 2];
    free(residuals);
    for (size_t i = 0; i < *count; i++) {
        plausible +=
            is_plausible(&pairs[i], &first, &middle, median, ns_per_tick);
    }
    if (plausible <= *count / 2) {
        return true; /* the rate is what is wrong */
    }
    plausible = 0;
    for (size_t i = 0; i < *count; i++) {
        if (is_plausible(&pairs[i], &first, &middle, median, ns_per_tick)) {
            pairs[plausible++] = pairs[i];
        }
    }
    *count = plausible;
    return true;
}

/* Keep the pairs that become knots; gives their number. */
static size_t
choose_knots(struct clock_pair *pairs, size_t count)
{
    uint64_t span_ns = pairs[count - 1].monotonic_ns - pairs[0].monotonic_ns;
    uint64_t distance_ns = KNOT_DISTANCE_NS;
    size_t kept = 1;

    if (pairs[count - 1].monotonic_ns > pairs[0].monotonic_ns
        && span_ns / KNOT_COUNT_MAX > distance_ns) {
        distance_ns = span_ns / KNOT_COUNT_MAX;
    }
    for (size_t i = 1; i < count; i++) {
        const struct clock_pair *last = &pairs[kept - 1];

        if (pairs[i].tick > last->tick
            && pairs[i].monotonic_ns > last->monotonic_ns
            && pairs[i].monotonic_ns - last->monotonic_ns >= distance_ns) {
            pairs[kept++] = pairs[i];
        }
    }
    return kept;
}

/* Nanoseconds a tick from one pair to another; 0 when they do not tell. */
static double
slope_between(const struct clock_pair *from, const struct clock_pair *to)
{
    if (to->tick <= from->tick || to->monotonic_ns <= from->monotonic_ns) {
        return 0;
    }
    return (double)(to->monotonic_ns - from->monotonic_ns)
           / (double)(to->tick - from->tick);
}

static void
add_piece(struct clock_map *map, uint64_t tick, uint64_t ns, double fraction,
          double ns_per_tick)
{
    if (map->count > 0) {
        map->pieces[map->count - 1].end_tick = tick;
    }
    map->pieces[map->count++] = (struct clock_piece){
        .base_tick = tick,
        .end_tick = UINT64_MAX,
        .base_ns = ns,
        .base_ns_fraction = fraction,
        .ns_per_tick = ns_per_tick,
    };
}

/* The pieces before the first knot: the line back to 0 ns or as far as it is
 * exact, and what is before that at rest. */
static void
add_first_pieces(struct clock_map *map, const struct clock_pair *knot,
                 double ns_per_tick)
{
    uint64_t reach = knot->tick < REACH_TICKS ? knot->tick : REACH_TICKS;
    double ns;
    uint64_t whole;
    double rest;

    if ((double)reach * ns_per_tick > (double)knot->monotonic_ns) {
        reach = (uint64_t)((double)knot->monotonic_ns / ns_per_tick);
    }
    ns = (double)reach * ns_per_tick;
    whole = (uint64_t)ns;
    rest = ns - (double)whole;
    if (rest > 0) { /* count the fraction up from the nanosecond below */
        whole++;
        rest = 1 - rest;
    }
    if (whole > knot->monotonic_ns) {
        whole = knot->monotonic_ns;
        rest = 0;
    }
    if (reach < knot->tick) {
        add_piece(map, 0, knot->monotonic_ns - whole, 0, 0);
    }
    if (reach > 0) {
        add_piece(map, knot->tick - reach, knot->monotonic_ns - whole, rest,
                  ns_per_tick);
    }
}

static void
add_pieces(struct clock_map *map, const struct clock_pair *knots, size_t count,
           double ns_per_tick)
{
    add_first_pieces(map, &knots[0], ns_per_tick);
    for (size_t i = 0; i < count; i++) {
        double slope = i + 1 < count ? slope_between(&knots[i], &knots[i + 1])
                                     : ns_per_tick;

        add_piece(map, knots[i].tick, knots[i].monotonic_ns, 0, slope);
    }
}

/* The last piece is an extension, and so are those before the first knot. */
static double
find_spread(const struct clock_pair *knots, size_t count, double ns_per_tick)
{
    double least = ns_per_tick;
    double largest = ns_per_tick;

    for (size_t i = 0; count > 2 && i + 1 < count; i++) {
        double slope = slope_between(&knots[i], &knots[i + 1]);

        least = slope < least ? slope : least;
        largest = slope > largest ? slope : largest;
    }
    return (largest - least) / ns_per_tick;
}

/* The slope of the whole: from knots, which are far apart; else the clock's
 * rate; else from whatever pairs there are. */
static double
whole_slope(const struct clock_pair *knots, size_t knot_count,
            const struct clock_pair *last, uint64_t ticks_per_second)
{
    double slope = slope_between(&knots[0], &knots[knot_count - 1]);

    if (slope <= 0 && ticks_per_second > 0) {
        slope = 1e9 / (double)ticks_per_second;
    }
    if (slope <= 0) {
        slope = slope_between(&knots[0], last);
    }
    return slope > 0 ? slope : 1;
}

static struct clock_map *
build(struct clock_pair *pairs, size_t count, uint64_t ticks_per_second,
      struct error *err)
{
    struct clock_pair last;
    struct clock_map *map;
    size_t knot_count;

    qsort(pairs, count, sizeof *pairs, compare_pairs);
    if (ticks_per_second > 0
        && !drop_outliers(pairs, &count, 1e9 / (double)ticks_per_second, err)) {
        return NULL;
    }
    last = pairs[count - 1];
    knot_count = choose_knots(pairs, count);
    map = array_new(1, sizeof *map + (knot_count + 2) * sizeof map->pieces[0],
                    err);
    if (map != NULL) {
        double slope = whole_slope(pairs, knot_count, &last, ticks_per_second);

        map->spread = find_spread(pairs, knot_count, slope);
        add_pieces(map, pairs, knot_count, slope);
    }
    return map;
}

bool
clock_map_new(struct clock_map **out, const struct clock_pair *pairs,
              size_t count, uint64_t ticks_per_second, struct error *err)
{
    /* Without any pair, tick 0 is nanosecond 0. */
    struct clock_pair *own = array_new(count, sizeof *own, err);
    struct clock_map *map;

    if (own == NULL) {
        return false;
    }
    if (count > 0) {
        memcpy(own, pairs, count * sizeof *own);
    }
    map = build(own, count > 0 ? count : 1, ticks_per_second, err);
    free(own);
    if (map == NULL) {
        return false;
    }
    *out = map;
    return true;
}

static size_t
find_piece(const struct clock_map *map, uint64_t tick)
{
    size_t low = 0;
    size_t high = map->count;

    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;

        if (map->pieces[middle].base_tick <= tick) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

struct clock_piece
clock_map_piece(const struct clock_map *map, uint64_t tick)
{
    return map->pieces[find_piece(map, tick)];
}

uint64_t
clock_map_ns(const struct clock_map *map, uint64_t tick)
{
    size_t index = find_piece(map, tick);
    uint64_t ns = clock_piece_ns(&map->pieces[index], tick);

    /* Rounding must not lead past the next knot. */
    if (index + 1 < map->count && ns > map->pieces[index + 1].base_ns) {
        return map->pieces[index + 1].base_ns;
    }
    return ns;
}

double
clock_map_spread(const struct clock_map *map)
{
    return map->spread;
}

void
clock_map_free(struct clock_map *map)
{
    free(map);
}
