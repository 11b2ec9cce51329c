// SPDX-License-Identifier: Apache-2.0
/*
 * tui/track_list.h - what is shown below each other: for each process its
 * header, its threads, its instants and its counters.
 */
#ifndef TUI_TRACK_LIST_H
#define TUI_TRACK_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;
struct trace_model;

enum item_kind {
    ITEM_PROCESS, /* only when there are several, or one has something to say */
    ITEM_TRACK,
    ITEM_INSTANTS, /* all instants of a process */
    ITEM_COUNTER,
};

/* What the user did with an item, in an array of one byte per item. */
enum item_flag {
    ITEM_FOLDED = 1u << 0,
    ITEM_PINNED = 1u << 1, /* stands above all that are not */
    ITEM_HIDDEN = 1u << 2, /* has no row; with a process, its tracks neither */
    ITEM_HALF = 1u << 3,   /* a track with two levels in a row */
};

struct track_item {
    enum item_kind kind;
    uint32_t process; /* index in the model */
    uint32_t index;   /* of the track or counter in the model */
    uint32_t depth;   /* levels of calls of a track; 1 for the others */
};

struct track_list {
    struct track_item *items;
    size_t count;
    bool has_processes; /* there are items of kind ITEM_PROCESS */
};

/* The list owns its items until track_list_release. */
bool track_list_build(struct track_list *list, const struct trace_model *model,
                      struct error *err);
void track_list_release(struct track_list *list);

/* The process item that an item belongs to; SIZE_MAX = there is none. */
size_t track_list_process(const struct track_list *list, size_t item);

#endif
