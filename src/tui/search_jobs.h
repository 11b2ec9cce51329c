// SPDX-License-Identifier: Apache-2.0
/*
 * tui/search_jobs.h - what is found out about a search in the background:
 * where its hits are, and which one comes next.
 */
#ifndef TUI_SEARCH_JOBS_H
#define TUI_SEARCH_JOBS_H

#include <stdbool.h>
#include <stdint.h>

#include "model/slice_hits.h"
#include "model/timeline_query.h"

struct error;
struct timeline_place;
struct viewer;

/* Which hits are counted, and where. */
struct search_question {
    unsigned number; /* search.number; 0 = there is no question */
    uint64_t window_start_ns;
    uint64_t window_end_ns;
    struct timeline_grid grid; /* the columns of the overview */
};

/* {0}: nothing is known. */
struct search_found {
    struct search_question known; /* what the counts answer */
    struct slice_hits hits;
    struct search_question asked; /* the last question */
    bool is_given_up;             /* the user stopped it, or it failed: */
    char problem[128];            /* why; "" = it was stopped */
    int steps_left; /* asked for while one is under way; below 0 is back */
};

void search_found_release(struct search_found *found);

/* Count the hits before, in and behind the window of a place and in the
 * columns of its overview, unless that is known or under way. */
bool search_count(struct viewer *viewer, const struct timeline_place *place,
                  struct error *err);

/* The answer for a place; NULL = it is not known. */
const struct slice_hits *search_counts(const struct viewer *viewer,
                                       const struct timeline_place *place);

/* Per column of a grid whether a hit starts in it; NULL = it is not known. */
const uint8_t *search_columns(const struct viewer *viewer,
                              const struct timeline_grid *grid);

/* Go to the hit before (direction below 0) or behind a place, on the timeline;
 * with is_inclusive the hit that is selected will do. Behind the last one
 * comes the first. Says when there is none. */
bool search_step(struct viewer *viewer, const struct timeline_place *place,
                 int direction, bool is_inclusive, struct error *err);

/* The user stops what goes on: do not begin again by itself. */
void search_give_up(struct viewer *viewer);

#endif
