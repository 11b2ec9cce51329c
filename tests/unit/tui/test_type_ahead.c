// SPDX-License-Identifier: Apache-2.0
/* Keys that come before what they are about. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <poll.h>
#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "stage.h"
#include "tui/app.h"
#include "tui/key.h"

/* A viewer in a terminal beside the one of a stage, which waits for jobs. */
static struct app *
open_live(const struct stage *stage)
{
    struct app_options options = {
        .colour_count = 256, .title = "random.vzt", .is_live = true};
    struct error err = {0};
    struct app *app = NULL;

    cr_assert(app_new(&app, stage->model, &options, 80, 24, &err), "%s",
              err.message);
    return app;
}

/* All at once: nothing is taken from a job in between. */
static void
type(struct app *app, const char *keys)
{
    struct error err = {0};

    while (*keys != '\0') {
        size_t size = strcspn(keys, " ");
        bool has_quit = false;
        unsigned key;

        cr_assert(key_parse(keys, size, &key), "%s", keys);
        cr_assert(app_key(app, key, &has_quit, &err), "%s", err.message);
        cr_assert(not(has_quit));
        keys += size + (keys[size] == ' ');
    }
}

static void
settle(struct app *app)
{
    struct error err = {0};

    cr_assert(app_draw(app, &err), "%s", err.message);
    while (!app_is_settled(app)) {
        struct pollfd wait = {.fd = app_wake_fd(app), .events = POLLIN};

        (void)poll(&wait, 1, -1);
        cr_assert(app_wake(app, &err) && app_draw(app, &err), "%s",
                  err.message);
    }
}

static void
expect_same(struct app *live, struct app *app, const char *keys)
{
    struct buffer a = {0};
    struct buffer b = {0};
    struct error err = {0};

    cr_assert(app_draw(app, &err));
    cr_assert(app_dump(live, DUMP_TEXT, &a, &err));
    cr_assert(app_dump(app, DUMP_TEXT, &b, &err));
    buffer_append_char(&a, '\0');
    buffer_append_char(&b, '\0');
    cr_expect(eq(str, a.data, b.data), "%s", keys);
    buffer_release(&a);
    buffer_release(&b);
}

Test(type_ahead, is_done_when_the_rows_are_there)
{
    static const char *const keys[] = {
        "3 j j",   "3 j Enter",   "3 G k 4 Tab j", "3 > > j I", "4 Tab j",
        "3 j 5 j", "3 j Enter u", "2 j j",         "6 G 1 w"};

    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        struct stage stage;
        struct app *live;

        stage_open(&stage, 3);
        live = open_live(&stage);
        settle(live);
        stage_press(&stage, keys[i]);
        type(live, keys[i]);
        settle(live);
        expect_same(live, stage.app, keys[i]);
        app_free(live);
        stage_close(&stage);
    }
}

Test(type_ahead, may_quit)
{
    struct stage stage;
    struct app *live;

    stage_open(&stage, 3);
    live = open_live(&stage);
    settle(live);
    type(live, "3 j Q");
    cr_assert(not(app_has_quit(live)));
    settle(live);
    cr_assert(app_has_quit(live));
    app_free(live);
    stage_close(&stage);
}

Test(type_ahead, is_forgotten_on_escape)
{
    struct stage stage;
    struct app *live;

    stage_open(&stage, 3);
    live = open_live(&stage);
    settle(live);
    stage_press(&stage, "3");
    type(live, "3 j j 4 Esc");
    settle(live);
    expect_same(live, stage.app, "Esc");
    app_free(live);
    stage_close(&stage);
}

/* Which one it is takes another look when it is not known at once. */
Test(type_ahead, says_which_match_it_is)
{
    for (uint64_t seed = 1; seed < 6; seed++) { /* those in UTF-8 */
        struct stage stage;
        struct app *live;

        stage_open(&stage, seed);
        live = open_live(&stage);
        settle(live);
        for (int i = 0; i < 4; i++) {
            const char *keys = i % 2 == 0 ? "j *" : "*";

            stage_press(&stage, keys);
            type(live, keys);
            settle(live);
            expect_same(live, stage.app, keys);
        }
        app_free(live);
        stage_close(&stage);
    }
}
