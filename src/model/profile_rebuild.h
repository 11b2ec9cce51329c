// SPDX-License-Identifier: Apache-2.0
/*
 * model/profile_rebuild.h - a profile while it is made from another one.
 * Private to src/model.
 *
 * In the new tree a node has its own time and calls at first; the rest follows
 * from that at the end.
 */
#ifndef MODEL_PROFILE_REBUILD_H
#define MODEL_PROFILE_REBUILD_H

#include <stdbool.h>
#include <stdint.h>

#include "model/profile_transform.h"
#include "model/profile_tree.h"

struct error;

struct profile_rebuild {
    const struct scope_profile *from;
    const struct trace_model *model;
    const struct profile_transform *transform;
    const struct profile_transform_options *options;
    uint32_t node_max;
    uint64_t *calls; /* owned; a node's own of those that from counts */
    struct profile_tree tree;
};

/* The first four are set, the rest is 0. Release it also after a failure. */
bool profile_rebuild_init(struct profile_rebuild *rebuild, struct error *err);
void profile_rebuild_release(struct profile_rebuild *rebuild);

/* False with ERROR_CANCELLED when the work is to stop. */
bool profile_rebuild_report(const struct profile_rebuild *rebuild,
                            uint64_t done, uint64_t total, struct error *err);

/* Put the time and the calls of a node of the old tree to one of the new. */
void profile_rebuild_add(struct profile_rebuild *rebuild, uint32_t to,
                         uint32_t node, bool is_call);

/* The profile of the new tree. */
bool profile_rebuild_finish(struct profile_rebuild *rebuild, bool is_inverted,
                            struct scope_profile *out, struct error *err);

/* Fill the new tree: inverted. */
bool profile_invert(struct profile_rebuild *rebuild, struct error *err);

#endif
