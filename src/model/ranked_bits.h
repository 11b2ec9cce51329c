// SPDX-License-Identifier: Apache-2.0
/*
 * model/ranked_bits.h - which of many things are chosen: a bit each, and how
 * many are set before any of them. Private to src/model.
 */
#ifndef MODEL_RANKED_BITS_H
#define MODEL_RANKED_BITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;

/* {0} is a row of no bits. */
struct ranked_bits {
    uint64_t *words; /* owned */
    size_t *ranks;   /* owned; bits set before each word, and in all */
    size_t word_count;
};

/* All bits are clear. Released in any case. */
bool ranked_bits_init(struct ranked_bits *bits, size_t count,
                      struct error *err);
void ranked_bits_release(struct ranked_bits *bits);

static inline void
ranked_bits_set(struct ranked_bits *bits, size_t index)
{
    bits->words[index / 64] |= UINT64_C(1) << index % 64;
}

/* When all are set: count them. Only then the others can be asked. */
void ranked_bits_count(struct ranked_bits *bits);

/* How many are set below index, which is at most the number of bits. */
static inline size_t
ranked_bits_rank(const struct ranked_bits *bits, size_t index)
{
    uint64_t below = (UINT64_C(1) << index % 64) - 1;

    return bits->ranks[index / 64]
           + (size_t)__builtin_popcountll(bits->words[index / 64] & below);
}

/* The index of the bit that has rank bits set below it and is set itself; there
 * must be one. */
size_t ranked_bits_select(const struct ranked_bits *bits, size_t rank);

#endif
