// SPDX-License-Identifier: Apache-2.0
/*
 * model/block_functions.h - of which functions a block has calls. Private to
 * src/model; asked with model/function_mask.h.
 *
 * A bit of the function's number says that some call that touches the block may
 * be of it. With few functions each has a bit of its own; in a block with few
 * calls, or a trace of very many functions, several share one, so that a set
 * never takes more than a sixtieth of its block's events:
 *
 *     slot = number & 8191, and in a smaller set & (slots - 1)
 */
#ifndef MODEL_BLOCK_FUNCTIONS_H
#define MODEL_BLOCK_FUNCTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct error;
struct model_block;

enum {
    BLOCK_FUNCTION_SLOTS = 8192, /* at most */
    BLOCK_FUNCTION_SLOTS_LEAST = 64,
};

/* Words of a set in which none of so many functions, the unknown one among
 * them, shares a bit unless it must. */
static inline size_t
block_functions_full_words(size_t function_count)
{
    return function_count < BLOCK_FUNCTION_SLOTS ? (function_count + 63) / 64
                                                 : BLOCK_FUNCTION_SLOTS / 64;
}

/* Words of the set of a block with so many slices. */
size_t block_functions_words(size_t function_count, size_t slice_count);

/* What a number is cut down to in a set of so many words. */
static inline uint32_t
block_functions_slot_mask(size_t function_count, size_t words)
{
    return words == block_functions_full_words(function_count)
               ? BLOCK_FUNCTION_SLOTS - 1
               : (uint32_t)words * 64 - 1;
}

/* Keep what is seen, a byte 0 or 1 for each of the slots of so many words. The
 * memory is the arena's. */
bool block_functions_keep(struct model_block *block, const uint8_t *seen,
                          size_t words, struct arena *memory,
                          struct error *err);

#endif
