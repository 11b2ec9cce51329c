// SPDX-License-Identifier: Apache-2.0
#include "tui/layout.h"

/* The smallest screens that show each part. */
enum {
    HEIGHT_WITH_TABS = 7,
    HEIGHT_WITH_OVERVIEW = 9,
    HEIGHT_WITH_BAR = 10,
    WIDTH_WITH_GUTTER = 60,
    WIDTH_WITH_MEDIUM_GUTTER = 110,
    WIDTH_WITH_WIDE_GUTTER = 160,
    GUTTER = 13,
    MEDIUM_GUTTER = 18,
    WIDE_GUTTER = 24,
    WIDTH_WITH_DETAILS = 40, /* more than one row of them */
    DETAILS_MIN = 6,
    DETAILS_MAX = 17, /* or a third of the rows, when that is more */
};

static unsigned
gutter_of(unsigned width)
{
    return width < WIDTH_WITH_GUTTER          ? 0
           : width < WIDTH_WITH_MEDIUM_GUTTER ? GUTTER
           : width < WIDTH_WITH_WIDE_GUTTER   ? MEDIUM_GUTTER
                                              : WIDE_GUTTER;
}

struct layout
layout_of(unsigned width, unsigned height)
{
    struct layout layout = {.width = width, .height = height};
    int row = 0;

    if (width < LAYOUT_MIN_WIDTH || height < LAYOUT_MIN_HEIGHT) {
        layout.is_too_small = true;
        return layout;
    }
    layout.details_row = LAYOUT_NONE;
    layout.tabs_row = height >= HEIGHT_WITH_TABS ? row++ : LAYOUT_NONE;
    layout.overview_row = height >= HEIGHT_WITH_OVERVIEW ? row++ : LAYOUT_NONE;
    layout.ruler_row = row++;
    layout.tracks_row = row;
    row = (int)height - 1;
    layout.bar_row = height >= HEIGHT_WITH_BAR ? row-- : LAYOUT_NONE;
    layout.status_row = row;
    layout.track_height = (unsigned)(layout.status_row - layout.tracks_row);
    layout.gutter = gutter_of(width);
    layout.track_width = width - layout.gutter;
    return layout;
}

struct layout
layout_with_details(unsigned width, unsigned height)
{
    struct layout layout = layout_of(width, height);
    unsigned most = layout.track_height / 3 > DETAILS_MAX
                        ? layout.track_height / 3
                        : DETAILS_MAX;
    unsigned rows = (layout.track_height + 1) / 2;

    if (layout.is_too_small) {
        return layout;
    }
    rows = width < WIDTH_WITH_DETAILS || rows < DETAILS_MIN ? 1
           : rows > most                                    ? most
                                                            : rows;
    layout.details_height = rows;
    layout.track_height -= rows;
    layout.details_row = layout.status_row - (int)rows;
    return layout;
}
