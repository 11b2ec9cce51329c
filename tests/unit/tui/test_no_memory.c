// SPDX-License-Identifier: Apache-2.0
/* Every allocation of a short visit fails once. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdlib.h>

#include "base/buffer.h"
#include "base/error.h"
#include "support/effort.h"
#include "support/failing_malloc.h"
#include "tui/app.h"
#include "tui/script.h"
#include "unit/tui/stage.h"

static bool
visit(const struct trace_model *model, const char *keys, struct error *err)
{
    struct app_options options = {.colour_count = 256, .title = "a.vzt"};
    struct app *app = NULL;
    struct buffer out = {0};
    bool is_ok = app_new(&app, model, &options, 80, 24, err)
                 && script_run(app, keys, err) && app_resize(app, 120, 40, err)
                 && app_draw(app, err) && app_dump(app, DUMP_TEXT, &out, err)
                 && app_dump(app, DUMP_ANSI, &out, err)
                 && app_dump(app, DUMP_JSON, &out, err);

    app_free(app);
    buffer_release(&out);
    return is_ok;
}

static void
check_visits(const char *keys)
{
    struct stage stage;
    bool has_failed = true;

    stage_open(&stage, 3);
    for (unsigned successes = 0; has_failed; successes += effort(7, 1)) {
        struct error err = {0};
        bool is_ok;

        if (!failing_malloc_arm(successes)) {
            break; /* a sanitizer's malloc */
        }
        is_ok = visit(stage.model, keys, &err);
        has_failed = failing_malloc_disarm();
        cr_assert(is_ok || has_failed, "%s", err.message);
        cr_assert(is_ok || err.code == ERROR_NO_MEMORY, "allocation %u: %s",
                  successes, err.message);
    }
    stage_close(&stage);
}

Test(no_memory, is_an_error_wherever_it_happens)
{
    check_visits("w l j z a u C-r d d D i Tab j l Enter u ) ) ( e i G i k");
}

Test(no_memory, is_an_error_of_tracks_areas_and_marks)
{
    check_visits("p P x X Enter F2 a Esc v l v S m a ' a c T u");
}

Test(no_memory, is_an_error_of_comparing_and_moving)
{
    check_visits("v l v m a Esc G v l v C > I c z h J C j Enter");
}

Test(no_memory, is_an_error_in_the_flame_graph)
{
    check_visits("2 j j Enter l u C-r Esc o 2 e");
}

Test(no_memory, is_an_error_in_the_table_of_functions)
{
    check_visits("3 j > I l u u o 3 G e");
}

Test(no_memory, is_survived_below_the_function_table)
{
    check_visits("3 i j Space ) ) u");
}

Test(no_memory, is_survived_between_callers_and_callees)
{
    check_visits("4 l j Enter Tab l Space Tab j u o");
}

Test(no_memory, is_an_error_in_the_list_of_events)
{
    check_visits("6 j F6 c Esc Space i Enter");
}

Test(no_memory, is_an_error_in_the_page_about_the_recording)
{
    check_visits("7 j Tab l G u");
}

Test(no_memory, is_an_error_of_a_search)
{
    check_visits("/ f Enter");
}

Test(no_memory, a_failed_resize_leaves_the_screen_as_it_was)
{
    struct stage stage;
    struct screen_cell *before;

    stage_open(&stage, 3);
    before = stage_grab(&stage);
    for (unsigned successes = 0; successes < 5; successes++) {
        struct error err = {0};
        bool is_ok;

        if (!failing_malloc_arm(successes)) {
            break;
        }
        is_ok = app_resize(stage.app, 300 + successes, 150, &err);
        (void)failing_malloc_disarm();
        if (!is_ok) {
            stage_expect_same(&stage, before, 3, "after a failed resize");
        }
    }
    free(before);
    stage_close(&stage);
}
