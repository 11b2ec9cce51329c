// SPDX-License-Identifier: Apache-2.0
/*
 * model/profile_sums.h - what the tree of a profile says of each function.
 */
#ifndef MODEL_PROFILE_SUMS_H
#define MODEL_PROFILE_SUMS_H

#include <stdbool.h>
#include <stdint.h>

#include "model/scope_profile.h"

struct error;

/*
 * Add up the nodes from first on, count of them next to each other, with all
 * that is below them. Of each function: total_ns counted once under recursion,
 * self_ns, call_count; inverted, only nodes below the root have time of their
 * own and calls. sums has an entry a function of the model and one for the
 * unknown. What is in PROFILE_OTHER is nobody's.
 */
bool profile_sums_add(const struct scope_profile *profile, uint32_t first,
                      uint32_t count, struct profile_function *sums,
                      struct error *err);

#endif
