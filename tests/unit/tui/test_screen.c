// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/utf8.h"
#include "tui/dump.h"
#include "tui/screen.h"
#include "tui/theme.h"

static const struct screen_style plain = {0xFFFF, 0xFFFF, 0};
static const struct screen_style loud = {1, 2, SCREEN_BOLD};

static struct screen *
new_screen(unsigned width, unsigned height)
{
    struct screen *screen = NULL;
    struct error err = {0};

    cr_assert(screen_new(&screen, width, height, &err), "%s", err.message);
    return screen;
}

static unsigned
draw(struct screen *screen, int x, int y, const char *text)
{
    return screen_text(screen, x, y, 1000, text, strlen(text), plain);
}

/* Every row is a sequence of whole characters. */
static void
expect_whole(const struct screen *screen, const char *what)
{
    for (unsigned y = 0; y < screen_height(screen); y++) {
        unsigned x = 0;

        while (x < screen_width(screen)) {
            const struct screen_cell *cell = screen_at(screen, x, y);

            cr_assert(cell->width == 1 || cell->width == 2,
                      "%s: half a character at %u, %u", what, x, y);
            cr_assert(cell->character[0] >= ' ');
            cr_assert(eq(int, utf8_width(cell->character[0]), cell->width));
            cr_assert(cell->character[1] == 0
                      || utf8_width(cell->character[1]) == 0);
            if (cell->width == 2) {
                cr_assert(x + 1 < screen_width(screen)
                              && screen_at(screen, x + 1, y)->width == 0,
                          "%s: the other half is missing", what);
            }
            x += cell->width;
        }
        cr_assert(eq(uint, x, screen_width(screen)));
    }
}

/* A random text of letters, wide and combining characters, controls and bytes
 * that are not UTF-8. */
static size_t
random_text(char *text, size_t capacity)
{
    static const char *const parts[] = {"a",
                                        "é",
                                        "漢",
                                        "字",
                                        "e\xcc\x81",
                                        "\xcc\x81",
                                        "\x1b[31m",
                                        "\xff",
                                        "\xe6\xbc",
                                        "\xe2\x80\xae",
                                        "\xf0\x9f\x98\x80",
                                        " ",
                                        "\n",
                                        "\xc2\x9b",
                                        "\xe2\x80\x8b",
                                        "\xed\xa0\x80"};
    size_t size = 0;
    int count = rand() % 12;

    for (int i = 0; i < count; i++) {
        const char *part =
            parts[(size_t)rand() % (sizeof parts / sizeof parts[0])];

        if (size + strlen(part) < capacity) {
            memcpy(text + size, part, strlen(part));
            size += strlen(part);
        }
    }
    return size;
}

Test(screen, any_text_anywhere_leaves_whole_characters)
{
    for (int round = 0; round < 300; round++) {
        struct screen *screen =
            new_screen((unsigned)rand() % 12, (unsigned)rand() % 4);

        screen_set_ascii(screen, round % 3 == 0);
        for (int i = 0; i < 60; i++) {
            char text[128];
            size_t size = random_text(text, sizeof text);
            unsigned cells = (unsigned)rand() % 14;
            unsigned used = screen_text(screen, rand() % 20 - 5, rand() % 6 - 1,
                                        cells, text, size, loud);

            cr_expect(le(uint, used, cells));
            expect_whole(screen, "text");
            screen_put(screen, rand() % 20 - 5, rand() % 6 - 1,
                       (uint32_t)rand() % 0x3100, plain);
            expect_whole(screen, "character");
        }
        screen_free(screen);
    }
}

Test(screen, ascii_screens_hold_ascii_only)
{
    struct screen *screen = new_screen(40, 1);

    screen_set_ascii(screen, true);
    cr_expect(eq(uint, draw(screen, 0, 0, "é漢e\xcc\x81z"), 5));
    for (unsigned x = 0; x < 40; x++) {
        cr_expect(lt(u32, screen_at(screen, x, 0)->character[0], 0x7F));
    }
    cr_expect(eq(u32, screen_at(screen, 4, 0)->character[0], 'z'),
              "columns stay where they are");
    screen_free(screen);
}

Test(screen, a_mark_stays_with_its_character)
{
    struct screen *screen = new_screen(4, 1);

    cr_expect(eq(uint, draw(screen, 0, 0, "e\xcc\x81x"), 2));
    cr_expect(eq(u32, screen_at(screen, 0, 0)->character[0], 'e'));
    cr_expect(eq(u32, screen_at(screen, 0, 0)->character[1], 0x301));
    cr_expect(eq(u32, screen_at(screen, 1, 0)->character[0], 'x'));
    screen_free(screen);
}

Test(screen, a_mark_does_not_change_what_another_text_drew)
{
    struct screen *screen = new_screen(4, 1);

    (void)draw(screen, 0, 0, "a");
    (void)draw(screen, 1, 0, "\xcc\x81x");
    cr_expect(eq(u32, screen_at(screen, 0, 0)->character[1], 0));
    screen_free(screen);
}

Test(screen, a_wide_character_at_the_right_edge_is_a_blank)
{
    struct screen *screen = new_screen(3, 1);

    (void)draw(screen, 0, 0, "ab漢");
    cr_expect(eq(u32, screen_at(screen, 2, 0)->character[0], ' '));
    expect_whole(screen, "edge");
    screen_free(screen);
}

Test(screen, overwriting_half_of_a_wide_character_blanks_the_other)
{
    struct screen *screen = new_screen(4, 1);

    (void)draw(screen, 0, 0, "漢字");
    (void)draw(screen, 1, 0, "x");
    cr_expect(eq(u32, screen_at(screen, 0, 0)->character[0], ' '));
    cr_expect(eq(u32, screen_at(screen, 1, 0)->character[0], 'x'));
    cr_expect(eq(u32, screen_at(screen, 2, 0)->character[0], 0x5B57));
    (void)draw(screen, 2, 0, "y");
    cr_expect(eq(u32, screen_at(screen, 3, 0)->character[0], ' '));
    screen_free(screen);
}

Test(screen, controls_become_visible)
{
    struct screen *screen = new_screen(20, 1);
    struct buffer out = {0};

    (void)draw(screen, 0, 0, "a\x1b]0;b");
    dump_text(screen, &out);
    cr_expect(eq(str, out.data, "a\\x1b]0;b\n"));
    buffer_release(&out);
    screen_free(screen);
}

Test(screen, a_failed_resize_changes_nothing)
{
    struct screen *screen = new_screen(4, 2);
    struct error err = {0};

    (void)draw(screen, 0, 0, "kept");
    cr_expect(not(screen_resize(screen, 1000000, 1000000, &err)));
    cr_expect(eq(uint, screen_width(screen), 4));
    cr_expect(eq(u32, screen_at(screen, 0, 0)->character[0], 'k'));
    screen_free(screen);
}

Test(dump, ansi_without_its_sequences_is_the_text)
{
    struct screen *screen = new_screen(6, 2);
    struct buffer out = {0};

    (void)draw(screen, 0, 0, "ab");
    (void)screen_text(screen, 2, 0, 9, "漢", 3, loud);
    dump_ansi(screen, &out);
    cr_expect(
        eq(str, out.data, "ab\x1b[0;1;38;5;1;48;5;2m漢\x1b[0m  \n      \n"));
    buffer_release(&out);
    screen_free(screen);
}
