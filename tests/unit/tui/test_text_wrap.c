// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <string.h>

#include "support/random.h"
#include "tui/label.h"
#include "tui/text_wrap.h"

Test(text_wrap, breaks_at_blanks)
{
    const char *text = "one two  three";
    size_t skip;

    cr_assert(eq(sz, text_wrap(text, 7, &skip), 7));
    cr_assert(eq(sz, skip, 9));
    cr_assert(eq(sz, text_wrap(text, 6, &skip), 3));
    cr_assert(eq(sz, skip, 4));
    cr_assert(eq(sz, text_wrap(text, 20, &skip), strlen(text)));
    cr_assert(eq(sz, text_wrap("", 20, &skip), 0));
}

Test(text_wrap, cuts_words_that_are_too_long)
{
    size_t skip;

    cr_assert(eq(sz, text_wrap("abcdef", 4, &skip), 4));
    cr_assert(eq(sz, text_wrap("日本語", 5, &skip), 6));
    cr_assert(eq(sz, text_wrap("日本語", 1, &skip), 3), "one at least");
    cr_assert(eq(sz, text_wrap("x", 0, &skip), 1));
}

Test(text_wrap, loses_nothing_and_fits)
{
    static const char *const pieces[] = {"a",  "bc", " ",
                                         "  ", "日", "e\xcc\x81"};
    struct random random = {2};

    for (int i = 0; i < 5000; i++) {
        char text[200] = "x";
        char words[200] = "";
        char lines[200] = "";
        unsigned cells = 2 + (unsigned)random_below(&random, 9);
        const char *at = text;
        size_t skip;
        size_t size;

        for (int j = 0; j < 20; j++) {
            (void)strcat(text, pieces[random_below(&random, 6)]);
        }
        for (const char *c = text; *c != '\0'; c++) {
            (void)strncat(words, c, *c != ' ');
        }
        while ((size = text_wrap(at, cells, &skip)) > 0) {
            char line[200] = "";

            (void)strncat(line, at, size);
            cr_assert(le(uint, label_width(line), cells), "%s", text);
            for (const char *c = line; *c != '\0'; c++) {
                (void)strncat(lines, c, *c != ' ');
            }
            at += skip;
        }
        cr_assert(eq(str, lines, words), "%s", text);
        cr_assert(eq(chr, *at, '\0'));
    }
}
