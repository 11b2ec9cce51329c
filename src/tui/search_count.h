// SPDX-License-Identifier: Apache-2.0
/*
 * tui/search_count.h - where the hits of a search are, found out in the
 * background.
 */
#ifndef TUI_SEARCH_COUNT_H
#define TUI_SEARCH_COUNT_H

#include <stdbool.h>
#include <stdint.h>

#include "model/instant_hits.h"
#include "model/slice_hits.h"
#include "model/timeline_query.h"

struct error;
struct progress;
struct search_copy;
struct timeline_place;
struct trace_model;
struct viewer;

/* Which hits are counted, and where. */
struct search_question {
    unsigned number; /* search.number; 0 = there is no question */
    uint64_t window_start_ns;
    uint64_t window_end_ns;
    struct timeline_grid grid; /* the columns of the overview */
};

enum {
    SEARCH_SPARKS_MAX = 64,
    SEARCH_SPARK_CELLS_MAX = 64,
};

/* When the functions that match were called, for the first of their names:
 * counted together with the hits of all of them. */
struct search_sparks {
    uint32_t functions[SEARCH_SPARKS_MAX];
    uint32_t count;
    uint32_t column_count; /* of the overview, when they were counted */
    uint32_t *calls;       /* per function and column; NULL = not yet; owned */
};

/* {0}: nothing is known. */
struct search_found {
    struct search_question known; /* what the counts answer */
    struct slice_hits hits;       /* columns: of calls and instants */
    struct instant_hits instants;
    struct search_question asked; /* the last question */
    struct search_sparks sparks;
    bool is_given_up;  /* the user stopped it, or it failed: */
    char problem[128]; /* why; "" = it was stopped */
};

void search_found_release(struct search_found *found);

/* Count the hits before, in and behind the window of a place and in the
 * columns of its overview, unless that is known or under way. */
bool search_count(struct viewer *viewer, const struct timeline_place *place,
                  struct error *err);

/* Whether there can be any hits: calls, or instants that nobody has looked at
 * yet. */
bool search_may_hit(const struct viewer *viewer);

/* Calls and instants together, but for the last. */
struct search_counts {
    uint64_t before;
    uint64_t inside;
    uint64_t behind;
    uint64_t instants; /* among them, and */
    uint64_t earlier;  /* calls that are open where their track begins */
};

/* The answer for a place; false = it is not known. */
bool search_counts(const struct viewer *viewer,
                   const struct timeline_place *place,
                   struct search_counts *counts);

/* From the next count of all hits on, count those of these functions apart. */
void search_sparks_want(struct viewer *viewer, const uint32_t *functions,
                        size_t count);

/* Heights of a function's calls over the whole trace in so many cells, from 1
 * to THEME_LEVELS, 0 = none; false = they are not known. */
bool search_spark(const struct viewer *viewer, uint32_t function,
                  uint8_t *levels, unsigned cells);

/* Whether an instant is known to be a hit. */
bool search_is_instant_hit(const struct viewer *viewer, size_t index);

/* Per column of a grid whether a hit starts in it; NULL = it is not known. */
const uint8_t *search_columns(const struct viewer *viewer,
                              const struct timeline_grid *grid);

/* The user stops what goes on: do not begin again by itself. */
void search_give_up(struct viewer *viewer);

/* For workers: a look at all instants. */
bool search_find_instants(const struct trace_model *model,
                          const struct search_copy *search,
                          const struct search_question *question,
                          const struct progress *progress,
                          struct instant_hits *hits, struct error *err);

#endif
