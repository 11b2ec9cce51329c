// SPDX-License-Identifier: Apache-2.0
/* A query meets a model: what can be said of functions, tracks and time is
 * said once, the rest is asked for each call. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "model/query_terms.h"
#include "model/trace_model.h"
#include "model/trace_query.h"

/* The module of a function is a part of its file or name. */
static const char *
module_of(const struct model_function *function, size_t *size)
{
    const char *slash = strrchr(function->file, '/');
    const char *stem = slash == NULL ? function->file : slash + 1;
    const char *dot = strrchr(function->name, '.');

    if (*stem != '\0') {
        *size = strlen(stem);
        if (*size > 3 && strcmp(stem + *size - 3, ".py") == 0) {
            *size -= 3;
        }
        return stem;
    }
    *size = dot == NULL ? 0 : (size_t)(dot - function->name);
    return function->name;
}

static bool
matches(const struct query_term *term, const char *text)
{
    return name_pattern_matches(term->pattern, text, strlen(text));
}

/* A pattern needs a NUL behind what it looks at: the part is copied, as far as
 * a pattern looks. */
static bool
module_matches(const struct query_term *term,
               const struct model_function *function)
{
    char module[NAME_PATTERN_LOOK + 1];
    size_t size;
    const char *text = module_of(function, &size);

    size = size < NAME_PATTERN_LOOK ? size : NAME_PATTERN_LOOK;
    memcpy(module, text, size);
    module[size] = '\0';
    return name_pattern_matches(term->pattern, module, size);
}

/* Whether a term for functions holds; any other one does. */
static bool
function_holds(const struct query_term *term,
               const struct model_function *function)
{
    switch (term->key) {
    case QUERY_NAME:
        return matches(term, function->name) != term->is_negated;
    case QUERY_FILE:
        return matches(term, function->file) != term->is_negated;
    case QUERY_MODULE:
        return module_matches(term, function) != term->is_negated;
    case QUERY_CATEGORY:
        return (function->kind == term->category) != term->is_negated;
    case QUERY_THREAD:
    case QUERY_PROCESS:
    case QUERY_TID:
    case QUERY_PID:
    case QUERY_DURATION:
    case QUERY_SELF:
    case QUERY_TIME:
    case QUERY_ARG:
        break;
    }
    return true;
}

static bool
track_holds(const struct query_term *term, const struct model_track *track,
            const struct model_process *process)
{
    switch (term->key) {
    case QUERY_THREAD:
        return matches(term, track->name) != term->is_negated;
    case QUERY_PROCESS:
        return matches(term, process->name) != term->is_negated;
    case QUERY_TID:
        return (track->thread_id == term->number) != term->is_negated;
    case QUERY_PID:
        return (process->pid == term->number) != term->is_negated;
    case QUERY_NAME:
    case QUERY_FILE:
    case QUERY_MODULE:
    case QUERY_CATEGORY:
    case QUERY_DURATION:
    case QUERY_SELF:
    case QUERY_TIME:
    case QUERY_ARG:
        break;
    }
    return true;
}

static void
bind_functions(struct bound_query *bound, const struct trace_model *model)
{
    const struct trace_query *query = bound->query;

    for (uint32_t i = 0; i <= bound->function_count; i++) {
        const struct model_function *function =
            i < bound->function_count ? trace_model_function(model, i)
                                      : trace_model_unknown_function(model);

        bound->functions[i] = 1;
        for (size_t k = 0; k < query->term_count && bound->functions[i] != 0;
             k++) {
            bound->functions[i] = function_holds(&query->terms[k], function);
        }
    }
}

static void
bind_tracks(struct bound_query *bound, const struct trace_model *model)
{
    const struct trace_query *query = bound->query;

    for (uint32_t i = 0; i < bound->track_count; i++) {
        const struct model_track *track = trace_model_track(model, i);

        bound->tracks[i] = 1;
        for (size_t k = 0; k < query->term_count && bound->tracks[i] != 0;
             k++) {
            bound->tracks[i] =
                track_holds(&query->terms[k], track,
                            trace_model_process(model, track->process));
        }
    }
}

/* Narrow [*least, *most] by a comparison; an empty one has *least > *most. */
static void
narrow(const struct query_term *term, uint64_t duration_ns, uint64_t *least,
       uint64_t *most)
{
    /* !(a > b) is a <= b */
    static const enum query_comparison opposite[] = {
        [QUERY_MORE] = QUERY_AT_MOST,
        [QUERY_AT_LEAST] = QUERY_LESS,
        [QUERY_LESS] = QUERY_AT_LEAST,
        [QUERY_AT_MOST] = QUERY_MORE,
    };
    uint64_t limit = query_time_ns(&term->range.start, duration_ns);
    enum query_comparison comparison =
        term->is_negated ? opposite[term->comparison] : term->comparison;
    bool is_strict = comparison == QUERY_MORE || comparison == QUERY_LESS;

    if (comparison == QUERY_MORE || comparison == QUERY_AT_LEAST) {
        if (is_strict && limit == UINT64_MAX) {
            *most = 0;
            *least = UINT64_MAX;
            return;
        }
        limit += is_strict;
        *least = limit > *least ? limit : *least;
    } else {
        if (is_strict && limit == 0) {
            *most = 0;
            *least = UINT64_MAX;
            return;
        }
        limit -= is_strict;
        *most = limit < *most ? limit : *most;
    }
}

