// SPDX-License-Identifier: Apache-2.0
#include "tui/histogram.h"

#include <string.h>

#include "base/text.h"
#include "model/call_rank.h"
#include "tui/pieces.h"
#include "tui/screen.h"
#include "tui/theme.h"

struct histogram {
    const struct call_rank *all;
    unsigned first; /* bucket */
    unsigned end;
    unsigned per_column; /* buckets */
};

static uint64_t
column_count(const struct histogram *histogram, unsigned column)
{
    unsigned first = histogram->first + column * histogram->per_column;
    uint64_t count = 0;

    for (unsigned i = 0;
         i < histogram->per_column && first + i < histogram->end; i++) {
        count += histogram->all->buckets[first + i];
    }
    return count;
}

static void
draw_bars(const struct histogram *histogram, unsigned columns, unsigned here,
          const struct theme *theme, struct screen *screen, int x, int y)
{
    uint64_t most = 0;

    for (unsigned i = 0; i < columns; i++) {
        uint64_t count = column_count(histogram, i);

        most = count > most ? count : most;
    }
    for (unsigned i = 0; i < columns; i++) {
        unsigned level = theme_level_of(column_count(histogram, i), most);

        if (i == here) {
            screen_put(screen, x + (int)i, y, theme_glyph(theme, GLYPH_HERE),
                       theme_style(theme, PART_CURSOR));
        } else if (level > 0) {
            screen_put(screen, x + (int)i, y, theme_level(theme, level),
                       theme_style(theme, PART_COUNTER));
        }
    }
}

static int
draw_text(struct screen *screen, int x, int y, const char *text,
          struct screen_style style)
{
    return x
           + (int)screen_text(screen, x, y, screen_width(screen), text,
                              strlen(text), style);
}

int
histogram_draw(const struct call_rank *calls, bool has_here, uint64_t here_ns,
               const struct theme *theme, struct screen *screen,
               const struct histogram_place *place)
{
    struct screen_style faint = theme_style(theme, PART_FAINT);
    unsigned here = call_rank_bucket(here_ns);
    struct histogram histogram = {
        .all = calls,
        .first = call_rank_bucket(calls->min_ns),
        .end = call_rank_bucket(calls->max_ns) + 1,
    };
    char least[TEXT_NUMBER_SIZE];
    char most[TEXT_NUMBER_SIZE];
    unsigned count;
    int x = place->x;

    (void)text_duration(least, sizeof least, calls->min_ns, theme->is_ascii);
    (void)text_duration(most, sizeof most, calls->max_ns, theme->is_ascii);
    histogram.per_column =
        (histogram.end - histogram.first + place->width - 1) / place->width;
    count = (histogram.end - histogram.first + histogram.per_column - 1)
            / histogram.per_column;
    here = !has_here || here < histogram.first || here >= histogram.end
               ? count /* outside the scope, and unlike any call in it */
               : (here - histogram.first) / histogram.per_column;
    x = draw_text(screen, x, place->y, least, faint) + 1;
    draw_bars(&histogram, count, here, theme, screen, x, place->y);
    x += (int)count + 1;
    x = draw_text(screen, x, place->y, most, faint) + 2;
    return draw_text(screen, x, place->y, "log time", faint);
}

void
histogram_draw_row(const struct call_rank *calls, bool has_here,
                   uint64_t here_ns, const struct theme *theme,
                   struct screen *screen, const struct histogram_place *place)
{
    const struct {
        const char *name;
        uint64_t duration_ns;
        unsigned rank; /* which stay longest */
    } percentiles[] = {
        {"p50", calls->p50_ns, 1},
        {"p90", calls->p90_ns, 4},
        {"p95", calls->p95_ns, 2},
        {"p99", calls->p99_ns, 3},
    };
    struct pieces pieces = {0};
    char text[TEXT_NUMBER_SIZE];
    int x;

    if (calls->count == 0) {
        return;
    }
    x = histogram_draw(calls, has_here, here_ns, theme, screen, place) + 1;
    for (size_t i = 0; i < sizeof percentiles / sizeof percentiles[0]; i++) {
        pieces_add(&pieces, percentiles[i].rank, true, PART_TEXT, "%s %s",
                   percentiles[i].name,
                   text_duration(text, sizeof text, percentiles[i].duration_ns,
                                 theme->is_ascii));
    }
    if (x < (int)screen_width(screen)) {
        pieces_draw(&pieces, theme, screen, x, place->y,
                    screen_width(screen) - (unsigned)x);
    }
}
