// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <poll.h>
#include <stdatomic.h>
#include <string.h>

#include "base/error.h"
#include "model/trace_model.h"
#include "tui/loader.h"
#include "tui/loading_screen.h"
#include "tui/screen.h"

/* Stands for a model; nobody looks into it. */
static char something;

struct work {
    atomic_uint done; /* how far to report */
    bool fails;
};

/* Reports until it is told to stop, or there is nothing more to do. */
static bool
open_slowly(void *context, struct trace_model **out, struct progress progress,
            struct error *err)
{
    struct work *work = context;
    unsigned done = 0;

    do {
        done = atomic_load(&work->done);
        if (!progress.report(progress.context, done, 100)) {
            return error_set(err, ERROR_CANCELLED, "cancelled");
        }
    } while (done < 100);
    if (work->fails) {
        return error_set(err, ERROR_BAD_TRACE, "nothing in it");
    }
    *out = (struct trace_model *)(void *)&something;
    return true;
}

static void
wait_for(const struct loader *loader)
{
    struct pollfd wait = {.fd = loader_fd(loader), .events = POLLIN};

    cr_assert(eq(int, poll(&wait, 1, -1), 1));
}

Test(loader, says_how_far_it_is_and_gives_the_model)
{
    struct work work = {.done = 40};
    struct loader *loader = NULL;
    struct trace_model *model = NULL;
    struct error err = {0};

    cr_assert(loader_start(&loader, open_slowly, &work, 0, &err));
    while (loader_fraction(loader) < 0.39) {
    }
    cr_expect(lt(dbl, loader_fraction(loader), 0.41));
    atomic_store(&work.done, 100);
    wait_for(loader);
    cr_expect(ge(dbl, loader_fraction(loader), 1));
    cr_expect(loader_finish(loader, &model, &err));
    cr_expect(eq(ptr, model, &something));
}

Test(loader, can_be_stopped)
{
    struct work work = {.done = 1};
    struct loader *loader = NULL;
    struct trace_model *model = NULL;
    struct error err = {0};

    cr_assert(loader_start(&loader, open_slowly, &work, 0, &err));
    cr_expect(not(loader_is_cancelled(loader)));
    loader_cancel(loader);
    cr_expect(loader_is_cancelled(loader));
    wait_for(loader);
    cr_expect(not(loader_finish(loader, &model, &err)));
    cr_expect(eq(int, err.code, ERROR_CANCELLED));
    cr_expect(model == NULL);
}

Test(loader, hands_on_what_went_wrong)
{
    struct work work = {.done = 100, .fails = true};
    struct loader *loader = NULL;
    struct trace_model *model = NULL;
    struct error err = {0};

    cr_assert(loader_start(&loader, open_slowly, &work, 0, &err));
    cr_expect(not(loader_finish(loader, &model, &err)));
    cr_expect(eq(int, err.code, ERROR_BAD_TRACE));
    cr_expect(eq(str, err.message, "nothing in it"));
}

/* The full cells of the bar. */
static unsigned
count_full(const struct screen *screen)
{
    unsigned count = 0;

    for (unsigned y = 0; y < screen_height(screen); y++) {
        for (unsigned x = 0; x < screen_width(screen); x++) {
            count += screen_at(screen, x, y)->character[0] == '#';
        }
    }
    return count;
}

Test(loading_screen, fits_any_size_and_fills_up)
{
    for (unsigned width = 1; width < 120; width += 7) {
        for (unsigned height = 1; height < 30; height += 3) {
            struct screen *screen = NULL;
            unsigned before = 0;

            cr_assert(screen_new(&screen, width, height, NULL));
            for (int percent = -1; percent <= 100; percent++) {
                loading_screen_draw(screen, "a\x1b.vzt", percent / 100.0, false,
                                    true);
                cr_expect(ge(uint, count_full(screen), before));
                before = count_full(screen);
            }
            loading_screen_draw(screen, "a.vzt", 1, true, true);
            if (height > 2) {
                cr_expect(gt(uint, count_full(screen), 0));
            }
            screen_free(screen);
        }
    }
}
