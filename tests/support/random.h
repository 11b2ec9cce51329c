// SPDX-License-Identifier: Apache-2.0
/* support/random.h - the same random numbers everywhere (splitmix64). */
#ifndef SUPPORT_RANDOM_H
#define SUPPORT_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

struct random {
    uint64_t state; /* the seed */
};

static inline uint64_t
random_u64(struct random *random)
{
    uint64_t value = random->state += 0x9E3779B97F4A7C15u;

    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9u;
    value = (value ^ (value >> 27)) * 0x94D049BB133111EBu;
    return value ^ (value >> 31);
}

/* From 0 to end - 1; end is not 0. */
static inline uint64_t
random_below(struct random *random, uint64_t end)
{
    return random_u64(random) % end;
}

/* True in so many of a thousand cases. */
static inline bool
random_permille(struct random *random, unsigned permille)
{
    return random_below(random, 1000) < permille;
}

#endif
