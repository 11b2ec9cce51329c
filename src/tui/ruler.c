// SPDX-License-Identifier: Apache-2.0
#include "tui/ruler.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tui/label.h"
#include "tui/screen.h"
#include "tui/theme.h"

enum {
    LABEL_DISTANCE = 10,      /* columns from one label to the next */
    CLOCK_DISTANCE = 20,      /* "14:03:22.123456789" is longer */
    MINOR_DISTANCE = 3,       /* columns between ticks without a label */
    STEPS_BEFORE_BASE = 1000, /* labels never count further than this */
};

/* What does not change while the labels of one ruler are written. */
struct ruler_scale {
    int64_t step_ns;
    int64_t zero_ns;  /* labels count from here */
    int64_t minor_ns; /* between ticks; 0 = none */
    bool is_relative; /* zero_ns is not 0, and said in front */
};

int64_t
ruler_step(int64_t at_least_ns)
{
    static const int64_t factors[] = {1, 2, 5};
    int64_t power = 1;

    for (;;) {
        for (size_t i = 0; i < sizeof factors / sizeof factors[0]; i++) {
            if (power * factors[i] >= at_least_ns || power >= TIME_MAX_NS) {
                return power * factors[i];
            }
        }
        power *= 10;
    }
}

static int64_t
floor_to(int64_t value, int64_t unit)
{
    return value - (value % unit + unit) % unit;
}

/* The finest division of a step into steps whose ticks are not too dense. */
static int64_t
minor_step(int64_t step_ns, int64_t column_ns)
{
    static const int64_t divisors[] = {5, 4, 2};

    for (size_t i = 0; i < sizeof divisors / sizeof divisors[0]; i++) {
        int64_t minor_ns = step_ns / divisors[i];

        if (minor_ns >= MINOR_DISTANCE * column_ns
            && ruler_step(minor_ns) == minor_ns) {
            return minor_ns;
        }
    }
    return 0;
}

static struct ruler_scale
scale_of(const struct ruler *ruler)
{
    const struct time_grid *grid = &ruler->grid;
    unsigned distance =
        ruler->display == TIME_OF_CLOCK || ruler->display == TIME_IN_NS
            ? CLOCK_DISTANCE
            : LABEL_DISTANCE;
    struct ruler_scale scale = {0};

    if (grid->column_ns > TIME_MAX_NS / STEPS_BEFORE_BASE / distance) {
        distance = 1; /* the longest trace in a few columns */
    }
    scale.step_ns = ruler_step(grid->column_ns * distance);
    scale.minor_ns = minor_step(scale.step_ns, grid->column_ns);
    if (ruler->display == TIME_FROM_CURSOR) {
        scale.zero_ns = ruler->cursor_ns;
    }
    if (ruler->display == TIME_OF_CLOCK) {
        scale.zero_ns =
            -(int64_t)(ruler->start_realtime_ns % (uint64_t)scale.step_ns);
    }
    if (ruler->display == TIME_FROM_START && grid->origin_ns > 0
        && scale.step_ns < TIME_MAX_NS / STEPS_BEFORE_BASE) {
        scale.zero_ns =
            floor_to(grid->origin_ns, scale.step_ns * STEPS_BEFORE_BASE);
        scale.is_relative = scale.zero_ns != 0;
    }
    return scale;
}

static void
write_label(char text[TIME_TEXT_SIZE], const struct ruler *ruler,
            const struct ruler_scale *scale, int64_t time_ns, bool is_ascii)
{
    int64_t offset = time_ns - scale->zero_ns;

    switch (ruler->display) {
    case TIME_OF_CLOCK:
        (void)time_text_clock(
            text, ruler->start_realtime_ns + (uint64_t)time_ns, scale->step_ns);
        return;
    case TIME_IN_NS:
        (void)snprintf(text, TIME_TEXT_SIZE, "%" PRId64, time_ns);
        return;
    case TIME_FROM_START:
    case TIME_FROM_CURSOR:
    case TIME_DISPLAY_COUNT:
        break;
    }
    (void)time_text_offset(text, offset, is_ascii);
    if ((scale->is_relative || ruler->display == TIME_FROM_CURSOR)
        && offset > 0) {
        memmove(text + 1, text, strlen(text) + 1);
        text[0] = '+';
    }
}

