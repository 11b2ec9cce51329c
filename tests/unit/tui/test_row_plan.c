// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "tui/row_plan.h"
#include "tui/track_list.h"

enum { ITEMS_MAX = 40 };

/* A random list: processes with tracks, instants, counters and asynchronous
 * calls. */
static struct track_list
random_list(struct track_item *items, uint8_t *flags)
{
    struct track_list list = {.items = items, .has_processes = rand() % 2};
    size_t count = (size_t)rand() % (ITEMS_MAX - 1) + 1;
    bool has_files = list.has_processes && rand() % 2 == 0;
    bool is_after_file = false;
    uint32_t process = 0;
    uint32_t input = 0;
    size_t group = SIZE_MAX;

    list.has_files = has_files;
    for (size_t i = 0; i < count; i++) {
        enum item_kind kind = (enum item_kind)(rand() % 4);

        if (list.has_processes ? i == 0 : false) {
            kind = ITEM_PROCESS;
        } else if (!list.has_processes && kind == ITEM_PROCESS) {
            kind = ITEM_TRACK;
        }
        if (has_files && (i == 0 || rand() % 12 == 0)) {
            kind = ITEM_FILE;
            is_after_file = true;
        } else if (is_after_file) {
            kind = ITEM_PROCESS;
            is_after_file = false;
        }
        input += kind == ITEM_FILE;
        process += track_item_is_heading(&(struct track_item){.kind = kind});
        if (kind == ITEM_PROCESS || kind == ITEM_FILE) {
            group = SIZE_MAX;
        } else if (kind == ITEM_TRACK && group == SIZE_MAX && rand() % 5 == 0) {
            kind = ITEM_ASYNC;
        }
        items[list.count++] = (struct track_item){
            .kind = kind,
            .process = process,
            .input = input,
            .group = kind == ITEM_TRACK ? group : SIZE_MAX,
            .depth = kind == ITEM_TRACK ? (uint32_t)rand() % 30 + 1 : 1,
        };
        group = kind == ITEM_ASYNC ? i : group;
        flags[i] =
            kind != ITEM_INSTANTS && kind != ITEM_COUNTER && rand() % 4 == 0
                ? ITEM_FOLDED
                : 0;
        flags[i] |= rand() % 5 == 0 ? ITEM_PINNED : 0;
        flags[i] |= rand() % 6 == 0 ? ITEM_HIDDEN : 0;
        flags[i] |= rand() % 3 == 0 ? ITEM_HALF : 0;
    }
    return list;
}

struct planned {
    struct track_item items[ITEMS_MAX];
    uint8_t flags[ITEMS_MAX];
    uint32_t sequence[ITEMS_MAX];
    struct track_list list;
    struct row_plan plan;
    unsigned height;
};

/* Any order of the items. */
static void
shuffle(uint32_t *sequence, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t j = (size_t)rand() % (i + 1);

        sequence[i] = sequence[j];
        sequence[j] = (uint32_t)i;
    }
}

static void
random_plan(struct planned *planned)
{
    struct error err = {0};
    size_t item;

    planned->list = random_list(planned->items, planned->flags);
    cr_assert(
        row_plan_init(&planned->plan, &planned->list, planned->flags, &err));
    shuffle(planned->sequence, planned->list.count);
    planned->plan.sequence = rand() % 3 == 0 ? NULL : planned->sequence;
    planned->height = (unsigned)rand() % 52 + 1;
    planned->plan.is_pinned_only = rand() % 5 == 0;
    planned->plan.has_halves = rand() % 2 == 0;
    for (int try = 0;; try++) { /* the cursor is never on a hidden item */
        if (try == 200) {
            memset(planned->flags, 0, sizeof planned->flags);
            planned->plan.is_pinned_only = false;
        }
        item = (size_t)rand() % planned->list.count;
        row_plan_update(&planned->plan, item,
                        (uint32_t)rand() % planned->items[item].depth,
                        planned->height);
        if (row_plan_height(&planned->plan, item) > 0) {
            return;
        }
    }
}

/* Whether line i of the screen shows a row, and which. */
static bool
row_on_line(const struct planned *p, size_t top, unsigned line, size_t *row)
{
    *row = line < row_plan_sticky(&p->plan, p->height) ? line : top + line;
    return *row < row_plan_count(&p->plan);
}

static bool
is_on_screen(const struct planned *p, size_t top, size_t wanted)
{
    size_t row;

    for (unsigned line = 0; line < p->height; line++) {
        if (row_on_line(p, top, line, &row) && row == wanted) {
            return true;
        }
    }
    return false;
}

Test(row_plan, every_row_knows_its_item)
{
    for (int round = 0; round < 3000; round++) {
        struct planned p;
        size_t rows = 0;

        random_plan(&p);
        for (size_t position = 0; position < p.list.count; position++) {
            size_t i = p.plan.order[position];

            cr_assert(eq(sz, row_plan_first(&p.plan, i), rows));
            for (unsigned j = 0; j < row_plan_height(&p.plan, i); j++) {
                struct plan_row row = row_plan_at(&p.plan, rows++);

                cr_assert(eq(sz, row.item, i));
                cr_assert(eq(uint, row.index, j));
                cr_assert(lt(u32, row.depth, p.items[i].depth));
            }
        }
        cr_assert(eq(sz, rows, row_plan_count(&p.plan)));
        row_plan_release(&p.plan);
    }
}

