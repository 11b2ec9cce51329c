// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <string.h>

#include "format/call_stack.h"
#include "format/event.h"
#include "format/record_encode.h"
#include "support/random.h"

static struct call_stack
stack_of(const struct vzt_open_call *calls, size_t count)
{
    struct call_stack stack = {0};

    cr_assert(call_stack_assign(&stack, calls, count));
    return stack;
}

static void
check_match(const struct call_stack *stack, uint32_t function,
            enum call_return expected, size_t expected_count)
{
    size_t count = 99;

    cr_assert(eq(int, call_stack_match(stack, function, &count), expected));
    cr_assert(eq(sz, count, expected_count));
}

Test(call_stack, knows_what_each_return_means)
{
    struct vzt_open_call calls[] = {
        {.function = 5}, {.function = 7}, {.function = 5}, {.function = 9}};
    struct call_stack stack = stack_of(calls, 4);

    check_match(&stack, 9, CALL_RETURN_MATCHED, 1);
    check_match(&stack, 5, CALL_RETURN_TRUNCATING, 2);
    check_match(&stack, 7, CALL_RETURN_TRUNCATING, 3);
    check_match(&stack, 8, CALL_RETURN_UNKNOWN, 0);
    stack.depth = 0;
    check_match(&stack, 9, CALL_RETURN_EMPTY, 0);
    call_stack_release(&stack);
}

Test(call_stack, lets_any_return_close_an_inherited_call_on_top)
{
    struct vzt_open_call calls[] = {
        {.function = 5, .flags = VZT_OPEN_INHERITED},
        {.function = 7, .flags = VZT_OPEN_INHERITED},
    };
    struct call_stack stack = stack_of(calls, 2);

    check_match(&stack, 5, CALL_RETURN_MATCHED, 1);
    check_match(&stack, 1, CALL_RETURN_MATCHED, 1);
    /* Below another call its id is not ours to compare with. */
    cr_assert(call_stack_push(&stack, 3, 100));
    check_match(&stack, 7, CALL_RETURN_UNKNOWN, 0);
    check_match(&stack, 3, CALL_RETURN_MATCHED, 1);
    call_stack_release(&stack);
}

Test(call_stack, replays_ticks_over_every_kind_of_word)
{
    uint64_t words[16];
    struct call_stack stack = {0};
    struct call_replay replay = {.tick = 1000};
    size_t count = 0;

    words[count++] = event_tag(EVENT_CALL, 1) | 5;
    words[count++] = event_tag((enum event_kind)12, 1) | 6; /* of the future */
    count += record_encode_gap(words + count, 8, VZT_GAP_PAUSED, 0, 0);
    words[count - 4] |= 7;
    count += record_encode_clock(words + count, 8, UINT64_C(1) << 40);
    words[count++] = event_tag(EVENT_RESUME, 2) | 8;
    words[count++] = event_tag(EVENT_RETURN, 3) | 9;
    cr_assert(call_stack_replay(&stack, &replay, words, count));
    cr_assert(eq(sz, stack.depth, 1)); /* a gap closes calls */
    cr_assert(eq(u64, stack.calls[0].start_tick, (UINT64_C(1) << 40) + 8));
    cr_assert(eq(u64, replay.tick, (UINT64_C(1) << 40) + 17));
    cr_assert(eq(u64, replay.call_count, 2));
    cr_assert(eq(u64, replay.mismatched_returns, 1));
    call_stack_release(&stack);
}

Test(call_stack, is_empty_after_a_gap)
{
    uint64_t words[16];
    struct vzt_open_call calls[] = {
        {.function = 5, .flags = VZT_OPEN_INHERITED}, {.function = 7}};
    struct call_stack stack = stack_of(calls, 2);
    struct call_replay replay = {.tick = 1000};
    size_t count = 0;

    words[count++] = event_tag(EVENT_CALL, 1) | 5;
    count += record_encode_gap(words + count, 8, VZT_GAP_SLOT_TAKEN, 1006, 3);
    words[count++] = event_tag(EVENT_CALL, 2) | 8;
    words[count++] = event_tag(EVENT_RETURN, 2) | 8;
    words[count++] = event_tag(EVENT_RETURN, 1) | 9;
    words[count++] = event_tag(EVENT_RETURN, 7) | 9;
    cr_assert(call_stack_replay(&stack, &replay, words, count));
    cr_assert(zero(sz, stack.depth));
    cr_assert(zero(u64, replay.mismatched_returns));
    call_stack_release(&stack);
}

Test(call_stack, replays_in_pieces_as_in_one)
{
    enum { COUNT = 5000 };
    static uint64_t words[COUNT];
    struct random random = {11};
    struct call_stack whole = {0};
    struct call_stack pieces = {0};
    struct call_replay whole_replay = {0};
    struct call_replay pieces_replay = {0};

    for (size_t i = 0; i < COUNT; i++) {
        words[i] = event_tag((enum event_kind)(1 + random_below(&random, 9)),
                             (uint32_t)random_below(&random, 12))
                   | random_below(&random, 100);
    }
    cr_assert(call_stack_replay(&whole, &whole_replay, words, COUNT));
    for (size_t i = 0, size; i < COUNT; i += size) {
        size = 1 + random_below(&random, 50);
        size = size < COUNT - i ? size : COUNT - i;
        cr_assert(call_stack_replay(&pieces, &pieces_replay, words + i, size));
    }
    cr_assert(eq(sz, pieces.depth, whole.depth));
    cr_assert(zero(int, memcmp(pieces.calls, whole.calls,
                               whole.depth * sizeof *whole.calls)));
    cr_assert(
        zero(int, memcmp(&pieces_replay, &whole_replay, sizeof whole_replay)));
    call_stack_release(&whole);
    call_stack_release(&pieces);
}

Test(call_stack, survives_words_of_any_numbers)
{
    for (uint64_t seed = 0; seed < 20000; seed++) {
        struct random random = {seed};
        struct call_stack stack = {0};
        struct call_replay replay = {0};
        uint64_t words[8];
        size_t count = random_below(&random, 9);

        for (size_t i = 0; i < 8; i++) {
            words[i] = random_u64(&random) << random_below(&random, 30);
        }
        cr_assert(call_stack_replay(&stack, &replay, words, count));
        cr_assert(stack.depth <= count);
        call_stack_release(&stack);
    }
}
