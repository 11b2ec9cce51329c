// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "tui/colour_file.h"
#include "tui/theme.h"

static void
apply(struct theme_colours *colours, const char *text,
      struct buffer *complaints)
{
    struct error err = {0};

    cr_assert(colour_file_apply(colours, text, "colours", complaints, &err));
}

static void
expect_style(const struct theme *theme, enum theme_part part,
             unsigned foreground, unsigned background, unsigned attributes)
{
    struct screen_style style = theme_style(theme, part);

    cr_expect(eq(u32, style.foreground, foreground));
    cr_expect(eq(u32, style.background, background));
    cr_expect(eq(u32, style.attributes, attributes));
}

Test(colour_file, gives_parts_and_functions_their_colours)
{
    struct theme_colours colours = {0};
    struct theme theme = {.colour_count = 256, .colours = &colours};
    struct buffer complaints = {0};
    struct screen_style slice;

    apply(&colours,
          "# mine\n"
          "status white on 238 bold\n"
          "warning bright-red\n"
          "overview-window default on blue underline reverse\r\n"
          "function-3 81 31\n"
          "function-16 200",
          &complaints);
    cr_expect(eq(sz, complaints.size, 0), "%s", complaints.data);
    expect_style(&theme, PART_STATUS, 7, 238, SCREEN_BOLD);
    expect_style(&theme, PART_WARNING, 9, SCREEN_DEFAULT_COLOUR, 0);
    expect_style(&theme, PART_OVERVIEW_WINDOW, SCREEN_DEFAULT_COLOUR, 4,
                 SCREEN_UNDERLINE | SCREEN_REVERSE);
    slice = theme_slice_style(&theme, 2, LOOK_BODY);
    cr_expect(eq(u32, slice.background, 81));
    theme.is_light = true;
    slice = theme_slice_style(&theme, 2, LOOK_SINGLE);
    cr_expect(eq(u32, slice.foreground, 31));
    slice = theme_slice_style(&theme, 15, LOOK_SINGLE);
    cr_expect(eq(u32, slice.foreground, 200));
    buffer_release(&complaints);
}

Test(colour_file, is_for_terminals_that_have_the_colours)
{
    struct theme_colours colours = {0};
    const struct theme plain = {.colour_count = 8};
    struct theme theme = {.colour_count = 8, .colours = &colours};
    struct buffer complaints = {0};
    struct screen_style before = theme_style(&plain, PART_STATUS);

    apply(&colours, "status 9 on 238\ntab 1 on 2\n", &complaints);
    expect_style(&theme, PART_STATUS, before.foreground, before.background,
                 before.attributes);
    expect_style(&theme, PART_TAB, 1, 2, 0);
    theme.colour_count = 0;
    expect_style(&theme, PART_TAB, SCREEN_DEFAULT_COLOUR, SCREEN_DEFAULT_COLOUR,
                 SCREEN_REVERSE);
    buffer_release(&complaints);
}

Test(colour_file, says_what_is_wrong_and_what_is_allowed)
{
    static const struct {
        const char *line;
        const char *complaint;
    } cases[] = {
        {"statu red", "`statu` has no colour; there are: text, faint, tab"},
        {"statu red", "function-1 to function-16"},
        {"status rot", "`rot` is no colour, and none of on, bold"},
        {"status", "`` is no colour; there are default, black"},
        {"status on", "`` is no colour; there are default, black"},
        {"status on 256", "`256` is no colour"},
        {"function-17 3", "`function-17` has no colour"},
        {"function-0 3", "`function-0` has no colour"},
        {"function-2 default", "`default` is no colour"},
        {"function-2 3 x", "`x` is no colour"},
        {"status \x1b", "`\\x1b` is no colour"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct theme_colours colours = {0};
        struct buffer complaints = {0};
        char text[64];

        (void)snprintf(text, sizeof text, "\n%s\ntab red\n", cases[i].line);
        apply(&colours, text, &complaints);
        cr_assert(complaints.size > 0, "%s", cases[i].line);
        cr_expect(ne(ptr, strstr(complaints.data, cases[i].complaint), NULL),
                  "%s: %s", cases[i].line, complaints.data);
        cr_expect(eq(int, strncmp(complaints.data, "colours:2: ", 11), 0));
        cr_expect(not(colours.has_part[PART_STATUS]), "%s", cases[i].line);
        cr_expect(colours.has_part[PART_TAB]);
        buffer_release(&complaints);
    }
}

Test(colour_file, every_part_has_a_name_of_its_own)
{
    for (unsigned i = 0; i < PART_COUNT; i++) {
        for (unsigned j = 0; j < i; j++) {
            cr_expect(ne(str, (char *)theme_part_name((enum theme_part)i),
                         (char *)theme_part_name((enum theme_part)j)));
        }
    }
}
