// SPDX-License-Identifier: Apache-2.0
/*
 * tui/sandwich_calls.h - what the list of slowest calls says of those that are
 * on screen: who called them, with which arguments.
 */
#ifndef TUI_SANDWICH_CALLS_H
#define TUI_SANDWICH_CALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "model/span_query.h"

struct error;
struct function_facts;
struct span_scratch;
struct trace_model;

struct sandwich_call {
    struct slice slice;
    bool has_caller;
    uint32_t caller; /* function, as in slices */
    size_t args;     /* where they begin in the texts; "" = none */
};

/* {0} has read nothing. */
struct sandwich_calls {
    struct span_scratch *scratch; /* owned */
    struct sandwich_call *items;  /* owned */
    size_t count;
    size_t capacity;
    size_t first; /* their numbers among the slowest calls */
    unsigned facts_number;
    struct buffer args;  /* of one call */
    struct buffer texts; /* NUL-terminated ones */
};

/* Read count calls from first on; those that were read already are not read
 * again. facts has them. */
bool sandwich_calls_load(struct sandwich_calls *calls,
                         const struct trace_model *model,
                         struct function_facts *facts, size_t first,
                         size_t count, struct error *err);
void sandwich_calls_release(struct sandwich_calls *calls);

const char *sandwich_call_args(const struct sandwich_calls *calls,
                               const struct sandwich_call *call);

#endif
