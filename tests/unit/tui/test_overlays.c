// SPDX-License-Identifier: Apache-2.0
/* Help, command line, find track and notes, as a user sees them. */
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
#include "support/failing_malloc.h"
#include "tui/action.h"
#include "tui/app.h"
#include "tui/command_line.h"
#include "tui/screen.h"
#include "tui/script.h"
#include "unit/tui/stage.h"

static void
type(struct stage *stage, const char *text)
{
    for (; *text != '\0'; text++) {
        char word[] = {*text, '\0'};

        stage_press(stage, *text == ' ' ? "Space" : word);
    }
}

/* The screen as text; the caller frees. */
static char *
text_of(struct stage *stage)
{
    struct buffer out = {0};
    struct error err = {0};

    cr_assert(app_draw(stage->app, &err), "%s", err.message);
    cr_assert(app_dump(stage->app, DUMP_TEXT, &out, &err));
    return buffer_take(&out);
}

static bool
shows(struct stage *stage, const char *text)
{
    char *screen = text_of(stage);
    bool is_there = strstr(screen, text) != NULL;

    free(screen);
    return is_there;
}

Test(overlays, the_help_has_every_action)
{
    struct stage stage;

    stage_open(&stage, 3);
    stage_resize(&stage, 90, 400);
    stage_press(&stage, "?");
    for (size_t i = 0; i < ACTION_COUNT; i++) {
        char start[31];

        /* a help may go on in the next line */
        (void)snprintf(start, sizeof start, "%s", action_at(i)->help);
        cr_assert(shows(&stage, start), "%s", action_at(i)->name);
    }
    cr_assert(shows(&stage, "double click"));
    stage_close(&stage);
}

Test(overlays, what_is_typed_filters_the_help)
{
    struct stage stage;
    struct screen_cell *before;

    stage_open(&stage, 3);
    stage_press(&stage, "Esc");
    before = stage_grab(&stage);
    stage_press(&stage, "?");
    type(&stage, "mark");
    cr_assert(shows(&stage, "jump to a mark"));
    cr_assert(not(shows(&stage, "zoom in by two")));
    type(&stage, "qjk");
    cr_assert(shows(&stage, "no line has that in it"));
    stage_press(&stage, "Esc");
    cr_assert(shows(&stage, "zoom in by two"));
    stage_press(&stage, "j j q");
    stage_expect_same(&stage, before, 3, "the view below");
    free(before);
    stage_close(&stage);
}

/* Each command does what its key does. */
Test(overlays, the_command_line_runs_every_action_by_its_name)
{
    static const char *const names[] = {
        "zoom-in", "pan-right", "fit", "next", "end", "fold", "down", "focus"};
    static const char *const keys[] = {"w",   "d",  "0", ".",
                                       "End", "za", "j", "f"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct stage typed;
        struct stage pressed;
        struct screen_cell *expected;
        char word[3] = {keys[i][0], ' ', keys[i][1]};

        stage_open(&typed, 5);
        stage_open(&pressed, 5);
        stage_press(&typed, "w w l :");
        stage_press(&pressed, "w w l");
        type(&typed, names[i]);
        stage_press(&typed, "Enter");
        if (strlen(keys[i]) == 2) {
            char two[5] = {word[0], ' ', word[2], '\0'};

            stage_press(&pressed, two);
        } else {
            stage_press(&pressed, keys[i]);
        }
        expected = stage_grab(&pressed);
        stage_expect_same(&typed, expected, 5, names[i]);
        free(expected);
        stage_close(&typed);
        stage_close(&pressed);
    }
}

Test(overlays, the_command_line_goes_to_times_and_knows_its_words)
{
    struct stage stage;
    double end_ns;

    stage_open(&stage, 4);
    end_ns = (double)trace_model_summary(stage.model).duration_ns;
    stage_press(&stage, ": 1 2 . 5 u s Enter");
    cr_assert(eq(dbl, stage_view_number(&stage, "time_ns"), 12500));
    stage_press(&stage, ": 7 Enter");
    cr_assert(eq(dbl, stage_view_number(&stage, "time_ns"), 7));
    stage_press(&stage, ": 9 9 h Enter");
    cr_assert(shows(&stage, "the trace ends at"));
    cr_assert(eq(dbl, stage_view_number(&stage, "time_ns"), end_ns));
    stage_press(&stage, ":");
    type(&stage, "qqqxx");
    stage_press(&stage, "Enter");
    cr_assert(shows(&stage, "`qqqxx` is no command"));
    stage_press(&stage, ":");
    type(&stage, "set ascii");
    stage_press(&stage, "Enter");
    cr_assert(shows(&stage, "v thread"));
    stage_press(&stage, ":");
    type(&stage, "mark");
    stage_press(&stage, "Enter");
    cr_assert(shows(&stage, "wants a letter"));
    stage_press(&stage, ": Up");
    cr_assert(shows(&stage, ":mark"));
    stage_press(&stage, "Up Up");
    cr_assert(shows(&stage, ":qqqxx"));
    stage_press(&stage, "Esc : z o Tab");
    cr_assert(shows(&stage, ":zoom-in"));
    stage_close(&stage);
}

