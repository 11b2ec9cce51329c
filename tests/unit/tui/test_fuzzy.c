// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <string.h>

#include "support/random.h"
#include "tui/fuzzy.h"

static int
score_of(const char *pattern, const char *text)
{
    int score;

    cr_assert(fuzzy_match(pattern, text, &score), "%s in %s", pattern, text);
    return score;
}

Test(fuzzy, wants_all_letters_in_order)
{
    int score;

    cr_expect(fuzzy_match("", "", &score));
    cr_expect(fuzzy_match("zi", "zoom-in", &score));
    cr_expect(not(fuzzy_match("iz", "zoom-in", &score)));
    cr_expect(not(fuzzy_match("zoomm", "zoom", &score)));
    cr_expect(fuzzy_match("Main t", "mainThread", &score));
    cr_expect(fuzzy_match("日", "今日は", &score));
}

Test(fuzzy, letters_that_start_words_and_runs_are_best)
{
    cr_expect(gt(int, score_of("zi", "zoom-in"), score_of("zi", "zoom-bi")));
    cr_expect(
        gt(int, score_of("pool", "Pool-0_1"), score_of("pool", "pxoxoxl")));
    cr_expect(gt(int, score_of("wo", "worker"), score_of("wo", "a wxo")));
    /* the best place counts, not the first */
    cr_expect(gt(int, score_of("in", "a-i-n-in"), score_of("in", "a-i-n")));
}

/* As by trying all ways to leave letters out. */
static bool
is_subsequence(const char *pattern, const char *text)
{
    while (*pattern != '\0' && *text != '\0') {
        pattern += *pattern == *text;
        text++;
    }
    return *pattern == '\0';
}

Test(fuzzy, matches_just_the_subsequences)
{
    struct random random = {4};

    for (int i = 0; i < 20000; i++) {
        char pattern[5] = "";
        char text[9] = "";
        int score;

        for (uint64_t j = random_below(&random, 5); j > 0; j--) {
            pattern[j - 1] = (char)('a' + random_below(&random, 3));
        }
        for (uint64_t j = random_below(&random, 9); j > 0; j--) {
            text[j - 1] = (char)('a' + random_below(&random, 3));
        }
        cr_assert(eq(int, fuzzy_match(pattern, text, &score),
                     is_subsequence(pattern, text)),
                  "%s in %s", pattern, text);
    }
}
