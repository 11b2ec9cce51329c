// SPDX-License-Identifier: Apache-2.0
#include "tui/row_plan.h"

#include <assert.h>
#include <stdlib.h>

#include "base/array.h"
#include "tui/track_list.h"

enum { CURSOR_TRACK_ROWS = 6 }; /* before the others have a second one */

/* While items are put in order. */
struct process_place {
    size_t count;   /* of its items that are not pinned */
    size_t next;    /* the position of its next item */
    bool is_closed; /* folded or hidden: its items have no rows */
};

static size_t
process_limit(const struct track_list *list)
{
    size_t limit = 0;

    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i].process >= limit) {
            limit = (size_t)list->items[i].process + 1;
        }
    }
    return limit;
}

bool
row_plan_init(struct row_plan *plan, const struct track_list *list,
              const uint8_t *flags, struct error *err)
{
    size_t count = list->count;

    *plan = (struct row_plan){.list = list, .flags = flags};
    plan->places = array_new(process_limit(list), sizeof *plan->places, err);
    plan->order = array_new(count, sizeof *plan->order, err);
    plan->positions = array_new(count, sizeof *plan->positions, err);
    plan->first_rows = array_new(count + 1, sizeof *plan->first_rows, err);
    plan->wanted = array_new(count, sizeof *plan->wanted, err);
    if (plan->places == NULL || plan->order == NULL || plan->positions == NULL
        || plan->first_rows == NULL || plan->wanted == NULL) {
        row_plan_release(plan);
        return false;
    }
    return true;
}

void
row_plan_release(struct row_plan *plan)
{
    free(plan->places);
    free(plan->order);
    free(plan->positions);
    free(plan->first_rows);
    free(plan->wanted);
    *plan = (struct row_plan){0};
}

static bool
has_flag(const struct row_plan *plan, size_t item, enum item_flag flag)
{
    return (plan->flags[item] & flag) != 0;
}

/* A heading stays where it is. */
static bool
is_pinned(const struct row_plan *plan, size_t item)
{
    return has_flag(plan, item, ITEM_PINNED)
           && !track_item_is_heading(&plan->list->items[item]);
}

/* How many levels stand in a row of an item. */
static uint32_t
levels_in_row(const struct row_plan *plan, size_t item)
{
    return plan->has_halves && has_flag(plan, item, ITEM_HALF)
                   && !has_flag(plan, item, ITEM_FOLDED)
               ? 2
               : 1;
}

/* Rows for all levels of an item that is open. */
static uint32_t
level_rows(const struct row_plan *plan, size_t item)
{
    uint32_t levels = levels_in_row(plan, item);
    uint32_t depth = plan->list->items[item].depth;

    return depth / levels + (depth % levels != 0);
}

/* The rows that an item has use for by itself. */
static uint32_t
wanted_rows(const struct row_plan *plan, size_t item)
{
    if (has_flag(plan, item, ITEM_HIDDEN)) {
        return 0;
    }
    return has_flag(plan, item, ITEM_FOLDED) ? 1 : level_rows(plan, item);
}

/* The item at a place of the order that the user gave them. */
static size_t
item_in(const struct row_plan *plan, size_t place)
{
    return plan->sequence == NULL ? place : plan->sequence[place];
}

static void
put(struct row_plan *plan, size_t item, size_t position, uint32_t wanted)
{
    plan->order[position] = item;
    plan->positions[item] = position;
    plan->wanted[position] = wanted;
}

static struct process_place *
place_of(struct row_plan *plan, size_t item)
{
    return &plan->places[plan->list->items[item].process];
}

/* Pinned items come first. Counts the others of each process. */
static void
put_pinned(struct row_plan *plan)
{
    size_t count = plan->list->count;

    plan->pinned_count = 0;
    for (size_t i = 0; i < count; i++) {
        *place_of(plan, i) = (struct process_place){0};
    }
    for (size_t i = 0; i < count; i++) {
        size_t item = item_in(plan, i);

        if (is_pinned(plan, item)) {
            put(plan, item, plan->pinned_count++, wanted_rows(plan, item));
        } else {
            place_of(plan, item)->count++;
        }
    }
}

static bool
is_closed(const struct row_plan *plan, size_t item)
{
    return has_flag(plan, item, ITEM_FOLDED)
           || has_flag(plan, item, ITEM_HIDDEN);
}

static bool
is_in_closed_group(const struct row_plan *plan, size_t item)
{
    size_t group = plan->list->items[item].group;

    return group != SIZE_MAX && is_closed(plan, group);
}

/* Where each process of a file (SIZE_MAX = of all) begins, with its heading.
 * Returns the position behind the last one. */
