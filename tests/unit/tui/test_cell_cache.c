// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "model/span_query.h"
#include "model/timeline_query.h"
#include "model/trace_model.h"
#include "tui/cell_cache.h"
#include "tui/screen.h"
#include "tui/theme.h"
#include "tui/timeline.h"
#include "tui/viewer.h"
#include "unit/tui/stage.h"

enum { COLUMNS = 40, ROWS = 8 };

/* Near to the one before, as what a viewer asks for is. */
static void
change_request(struct random *random, const struct trace_model *model,
               struct timeline_request *request)
{
    int64_t column = (int64_t)request->grid.column_ns;
    size_t tracks = trace_model_track_count(model);

    switch (random_below(random, 6)) {
    case 0:
        request->track = (uint32_t)random_below(random, tracks);
        break;
    case 1:
        request->first_depth = (uint32_t)random_below(random, 4);
        request->depth_count = (uint32_t)random_below(random, ROWS);
        request->include_deeper =
            request->depth_count == 0 || random_permille(random, 500);
        break;
    case 2:
        column = (int64_t)trace_model_summary(model).duration_ns
                     / (COLUMNS * (int64_t)(1 + random_below(random, 3)))
                 + 1;
        request->grid.origin_ns = request->grid.origin_ns / column * column;
        request->grid.column_ns = (uint64_t)column;
        break;
    default:
        request->grid.origin_ns +=
            ((int64_t)random_below(random, 3 * COLUMNS / 2) - 3 * COLUMNS / 4)
            * column;
        break;
    }
}

static void
expect_as_without(struct cell_cache *cache, struct stage *stage,
                  const struct timeline_request *request,
                  struct span_scratch *scratch, uint64_t seed)
{
    struct timeline_cell expected[ROWS * COLUMNS];
    struct timeline_cell cells[ROWS * COLUMNS];
    struct error err = {0};
    size_t decoded;
    size_t count = (request->depth_count + request->include_deeper) * COLUMNS;

    cr_assert(timeline_cells(stage->model, request, scratch, expected, &err),
              "%s", err.message);
    memset(cells, 0xA5, sizeof cells);
    cr_assert(cell_cache_load(cache, stage->model, request, scratch, cells,
                              &decoded, &err),
              "%s", err.message);
    cr_assert(memcmp(cells, expected, count * sizeof *cells) == 0, "seed %lu",
              seed);
}

Test(cell_cache, gives_what_the_model_says)
{
    for (uint64_t seed = 1; seed <= 24; seed++) {
        struct timeline_request request = {
            .depth_count = 1,
            .is_exact = true,
            .grid = {.column_ns = 1000, .column_count = COLUMNS},
        };
        struct cell_cache cache = {0};
        struct span_scratch *scratch;
        struct error err = {0};
        struct stage stage;

        stage_open(&stage, seed);
        cr_assert(span_scratch_new(&scratch, &err));
        cr_assert(cell_cache_resize(&cache, COLUMNS, &err));
        if (seed % 2 == 0) {
            cache.row_count = 2 * ROWS; /* so that rows are given up */
        }
        for (int i = 0; i < 200; i++) {
            change_request(&stage.random, stage.model, &request);
            expect_as_without(&cache, &stage, &request, scratch, seed);
        }
        cell_cache_release(&cache);
        span_scratch_free(scratch);
        stage_close(&stage);
    }
}

Test(cell_cache, screens_are_those_of_an_empty_cache_after_any_keys)
{
    for (uint64_t seed = 1; seed <= 12; seed++) {
        struct stage stage;

        stage_open(&stage, seed);
        for (int i = 0; i < 40; i++) {
            struct screen_cell *warm;

            stage_wander(&stage, 2);
            stage_press(&stage, "Esc"); /* a resize takes messages away */
            warm = stage_grab(&stage);
            stage_resize(&stage, 81, 24); /* of another width: starts anew */
            stage_resize(&stage, 80, 24);
            stage_expect_same(&stage, warm, seed, "an empty cache");
            free(warm);
        }
        stage_close(&stage);
    }
}

