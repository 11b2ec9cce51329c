// SPDX-License-Identifier: Apache-2.0
/*
 * tui/row_plan.h - how the rows of the screen are shared among the tracks.
 *
 * Items stand in the order that the user gave them, files and processes too,
 * each with its items below it; but pinned ones stand above all others.
 * Every item that is shown gets one row. Then the track under the cursor gets a
 * few; the rows that are left go to the open tracks, fairly: none of the others
 * gets a row more than another unless that one has no use for it. When there
 * are more items than rows, the list scrolls and the track under the cursor
 * still gets its few; pinned rows stay in place as long as they take no more
 * than half of the height.
 *
 * A track with fewer rows than levels shows the levels around the cursor and,
 * when it has at least two rows, one row that sums up all deeper levels. At
 * half height two levels share a row. A plan is a pure function of the list,
 * the flags, the order, the cursor and the height.
 */
#ifndef TUI_ROW_PLAN_H
#define TUI_ROW_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;
struct process_place;
struct track_list;

enum row_kind {
    ROW_PROCESS, /* or asynchronous calls */
    ROW_DEPTH,
    ROW_DEEPER, /* depth and all levels below it */
    ROW_FOLDED,
    ROW_INSTANTS,
    ROW_COUNTER,
    ROW_FILE,
};

struct plan_row {
    enum row_kind kind;
    size_t item;
    unsigned index;  /* 0 for the first row of its item */
    uint32_t depth;  /* of ROW_DEPTH; the first one of ROW_DEEPER */
    uint32_t levels; /* in a ROW_DEPTH: 2 at half height, if there are two */
    uint32_t above;  /* levels hidden above, in the first row only */
    uint32_t deeper; /* levels in a ROW_DEEPER */
};

struct row_plan {
    const struct track_list *list;
    const uint8_t *flags; /* per item: enum item_flag */
    /* All items, in their order; NULL = as in the list. The caller's. */
    const uint32_t *sequence;
    bool is_pinned_only; /* items that are not pinned have no rows */
    bool has_halves;     /* ITEM_HALF counts: the screen can show it */

    struct process_place *places; /* per process of the model, for sorting */
    size_t *order;                /* per position, from the top: its item */
    size_t *positions;            /* per item */
    size_t *first_rows;  /* per position, and one more: where the list ends */
    uint32_t *wanted;    /* per position: rows that it has use for */
    size_t pinned_count; /* positions of pinned items: the first ones */
    size_t cursor_item;
    uint32_t cursor_depth;
    uint32_t cursor_rows; /* set aside for its track, as far as it has use */
};

/* What is allocated is released by row_plan_release; list and flags stay the
 * caller's. */
bool row_plan_init(struct row_plan *plan, const struct track_list *list,
                   const uint8_t *flags, struct error *err);
void row_plan_release(struct row_plan *plan);

/* Share height rows. */
void row_plan_update(struct row_plan *plan, size_t cursor_item,
                     uint32_t cursor_depth, unsigned height);

/* All rows together, seen or not. */
size_t row_plan_count(const struct row_plan *plan);

/* Row number row, below row_plan_count. */
struct plan_row row_plan_at(const struct row_plan *plan, size_t row);

/* Whether a row is of a track at half height, and shows levels. */
bool row_plan_is_half(const struct row_plan *plan, const struct plan_row *row);

/* Rows of an item; 0 when it is hidden or its process is folded. */
unsigned row_plan_height(const struct row_plan *plan, size_t item);

/* The first row of an item, or where it would be. */
size_t row_plan_first(const struct row_plan *plan, size_t item);

/* The row that shows a level of an item, or would if it were not hidden. */
size_t row_plan_find(const struct row_plan *plan, size_t item, uint32_t depth);

/* Levels of an item that have a row, or half of one. */
uint32_t row_plan_depth_rows(const struct row_plan *plan, size_t item);

/* How many rows stay in place when the list scrolls. */
unsigned row_plan_sticky(const struct row_plan *plan, unsigned height);

/*
 * By how many rows to scroll, nearest to top_row, so that the cursor is among
 * the height rows shown, with all rows of its item if they fit, and no row is
 * wasted. Line i of the screen then shows row i when that is sticky, otherwise
 * row i + the result.
 */
size_t row_plan_top(const struct row_plan *plan, size_t top_row,
                    unsigned height);

#endif
