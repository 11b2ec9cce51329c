// SPDX-License-Identifier: Apache-2.0
/*
 * format/call_stack.h - which calls are open, by replaying entries and exits.
 *
 * The recorder replays each block once to write the next block's header, and
 * every reader decodes the same way, so the rule for what closes a call stands
 * once, here:
 *   - a gap closes every open call where the gap starts (truncated): their
 *     returns were not seen. A block that begins with a gap therefore lists no
 *     open calls;
 *   - a return of the call on top closes it;
 *   - a return with nothing open belongs to a frame entered before recording
 *     began, and is no error;
 *   - otherwise the nearest open call of that function is closed together with
 *     all above it (truncated), and the return is counted as mismatched;
 *   - a return of a function that is not open is counted and ignored.
 * An inherited call on top matches any return: its id is another section's.
 */
#ifndef FORMAT_CALL_STACK_H
#define FORMAT_CALL_STACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/layout.h"

struct call_stack {
    struct vzt_open_call *calls; /* outermost first; owned */
    size_t depth;
    size_t capacity;
};

/* Open a call; false when there is no memory (the call is then not open). */
bool call_stack_push(struct call_stack *stack, uint32_t function,
                     uint64_t start_tick);

enum call_return {
    CALL_RETURN_MATCHED,    /* one call is to be closed */
    CALL_RETURN_EMPTY,      /* nothing is open */
    CALL_RETURN_TRUNCATING, /* several are to be closed, the last matches */
    CALL_RETURN_UNKNOWN,    /* no open call is of that function */
};

/* What a return of function means, and how many calls it closes. Does not
 * change the stack: the caller looks at them first, then sets depth. */
enum call_return call_stack_match(const struct call_stack *stack,
                                  uint32_t function, size_t *closed_count);

/* What a replay found. Start with tick at the block's first_tick. */
struct call_replay {
    uint64_t tick;               /* of the last word */
    uint64_t call_count;         /* entries */
    uint64_t mismatched_returns; /* truncating and unknown ones */
};

/*
 * Replay the valid words of a block over the calls open at its start; the
 * stack is then the one at its end. False when there is no memory: stack and
 * replay then stand somewhere inside the block.
 */
bool call_stack_replay(struct call_stack *stack, struct call_replay *replay,
                       const uint64_t *words, size_t count);

/* Become a copy of count open calls. */
bool call_stack_assign(struct call_stack *stack,
                       const struct vzt_open_call *calls, size_t count);

void call_stack_release(struct call_stack *stack);

#endif
