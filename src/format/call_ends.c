// SPDX-License-Identifier: Apache-2.0
#include "format/call_ends.h"

#include "base/error.h"
#include "format/event.h"
#include "format/record_decode.h"

bool
call_ends_begin(struct call_ends *ends, const struct call_ends_block *block,
                struct error *err)
{
    if (!call_stack_assign(&ends->stack, block->open_calls,
                           block->open_count)) {
        return error_set_no_memory(err);
    }
    ends->words = block->words;
    ends->count = block->word_count;
    ends->index = 0;
    ends->tick = block->first_tick;
    ends->entry_count = 0;
    ends->looks_left = CALL_LOOKS_PER_WORD * (uint64_t)block->word_count;
    ends->closed_count = 0;
    return true;
}

/* How many calls the return of a function closes. */
static size_t
count_closed(struct call_ends *ends, uint32_t function)
{
    const struct vzt_open_call *calls = ends->stack.calls;
    size_t i = ends->stack.depth;

    if (i == 0) {
        return 0;
    }
    i--;
    if (calls[i].function == function
        || (calls[i].flags & VZT_OPEN_INHERITED)) {
        return 1;
    }
    while (i > 0 && ends->looks_left > 0) {
        i--;
        ends->looks_left--;
        if (calls[i].function == function
            && !(calls[i].flags & VZT_OPEN_INHERITED)) {
            return ends->stack.depth - i;
        }
    }
    return 0;
}

/* The tick of a word, and of the one behind it the base. */
static uint64_t
tick_of(const struct call_ends *ends)
{
    uint64_t word = ends->words[ends->index];

    if (event_kind(word) == EVENT_LONG && record_type(word) == RECORD_CLOCK
        && record_size(word) > 0) {
        return ends->words[ends->index + 1];
    }
    return ends->tick + event_delta(word);
}

static size_t
words_of(uint64_t head)
{
    return event_kind(head) == EVENT_LONG ? 1 + (size_t)record_size(head) : 1;
}

static void
find_end(struct call_ends *ends)
{
    uint64_t word = ends->words[ends->index];
    uint32_t kind = event_kind(word);
    struct vzt_gap gap;

    ends->closed_count = 0;
    ends->end_tick = tick_of(ends);
    if (event_is_exit(kind)) {
        ends->closed_count = count_closed(ends, event_function(word));
    } else if (kind == EVENT_LONG && record_type(word) == RECORD_GAP) {
        ends->closed_count = ends->stack.depth;
        if (record_decode_gap(&ends->words[ends->index + 1], record_size(word),
                              &gap)
            && gap.start_tick < ends->end_tick) {
            ends->end_tick =
                gap.start_tick > ends->tick ? gap.start_tick : ends->tick;
        }
    }
}

bool
call_ends_next(struct call_ends *ends, struct error *err)
{
    ends->closed_count = 0;
    while (ends->index < ends->count) {
        uint64_t word = ends->words[ends->index];

        find_end(ends);
        if (ends->closed_count > 0) {
            return true;
        }
        ends->tick = tick_of(ends);
        if (event_is_entry(event_kind(word))) {
            ends->entry_count++;
            if (!call_stack_push(&ends->stack, event_function(word),
                                 ends->tick)) {
                return error_set_no_memory(err);
            }
        }
        ends->index += words_of(word);
    }
    return true;
}

void
call_ends_pass(struct call_ends *ends)
{
    ends->tick = tick_of(ends);
    ends->stack.depth -= ends->closed_count;
    ends->index += words_of(ends->words[ends->index]);
    ends->closed_count = 0;
}

void
call_ends_release(struct call_ends *ends)
{
    call_stack_release(&ends->stack);
    *ends = (struct call_ends){0};
}
