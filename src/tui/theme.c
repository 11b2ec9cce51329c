// SPDX-License-Identifier: Apache-2.0
#include "tui/theme.h"

#include <assert.h>

static const struct {
    uint32_t unicode;
    uint32_t ascii;
} glyphs[] = {
#define THEME_GLYPH_ROW(id, unicode, ascii) {unicode, ascii},
    THEME_GLYPHS(THEME_GLYPH_ROW)
#undef THEME_GLYPH_ROW
};

static const char ascii_levels[THEME_LEVELS + 1] = ".,:;-%&@";

/*
 * xterm-256 colours with black text on them: contrast at least 6.1, apart for
 * people with deuteranopia too, and readable on black and on white; red is
 * left for errors. The second row holds a darker twin of each.
 */
static const uint16_t slot_colours[THEME_SLOTS + 1] = {
    180, 69, 81,  142, 169, 75,  215, 44, 174,
    173, 43, 186, 104, 110, 136, 35,  201};
static const uint16_t slot_dark[THEME_SLOTS + 1] = {
    137, 26, 31, 100, 169, 32, 130, 30, 131, 166, 29, 58, 61, 67, 136, 22, 164};

enum {
    NO_COLOUR = SCREEN_DEFAULT_COLOUR,
    BLACK = 16,
    WHITE = 231,
    GREY = 245,
    DARK_GREY = 238,
    BASIC_BLACK = 0, /* of the eight */
    BASIC_FIRST = 2, /* slots have 2 to 7: red is left for errors */
    BASIC_SLOTS = 6,
    BASIC_COUNT = 8,
    YELLOW = 172, /* dark enough for a white terminal, too */
    CYAN = 30,
    LIGHT_CYAN = 37,
    GREEN = 71,
    DARK_GREEN = 28,
    MAGENTA = 170,
    DARK_MAGENTA = 127,
};

struct part_styles {
    struct screen_style colour;
    uint16_t mono; /* attributes without colours */
};

static const struct part_styles part_styles[PART_COUNT] = {
    [PART_TEXT] = {{NO_COLOUR, NO_COLOUR, 0}, 0},
    [PART_FAINT] = {{GREY, NO_COLOUR, 0}, SCREEN_DIM},
    [PART_TAB] = {{BLACK, LIGHT_CYAN, SCREEN_BOLD}, SCREEN_REVERSE},
    [PART_TITLE] = {{NO_COLOUR, NO_COLOUR, SCREEN_BOLD}, SCREEN_BOLD},
    [PART_SCOPE] = {{BLACK, YELLOW, 0}, SCREEN_REVERSE},
    [PART_WARNING] = {{YELLOW, NO_COLOUR, SCREEN_BOLD}, SCREEN_BOLD},
    [PART_OVERVIEW] = {{GREY, NO_COLOUR, 0}, SCREEN_DIM},
    [PART_OVERVIEW_WINDOW] = {{CYAN, NO_COLOUR, 0}, 0},
    [PART_RULER] = {{GREY, NO_COLOUR, 0}, 0},
    [PART_CURSOR] = {{YELLOW, NO_COLOUR, SCREEN_BOLD}, SCREEN_REVERSE},
    [PART_GUTTER] = {{NO_COLOUR, NO_COLOUR, 0}, 0},
    [PART_GUTTER_CURSOR] = {{NO_COLOUR, NO_COLOUR, SCREEN_BOLD}, SCREEN_BOLD},
    [PART_PROCESS] = {{CYAN, NO_COLOUR, SCREEN_BOLD}, SCREEN_UNDERLINE},
    [PART_LOST] = {{YELLOW, NO_COLOUR, 0}, 0},
    [PART_MARK] = {{BLACK, YELLOW, SCREEN_BOLD}, SCREEN_REVERSE},
    [PART_AREA] = {{NO_COLOUR, NO_COLOUR, SCREEN_REVERSE},
                   SCREEN_REVERSE | SCREEN_UNDERLINE},
    [PART_HIT] = {{YELLOW, NO_COLOUR, SCREEN_BOLD},
                  SCREEN_BOLD | SCREEN_UNDERLINE},
    [PART_FLOW] = {{YELLOW, NO_COLOUR, 0}, 0},
    [PART_INSTANT] = {{MAGENTA, NO_COLOUR, SCREEN_BOLD}, SCREEN_BOLD},
    [PART_COUNTER] = {{GREEN, NO_COLOUR, 0}, SCREEN_BOLD | SCREEN_DIM},
    [PART_MENU] = {{NO_COLOUR, NO_COLOUR, 0}, 0},
    [PART_MENU_CHOSEN] = {{BLACK, LIGHT_CYAN, 0}, SCREEN_REVERSE},
    [PART_STATUS] = {{WHITE, DARK_GREY, 0}, SCREEN_REVERSE},
    [PART_MESSAGE] = {{BLACK, YELLOW, 0}, SCREEN_REVERSE | SCREEN_BOLD},
    [PART_BAR_KEY] = {{NO_COLOUR, NO_COLOUR, SCREEN_BOLD}, SCREEN_BOLD},
    [PART_BAR_LABEL] = {{BLACK, LIGHT_CYAN, 0}, SCREEN_REVERSE},
};