static size_t
put_processes(struct row_plan *plan, size_t file, size_t position)
{
    bool is_shown =
        !plan->is_pinned_only && (file == SIZE_MAX || !is_closed(plan, file));

    for (size_t i = 0; i < plan->list->count; i++) {
        size_t item = item_in(plan, i);
        const struct track_item *what = &plan->list->items[item];
        struct process_place *place = place_of(plan, item);

        if (what->kind != ITEM_PROCESS
            || (file != SIZE_MAX
                && what->input != plan->list->items[file].input)) {
            continue;
        }
        place->is_closed = !is_shown || is_closed(plan, item);
        place->next = position + 1;
        put(plan, item, position, is_shown ? wanted_rows(plan, item) : 0);
        position += place->count;
    }
    return position;
}

static void
put_headings(struct row_plan *plan)
{
    size_t position = plan->pinned_count;

    if (!plan->list->has_processes && plan->list->count > 0) {
        place_of(plan, 0)->next = position; /* there is one process only */
        return;
    }
    if (!plan->list->has_files) {
        (void)put_processes(plan, SIZE_MAX, position);
        return;
    }
    for (size_t i = 0; i < plan->list->count; i++) {
        size_t item = item_in(plan, i);

        if (plan->list->items[item].kind == ITEM_FILE) {
            put(plan, item, position++,
                plan->is_pinned_only ? 0 : wanted_rows(plan, item));
            position = put_processes(plan, item, position);
        }
    }
}

/* Pinned items, then the others; what a folded or hidden heading holds has no
 * rows. */
static void
put_in_order(struct row_plan *plan)
{
    put_pinned(plan);
    put_headings(plan);
    for (size_t i = 0; i < plan->list->count; i++) {
        size_t item = item_in(plan, i);
        struct process_place *place = place_of(plan, item);

        if (!is_pinned(plan, item) && plan->list->items[item].kind != ITEM_FILE
            && plan->list->items[item].kind != ITEM_PROCESS) {
            put(plan, item, place->next++,
                plan->is_pinned_only || place->is_closed
                        || is_in_closed_group(plan, item)
                    ? 0
                    : wanted_rows(plan, item));
        }
    }
}

/* The rows of a position when no track has more than limit; but the cursor's
 * has those that are set aside for it. */
static uint32_t
share_of(const struct row_plan *plan, size_t position, uint32_t limit)
{
    uint32_t wanted = plan->wanted[position];

    if (plan->order[position] == plan->cursor_item
        && limit < plan->cursor_rows) {
        limit = plan->cursor_rows;
    }
    return wanted < limit ? wanted : limit;
}

static size_t
rows_with_limit(const struct row_plan *plan, uint32_t limit)
{
    size_t rows = 0;

    for (size_t i = 0; i < plan->list->count; i++) {
        rows += share_of(plan, i, limit);
    }
    return rows;
}

