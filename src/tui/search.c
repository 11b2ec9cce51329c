// SPDX-License-Identifier: Apache-2.0
#include "tui/search.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "base/utf8.h"
#include "model/search_query.h"
#include "model/trace_model.h"

const struct model_function *
search_function(const struct trace_model *model, uint32_t index)
{
    return index < trace_model_function_count(model)
               ? trace_model_function(model, index)
               : trace_model_unknown_function(model);
}

/* Of the functions that match, those that count. */
static void
choose_hits(struct search *search, const struct trace_model *model)
{
    search->hit_count = 0;
    for (uint32_t i = 0; i <= search->function_count; i++) {
        search->hits[i] = search->terms.only == SEARCH_ALL
                              ? search->matches[i]
                              : search->terms.only == i;
        if (search->hits[i] != 0) {
            search->hit_count += search_function(model, i)->call_count;
        }
    }
}

static void
count_matches(struct search *search, const struct trace_model *model)
{
    for (uint32_t i = 0; i <= search->function_count; i++) {
        const struct model_function *function = search_function(model, i);

        if (search->matches[i] != 0 && function->call_count > 0) {
            search->name_count++;
            search->call_count += function->call_count;
        }
    }
}

/* Whether a query can be asked for more than the names of functions. */
static bool
asks_more(const struct bound_query *bound)
{
    bool asks_tracks = memchr(bound->tracks, 0, bound->track_count) != NULL;

    return asks_tracks || bound->judges_lasting || bound->judges_args
           || bound->has_outside || bound->start_ns > 0
           || bound->end_ns != UINT64_MAX;
}

static bool
ask(struct search *search, const struct trace_model *model, struct error *err)
{
    struct error failure = {0};

    if (!search_query_make(&search->query, model, search->terms.text,
                           search->terms.is_plain ? NAME_PATTERN_TEXT
                                                  : NAME_PATTERN_REGEX,
                           &failure)) {
        if (failure.code == ERROR_NO_MEMORY) {
            return error_set_no_memory(err);
        }
        (void)snprintf(search->problem, sizeof search->problem, "%.*s",
                       (int)sizeof search->problem - 1, failure.message);
        return true;
    }
    memcpy(search->matches, search->query->bound.functions,
           (size_t)search->function_count + 1);
    search->is_rough = asks_more(&search->query->bound);
    return true;
}

static void
release(struct search *search)
{
    search_query_drop(search->query);
    free(search->matches);
    free(search->hits);
}

static bool
make_arrays(struct search *search, struct error *err)
{
    size_t count = (size_t)search->function_count + 1;

    search->matches = array_new(count, sizeof *search->matches, err);
    search->hits = array_new(count, sizeof *search->hits, err);
    return search->matches != NULL && search->hits != NULL;
}

static bool
is_blank(const char *text)
{
    return text[strspn(text, " \t")] == '\0';
}

bool
search_make(struct search *out, const struct trace_model *model,
            const struct search_terms *terms, struct error *err)
{
    *out = (struct search){
        .terms = *terms,
        .function_count = trace_model_function_count(model),
    };
    if (is_blank(terms->text)) {
        return true;
    }
    if (!make_arrays(out, err) || !ask(out, model, err)) {
        release(out);
        *out = (struct search){0};
        return false;
    }
    count_matches(out, model);
    choose_hits(out, model);
    return true;
}

void
search_take(struct search *search, struct search *fresh)
{
    unsigned number = search->number;

    release(search);
    *search = *fresh;
    search->number = number + 1;
    *fresh = (struct search){0};
}

bool
search_set(struct search *search, const struct trace_model *model,
           const struct search_terms *terms, struct error *err)
{
    struct search fresh;

    if (!search_make(&fresh, model, terms, err)) {
        return false;
    }
    search_take(search, &fresh);
    return true;
}

void
search_pick(struct search *search, const struct trace_model *model,
            uint32_t only, uint32_t track)
{
    search->terms.only = only;
    search->terms.track = track;
    search->number++;
    if (search_is_on(search)) {
        choose_hits(search, model);
    }
}

/* As much of a name as a text can hold, whole characters only. */
static void
take_name(char text[NAME_PATTERN_SIZE + 1], const char *name)
{
    size_t size = strlen(name);
    size_t used = 0;

    while (used < size) {
        uint32_t character;
        size_t length = utf8_decode(name + used, size - used, &character);

        if (used + length > NAME_PATTERN_SIZE) {
            break;
        }
        used += length;
    }
    memcpy(text, name, used);
    text[used] = '\0';
}

bool
search_set_function(struct search *search, const struct trace_model *model,
                    uint32_t function, struct error *err)
{
    uint32_t count = trace_model_function_count(model);
    uint32_t only = function < count ? function : count;
    struct search fresh = {
        .terms = {.is_plain = true, .only = only, .track = SEARCH_ALL},
        .function_count = count,
    };

    take_name(fresh.terms.text, search_function(model, function)->name);
    if (!make_arrays(&fresh, err)) {
        release(&fresh);
        return false;
    }
    fresh.matches[only] = 1;
    count_matches(&fresh, model);
    choose_hits(&fresh, model);
    search_take(search, &fresh);
    return true;
}

void
search_clear(struct search *search)
{
    unsigned number = search->number;

    release(search);
    *search = (struct search){.number = number + 1};
}

bool
search_is_call_hit(const struct search *search, uint32_t track,
                   uint32_t function, uint64_t start_ns, uint64_t duration_ns)
{
    const struct bound_query *bound;

    if ((search->terms.track != SEARCH_ALL && search->terms.track != track)
        || !search_is_hit(search, function)) {
        return false;
    }
    if (search->query == NULL) {
        return true;
    }
    bound = &search->query->bound;
    return bound->tracks[track] != 0 && duration_ns >= bound->least_ns
           && duration_ns <= bound->most_ns
           && bound_query_has_time(bound, start_ns, start_ns + duration_ns);
}

bool
search_copy_take(struct search_copy *copy, const struct search *search,
                 struct error *err)
{
    size_t size = (size_t)search->function_count + 1;

    *copy = (struct search_copy){0};
    if (!search_is_on(search)) {
        return true;
    }
    copy->functions = array_new(size, sizeof *copy->functions, err);
    if (copy->functions == NULL) {
        return false;
    }
    memcpy(copy->functions, search->hits, size);
    copy->calls_query = search_query_share(search->query);
    if (search->terms.only == SEARCH_ALL) {
        copy->query = search_query_share(search->query);
    }
    copy->set = (struct slice_hit_set){
        .functions = copy->functions,
        .function_count = search->function_count,
        .track = search->terms.track,
        .query = search->query == NULL ? NULL : &search->query->bound,
    };
    return true;
}

void
search_copy_release(struct search_copy *copy)
{
    search_query_drop(copy->query);
    search_query_drop(copy->calls_query);
    free(copy->functions);
    *copy = (struct search_copy){0};
}
