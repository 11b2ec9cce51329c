// SPDX-License-Identifier: Apache-2.0
/*
 * report/condition.h - when a report is to fail: --fail-if.
 *
 *     self(parse) > 20%        total(^Cart\.) >= 1.5s
 *     calls(open) > 100        mean(query) > 3ms        max(handle) > 50ms
 *
 * What stands in brackets is a pattern of model/name_pattern.h. self, total and
 * calls are added up over all functions that match; mean is total by calls, and
 * max the longest call of any of them. A percentage, of self and total, is one
 * of the time that all threads spent in calls. A time has a unit: ns, us, ms,
 * s, min, h. A value may have a + in front: of a change that reads better.
 */
#ifndef REPORT_CONDITION_H
#define REPORT_CONDITION_H

#include <stdbool.h>

struct buffer;
struct condition;
struct error;
struct profile_diff;
struct scope_profile;
struct trace_model;

/* ERROR_BAD_INPUT says what is wrong, and what is allowed. The caller frees. */
bool condition_parse(struct condition **out, const char *text,
                     struct error *err);
/* NULL is allowed. */
void condition_free(struct condition *condition);

/* Whether a function of the profile's scope matches. */
bool condition_is_about_any(const struct condition *condition,
                            const struct trace_model *model,
                            const struct scope_profile *profile);

/* Whether it holds of what a profile of the model says. Appends what was
 * measured: "self(parse) > 20%: it is 31.2%". No function that
 * matches is 0 of everything. */
bool condition_holds(const struct condition *condition,
                     const struct trace_model *model,
                     const struct scope_profile *profile, struct buffer *words);

/* The same of what changed from A to B: the difference, or for a percentage
 * how many percent of A it is more. From nothing to something is more than any
 * percentage. */
bool condition_holds_of_change(const struct condition *condition,
                               const struct profile_diff *diff,
                               struct buffer *words);

#endif