uint32_t
theme_glyph(const struct theme *theme, enum theme_glyph glyph)
{
    return theme->is_ascii ? glyphs[glyph].ascii : glyphs[glyph].unicode;
}

uint32_t
theme_order_glyph(const struct theme *theme, bool is_falling)
{
    if (theme->is_ascii && is_falling) {
        return 'v'; /* no arrow of the set looks like one */
    }
    return theme_glyph(theme, is_falling ? GLYPH_DOWN : GLYPH_UP);
}

uint32_t
theme_level(const struct theme *theme, unsigned level)
{
    assert(level >= 1 && level <= THEME_LEVELS);
    return theme->is_ascii ? (uint32_t)ascii_levels[level - 1] : 0x2580 + level;
}

unsigned
theme_level_of(uint64_t part, uint64_t whole)
{
    double level;

    if (part == 0 || whole == 0) {
        return 0;
    }
    if (part >= whole) {
        return THEME_LEVELS;
    }
    level = (double)part / (double)whole * THEME_LEVELS + 0.5;
    return level < 1 ? 1 : (unsigned)level;
}

/* On a light background the middling colours are too pale. */
static struct screen_style
light_style(struct screen_style style)
{
    if (style.foreground == GREEN) {
        style.foreground = DARK_GREEN;
    } else if (style.foreground == MAGENTA) {
        style.foreground = DARK_MAGENTA;
    }
    return style;
}

static uint16_t
basic_colour(uint16_t colour)
{
    static const struct {
        uint16_t colour;
        uint16_t basic;
    } basic[] = {
        {BLACK, BASIC_BLACK}, {GREEN, 2}, {YELLOW, 3},
        {MAGENTA, 5},         {CYAN, 6},  {LIGHT_CYAN, 6},
    };

    for (size_t i = 0; i < sizeof basic / sizeof basic[0]; i++) {
        if (basic[i].colour == colour) {
            return basic[i].basic;
        }
    }
    return NO_COLOUR;
}

/* The same with eight colours, which have no grey. */
static struct screen_style
basic_style(struct screen_style style)
{
    unsigned attributes = style.attributes;

    if (style.background == DARK_GREY) {
        return (struct screen_style){NO_COLOUR, NO_COLOUR, SCREEN_REVERSE};
    }
    if (style.foreground == GREY) {
        attributes |= SCREEN_DIM;
    }
    return (struct screen_style){basic_colour(style.foreground),
                                 basic_colour(style.background),
                                 (uint16_t)attributes};
}

const char *
theme_part_name(enum theme_part part)
{
    static const char *const names[] = {
#define THEME_PART_NAME(id, name) name,
        THEME_PARTS(THEME_PART_NAME)
#undef THEME_PART_NAME
    };

    assert(part < PART_COUNT);
    return names[part];
}

static bool
has_colour(const struct theme *theme, uint16_t colour)
{
    return colour == NO_COLOUR || colour < theme->colour_count;
}

/* The user's own style of a part, if there is one that can be shown. */
static bool
find_own_style(const struct theme *theme, enum theme_part part,
               struct screen_style *style)
{
    if (theme->colours == NULL || !theme->colours->has_part[part]
        || theme->colour_count == 0) {
        return false;
    }
    *style = theme->colours->parts[part];
    return has_colour(theme, style->foreground)
           && has_colour(theme, style->background);
}

