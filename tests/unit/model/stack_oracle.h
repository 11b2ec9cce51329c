// SPDX-License-Identifier: Apache-2.0
/* unit/model/stack_oracle.h - the stacks of all calls of a part of a random
 * trace, and what a transform makes of each of them, by brute force. */
#ifndef UNIT_MODEL_STACK_ORACLE_H
#define UNIT_MODEL_STACK_ORACLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/profile_transform.h"
#include "model/trace_scope.h"
#include "random_model.h"

/* The calls with the same functions around them. */
struct oracle_stack {
    uint32_t *frames; /* functions of the model; outermost first, inverted:
                         last. Owned */
    size_t length;
    uint64_t self_ns;
    uint64_t call_count; /* whose own frame the stack ends with */
};

struct oracle_stacks {
    struct oracle_stack *items; /* sorted, each once; owned */
    size_t count;
    bool is_inverted;
};

struct oracle_stacks oracle_stacks_take(const struct random_model *random,
                                        const struct trace_scope *scope);

/* The stacks that a profile which is not inverted tells apart. */
struct oracle_stacks oracle_stacks_of(const struct scope_profile *profile);
void oracle_stacks_release(struct oracle_stacks *stacks);

void oracle_stacks_transform(struct oracle_stacks *stacks,
                             const struct trace_model *model,
                             const struct profile_transform *transform);

/* The stack with these frames; NULL = there is none. */
const struct oracle_stack *
oracle_stacks_find(const struct oracle_stacks *stacks, const uint32_t *frames,
                   size_t length);

#endif
