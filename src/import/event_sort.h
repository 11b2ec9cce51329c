// SPDX-License-Identifier: Apache-2.0
/*
 * import/event_sort.h - put events in the order in which a trace is written.
 *
 * By process, by thread, by time, a longer one before a shorter one that begins
 * with it, and else as they came. Memory is bounded, 104 MiB and 64 KiB for
 * each 8 MiB of entries beyond: full runs are sorted, the later ones put aside
 * on disk, then merged.
 */
#ifndef IMPORT_EVENT_SORT_H
#define IMPORT_EVENT_SORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;
struct event_sort;

struct sort_entry {
    int64_t start_ns;
    int64_t end_ns;
    uint32_t process;
    uint32_t thread;
    uint32_t what;    /* the caller's */
    uint32_t payload; /* the caller's */
};

enum event_order {
    EVENT_ORDER_TRACK, /* as above */
    EVENT_ORDER_TIME,  /* by start alone, and else as they came */
};

/* run_size is for tests: entries that are held in memory; 0 = as above. */
bool event_sort_new(struct event_sort **out, enum event_order order,
                    size_t run_size, struct error *err);

bool event_sort_add(struct event_sort *sort, const struct sort_entry *entry,
                    struct error *err);

uint64_t event_sort_count(const struct event_sort *sort);

/* Nothing more is added: event_sort_next gives all, in order. */
bool event_sort_finish(struct event_sort *sort, struct error *err);

/* The next entry; *found is false behind the last one. */
bool event_sort_next(struct event_sort *sort, struct sort_entry *entry,
                     bool *found, struct error *err);

/* NULL is allowed. */
void event_sort_free(struct event_sort *sort);

#endif
