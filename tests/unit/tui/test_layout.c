// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "tui/layout.h"

static int
shown(int row)
{
    return row != LAYOUT_NONE;
}

Test(layout, rows_are_apart_and_fill_the_screen)
{
    for (unsigned width = LAYOUT_MIN_WIDTH; width <= 500; width++) {
        for (unsigned height = LAYOUT_MIN_HEIGHT; height <= 200; height++) {
            struct layout layout = layout_of(width, height);
            unsigned others =
                (unsigned)(shown(layout.tabs_row) + shown(layout.overview_row)
                           + 1 + shown(layout.bar_row) + 1);

            cr_assert(not(layout.is_too_small));
            cr_assert(eq(uint, layout.track_height + others, height));
            cr_assert(ge(uint, layout.track_height, 3));
            cr_assert(eq(uint, layout.gutter + layout.track_width, width));
            cr_assert(eq(int, layout.status_row,
                         layout.tracks_row + (int)layout.track_height));
        }
    }
}

Test(layout, parts_go_in_the_documented_order)
{
    cr_expect(shown(layout_of(80, 10).bar_row));
    cr_expect(not(shown(layout_of(80, 9).bar_row)));
    cr_expect(shown(layout_of(80, 9).overview_row));
    cr_expect(not(shown(layout_of(80, 8).overview_row)));
    cr_expect(shown(layout_of(80, 7).tabs_row));
    cr_expect(not(shown(layout_of(80, 6).tabs_row)));
    cr_expect(eq(uint, layout_of(60, 24).gutter, 13));
    cr_expect(eq(uint, layout_of(59, 24).gutter, 0));
    cr_expect(eq(uint, layout_of(160, 50).gutter, 24));
}

Test(layout, below_the_minimum_it_is_too_small)
{
    cr_expect(layout_of(19, 24).is_too_small);
    cr_expect(layout_of(80, 4).is_too_small);
    cr_expect(layout_of(0, 0).is_too_small);
    cr_expect(not(layout_of(20, 5).is_too_small));
}

Test(layout, the_details_take_rows_of_the_tracks_only)
{
    for (unsigned width = LAYOUT_MIN_WIDTH; width <= 300; width += 7) {
        for (unsigned height = LAYOUT_MIN_HEIGHT; height <= 200; height++) {
            struct layout without = layout_of(width, height);
            struct layout layout = layout_with_details(width, height);

            cr_assert(ge(uint, layout.details_height, 1));
            cr_assert(ge(uint, layout.track_height, 2));
            cr_assert(eq(uint, layout.track_height + layout.details_height,
                         without.track_height));
            cr_assert(ge(uint, layout.track_height + 1, layout.details_height),
                      "%u rows", height);
            cr_assert(eq(int, layout.details_row,
                         layout.tracks_row + (int)layout.track_height));
            cr_assert(eq(int, layout.status_row, without.status_row));
            cr_assert(eq(uint, layout.track_width, without.track_width));
        }
    }
    cr_expect(eq(uint, layout_with_details(40, 10).details_height, 1));
    cr_expect(eq(uint, layout_with_details(80, 24).details_height, 10));
    cr_expect(layout_with_details(19, 24).is_too_small);
}
