// SPDX-License-Identifier: Apache-2.0
/* unit/model/random_scope.h - parts of a random trace, and what lies in them
 * by brute force. */
#ifndef UNIT_MODEL_RANDOM_SCOPE_H
#define UNIT_MODEL_RANDOM_SCOPE_H

#include <stddef.h>
#include <stdint.h>

#include "model/trace_scope.h"
#include "random_model.h"
#include "support/random.h"

enum { RANDOM_SCOPE_TRACKS_MAX = 64 };

struct random_scope {
    struct trace_scope scope;
    uint8_t tracks[RANDOM_SCOPE_TRACKS_MAX];
};

/* Often the borders of calls, sometimes nothing, sometimes everything. */
void random_scope_choose(struct random_scope *choice,
                         const struct random_model *random,
                         struct random *numbers);

/* The oracle's slices that touch the scope, whole, by track (the model's),
 * then by start, callers first; functions are the oracle's. The caller
 * frees. */
struct slice *random_scope_slices(const struct random_model *random,
                                  const struct trace_scope *scope,
                                  size_t *count);

#endif
