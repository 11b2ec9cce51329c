// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "model/trace_model.h"
#include "stage.h"
#include "support/filtered.h"
#include "tui/app.h"
#include "tui/filter_host.h"
#include "tui/screen.h"
#include "tui/script.h"

enum { WIDTH = 80, HEIGHT = 24, ROWS = HEIGHT - 2 }; /* above the status line */

struct filtering {
    struct stage stage;
    struct filter_host host;
};

static void
open_filtering(struct filtering *filtering, uint64_t seed)
{
    stage_open(&filtering->stage, seed);
    filtering->host = (struct filter_host){.filter = filtered_open,
                                           .context = filtering->stage.folder,
                                           .whole = filtering->stage.model};
}

static void
close_filtering(struct filtering *filtering)
{
    app_free(filtering->stage.app);
    filtering->stage.app = NULL;
    filter_host_release(&filtering->host);
    stage_close(&filtering->stage);
}

static void
press(struct filtering *filtering, const char *keys)
{
    struct error err = {0};

    cr_assert(
        script_run_with(filtering->stage.app, keys, &filtering->host, &err),
        "%s: %s", keys, err.message);
}

static void
expect_filter(struct filtering *filtering, const char *filter)
{
    cr_assert(
        eq(str, (char *)app_filter(filtering->stage.app), (char *)filter));
}

/* The rows of the present frame above the status line are those. */
static void
expect_rows(struct filtering *filtering, const struct screen_cell *before,
            const char *what, uint64_t seed)
{
    struct screen_cell *now = stage_grab(&filtering->stage);
    size_t at = stage_first_difference(before, now, ROWS * WIDTH);

    cr_assert(eq(sz, at, ROWS * WIDTH), "seed %u: %s: row %zu, column %zu",
              (unsigned)seed, what, at / WIDTH, at % WIDTH);
    free(now);
}

Test(filter, is_undone_and_done_again_with_all_that_happened)
{
    static const char *const filters[] = {
        "& C-u f Enter",
        "& C-u d u r > 5 u s Enter",
        "& C-u c a t : c Enter",
        "& C-u ! 3 $ Enter",
    };

    for (uint64_t seed = 1; seed < 6; seed++) {
        struct filtering filtering;
        struct screen_cell *first;
        struct screen_cell *last;
        char command[2 * KEY_NAME_SIZE];
        int steps = 0;

        open_filtering(&filtering, seed);
        first = stage_grab(&filtering.stage);
        press(&filtering, "l l");
        for (int i = 0; i < 12; i++) {
            if (i % 4 == 1) {
                press(&filtering,
                      filters[random_below(&filtering.stage.random, 4)]);
            } else {
                do { /* marks stay whatever is undone */
                    stage_random_command(&filtering.stage.random, command);
                } while (command[0] == 'm');
                press(&filtering, command);
            }
        }
        press(&filtering, "w");
        last = stage_grab(&filtering.stage);
        while (!stage_shows(&filtering.stage, "nothing to undo")) {
            press(&filtering, "u");
            cr_assert(lt(int, steps++, 200));
        }
        expect_filter(&filtering, "");
        expect_rows(&filtering, first, "after all of undo", seed);
        for (int i = 0; i < steps; i++) {
            press(&filtering, "C-r");
        }
        expect_rows(&filtering, last, "after all of redo", seed);
        free(first);
        free(last);
        close_filtering(&filtering);
    }
}

Test(filter, leaves_first_the_scope_then_the_filter)
{
    struct filtering filtering;

    open_filtering(&filtering, 3);
    press(&filtering, "& ! q q Enter v l l S");
    expect_filter(&filtering, "!qq");
    cr_assert(stage_shows(&filtering.stage, "scope"));
    for (int i = 0; i < 5 && stage_shows(&filtering.stage, "scope"); i++) {
        expect_filter(&filtering, "!qq");
        press(&filtering, "Esc");
    }
    expect_filter(&filtering, "!qq");
    press(&filtering, "Esc");
    expect_filter(&filtering, "");
    close_filtering(&filtering);
}

