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

struct error;
struct trace_model;

#define SEARCH_ALL UINT32_MAX /* all names that match; all tracks */

/* What the user says. */
struct search_terms {
    char text[NAME_PATTERN_SIZE + 1];
    bool is_plain;  /* text is no regular expression */
    uint32_t only;  /* the one function that counts */
    uint32_t track; /* the one track where it counts */
};

/* And which functions that is. Each array has one byte a function of the
 * model and one for the unknown function, or is NULL: nothing is searched
 * for. {0} searches for nothing. */
struct search {
    struct search_terms terms;
    char problem[128]; /* what is wrong with the pattern; "" = nothing */
    uint32_t function_count;
    uint8_t *matches;    /* 1 = the name matches; owned */
    uint8_t *hits;       /* 1 = and it counts, see only; owned */
    uint32_t name_count; /* functions that match and were called */
    uint64_t call_count; /* of all that match, on all tracks */
    uint64_t hit_count;  /* calls of those that count, on all tracks */
    unsigned number;     /* another one for each change */
};

/* Search for something else, or for nothing when there is neither a text nor
 * one function. A pattern that is none
 * matches nothing, and problem says why. On failure nothing changes. */
bool search_set(struct search *search, const struct trace_model *model,
                const struct search_terms *terms, struct error *err);

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

/* The same for a call on a track. */
static inline bool
search_is_hit_on(const struct search *search, uint32_t track, uint32_t function)
{
    return (search->terms.track == SEARCH_ALL || search->terms.track == track)
           && search_is_hit(search, function);
}

/* The function number index, below function_count, or the unknown one. */
const struct model_function *search_function(const struct trace_model *model,
                                             uint32_t index);

#endif
