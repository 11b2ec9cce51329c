// SPDX-License-Identifier: Apache-2.0
/* The mouse on the timeline of random traces. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdio.h>
#include <stdlib.h>

#include <cjson/cJSON.h>

#include "base/error.h"
#include "support/trace_random.h"
#include "tui/app.h"
#include "tui/layout.h"
#include "tui/mouse.h"
#include "tui/screen.h"
#include "unit/tui/stage.h"

#define MS UINT64_C(1000000)

static void
point(struct stage *stage, enum mouse_kind kind, enum mouse_button button,
      unsigned x, unsigned y)
{
    struct mouse_event event = {.kind = kind, .button = button, .x = x, .y = y};
    struct error err = {0};
    bool has_quit = false;

    cr_assert(app_mouse(stage->app, &event, &has_quit, &err), "%s",
              err.message);
    cr_assert(app_draw(stage->app, &err), "%s", err.message);
}

static void
drag(struct stage *stage, enum mouse_button button, const unsigned from[2],
     const unsigned to[2])
{
    point(stage, MOUSE_PRESS, button, from[0], from[1]);
    point(stage, MOUSE_DRAG, button, (from[0] + to[0]) / 2,
          (from[1] + to[1]) / 2);
    point(stage, MOUSE_DRAG, button, to[0], to[1]);
    point(stage, MOUSE_RELEASE, button, to[0], to[1]);
}

static void
click(struct stage *stage, enum mouse_button button, unsigned x, unsigned y)
{
    point(stage, MOUSE_PRESS, button, x, y);
    point(stage, MOUSE_RELEASE, button, x, y);
}

static struct layout
layout(void)
{
    return layout_of(80, 24);
}

static double
time_at(struct stage *stage, unsigned x)
{
    return stage_view_number(stage, "start_ns")
           + (x - layout().gutter) * stage_view_number(stage, "column_ns");
}

/* A number of the area; -1 = there is none. */
static double
area_number(struct stage *stage, const char *name)
{
    struct cJSON *object = stage_view(stage);
    struct cJSON *area =
        cJSON_GetObjectItem(cJSON_GetObjectItem(object, "view"), "area");
    double value = cJSON_IsNull(area)
                       ? -1
                       : cJSON_GetNumberValue(cJSON_GetObjectItem(area, name));

    cJSON_Delete(object);
    return value;
}

static unsigned
random_between(struct stage *stage, unsigned from, unsigned to)
{
    return from + (unsigned)random_below(&stage->random, to - from);
}

Test(mouse, the_wheel_zooms_at_the_pointer)
{
    for (uint64_t seed = 1; seed <= 10; seed++) {
        struct stage stage;
        unsigned y = (unsigned)layout().ruler_row;

        stage_open(&stage, seed);
        for (int i = 0; i < 12; i++) {
            unsigned x = random_between(&stage, layout().gutter, 80);
            double before = time_at(&stage, x);

            point(&stage, MOUSE_WHEEL_UP, MOUSE_BUTTON_NONE, x, y);
            if (before >= 0
                && before <= (double)stage_view_number(&stage, "end_ns")) {
                double column_ns = stage_view_number(&stage, "column_ns");

                cr_assert(le(dbl, time_at(&stage, x), before + 0.5), "seed %lu",
                          seed);
                cr_assert(gt(dbl, time_at(&stage, x) + column_ns, before),
                          "seed %lu", seed);
            }
        }
        stage_close(&stage);
    }
}

Test(mouse, dragging_the_ruler_shows_what_was_dragged_over)
{
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct stage stage;
        unsigned y = (unsigned)layout().ruler_row;
        unsigned from[2] = {0, y};
        unsigned to[2] = {0, y};
        double start_ns;
        double end_ns;

        stage_open(&stage, seed);
        stage_press(&stage, "w w");
        from[0] = random_between(&stage, layout().gutter, 80);
        do {
            to[0] = random_between(&stage, layout().gutter, 80);
        } while (to[0] == from[0]);
        start_ns = time_at(&stage, from[0] < to[0] ? from[0] : to[0]);
        end_ns = time_at(&stage, (from[0] < to[0] ? to[0] : from[0]) + 1);
        drag(&stage, MOUSE_BUTTON_LEFT, from, to);
        if (start_ns >= 0) {
            double width =
                (80 - layout().gutter) * stage_view_number(&stage, "column_ns");

            cr_assert(le(dbl, stage_view_number(&stage, "start_ns"), start_ns),
                      "seed %lu", seed);
            cr_assert(lt(dbl, width, 2 * (end_ns - start_ns) + 200),
                      "seed %lu: no wider than needed", seed);
        }
        stage_close(&stage);
    }
}