/* What the labels count from. Returns the columns it took. */
static unsigned
draw_base(const struct ruler *ruler, const struct ruler_scale *scale,
          const struct theme *theme, struct screen *screen, int y)
{
    char offset[TIME_TEXT_SIZE];
    char text[TIME_TEXT_SIZE * 2] = "";

    if (scale->is_relative) {
        (void)snprintf(
            text, sizeof text, "t0+%s",
            time_text_offset(offset, scale->zero_ns, theme->is_ascii));
    } else if (ruler->gutter == 0) {
        return 0;
    } else if (ruler->display == TIME_OF_CLOCK) {
        (void)time_text_date(text, ruler->start_realtime_ns);
    } else {
        (void)snprintf(text, sizeof text, "%s",
                       ruler->display == TIME_FROM_CURSOR ? "cursor"
                       : ruler->display == TIME_IN_NS     ? "ns"
                                                          : "t0+");
    }
    return screen_text(screen, 0, y, ruler->gutter + ruler->width, text,
                       strlen(text), theme_style(theme, PART_RULER));
}

static void
draw_minor(const struct ruler *ruler, const struct ruler_scale *scale,
           const struct theme *theme, struct screen *screen, int y,
           int first_column)
{
    const struct time_grid *grid = &ruler->grid;
    int64_t end_ns = time_grid_time(grid, ruler->width);
    int64_t time_ns =
        scale->zero_ns
        + floor_to(grid->origin_ns - scale->zero_ns, scale->minor_ns);

    for (; time_ns < end_ns; time_ns += scale->minor_ns) {
        int64_t column = time_grid_column(grid, time_ns);

        if (column >= first_column) {
            screen_put(screen, (int)(ruler->gutter + column), y,
                       theme_glyph(theme, GLYPH_TICK_MINOR),
                       theme_style(theme, PART_FAINT));
        }
    }
}

static void
draw_label(const struct ruler *ruler, const struct theme *theme,
           struct screen *screen, int64_t column, int y, const char *text)
{
    struct screen_style style = theme_style(theme, PART_RULER);
    int x = (int)(ruler->gutter + column);
    unsigned used;

    screen_put(screen, x, y, theme_glyph(theme, GLYPH_TICK), style);
    used =
        screen_text(screen, x + 1, y, ruler->width, text, strlen(text), style);
    if (column + 1 + used < ruler->width) {
        /* A blank behind it, so that no tick touches the label. */
        screen_put(screen, x + 1 + (int)used, y, ' ', style);
    }
}

static void
draw_labels(const struct ruler *ruler, const struct ruler_scale *scale,
            const struct theme *theme, struct screen *screen, int y,
            int first_column)
{
    const struct time_grid *grid = &ruler->grid;
    int64_t end_ns = time_grid_time(grid, ruler->width);
    int64_t time_ns =
        scale->zero_ns
        + floor_to(grid->origin_ns - scale->zero_ns, scale->step_ns);

    for (; time_ns < end_ns; time_ns += scale->step_ns) {
        char text[TIME_TEXT_SIZE];
        int64_t column = time_grid_column(grid, time_ns);
        int64_t next = time_grid_column(grid, time_ns + scale->step_ns);
        int64_t end;

        write_label(text, ruler, scale, time_ns, theme->is_ascii);
        end = column + 1 + label_width(text);
        if (column >= first_column && end <= ruler->width && end < next) {
            draw_label(ruler, theme, screen, column, y, text);
        }
    }
}

/* The cursor's mark stands back behind a label, which is only restyled. */
static void
draw_cursor(const struct ruler *ruler, const struct theme *theme,
            struct screen *screen, int y)
{
    int64_t column = time_grid_column(&ruler->grid, ruler->cursor_ns);
    struct screen_style style = theme_style(theme, PART_CURSOR);
    uint32_t under;
    int x;

    if (column < 0 || column >= ruler->width) {
        return;
    }
    x = (int)(ruler->gutter + column);
    under = screen_at(screen, (unsigned)x, (unsigned)y)->character[0];
    if (under == ' ' || under == theme_glyph(theme, GLYPH_TICK_MINOR)
        || under == theme_glyph(theme, GLYPH_TICK)) {
        screen_put(screen, x, y, theme_glyph(theme, GLYPH_CURSOR), style);
    } else {
        screen_restyle(screen, x, y, 1, style);
    }
}

void
ruler_draw(const struct ruler *ruler, const struct theme *theme,
           struct screen *screen, int y)
{
    struct ruler_scale scale = scale_of(ruler);
    unsigned base = draw_base(ruler, &scale, theme, screen, y);
    int first = base < ruler->gutter ? 0 : (int)(base + 1 - ruler->gutter);

    if (base == 0) {
        first = 0;
    }
    if (scale.minor_ns != 0) {
        draw_minor(ruler, &scale, theme, screen, y, first);
    }
    draw_labels(ruler, &scale, theme, screen, y, first);
    draw_cursor(ruler, theme, screen, y);
}
