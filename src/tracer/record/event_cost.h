// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/record/event_cost.h - what an event costs in this process, measured.
 *
 * A scratch log takes events as callbacks put them: the function is looked up,
 * the clock is read, a word is stored. It is the least of some short runs, so
 * it is what an event costs while nothing is in the way. Not in it: what the
 * interpreter takes to call the recorder, which is more; memory and caches that
 * are shared with the program; blocks being written (vzt_status.flush_ticks);
 * functions being named.
 */
#ifndef TRACER_RECORD_EVENT_COST_H
#define TRACER_RECORD_EVENT_COST_H

#include "base/clock.h"

/* Ticks an event; 0 = not known. Takes microseconds, where a clock is slow some
 * hundred of them, and touches no log of a thread. */
double event_cost_measure(enum clock_kind clock);

#endif
