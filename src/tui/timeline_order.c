// SPDX-License-Identifier: Apache-2.0
#include "tui/timeline_order.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "tui/pieces.h"
#include "tui/timeline.h"
#include "tui/timeline_cursor.h"
#include "tui/timeline_marks.h"
#include "tui/timeline_parts.h"
#include "tui/viewer.h"

bool
timeline_order_init(struct timeline *timeline, struct error *err)
{
    size_t count = timeline->list.count;

    timeline->sequence = array_new(count, sizeof *timeline->sequence, err);
    if (timeline->sequence == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        timeline->sequence[i] = (uint32_t)i;
    }
    return true;
}

/* An item on its way to its place. */
struct ranked_item {
    size_t rank;
    uint32_t item;
};

static int
compare_ranks(const void *a, const void *b)
{
    const struct ranked_item *left = a;
    const struct ranked_item *right = b;

    if (left->rank != right->rank) {
        return left->rank < right->rank ? -1 : 1;
    }
    return left->item < right->item ? -1 : left->item > right->item;
}

/* ranks[i] = the place that item i of the timeline had, from 1; 0 = none. */
static void
find_ranks(const struct timeline *from, const uint32_t *matches,
           struct ranked_item *ranks)
{
    for (size_t i = 0; i < from->list.count; i++) {
        uint32_t item = matches[from->sequence[i]];

        if (item != NO_ITEM) {
            ranks[item].rank = i + 1;
        }
    }
}

/* By their ranks; those without follow the one before them. */
static void
set_sequence(struct timeline *timeline, struct ranked_item *ranks)
{
    size_t count = timeline->list.count;

    for (size_t i = 0; i < count; i++) {
        ranks[i].item = (uint32_t)i;
        if (i > 0 && ranks[i].rank == 0) {
            ranks[i].rank = ranks[i - 1].rank;
        }
    }
    if (count > 0) {
        qsort(ranks, count, sizeof *ranks, compare_ranks);
    }
    for (size_t i = 0; i < count; i++) {
        timeline->sequence[i] = ranks[i].item;
    }
}

bool
timeline_order_set(struct timeline *timeline, const uint32_t *items,
                   size_t count, struct error *err)
{
    struct ranked_item *ranks =
        array_new(timeline->list.count, sizeof *ranks, err);

    if (ranks == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        ranks[items[i]].rank = i + 1;
    }
    set_sequence(timeline, ranks);
    free(ranks);
    return true;
}

bool
timeline_order_take(struct timeline *timeline, const struct timeline *from,
                    const uint32_t *matches, struct error *err)
{
    size_t count = timeline->list.count;
    struct ranked_item *ranks = array_new(count, sizeof *ranks, err);

    if (ranks == NULL) {
        return false;
    }
    find_ranks(from, matches, ranks);
    set_sequence(timeline, ranks);
    free(ranks);
    return true;
}

static bool
is_pinned_track(const struct timeline *timeline, size_t item)
{
    return timeline->plan.positions[item] < timeline->plan.pinned_count;
}

/* Whether two items stand in the same part of the screen. */
static bool
are_movable_past(const struct timeline *timeline, size_t a, size_t b)
{
    const struct track_item *items = timeline->list.items;

    if (is_pinned_track(timeline, a) || is_pinned_track(timeline, b)) {
        return is_pinned_track(timeline, a) && is_pinned_track(timeline, b);
    }
    if (track_item_is_heading(&items[a]) || track_item_is_heading(&items[b])) {
        return items[a].kind == items[b].kind && items[a].kind != ITEM_ASYNC
               && (items[a].kind == ITEM_FILE
                   || items[a].input == items[b].input);
    }
    return items[a].process == items[b].process
           && items[a].group == items[b].group;
}

/* The next item that is seen in a direction and that this one can pass;
 * SIZE_MAX = there is none. */
static size_t
find_neighbour(const struct timeline *timeline, size_t item, int direction)
{
    const struct row_plan *plan = &timeline->plan;

    for (size_t i = plan->positions[item] + (size_t)direction;
         i < timeline->list.count; i += (size_t)direction) {
        size_t other = plan->order[i]; /* above the first i is SIZE_MAX */

        if (row_plan_height(plan, other) > 0
            && are_movable_past(timeline, item, other)) {
            return other;
        }
    }
    return SIZE_MAX;
}

static size_t
place_of(const struct timeline *timeline, size_t item)
{
    size_t place = 0;

    while (timeline->sequence[place] != item) {
        place++;
    }
    return place;
}

/* Put an item right behind another (1), or in front of it (-1). */
static void
put_beside(struct timeline *timeline, size_t item, size_t other, int direction)
{
    uint32_t *sequence = timeline->sequence;
    size_t from = place_of(timeline, item);
    size_t to = place_of(timeline, other);

    if (direction > 0) {
        memmove(sequence + from, sequence + from + 1,
                (to - from) * sizeof *sequence);
    } else {
        memmove(sequence + to + 1, sequence + to,
                (from - to) * sizeof *sequence);
    }
    sequence[to] = (uint32_t)item;
}

static void
move(struct timeline *timeline, int direction)
{
    size_t item = timeline->state.item;
    char name[PIECE_SIZE];
    size_t other;

    if (timeline->list.count == 0) {
        return;
    }
    other = find_neighbour(timeline, item, direction);
    (void)timeline_item_name(timeline, item, name);
    if (other != SIZE_MAX) {
        put_beside(timeline, item, other, direction);
        return;
    }
    viewer_say(timeline->viewer, "%s is the %s %s", name,
               direction > 0 ? "last" : "first",
               is_pinned_track(timeline, item) ? "of those that are pinned"
               : timeline->list.items[item].kind == ITEM_FILE ? "file"
               : timeline->list.items[item].kind == ITEM_PROCESS
                   ? "process"
                   : "of its process");
}

/* An area that is open ends where the cursor is; another one has its own. */
static bool
move_area_end(struct timeline *timeline, int direction, struct error *err)
{
    struct view_area *area = &timeline->state.area;
    const struct row_plan *plan = &timeline->plan;

    if (area->is_open) {
        return direction > 0 ? timeline_move_next_track(timeline, err)
                             : timeline_move_previous_track(timeline, err);
    }
    for (size_t i = plan->positions[area->items[1]] + (size_t)direction;
         i < timeline->list.count; i += (size_t)direction) {
        if (row_plan_height(plan, plan->order[i]) > 0) {
            area->items[1] = plan->order[i];
            return true;
        }
    }
    viewer_say(timeline->viewer, "the area ends at the %s row",
               direction > 0 ? "last" : "first");
    return true;
}

bool
timeline_order_run(struct timeline *timeline, enum action_id action,
                   bool *is_done, struct error *err)
{
    int direction = action == ACTION_TRACK_DOWN ? 1 : -1;

    *is_done = action == ACTION_TRACK_DOWN || action == ACTION_TRACK_UP;
    if (!*is_done) {
        return true;
    }
    if (timeline->state.area.is_set) {
        return move_area_end(timeline, direction, err);
    }
    move(timeline, direction);
    return true;
}
