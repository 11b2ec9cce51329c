// SPDX-License-Identifier: Apache-2.0
/*
 * model/profile_order.h - the nodes of a profile in the order that
 * scope_profile.h promises. Private to src/model.
 */
#ifndef MODEL_PROFILE_ORDER_H
#define MODEL_PROFILE_ORDER_H

#include <stdbool.h>

struct error;
struct profile_tree;
struct scope_profile;
struct trace_model;

/* Make profile->nodes, which are not there yet, from a tree whose times are
 * those of whole nodes. The profile owns them, also after a failure. */
bool profile_order_take(struct scope_profile *profile,
                        const struct trace_model *model,
                        const struct profile_tree *tree, struct error *err);

#endif
