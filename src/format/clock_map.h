// SPDX-License-Identifier: Apache-2.0
/*
 * format/clock_map.h - from ticks of a recording clock to nanoseconds of
 * CLOCK_MONOTONIC.
 *
 * All processes of one boot and one kind of clock share one map, so that what
 * happened in one process before something in another is shown so. The map is
 * piecewise linear through (tick, nanosecond) pairs from the headers, with
 * knots at least 100 ms apart (closer ones carry more reading noise than
 * drift), monotone, and extended at its ends with the slope of the whole.
 */
#ifndef FORMAT_CLOCK_MAP_H
#define FORMAT_CLOCK_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"

struct error;
struct clock_map;

/* Build from pairs in any order. ticks_per_second (0 = unknown) serves when
 * the pairs span too little to give a slope. */
bool clock_map_new(struct clock_map **out, const struct clock_pair *pairs,
                   size_t count, uint64_t ticks_per_second, struct error *err);

/* A linear piece: ns(tick) = base_ns + (tick - base_tick) * ns_per_tick, good
 * for ticks from base_tick up to end_tick. */
struct clock_piece {
    uint64_t base_tick;
    uint64_t end_tick;       /* UINT64_MAX for the last piece */
    double base_ns_fraction; /* fraction of a nanosecond on top of base_ns */
    uint64_t base_ns;
    double ns_per_tick;
};

/* A tick of the piece in nanoseconds, at most UINT64_MAX. */
static inline uint64_t
clock_piece_ns(const struct clock_piece *piece, uint64_t tick)
{
    double ns = piece->base_ns_fraction
                + (double)(tick - piece->base_tick) * piece->ns_per_tick;

    uint64_t room = UINT64_MAX - piece->base_ns;

    if (ns >= 0x1p64 || (uint64_t)ns > room) {
        return UINT64_MAX;
    }
    return piece->base_ns + (uint64_t)ns;
}

/* The piece that holds tick. */
struct clock_piece clock_map_piece(const struct clock_map *map, uint64_t tick);

/* Monotone: a >= b gives ns(a) >= ns(b). */
uint64_t clock_map_ns(const struct clock_map *map, uint64_t tick);

/* How far the rates between knots differ, as a share of the whole's: 1e-6 is
 * one part per million. 0 with fewer than three knots. */
double clock_map_spread(const struct clock_map *map);

void clock_map_free(struct clock_map *map);

#endif