Test(overlays, q_in_the_command_line_quits)
{
    struct stage stage;
    struct error err = {0};
    bool has_quit = false;

    stage_open(&stage, 1);
    stage_press(&stage, ": q");
    cr_assert(app_key(stage.app, KEY_ENTER, &has_quit, &err));
    cr_assert(has_quit);
    stage_close(&stage);
}

Test(overlays, a_time_is_a_number_and_a_unit)
{
    static const struct {
        const char *text;
        uint64_t time_ns; /* UINT64_MAX = none */
    } cases[] = {
        {"0", 0},
        {"12.5ms", 12500000},
        {"1 s", 1000000000},
        {"3µs", 3000},
        {"2min", UINT64_C(120000000000)},
        {"99999999999999999999999h", UINT64_C(1) << 62},
        {".5us", 500},
        {"", UINT64_MAX},
        {".", UINT64_MAX},
        {"1.2.3", UINT64_MAX},
        {"1e9", UINT64_MAX},
        {"5 parsecs", UINT64_MAX},
        {"-1s", UINT64_MAX},
        {"ms", UINT64_MAX},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint64_t time_ns = UINT64_MAX;

        (void)command_line_parse_time(cases[i].text, &time_ns);
        cr_expect(eq(u64, time_ns, cases[i].time_ns), "\"%s\"", cases[i].text);
    }
}

Test(overlays, find_track_goes_to_every_thread)
{
    for (uint64_t seed = 1; seed <= 4; seed++) {
        struct stage stage;
        size_t count;

        stage_open(&stage, seed);
        count = trace_model_track_count(stage.model);
        for (size_t i = 0; i < count; i++) {
            const char *name = trace_model_track(stage.model, i)->name;
            struct cJSON *view;

            stage_press(&stage, "t");
            type(&stage, name);
            stage_press(&stage, "Enter");
            view = stage_view(&stage);
            cr_assert(eq(str,
                         cJSON_GetStringValue(cJSON_GetObjectItem(
                             cJSON_GetObjectItem(view, "view"), "track")),
                         (char *)name),
                      "seed %lu", seed);
            cJSON_Delete(view);
        }
        stage_close(&stage);
    }
}

Test(overlays, any_keys_at_any_size_leave_whole_rows)
{
    static const char *const keys[] = {
        "?",  "F1",   ":",    "F9", "t", "C-p", "a",     "n",
        "o",  "Esc",  "Down", "Up", "j", "k",   "Enter", "PgDn",
        "BS", "PgUp", "Tab",  "g",  "G", "C-u", "End",   "\xe6\x97\xa5"};

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
                             1 + (unsigned)random_below(&stage.random, 170),
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

static bool
visit(const struct trace_model *model, const char *keys, struct error *err)
{
    struct app_options options = {.colour_count = 256, .title = "a.vzt"};
    struct app *app = NULL;
    bool is_ok = app_new(&app, model, &options, 80, 24, err)
                 && script_run(app, keys, err) && app_draw(app, err);

    app_free(app);
    return is_ok;
}

Test(overlays, survive_every_failed_allocation)
{
    static const char *const keys[] = {
        "/ [ 1 3 ] Down Enter n N Esc # Esc",
        "? z Esc q : f i t Enter t 1 Enter : n o t e s Enter q",
    };
    struct stage stage;

    stage_open(&stage, 3);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        bool has_failed = true;

        for (unsigned n = 0; has_failed && failing_malloc_arm(n);
             n += effort(7, 1)) {
            struct error err = {0};
            bool is_ok = visit(stage.model, keys[i], &err);

            has_failed = failing_malloc_disarm();
            cr_assert(is_ok || has_failed, "%s", err.message);
            cr_assert(is_ok || err.code == ERROR_NO_MEMORY, "allocation %u: %s",
                      n, err.message);
        }
    }
    stage_close(&stage);
}
