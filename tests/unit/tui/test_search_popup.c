// SPDX-License-Identifier: Apache-2.0
/* Searching as a user does, on random traces; failures name their seed. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/error.h"
#include "model/slice_hits.h"
#include "model/trace_model.h"
#include "support/temporary_folder.h"
#include "support/trace_builder.h"
#include "tui/app.h"
#include "tui/screen.h"
#include "unit/tui/stage.h"

/* The cursor of the timeline. */
struct cursor {
    double start_ns;
    double track;
    double depth;
};

static struct cursor
cursor_of(struct stage *stage)
{
    return (struct cursor){
        stage_view_number(stage, "time_ns"),
        stage_view_number(stage, "row"),
        stage_view_number(stage, "depth"),
    };
}

static bool
is_same(const struct cursor *a, const struct cursor *b)
{
    return a->start_ns == b->start_ns && a->track == b->track
           && a->depth == b->depth;
}

/* As many calls as functions whose name ends so have, and instants. */
static uint64_t
calls_of(const struct stage *stage, char last)
{
    uint64_t count = 0;

    for (uint32_t i = 0; i < trace_model_function_count(stage->model); i++) {
        const struct model_function *function =
            trace_model_function(stage->model, i);

        if (function->name[strlen(function->name) - 1] == last) {
            count += function->call_count;
        }
    }
    for (size_t i = 0; i < trace_model_instant_count(stage->model); i++) {
        struct model_instant instant = trace_model_instant(stage->model, i);

        count += instant.name[instant.name_size - 1] == last;
    }
    return count;
}

Test(search_popup, next_visits_every_match_once_and_comes_round)
{
    for (uint64_t seed = 1; seed <= 5; seed++) {
        struct stage stage;
        uint64_t count;
        struct cursor first;
        struct cursor before;
        struct cursor now = {0};
        int wraps = 0;

        stage_open(&stage, seed);
        count = calls_of(&stage, '4');
        stage_press(&stage, "0 / 4 $ Enter");
        first = before = cursor_of(&stage);
        for (uint64_t i = 1; i < count && i < 60; i++) {
            stage_press(&stage, "n");
            now = cursor_of(&stage);
            cr_assert(not(is_same(&now, &first)), "seed %lu: %lu", seed, i);
            wraps += now.start_ns < before.start_ns;
            cr_assert(le(int, wraps, 1), "seed %lu: %lu", seed, i);
            stage_press(&stage, "N");
            now = cursor_of(&stage);
            cr_assert(is_same(&now, &before), "seed %lu: n N", seed);
            stage_press(&stage, "n");
            before = cursor_of(&stage);
        }
        if (count > 0 && count < 60) {
            stage_press(&stage, "n");
            now = cursor_of(&stage);
            cr_assert(is_same(&now, &first), "seed %lu: round", seed);
        }
        stage_close(&stage);
    }
}

Test(search_popup, escape_restores_the_view_and_the_search_before)
{
    for (uint64_t seed = 1; seed <= 6; seed++) {
        struct stage stage;
        struct screen_cell *before;

        stage_open(&stage, seed);
        stage_press(&stage, "Esc");
        before = stage_grab(&stage);
        stage_press(&stage, "/ f Down C-r x BS Down Up C-t Esc");
        stage_expect_same(&stage, before, seed, "nothing searched for");
        free(before);
        stage_press(&stage, "w / 2 Enter l");
        before = stage_grab(&stage);
        stage_press(&stage, "/ 3 Down Esc");
        stage_expect_same(&stage, before, seed, "the search before");
        stage_press(&stage, "Esc");
        free(before);
        stage_close(&stage);
    }
}

Test(search_popup, any_keys_at_any_size_leave_whole_rows)
{
    static const char *const keys[] = {
        "/",    "f",   "1",    "(",           "Enter", "Esc", "Up",
        "Down", "C-r", "BS",   "PgDn",        "n",     "N",   "*",
        "#",    "C-t", "C-a",  "C-u",         "w",     "d",   "j",
        "PgUp", "C-w", "Left", "\xe6\x97\xa5"};

    for (uint64_t seed = 1; seed <= 6; seed++) {
        struct stage stage;

        stage_open(&stage, seed);
        for (int i = 0; i < 150; i++) {
            const struct screen *screen = app_screen(stage.app);

            stage_press(&stage,
                        keys[random_below(&stage.random,
                                          sizeof keys / sizeof keys[0])]);
            if (random_permille(&stage.random, 300)) {
                stage_resize(&stage,
                             1 + (unsigned)random_below(&stage.random, 160),
                             1 + (unsigned)random_below(&stage.random, 60));
            }
            free(stage_grab(&stage));
            for (unsigned y = 0; y < screen_height(screen); y++) {
                unsigned x = 0;

                while (x < screen_width(screen)) {
                    cr_assert(ne(int, screen_at(screen, x, y)->width, 0));
                    x += screen_at(screen, x, y)->width;
                }
                cr_assert(eq(uint, x, screen_width(screen)));
            }
        }
        stage_close(&stage);
    }
}

