// SPDX-License-Identifier: Apache-2.0
#include "tui/search.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "base/utf8.h"
#include "model/trace_model.h"

const struct model_function *
search_function(const struct trace_model *model, uint32_t index)
{
    return index < trace_model_function_count(model)
               ? trace_model_function(model, index)
               : trace_model_unknown_function(model);
}

/* Match all names with a pattern, into a fresh state. */
static void
match(struct search *search, const struct trace_model *model,
      const struct name_pattern *pattern)
{
    for (uint32_t i = 0; i <= search->function_count; i++) {
        const struct model_function *function = search_function(model, i);

        search->matches[i] = pattern != NULL
                             && name_pattern_matches(pattern, function->name,
                                                     strlen(function->name));
        search->hits[i] = search->terms.only == SEARCH_ALL
                              ? search->matches[i]
                              : search->terms.only == i;
        if (search->matches[i] != 0 && function->call_count > 0) {
            search->name_count++;
            search->call_count += function->call_count;
        }
        if (search->hits[i] != 0) {
            search->hit_count += function->call_count;
        }
    }
}

static bool
build(struct search *search, const struct trace_model *model, struct error *err)
{
    size_t count = (size_t)search->function_count + 1;
    struct name_pattern *pattern = NULL;
    struct error failure = {0};

    search->matches = array_new(count, sizeof *search->matches, err);
    search->hits = array_new(count, sizeof *search->hits, err);
    if (search->matches == NULL || search->hits == NULL) {
        return false;
    }
    if (!name_pattern_compile(&pattern, search->terms.text,
                              search->terms.is_plain ? NAME_PATTERN_TEXT
                                                     : NAME_PATTERN_REGEX,
                              &failure)) {
        if (failure.code == ERROR_NO_MEMORY) {
            return error_set_no_memory(err);
        }
        (void)snprintf(search->problem, sizeof search->problem, "%.*s",
                       (int)sizeof search->problem - 1, failure.message);
    }
    match(search, model, pattern);
    name_pattern_free(pattern);
    return true;
}

static void
release(struct search *search)
{
    free(search->matches);
    free(search->hits);
}

bool
search_set(struct search *search, const struct trace_model *model,
           const struct search_terms *terms, struct error *err)
{
    struct search fresh = {
        .terms = *terms,
        .function_count = trace_model_function_count(model),
        .number = search->number + 1,
    };

    if ((terms->text[0] != '\0' || terms->only != SEARCH_ALL)
        && !build(&fresh, model, err)) {
        release(&fresh);
        return false;
    }
    release(search);
    *search = fresh;
    return true;
}

/* As much of a name as a pattern can hold, whole characters only. */
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
    struct search_terms terms = {
        .is_plain = true,
        .only = function < count ? function : count,
        .track = SEARCH_ALL,
    };

    take_name(terms.text, search_function(model, function)->name);
    return search_set(search, model, &terms, err);
}

void
search_clear(struct search *search)
{
    unsigned number = search->number;

    release(search);
    *search = (struct search){.number = number + 1};
}
