// SPDX-License-Identifier: Apache-2.0
#include "model/block_functions.h"

#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "model/model_data.h"

size_t
block_functions_words(size_t function_count, size_t slice_count)
{
    size_t full = block_functions_full_words(function_count);
    size_t words = BLOCK_FUNCTION_SLOTS_LEAST / 64;

    while (words < full && words * 64 < 2 * slice_count) {
        words *= 2;
    }
    return words < full ? words : full;
}

/* Eight bytes of 0 or 1 as bits, the first one the lowest. */
static uint64_t
pack(const uint8_t *bytes)
{
    uint64_t value;

    memcpy(&value, bytes, sizeof value);
    return value * UINT64_C(0x0102040810204080) >> 56;
}

bool
block_functions_keep(struct model_block *block, const uint8_t *seen,
                     size_t words, struct arena *memory, struct error *err)
{
    uint64_t *set = arena_allocate(memory, words * sizeof *set);

    if (set == NULL) {
        return error_set_no_memory(err);
    }
    for (size_t i = 0; i < words; i++) {
        set[i] = 0;
        for (size_t byte = 0; byte < 8; byte++) {
            set[i] |= pack(seen + i * 64 + byte * 8) << (byte * 8);
        }
    }
    block->functions = set;
    block->function_words = (uint32_t)words;
    return true;
}
