// SPDX-License-Identifier: Apache-2.0
/*
 * model/profile_pass.h - the pass over the calls of a scope behind its profile.
 * Private to src/model.
 */
#ifndef MODEL_PROFILE_PASS_H
#define MODEL_PROFILE_PASS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "model/profile_tree.h"
#include "model/scope_profile.h"

struct error;

struct profile_pass {
    const struct trace_model *model;
    const struct trace_scope *scope;
    bool has_tree;
    bool has_tracks;
    bool has_durations;
    uint32_t node_max;
    const uint32_t *path; /* see scope_profile_options */
    size_t path_length;
    atomic_uint level_max;    /* no thread's tree needs to be deeper */
    struct profile_tree tree; /* owned; of all threads */
    struct profile_function *functions;   /* owned; min_ns UINT64_MAX = none */
    struct duration_histograms durations; /* owned */
};

/* model, scope and what options say are set, the rest is 0. The caller
 * releases it, also after a failure. */
bool profile_pass_run(struct profile_pass *pass,
                      const struct scope_profile_options *options,
                      struct error *err);

void profile_pass_release(struct profile_pass *pass);

#endif
