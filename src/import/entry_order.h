// SPDX-License-Identifier: Apache-2.0
/* import/entry_order.h - the order of entries, and to sort them in memory. */
#ifndef IMPORT_ENTRY_ORDER_H
#define IMPORT_ENTRY_ORDER_H

#include <stdbool.h>
#include <stddef.h>

#include "import/event_sort.h"

struct error;

static inline bool
entry_is_before(enum event_order order, const struct sort_entry *a,
                const struct sort_entry *b)
{
    if (order == EVENT_ORDER_TIME) {
        return a->start_ns < b->start_ns;
    }
    if (a->process != b->process) {
        return a->process < b->process;
    }
    if (a->thread != b->thread) {
        return a->thread < b->thread;
    }
    if (a->start_ns != b->start_ns) {
        return a->start_ns < b->start_ns;
    }
    return a->end_ns > b->end_ns;
}

/*
 * Sort count entries; equal ones stay as they came. *scratch has room for as
 * many, or is NULL and made when it is needed; the two may change places.
 */
bool entry_order_sort(enum event_order order, struct sort_entry **entries,
                      struct sort_entry **scratch, size_t count,
                      struct error *err);

#endif