Test(mouse, dragging_over_cells_makes_an_area)
{
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct stage stage;
        unsigned from[2] = {0, 0};
        unsigned to[2];
        double start_ns;
        double end_ns;

        stage_open(&stage, seed);
        stage_press(&stage, "w");
        from[0] = random_between(&stage, layout().gutter, 80);
        from[1] = 5;
        to[0] = random_between(&stage, layout().gutter, 80);
        to[1] = 9;
        start_ns = time_at(&stage, from[0] < to[0] ? from[0] : to[0]);
        end_ns = time_at(&stage, (from[0] < to[0] ? to[0] : from[0]) + 1);
        drag(&stage, MOUSE_BUTTON_LEFT, from, to);
        cr_assert(eq(dbl, area_number(&stage, "start_ns"), start_ns),
                  "seed %lu", seed);
        cr_assert(eq(dbl, area_number(&stage, "end_ns"), end_ns), "seed %lu",
                  seed);
        stage_close(&stage);
    }
}

Test(mouse, an_edge_of_the_area_can_be_dragged)
{
    struct stage stage;
    unsigned from[2] = {30, 5};
    unsigned to[2] = {50, 5};
    unsigned edge[2] = {50, 5};
    unsigned further[2] = {60, 5};
    unsigned back[2] = {20, 5};
    double start_ns;

    stage_open(&stage, 2);
    stage_press(&stage, "w");
    drag(&stage, MOUSE_BUTTON_LEFT, from, to);
    start_ns = area_number(&stage, "start_ns");
    drag(&stage, MOUSE_BUTTON_LEFT, edge, further);
    cr_assert(eq(dbl, area_number(&stage, "start_ns"), start_ns));
    cr_assert(eq(dbl, area_number(&stage, "end_ns"), time_at(&stage, 61)));
    drag(&stage, MOUSE_BUTTON_LEFT, further, back);
    cr_assert(eq(dbl, area_number(&stage, "start_ns"), time_at(&stage, 20)));
    cr_assert(eq(dbl, area_number(&stage, "end_ns"), start_ns + 1),
              "the other edge stays");
    stage_close(&stage);
}

Test(mouse, the_right_button_pans_and_back_is_the_same)
{
    for (uint64_t seed = 1; seed <= 10; seed++) {
        struct stage stage;
        struct screen_cell *before;
        unsigned x = layout().gutter + 30;
        double start_ns;

        stage_open(&stage, seed);
        stage_press(&stage, "w w w");
        before = stage_grab(&stage);
        start_ns = stage_view_number(&stage, "start_ns");
        point(&stage, MOUSE_PRESS, MOUSE_BUTTON_RIGHT, x, 5);
        point(&stage, MOUSE_DRAG, MOUSE_BUTTON_RIGHT, x - 7, 5);
        cr_expect(eq(dbl, stage_view_number(&stage, "start_ns"),
                     start_ns + 7 * stage_view_number(&stage, "column_ns")),
                  "seed %lu", seed);
        point(&stage, MOUSE_DRAG, MOUSE_BUTTON_RIGHT, x + 20, 5);
        point(&stage, MOUSE_DRAG, MOUSE_BUTTON_RIGHT, x, 5);
        point(&stage, MOUSE_RELEASE, MOUSE_BUTTON_RIGHT, x, 5);
        stage_expect_same(&stage, before, seed, "after a drag and back");
        free(before);
        stage_close(&stage);
    }
}

static void
random_events(struct stage *stage, int count)
{
    static const enum mouse_button buttons[] = {
        MOUSE_BUTTON_LEFT, MOUSE_BUTTON_MIDDLE, MOUSE_BUTTON_RIGHT};
    unsigned width = screen_width(app_screen(stage->app)) + 2;
    unsigned height = screen_height(app_screen(stage->app)) + 2;

    for (int i = 0; i < count; i++) {
        enum mouse_kind kind = (enum mouse_kind)random_below(&stage->random, 7);

        if (random_permille(&stage->random, 500)) {
            kind = MOUSE_DRAG;
        }
        point(stage, kind, buttons[random_below(&stage->random, 3)],
              (unsigned)random_below(&stage->random, width),
              (unsigned)random_below(&stage->random, height));
    }
}

Test(mouse, anything_can_be_done_anywhere)
{
    for (uint64_t seed = 1; seed <= 10; seed++) {
        struct stage stage;

        stage_open(&stage, seed);
        for (int i = 0; i < 12; i++) {
            stage_resize(&stage, random_between(&stage, 1, 140),
                         random_between(&stage, 1, 50));
            random_events(&stage, 25);
            stage_wander(&stage, 3);
        }
        stage_close(&stage);
    }
}

Test(mouse, one_drag_is_one_step_of_undo)
{
    for (uint64_t seed = 1; seed <= 30; seed++) {
        struct stage stage;
        struct screen_cell *before;
        struct screen_cell *after;
        unsigned from[2];
        unsigned to[2];

        stage_open(&stage, seed);
        stage_wander(&stage, 8);
        stage_press(&stage, "Esc Esc Esc Esc C-l");
        before = stage_grab(&stage);
        from[0] = random_between(&stage, 0, 80);
        to[0] = random_between(&stage, 0, 80);
        from[1] = random_between(&stage, 1, 22);
        to[1] = random_between(&stage, 1, 22);
        if (from[0] == to[0]) {
            to[0] ^= 1;
        }
        drag(&stage,
             random_permille(&stage.random, 500) ? MOUSE_BUTTON_LEFT
                                                 : MOUSE_BUTTON_MIDDLE,
             from, to);
        stage_press(&stage, "C-l");
        after = stage_grab(&stage);
        if (stage_first_difference(before, after, 80 * 24) < 80 * 24) {
            stage_press(&stage, "u C-l");
            stage_expect_same(&stage, before, seed, "undo of a drag");
        }
        free(before);
        free(after);
        stage_close(&stage);
    }
}

