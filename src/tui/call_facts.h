// SPDX-License-Identifier: Apache-2.0
/*
 * tui/call_facts.h - what is known about one call: its arguments and callers
 * at once, its callees and its rank among all calls of its function when jobs
 * have found them.
 *
 * A rank is good for all calls around the one it was found for, so that going
 * to the next slower or faster call seldom takes another job.
 */
#ifndef TUI_CALL_FACTS_H
#define TUI_CALL_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/call_family.h"
#include "model/call_rank.h"
#include "model/span_query.h"

struct call_facts;
struct call_lines;
struct error;
struct viewer;

enum fact_state {
    FACT_UNKNOWN,
    FACT_AWAITED, /* a job finds it */
    FACT_KNOWN,
    FACT_STOPPED, /* by the user */
    FACT_FAILED,
};

/* The viewer must outlive it. */
bool call_facts_new(struct call_facts **out, struct viewer *viewer,
                    struct error *err);
/* Jobs must have been stopped. Accepts NULL. */
void call_facts_free(struct call_facts *facts);

/* Find out about a call of the viewer's model, in its scope; what is known
 * already is not sought again. */
bool call_facts_show(struct call_facts *facts, const struct slice *call,
                     struct error *err);

/* All that follows is about the call that was shown last. */

/* JSON as recorded; empty = none. */
const struct buffer *call_facts_args(const struct call_facts *facts);

/* The lines of its caller that may have called it; none until they are known.
 */
const struct call_lines *call_facts_sites(const struct call_facts *facts);

/* Outermost first. */
const struct slice *call_facts_callers(const struct call_facts *facts,
                                       size_t *count);

/* NULL unless they are known. */
const struct callees *call_facts_callees(const struct call_facts *facts,
                                         enum fact_state *state);

/* All calls of the function: NULL unless they are known. *rank is the rank of
 * the call, from 1; 0 = it lies outside the scope. */
const struct call_rank *call_facts_rank(const struct call_facts *facts,
                                        uint64_t *rank, enum fact_state *state);

/* How far the jobs are, in percent; -1 = unknown. */
int call_facts_callees_percent(const struct call_facts *facts);
int call_facts_rank_percent(const struct call_facts *facts);

/*
 * Go from a call to the next slower (-1) or faster (1) one of its function in
 * the scope, now or when a job has found it. Several before it has add up.
 */
bool call_facts_hop(struct call_facts *facts, const struct slice *from,
                    int places, struct error *err);

/* Stay: forget hops that have not happened yet. */
void call_facts_stay(struct call_facts *facts);

#endif