/* The largest number of rows a track may have so that all fit; at least 1. */
static uint32_t
fair_limit(const struct row_plan *plan, unsigned height)
{
    uint32_t low = 1;
    uint32_t high = height == 0 ? 1 : height;

    while (low < high) {
        uint32_t middle = (low + high + 1) / 2;

        if (rows_with_limit(plan, middle) <= height) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    return low;
}

/* A few levels of what one looks at are worth more than two of everything; but
 * as long as all items fit, all are shown. */
static uint32_t
cursor_track_rows(struct row_plan *plan, unsigned height)
{
    uint32_t rows =
        height / 2 < CURSOR_TRACK_ROWS ? (height + 1) / 2 : CURSOR_TRACK_ROWS;
    size_t least;

    plan->cursor_rows = 1;
    least = rows_with_limit(plan, 1);
    return least <= height && height - least + 1 < rows
               ? (uint32_t)(height - least + 1)
               : rows;
}

void
row_plan_update(struct row_plan *plan, size_t cursor_item,
                uint32_t cursor_depth, unsigned height)
{
    uint32_t limit;
    size_t used;
    size_t spare;
    size_t row = 0;

    put_in_order(plan);
    plan->cursor_item = cursor_item;
    plan->cursor_depth = cursor_depth;
    plan->cursor_rows = cursor_track_rows(plan, height);
    limit = fair_limit(plan, height);
    used = rows_with_limit(plan, limit);
    spare = used > height ? 0 : height - used;
    for (size_t i = 0; i < plan->list->count; i++) {
        uint32_t share = share_of(plan, i, limit);

        if (share == limit && plan->wanted[i] > limit && spare > 0) {
            spare--;
            share++;
        }
        plan->first_rows[i] = row;
        row += share;
    }
    plan->first_rows[plan->list->count] = row;
}

size_t
row_plan_count(const struct row_plan *plan)
{
    return plan->first_rows[plan->list->count];
}

unsigned
row_plan_height(const struct row_plan *plan, size_t item)
{
    size_t position = plan->positions[item];

    return (unsigned)(plan->first_rows[position + 1]
                      - plan->first_rows[position]);
}

size_t
row_plan_first(const struct row_plan *plan, size_t item)
{
    return plan->first_rows[plan->positions[item]];
}

/* The item of the last position that starts at or above a row and has rows. */
static size_t
item_at(const struct row_plan *plan, size_t row)
{
    size_t low = 0;
    size_t high = plan->list->count;

    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;

        if (plan->first_rows[middle] <= row) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return plan->order[low];
}

/*
 * The first row of levels that an open track shows. Only the cursor's track
 * scrolls, just far enough: with n rows the last one sums up what is deeper,
 * unless that would be nothing.
 */
static uint32_t
first_level_row(const struct row_plan *plan, size_t item)
{
    uint32_t rows = level_rows(plan, item);
    unsigned height = row_plan_height(plan, item);
    uint32_t cursor = item == plan->cursor_item
                          ? plan->cursor_depth / levels_in_row(plan, item)
                          : 0;
    uint32_t own_rows = height > 1 ? height - 1 : 1;
    uint32_t first;

    if (rows <= height || cursor < own_rows) {
        return 0;
    }
    first = cursor - (own_rows - 1);
    return first > rows - height ? rows - height : first;
}

static struct plan_row
track_row(const struct row_plan *plan, size_t item, unsigned index)
{
    uint32_t depth = plan->list->items[item].depth;
    uint32_t levels = levels_in_row(plan, item);
    unsigned height = row_plan_height(plan, item);
    uint32_t first = first_level_row(plan, item);
    uint32_t row_depth = (first + index) * levels;
    struct plan_row row = {
        .kind = ROW_DEPTH,
        .item = item,
        .index = index,
        .depth = row_depth,
        .levels = depth - row_depth < levels ? depth - row_depth : levels,
        .above = index == 0 ? first * levels : 0,
    };

    if (has_flag(plan, item, ITEM_FOLDED)) {
        row.kind = ROW_FOLDED;
        row.depth = 0;
        row.above = 0;
        row.levels = 1;
    } else if (index > 0 && index + 1 == height
               && row_depth + row.levels < depth) {
        row.kind = ROW_DEEPER;
        row.deeper = depth - row_depth;
    }
    return row;
}

struct plan_row
row_plan_at(const struct row_plan *plan, size_t row)
{
    size_t item = item_at(plan, row);
    unsigned index = (unsigned)(row - row_plan_first(plan, item));

    assert(row < row_plan_count(plan));
    switch (plan->list->items[item].kind) {
    case ITEM_PROCESS:
    case ITEM_ASYNC:
        return (struct plan_row){.kind = ROW_PROCESS, .item = item};
    case ITEM_FILE:
        return (struct plan_row){.kind = ROW_FILE, .item = item};
    case ITEM_INSTANTS:
        return (struct plan_row){.kind = ROW_INSTANTS, .item = item};
    case ITEM_COUNTER:
        return (struct plan_row){.kind = ROW_COUNTER, .item = item};
    case ITEM_TRACK:
        break;
    }
    return track_row(plan, item, index);
}

bool
row_plan_is_half(const struct row_plan *plan, const struct plan_row *row)
{
    return row->kind == ROW_DEPTH && levels_in_row(plan, row->item) > 1;
}

uint32_t
row_plan_depth_rows(const struct row_plan *plan, size_t item)
{
    uint32_t depth = plan->list->items[item].depth;
    unsigned height = row_plan_height(plan, item);
    uint32_t rows = height;
    uint32_t levels;

    if (has_flag(plan, item, ITEM_FOLDED)) {
        return height;
    }
    if (height > 1
        && first_level_row(plan, item) + height < level_rows(plan, item)) {
        rows--;
    }
    levels = rows * levels_in_row(plan, item);
    return levels < depth ? levels : depth;
}

size_t
row_plan_find(const struct row_plan *plan, size_t item, uint32_t depth)
{
    unsigned height = row_plan_height(plan, item);
    uint32_t row = depth / levels_in_row(plan, item);
    uint32_t first;

    if (height <= 1 || has_flag(plan, item, ITEM_FOLDED)) {
        return row_plan_first(plan, item);
    }
    first = first_level_row(plan, item);
    if (row < first) {
        return row_plan_first(plan, item);
    }
    return row_plan_first(plan, item)
           + (row - first < height ? row - first : height - 1);
}

unsigned
row_plan_sticky(const struct row_plan *plan, unsigned height)
{
    size_t pinned = plan->first_rows[plan->pinned_count];

    return row_plan_count(plan) > height && pinned <= height / 2
               ? (unsigned)pinned
               : 0;
}

size_t
row_plan_top(const struct row_plan *plan, size_t top_row, unsigned height)
{
    size_t count = row_plan_count(plan);
    size_t sticky = row_plan_sticky(plan, height);
    size_t cursor = row_plan_find(plan, plan->cursor_item, plan->cursor_depth);
    size_t first = row_plan_first(plan, plan->cursor_item);
    size_t end = first + row_plan_height(plan, plan->cursor_item);

    if (count <= height) {
        return 0;
    }
    if (end - first > height - sticky) { /* too tall: at least its row */
        first = cursor;
        end = cursor + 1;
    }
    if (first >= sticky) {
        if (top_row + height < end) {
            top_row = end - height;
        }
        if (top_row + sticky > first) {
            top_row = first - sticky;
        }
    }
    return top_row + height > count ? count - height : top_row;
}
