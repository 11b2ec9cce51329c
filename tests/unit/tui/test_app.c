// SPDX-License-Identifier: Apache-2.0
/* Properties of the whole viewer on random traces; each failure names its
 * seed. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/buffer.h"
#include "base/error.h"
#include "model/trace_model.h"
#include "support/effort.h"
#include "support/trace_random.h"
#include "tui/app.h"
#include "tui/layout.h"
#include "tui/screen.h"
#include "tui/theme.h"
#include "tui/time_grid.h"
#include "unit/tui/stage.h"

Test(app, every_row_is_whole_after_any_key)
{
    for (uint64_t seed = 1; seed <= effort(5, 12); seed++) {
        struct stage stage;

        stage_open(&stage, seed);
        for (int i = 0; i < 40; i++) {
            const struct screen *screen;
            struct screen_cell *cells;

            stage_resize(&stage, (unsigned)random_below(&stage.random, 130),
                         (unsigned)random_below(&stage.random, 50));
            stage_wander(&stage, 3);
            cells = stage_grab(&stage);
            screen = app_screen(stage.app);
            for (unsigned y = 0; y < screen_height(screen); y++) {
                unsigned x = 0;

                while (x < screen_width(screen)) {
                    x += screen_at(screen, x, y)->width;
                    cr_assert(ne(int, screen_at(screen, x - 1, y)->width,
                                 x > 1 ? 3 : 4));
                }
                cr_assert(eq(uint, x, screen_width(screen)));
            }
            free(cells);
        }
        stage_close(&stage);
    }
}

Test(app, a_long_name_leaves_room_for_the_counts)
{
    const struct app_options options = {
        .title = "load_generator_of_the_shop-20261122-181503-4711.vzt"};
    struct stage stage;

    stage_open(&stage, 1);
    for (unsigned width = 80; width <= 140; width++) {
        struct app *app = NULL;
        struct buffer text = {0};
        struct error err = {0};
        char *line_end;

        cr_assert(app_new(&app, stage.model, &options, width, 24, &err)
                      && app_draw(app, &err)
                      && app_dump(app, DUMP_TEXT, &text, &err),
                  "%s", err.message);
        line_end = strchr(text.data, '\n');
        *line_end = '\0';
        cr_expect(strstr(text.data, " calls ") != NULL, "%s", text.data);
        cr_expect(strstr(text.data, "load") != NULL, "%s", text.data);
        cr_expect(strstr(text.data, "vzt") != NULL, "%s", text.data);
        buffer_release(&text);
        app_free(app);
    }
    stage_close(&stage);
}

Test(app, two_thousand_random_keys_never_crash)
{
    static const char *const odd_keys[] = {"Esc", "z", "x",   "C-c", "F1",
                                           "M-x", "u", "C-r", "u",   "1"};

    for (uint64_t seed = 1; seed <= 8; seed++) {
        struct stage stage;
        struct error err = {0};

        stage_open(&stage, seed);
        for (int i = 0; i < 250; i++) {
            if (random_permille(&stage.random, 200)) {
                stage_press(&stage, odd_keys[random_below(&stage.random, 10)]);
            } else {
                stage_wander(&stage, 1);
            }
            if (random_permille(&stage.random, 50)) {
                stage_resize(&stage, (unsigned)random_below(&stage.random, 300),
                             (unsigned)random_below(&stage.random, 80));
            }
            if (random_permille(&stage.random, 200)) {
                cr_assert(app_draw(stage.app, &err), "%s", err.message);
            }
        }
        stage_close(&stage);
    }
}

Test(app, any_sizes_in_any_order_come_back_to_the_same_screen)
{
    for (uint64_t seed = 1; seed <= effort(5, 12); seed++) {
        struct stage stage;
        struct screen_cell *before;

        stage_open(&stage, seed);
        stage_wander(&stage, 12);
        stage_press(&stage, "Esc");
        before = stage_grab(&stage);
        for (int i = 0; i < 12; i++) {
            struct error err = {0};

            stage_resize(&stage, (unsigned)random_below(&stage.random, 500) + 1,
                         (unsigned)random_below(&stage.random, 200) + 1);
            cr_assert(app_draw(stage.app, &err), "%s", err.message);
        }
        stage_resize(&stage, 1, 1);
        stage_resize(&stage, 500, 200);
        stage_resize(&stage, 80, 24);
        stage_expect_same(&stage, before, seed, "the screen");
        free(before);
        stage_close(&stage);
    }
}

/* Nothing is said, no area is there and the numbers cover everything; what was
 * done before cannot be gone on with. */
static void
calm_down(struct stage *stage)
{
    stage_press(stage, "Esc Esc Esc");
}

