// SPDX-License-Identifier: Apache-2.0
/* Properties of the whole viewer on random traces; each failure names its
 * seed. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/utf8.h"
#include "model/trace_model.h"
#include "support/random.h"
#include "support/temporary_folder.h"
#include "support/trace_random.h"
#include "tui/action.h"
#include "tui/app.h"
#include "tui/key.h"
#include "tui/layout.h"
#include "tui/screen.h"
#include "tui/theme.h"
#include "tui/time_grid.h"

/* A random trace, opened in a viewer. */
struct stage {
    char *folder;
    struct trace_oracle *oracle;
    struct trace_model *model;
    struct app *app;
    struct random random;
};

static void
open_stage(struct stage *stage, uint64_t seed)
{
    struct trace_random_options options = {
        .seed = seed,
        .process_count = 1 + seed % 3,
        .thread_count = 1 + seed % 4,
        .calls_per_thread = 20 + seed * 37 % 500,
        .depth_max = 3 + seed % 20,
        .instant_permille = 20,
        .counter_permille = 20,
        .gap_permille = seed % 3 == 0 ? 5 : 0,
        .far_permille = seed % 5 == 0 ? 2 : 0,
        .has_unfinished = seed % 2 == 0,
        .block_size = 4096,
    };
    struct trace_model_options model_options = {.thread_count = 1};
    struct app_options app_options = {
        .has_colour = true,
        .is_ascii = seed % 7 == 6,
        .title = "random.vzt",
    };
    struct error err = {0};
    const char *path;

    stage->random = (struct random){seed};
    stage->folder = temporary_folder_make();
    stage->oracle = trace_random(stage->folder, &options);
    path = stage->oracle->path;
    cr_assert(trace_model_open(&stage->model, &path, 1, &model_options, &err),
              "seed %lu: %s", seed, err.message);
    cr_assert(app_new(&stage->app, stage->model, &app_options, 80, 24, &err),
              "seed %lu: %s", seed, err.message);
}

static void
close_stage(struct stage *stage)
{
    app_free(stage->app);
    trace_model_close(stage->model);
    trace_oracle_free(stage->oracle);
    temporary_folder_remove(stage->folder);
}

static void
press(struct stage *stage, const char *keys)
{
    struct error err = {0};

    cr_assert(app_run_script(stage->app, keys, &err), "%s", err.message);
}

static void
resize(struct stage *stage, unsigned width, unsigned height)
{
    struct error err = {0};

    cr_assert(app_resize(stage->app, width, height, &err), "%s", err.message);
}

/* A copy of the cells of the present frame; the caller frees it. */
static struct screen_cell *
grab(struct stage *stage)
{
    struct error err = {0};
    const struct screen *screen = app_screen(stage->app);
    unsigned width;
    unsigned height;
    struct screen_cell *cells;

    cr_assert(app_draw(stage->app, &err), "%s", err.message);
    width = screen_width(screen);
    height = screen_height(screen);
    cells = calloc((size_t)width * height + 1, sizeof *cells);
    for (unsigned y = 0; y < height; y++) {
        for (unsigned x = 0; x < width; x++) {
            cells[(size_t)y * width + x] = *screen_at(screen, x, y);
        }
    }
    return cells;
}

static bool
is_same_cell(const struct screen_cell *a, const struct screen_cell *b)
{
    return a->character[0] == b->character[0]
           && a->character[1] == b->character[1] && a->width == b->width
           && a->style.foreground == b->style.foreground
           && a->style.background == b->style.background
           && a->style.attributes == b->style.attributes;
}

/* The first cell in count that differs; count when none does. */
static size_t
first_difference(const struct screen_cell *a, const struct screen_cell *b,
                 size_t count)
{
    size_t i = 0;

    while (i < count && is_same_cell(&a[i], &b[i])) {
        i++;
    }
    return i;
}

static void
expect_same_screen(struct stage *stage, const struct screen_cell *before,
                   uint64_t seed, const char *what)
{
    struct screen_cell *now = grab(stage);
    const struct screen *screen = app_screen(stage->app);
    size_t count = (size_t)screen_width(screen) * screen_height(screen);
    size_t at = first_difference(before, now, count);

    cr_assert(eq(sz, at, count), "seed %lu: %s differs at %zu, %zu", seed, what,
              at % screen_width(screen), at / screen_width(screen));
    free(now);
}

