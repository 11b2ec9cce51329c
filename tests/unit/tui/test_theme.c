// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "tui/theme.h"

static const struct theme utf8_theme = {.colour_count = 256};
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

Test(theme, a_height_is_never_reversed_without_colours)
{
    struct screen_style style =
        theme_slice_style(&ascii_theme, 3, LOOK_SELECTED_LEVEL);

    cr_expect(zero(int, style.attributes &SCREEN_REVERSE));
}

Test(theme, style_letters_name_the_slot)
{
    for (unsigned slot = 0; slot < THEME_SLOTS; slot++) {
        for (int look = 0; look < LOOK_COUNT; look++) {
            char letter = theme_style_letter(
                theme_slice_style(&utf8_theme, slot, (enum slice_look)look));

            cr_expect(eq(chr, letter,
                         look == LOOK_SELECTED || look == LOOK_SELECTED_LEVEL
                             ? 'S'
                             : (char)('a' + slot)));
        }
    }
}

static void
expect_colours(struct screen_style style, unsigned count)
{
    uint16_t colours[] = {style.foreground, style.background};

    for (int i = 0; i < 2; i++) {
        cr_expect(colours[i] == SCREEN_DEFAULT_COLOUR || colours[i] < count,
                  "%u is none of %u colours", colours[i], count);
        cr_expect(count != 256 || colours[i] == SCREEN_DEFAULT_COLOUR
                      || colours[i] >= 16,
                  "users change the first sixteen");
    }
}

Test(theme, each_tier_has_its_colours_only)
{
    static const unsigned counts[] = {256, 16, 8, 0};

    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        for (int is_light = 0; is_light < 2; is_light++) {
            struct theme theme = {.colour_count = counts[i],
                                  .is_light = is_light != 0};

            for (int part = 0; part < PART_COUNT; part++) {
                expect_colours(theme_style(&theme, (enum theme_part)part),
                               counts[i]);
            }
            for (unsigned slot = 0; slot < THEME_SLOTS; slot++) {
                for (int look = 0; look < LOOK_COUNT; look++) {
                    expect_colours(
                        theme_slice_style(&theme, slot, (enum slice_look)look),
                        counts[i]);
                }
            }
        }
    }
}

/* Contrast of WCAG: 1 is none, 21 is black on white. */
static double
contrast_with_white(unsigned colour)
{
    static const double steps[] = {0, 95, 135, 175, 215, 255};
    unsigned cube = colour - 16;
    double parts[] = {steps[cube / 36], steps[cube / 6 % 6], steps[cube % 6]};
    double luminance = 0;

    for (int i = 0; i < 3; i++) {
        static const double weights[] = {0.2126, 0.7152, 0.0722};
        double part = parts[i] / 255;

        luminance += weights[i]
                     * (part <= 0.03928 ? part / 12.92
                                        : pow((part + 0.055) / 1.055, 2.4));
    }
    return 1.05 / (luminance + 0.05);
}

Test(theme, glyphs_can_be_read_on_a_light_background)
{
    struct theme light = {.colour_count = 256, .is_light = true};
    struct theme basic = {.colour_count = 8, .is_light = true};

    for (unsigned slot = 0; slot < THEME_SLOTS; slot++) {
        cr_expect(
            ge(dbl,
               contrast_with_white(
                   theme_slice_style(&light, slot, LOOK_SINGLE).foreground),
               3.0),
            "slot %u", slot);
        cr_expect(
            ne(int, theme_slice_style(&basic, slot, LOOK_SINGLE).foreground, 7),
            "white on white");
    }
}

/* A state as it is drawn. */
struct state {
    const char *name;
    uint32_t glyph;
    unsigned attributes;
};

enum { STATES_MAX = 80 };

static void
add_state(struct state *states, size_t *count, const char *name, uint32_t glyph,
          struct screen_style style)
{
    states[(*count)++] = (struct state){name, glyph, style.attributes};
}