Test(mouse, a_double_click_fits_the_slice_only_when_there_is_a_clock)
{
    struct stage stage;
    double column_ns;

    stage_open(&stage, 3);
    stage_press(&stage, "g j j l");
    column_ns = stage_view_number(&stage, "column_ns");
    stage_press(&stage, "g");
    for (int i = 0; i < 2; i++) {
        click(&stage, MOUSE_BUTTON_LEFT, 40, 6);
    }
    cr_assert(eq(dbl, stage_view_number(&stage, "column_ns"), column_ns));
    app_set_time(stage.app, 1000 * MS);
    click(&stage, MOUSE_BUTTON_LEFT, 40, 6);
    app_set_time(stage.app, 3000 * MS);
    click(&stage, MOUSE_BUTTON_LEFT, 40, 6);
    cr_assert(eq(dbl, stage_view_number(&stage, "column_ns"), column_ns),
              "two seconds apart");
    app_set_time(stage.app, 3200 * MS);
    click(&stage, MOUSE_BUTTON_LEFT, 40, 6);
    cr_assert(lt(dbl, stage_view_number(&stage, "column_ns"), column_ns));
    stage_close(&stage);
}

Test(mouse, the_slice_that_is_clicked_covers_the_column)
{
    unsigned selected = 0;

    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct stage stage;

        stage_open(&stage, seed);
        for (int i = 0; i < 20; i++) {
            unsigned x = random_between(&stage, layout().gutter, 80);
            unsigned y = random_between(&stage, (unsigned)layout().tracks_row,
                                        (unsigned)layout().tracks_row
                                            + layout().track_height);
            double column_start = time_at(&stage, x);
            double column_end = time_at(&stage, x + 1);
            struct cJSON *object;
            struct cJSON *slice;

            stage_press(&stage, "Home 0");
            click(&stage, MOUSE_BUTTON_LEFT, x, y);
            object = stage_view(&stage);
            slice = cJSON_GetObjectItem(cJSON_GetObjectItem(object, "view"),
                                        "slice");
            if (stage_cursor_column(&stage) == (int)x && !cJSON_IsNull(slice)) {
                selected++;
                cr_assert(lt(dbl,
                             cJSON_GetNumberValue(
                                 cJSON_GetObjectItem(slice, "start_ns")),
                             column_end),
                          "seed %lu", seed);
                cr_assert(ge(dbl,
                             cJSON_GetNumberValue(
                                 cJSON_GetObjectItem(slice, "end_ns")),
                             column_start),
                          "seed %lu", seed);
            }
            cJSON_Delete(object);
        }
        stage_close(&stage);
    }
    cr_assert(gt(uint, selected, 100), "many were hit");
}

Test(mouse, the_context_menu_runs_what_is_chosen)
{
    struct stage stage;

    stage_open(&stage, 3);
    stage_press(&stage, "g j");
    click(&stage, MOUSE_BUTTON_RIGHT, 40, 5);
    stage_press(&stage, "R"); /* the key of a line chooses it */
    cr_assert(ge(dbl, area_number(&stage, "start_ns"), 0),
              "R takes the slice as the area");
    click(&stage, MOUSE_BUTTON_RIGHT, 40, 5);
    stage_press(&stage, "Esc");
    cr_assert(ge(dbl, area_number(&stage, "start_ns"), 0),
              "Esc only closes the menu");
    stage_press(&stage, "Esc");
    cr_assert(lt(dbl, area_number(&stage, "start_ns"), 0));
    stage_close(&stage);
}

Test(mouse, a_key_that_is_held_pans_faster)
{
    struct stage stage;
    double column_ns;
    double start_ns;
    double step_ns;

    stage_open(&stage, 3);
    stage_press(&stage, "Home w w w w w w w w w w w w w w w");
    column_ns = stage_view_number(&stage, "column_ns");
    step_ns = column_ns * ((80 - layout().gutter) / 10);
    for (unsigned held_ms = 0; held_ms <= 2000; held_ms += 40) {
        int steps = held_ms >= 1500 ? 4 : held_ms >= 500 ? 2 : 1;

        start_ns = stage_view_number(&stage, "start_ns");
        app_set_time(stage.app, (5000 + held_ms) * MS);
        stage_press(&stage, "d");
        cr_assert(eq(dbl, stage_view_number(&stage, "start_ns") - start_ns,
                     steps * step_ns),
                  "after %u ms", held_ms);
    }
    app_set_time(stage.app, 9000 * MS);
    start_ns = stage_view_number(&stage, "start_ns");
    stage_press(&stage, "d");
    cr_assert(
        eq(dbl, stage_view_number(&stage, "start_ns") - start_ns, step_ns),
        "a tap is one step");
    stage_close(&stage);
}
