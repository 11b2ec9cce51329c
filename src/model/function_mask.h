// SPDX-License-Identifier: Apache-2.0
/*
 * model/function_mask.h - in which blocks calls of some functions may be, known
 * without reading them.
 */
#ifndef MODEL_FUNCTION_MASK_H
#define MODEL_FUNCTION_MASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;
struct trace_model;

/* {0} is empty. */
struct function_mask {
    const struct trace_model *model;
    uint64_t *words; /* of a set of every size; owned */
    size_t full;     /* where the largest stands */
};

/* functions has a byte for each function of the model and one for the unknown
 * one, 1 = its calls are looked for. On success the caller releases *mask; on
 * failure (there is no memory) it is empty. */
bool function_mask_make(struct function_mask *mask,
                        const struct trace_model *model,
                        const uint8_t *functions, struct error *err);

/* The same for one function, UINT32_MAX = the unknown one. */
bool function_mask_make_one(struct function_mask *mask,
                            const struct trace_model *model, uint32_t function,
                            struct error *err);

void function_mask_release(struct function_mask *mask);

/* Whether a call of such a function may touch a block of a track. False is
 * certain, as long as the block can be read as it was. */
bool function_mask_may_touch(const struct function_mask *mask, uint32_t track,
                             size_t block);

#endif