/* The view state as the JSON dump has it; the caller deletes it. */
static struct cJSON *
view_of(struct stage *stage)
{
    struct buffer out = {0};
    struct error err = {0};
    struct cJSON *object;

    cr_assert(app_dump(stage->app, DUMP_JSON, &out, &err));
    object = cJSON_Parse(out.data);
    cr_assert(object != NULL, "the dump is JSON");
    buffer_release(&out);
    return object;
}

static double
view_number(struct stage *stage, const char *name)
{
    struct cJSON *object = view_of(stage);
    double value = cJSON_GetNumberValue(
        cJSON_GetObjectItem(cJSON_GetObjectItem(object, "view"), name));

    cJSON_Delete(object);
    return value;
}

/* Any key of the table except quit, undo and redo. */
static void
random_command(struct random *random, char text[2 * KEY_NAME_SIZE])
{
    for (;;) {
        const struct action *action =
            action_at(random_below(random, ACTION_COUNT));
        struct action_keys keys;
        char prefix[KEY_NAME_SIZE] = "";
        char key[KEY_NAME_SIZE];
        size_t offset = 0;

        if (action->id == ACTION_QUIT || action->id == ACTION_UNDO
            || action->id == ACTION_REDO) {
            continue;
        }
        cr_assert(action_next_keys(action, &offset, &keys));
        if (keys.prefix != KEY_NONE) {
            (void)key_format(prefix, sizeof prefix, keys.prefix);
        }
        (void)snprintf(text, 2 * KEY_NAME_SIZE, "%s %s", prefix,
                       key_format(key, sizeof key, keys.key));
        return;
    }
}

static void
wander(struct stage *stage, int steps)
{
    char command[2 * KEY_NAME_SIZE];

    for (int i = 0; i < steps; i++) {
        random_command(&stage->random, command);
        press(stage, command);
    }
}

Test(app, every_row_is_whole_after_any_key)
{
    for (uint64_t seed = 1; seed <= 12; seed++) {
        struct stage stage;

        open_stage(&stage, seed);
        for (int i = 0; i < 40; i++) {
            const struct screen *screen;
            struct screen_cell *cells;

            resize(&stage, (unsigned)random_below(&stage.random, 130),
                   (unsigned)random_below(&stage.random, 50));
            wander(&stage, 3);
            cells = grab(&stage);
            screen = app_screen(stage.app);
            for (unsigned y = 0; y < screen_height(screen); y++) {
                unsigned x = 0;

                while (x < screen_width(screen)) {
                    x += screen_at(screen, x, y)->width;
                    cr_assert(ne(int, screen_at(screen, x - 1, y)->width,
                                 x > 1 ? 3 : 4));
                }
                cr_assert(eq(uint, x, screen_width(screen)));
            }
            free(cells);
        }
        close_stage(&stage);
    }
}

Test(app, two_thousand_random_keys_never_crash)
{
    static const char *const odd_keys[] = {"Esc", "z", "x",   "C-c", "F1",
                                           "M-x", "u", "C-r", "u",   "1"};

    for (uint64_t seed = 1; seed <= 8; seed++) {
        struct stage stage;
        struct error err = {0};

        open_stage(&stage, seed);
        for (int i = 0; i < 250; i++) {
            if (random_permille(&stage.random, 200)) {
                press(&stage, odd_keys[random_below(&stage.random, 10)]);
            } else {
                wander(&stage, 1);
            }
            if (random_permille(&stage.random, 50)) {
                resize(&stage, (unsigned)random_below(&stage.random, 300),
                       (unsigned)random_below(&stage.random, 80));
            }
            if (random_permille(&stage.random, 200)) {
                cr_assert(app_draw(stage.app, &err), "%s", err.message);
            }
        }
        close_stage(&stage);
    }
}

Test(app, any_sizes_in_any_order_come_back_to_the_same_screen)
{
    for (uint64_t seed = 1; seed <= 12; seed++) {
        struct stage stage;
        struct screen_cell *before;

        open_stage(&stage, seed);
        wander(&stage, 12);
        press(&stage, "Esc");
        before = grab(&stage);
        for (int i = 0; i < 12; i++) {
            struct error err = {0};

            resize(&stage, (unsigned)random_below(&stage.random, 500) + 1,
                   (unsigned)random_below(&stage.random, 200) + 1);
            cr_assert(app_draw(stage.app, &err), "%s", err.message);
        }
        resize(&stage, 1, 1);
        resize(&stage, 500, 200);
        resize(&stage, 80, 24);
        expect_same_screen(&stage, before, seed, "the screen");
        free(before);
        close_stage(&stage);
    }
}