Test(app, undo_after_any_command_restores_the_screen)
{
    for (uint64_t seed = 1; seed <= effort(5, 12); seed++) {
        struct stage stage;

        stage_open(&stage, seed);
        for (int i = 0; i < 60; i++) {
            char command[2 * KEY_NAME_SIZE];
            struct screen_cell *before;
            struct screen_cell *after;
            size_t tracks = 80 * (24 - 2); /* without status and bar */

            calm_down(&stage);
            if (random_permille(&stage.random, 300)) {
                stage_press(&stage, "v");
            }
            stage_press(&stage, "C-l"); /* no message, nothing else */
            before = stage_grab(&stage);
            do { /* marks stay whatever is undone */
                stage_random_command(&stage.random, command);
            } while (command[0] == 'm');
            stage_press(&stage, command);
            stage_press(&stage, "C-l");
            after = stage_grab(&stage);
            if (stage_first_difference(before, after, tracks) < tracks) {
                stage_press(&stage, "u");
                stage_expect_same(&stage, before, seed, command);
                stage_press(&stage, "C-r");
                stage_expect_same(&stage, after, seed, "redo");
            }
            free(before);
            free(after);
        }
        stage_close(&stage);
    }
}

/* Nor does the first command, which settles where the window is. */
Test(app, what_changes_nothing_is_no_step)
{
    struct stage stage;
    struct screen_cell *before;

    stage_open(&stage, 3);
    stage_press(&stage, "C u");
    cr_assert(stage_shows(&stage, "there is nothing to undo"));
    stage_press(&stage, "j C-l");
    before = stage_grab(&stage);
    stage_resize(&stage, 100, 30);
    stage_press(&stage, "C u u");
    cr_assert(stage_shows(&stage, "there is nothing to undo"));
    stage_resize(&stage, 80, 24);
    stage_press(&stage, "C-r C-l");
    stage_expect_same(&stage, before, 3, "redo of the step");
    free(before);
    stage_close(&stage);
}

Test(app, a_run_of_one_step_is_undone_at_once)
{
    struct stage stage;
    struct screen_cell *before;

    stage_open(&stage, 3);
    stage_press(&stage, "w w w w");
    before = stage_grab(&stage);
    stage_press(&stage, "d d d u");
    stage_expect_same(&stage, before, 3, "three pans");
    stage_press(&stage, "j . . . u");
    stage_press(&stage, "u");
    stage_expect_same(&stage, before, 3, "three steps");
    free(before);
    stage_close(&stage);
}

Test(app, what_was_undone_is_gone_after_another_change)
{
    struct stage stage;
    struct screen_cell *first;
    struct screen_cell *other;

    stage_open(&stage, 3);
    stage_press(&stage, "w");
    first = stage_grab(&stage);
    stage_press(&stage, "w w w u u s s");
    other = stage_grab(&stage);
    stage_press(&stage, "C-r C-l");
    stage_expect_same(&stage, other, 3, "redo after a change");
    stage_press(&stage, "u u u");
    stage_expect_same(&stage, first, 3, "undo of that change and one before");
    free(first);
    free(other);
    stage_close(&stage);
}

Test(app, the_scope_is_undone_and_redone_with_the_view)
{
    struct stage stage;

    stage_open(&stage, 3);
    stage_press(&stage, "v Enter S 3");
    cr_assert(not(stage_shows(&stage, "scope: whole trace")));
    stage_press(&stage, "u u C-r C-r");
    cr_assert(not(stage_shows(&stage, "scope: whole trace")));
    stage_press(&stage, "u u 3");
    cr_assert(stage_shows(&stage, "scope: whole trace"));
    stage_close(&stage);
}

Test(app, drawing_again_and_from_scratch_is_the_same)
{
    for (uint64_t seed = 1; seed <= 8; seed++) {
        struct stage first;
        struct stage second;
        char keys[40 * 2 * KEY_NAME_SIZE] = "";
        size_t used = 0;
        struct screen_cell *scratch;

        stage_open(&first, seed);
        stage_open(&second, seed);
        for (int i = 0; i < 40; i++) {
            struct error err = {0};
            char command[2 * KEY_NAME_SIZE];

            stage_random_command(&first.random, command);
            used += (size_t)snprintf(keys + used, sizeof keys - used, "%s ",
                                     command);
            stage_press(&first, command);
            cr_assert(app_draw(first.app, &err)); /* a frame after each key */
        }
        stage_press(&second, keys);
        scratch = stage_grab(&second);
        stage_expect_same(&first, scratch, seed, "the last frame");
        free(scratch);
        stage_close(&first);
        stage_close(&second);
    }
}