Test(filter, keeps_the_area_and_what_is_compared)
{
    struct filtering filtering;
    struct screen_cell *before;

    open_filtering(&filtering, 3);
    press(&filtering, "g v l l m a G v l Enter C Esc c c c c c c C-l");
    cr_assert(stage_shows(&filtering.stage, "area"));
    before = stage_grab(&filtering.stage);
    press(&filtering, "& ! q q Enter C-l"); /* it leaves every call */
    expect_filter(&filtering, "!qq");
    cr_assert(stage_shows(&filtering.stage, "area"));
    press(&filtering, "C");
    cr_assert(stage_shows(&filtering.stage, "A  mark a"));
    press(&filtering, "Esc u C-l");
    expect_filter(&filtering, "");
    expect_rows(&filtering, before, "undo of the filter", 3);
    free(before);
    close_filtering(&filtering);
}

Test(filter, shows_no_other_calls_and_says_how_many)
{
    struct filtering filtering;
    char text[64];
    uint64_t count = 0;
    uint64_t all;

    open_filtering(&filtering, 5);
    all = trace_model_summary(filtering.stage.model).call_count;
    for (uint32_t i = 0; i < trace_model_function_count(filtering.stage.model);
         i++) {
        const struct model_function *function =
            trace_model_function(filtering.stage.model, i);

        count +=
            strstr(function->name, "_1") != NULL ? function->call_count : 0;
    }
    press(&filtering, "& _ 1 Enter");
    cr_assert(
        eq(u64, trace_model_summary(filtering.host.left).call_count, count));
    (void)snprintf(text, sizeof text, "%llu of %llu calls match",
                   (unsigned long long)count, (unsigned long long)all);
    if (all < 1000) {
        cr_assert(stage_shows(&filtering.stage, text), "%s", text);
    }
    press(&filtering, "& C-u Enter");
    cr_assert(eq(ptr, filtering.host.left, NULL));
    close_filtering(&filtering);
}

Test(filter, keeps_what_is_searched_for)
{
    struct filtering filtering;

    open_filtering(&filtering, 4);
    press(&filtering, "/ f u n Enter & ! q q Enter n");
    cr_assert(not(stage_shows(&filtering.stage, "nothing is searched")));
    press(&filtering, "/");
    close_filtering(&filtering);
}

static bool
fail(void *context, const struct trace_model *whole, const char *filter,
     struct trace_model **out, struct progress progress, struct error *err)
{
    (void)context;
    (void)whole;
    (void)filter;
    (void)out;
    (void)progress;
    return error_set(err, ERROR_SYSTEM, "the disk is full");
}

Test(filter, stays_as_it_was_when_it_cannot_be_made)
{
    struct filtering filtering;
    struct screen_cell *before;

    open_filtering(&filtering, 2);
    press(&filtering, "& ! q q Enter w");
    before = stage_grab(&filtering.stage);
    filtering.host.filter = fail;
    press(&filtering, "& x Enter");
    cr_assert(stage_shows(&filtering.stage, "the disk is full"));
    expect_filter(&filtering, "!qq");
    expect_rows(&filtering, before, "after a failure", 2);
    press(&filtering, "& C-u Enter"); /* needs nothing to be made */
    expect_filter(&filtering, "");
    press(&filtering, "u"); /* that view needs its filter */
    expect_filter(&filtering, "");
    filtering.host.filter = filtered_open;
    press(&filtering, "u");
    expect_filter(&filtering, "!qq");
    expect_rows(&filtering, before, "after undo", 2);
    free(before);
    close_filtering(&filtering);
}

Test(filter, is_not_asked_for_while_there_is_a_mistake)
{
    struct filtering filtering;

    open_filtering(&filtering, 2);
    press(&filtering, "& d u r > Enter");
    cr_assert(stage_shows(&filtering.stage, "is no time"));
    expect_filter(&filtering, "");
    press(&filtering, "1 m s Enter & Up");
    cr_assert(app_has_overlay(filtering.stage.app));
    expect_filter(&filtering, "dur>1ms");
    close_filtering(&filtering);
}
