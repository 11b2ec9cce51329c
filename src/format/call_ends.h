// SPDX-License-Identifier: Apache-2.0
/*
 * format/call_ends.h - go through a block from one end of calls to the next.
 * Internal.
 *
 * What ends a call is the rule of call_stack.h. Looking for the call that a
 * mismatched return closes is given up when a block has cost more than
 * CALL_LOOKS_PER_WORD looks per word; such returns then count as unknown.
 */
#ifndef FORMAT_CALL_ENDS_H
#define FORMAT_CALL_ENDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/call_stack.h"

struct error;

enum { CALL_LOOKS_PER_WORD = 256 };

/* {0} is empty; the memory is re-used from block to block. */
struct call_ends {
    struct call_stack stack; /* open in front of the word at index; owned */
    const uint64_t *words;
    size_t count;
    size_t index;
    uint64_t tick;        /* of the word before that */
    uint64_t entry_count; /* before it, in this block */
    uint64_t looks_left;
    size_t closed_count; /* calls that the word at index ends, ... */
    uint64_t end_tick;   /* ... at this tick */
};

/* A block of valid words that stay where they are. */
struct call_ends_block {
    const struct vzt_open_call *open_calls;
    size_t open_count;
    const uint64_t *words;
    size_t word_count;
    uint64_t first_tick;
};

/* Begin a block. False when there is no memory. */
bool call_ends_begin(struct call_ends *ends,
                     const struct call_ends_block *block, struct error *err);

/* Go to the next word that ends calls; closed_count is 0 when there is none:
 * then index is the block's end. False when there is no memory. */
bool call_ends_next(struct call_ends *ends, struct error *err);

/* Go over the word that ends calls. */
void call_ends_pass(struct call_ends *ends);

void call_ends_release(struct call_ends *ends);

#endif