struct screen_style
theme_style(const struct theme *theme, enum theme_part part)
{
    struct screen_style mono = SCREEN_STYLE_DEFAULT;
    struct screen_style own;

    if (find_own_style(theme, part, &own)) {
        return own;
    }
    if (theme->colour_count >= 256) {
        return theme->is_light ? light_style(part_styles[part].colour)
                               : part_styles[part].colour;
    }
    if (theme->colour_count > 0) {
        return basic_style(part_styles[part].colour);
    }
    mono.attributes = part_styles[part].mono;
    return mono;
}

/* Without colours the label and the body differ by their glyphs. A height is
 * never reversed: it would be another one. */
static struct screen_style
mono_slice_style(unsigned slot, enum slice_look look)
{
    static const uint16_t attributes[LOOK_COUNT] = {
        [LOOK_SELECTED] = SCREEN_REVERSE | SCREEN_BOLD,
        [LOOK_SELECTED_LEVEL] = SCREEN_BOLD,
        [LOOK_MERGED] = SCREEN_DIM,
    };
    struct screen_style style = SCREEN_STYLE_DEFAULT;

    style.attributes = attributes[look];
    if (slot == THEME_TAG_SLOT) {
        style.attributes |= SCREEN_BOLD;
    }
    return style;
}

static bool
has_own_slot(const struct theme *theme, unsigned slot)
{
    return theme->colours != NULL && slot < THEME_SLOTS
           && theme->colours->has_slot[slot];
}

static uint16_t
slot_colour(const struct theme *theme, unsigned slot)
{
    if (theme->colour_count < 256) {
        return (uint16_t)(BASIC_FIRST + slot % BASIC_SLOTS);
    }
    return has_own_slot(theme, slot) ? theme->colours->slots[slot]
                                     : slot_colours[slot];
}

static uint16_t
dark_slot_colour(const struct theme *theme, unsigned slot)
{
    return has_own_slot(theme, slot) ? theme->colours->dark_slots[slot]
                                     : slot_dark[slot];
}

/* The colour of a slot as that of a glyph on the terminal's background. */
static uint16_t
slot_foreground(const struct theme *theme, unsigned slot)
{
    uint16_t colour = slot_colour(theme, slot);

    if (!theme->is_light) {
        return colour;
    }
    if (theme->colour_count >= 256) {
        return dark_slot_colour(theme, slot);
    }
    return colour == BASIC_COUNT - 1 ? BASIC_BLACK : colour; /* no white */
}

static uint16_t
black(const struct theme *theme)
{
    return theme->colour_count >= 256 ? BLACK : BASIC_BLACK;
}

/*
 * A slice is a background colour. Its body glyph has the colour of the
 * background: it cannot be seen in a terminal, but copies as a line.
 */
struct screen_style
theme_slice_style(const struct theme *theme, unsigned slot,
                  enum slice_look look)
{
    uint16_t colour = slot_colour(theme, slot);
    uint16_t foreground = slot_foreground(theme, slot);

    if (theme->colour_count == 0) {
        return mono_slice_style(slot, look);
    }
    switch (look) {
    case LOOK_LABEL:
    case LOOK_EDGE: /* an edge like the label takes no bytes for its colours */
        return (struct screen_style){black(theme), colour, 0};
    case LOOK_BODY:
        return (struct screen_style){colour, colour, 0};
    case LOOK_SELECTED:
    case LOOK_SELECTED_LEVEL:
        return (struct screen_style){black(theme), colour,
                                     SCREEN_REVERSE | SCREEN_BOLD};
    case LOOK_SINGLE:
        return (struct screen_style){foreground, NO_COLOUR, 0};
    case LOOK_MERGED:
        return (struct screen_style){foreground, NO_COLOUR, SCREEN_DIM};
    case LOOK_COUNT:
        break;
    }
    return SCREEN_STYLE_DEFAULT;
}

bool
theme_has_halves(const struct theme *theme)
{
    return !theme->is_ascii && theme->colour_count > 0;
}

static uint16_t
half_colour(const struct theme *theme, struct theme_half half)
{
    switch (half.look) {
    case HALF_FULL:
        return slot_foreground(theme, half.slot);
    case HALF_SPARSE:
        if (theme->colour_count < 256) {
            return slot_foreground(theme, half.slot);
        }
        return theme->is_light ? slot_colours[half.slot] : slot_dark[half.slot];
    case HALF_SELECTED:
    case HALF_EMPTY:
        break;
    }
    return NO_COLOUR;
}

