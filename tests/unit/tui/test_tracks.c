// SPDX-License-Identifier: Apache-2.0
/* Which tracks are shown, on random traces. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdlib.h>

#include <cjson/cJSON.h>

#include "base/error.h"
#include "support/trace_random.h"
#include "tui/app.h"
#include "tui/layout.h"
#include "tui/screen.h"
#include "unit/tui/stage.h"

/* Keys that change which rows there are. */
static void
shuffle_tracks(struct stage *stage, int steps)
{
    static const char *const keys[] = {
        "p",   "x",   "P",   "{",   "}", "G", "g", "z a", "C-f", "k",
        "C-u", "z z", "z M", "z R", "j", "J", "K", "z h", "z H",
    };

    for (int i = 0; i < steps; i++) {
        stage_press(
            stage,
            keys[random_below(&stage->random, sizeof keys / sizeof keys[0])]);
    }
}

/* The row of the cursor; -1 when it has none. */
static int
cursor_row(struct stage *stage)
{
    struct cJSON *object = stage_view(stage);
    struct cJSON *cursor = cJSON_GetObjectItem(object, "cursor");
    int row =
        cJSON_IsNull(cursor) ? -1 : cJSON_GetObjectItem(cursor, "y")->valueint;

    cJSON_Delete(object);
    return row;
}

Test(tracks, the_cursor_is_always_in_a_row_that_is_shown)
{
    for (uint64_t seed = 1; seed <= 12; seed++) {
        struct stage stage;

        stage_open(&stage, seed);
        for (int i = 0; i < 25; i++) {
            unsigned width = 20 + (unsigned)random_below(&stage.random, 120);
            unsigned height = 5 + (unsigned)random_below(&stage.random, 40);
            struct layout layout = layout_of(width, height);
            int row;

            stage_resize(&stage, width, height);
            shuffle_tracks(&stage, 6);
            stage_press(&stage, "0");
            row = cursor_row(&stage);
            cr_assert(ge(int, row, layout.tracks_row), "seed %lu", seed);
            cr_assert(
                lt(int, row, layout.tracks_row + (int)layout.track_height),
                "seed %lu", seed);
        }
        stage_close(&stage);
    }
}

Test(tracks, what_is_hidden_comes_back_from_the_list_and_undo_hides_it)
{
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct stage stage;
        struct screen_cell *before;
        struct screen_cell *hidden;

        stage_open(&stage, seed);
        stage_press(&stage, "} C-l");
        before = stage_grab(&stage);
        stage_press(&stage, "x C-l");
        hidden = stage_grab(&stage);
        if (stage_first_difference(before, hidden, 80 * 24) < 80 * 24) {
            stage_press(&stage, "X Enter C-l");
            stage_expect_same(&stage, before, seed, "shown again");
            stage_press(&stage, "u C-l");
            stage_expect_same(&stage, hidden, seed, "hidden again");
            stage_press(&stage, "u C-l");
            stage_expect_same(&stage, before, seed, "never hidden");
        }
        free(before);
        free(hidden);
        stage_close(&stage);
    }
}

Test(tracks, undo_of_a_pin_is_never_to_have_pinned)
{
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct stage stage;
        struct screen_cell *before;
        struct screen_cell *pinned;

        stage_open(&stage, seed);
        shuffle_tracks(&stage, 4);
        stage_press(&stage, "z R C-l");
        before = stage_grab(&stage);
        stage_press(&stage, "p C-l");
        pinned = stage_grab(&stage);
        if (stage_first_difference(before, pinned, 80 * 24) < 80 * 24) {
            stage_press(&stage, "u C-l");
            stage_expect_same(&stage, before, seed, "undo of a pin");
        }
        free(before);
        free(pinned);
        stage_close(&stage);
    }
}

Test(tracks, colours_and_times_come_round_and_are_undone)
{
    for (uint64_t seed = 1; seed <= 7; seed++) {
        struct stage stage;
        struct screen_cell *before;

        stage_open(&stage, seed);
        before = stage_grab(&stage);
        stage_press(&stage, "c c c T T C-l");
        stage_press(&stage, "u u u u u C-l");
        stage_expect_same(&stage, before, seed, "undone");
        stage_press(&stage, "c c c c c c T T T T C-l");
        stage_expect_same(&stage, before, seed, "come round");
        free(before);
        stage_close(&stage);
    }
}

/* A track that can be moved, moved back, is where it was. */
Test(tracks, moved_there_and_back_is_where_it_was_and_undo_too)
{
    for (uint64_t seed = 1; seed <= 20; seed++) {
        static const char *const ways[] = {"J C-l", "K C-l"};
        size_t way = seed % 2;
        struct stage stage;
        struct screen_cell *before;
        struct screen_cell *moved;

        stage_open(&stage, seed);
        shuffle_tracks(&stage, 5);
        stage_press(&stage, "z M g } C-l");
        before = stage_grab(&stage);
        stage_press(&stage, ways[way]);
        moved = stage_grab(&stage);
        if (stage_first_difference(before, moved, 80 * 24) < 80 * 24) {
            stage_press(&stage, "u C-l");
            stage_expect_same(&stage, before, seed, "undo of a move");
            stage_press(&stage, "C-r C-l");
            stage_expect_same(&stage, moved, seed, "redo of a move");
            stage_press(&stage, ways[1 - way]);
            stage_expect_same(&stage, before, seed, "there and back");
        }
        free(before);
        free(moved);
        stage_close(&stage);
    }
}

/* The same trace read again: what was moved, folded, pinned, hidden and halved
 * is so still. */
Test(tracks, a_reload_keeps_what_was_done_with_them)
{
    for (uint64_t seed = 1; seed <= 12; seed++) {
        struct error err = {0};
        struct stage stage;
        struct screen_cell *before;

        stage_open(&stage, seed);
        shuffle_tracks(&stage, 12);
        stage_press(&stage, "0 g C-l");
        before = stage_grab(&stage);
        cr_assert(app_reload(stage.app, stage.model, &err), "%s", err.message);
        stage_expect_same(&stage, before, seed, "read again");
        free(before);
        stage_close(&stage);
    }
}
