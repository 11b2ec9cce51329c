// SPDX-License-Identifier: Apache-2.0
/* Where the cursor goes, and what follows it. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdio.h>
#include <stdlib.h>

#include <cjson/cJSON.h>

#include "base/error.h"
#include "model/trace_model.h"
#include "support/trace_random.h"
#include "tui/app.h"
#include "tui/layout.h"
#include "tui/screen.h"
#include "tui/time_grid.h"
#include "unit/tui/stage.h"

Test(app_cursor, is_on_a_slice_at_first)
{
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct stage stage;
        struct cJSON *object;

        stage_open(&stage, seed);
        object = stage_view(&stage);
        cr_expect(cJSON_IsObject(cJSON_GetObjectItem(
                      cJSON_GetObjectItem(object, "view"), "slice")),
                  "seed %lu", seed);
        cJSON_Delete(object);
        stage_close(&stage);
    }
}

/* Whether the selection is seen, or an arrow in its row says where it is. */
static bool
selection_is_shown(struct stage *stage)
{
    struct cJSON *object = stage_view(stage);
    struct cJSON *slice =
        cJSON_GetObjectItem(cJSON_GetObjectItem(object, "view"), "slice");
    bool has_slice = cJSON_IsObject(slice);
    const struct screen *screen = app_screen(stage->app);
    bool is_shown = !has_slice;

    cJSON_Delete(object);
    for (unsigned y = 0; y + 2 < screen_height(screen); y++) {
        for (unsigned x = 0; x < screen_width(screen); x++) {
            is_shown |= stage_is_selection(screen_at(screen, x, y));
        }
    }
    return is_shown;
}

Test(app_cursor, the_selection_is_on_screen_or_an_arrow_points_at_it)
{
    for (uint64_t seed = 1; seed <= 10; seed++) {
        struct stage stage;

        stage_open(&stage, seed);
        for (int i = 0; i < 60; i++) {
            stage_wander(&stage, 1);
            cr_assert(selection_is_shown(&stage), "seed %lu, key %d", seed, i);
        }
        stage_close(&stage);
    }
}

Test(app_cursor, the_window_follows_the_cursor)
{
    static const char *const moves[] = {"h", "l", ",", ".", "j", "k", "%"};

    for (uint64_t seed = 1; seed <= 10; seed++) {
        struct stage stage;

        stage_open(&stage, seed);
        stage_press(&stage, "j w w w w w");
        for (int i = 0; i < 80; i++) {
            double before = stage_view_number(&stage, "time_ns");
            const char *move = moves[random_below(&stage.random, 7)];

            stage_press(&stage, move);
            if (stage_view_number(&stage, "time_ns") != before) {
                cr_assert(ge(int, stage_cursor_column(&stage), 0),
                          "seed %lu after %s", seed, move);
            }
        }
        stage_close(&stage);
    }
}

Test(app_cursor, the_last_column_is_in_view_and_the_next_is_not)
{
    struct stage stage;
    int last = 79;

    stage_open(&stage, 3);
    stage_press(&stage, "w w w w w w");
    for (int i = 0; i < 400; i++) {
        int column;

        stage_press(&stage, ".");
        column = stage_cursor_column(&stage);
        cr_assert(ge(int, column, 13));
        cr_assert(le(int, column, last));
    }
    stage_close(&stage);
}

/* Edges of windows in the overview, the second row. */
static unsigned
count_edges(struct stage *stage)
{
    static const uint32_t edges[] = {0x2590, 0x258C, '(', ')', 0};
    const struct screen *screen = app_screen(stage->app);
    unsigned count = 0;

    cr_assert(app_draw(stage->app, NULL));
    for (unsigned x = 0; x < screen_width(screen); x++) {
        for (size_t i = 0; edges[i] != 0; i++) {
            count += screen_at(screen, x, 1)->character[0] == edges[i];
        }
    }
    return count;
}

/* Until the next key, which undo takes back. An edge may be off screen. */
Test(app_cursor, the_overview_tells_where_a_jump_came_from)
{
    for (uint64_t seed = 1; seed <= 7; seed++) {
        struct stage stage;
        struct screen_cell *jumped;
        unsigned at_start;
        unsigned at_end;
        unsigned both;

        stage_open(&stage, seed);
        stage_press(&stage, "Home w w w w w w w w w w Home");
        at_start = count_edges(&stage);
        stage_press(&stage, "End");
        both = count_edges(&stage);
        jumped = stage_grab(&stage);
        stage_press(&stage, "a");
        at_end = count_edges(&stage);
        cr_expect(at_start > 0 && at_end > 0 && at_start + at_end <= 4,
                  "seed %lu", seed);
        cr_expect(eq(uint, both, at_start + at_end), "seed %lu", seed);
        stage_press(&stage, "u");
        stage_expect_same(&stage, jumped, seed, "undo");
        stage_press(&stage, "A");
        cr_expect(count_edges(&stage) <= 2, "seed %lu", seed);
        free(jumped);
        stage_close(&stage);
    }
}

Test(app_cursor, a_resize_keeps_the_cursor_at_its_relative_place)
{
    for (uint64_t seed = 1; seed <= 10; seed++) {
        struct stage stage;
        int narrow;
        int wide;

        stage_open(&stage, seed);
        stage_press(&stage, "w w w w w w . . . d");
        narrow = stage_cursor_column(&stage);
        stage_resize(&stage, 13 + 4 * 67 + 11, 24); /* the gutter grows by 11 */
        wide = stage_cursor_column(&stage);
        if (narrow >= 0) {
            cr_expect(eq(int, wide - 24, (narrow - 13) * 4), "seed %lu", seed);
        }
        stage_close(&stage);
    }
}

Test(app_cursor, rows_scroll_no_further_than_the_cursor_needs)
{
    struct stage stage;
    struct screen_cell *bottom;
    struct screen_cell *up;
    size_t row = 3 * 40; /* the first of the tracks */

    stage_open(&stage, 4); /* two processes with their counters */
    stage_resize(&stage, 40, 12);
    stage_press(&stage, "G");
    bottom = stage_grab(&stage);
    stage_press(&stage, "k");
    up = stage_grab(&stage);
    cr_expect(eq(sz, stage_first_difference(bottom + row, up + row, 40), 40),
              "one step up from the end does not scroll");
    free(bottom);
    free(up);
    stage_close(&stage);
}

Test(app_cursor, steps_forward_and_back_are_the_identity)
{
    for (uint64_t seed = 1; seed <= 10; seed++) {
        struct stage stage;
        double start;

        stage_open(&stage, seed);
        stage_press(&stage, "j j . .");
        start = stage_view_number(&stage, "time_ns");
        stage_press(&stage, ". . . . .");
        if (stage_view_number(&stage, "time_ns") != start) {
            uint64_t steps = 0;

            stage_press(&stage, ", , , , ,");
            while (stage_view_number(&stage, "time_ns") < start
                   && steps++ < 5) {
                stage_press(&stage, "."); /* there were less than five ahead */
            }
            cr_expect(eq(dbl, stage_view_number(&stage, "time_ns"), start),
                      "seed %lu", seed);
        }
        stage_close(&stage);
    }
}