/* How many cells one command asks the model for. */
static uint64_t
asked_by(struct timeline *timeline, struct screen *screen,
         enum action_id action)
{
    struct error err = {0};
    uint64_t before = timeline->cell_cache.asked_cells;
    bool is_done;

    cr_assert(timeline_command(timeline, action, &is_done, &err), "%s",
              err.message);
    screen_erase(screen);
    cr_assert(timeline_draw(timeline, screen, &err), "%s", err.message);
    return timeline->cell_cache.asked_cells - before;
}

Test(cell_cache, only_entering_columns_are_asked_for)
{
    enum { WIDTH = 100, HEIGHT = 30 };
    struct viewer viewer = {.title = "a", .theme = {.colour_count = 256}};
    struct timeline timeline;
    struct screen *screen;
    struct error err = {0};
    struct stage stage;
    uint64_t rows;

    stage_open(&stage, 3);
    cr_assert(screen_new(&screen, WIDTH, HEIGHT, &err));
    viewer.model = stage.model;
    cr_assert(jobs_new(&viewer.jobs, true, &err));
    cr_assert(timeline_init(&timeline, &viewer, &err));
    cr_assert(timeline_resize(&timeline, WIDTH, HEIGHT, &err));
    cr_assert(timeline_draw(&timeline, screen, &err));
    cr_expect(eq(u64, asked_by(&timeline, screen, ACTION_RIGHT), 0));
    for (int i = 0; i < 8; i++) {
        rows = asked_by(&timeline, screen, ACTION_ZOOM_IN)
               / timeline_stride(&timeline);
    }
    cr_assert(gt(u64, rows, 0));
    cr_expect(eq(u64, asked_by(&timeline, screen, ACTION_PAN_RIGHT),
                 rows * (timeline.layout.track_width / 10)));
    cr_expect(eq(u64, asked_by(&timeline, screen, ACTION_COLOUR), 0));
    timeline_release(&timeline);
    jobs_free(viewer.jobs);
    screen_free(screen);
    stage_close(&stage);
}

/* Cells of a frame that differ from those of an exact one. */
static size_t
draw_and_count(struct timeline *timeline, const struct screen *exact,
               struct screen *screen)
{
    struct error err = {0};
    size_t count = 0;

    screen_erase(screen);
    cr_assert(timeline_draw(timeline, screen, &err), "%s", err.message);
    for (unsigned y = 0; y < screen_height(screen); y++) {
        for (unsigned x = 0; x < screen_width(screen); x++) {
            count += screen_at(screen, x, y)->character[0]
                     != screen_at(exact, x, y)->character[0];
        }
    }
    return count;
}

Test(cell_cache, what_was_estimated_is_exact_after_the_job)
{
    enum { WIDTH = 100, HEIGHT = 30 };
    size_t estimated = 0;

    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct viewer viewer = {.title = "a", .theme = {.colour_count = 256}};
        struct timeline timeline;
        struct screen *exact;
        struct screen *screen;
        struct error err = {0};
        struct stage stage;

        stage_open(&stage, seed);
        viewer.model = stage.model;
        cr_assert(jobs_new(&viewer.jobs, true, &err));
        cr_assert(screen_new(&exact, WIDTH, HEIGHT, &err));
        cr_assert(screen_new(&screen, WIDTH, HEIGHT, &err));
        for (int is_limited = 0; is_limited < 2; is_limited++) {
            cr_assert(timeline_init(&timeline, &viewer, &err));
            cr_assert(timeline_resize(&timeline, WIDTH, HEIGHT, &err));
            if (is_limited) {
                timeline.frame_decode_limit = 0;
                estimated += draw_and_count(&timeline, exact, screen) > 0;
                cr_assert(jobs_collect(viewer.jobs, &err));
                cr_expect(eq(sz, draw_and_count(&timeline, exact, screen), 0),
                          "seed %lu", seed);
                cr_expect(not(jobs_are_busy(viewer.jobs)));
            } else {
                cr_assert(timeline_draw(&timeline, exact, &err));
            }
            timeline_release(&timeline);
        }
        jobs_free(viewer.jobs);
        screen_free(exact);
        screen_free(screen);
        stage_close(&stage);
    }
    cr_expect(gt(sz, estimated, 0), "no frame was ever estimated");
}