uint32_t
theme_halves(const struct theme *theme, struct theme_half upper,
             struct theme_half lower, struct screen_style *style)
{
    enum { UPPER_HALF = 0x2580, LOWER_HALF = 0x2584, BOTH_HALVES = 0x2588 };
    uint16_t above = half_colour(theme, upper);
    uint16_t below = half_colour(theme, lower);
    bool is_below = upper.look == HALF_EMPTY || lower.look == HALF_SELECTED;

    assert(theme_has_halves(theme));
    *style = (struct screen_style){above, below, 0};
    if (upper.look == HALF_SELECTED || lower.look == HALF_SELECTED) {
        style->attributes = SCREEN_BOLD;
    } else if (above == below) {
        style->background = NO_COLOUR;
        return BOTH_HALVES;
    }
    if (is_below) {
        *style = (struct screen_style){below, above, style->attributes};
    }
    return is_below ? LOWER_HALF : UPPER_HALF;
}

/* An attribute can only be seen on a glyph that can. */
static struct screen_style
with_attributes(const struct theme *theme, struct screen_style style,
                unsigned attributes)
{
    if (style.foreground == style.background && style.foreground != NO_COLOUR) {
        style.foreground = black(theme);
    }
    style.attributes = (uint16_t)attributes;
    return style;
}

struct screen_style
theme_area_style(const struct theme *theme, struct screen_style style)
{
    return with_attributes(theme, style, style.attributes | SCREEN_UNDERLINE);
}

struct screen_style
theme_hit_style(const struct theme *theme, struct screen_style style)
{
    unsigned others = style.attributes & ~(unsigned)SCREEN_DIM;

    return with_attributes(theme, style,
                           others | SCREEN_BOLD | SCREEN_UNDERLINE);
}

/* FNV-1a, then a final mix: the low bits alone are poor for short names. */
unsigned
theme_slot(const char *name)
{
    uint64_t hash = 0xCBF29CE484222325u;

    for (; *name != '\0' && *name != '('; name++) {
        if (*name >= '0' && *name <= '9') {
            continue;
        }
        hash = (hash ^ (unsigned char)*name) * 0x100000001B3u;
    }
    hash ^= hash >> 32;
    hash *= 0x9E3779B97F4A7C15u;
    return (unsigned)(hash >> 60);
}

static int
slot_of_colour(uint16_t colour)
{
    for (int i = 0; i <= THEME_TAG_SLOT; i++) {
        if (slot_colours[i] == colour) {
            return i;
        }
    }
    return -1;
}

char
theme_style_letter(struct screen_style style)
{
    int slot = slot_of_colour(style.background);

    if (slot < 0 && style.background == NO_COLOUR) {
        slot = slot_of_colour(style.foreground);
    }
    if ((style.attributes & SCREEN_REVERSE) != 0
        && (style.attributes & SCREEN_BOLD) != 0) {
        return 'S';
    }
    if ((style.attributes & SCREEN_UNDERLINE) != 0
        && (slot >= 0 || style.background < BASIC_COUNT
            || style.foreground < BASIC_COUNT)) {
        return (style.attributes & SCREEN_BOLD) != 0 ? 'H' : 'A';
    }
    if (style.background < BASIC_COUNT) {
        return (char)('0' + style.background);
    }
    if (style.background == NO_COLOUR && style.foreground < BASIC_COUNT) {
        return (char)('0' + style.foreground);
    }
    if (slot >= 0) {
        return (char)('a' + slot);
    }
    if (style.foreground == YELLOW) {
        return 'W';
    }
    if ((style.attributes & SCREEN_REVERSE) != 0
        || style.background != NO_COLOUR) {
        return 'R';
    }
    if ((style.attributes & SCREEN_BOLD) != 0) {
        return 'B';
    }
    if ((style.attributes & SCREEN_DIM) != 0 || style.foreground == GREY) {
        return 'D';
    }
    if ((style.attributes & SCREEN_UNDERLINE) != 0) {
        return 'U';
    }
    return style.foreground == NO_COLOUR ? '.' : 'o';
}
