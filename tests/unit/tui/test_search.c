// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "model/trace_model.h"
#include "tui/search.h"
#include "unit/tui/stage.h"

static struct search_terms
terms_of(const char *text)
{
    struct search_terms terms = {.only = SEARCH_ALL, .track = SEARCH_ALL};

    (void)snprintf(terms.text, sizeof terms.text, "%s", text);
    return terms;
}

Test(search, names_and_calls_are_those_of_the_model)
{
    for (uint64_t seed = 1; seed <= 6; seed++) {
        struct stage stage;
        struct search search = {0};
        struct search_terms terms = terms_of("[135]$");
        struct error err = {0};
        uint64_t calls = 0;

        stage_open(&stage, seed);
        cr_assert(search_set(&search, stage.model, &terms, &err));
        for (uint32_t i = 0; i < trace_model_function_count(stage.model); i++) {
            const struct model_function *function =
                trace_model_function(stage.model, i);
            char last = function->name[strlen(function->name) - 1];
            bool is_hit = last == '1' || last == '3' || last == '5';

            cr_assert(eq(int, search_is_hit(&search, i), is_hit), "%s",
                      function->name);
            calls += is_hit ? function->call_count : 0;
        }
        cr_assert(eq(u64, search.call_count, calls));
        cr_assert(eq(u64, search.hit_count, calls));
        cr_assert(not(search_is_hit(&search, UINT32_MAX)));
        search_clear(&search);
        stage_close(&stage);
    }
}

Test(search, a_pattern_that_is_none_matches_nothing_and_says_why)
{
    struct stage stage;
    struct search search = {0};
    struct search_terms terms = terms_of("(");
    struct error err = {0};

    stage_open(&stage, 1);
    cr_assert(search_set(&search, stage.model, &terms, &err));
    cr_assert(search_is_on(&search));
    cr_assert(ne(chr, search.problem[0], '\0'));
    cr_assert(eq(u32, search.name_count, 0));
    cr_assert(not(search_is_hit(&search, 0)));
    terms.is_plain = true;
    cr_assert(search_set(&search, stage.model, &terms, &err));
    cr_assert(eq(chr, search.problem[0], '\0'));
    search_clear(&search);
    cr_assert(not(search_is_on(&search)));
    stage_close(&stage);
}

Test(search, one_function_is_one_function)
{
    struct stage stage;
    struct search search = {0};
    struct error err = {0};

    stage_open(&stage, 1);
    cr_assert(search_set_function(&search, stage.model, 2, &err));
    for (uint32_t i = 0; i < trace_model_function_count(stage.model); i++) {
        cr_assert(eq(int, search_is_hit(&search, i), i == 2));
    }
    cr_assert(eq(u64, search.hit_count,
                 trace_model_function(stage.model, 2)->call_count));
    cr_assert(search_set_function(&search, stage.model, UINT32_MAX, &err));
    cr_assert(search_is_hit(&search, UINT32_MAX));
    cr_assert(not(search_is_hit(&search, 2)));
    search_clear(&search);
    stage_close(&stage);
}

Test(search, an_empty_text_searches_for_nothing)
{
    struct stage stage;
    struct search search = {0};
    struct search_terms terms = terms_of("");
    struct error err = {0};
    unsigned number = search.number;

    stage_open(&stage, 1);
    cr_assert(search_set(&search, stage.model, &terms, &err));
    cr_assert(not(search_is_on(&search)));
    cr_assert(ne(uint, search.number, number));
    search_clear(&search);
    stage_close(&stage);
}
