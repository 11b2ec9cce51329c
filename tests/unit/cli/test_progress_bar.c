// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "cli/console.h"
#include "cli/progress_bar.h"

static void
expect_line(unsigned columns, uint64_t done, uint64_t total, const char *line)
{
    struct buffer text = {0};

    progress_bar_append(&text, "writing", columns, done, total);
    buffer_append_text(&text, "");
    cr_expect(eq(str, text.data, (char *)line));
    buffer_release(&text);
}

Test(progress_bar, shows_the_share_that_is_done)
{
    expect_line(34, 0, 7, "writing [..................]   0%");
    expect_line(34, 1, 2, "writing [#########.........]  50%");
    expect_line(34, 7, 7, "writing [##################] 100%");
    expect_line(34, 9, 7, "writing [##################] 100%");
    expect_line(34, 3, 0, "writing  ...");
    expect_line(34, UINT64_MAX - 1, UINT64_MAX,
                "writing [##################] 100%");
}

Test(progress_bar, is_as_wide_as_there_is_room)
{
    expect_line(20, 1, 2, "writing  50%");
    expect_line(13, 1, 2, "writing  50%");
    expect_line(12, 1, 2, " 50%");
    expect_line(5, 1, 2, " 50%");
    expect_line(4, 1, 2, "");
    expect_line(0, 1, 2, "");
    for (unsigned columns = 0; columns < 300; columns++) {
        struct buffer text = {0};

        progress_bar_append(&text, "writing", columns, 3, 4);
        cr_expect(text.size < columns || text.size == 0, "%u", columns);
        cr_expect(text.size <= 60, "%u", columns);
        buffer_release(&text);
    }
}

Test(progress_bar, is_drawn_after_half_a_second_and_not_too_often)
{
    struct progress_bar bar = {.stream = stderr, .start_ns = 1000};
    const uint64_t half = 500000000;

    cr_assert(not(progress_bar_is_due(&bar, 1000)));
    cr_assert(not(progress_bar_is_due(&bar, 999 + half)));
    cr_assert(progress_bar_is_due(&bar, 1000 + half));
    bar.drawn_ns = 1000 + half;
    cr_assert(not(progress_bar_is_due(&bar, 1000 + half + 99999999)));
    cr_assert(progress_bar_is_due(&bar, 1000 + half + 100000000));
    bar.stream = NULL;
    cr_assert(not(progress_bar_is_due(&bar, 1000 + 2 * half)));
}

Test(progress_bar, is_erased)
{
    char text[200] = "";
    FILE *stream = fmemopen(text, sizeof text, "w");
    struct progress_bar bar = {.stream = stream, .start_ns = 1};
    struct progress progress = progress_bar_of(&bar, "reading");

    cr_assert(stream != NULL);
    progress_bar_hide(&bar); /* it does not stand there yet */
    cr_assert(eq(str, text, ""));
    cr_assert(progress_report(&progress, 1, 4));
    cr_assert(strstr(text, "reading [##########....") != NULL, "%s", text);
    cr_assert(strstr(text, "]  25%\x1b[K") != NULL, "%s", text);
    progress_bar_hide(&bar);
    cr_assert(eq(int, strcmp(text + strlen(text) - 4, "\r\x1b[K"), 0));
    (void)fclose(stream);
}

/* A stream that is no terminal, and one where nothing may be said. */
Test(progress_bar, is_for_terminals)
{
    FILE *stream = tmpfile();
    const struct console console = {.stream = stream};
    struct progress_bar bar;

    cr_assert(stream != NULL);
    cr_assert(eq(int, setenv("TERM", "xterm", 1), 0));
    progress_bar_begin(&bar, &console);
    cr_assert(bar.stream == NULL);
    (void)fclose(stream);
}
