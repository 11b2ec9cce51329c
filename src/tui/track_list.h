// SPDX-License-Identifier: Apache-2.0
/*
 * tui/track_list.h - what is shown below each other: for each file its header
 * and its processes, for each process its header, its threads, its instants,
 * its counters, and below a header of their own its asynchronous calls.
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
    ITEM_INSTANTS, /* the instants of a process in one of its lanes */
    ITEM_COUNTER,
    ITEM_FILE,  /* a recording, when there are several */
    ITEM_ASYNC, /* above the tracks of a process that are no threads */
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
    uint32_t process; /* index in the model; of a file: one of its own, behind
                         those of the processes */
    uint32_t input;   /* of the model; 0 unless there are files */
    uint32_t index;   /* of the track, counter or input in the model; of
                         instants: enum instant_lane */
    uint32_t depth;   /* levels of calls of a track; 1 for the others */
    size_t group; /* the item of kind ITEM_ASYNC above it; SIZE_MAX = none */
};

struct track_list {
    struct track_item *items;
    size_t count;
    size_t *tracks;     /* per track of the model: its item, or SIZE_MAX */
    bool has_processes; /* there are items of kind ITEM_PROCESS */
    bool has_files;     /* and of kind ITEM_FILE */
};

/* The list owns its items until track_list_release. */
bool track_list_build(struct track_list *list, const struct trace_model *model,
                      struct error *err);
void track_list_release(struct track_list *list);

/* The process item that an item belongs to; SIZE_MAX = there is none. */
size_t track_list_process(const struct track_list *list, size_t item);

/* The same of the file item. */
size_t track_list_file(const struct track_list *list, size_t item);

/* A row of text above what it holds. */
static inline bool
track_item_is_heading(const struct track_item *item)
{
    return item->kind == ITEM_PROCESS || item->kind == ITEM_FILE
           || item->kind == ITEM_ASYNC;
}

#endif
