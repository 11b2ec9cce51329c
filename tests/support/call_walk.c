// SPDX-License-Identifier: Apache-2.0
#include "support/call_walk.h"

#include <stdlib.h>

#include "format/event.h"

void
call_walk_init(struct call_walk *walk, uint64_t seed, size_t depth_max,
               uint32_t function_count)
{
    *walk = (struct call_walk){
        .random = {.state = seed},
        .depth_max = depth_max,
        .function_count = function_count,
        .functions = calloc(depth_max, sizeof *walk->functions),
    };
    if (walk->functions == NULL) {
        abort();
    }
}

static uint64_t
leave(struct call_walk *walk, unsigned choice)
{
    static const enum event_kind kinds[] = {
        EVENT_RETURN, EVENT_RETURN,   EVENT_YIELD,
        EVENT_UNWIND, EVENT_C_RETURN, EVENT_C_RAISE,
    };

    walk->depth--;
    return event_tag(kinds[choice % 6], walk->functions[walk->depth]);
}

static uint64_t
enter(struct call_walk *walk, unsigned choice)
{
    static const enum event_kind kinds[] = {
        EVENT_CALL, EVENT_CALL, EVENT_RESUME, EVENT_THROW_IN, EVENT_C_CALL,
    };
    uint32_t function =
        1 + (uint32_t)random_below(&walk->random, walk->function_count);

    walk->functions[walk->depth++] = function;
    walk->entries++;
    return event_tag(kinds[choice % 5], function);
}

uint64_t
call_walk_next(struct call_walk *walk)
{
    unsigned choice = (unsigned)random_below(&walk->random, 60);
    bool goes_down = walk->depth == 0
                     || (walk->depth < walk->depth_max
                         && random_permille(&walk->random, 520));

    return goes_down ? enter(walk, choice) : leave(walk, choice);
}

uint64_t
call_walk_return(struct call_walk *walk)
{
    return walk->depth == 0 ? 0 : leave(walk, 0);
}

void
call_walk_release(struct call_walk *walk)
{
    free(walk->functions);
    walk->functions = NULL;
}
