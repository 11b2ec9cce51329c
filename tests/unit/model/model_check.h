// SPDX-License-Identifier: Apache-2.0
/* unit/model/model_check.h - what must hold of any model, also of one made
 * from a hostile file. */
#ifndef UNIT_MODEL_MODEL_CHECK_H
#define UNIT_MODEL_MODEL_CHECK_H

#include <stdint.h>

struct trace_model;

/* Look at everything a model shows: slices nest and are disjoint at each
 * depth, no cell is busier than it is wide, lists are in order. */
void model_check(const struct trace_model *model, uint64_t seed);

#endif
