// SPDX-License-Identifier: Apache-2.0
/*
 * export/cut_order.h - cut blocks on all processors, and hand them out in the
 * order of tracks and time. No more than a few wait to be taken at any time.
 */
#ifndef EXPORT_CUT_ORDER_H
#define EXPORT_CUT_ORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/progress.h"
#include "export/cut_block.h"

struct cut_order;
struct error;

/* The rule must outlive *out, which the caller frees. thread_count 0 = one per
 * processor. */
bool cut_order_start(struct cut_order **out, const struct cut_rule *rule,
                     unsigned thread_count, const struct progress *progress,
                     struct error *err);

/* The next block, until the next call; NULL behind the last one or, with
 * *has_failed, after a failure (ERROR_CANCELLED among them). Blocks of tracks
 * that the query leaves out do not come. */
const struct cut_block *cut_order_next(struct cut_order *order,
                                       bool *has_failed, struct error *err);

/* What the next block will be of; UINT32_MAX = there is none. */
uint32_t cut_order_track(const struct cut_order *order);

/* Stops what goes on. NULL is allowed. */
void cut_order_free(struct cut_order *order);

#endif