static void
bind_time(struct bound_query *bound, const struct query_term *term)
{
    uint64_t start_ns;
    uint64_t end_ns;

    if (term->is_negated) {
        bound->has_outside = true;
        return;
    }
    query_range_ns(&term->range, bound->duration_ns, &start_ns, &end_ns);
    bound->start_ns = start_ns > bound->start_ns ? start_ns : bound->start_ns;
    bound->end_ns = end_ns < bound->end_ns ? end_ns : bound->end_ns;
}

static void
bind_rest(struct bound_query *bound)
{
    for (size_t i = 0; i < bound->query->term_count; i++) {
        const struct query_term *term = &bound->query->terms[i];

        switch (term->key) {
        case QUERY_DURATION:
            bound->judges_calls = bound->judges_lasting = true;
            narrow(term, bound->duration_ns, &bound->least_ns, &bound->most_ns);
            break;
        case QUERY_SELF:
            bound->judges_calls = bound->judges_lasting = true;
            narrow(term, bound->duration_ns, &bound->least_self_ns,
                   &bound->most_self_ns);
            break;
        case QUERY_TIME:
            bind_time(bound, term);
            break;
        case QUERY_ARG:
            bound->judges_args = true;
            break;
        case QUERY_NAME:
            bound->judges_names = true;
            break;
        case QUERY_FILE:
        case QUERY_MODULE:
        case QUERY_CATEGORY:
            bound->judges_calls = true;
            break;
        case QUERY_THREAD:
        case QUERY_PROCESS:
        case QUERY_TID:
        case QUERY_PID:
            break;
        }
    }
}

bool
bound_query_make(struct bound_query *bound, const struct trace_query *query,
                 const struct trace_model *model, struct error *err)
{
    struct bound_query made = {
        .query = query,
        .function_count = trace_model_function_count(model),
        .track_count = (uint32_t)trace_model_track_count(model),
        .end_ns = UINT64_MAX,
        .duration_ns = trace_model_summary(model).duration_ns,
        .most_ns = UINT64_MAX,
        .most_self_ns = UINT64_MAX,
    };

    *bound = (struct bound_query){0};
    made.functions = array_new((size_t)made.function_count + 1, 1, err);
    made.tracks = array_new((size_t)made.track_count + 1, 1, err);
    if (made.functions == NULL || made.tracks == NULL) {
        bound_query_release(&made);
        return false;
    }
    bind_functions(&made, model);
    bind_tracks(&made, model);
    bind_rest(&made);
    made.is_timeless =
        made.start_ns == 0 && made.end_ns == UINT64_MAX && !made.has_outside;
    *bound = made;
    return true;
}

void
bound_query_release(struct bound_query *bound)
{
    free(bound->functions);
    free(bound->tracks);
    *bound = (struct bound_query){0};
}

/* A moment, and a call of no length, lies where it starts; nothing is in an
 * empty stretch. */
static bool
touches(uint64_t from_ns, uint64_t to_ns, uint64_t start_ns, uint64_t end_ns)
{
    return from_ns < to_ns && start_ns < to_ns
           && (start_ns >= from_ns || end_ns > from_ns);
}

bool
bound_query_has_time(const struct bound_query *bound, uint64_t start_ns,
                     uint64_t end_ns)
{
    if (!touches(bound->start_ns, bound->end_ns, start_ns, end_ns)) {
        return false;
    }
    for (size_t i = 0; bound->has_outside && i < bound->query->term_count;
         i++) {
        const struct query_term *term = &bound->query->terms[i];
        uint64_t from_ns;
        uint64_t to_ns;

        if (term->key != QUERY_TIME || !term->is_negated) {
            continue;
        }
        query_range_ns(&term->range, bound->duration_ns, &from_ns, &to_ns);
        if (touches(from_ns, to_ns, start_ns, end_ns)) {
            return false;
        }
    }
    return true;
}

bool
bound_query_has_args(const struct bound_query *bound, const char *args,
                     size_t size)
{
    for (size_t i = 0; i < bound->query->term_count; i++) {
        const struct query_term *term = &bound->query->terms[i];

        if (term->key == QUERY_ARG
            && query_args_match(term->pattern, term->arg_name, args, size)
                   == term->is_negated) {
            return false;
        }
    }
    return true;
}

static bool
has_instant_name(const struct bound_query *bound,
                 const struct model_instant *instant)
{
    for (size_t i = 0; i < bound->query->term_count; i++) {
        const struct query_term *term = &bound->query->terms[i];

        if (term->key == QUERY_NAME
            && name_pattern_matches(term->pattern, instant->name,
                                    instant->name_size)
                   == term->is_negated) {
            return false;
        }
    }
    return true;
}

enum query_verdict
bound_query_instant(const struct bound_query *bound,
                    const struct model_instant *instant)
{
    if (bound->tracks[instant->track] == 0
        || !bound_query_has_time(bound, instant->time_ns, instant->time_ns)
        || (bound->judges_names && !has_instant_name(bound, instant))
        || (bound->judges_args
            && !bound_query_has_args(bound, instant->args,
                                     instant->args_size))) {
        return QUERY_NO;
    }
    return bound->judges_calls ? QUERY_UNJUDGED : QUERY_YES;
}

uint32_t
bound_query_count_functions(const struct bound_query *bound,
                            const struct trace_model *model)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < bound->function_count; i++) {
        count += bound->functions[i] != 0
                 && trace_model_function(model, i)->call_count > 0;
    }
    return count
           + (bound->functions[bound->function_count] != 0
              && trace_model_unknown_function(model)->call_count > 0);
}
