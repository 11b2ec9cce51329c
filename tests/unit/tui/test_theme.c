// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "tui/theme.h"

static const struct theme utf8_theme = {.has_colour = true};
static const struct theme ascii_theme = {.is_ascii = true};

static size_t
all_glyphs(const struct theme *theme, uint32_t *glyphs)
{
    size_t count = 0;

    for (int i = 0; i < GLYPH_COUNT; i++) {
        glyphs[count++] = theme_glyph(theme, (enum theme_glyph)i);
    }
    for (unsigned level = 1; level <= THEME_LEVELS; level++) {
        glyphs[count++] = theme_level(theme, level);
    }
    return count;
}

static void
expect_disjoint(const struct theme *theme)
{
    uint32_t glyphs[GLYPH_COUNT + THEME_LEVELS];
    size_t count = all_glyphs(theme, glyphs);

    for (size_t i = 0; i < count; i++) {
        cr_expect(eq(int, utf8_width(glyphs[i]), 1), "glyph %zu", i);
        cr_expect(ne(u32, glyphs[i], ' '), "glyph %zu", i);
        for (size_t j = 0; j < i; j++) {
            cr_expect(ne(u32, glyphs[i], glyphs[j]), "glyphs %zu and %zu", i,
                      j);
        }
    }
}

Test(theme, no_two_states_share_a_glyph)
{
    expect_disjoint(&utf8_theme);
    expect_disjoint(&ascii_theme);
}

Test(theme, ascii_glyphs_are_ascii_and_no_digits)
{
    uint32_t glyphs[GLYPH_COUNT + THEME_LEVELS];
    size_t count = all_glyphs(&ascii_theme, glyphs);

    for (size_t i = 0; i < count; i++) {
        cr_expect(lt(u32, glyphs[i], 0x7F));
        cr_expect(glyphs[i] < '0' || glyphs[i] > '9', "digits count instants");
    }
}

Test(theme, levels_are_round_eighths_and_at_least_one)
{
    for (uint64_t whole = 1; whole < 200; whole++) {
        cr_expect(eq(uint, theme_level_of(0, whole), 0));
        for (uint64_t part = 1; part <= whole; part++) {
            uint64_t expected = (16 * part + whole) / (2 * whole);

            cr_expect(eq(uint, theme_level_of(part, whole),
                         expected == 0 ? 1 : (unsigned)expected),
                      "%lu of %lu", part, whole);
        }
    }
    cr_expect(eq(uint, theme_level_of(UINT64_MAX, UINT64_MAX), 8));
    cr_expect(eq(uint, theme_level_of(UINT64_MAX, 1), 8));
    cr_expect(eq(uint, theme_level_of(1, UINT64_MAX), 1));
}

Test(theme, a_colour_is_that_of_the_name_without_digits_and_arguments)
{
    cr_expect(eq(uint, theme_slot("Task-7"), theme_slot("Task-81")));
    cr_expect(eq(uint, theme_slot("fetch(1, 2)"), theme_slot("fetch(3)")));
    cr_expect(eq(uint, theme_slot("fetch"), theme_slot("fetch(x)")));
}

Test(theme, names_spread_over_all_slots)
{
    unsigned counts[THEME_SLOTS] = {0};
    char name[32];

    for (unsigned i = 0; i < 26 * 26 * 26; i++) {
        (void)snprintf(name, sizeof name, "%c%c%c", 'a' + i % 26,
                       'a' + i / 26 % 26, 'a' + i / 676);
        counts[theme_slot(name)]++;
    }
    for (unsigned i = 0; i < THEME_SLOTS; i++) {
        cr_expect(gt(uint, counts[i], 17576 / THEME_SLOTS * 8 / 10));
        cr_expect(lt(uint, counts[i], 17576 / THEME_SLOTS * 12 / 10));
    }
}

Test(theme, states_differ_without_colours)
{
    struct screen_style selected =
        theme_slice_style(&ascii_theme, 3, LOOK_SELECTED);
    struct screen_style merged =
        theme_slice_style(&ascii_theme, 3, LOOK_MERGED);
    struct screen_style single =
        theme_slice_style(&ascii_theme, 3, LOOK_SINGLE);

    cr_expect(ne(int, selected.attributes, merged.attributes));
    cr_expect(ne(int, merged.attributes, single.attributes));
    cr_expect(ne(int, single.attributes, selected.attributes));
    for (int part = 0; part < PART_COUNT; part++) {
        struct screen_style style =
            theme_style(&ascii_theme, (enum theme_part)part);

        cr_expect(eq(int, style.foreground, SCREEN_DEFAULT_COLOUR));
        cr_expect(eq(int, style.background, SCREEN_DEFAULT_COLOUR));
    }
}

Test(theme, style_letters_name_the_slot)
{
    for (unsigned slot = 0; slot < THEME_SLOTS; slot++) {
        for (int look = 0; look < LOOK_COUNT; look++) {
            char letter = theme_style_letter(
                theme_slice_style(&utf8_theme, slot, (enum slice_look)look));

            cr_expect(eq(chr, letter,
                         look == LOOK_SELECTED ? 'S' : (char)('a' + slot)));
        }
    }
}