Test(search_popup, pasted_text_goes_into_the_field)
{
    struct stage stage;
    struct error err = {0};
    struct screen_cell *before;

    stage_open(&stage, 2);
    stage_press(&stage, "Esc");
    before = stage_grab(&stage);
    cr_assert(app_paste(stage.app, "q\n1w", 4, &err));
    stage_expect_same(&stage, before, 2, "a paste without a field");
    free(before);
    stage_press(&stage, "/ 2 $");
    before = stage_grab(&stage);
    stage_press(&stage, "Esc /");
    cr_assert(app_paste(stage.app, "2$\n", 3, &err));
    stage_expect_same(&stage, before, 2, "typed and pasted");
    free(before);
    stage_close(&stage);
}

Test(search_popup, the_mouse_picks_names_and_leaves)
{
    struct stage stage;
    struct screen_cell *before;

    stage_open(&stage, 2);
    stage_press(&stage, "Esc");
    before = stage_grab(&stage);
    stage_press(&stage, "/ f");
    stage_press(&stage, "click@0,0");
    stage_expect_same(&stage, before, 2, "a click outside");
    free(before);
    stage_press(&stage, "/ f Down Down");
    before = stage_grab(&stage);
    stage_press(&stage, "Esc / f wheel-down@20,10 click@20,7");
    stage_expect_same(&stage, before, 2, "a click on the second name");
    free(before);
    stage_close(&stage);
}

/* Two threads do everything at the same times. */
static char *
write_twins(const char *folder)
{
    struct trace_builder *builder = trace_builder_new(folder);
    uint32_t f = trace_builder_function(builder, "f", "/w/a.py", 1);
    uint32_t a = trace_builder_thread(builder, "A");
    uint32_t b = trace_builder_thread(builder, "B");

    for (uint64_t time_ns = 100; time_ns < 500; time_ns += 100) {
        trace_builder_call(builder, a, f, time_ns);
        trace_builder_return(builder, a, f, time_ns + 50);
        trace_builder_call(builder, b, f, time_ns);
        trace_builder_instant(builder, a, "f", NULL, time_ns + 60);
        trace_builder_return(builder, b, f, time_ns + 60);
    }
    trace_builder_instant(builder, a, "f", NULL, 500);
    trace_builder_call(builder, b, f, 500);
    trace_builder_return(builder, b, f, 600);
    return trace_builder_finish(builder);
}

Test(search_popup, calls_and_instants_of_one_time_have_an_order)
{
    struct trace_model_options model_options = {.thread_count = 1};
    struct app_options options = {.colour_count = 256, .title = "a.vzt"};
    struct stage stage = {.folder = temporary_folder_make()};
    char *path = write_twins(stage.folder);
    struct error err = {0};
    double last = -1;

    cr_assert(trace_model_open(&stage.model, (const char *const *)&path, 1,
                               &model_options, &err));
    cr_assert(app_new(&stage.app, stage.model, &options, 80, 24, &err));
    stage_press(&stage, "/ ^ f $ Enter");
    for (int i = 0; i < 14; i++) {
        char expected[32];
        struct cJSON *view = stage_view(&stage);
        const char *message =
            cJSON_GetStringValue(cJSON_GetObjectItem(view, "message"));

        (void)snprintf(expected, sizeof expected, "match %d of 14:", i + 1);
        cr_assert(ne(ptr, strstr(message, expected), NULL), "%s, not %s",
                  message, expected);
        cr_assert(ge(dbl, stage_view_number(&stage, "time_ns"), last));
        last = stage_view_number(&stage, "time_ns");
        cJSON_Delete(view);
        stage_press(&stage, i % 3 == 2 ? "n N n" : "n");
    }
    app_free(stage.app);
    trace_model_close(stage.model);
    free(path);
    temporary_folder_remove(stage.folder);
}
