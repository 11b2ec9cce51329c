// SPDX-License-Identifier: Apache-2.0
/*
 * tui/function_facts.h - what is known about one function in the viewer's
 * scope: its callers, its callees and when it was called, and its calls from
 * the slowest on, when jobs have found them.
 *
 * All views share one of them, so that a function that was looked at in one is
 * known in the next.
 */
#ifndef TUI_FUNCTION_FACTS_H
#define TUI_FUNCTION_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/call_rank.h"
#include "model/function_family.h"
#include "model/span_query.h"
#include "tui/call_facts.h"

struct error;
struct function_facts;
struct viewer;

/* The viewer must outlive it. */
bool function_facts_new(struct function_facts **out, struct viewer *viewer,
                        struct error *err);
/* Jobs must have been stopped. Accepts NULL. */
void function_facts_free(struct function_facts *facts);

/* Know nothing: the model was replaced, or what was stopped is wanted again. */
void function_facts_forget(struct function_facts *facts);

/* Find out about a function (as in slices) of the viewer's model, in its scope;
 * what is known or sought already is not sought again. */
bool function_facts_show(struct function_facts *facts, uint32_t function,
                         struct error *err);

/* All that follows is about the function that was shown last. */

/* NULL unless they are known; *state says why. */
const struct function_family *
function_facts_family(const struct function_facts *facts,
                      enum fact_state *state);

/* rank->calls are the slowest calls, the slowest first. */
const struct call_rank *function_facts_calls(const struct function_facts *facts,
                                             enum fact_state *state);

/* Another one whenever more or less is known than before. */
unsigned function_facts_number(const struct function_facts *facts);

/* How far the job for what is not known is, in percent; -1 = unknown. */
int function_facts_percent(const struct function_facts *facts);

/* Why finding out failed; "" = it did not. */
const char *function_facts_failure(const struct function_facts *facts);

/* The slice of one of the slowest calls, below rank->call_count. */
bool function_facts_slice(struct function_facts *facts, size_t index,
                          struct slice *slice, struct error *err);

/* Calls that take longer than the mean and three standard deviations. */
struct function_outliers {
    uint64_t count;
    bool is_more; /* there are more than count */
    uint64_t total_ns;
    uint64_t limit_ns;
};

/* False when it is not known. */
bool function_facts_outliers(const struct function_facts *facts,
                             struct function_outliers *outliers);

#endif