Test(app, undo_after_any_command_restores_the_screen)
{
    for (uint64_t seed = 1; seed <= 12; seed++) {
        struct stage stage;

        open_stage(&stage, seed);
        for (int i = 0; i < 60; i++) {
            char command[2 * KEY_NAME_SIZE];
            struct screen_cell *before;
            struct screen_cell *after;
            size_t tracks = 80 * (24 - 2); /* without status and bar */

            press(&stage, "Esc");
            before = grab(&stage);
            random_command(&stage.random, command);
            press(&stage, command);
            press(&stage, "Esc");
            after = grab(&stage);
            if (first_difference(before, after, tracks) < tracks) {
                press(&stage, "u");
                expect_same_screen(&stage, before, seed, command);
                press(&stage, "C-r");
                expect_same_screen(&stage, after, seed, "redo");
            }
            free(before);
            free(after);
        }
        close_stage(&stage);
    }
}

Test(app, a_run_of_one_step_is_undone_at_once)
{
    struct stage stage;
    struct screen_cell *before;

    open_stage(&stage, 3);
    press(&stage, "w w w w");
    before = grab(&stage);
    press(&stage, "d d d u");
    expect_same_screen(&stage, before, 3, "three pans");
    press(&stage, "j . . . u");
    press(&stage, "u");
    expect_same_screen(&stage, before, 3, "three steps");
    free(before);
    close_stage(&stage);
}

/* Zoom in far enough that panning stays clear of the ends of the trace. */
static void
zoom_into_the_middle(struct stage *stage)
{
    press(stage, "w w w w w w A A D D");
    for (uint64_t i = random_below(&stage->random, 30) + 12; i > 0; i--) {
        press(stage, "d");
    }
}

Test(app, panning_there_and_back_is_the_identity)
{
    for (uint64_t seed = 1; seed <= 12; seed++) {
        struct stage stage;

        open_stage(&stage, seed);
        wander(&stage, 4);
        press(&stage, "0");
        zoom_into_the_middle(&stage);
        for (int round = 0; round < 6; round++) {
            uint64_t count = random_below(&stage.random, 7);
            struct screen_cell *before = grab(&stage);
            double start = view_number(&stage, "start_ns");

            for (uint64_t i = 0; i < count; i++) {
                press(&stage, "d");
            }
            for (uint64_t i = 0; i < count; i++) {
                press(&stage, "a");
            }
            if (view_number(&stage, "start_ns") == start) {
                expect_same_screen(&stage, before, seed, "panned");
            } else {
                press(&stage, "a a a"); /* it met the end: nearer to the
                                           middle */
            }
            free(before);
        }
        close_stage(&stage);
    }
}

/* What a cell of the tracks says about its time: blank, a slice of a colour,
 * or a height of a colour. Labels move with the edge of the screen. */
static uint32_t
meaning(const struct screen_cell *cell)
{
    char slot = theme_style_letter(cell->style);

    if (cell->character[0] == ' ' && cell->style.background == 0xFFFF) {
        return 0;
    }
    if (cell->style.background != 0xFFFF) {
        return (uint32_t)slot << 16;
    }
    return (uint32_t)slot << 16 | cell->character[0];
}

/* "v pid 100 name": all text. */
static bool
is_process_row(const struct screen_cell *row)
{
    return row[2].character[0] == 'p' && row[3].character[0] == 'i'
           && row[4].character[0] == 'd';
}

