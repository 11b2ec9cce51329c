// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "model/name_pattern.h"
#include "support/random.h"

static bool
does_match(const char *text, enum name_pattern_kind kind, const char *name)
{
    struct name_pattern *pattern = NULL;
    struct error err = {0};
    bool is_match;

    cr_assert(name_pattern_compile(&pattern, text, kind, &err), "%s: %s", text,
              err.message);
    is_match = name_pattern_matches(pattern, name, strlen(name));
    name_pattern_free(pattern);
    return is_match;
}

static void
expect_refused(const char *text, const char *reason)
{
    struct name_pattern *pattern = NULL;
    struct error err = {0};

    cr_assert(
        not(name_pattern_compile(&pattern, text, NAME_PATTERN_REGEX, &err)),
        "%s", text);
    cr_assert(eq(int, err.code, ERROR_BAD_INPUT), "%s", text);
    cr_assert(ne(ptr, strstr(err.message, reason), NULL), "%s: %s", text,
              err.message);
}

Test(name_pattern, is_an_extended_regular_expression)
{
    enum name_pattern_kind regex = NAME_PATTERN_REGEX;

    cr_expect(does_match("re.*(build|match)", regex, "report.build"));
    cr_expect(does_match("re.*(build|match)", regex, "re.Pattern.match"));
    cr_expect(not(does_match("re.*(build|match)", regex, "render")));
    cr_expect(does_match("^app", regex, "app.main"));
    cr_expect(not(does_match("^main", regex, "app.main")));
    cr_expect(does_match("x{2,3}$", regex, "axx"));
}

Test(name_pattern, plain_text_has_no_special_characters)
{
    enum name_pattern_kind text = NAME_PATTERN_TEXT;

    cr_expect(does_match("f.<locals>.(x)*[1]+?|{}^$\\", text,
                         "a f.<locals>.(x)*[1]+?|{}^$\\ b"));
    cr_expect(not(does_match("a.c", text, "abc")));
}

Test(name_pattern, ignores_case_unless_it_has_a_capital)
{
    enum name_pattern_kind regex = NAME_PATTERN_REGEX;

    cr_expect(does_match("handle", regex, "HandleRequest"));
    cr_expect(not(does_match("Handle", regex, "handle")));
    cr_expect(does_match("größe", regex, "GRÖSSE GRÖßE"));
    cr_expect(not(does_match("Öl", regex, "öl")));
    cr_expect(does_match("h\\Wx", regex, "H.X"), "\\W is no capital");
}

Test(name_pattern, a_point_is_one_character_of_utf8)
{
    cr_expect(does_match("^a.b$", NAME_PATTERN_REGEX, "aéb"));
    cr_expect(does_match("^a[日本]b$", NAME_PATTERN_REGEX, "a本b"));
    cr_expect(does_match("b", NAME_PATTERN_REGEX,
                         "\xff\xfe"
                         "b"));
}

Test(name_pattern, says_what_is_wrong)
{
    char text[2 * NAME_PATTERN_SIZE];

    expect_refused("a(b", "unmatched");
    expect_refused("[a", "unmatched [");
    expect_refused("x{3", "unmatched");
    expect_refused("(a)\\1", "back references");
    expect_refused("(a{16}){16}", "repeats too often");
    expect_refused("a{1,99999999999999999999}", "repeats too often");
    memset(text, 'a', sizeof text);
    text[sizeof text - 1] = '\0';
    expect_refused(text, "longer than");
}

Test(name_pattern, looks_at_the_start_of_a_name_only)
{
    char name[NAME_PATTERN_LOOK + 10] = "";
    struct name_pattern *pattern = NULL;
    struct error err = {0};

    memset(name, 'a', sizeof name - 1);
    name[NAME_PATTERN_LOOK] = 'b';
    cr_assert(name_pattern_compile(&pattern, "ab", NAME_PATTERN_REGEX, &err));
    cr_expect(not(name_pattern_matches(pattern, name, sizeof name - 1)));
    name[NAME_PATTERN_LOOK - 1] = 'b';
    cr_expect(name_pattern_matches(pattern, name, sizeof name - 1));
    cr_expect(not(name_pattern_matches(pattern, name, NAME_PATTERN_LOOK - 1)));
    name_pattern_free(pattern);
}

/* Whatever is typed: it compiles or says why, and plain text finds itself. */
Test(name_pattern, takes_any_bytes)
{
    static const char pieces[] = "abZ.*+?(){}[]|^$\\1,0-:=\xc3\xa9\xff";
    struct random random = {11};

    for (int i = 0; i < 3000; i++) {
        char text[24];
        size_t size = random_below(&random, sizeof text);
        struct name_pattern *pattern = NULL;
        struct error err = {0};

        for (size_t j = 0; j < size; j++) {
            text[j] = pieces[random_below(&random, sizeof pieces - 1)];
        }
        text[size] = '\0';
        if (name_pattern_compile(&pattern, text, NAME_PATTERN_REGEX, &err)) {
            (void)name_pattern_matches(pattern, "Cart.total (1)", 14);
        } else {
            cr_assert(eq(int, err.code, ERROR_BAD_INPUT), "%s", text);
            cr_assert(ne(chr, err.message[0], '\0'));
        }
        name_pattern_free(pattern);
    }
    for (int i = 0; i < 1000; i++) {
        char text[16] = "";

        for (int j = 0; j < 5; j++) {
            /* without the bytes that are no UTF-8 */
            char one[2] = {pieces[random_below(&random, sizeof pieces - 4)]};

            (void)strncat(text, one, 1);
        }
        cr_assert(does_match(text, NAME_PATTERN_TEXT, text), "%s", text);
    }
}
