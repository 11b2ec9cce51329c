// SPDX-License-Identifier: Apache-2.0
#include "tui/row_plan.h"

#include <assert.h>
#include <stdlib.h>

#include "base/array.h"
#include "tui/track_list.h"

enum { CURSOR_TRACK_ROWS = 6 }; /* when not every item has a row */

bool
row_plan_init(struct row_plan *plan, const struct track_list *list,
              const uint8_t *folds, struct error *err)
{
    *plan = (struct row_plan){.list = list, .folds = folds};
    plan->first_rows =
        array_new(list->count + 1, sizeof *plan->first_rows, err);
    return plan->first_rows != NULL;
}

void
row_plan_release(struct row_plan *plan)
{
    free(plan->first_rows);
    *plan = (struct row_plan){0};
}

/* The rows that an item has use for; *in_folded carries over a process. */
static uint32_t
wanted_rows(const struct row_plan *plan, size_t item, bool *in_folded)
{
    const struct track_item *what = &plan->list->items[item];

    if (what->kind == ITEM_PROCESS) {
        *in_folded = plan->folds[item] != 0;
        return 1;
    }
    if (*in_folded) {
        return 0;
    }
    return plan->folds[item] != 0 ? 1 : what->depth;
}

static size_t
rows_with_limit(const struct row_plan *plan, uint32_t limit)
{
    bool in_folded = false;
    size_t rows = 0;

    for (size_t i = 0; i < plan->list->count; i++) {
        uint32_t wanted = wanted_rows(plan, i, &in_folded);

        rows += wanted < limit ? wanted : limit;
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

static uint32_t
cursor_track_rows(unsigned height)
{
    return height / 2 < CURSOR_TRACK_ROWS ? (height + 1) / 2
                                          : CURSOR_TRACK_ROWS;
}

void
row_plan_update(struct row_plan *plan, size_t cursor_item,
                uint32_t cursor_depth, unsigned height)
{
    uint32_t limit = fair_limit(plan, height);
    size_t used = rows_with_limit(plan, limit);
    bool is_full = used > height;
    size_t spare = is_full ? 0 : height - used;
    bool in_folded = false;
    size_t row = 0;

    plan->cursor_item = cursor_item;
    plan->cursor_depth = cursor_depth;
    for (size_t i = 0; i < plan->list->count; i++) {
        uint32_t wanted = wanted_rows(plan, i, &in_folded);
        uint32_t share = limit;

        if (wanted > limit && spare > 0) {
            spare--;
            share++;
        }
        if (is_full && i == cursor_item && share < cursor_track_rows(height)) {
            share = cursor_track_rows(height);
        }
        plan->first_rows[i] = row;
        row += wanted < share ? wanted : share;
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
    return (unsigned)(plan->first_rows[item + 1] - plan->first_rows[item]);
}

/* The last item that starts at or above a row and has rows. */
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
    return low;
}

/*
 * The first level that an open track shows. Only the cursor's track scrolls,
 * just far enough: with n rows the last one sums up what is deeper, unless
 * that would be nothing.
 */
static uint32_t
first_depth(const struct row_plan *plan, size_t item)
{
    uint32_t depth = plan->list->items[item].depth;
    unsigned height = row_plan_height(plan, item);
    uint32_t cursor = item == plan->cursor_item ? plan->cursor_depth : 0;
    uint32_t own_rows = height > 1 ? height - 1 : 1;
    uint32_t first;

    if (depth <= height || cursor < own_rows) {
        return 0;
    }
    first = cursor - (own_rows - 1);
    return first > depth - height ? depth - height : first;
}

static struct plan_row
track_row(const struct row_plan *plan, size_t item, unsigned index)
{
    uint32_t depth = plan->list->items[item].depth;
    unsigned height = row_plan_height(plan, item);
    uint32_t first = first_depth(plan, item);
    struct plan_row row = {
        .kind = ROW_DEPTH,
        .item = item,
        .index = index,
        .depth = first + index,
        .above = index == 0 ? first : 0,
    };

    if (plan->folds[item] != 0) {
        row.kind = ROW_FOLDED;
        row.depth = 0;
        row.above = 0;
    } else if (index > 0 && index + 1 == height && row.depth + 1 < depth) {
        row.kind = ROW_DEEPER;
        row.deeper = depth - row.depth;
    }
    return row;
}

struct plan_row
row_plan_at(const struct row_plan *plan, size_t row)
{
    size_t item = item_at(plan, row);
    unsigned index = (unsigned)(row - plan->first_rows[item]);

    assert(row < row_plan_count(plan));
    switch (plan->list->items[item].kind) {
    case ITEM_PROCESS:
        return (struct plan_row){.kind = ROW_PROCESS, .item = item};
    case ITEM_INSTANTS:
        return (struct plan_row){.kind = ROW_INSTANTS, .item = item};
    case ITEM_COUNTER:
        return (struct plan_row){.kind = ROW_COUNTER, .item = item};
    case ITEM_TRACK:
        break;
    }
    return track_row(plan, item, index);
}

uint32_t
row_plan_depth_rows(const struct row_plan *plan, size_t item)
{
    uint32_t depth = plan->list->items[item].depth;
    unsigned height = row_plan_height(plan, item);

    if (plan->folds[item] != 0 || height <= 1) {
        return height;
    }
    return first_depth(plan, item) + height < depth ? height - 1 : height;
}

size_t
row_plan_find(const struct row_plan *plan, size_t item, uint32_t depth)
{
    unsigned height = row_plan_height(plan, item);
    uint32_t first;

    if (height <= 1 || plan->folds[item] != 0) {
        return plan->first_rows[item];
    }
    first = first_depth(plan, item);
    if (depth < first) {
        return plan->first_rows[item];
    }
    return plan->first_rows[item]
           + (depth - first < height ? depth - first : height - 1);
}

size_t
row_plan_top(const struct row_plan *plan, size_t top_row, unsigned height)
{
    size_t count = row_plan_count(plan);
    size_t cursor = row_plan_find(plan, plan->cursor_item, plan->cursor_depth);
    size_t first = plan->first_rows[plan->cursor_item];
    size_t end = plan->first_rows[plan->cursor_item + 1];

    if (count <= height) {
        return 0;
    }
    if (end - first > height) { /* its item is too tall: at least its row */
        first = cursor;
        end = cursor + 1;
    }
    if (top_row + height < end) {
        top_row = end - height;
    }
    if (top_row > first) {
        top_row = first;
    }
    return top_row + height > count ? count - height : top_row;
}
