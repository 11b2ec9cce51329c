// SPDX-License-Identifier: Apache-2.0
/*
 * support/call_walk.h - a program that calls and returns at random.
 *
 * The same seed gives the same events, so the reading side walks along with
 * what was written and needs no list of it.
 */
#ifndef SUPPORT_CALL_WALK_H
#define SUPPORT_CALL_WALK_H

#include <stddef.h>
#include <stdint.h>

#include "support/random.h"

struct call_walk {
    struct random random;
    size_t depth_max;
    uint32_t function_count; /* ids from 1 */
    size_t depth;
    uint32_t *functions; /* of the open calls; owned */
    uint64_t entries;    /* so far */
};

void call_walk_init(struct call_walk *walk, uint64_t seed, size_t depth_max,
                    uint32_t function_count);
/* The next event's tag (no delta). */
uint64_t call_walk_next(struct call_walk *walk);
/* The return of the call on top, or 0 when nothing is open. */
uint64_t call_walk_return(struct call_walk *walk);
void call_walk_release(struct call_walk *walk);

#endif