Test(app, a_pan_shifts_the_tracks_by_whole_columns)
{
    enum { WIDTH = 100, HEIGHT = 40 };
    struct layout layout = layout_of(WIDTH, HEIGHT);
    unsigned shift = layout.track_width / 10;
    size_t compared = 0;

    for (uint64_t seed = 1; seed <= 12; seed++) {
        struct stage stage;

        open_stage(&stage, seed);
        resize(&stage, WIDTH, HEIGHT);
        zoom_into_the_middle(&stage);
        for (int round = 0; round < 6; round++) {
            struct screen_cell *before = grab(&stage);
            double start = view_number(&stage, "start_ns");
            double column = view_number(&stage, "column_ns");
            struct screen_cell *after;

            press(&stage, "d");
            after = grab(&stage);
            if (view_number(&stage, "start_ns") != start + column * shift) {
                free(before);
                free(after);
                break; /* it met the end of the trace */
            }
            for (unsigned y = (unsigned)layout.tracks_row;
                 y < (unsigned)layout.status_row; y++) {
                const struct screen_cell *old = &before[y * WIDTH];
                const struct screen_cell *new = &after[y * WIDTH];

                /* Instants have names behind them, which do not shift. */
                if (is_process_row(old) || old[0].character[0] == 0x25C6
                    || old[0].character[0] == '*') {
                    continue;
                }
                for (unsigned x = layout.gutter; x + shift < WIDTH; x++) {
                    uint32_t was = meaning(&old[x + shift]);
                    uint32_t is = meaning(&new[x]);

                    cr_assert(eq(u32, is, was), "seed %lu at %u, %u", seed, x,
                              y);
                    compared++;
                }
            }
            free(before);
            free(after);
        }
        close_stage(&stage);
    }
    cr_assert(gt(sz, compared, 10000));
}

Test(app, drawing_again_and_from_scratch_is_the_same)
{
    for (uint64_t seed = 1; seed <= 8; seed++) {
        struct stage first;
        struct stage second;
        char keys[40 * 2 * KEY_NAME_SIZE] = "";
        size_t used = 0;
        struct screen_cell *scratch;

        open_stage(&first, seed);
        open_stage(&second, seed);
        for (int i = 0; i < 40; i++) {
            struct error err = {0};
            char command[2 * KEY_NAME_SIZE];

            random_command(&first.random, command);
            used += (size_t)snprintf(keys + used, sizeof keys - used, "%s ",
                                     command);
            press(&first, command);
            cr_assert(app_draw(first.app, &err)); /* a frame after each key */
        }
        press(&second, keys);
        scratch = grab(&second);
        expect_same_screen(&first, scratch, seed, "the last frame");
        free(scratch);
        close_stage(&first);
        close_stage(&second);
    }
}

/* Whether the selection is seen, or an arrow in its row says where it is. */
static bool
selection_is_shown(struct stage *stage)
{
    struct cJSON *object = view_of(stage);
    struct cJSON *slice =
        cJSON_GetObjectItem(cJSON_GetObjectItem(object, "view"), "slice");
    bool has_slice = cJSON_IsObject(slice);
    const struct screen *screen = app_screen(stage->app);
    bool is_shown = !has_slice;

    cJSON_Delete(object);
    for (unsigned y = 0; y + 2 < screen_height(screen); y++) {
        for (unsigned x = 0; x < screen_width(screen); x++) {
            const struct screen_cell *cell = screen_at(screen, x, y);
            uint32_t c = cell->character[0];

            is_shown |= theme_style_letter(cell->style) == 'S' || c == 0x2190
                        || c == 0x2192 || c == 0x2193 || c == '<' || c == '>'
                        || c == '_';
        }
    }
    return is_shown;
}

Test(app, the_selection_is_on_screen_or_an_arrow_points_at_it)
{
    for (uint64_t seed = 1; seed <= 10; seed++) {
        struct stage stage;

        open_stage(&stage, seed);
        for (int i = 0; i < 60; i++) {
            wander(&stage, 1);
            cr_assert(selection_is_shown(&stage), "seed %lu, key %d", seed, i);
        }
        close_stage(&stage);
    }
}

Test(app, steps_forward_and_back_are_the_identity)
{
    for (uint64_t seed = 1; seed <= 10; seed++) {
        struct stage stage;
        double start;

        open_stage(&stage, seed);
        press(&stage, "j j . .");
        start = view_number(&stage, "time_ns");
        press(&stage, ". . . . .");
        if (view_number(&stage, "time_ns") != start) {
            uint64_t steps = 0;

            press(&stage, ", , , , ,");
            while (view_number(&stage, "time_ns") < start && steps++ < 5) {
                press(&stage, "."); /* there were less than five ahead */
            }
            cr_expect(eq(dbl, view_number(&stage, "time_ns"), start),
                      "seed %lu", seed);
        }
        close_stage(&stage);
    }
}

