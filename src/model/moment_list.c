// SPDX-License-Identifier: Apache-2.0
/* Asking a list. */
#include "model/moment_list.h"

#include <stdlib.h>

#include "base/array.h"
#include "model/model_data.h"
#include "model/moment_calls.h"
#include "model/moment_data.h"

size_t
moment_list_count(const struct moment_list *list)
{
    return list->count;
}

size_t
moment_list_kind_count(const struct moment_list *list, enum moment_kind kind)
{
    return list->kind_counts[kind];
}

size_t
moment_list_find_time(const struct moment_list *list, uint64_t time_ns)
{
    size_t row = 0;

    for (size_t i = 0; i < list->lane_count; i++) {
        row += moment_lane_before(&list->lanes[i], time_ns);
    }
    return row;
}

static struct moment
moment_at(const struct moment_list *list, const struct moment_lane *lane,
          size_t index)
{
    struct moment moment = {
        .time_ns = moment_lane_time(lane, index),
        .kind = MOMENT_ERROR,
        .source = lane->source,
        .owner = lane->owner,
        .index = index,
    };

    switch (lane->source) {
    case MOMENT_OF_INSTANT:
        moment.kind = moment_kind_of(&list->model->instants[index]);
        break;
    case MOMENT_OF_POINT:
        moment.kind = MOMENT_COUNTER;
        break;
    case MOMENT_OF_END:
        moment.owner = list->ends[index].process;
        moment.index = 0;
        break;
    case MOMENT_OF_CALL:
        moment.kind = list->request.calls->calls[index].kind;
        break;
    case MOMENT_OF_GAP:
    case MOMENT_OF_UNFINISHED:
        break;
    }
    return moment;
}

/* How far rows were taken from a lane. */
struct lane_cursor {
    size_t rank;
    size_t count;
    uint64_t time_ns; /* of the next one, when there is one */
    size_t low;       /* while a row is looked for: where it may be, */
    size_t high;
    size_t middle; /* and the time that is tried */
};

/* How many rows are before a time that all cursors are around. */
static size_t
try_time(const struct moment_list *list, uint64_t time_ns,
         struct lane_cursor *cursors)
{
    size_t row = 0;

    for (size_t i = 0; i < list->lane_count; i++) {
        const struct moment_lane *lane = &list->lanes[i];
        struct lane_cursor *cursor = &cursors[i];

        cursor->middle =
            moment_lane_find(lane, cursor->low, cursor->high, time_ns);
        row += moment_lane_rank(lane, cursor->middle);
    }
    return row;
}

static void
keep_half(const struct moment_list *list, bool is_upper,
          struct lane_cursor *cursors)
{
    for (size_t i = 0; i < list->lane_count; i++) {
        if (is_upper) {
            cursors[i].low = cursors[i].middle;
        } else {
            cursors[i].high = cursors[i].middle;
        }
    }
}

/* The time of a row, which is there: the last one that has no more rows before
 * it. What is left of each lane to look at shrinks with the time that is
 * left. */
static uint64_t
find_time_of(const struct moment_list *list, size_t row,
             struct lane_cursor *cursors)
{
    uint64_t low = 0;
    uint64_t high = 0;

    for (size_t i = 0; i < list->lane_count; i++) {
        const struct moment_lane *lane = &list->lanes[i];
        uint64_t last = moment_lane_time(lane, lane->end - 1);

        high = last > high ? last : high;
        cursors[i].low = lane->first;
        cursors[i].high = lane->end;
    }
    while (low < high) {
        uint64_t middle = high - (high - low) / 2;
        bool is_upper = try_time(list, middle, cursors) <= row;

        keep_half(list, is_upper, cursors);
        low = is_upper ? middle : low;
        high = is_upper ? high : middle - 1;
    }
    return low;
}

static void
advance(const struct moment_lane *lane, struct lane_cursor *cursor, size_t rank)
{
    cursor->rank = rank;
    if (rank < cursor->count) {
        cursor->time_ns =
            moment_lane_time(lane, moment_lane_select(lane, rank));
    }
}

/* The lane of the next row, SIZE_MAX behind the last one. */
static size_t
next_lane(const struct lane_cursor *cursors, size_t count)
{
    size_t next = SIZE_MAX;

    for (size_t i = 0; i < count; i++) {
        if (cursors[i].rank < cursors[i].count
            && (next == SIZE_MAX
                || cursors[i].time_ns < cursors[next].time_ns)) {
            next = i;
        }
    }
    return next;
}

