// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "tui/dump.h"
#include "tui/ruler.h"
#include "tui/screen.h"
#include "tui/theme.h"

static const struct theme utf8_theme = {.colour_count = 256};

/* The ruler as text; the caller releases it. */
static struct buffer
drawn(struct ruler ruler, unsigned screen_width)
{
    struct screen *screen = NULL;
    struct error err = {0};
    struct buffer out = {0};

    cr_assert(screen_new(&screen, screen_width, 1, &err));
    ruler_draw(&ruler, &utf8_theme, screen, 0);
    dump_text(screen, &out);
    screen_free(screen);
    return out;
}

static void
expect_ruler(struct ruler ruler, const char *expected)
{
    struct buffer out = drawn(ruler, ruler.gutter + ruler.width);

    cr_expect(eq(str, out.data, (char *)expected));
    buffer_release(&out);
}

Test(ruler, steps_are_one_two_and_five)
{
    static const int64_t expected[] = {1, 2, 5, 10, 20, 50, 100, 200, 500};
    int64_t step = 0;

    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        step = ruler_step(step + 1);
        cr_expect(eq(i64, step, expected[i]));
    }
}

Test(ruler, labels_are_at_least_ten_columns_apart)
{
    expect_ruler((struct ruler){.grid = {.column_ns = 1000000},
                                .gutter = 6,
                                .width = 34,
                                .cursor_ns = -1},
                 "t0+   ╵0   ·    ╵10ms     ╵20ms     ·\n");
}

Test(ruler, long_times_have_their_common_part_in_front)
{
    expect_ruler((struct ruler){.grid = {1234567890000, 100},
                                .gutter = 6,
                                .width = 34,
                                .cursor_ns = -1},
                 "t0+1234.567s    ╵+891µs   ╵+892µs   ·\n");
}

Test(ruler, every_label_stands_at_its_time)
{
    for (int i = 0; i < 2000; i++) {
        int64_t column_ns =
            time_ladder_at_least(((int64_t)rand() << 10) >> (rand() % 41));
        struct ruler ruler = {
            .grid = {(rand() % 100000) * column_ns, column_ns},
            .width = (unsigned)rand() % 200 + 20,
            .gutter = rand() % 2 ? 13 : 0,
            .display = TIME_IN_NS,
            .cursor_ns = -1,
        };
        struct buffer out = drawn(ruler, ruler.gutter + ruler.width);
        unsigned column = 0;

        for (char *text = out.data; *text != '\n' && *text != '\0'; column++) {
            if (strncmp(text, "╵", strlen("╵")) == 0) {
                int64_t time_ns = strtoll(text + strlen("╵"), NULL, 10);

                cr_expect(eq(i64, time_grid_column(&ruler.grid, time_ns),
                             (int64_t)(column - ruler.gutter)));
            }
            text++;
            while (((unsigned char)*text & 0xC0) == 0x80) {
                text++;
            }
        }
        buffer_release(&out);
    }
}

Test(ruler, shows_the_cursor)
{
    expect_ruler((struct ruler){.grid = {.column_ns = 1000},
                                .width = 20,
                                .cursor_ns = 7500},
                 "╵0   · ▼  ╵10µs\n");
}

Test(ruler, counts_from_the_cursor)
{
    expect_ruler((struct ruler){.grid = {.column_ns = 1000},
                                .width = 30,
                                .gutter = 8,
                                .display = TIME_FROM_CURSOR,
                                .cursor_ns = 12000},
                 "cursor    ╵-10µs    ▼0   ·    ╵+10µs\n");
}

Test(ruler, shows_the_time_of_the_day)
{
    /* 2001-09-09 01:46:40.25 UTC */
    expect_ruler((struct ruler){.grid = {.column_ns = 10000000},
                                .width = 40,
                                .gutter = 13,
                                .display = TIME_OF_CLOCK,
                                .start_realtime_ns = 1000000000250000000u,
                                .cursor_ns = -1},
                 "2001-09-09   ·    ·    ·    ╵01:46:40.4    ·    ·\n");
}

Test(ruler, any_grid_is_drawn)
{
    for (int i = 0; i < 3000; i++) {
        int64_t column_ns =
            time_ladder_at_least((int64_t)rand() << (rand() % 30));
        bool is_huge = column_ns > TIME_MAX_NS / 500;
        unsigned gutter = rand() % 2 ? 13 : 0;
        struct ruler ruler = {
            .grid = {is_huge ? 0 : (rand() % 200 - 100) * column_ns, column_ns},
            .width =
                column_ns > TIME_MAX_NS / 500 ? 1 : (unsigned)rand() % 500 + 1,
            .gutter = gutter,
            .display = (enum time_display)(rand() % TIME_DISPLAY_COUNT),
            .cursor_ns = (int64_t)rand() << (rand() % 29),
            .start_realtime_ns = (uint64_t)rand() << 30,
        };
        struct buffer out = drawn(ruler, gutter + ruler.width);

        buffer_release(&out);
    }
}
