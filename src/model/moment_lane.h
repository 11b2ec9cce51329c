// SPDX-License-Identifier: Apache-2.0
/*
 * model/moment_lane.h - things of one source in the order of time, of which
 * some count. Private to src/model.
 */
#ifndef MODEL_MOMENT_LANE_H
#define MODEL_MOMENT_LANE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "model/moment_list.h"
#include "model/ranked_bits.h"

/* Each item begins with its time, a uint64_t. */
struct moment_lane {
    enum moment_source source;
    uint32_t owner;
    const void *items;
    size_t item_size;
    size_t first; /* items [first, end) are in the scope's time */
    size_t end;
    struct ranked_bits bits; /* of items from first on; owned */
    bool has_bits;           /* otherwise all count */
};

static inline uint64_t
moment_lane_time(const struct moment_lane *lane, size_t index)
{
    uint64_t time_ns;

    memcpy(&time_ns, (const char *)lane->items + index * lane->item_size,
           sizeof time_ns);
    return time_ns;
}

/* How many items before index count. */
static inline size_t
moment_lane_rank(const struct moment_lane *lane, size_t index)
{
    return lane->has_bits ? ranked_bits_rank(&lane->bits, index - lane->first)
                          : index - lane->first;
}

static inline size_t
moment_lane_count(const struct moment_lane *lane)
{
    return moment_lane_rank(lane, lane->end);
}

/* The item that has rank before it. */
static inline size_t
moment_lane_select(const struct moment_lane *lane, size_t rank)
{
    return lane->first
           + (lane->has_bits ? ranked_bits_select(&lane->bits, rank) : rank);
}

/* The first item of [low, high) at or after a time; high when there is none. */
size_t moment_lane_find(const struct moment_lane *lane, size_t low, size_t high,
                        uint64_t time_ns);

/* Let only items of a scope's time count, [start_ns, end_ns). */
void moment_lane_clip(struct moment_lane *lane, uint64_t start_ns,
                      uint64_t end_ns);

/* How many count that are before a time. */
size_t moment_lane_before(const struct moment_lane *lane, uint64_t time_ns);

#endif
