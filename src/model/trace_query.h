// SPDX-License-Identifier: Apache-2.0
/*
 * model/trace_query.h - which calls are meant: the one grammar of searching,
 * filtering and the options of the command line.
 *
 *     parse !lock dur>5ms thread:worker ts:12ms..15ms arg:fmt=html
 *
 * A query is terms with blanks between; a call is meant when all of them hold.
 * "!" in front turns a term round. A blank within a term stands in quotes; a
 * quote is written \".
 *
 *     PATTERN            the name of the function; "PATTERN" if it looks like
 *     name:PATTERN       another term
 *     file:PATTERN       where the function is defined
 *     module:PATTERN     the same without folders and ".py"; of a function
 *                        without a file what stands before the last dot
 *     cat:python|c|other what kind of function
 *     thread:PATTERN     the name of the track
 *     process:PATTERN    of the process
 *     tid:NUMBER         the kernel's id of the thread
 *     pid:NUMBER         and of the process
 *     dur>TIME           how long the call took (> >= < <=)
 *     self>TIME          how long without its callees
 *     ts:TIME..TIME      the call touches this stretch, the end excluded; one
 *                        side may be missing. ts:TIME is a moment
 *     arg:PATTERN        a name or a value among its arguments
 *     arg:NAME=PATTERN   the value of the argument with this very name
 *
 * Patterns are those of model/name_pattern.h. A TIME has a unit (ns us ms s
 * min h; ns if there is none) or is a share of the trace's duration: 50%.
 * Times of ts: count from the start of the trace.
 *
 * A query is parsed without a trace and then bound to a model. The bound query
 * is read-only: several threads may ask it.
 */
#ifndef MODEL_TRACE_QUERY_H
#define MODEL_TRACE_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/name_pattern.h"
#include "model/span_query.h"

struct error;
struct model_instant;
struct trace_model;
struct trace_query;

enum {
    TRACE_QUERY_SIZE = 2048, /* bytes that the text of a query may have */
    TRACE_QUERY_TERMS = 64,
};

/* A time as it was said. */
struct query_time {
    uint64_t ns;
    double share;  /* of the trace's duration, when is_share: 0.5 = 50% */
    bool is_share; /* ns does not count */
};

/* "12ms", "50%". *column is where text stands; an error says so, and changes
 * it when the mistake is further on. */
bool query_time_parse(struct query_time *time, const char *text, size_t *column,
                      struct error *err);
uint64_t query_time_ns(const struct query_time *time, uint64_t duration_ns);

/* A stretch of time as it was said. */
struct query_range {
    struct query_time start;
    struct query_time end;
    bool has_end;   /* else it reaches to the end of the trace, and beyond */
    bool is_moment; /* 1 ns at start */
};

/* "12ms..15ms", "12ms..", "..50%", "12ms" (a moment: 1 ns). */
bool query_range_parse(struct query_range *range, const char *text,
                       size_t *column, struct error *err);
/* As [start, end); end is UINT64_MAX without one. */
void query_range_ns(const struct query_range *range, uint64_t duration_ns,
                    uint64_t *start_ns, uint64_t *end_ns);

/*
 * Parse a query. kind says what all its patterns are. No terms is a query, too:
 * everything is meant. An error of code ERROR_BAD_INPUT reads "column 7: ...",
 * in characters from 1, and says what is allowed; *column, when it is asked
 * for, is that number, or 0 for any other error. The caller frees *out.
 */
bool trace_query_parse(struct trace_query **out, const char *text,
                       enum name_pattern_kind kind, size_t *column,
                       struct error *err);

/* NULL is allowed. */
void trace_query_free(struct trace_query *query);

/* Whether there are no terms. */
bool trace_query_is_empty(const struct trace_query *query);

/* A query that knows which functions and tracks of a model are meant. */
struct bound_query {
    const struct trace_query *query; /* not owned: outlives this */
    uint8_t *functions;      /* one byte a function of the model and one for the
                                unknown one, 1 = meant; owned */
    uint32_t function_count; /* of the model */
    uint8_t *tracks;         /* one byte a track, 1 = meant; owned */
    uint32_t track_count;
    uint64_t start_ns; /* what is meant touches [start, end) */
    uint64_t end_ns;
    uint64_t duration_ns; /* of the trace */
    uint64_t least_ns;    /* duration of a call, both inclusive */
    uint64_t most_ns;
    uint64_t least_self_ns;
    uint64_t most_self_ns;
    bool is_timeless;    /* all times are inside */
    bool has_outside;    /* there are stretches that it must not touch */
    bool judges_names;   /* there are terms for names of functions */
    bool judges_calls;   /* terms that only calls can be asked for: dur, self,
                           cat, file, module */
    bool judges_lasting; /* dur or self: a function's sums do not tell */
    bool judges_args;
};

/* *bound is released with bound_query_release; after a failure (there is no
 * memory) it is empty. */
bool bound_query_make(struct bound_query *bound,
                      const struct trace_query *query,
                      const struct trace_model *model, struct error *err);

/* {0} is allowed. */
void bound_query_release(struct bound_query *bound);

/* Whether calls of a function (UINT32_MAX = unknown) may be meant. */
static inline bool
bound_query_has_function(const struct bound_query *bound, uint32_t function)
{
    return bound->functions[function < bound->function_count
                                ? function
                                : bound->function_count]
           != 0;
}

/* Whether a stretch of time, of which the end is excluded, or a moment is
 * inside. */
bool bound_query_has_time(const struct bound_query *bound, uint64_t start_ns,
                          uint64_t end_ns);

/* Whether a call is meant, but for its arguments: ask bound_query_has_args,
 * too, when judges_args. */
static inline bool
bound_query_has_slice(const struct bound_query *bound,
                      const struct slice *slice)
{
    uint64_t duration_ns = slice->end_ns - slice->start_ns;

    return bound_query_has_function(bound, slice->function)
           && bound->tracks[slice->track] != 0 && duration_ns >= bound->least_ns
           && duration_ns <= bound->most_ns
           && slice->self_ns >= bound->least_self_ns
           && slice->self_ns <= bound->most_self_ns
           && (bound->is_timeless
               || bound_query_has_time(bound, slice->start_ns, slice->end_ns));
}

/* Whether the terms for arguments hold for this JSON text ("" = none). */
bool bound_query_has_args(const struct bound_query *bound, const char *args,
                          size_t size);

enum query_verdict {
    QUERY_NO,       /* some term does not hold */
    QUERY_UNJUDGED, /* all that can be asked hold, but some cannot */
    QUERY_YES,
};

/* Instants and objects are judged by name, track, time and arguments. A filter
 * keeps what is not QUERY_NO, a search finds what is QUERY_YES. */
enum query_verdict bound_query_instant(const struct bound_query *bound,
                                       const struct model_instant *instant);

/* How many functions that were called are meant. */
uint32_t bound_query_count_functions(const struct bound_query *bound,
                                     const struct trace_model *model);

#endif