Test(row_plan, every_level_is_shown_summed_up_or_counted_as_above)
{
    for (int round = 0; round < 3000; round++) {
        struct planned p;

        random_plan(&p);
        for (size_t i = 0; i < p.list.count; i++) {
            unsigned height = row_plan_height(&p.plan, i);
            uint32_t levels = 0;

            if (height < 2 || p.items[i].kind != ITEM_TRACK) {
                continue;
            }
            for (unsigned j = 0; j < height; j++) {
                struct plan_row row =
                    row_plan_at(&p.plan, row_plan_first(&p.plan, i) + j);

                levels += row.above
                          + (row.kind == ROW_DEEPER ? row.deeper : row.levels);
            }
            cr_assert(eq(u32, levels, p.items[i].depth));
        }
        row_plan_release(&p.plan);
    }
}

Test(row_plan, the_cursor_is_on_screen_and_no_row_is_wasted)
{
    for (int round = 0; round < 3000; round++) {
        struct planned p;
        size_t top;
        size_t cursor;
        struct plan_row row;

        random_plan(&p);
        top = row_plan_top(&p.plan, (size_t)rand() % 100, p.height);
        cursor =
            row_plan_find(&p.plan, p.plan.cursor_item, p.plan.cursor_depth);
        row = row_plan_at(&p.plan, cursor);
        cr_assert(is_on_screen(&p, top, cursor));
        cr_assert(eq(sz, row.item, p.plan.cursor_item));
        row.levels = row.kind == ROW_DEPTH ? row.levels : 1;
        cr_assert(row.kind == ROW_FOLDED
                      || (row.kind != ROW_DEEPER
                          && row.depth <= p.plan.cursor_depth
                          && p.plan.cursor_depth < row.depth + row.levels),
                  "the cursor's level has a row of its own");
        cr_assert(top == 0 || row_plan_count(&p.plan) - top >= p.height);
        row_plan_release(&p.plan);
    }
}

Test(row_plan, all_rows_of_the_cursors_item_are_on_screen)
{
    for (int round = 0; round < 3000; round++) {
        struct planned p;
        size_t top;
        size_t first;
        size_t end;
        size_t sticky;

        random_plan(&p);
        sticky = row_plan_sticky(&p.plan, p.height);
        top = row_plan_top(&p.plan, (size_t)rand() % 100, p.height);
        first = row_plan_first(&p.plan, p.plan.cursor_item);
        end = first + row_plan_height(&p.plan, p.plan.cursor_item);
        for (size_t row = first; row < end && end - first <= p.height - sticky;
             row++) {
            cr_assert(is_on_screen(&p, top, row));
        }
        cr_assert(eq(sz, row_plan_top(&p.plan, top, p.height), top),
                  "it stays where it is");
        row_plan_release(&p.plan);
    }
}

Test(row_plan, all_items_are_seen_when_there_are_rows_for_them)
{
    for (int round = 0; round < 3000; round++) {
        struct planned p;
        size_t shown = 0;

        random_plan(&p);
        for (size_t i = 0; i < p.list.count; i++) {
            shown += row_plan_height(&p.plan, i) > 0;
        }
        if (shown <= p.height) {
            cr_assert(le(sz, row_plan_count(&p.plan), p.height));
        }
        row_plan_release(&p.plan);
    }
}

Test(row_plan, rows_are_shared_fairly)
{
    for (int round = 0; round < 3000; round++) {
        struct planned p;
        unsigned least = 1000;
        unsigned most = 0;

        random_plan(&p);
        for (size_t i = 0; i < p.list.count; i++) {
            unsigned height = row_plan_height(&p.plan, i);
            bool is_half = p.plan.has_halves && (p.flags[i] & ITEM_HALF) != 0;
            uint32_t depth = p.items[i].depth;

            if (p.items[i].kind != ITEM_TRACK || height == 0
                || (p.flags[i] & ITEM_FOLDED) != 0 || i == p.plan.cursor_item) {
                continue;
            }
            if (height < (is_half ? (depth + 1) / 2 : depth)
                && height < least) {
                least = height; /* it could use more */
            }
            most = height > most ? height : most;
        }
        if (row_plan_count(&p.plan) <= p.height) {
            cr_assert(le(uint, most, least + 1));
        }
        row_plan_release(&p.plan);
    }
}

/* At 80x24 six threads would otherwise show one level each. */
Test(row_plan, the_cursors_track_has_a_few_rows_before_others_have_two)
{
    for (int round = 0; round < 3000; round++) {
        struct planned p;
        unsigned others = 0;
        unsigned few;
        unsigned height;
        size_t cursor;
        uint32_t use;

        random_plan(&p);
        cursor = p.plan.cursor_item;
        height = row_plan_height(&p.plan, cursor);
        use = p.plan.wanted[p.plan.positions[cursor]];
        for (size_t i = 0; i < p.list.count; i++) {
            unsigned rows = row_plan_height(&p.plan, i);

            others = i != cursor && rows > others ? rows : others;
        }
        few = p.height < 12 ? (p.height + 1) / 2 : 6;
        if (others > 1) {
            cr_assert(ge(uint, height, use < few ? use : few));
        }
        cr_assert(ge(uint, height + 1, use < others ? use : others));
        row_plan_release(&p.plan);
    }
}

