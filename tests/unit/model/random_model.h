// SPDX-License-Identifier: Apache-2.0
/* unit/model/random_model.h - a random trace, opened, beside its oracle. */
#ifndef UNIT_MODEL_RANDOM_MODEL_H
#define UNIT_MODEL_RANDOM_MODEL_H

#include <stddef.h>
#include <stdint.h>

#include "model/span_query.h"
#include "model/trace_model.h"
#include "support/model_oracle.h"
#include "support/trace_random.h"

struct random_model {
    char *folder;
    struct trace_oracle *oracle;
    struct trace_model *model;
    struct span_scratch *scratch;
    uint32_t *functions; /* oracle's index of each of the model's */
};

/* The kinds of traces that the tests go through. */
size_t random_model_kind_count(void);
const struct trace_random_options *random_model_kind(size_t index);

void random_model_open(struct random_model *random,
                       const struct trace_random_options *options,
                       unsigned thread_count);
void random_model_close(struct random_model *random);

/* The track of an oracle's thread. */
uint32_t random_model_track(const struct random_model *random, uint32_t thread);

/* The oracle's index of a function of the model. */
uint32_t random_model_function(const struct random_model *random,
                               uint32_t function);

#endif
