// SPDX-License-Identifier: Apache-2.0
/*
 * tui/theme.h - how each state looks: its glyph and its style.
 *
 * There are two glyph sets (UTF-8 and ASCII), each with one glyph per state,
 * and three style sets (256 colours, 8, and none). Nothing is said by colour
 * alone.
 */
#ifndef TUI_THEME_H
#define TUI_THEME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tui/screen.h"

struct theme_colours;

struct theme {
    bool is_ascii;
    bool is_light;         /* the background is: darker colours on it */
    unsigned colour_count; /* 256; 16 or 8: the six that have a name; 0: bold,
                              dim, reverse and underline only */
    const struct theme_colours *colours; /* the user's own; NULL = none */
};

/* X(identifier, Unicode, ASCII): one glyph of a set is in no other state. */
#define THEME_GLYPHS(X)                                                     \
    X(EDGE, 0x258F, '[')        /* a slice starts here */                   \
    X(BODY, 0x2500, '=')        /* the rest of a slice */                   \
    X(SELECTED_OPEN, 0xAB, '{') /* first cell of the selected slice */      \
    X(SELECTED_BODY, 0x2550, '#')                                           \
    X(SELECTED_CLOSE, 0xBB, '}')                                            \
    X(UNFINISHED, 0x22EF, '\\')     /* never ended: last cell of a slice */ \
    X(LOST, 0x2591, '?')            /* calls are missing here */            \
    X(INSTANT, 0x25C6, '*')         /* of a thread */                       \
    X(INSTANT_PROCESS, 0x25A0, 'o') /* of a process */                      \
    X(INSTANT_GLOBAL, 0x25CF, 'O')  /* of everything */                     \
    X(INSTANTS_MANY, 0x25C8, '!')   /* ten and more in one cell */          \
    X(OBJECT_CREATED, 0x25B3, 'N')  /* a mark of an object */               \
    X(OBJECT_SNAPSHOT, 0x25C7, 'S')                                         \
    X(OBJECT_DELETED, 0x25BD, 'D')                                          \
    X(COUNTER, 0x7E, '$') /* in front of a counter's name */                \
    X(LOG, 0x2261, 'L')   /* in front of a row of text */                   \
    X(TEXT, 0x2502, 'T')  /* where such a text was written */               \
    X(OPEN, 0x25BE, 'v')  /* in front of an open track */                   \
    X(FOLDED, 0x25B8, '+')                                                  \
    X(WINDOW_START, 0x2590, '(') /* edges of the window in the overview */  \
    X(WINDOW_END, 0x258C, ')')                                              \
    X(HIT, 0x2579, 'x')  /* what is searched for, in the overview */        \
    X(FLOW, 0x250A, 'I') /* an arrow between calls, in a blank cell */      \
    X(TICK, 0x2575, '|') /* of the ruler, in front of a label */            \
    X(TICK_MINOR, 0xB7, '\'')                                               \
    X(CURSOR, 0x25BC, 'V')     /* the cursor's time, on the ruler */        \
    X(AREA_START, 0x251C, '/') /* edges of the area, on the ruler */        \
    X(AREA_END, 0x2524, '`')                                                \
    X(PINNED, 0x2022, '"') /* in front of the name of a pinned track */     \
    X(LEFT, 0x2190, '<')   /* there is more on that side */                 \
    X(RIGHT, 0x2192, '>')                                                   \
    X(UP, 0x2191, '^')                                                      \
    X(DOWN, 0x2193, '_')                                                    \
    X(HERE, 0x25B2, 'A') /* the place of a call in a histogram */           \
    X(TAG, 0x25C9, 'M')  /* in front of a function that is tagged */        \
    X(ELLIPSIS, 0x2026, '~')

enum theme_glyph {
#define THEME_GLYPH_ID(id, unicode, ascii) GLYPH_##id,
    THEME_GLYPHS(THEME_GLYPH_ID)
#undef THEME_GLYPH_ID
        GLYPH_COUNT,
};

enum {
    THEME_LEVELS = 8,             /* heights of an occupancy or counter cell */
    THEME_SLOTS = 16,             /* colours of functions */
    THEME_TAG_SLOT = THEME_SLOTS, /* that of all tagged functions */
};

uint32_t theme_glyph(const struct theme *theme, enum theme_glyph glyph);

/* In a title: the rows below are in falling or rising order. */
uint32_t theme_order_glyph(const struct theme *theme, bool is_falling);

/* The glyph of a height from 1 to THEME_LEVELS. */
uint32_t theme_level(const struct theme *theme, unsigned level);

/* round(THEME_LEVELS * part / whole), at least 1 when part is not 0. */
unsigned theme_level_of(uint64_t part, uint64_t whole);

