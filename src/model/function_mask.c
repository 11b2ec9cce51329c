// SPDX-License-Identifier: Apache-2.0
/*
 * A set of 2^k words stands at word 2^k, up to half the largest one, which may
 * have any size and stands behind them:
 *
 *     | - | 1 | 2 2 | 4 4 4 4 | ... | full ... |
 */
#include "model/function_mask.h"

#include <stdlib.h>

#include "base/array.h"
#include "model/block_functions.h"
#include "model/model_data.h"

static void
put_slot(uint64_t *words, uint32_t slot)
{
    words[slot / 64] |= UINT64_C(1) << (slot % 64);
}

static void
put_function(struct function_mask *mask, uint32_t function)
{
    for (size_t words = 1; words < mask->full; words *= 2) {
        put_slot(mask->words + words, function & ((uint32_t)words * 64 - 1));
    }
    put_slot(mask->words + mask->full, function & (BLOCK_FUNCTION_SLOTS - 1));
}

static bool
make_empty(struct function_mask *mask, const struct trace_model *model,
           struct error *err)
{
    size_t full = block_functions_full_words(model->function_count + 1);

    *mask = (struct function_mask){.model = model, .full = 1};
    while (mask->full < full) {
        mask->full *= 2;
    }
    mask->words = array_new(mask->full + full, sizeof *mask->words, err);
    if (mask->words == NULL) {
        *mask = (struct function_mask){0};
        return false;
    }
    return true;
}

bool
function_mask_make(struct function_mask *mask, const struct trace_model *model,
                   const uint8_t *functions, struct error *err)
{
    if (!make_empty(mask, model, err)) {
        return false;
    }
    for (size_t i = 0; i <= model->function_count; i++) {
        if (functions[i] != 0) {
            put_function(mask, (uint32_t)i);
        }
    }
    return true;
}

bool
function_mask_make_one(struct function_mask *mask,
                       const struct trace_model *model, uint32_t function,
                       struct error *err)
{
    if (!make_empty(mask, model, err)) {
        return false;
    }
    put_function(mask, function < model->function_count
                           ? function
                           : (uint32_t)model->function_count);
    return true;
}

void
function_mask_release(struct function_mask *mask)
{
    free(mask->words);
    *mask = (struct function_mask){0};
}

bool
function_mask_may_touch(const struct function_mask *mask, uint32_t track,
                        size_t block)
{
    const struct model_block *looked_at =
        &track_blocks(mask->model, track)[block];
    size_t count = looked_at->function_words;
    size_t full = block_functions_full_words(mask->model->function_count + 1);
    const uint64_t *words = mask->words + (count == full ? mask->full : count);

    for (size_t i = 0; i < count; i++) {
        if ((looked_at->functions[i] & words[i]) != 0) {
            return true;
        }
    }
    return false;
}
