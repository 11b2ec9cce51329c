// SPDX-License-Identifier: Apache-2.0
/*
 * tui/call_list.h - the slowest calls of a function as rows: how long each took
 * and when, on which thread, who called it, with which arguments.
 */
#ifndef TUI_CALL_LIST_H
#define TUI_CALL_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "model/span_query.h"

struct error;
struct screen;
struct span_scratch;
struct viewer;

/* A call that is on screen. */
struct listed_call {
    struct slice slice;
    bool has_caller;
    uint32_t caller; /* function, as in slices */
    size_t args;     /* where they begin in the texts; "" = none */
};

/* What was read of the calls on screen. {0} has read nothing. */
struct call_list {
    struct span_scratch *scratch; /* owned */
    struct listed_call *items;    /* owned */
    size_t count;
    size_t capacity;
    size_t first; /* their numbers among the slowest calls */
    unsigned facts_number;
    struct buffer args;  /* of one call */
    struct buffer texts; /* NUL-terminated ones */
};

void call_list_release(struct call_list *list);

struct call_list_place {
    int y; /* of the title */
    unsigned x;
    unsigned width;
    unsigned height; /* with the title; at least 1 */
    size_t top;      /* the number of the first row */
    size_t chosen;
    bool has_focus;
};

/* Draw the slowest calls that viewer->function_facts knows, or why it knows
 * none. */
bool call_list_draw(struct call_list *list, struct viewer *viewer,
                    const struct call_list_place *place, struct screen *screen,
                    struct error *err);

/* The first row to show of count, so that the chosen one is among the rows. */
size_t call_list_top(size_t top, size_t chosen, size_t count, size_t rows);

#endif
