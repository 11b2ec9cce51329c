// SPDX-License-Identifier: Apache-2.0
/* Undo and redo across a reload: as though there had been none. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdlib.h>

#include "base/error.h"
#include "model/trace_model.h"
#include "support/trace_random.h"
#include "tui/app.h"
#include "tui/screen.h"
#include "unit/tui/stage.h"

enum { SEEDS = 6, STEPS = 12 };

static const char *const keys[] = {
    "w",     "d",   "j",   "l",       ".",           "}", "z a",
    "p",     "x",   "z h", "0",       "J",           "i", "1",
    "2",     "2 j", "3",   "j",       "3 j j <",     "4", "4 j",
    "v l v", "5",   "6",   "6 C-d",   "1 R S",       "7", "1",
    "Space", "c",   "1 f", "2 Enter", "1 / a Enter",
};

/* The same keys for the same seed. */
static void
press_some(struct stage *stage)
{
    for (int i = 0; i < STEPS; i++) {
        stage_press(
            stage,
            keys[random_below(&stage->random, sizeof keys / sizeof keys[0])]);
        stage_press(stage, "C-l");
    }
}

static void
read_again(struct stage *stage)
{
    const struct trace_model_options options = {.thread_count = 1};
    struct trace_model *other;
    struct error err = {0};

    cr_assert(trace_model_open(
        &other, (const char *const[]){stage->oracle->path}, 1, &options, &err));
    cr_assert(app_reload(stage->app, other, &err), "%s", err.message);
    trace_model_close(stage->model);
    stage->model = other;
}

/* All screens on the way back, and forth again. */
static void
expect_same_ways(struct stage *stage, struct stage *other, uint64_t seed)
{
    for (int i = 0; i < 2 * STEPS; i++) {
        const char *way = i < STEPS ? "u C-l" : "C-r C-l";
        struct screen_cell *wanted;

        stage_press(other, way);
        stage_press(stage, way);
        wanted = stage_grab(other);
        stage_expect_same(stage, wanted, seed, way);
        free(wanted);
    }
}

Test(carry, undo_goes_back_behind_a_reload)
{
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct stage stage;
        struct stage other;

        stage_open(&stage, seed);
        stage_open(&other, seed);
        press_some(&stage);
        press_some(&other);
        read_again(&stage);
        expect_same_ways(&stage, &other, seed);
        read_again(&stage);
        press_some(&stage);
        press_some(&other);
        expect_same_ways(&stage, &other, seed);
        stage_close(&stage);
        stage_close(&other);
    }
}
