// SPDX-License-Identifier: Apache-2.0
/*
 * tui/search_step.h - from one hit of the search to the next, on the timeline.
 *
 * Hits have one order: by time, calls before instants of the same time, calls
 * as in slice_step.h.
 */
#ifndef TUI_SEARCH_STEP_H
#define TUI_SEARCH_STEP_H

#include <stdbool.h>
#include <stddef.h>

struct error;
struct timeline_place;
struct viewer;

/* {0}: no step was made. */
struct search_steps {
    int left;           /* asked for while one is under way; below 0 is back */
    bool is_on_instant; /* the last step went to an instant */
    unsigned number;    /* in which search */
    size_t instant;     /* index in the model */
    bool is_unranked;   /* which hit of how many it was is not said yet */
    bool is_wrapped;    /* it came round */
};

/* Go to the hit before (direction below 0) or behind a place; with
 * is_inclusive the hit that is selected will do. Behind the last one comes the
 * first. Says when there is none. */
bool search_step(struct viewer *viewer, const struct timeline_place *place,
                 int direction, bool is_inclusive, struct error *err);

/* The hits were counted: say which one the last step went to, unless the user
 * has gone on. */
bool search_step_rank(struct viewer *viewer, struct error *err);

#endif