/* X(identifier, name in a file of colours): what has a style of its own. */
#define THEME_PARTS(X)                                                      \
    X(TEXT, "text")                                                         \
    X(FAINT, "faint") /* names and hints that stand back */                 \
    X(TAB, "tab")     /* the view that is shown */                          \
    X(TITLE, "title")                                                       \
    X(SCOPE, "scope") /* what is left of the trace */                       \
    X(WARNING, "warning")                                                   \
    X(OVERVIEW, "overview")                                                 \
    X(OVERVIEW_WINDOW,                                                      \
      "overview-window") /* the part of the overview that is shown below */ \
    X(RULER, "ruler")                                                       \
    X(CURSOR, "cursor")                                                     \
    X(GUTTER, "gutter")                                                     \
    X(GUTTER_CURSOR, "gutter-cursor") /* the track that the cursor is on */ \
    X(PROCESS, "process")                                                   \
    X(LOST, "lost")                                                         \
    X(MARK, "mark") /* a letter on the ruler */                             \
    X(AREA, "area") /* the area on the ruler and the overview */            \
    X(HIT, "hit")   /* what is searched for, in the overview */             \
    X(FLOW, "flow") /* an arrow between calls */                            \
    X(INSTANT, "instant")                                                   \
    X(COUNTER, "counter")                                                   \
    X(MENU, "menu") /* what lies over the view */                           \
    X(MENU_CHOSEN, "menu-chosen")                                           \
    X(STATUS, "status")                                                     \
    X(MESSAGE, "message")                                                   \
    X(BAR_KEY, "bar-key")                                                   \
    X(BAR_LABEL, "bar-label")

enum theme_part {
#define THEME_PART_ID(id, name) PART_##id,
    THEME_PARTS(THEME_PART_ID)
#undef THEME_PART_ID
        PART_COUNT,
};

struct screen_style theme_style(const struct theme *theme,
                                enum theme_part part);

/* The user's own colours, for terminals that have as many. */
struct theme_colours {
    bool has_part[PART_COUNT];
    struct screen_style parts[PART_COUNT];
    bool has_slot[THEME_SLOTS]; /* with 256 colours only */
    uint16_t slots[THEME_SLOTS];
    uint16_t dark_slots[THEME_SLOTS]; /* on a light background */
};

/* "status", as in a file of colours. */
const char *theme_part_name(enum theme_part part);

enum slice_look {
    LOOK_LABEL,          /* text on a slice */
    LOOK_BODY,           /* the rest of its cells */
    LOOK_EDGE,           /* its first cell */
    LOOK_SELECTED,       /* any cell of the selected slice */
    LOOK_SELECTED_LEVEL, /* a cell that says how much of it the slice fills */
    LOOK_SINGLE,         /* one slice in a part of a cell */
    LOOK_MERGED,         /* several slices in a cell */
    LOOK_COUNT,
};

/* slot is below THEME_SLOTS, or THEME_TAG_SLOT. */
struct screen_style theme_slice_style(const struct theme *theme, unsigned slot,
                                      enum slice_look look);

/* What a half of a cell shows at half height. */
enum half_look {
    HALF_EMPTY,
    HALF_FULL,     /* a call, or calls that are there half of the time */
    HALF_SPARSE,   /* calls that are there less: the twin of the colour, nearer
                      to the background, where there is one */
    HALF_SELECTED, /* the terminal's own colour of text, bold */
};

struct theme_half {
    enum half_look look;
    unsigned slot;
};

/* Whether two levels can be told apart in one row: it takes colours, and block
 * characters. */
bool theme_has_halves(const struct theme *theme);

/* The character that shows two halves, not both empty; needs such a theme. A
 * half is as full as a level of 4 or 8 is, and looks like it. */
uint32_t theme_halves(const struct theme *theme, struct theme_half upper,
                      struct theme_half lower, struct screen_style *style);

/* The style of a cell that is in the area, and of one that matches what is
 * searched for or that an arrow touches: what can be seen of it stays. */
struct screen_style theme_area_style(const struct theme *theme,
                                     struct screen_style style);
struct screen_style theme_hit_style(const struct theme *theme,
                                    struct screen_style style);

/* The colour of a function: a pure hash of its name without digits and
 * arguments, so that Task-7 and Task-8 match, on every host. */
unsigned theme_slot(const char *name);

/* One letter for a style, as in golden screens: a - p a slot, q a tag, S
 * selected, A in the area, H a match, R reverse, B bold, D dim, U
 * underlined, W warning, 0 - 7 one of the eight colours, . default, o other. */
char theme_style_letter(struct screen_style style);

#endif
