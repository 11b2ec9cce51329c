// SPDX-License-Identifier: Apache-2.0
/* Two areas compared, on random traces. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/error.h"
#include "model/trace_model.h"
#include "support/trace_random.h"
#include "tui/app.h"
#include "tui/screen.h"
#include "unit/tui/stage.h"

static void
expect_whole_rows(struct stage *stage)
{
    const struct screen *screen = app_screen(stage->app);

    free(stage_grab(stage));
    for (unsigned y = 0; y < screen_height(screen); y++) {
        unsigned x = 0;

        while (x < screen_width(screen)) {
            cr_assert(ne(int, screen_at(screen, x, y)->width, 0));
            x += screen_at(screen, x, y)->width;
        }
        cr_assert(eq(uint, x, screen_width(screen)));
    }
}

Test(compare, any_keys_at_any_size_leave_whole_rows)
{
    static const char *const keys[] = {"<", ">", "I", "j", "k",    "g",
                                       "G", "c", "C", "q", "PgDn", "Esc",
                                       "u", "x", "p", "J", "o",    "Enter"};

    for (uint64_t seed = 1; seed <= 6; seed++) {
        struct stage stage;

        stage_open(&stage, seed);
        stage_press(&stage, "g v G v m a Esc g v l l v m b");
        for (int i = 0; i < 60; i++) {
            stage_press(&stage,
                        keys[random_below(&stage.random,
                                          sizeof keys / sizeof keys[0])]);
            if (random_permille(&stage.random, 300)) {
                stage_resize(&stage,
                             1 + (unsigned)random_below(&stage.random, 170),
                             1 + (unsigned)random_below(&stage.random, 60));
            }
            expect_whole_rows(&stage);
        }
        stage_close(&stage);
    }
}

Test(compare, closed_again_the_view_is_as_it_was)
{
    for (uint64_t seed = 1; seed <= 6; seed++) {
        struct stage stage;
        struct screen_cell *before;

        stage_open(&stage, seed);
        stage_press(&stage, "g v G v m a Esc g v l l v C-l");
        before = stage_grab(&stage);
        stage_press(&stage, "C");
        free(stage_grab(&stage));
        stage_press(&stage, "> j I q C-l");
        stage_expect_same(&stage, before, seed, "compared");
        stage_press(&stage, "C");
        free(stage_grab(&stage));
        stage_press(&stage, "c u C-l");
        stage_expect_same(&stage, before, seed, "not coloured any more");
        free(before);
        stage_close(&stage);
    }
}

static void
message_of(struct stage *stage, char text[256])
{
    struct cJSON *object = stage_view(stage);

    (void)snprintf(
        text, 256, "%s",
        cJSON_GetStringValue(cJSON_GetObjectItem(object, "message")));
    cJSON_Delete(object);
}

Test(compare, without_two_areas_says_what_to_do)
{
    struct stage stage;
    char message[256];

    stage_open(&stage, 3);
    stage_press(&stage, "C");
    message_of(&stage, message);
    cr_assert(ne(ptr, strstr(message, "mark it (m a)"), NULL), "%s", message);
    stage_press(&stage, "g v G v m a");
    stage_press(&stage, "C"); /* it is the area that is shown */
    message_of(&stage, message);
    cr_assert(ne(ptr, strstr(message, "mark it (m a)"), NULL), "%s", message);
    stage_close(&stage);
}

/* The row of the screen that holds a text; -1 = none. */
static int
find_row(struct stage *stage, const char *text)
{
    const struct screen *screen = app_screen(stage->app);
    char row[512];

    free(stage_grab(stage));
    for (unsigned y = 0; y < screen_height(screen); y++) {
        for (unsigned x = 0; x < screen_width(screen); x++) {
            uint32_t c = screen_at(screen, x, y)->character[0];

            row[x] = c < 0x7F ? (char)c : '?';
        }
        row[screen_width(screen)] = '\0';
        if (strstr(row, text) != NULL) {
            return (int)y;
        }
    }
    return -1;
}

Test(compare, the_area_stands_against_mark_a)
{
    for (uint64_t seed = 1; seed <= 6; seed++) {
        struct stage stage;

        stage_open(&stage, seed);
        stage_resize(&stage, 130, 40);
        stage_press(&stage, "g v G v m a Esc g v l l v C");
        cr_assert(eq(int, find_row(&stage, " A  mark a: "),
                     find_row(&stage, " B  this area: ") - 1),
                  "seed %lu", seed);
        cr_assert(gt(int, find_row(&stage, "SELF A"), 0), "seed %lu", seed);
        stage_close(&stage);
    }
}

/* Two recordings, opened as one trace, the second one of them moved there by
 * the options. */
static struct trace_model *
open_both(const struct stage stages[2])
{
    const char *paths[] = {stages[0].oracle->path, stages[1].oracle->path};
    const char *names[] = {"/w/before.vzt", "/w/after.vzt"};
    struct trace_model_options options = {
        .thread_count = 1, .aligns_inputs = true, .names = names};
    struct trace_model *model = NULL;
    struct error err = {0};

    cr_assert(trace_model_open(&model, paths, 2, &options, &err), "%s",
              err.message);
    return model;
}

Test(compare, recordings_stand_below_each_other_and_can_be_compared)
{
    struct stage stages[2];
    struct stage both = {.random = {1}};
    struct app_options options = {.colour_count = 256, .title = "both"};
    struct error err = {0};
    struct screen_cell *before;

    stage_open(&stages[0], 3);
    stage_open(&stages[1], 1);
    both.model = open_both(stages);
    cr_assert(app_new(&both.app, both.model, &options, 130, 40, &err));
    cr_assert(gt(int, find_row(&both, "before.vzt  1 process"), 0));
    cr_assert(gt(int, find_row(&both, "after.vzt  2 processes"),
                 find_row(&both, "before.vzt  1 process")));
    stage_press(&both, "g C-l");
    before = stage_grab(&both);
    stage_press(&both, "J");
    cr_assert(lt(int, find_row(&both, "after.vzt  2 processes"),
                 find_row(&both, "before.vzt  1 process")));
    stage_press(&both, "K C-l");
    stage_expect_same(&both, before, 3, "moved there and back");
    stage_press(&both, "C");
    cr_assert(gt(int, find_row(&both, " A  before.vzt: all of it, "), 0));
    cr_assert(gt(int, find_row(&both, " B  after.vzt: all of it, "), 0));
    stage_press(&both, "q g Space G"); /* folded away */
    cr_assert(gt(int, find_row(&both, "after.vzt  2 processes"), 0));
    stage_wander(&both, 40);
    expect_whole_rows(&both);
    free(before);
    app_free(both.app);
    trace_model_close(both.model);
    stage_close(&stages[0]);
    stage_close(&stages[1]);
}
