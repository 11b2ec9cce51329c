// SPDX-License-Identifier: Apache-2.0
/*
 * tui/timeline_order.h - the order of the tracks, which the user may change.
 *
 * A track moves among those that stand next to it: pinned ones among the
 * pinned, others within their process; a process moves with all it holds.
 */
#ifndef TUI_TIMELINE_ORDER_H
#define TUI_TIMELINE_ORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tui/action.h"

struct error;
struct timeline;

/* The order of the list. */
bool timeline_order_init(struct timeline *timeline, struct error *err);

/* The order of another timeline, as far as its items are here (matches, see
 * timeline_match_items); others stay behind the one that they follow in the
 * list. */
bool timeline_order_take(struct timeline *timeline, const struct timeline *from,
                         const uint32_t *matches, struct error *err);

/* These items in this order; others stay behind the one that they follow in the
 * list. */
bool timeline_order_set(struct timeline *timeline, const uint32_t *items,
                        size_t count, struct error *err);

/* Move the cursor's track down or up; with an area, let it end a track further
 * down or up instead. *is_done is false when it is another action. */
bool timeline_order_run(struct timeline *timeline, enum action_id action,
                        bool *is_done, struct error *err);

#endif
