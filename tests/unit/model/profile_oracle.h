// SPDX-License-Identifier: Apache-2.0
/* unit/model/profile_oracle.h - the profile of a part of a random trace, by
 * brute force over its calls. Functions are the oracle's. */
#ifndef UNIT_MODEL_PROFILE_ORACLE_H
#define UNIT_MODEL_PROFILE_ORACLE_H

#include <stddef.h>
#include <stdint.h>

#include "model/scope_profile.h"
#include "random_model.h"

/* All calls with the same functions around them. */
struct oracle_path {
    uint32_t *functions; /* outermost first; owned */
    size_t length;
    uint64_t total_ns;
    uint64_t call_count;
};

/* The paths of all calls that touch the scope, sorted. */
struct oracle_path *oracle_paths(const struct random_model *random,
                                 const struct trace_scope *scope,
                                 size_t *count);
const struct oracle_path *oracle_path_find(const struct oracle_path *paths,
                                           size_t count,
                                           const uint32_t *functions,
                                           size_t length);
void oracle_paths_free(struct oracle_path *paths, size_t count);

struct profile_function
oracle_profile_function(const struct random_model *random,
                        const struct trace_scope *scope, uint32_t function);

#endif
