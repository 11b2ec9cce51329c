// SPDX-License-Identifier: Apache-2.0
#include "tui/script.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "base/error.h"
#include "tui/app.h"
#include "tui/mouse.h"
#include "tui/screen.h"
#include "unit/tui/stage.h"

enum { CELLS = 80 * 24 };

Test(script, names_the_word_that_is_none)
{
    static const char *const words[] = {
        "Entre",       "@40",        "@0x10",     "@40x10001",
        "@40x10x",     "clack@3,4",  "click@3",   "click@-1,4",
        "X-click@3,4", "click@3,4,", "wheel@1,1", "click @",
        "S-S-",        "S-@40x10",   "@40X10",    "drag@999999999999999999,1",
    };
    struct stage stage;

    stage_open(&stage, 1);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        struct error err = {0};
        char script[100];
        char text[200];

        (void)snprintf(script, sizeof script, "w  w %s d", words[i]);
        (void)snprintf(text, sizeof text,
                       "word 3 of the keys, \"%.*s\", is no key",
                       (int)strcspn(words[i], " "), words[i]);
        cr_assert(not(script_run(stage.app, script, &err)), "%s", script);
        cr_assert(eq(int, err.code, ERROR_USAGE));
        cr_assert(eq(str, err.message, text));
    }
    stage_close(&stage);
}

Test(script, ends_at_a_quit_key)
{
    struct stage stage;
    struct error err = {0};

    stage_open(&stage, 1);
    cr_assert(script_run(stage.app, "q nonsense", &err));
    stage_close(&stage);
}

Test(script, can_resize)
{
    struct stage stage;
    struct error err = {0};

    stage_open(&stage, 2);
    cr_assert(script_run(stage.app, "w @40x10 l", &err));
    cr_assert(eq(uint, screen_width(app_screen(stage.app)), 40));
    cr_assert(eq(uint, screen_height(app_screen(stage.app)), 10));
    stage_close(&stage);
}

/* The same screen as when app_mouse gets the events. */
Test(script, moves_the_mouse)
{
    static const struct {
        const char *words;
        struct mouse_event events[3];
        size_t count;
    } cases[] = {
        {"click@40,8",
         {{MOUSE_PRESS, MOUSE_BUTTON_LEFT, 40, 8, 0},
          {MOUSE_RELEASE, MOUSE_BUTTON_LEFT, 40, 8, 0}},
         2},
        {"click@54,23", /* the bar's F8, which zooms in */
         {{MOUSE_PRESS, MOUSE_BUTTON_LEFT, 54, 23, 0},
          {MOUSE_RELEASE, MOUSE_BUTTON_LEFT, 54, 23, 0}},
         2},
        {"wheel-up@60,8", {{MOUSE_WHEEL_UP, MOUSE_BUTTON_NONE, 60, 8, 0}}, 1},
        {"S-wheel-down@60,8",
         {{MOUSE_WHEEL_DOWN, MOUSE_BUTTON_NONE, 60, 8, KEY_SHIFT}},
         1},
        {"press@30,7 drag@50,9 release@50,9",
         {{MOUSE_PRESS, MOUSE_BUTTON_LEFT, 30, 7, 0},
          {MOUSE_DRAG, MOUSE_BUTTON_LEFT, 50, 9, 0},
          {MOUSE_RELEASE, MOUSE_BUTTON_LEFT, 50, 9, 0}},
         3},
    };
    unsigned changed = 0;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct stage by_words;
        struct stage by_events;
        struct screen_cell *cells;
        struct screen_cell *before;
        struct error err = {0};
        bool has_quit = false;

        stage_open(&by_words, 9);
        stage_open(&by_events, 9);
        before = stage_grab(&by_words);
        for (size_t j = 0; j < cases[i].count; j++) {
            cr_assert(app_draw(by_events.app, &err));
            cr_assert(
                app_mouse(by_events.app, &cases[i].events[j], &has_quit, &err));
        }
        stage_press(&by_words, cases[i].words);
        cells = stage_grab(&by_words);
        stage_expect_same(&by_events, cells, 9, cases[i].words);
        changed += stage_first_difference(before, cells, CELLS) < CELLS;
        free(before);
        free(cells);
        stage_close(&by_events);
        stage_close(&by_words);
    }
    cr_assert(gt(uint, changed, 0));
}