/* The rules, one item at a time. */
static bool
has_a_row(const struct planned *p, size_t item)
{
    size_t process = track_list_process(&p->list, item);
    size_t file = track_list_file(&p->list, item);
    size_t group = p->items[item].group;
    bool is_pinned = (p->flags[item] & ITEM_PINNED) != 0
                     && !track_item_is_heading(&p->items[item]);

    if ((p->flags[item] & ITEM_HIDDEN) != 0
        || (p->plan.is_pinned_only && !is_pinned)) {
        return false;
    }
    if (is_pinned || file == item) {
        return true;
    }
    if (file != SIZE_MAX
        && (p->flags[file] & (ITEM_FOLDED | ITEM_HIDDEN)) != 0) {
        return false;
    }
    if (group != SIZE_MAX
        && (p->flags[group] & (ITEM_FOLDED | ITEM_HIDDEN)) != 0) {
        return false;
    }
    return process == item || process == SIZE_MAX
           || (p->flags[process] & (ITEM_FOLDED | ITEM_HIDDEN)) == 0;
}

Test(row_plan, what_is_hidden_has_no_row_and_all_else_has)
{
    for (int round = 0; round < 3000; round++) {
        struct planned p;

        random_plan(&p);
        for (size_t i = 0; i < p.list.count; i++) {
            cr_assert(
                eq(int, row_plan_height(&p.plan, i) > 0, has_a_row(&p, i)));
        }
        row_plan_release(&p.plan);
    }
}

/* Append the items that are pinned, or those of a process that are not and are
 * or are no heading, in the order that was given. */
static size_t
append_items(const struct planned *p, size_t *order, size_t count, int process,
             bool is_heading)
{
    for (size_t i = 0; i < p->list.count; i++) {
        size_t item = p->plan.sequence == NULL ? i : p->plan.sequence[i];
        bool is_process = p->items[item].kind == ITEM_PROCESS
                          || p->items[item].kind == ITEM_FILE;
        bool is_pinned = (p->flags[item] & ITEM_PINNED) != 0
                         && !track_item_is_heading(&p->items[item]);

        if (process < 0 ? is_pinned
                        : !is_pinned && is_process == is_heading
                              && p->items[item].process == (uint32_t)process) {
            order[count++] = item;
        }
    }
    return count;
}

/* The processes of a file, each with its items. */
static size_t
append_processes(const struct planned *p, size_t *order, size_t count,
                 uint32_t input)
{
    for (size_t i = 0; i < p->list.count; i++) {
        size_t item = p->plan.sequence == NULL ? i : p->plan.sequence[i];
        int process = (int)p->items[item].process;

        if (p->items[item].kind == ITEM_PROCESS
            && p->items[item].input == input) {
            count = append_items(p, order, count, process, true);
            count = append_items(p, order, count, process, false);
        }
    }
    return count;
}

Test(row_plan, items_stand_in_their_order_below_their_process_but_pinned_above)
{
    for (int round = 0; round < 3000; round++) {
        struct planned p;
        size_t order[ITEMS_MAX];
        size_t count;

        random_plan(&p);
        count = append_items(&p, order, 0, -1, false);
        cr_assert(eq(sz, p.plan.pinned_count, count));
        for (size_t i = 0; i < p.list.count && p.list.has_files; i++) {
            size_t item = p.plan.sequence == NULL ? i : p.plan.sequence[i];

            if (p.items[item].kind == ITEM_FILE) {
                order[count++] = item;
                count = append_processes(&p, order, count, p.items[item].input);
            }
        }
        if (p.list.has_processes && !p.list.has_files) {
            count = append_processes(&p, order, count, 0);
        }
        if (!p.list.has_processes) {
            count = append_items(&p, order, count, 0, false);
        }
        cr_assert(eq(sz, count, p.list.count));
        for (size_t i = 0; i < count; i++) {
            cr_assert(eq(sz, p.plan.order[i], order[i]));
            cr_assert(eq(sz, p.plan.positions[order[i]], i));
        }
        row_plan_release(&p.plan);
    }
}

Test(row_plan, few_pinned_rows_stay_however_far_one_scrolls)
{
    for (int round = 0; round < 3000; round++) {
        struct planned p;
        size_t pinned;
        size_t top;

        random_plan(&p);
        pinned = p.plan.first_rows[p.plan.pinned_count];
        top = row_plan_top(&p.plan, (size_t)rand() % 100, p.height);
        for (size_t row = 0; row < pinned && pinned <= p.height / 2; row++) {
            cr_assert(is_on_screen(&p, top, row));
        }
        row_plan_release(&p.plan);
    }
}