/* How long calls of a thread and depth were open in [start, end). */
static uint64_t
busy_by_hand(const struct trace_oracle *oracle, uint32_t thread, uint32_t depth,
             int64_t start, int64_t end)
{
    uint64_t busy = 0;

    for (size_t i = 0; i < oracle->call_count; i++) {
        const struct oracle_call *call = &oracle->calls[i];
        int64_t from = (int64_t)(call->start_ns - oracle->first_ns);
        int64_t to = (int64_t)(call->end_ns - oracle->first_ns);

        if (call->thread == thread && call->depth == depth && from < end
            && to > start) {
            from = from < start ? start : from;
            to = to > end ? end : to;
            busy += (uint64_t)(to - from);
        }
    }
    return busy;
}

/* The height of an occupancy glyph; 0 = another glyph. */
static unsigned
height_of(const struct screen_cell *cell)
{
    uint32_t c = cell->character[0];

    return c >= 0x2581 && c <= 0x2588 ? c - 0x2580 : 0;
}

/* Levels of the first thread. */
static uint32_t
levels_of(const struct trace_oracle *oracle)
{
    uint32_t levels = 0;

    for (size_t i = 0; i < oracle->call_count; i++) {
        if (oracle->calls[i].thread == 0 && oracle->calls[i].depth >= levels) {
            levels = oracle->calls[i].depth + 1;
        }
    }
    return levels;
}

/* A row that sums up deeper levels: "+9 deeper". */
static bool
is_sum_row(const struct screen_cell *row)
{
    for (unsigned x = 0; x < 6; x++) {
        if (row[x].character[0] == '+') {
            return true;
        }
    }
    return false;
}

/* Compare one row of the first thread with all its calls. Returns how many
 * heights were compared. */
static size_t
compare_heights(const struct stage *stage, const struct screen_cell *cells,
                unsigned width, uint32_t depth, int64_t start, int64_t column)
{
    size_t compared = 0;

    for (unsigned x = 0; x < width; x++) {
        int64_t from = start + (int64_t)x * column;
        uint64_t busy =
            busy_by_hand(stage->oracle, 0, depth, from, from + column);
        int expected = (int)theme_level_of(busy, (uint64_t)column);
        int height = (int)height_of(&cells[x]);

        if (busy > 0) {
            cr_assert(ne(u32, meaning(&cells[x]), 0),
                      "depth %u column %u is blank", depth, x);
        }
        if (height > 0) {
            cr_assert(le(int, abs(height - expected), 1), "depth %u column %u",
                      depth, x);
            compared++;
        }
    }
    return compared;
}

Test(app, occupancy_is_that_of_all_calls)
{
    struct layout layout = layout_of(120, 40);
    size_t compared = 0;

    for (uint64_t seed = 3; seed <= 24; seed += 3) { /* of one process */
        struct stage stage;

        open_stage(&stage, seed);
        resize(&stage, 120, 40);
        for (int zoom = 0; zoom < 4; zoom++) {
            struct screen_cell *cells = grab(&stage);
            int64_t start = (int64_t)view_number(&stage, "start_ns");
            int64_t column = (int64_t)view_number(&stage, "column_ns");
            const struct screen_cell *row =
                &cells[(size_t)layout.tracks_row * 120];

            if (is_process_row(row)) {
                row += 120;
            }
            for (uint32_t depth = 0;
                 depth < levels_of(stage.oracle) && !is_sum_row(row); depth++) {
                compared +=
                    compare_heights(&stage, row + layout.gutter,
                                    layout.track_width, depth, start, column);
                row += 120;
            }
            free(cells);
            press(&stage, "w");
        }
        close_stage(&stage);
    }
    cr_assert(gt(sz, compared, 100));
}

Test(app, a_script_names_the_word_that_is_no_key)
{
    struct stage stage;
    struct error err = {0};

    open_stage(&stage, 1);
    cr_assert(not(app_run_script(stage.app, "w  w Entre d", &err)));
    cr_assert(eq(int, err.code, ERROR_USAGE));
    cr_assert(eq(str, err.message, "word 3 of the keys, \"Entre\", is no key"));
    close_stage(&stage);
}

Test(app, a_quit_key_ends_a_script)
{
    struct stage stage;
    struct error err = {0};
    bool has_quit = false;

    open_stage(&stage, 1);
    cr_assert(app_key(stage.app, 'q', &has_quit, &err));
    cr_assert(has_quit);
    cr_assert(app_run_script(stage.app, "q nonsense", &err));
    close_stage(&stage);
}