/* Cells of slices: as they are, in the area, and as matches. */
static void
add_slice_state(struct state *states, size_t *count, const struct theme *theme,
                uint32_t glyph, enum slice_look look)
{
    struct screen_style style = theme_slice_style(theme, 0, look);

    add_state(states, count, "slice", glyph, style);
    if (look != LOOK_SELECTED) {
        add_state(states, count, "in the area", glyph,
                  theme_area_style(theme, style));
    }
    if (look != LOOK_SELECTED && look != LOOK_MERGED) {
        add_state(states, count, "match", glyph, theme_hit_style(theme, style));
    }
}

static size_t
all_states(const struct theme *theme, struct state *states)
{
    static const struct {
        enum theme_glyph glyph;
        enum theme_part part;
    } marks[] = {
        {GLYPH_INSTANT, PART_INSTANT},
        {GLYPH_INSTANTS_MANY, PART_INSTANT},
        {GLYPH_INSTANT_PROCESS, PART_INSTANT},
        {GLYPH_INSTANT_GLOBAL, PART_INSTANT},
        {GLYPH_OBJECT_CREATED, PART_INSTANT},
        {GLYPH_OBJECT_SNAPSHOT, PART_INSTANT},
        {GLYPH_OBJECT_DELETED, PART_INSTANT},
        {GLYPH_HERE, PART_CURSOR},
        {GLYPH_WINDOW_START, PART_CURSOR},
        {GLYPH_WINDOW_END, PART_CURSOR},
        {GLYPH_LOST, PART_LOST},
        {GLYPH_AREA_START, PART_AREA},
        {GLYPH_AREA_END, PART_AREA},
        {GLYPH_CURSOR, PART_CURSOR},
    };
    size_t count = 0;

    add_slice_state(states, &count, theme, theme_glyph(theme, GLYPH_BODY),
                    LOOK_BODY);
    add_slice_state(states, &count, theme, theme_glyph(theme, GLYPH_EDGE),
                    LOOK_EDGE);
    add_slice_state(states, &count, theme, theme_glyph(theme, GLYPH_UNFINISHED),
                    LOOK_LABEL);
    add_slice_state(states, &count, theme,
                    theme_glyph(theme, GLYPH_SELECTED_BODY), LOOK_SELECTED);
    for (unsigned level = 1; level <= THEME_LEVELS; level++) {
        uint32_t glyph = theme_level(theme, level);

        add_slice_state(states, &count, theme, glyph, LOOK_SINGLE);
        add_slice_state(states, &count, theme, glyph, LOOK_MERGED);
        add_state(states, &count, "selected", glyph,
                  theme_slice_style(theme, 0, LOOK_SELECTED_LEVEL));
        add_state(states, &count, "counter", glyph,
                  theme_style(theme, PART_COUNTER));
    }
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        add_state(states, &count, "mark", theme_glyph(theme, marks[i].glyph),
                  theme_style(theme, marks[i].part));
    }
    return count;
}

Test(theme, no_two_states_look_the_same_without_colours)
{
    for (int is_ascii = 0; is_ascii < 2; is_ascii++) {
        struct theme mono = {.is_ascii = is_ascii != 0};
        struct state states[STATES_MAX];
        size_t count = all_states(&mono, states);

        for (size_t i = 0; i < count; i++) {
            for (size_t j = 0; j < i; j++) {
                cr_expect(states[i].glyph != states[j].glyph
                              || states[i].attributes != states[j].attributes,
                          "%s (%zu) and %s (%zu): %x", states[i].name, i,
                          states[j].name, j, (unsigned)states[i].glyph);
            }
        }
    }
}

Test(theme, a_letter_that_marks_a_time_is_no_text)
{
    struct theme mono = {.is_ascii = true};

    cr_expect(ne(int, theme_style(&mono, PART_MARK).attributes,
                 theme_style(&mono, PART_RULER).attributes));
    cr_expect(ne(int, theme_style(&mono, PART_MARK).attributes,
                 theme_style(&mono, PART_AREA).attributes));
}