/* Put all lanes where the row begins: those of its time that are before it are
 * left out lane by lane. */
static void
place_cursors(const struct moment_list *list, size_t row,
              struct lane_cursor *cursors)
{
    uint64_t time_ns = find_time_of(list, row, cursors);
    size_t left = row - moment_list_find_time(list, time_ns);

    for (size_t i = 0; i < list->lane_count; i++) {
        const struct moment_lane *lane = &list->lanes[i];
        size_t before = moment_lane_before(lane, time_ns);
        size_t same = moment_lane_before(lane, time_ns + 1) - before;
        size_t skipped = same < left ? same : left;

        cursors[i].count = moment_lane_count(lane);
        advance(lane, &cursors[i], before + skipped);
        left -= skipped;
    }
}

bool
moment_list_rows(const struct moment_list *list, size_t first, size_t count,
                 struct moment *rows, size_t *taken, struct error *err)
{
    struct lane_cursor *cursors;
    size_t n = 0;

    *taken = 0;
    if (first >= list->count) {
        return true;
    }
    cursors = array_new(list->lane_count, sizeof *cursors, err);
    if (cursors == NULL) {
        return false;
    }
    place_cursors(list, first, cursors);
    while (n < count) {
        size_t i = next_lane(cursors, list->lane_count);

        if (i == SIZE_MAX) {
            break;
        }
        rows[n++] =
            moment_at(list, &list->lanes[i],
                      moment_lane_select(&list->lanes[i], cursors[i].rank));
        advance(&list->lanes[i], &cursors[i], cursors[i].rank + 1);
    }
    free(cursors);
    *taken = n;
    return true;
}

/* Where the moment is in the lane of its source: SIZE_MAX = nowhere. */
static size_t
find_index(const struct moment_list *list, const struct moment *moment)
{
    if (moment->source != MOMENT_OF_END) {
        return moment->index;
    }
    for (size_t i = 0; i < list->end_count; i++) {
        if (list->ends[i].process == moment->owner) {
            return i;
        }
    }
    return SIZE_MAX;
}

static uint32_t
owner_of(const struct moment *moment)
{
    return moment->source == MOMENT_OF_END ? 0 : moment->owner;
}

/* Below 0: the lane's items stand before those of the moment's lane that have
 * the same time. */
static int
compare_lane(const struct moment_lane *lane, const struct moment *moment)
{
    uint32_t owner = owner_of(moment);

    if (lane->source != moment->source) {
        return lane->source < moment->source ? -1 : 1;
    }
    return (lane->owner > owner) - (lane->owner < owner);
}

/* How many items of its own lane stand before a moment. */
static size_t
rank_in_lane(const struct moment_list *list, const struct moment_lane *lane,
             const struct moment *moment)
{
    size_t index = find_index(list, moment);

    if (index == SIZE_MAX) {
        return moment_lane_before(lane, moment->time_ns);
    }
    index = index < lane->first ? lane->first : index;
    return moment_lane_rank(lane, index < lane->end ? index : lane->end);
}

size_t
moment_list_before(const struct moment_list *list, const struct moment *moment)
{
    size_t row = 0;

    for (size_t i = 0; i < list->lane_count; i++) {
        const struct moment_lane *lane = &list->lanes[i];
        int order = compare_lane(lane, moment);

        row += order == 0
                   ? rank_in_lane(list, lane, moment)
                   : moment_lane_before(lane, moment->time_ns + (order < 0));
    }
    return row;
}

static bool
is_in_lane(const struct moment_list *list, const struct moment_lane *lane,
           const struct moment *moment)
{
    size_t index = find_index(list, moment);

    return index >= lane->first && index < lane->end
           && moment_lane_time(lane, index) == moment->time_ns
           && moment_lane_rank(lane, index)
                  != moment_lane_rank(lane, index + 1);
}

size_t
moment_list_find(const struct moment_list *list, const struct moment *moment)
{
    for (size_t i = 0; i < list->lane_count; i++) {
        if (compare_lane(&list->lanes[i], moment) == 0
            && is_in_lane(list, &list->lanes[i], moment)) {
            return moment_list_before(list, moment);
        }
    }
    return SIZE_MAX;
}

const struct slice *
moment_list_slice(const struct moment_list *list, const struct moment *moment)
{
    return moment->source == MOMENT_OF_CALL
               ? &list->request.calls->calls[moment->index].slice
               : &list->unfinished[moment->index];
}

uint32_t
moment_list_callers(const struct moment_list *list, const struct moment *moment)
{
    return list->request.calls->calls[moment->index].caller_count;
}
