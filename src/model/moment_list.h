// SPDX-License-Identifier: Apache-2.0
/*
 * model/moment_list.h - what happened at moments of a trace, as rows in the
 * order of time: instants, what print() wrote, what happened to objects,
 * counter points, errors, calls that are searched for.
 *
 * Nothing is copied but calls: a list merges what the model has in order of
 * time already, and finds any row, and the row of any time, by binary search.
 * A bit for each instant (and, when only some tracks count, for each counter
 * point) says whether it is in the list.
 */
#ifndef MODEL_MOMENT_LIST_H
#define MODEL_MOMENT_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/progress.h"
#include "model/span_query.h"
#include "model/trace_scope.h"

struct error;
struct instant_hits;
struct model_instant;
struct moment_calls;
struct moment_list;
struct trace_model;

enum moment_kind {
    MOMENT_INSTANT,
    MOMENT_LOG, /* what print() or logging wrote */
    MOMENT_OBJECT,
    MOMENT_COUNTER,
    MOMENT_ERROR, /* exceptions, lost data, unfinished calls, bad ends */
    MOMENT_HIT,   /* a call that is searched for */
    MOMENT_KIND_COUNT,
};

enum { MOMENT_KINDS_ALL = (1u << MOMENT_KIND_COUNT) - 1 };

/* What a moment is of, and which one. */
enum moment_source {
    MOMENT_OF_INSTANT,    /* index: in the model */
    MOMENT_OF_POINT,      /* owner: the counter; index: in its points */
    MOMENT_OF_GAP,        /* owner: the track; index: in its gaps */
    MOMENT_OF_END,        /* owner: the process */
    MOMENT_OF_UNFINISHED, /* index: among the list's unfinished calls */
    MOMENT_OF_CALL,       /* index: among the calls of the request */
};

struct moment {
    uint64_t time_ns;
    enum moment_kind kind;
    enum moment_source source;
    uint32_t owner;
    size_t index;
};

/* What is in a list. The list shares the calls; the rest has to last only
 * while it is made. */
struct moment_request {
    struct trace_scope scope;
    unsigned kinds; /* 1u << kind for each */
    /* Instants that are searched for are in the list with MOMENT_HIT, whatever
     * their kind. NULL = nothing is searched for. */
    const struct instant_hits *instants;
    struct moment_calls *calls; /* NULL = they are not known */
    bool only_hits; /* what is searched for, of all that would be in the list */
};

/* ERROR_CANCELLED when progress said so. The caller frees the list. */
bool moment_list_new(struct moment_list **out, const struct trace_model *model,
                     const struct moment_request *request,
                     const struct progress *progress, struct error *err);
void moment_list_free(struct moment_list *list);

size_t moment_list_count(const struct moment_list *list);

/* How many of a kind the scope has, in the list or not. */
size_t moment_list_kind_count(const struct moment_list *list,
                              enum moment_kind kind);

/* Rows from first on: *taken says how many there were, at most count. Fails
 * only when there is no memory. */
bool moment_list_rows(const struct moment_list *list, size_t first,
                      size_t count, struct moment *rows, size_t *taken,
                      struct error *err);

/* The first row at or after a time. */
size_t moment_list_find_time(const struct moment_list *list, uint64_t time_ns);

/* The row of a moment of this model; SIZE_MAX = it is not in the list. */
size_t moment_list_find(const struct moment_list *list,
                        const struct moment *moment);

/* How many rows stand before a moment, which may be in another list of the same
 * scope and calls only. */
size_t moment_list_before(const struct moment_list *list,
                          const struct moment *moment);

/* The call of a MOMENT_OF_UNFINISHED or MOMENT_OF_CALL. */
const struct slice *moment_list_slice(const struct moment_list *list,
                                      const struct moment *moment);

/* How many callers the exception of a MOMENT_OF_CALL left, too. */
uint32_t moment_list_callers(const struct moment_list *list,
                             const struct moment *moment);

/* The kind of an instant, from its name and phase. */
enum moment_kind moment_kind_of(const struct model_instant *instant);

#endif
