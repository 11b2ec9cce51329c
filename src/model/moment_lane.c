// SPDX-License-Identifier: Apache-2.0
#include "model/moment_lane.h"

size_t
moment_lane_find(const struct moment_lane *lane, size_t low, size_t high,
                 uint64_t time_ns)
{
    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (moment_lane_time(lane, middle) < time_ns) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static size_t
find_item(const struct moment_lane *lane, uint64_t time_ns)
{
    return moment_lane_find(lane, lane->first, lane->end, time_ns);
}

void
moment_lane_clip(struct moment_lane *lane, uint64_t start_ns, uint64_t end_ns)
{
    size_t end = find_item(lane, end_ns);

    lane->first = find_item(lane, start_ns);
    lane->end = end > lane->first ? end : lane->first;
}

size_t
moment_lane_before(const struct moment_lane *lane, uint64_t time_ns)
{
    return moment_lane_rank(lane, find_item(lane, time_ns));
}
