// SPDX-License-Identifier: Apache-2.0
/*
 * tui/search.h - what is searched for, and which functions that is. All views
 * share it: they highlight the hits.
 */
#ifndef TUI_SEARCH_H
#define TUI_SEARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/name_pattern.h"
#include "model/slice_hits.h"

struct error;
struct model_function;
struct search_query;
struct trace_model;

#define SEARCH_ALL UINT32_MAX /* all names that match; all tracks */

/* What the user says. */
struct search_terms {
    char text[NAME_PATTERN_SIZE + 1]; /* a query, see trace_query.h */
    bool is_plain;  /* its patterns are no regular expressions */
    uint32_t only;  /* the one function that counts */
    uint32_t track; /* the one track where it counts */
};

/* And which functions that is. Each array has one byte a function of the
 * model and one for the unknown function, or is NULL: nothing is searched
 * for. {0} searches for nothing. */
struct search {
    struct search_terms terms;
    char problem[256];          /* what is wrong with the text; "" = nothing */
    struct search_query *query; /* shared; NULL = there is none: a problem, or
                                   all calls of one function are meant */
    uint32_t function_count;
    uint8_t *matches;    /* 1 = calls of it may match; owned */
    uint8_t *hits;       /* 1 = and they count, see only; owned */
    uint32_t name_count; /* functions that match and were called */
    uint64_t call_count; /* of all that match, on all tracks */
    uint64_t hit_count;  /* calls of those that count, on all tracks */
    bool is_rough;       /* the text asks more than names of calls: these may
                            be fewer */
    unsigned number;     /* another one for each change */
};

/* Find out what the terms mean; nothing when there is neither a text nor one
 * function. A text that is no query matches nothing, and problem says why. Any
 * thread may do it, which takes a while when there are many names. The caller
 * passes *out on or drops it with search_clear. */
bool search_make(struct search *out, const struct trace_model *model,
                 const struct search_terms *terms, struct error *err);

/* Search for that instead; *fresh is empty then. */
void search_take(struct search *search, struct search *fresh);

/* Both. On failure nothing changes. */
bool search_set(struct search *search, const struct trace_model *model,
                const struct search_terms *terms, struct error *err);

/* The same text, of which another function or track counts. */
void search_pick(struct search *search, const struct trace_model *model,
                 uint32_t only, uint32_t track);

/* Search for the calls of one function. */
bool search_set_function(struct search *search, const struct trace_model *model,
                         uint32_t function, struct error *err);

/* Search for nothing; memory is given back. */
void search_clear(struct search *search);

/* Whether something is searched for. */
static inline bool
search_is_on(const struct search *search)
{
    return search->hits != NULL;
}

/* Whether calls of a function (UINT32_MAX = unknown) are searched for. On the
 * timeline they are hits only on terms.track. */
static inline bool
search_is_hit(const struct search *search, uint32_t function)
{
    return search->hits != NULL
           && search->hits[function < search->function_count
                               ? function
                               : search->function_count]
                  != 0;
}

/* The same for a call on a track, of which self time and arguments are not
 * known: they are taken to match. */
bool search_is_call_hit(const struct search *search, uint32_t track,
                        uint32_t function, uint64_t start_ns,
                        uint64_t duration_ns);

/* The function number index, below function_count, or the unknown one. */
const struct model_function *search_function(const struct trace_model *model,
                                             uint32_t index);

/* What is searched for, for a worker: its own copy, since the search may change
 * meanwhile. {0} means nothing. */
struct search_copy {
    struct slice_hit_set set;   /* of calls */
    struct search_query *query; /* of instants, with set.track; NULL = none */
    uint8_t *functions;         /* of the set; owned */
    struct search_query *calls_query; /* of the set */
};

/* The caller releases it, also after a failure. */
bool search_copy_take(struct search_copy *copy, const struct search *search,
                      struct error *err);
void search_copy_release(struct search_copy *copy);

#endif
