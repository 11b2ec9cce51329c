// SPDX-License-Identifier: Apache-2.0
/* The open calls of one stream, and the one rule for returns. */
#include "format/call_stack.h"

#include <stdlib.h>
#include <string.h>

#include "format/event.h"

static bool
reserve(struct call_stack *stack, size_t depth)
{
    size_t capacity = stack->capacity < 64 ? 64 : stack->capacity;
    struct vzt_open_call *calls;

    if (depth <= stack->capacity) {
        return true;
    }
    if (depth > SIZE_MAX / 4 / sizeof *calls) {
        return false;
    }
    while (capacity < depth) {
        capacity *= 2;
    }
    calls = realloc(stack->calls, capacity * sizeof *calls);
    if (calls == NULL) {
        return false;
    }
    stack->calls = calls;
    stack->capacity = capacity;
    return true;
}

bool
call_stack_push(struct call_stack *stack, uint32_t function,
                uint64_t start_tick)
{
    if (__builtin_expect(stack->depth == stack->capacity, 0)
        && !reserve(stack, stack->depth + 1)) {
        return false;
    }
    stack->calls[stack->depth++] =
        (struct vzt_open_call){.function = function, .start_tick = start_tick};
    return true;
}

static bool
is_call_of(const struct vzt_open_call *call, uint32_t function)
{
    return call->function == function && !(call->flags & VZT_OPEN_INHERITED);
}

enum call_return
call_stack_match(const struct call_stack *stack, uint32_t function,
                 size_t *closed_count)
{
    size_t depth = stack->depth;
    const struct vzt_open_call *top;

    *closed_count = 0;
    if (depth == 0) {
        return CALL_RETURN_EMPTY;
    }
    top = &stack->calls[depth - 1];
    if (is_call_of(top, function) || (top->flags & VZT_OPEN_INHERITED)) {
        *closed_count = 1;
        return CALL_RETURN_MATCHED;
    }
    for (size_t i = depth - 1; i-- > 0;) {
        if (is_call_of(&stack->calls[i], function)) {
            *closed_count = depth - i;
            return CALL_RETURN_TRUNCATING;
        }
    }
    return CALL_RETURN_UNKNOWN;
}

bool
call_stack_assign(struct call_stack *stack, const struct vzt_open_call *calls,
                  size_t count)
{
    if (!reserve(stack, count)) {
        return false;
    }
    if (count > 0) {
        memcpy(stack->calls, calls, count * sizeof *calls);
    }
    stack->depth = count;
    return true;
}

static void
replay_exit(struct call_stack *stack, struct call_replay *replay,
            uint32_t function)
{
    size_t closed_count;
    enum call_return what;

    if (stack->depth > 0
        && is_call_of(&stack->calls[stack->depth - 1], function)) {
        stack->depth--;
        return;
    }
    what = call_stack_match(stack, function, &closed_count);
    stack->depth -= closed_count;
    if (what == CALL_RETURN_TRUNCATING || what == CALL_RETURN_UNKNOWN) {
        replay->mismatched_returns++;
    }
}

/* Whether an entry and the word behind it cancel each other out. */
static bool
is_leaf_call(uint64_t entry, uint64_t next)
{
    return event_is_exit(event_kind(next))
           && event_function(next) == event_function(entry);
}

bool
call_stack_replay(struct call_stack *stack, struct call_replay *replay,
                  const uint64_t *words, size_t count)
{
    uint64_t tick = replay->tick;
    uint64_t call_count = replay->call_count;
    bool ok = true;

    for (size_t i = 0; ok && i < count; i++) {
        uint64_t word = words[i];
        uint32_t kind = event_kind(word);

        tick += event_delta(word);
        if (event_is_entry(kind)) {
            call_count++;
            if (i + 1 < count && is_leaf_call(word, words[i + 1])) {
                tick += event_delta(words[++i]);
            } else {
                ok = call_stack_push(stack, event_function(word), tick);
            }
        } else if (event_is_exit(kind)) {
            replay_exit(stack, replay, event_function(word));
        } else if (kind == EVENT_LONG) {
            uint32_t size = record_size(word);

            if (record_type(word) == RECORD_CLOCK && size > 0
                && i + 1 < count) {
                tick = words[i + 1];
            } else if (record_type(word) == RECORD_GAP) {
                stack->depth = 0;
            }
            i += size;
        }
    }
    replay->tick = tick;
    replay->call_count = call_count;
    return ok;
}

void
call_stack_release(struct call_stack *stack)
{
    free(stack->calls);
    *stack = (struct call_stack){0};
}
