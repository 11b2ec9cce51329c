// SPDX-License-Identifier: Apache-2.0
/* What the cells of the tracks show: the same wherever the screen is, and what
 * all calls together say. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdio.h>
#include <stdlib.h>

#include <cjson/cJSON.h>

#include "base/error.h"
#include "model/trace_model.h"
#include "support/trace_random.h"
#include "tui/app.h"
#include "tui/layout.h"
#include "tui/screen.h"
#include "tui/theme.h"
#include "tui/time_grid.h"
#include "unit/tui/stage.h"

enum { UPPER_HALF = 0x2580, LOWER_HALF = 0x2584, BOTH_HALVES = 0x2588 };

/* Zoom in far enough that panning stays clear of the ends of the trace. */
static void
zoom_into_the_middle(struct stage *stage)
{
    stage_press(stage, "w w w w w w A A D D");
    for (uint64_t i = random_below(&stage->random, 30) + 12; i > 0; i--) {
        stage_press(stage, "d");
    }
}

Test(app_cells, panning_there_and_back_is_the_identity)
{
    for (uint64_t seed = 1; seed <= 12; seed++) {
        struct stage stage;

        stage_open(&stage, seed);
        stage_wander(&stage, 4);
        stage_press(&stage, "0");
        zoom_into_the_middle(&stage);
        stage_press(&stage, seed % 2 == 0 ? "z H C-l" : "z h J C-l");
        for (int round = 0; round < 6; round++) {
            uint64_t count = random_below(&stage.random, 7);
            struct screen_cell *before = stage_grab(&stage);
            double start = stage_view_number(&stage, "start_ns");

            for (uint64_t i = 0; i < count; i++) {
                stage_press(&stage, "d");
            }
            for (uint64_t i = 0; i < count; i++) {
                stage_press(&stage, "a");
            }
            if (stage_view_number(&stage, "start_ns") == start) {
                stage_expect_same(&stage, before, seed, "panned");
            } else {
                stage_press(&stage, "a a a"); /* it met the end: nearer to the
                                           middle */
            }
            free(before);
        }
        stage_close(&stage);
    }
}

/* What a cell of the tracks says about its time: blank, a slice of a colour,
 * or a height of a colour. Labels move with the edge of the screen. */
static uint32_t
meaning(const struct screen_cell *cell)
{
    char slot = theme_style_letter(cell->style);
    uint32_t c = cell->character[0];

    if (c == UPPER_HALF || c == LOWER_HALF) {
        return (c << 16 | (uint32_t)cell->style.foreground << 8)
               ^ cell->style.background;
    }
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

/* Marks, objects or text. */
static bool
is_instant_row(const struct screen_cell *row)
{
    static const struct theme themes[] = {{.colour_count = 256},
                                          {.is_ascii = true}};
    bool is_one = false;

    for (int i = 0; i < 2; i++) {
        uint32_t c = row[0].character[0];

        is_one |= c == theme_glyph(&themes[i], GLYPH_INSTANT)
                  || c == theme_glyph(&themes[i], GLYPH_OBJECT_SNAPSHOT)
                  || c == theme_glyph(&themes[i], GLYPH_LOG);
    }
    return is_one;
}

Test(app_cells, a_pan_shifts_the_tracks_by_whole_columns)
{
    enum { WIDTH = 100, HEIGHT = 40 };
    struct layout layout = layout_of(WIDTH, HEIGHT);
    unsigned shift = layout.track_width / 10;
    size_t compared = 0;

    for (uint64_t seed = 1; seed <= 12; seed++) {
        struct stage stage;

        stage_open(&stage, seed);
        stage_resize(&stage, WIDTH, HEIGHT);
        if (seed % 2 == 0) {
            stage_press(&stage, "z H } J");
        }
        zoom_into_the_middle(&stage);
        for (int round = 0; round < 6; round++) {
            struct screen_cell *before = stage_grab(&stage);
            double start = stage_view_number(&stage, "start_ns");
            double column = stage_view_number(&stage, "column_ns");
            struct screen_cell *after;

            stage_press(&stage, "d");
            after = stage_grab(&stage);
            if (stage_view_number(&stage, "start_ns")
                != start + column * shift) {
                free(before);
                free(after);
                break; /* it met the end of the trace */
            }
            for (unsigned y = (unsigned)layout.tracks_row;
                 y < (unsigned)layout.status_row; y++) {
                const struct screen_cell *old = &before[y * WIDTH];
                const struct screen_cell *new = &after[y * WIDTH];

                /* Instants have names behind them, which do not shift. */
                if (is_process_row(old) || is_instant_row(old)) {
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
        stage_close(&stage);
    }
    cr_assert(gt(sz, compared, 10000));
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

Test(app_cells, occupancy_is_that_of_all_calls)
{
    struct layout layout = layout_of(120, 40);
    size_t compared = 0;

    for (uint64_t seed = 3; seed <= 24; seed += 3) { /* of one process */
        struct stage stage;

        stage_open(&stage, seed);
        stage_resize(&stage, 120, 40);
        for (int zoom = 0; zoom < 4; zoom++) {
            struct screen_cell *cells = stage_grab(&stage);
            int64_t start = (int64_t)stage_view_number(&stage, "start_ns");
            int64_t column = (int64_t)stage_view_number(&stage, "column_ns");
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
            stage_press(&stage, "w");
        }
        stage_close(&stage);
    }
    cr_assert(gt(sz, compared, 100));
}

/* Whether a call of the first thread touches [start, end). */
static bool
is_touched(const struct trace_oracle *oracle, uint32_t depth, int64_t start,
           int64_t end)
{
    for (size_t i = 0; i < oracle->call_count; i++) {
        const struct oracle_call *call = &oracle->calls[i];
        int64_t from = (int64_t)(call->start_ns - oracle->first_ns);
        int64_t to = (int64_t)(call->end_ns - oracle->first_ns);

        if (call->thread == 0 && call->depth == depth && from < end
            && (to > start || from >= start)) {
            return true;
        }
    }
    return false;
}

/* Which halves of a cell are there: 1 the upper, 2 the lower one. */
static unsigned
halves_of(const struct screen_cell *cell)
{
    unsigned others = cell->style.background == SCREEN_DEFAULT_COLOUR ? 0 : 3;
    bool is_bold = (cell->style.attributes & SCREEN_BOLD) != 0;

    switch (cell->character[0]) {
    case UPPER_HALF:
        return 1 | others;
    case LOWER_HALF:
        return 2 | others;
    case BOTH_HALVES:
        return 3;
    default:
        return is_bold ? 4 : 0; /* the cursor, where there is no call */
    }
}

Test(app_cells, half_height_shows_both_levels_wherever_there_are_calls)
{
    struct layout layout = layout_of(120, 40);
    size_t compared = 0;

    for (uint64_t seed = 3; seed <= 24; seed += 3) { /* of one process */
        struct stage stage;

        if (seed % 7 == 6) {
            continue; /* ASCII has no halves */
        }
        stage_open(&stage, seed);
        stage_resize(&stage, 120, 40);
        stage_press(&stage, "z h");
        for (int zoom = 0; zoom < 4; zoom++) {
            struct screen_cell *cells = stage_grab(&stage);
            int64_t start = (int64_t)stage_view_number(&stage, "start_ns");
            int64_t column = (int64_t)stage_view_number(&stage, "column_ns");
            const struct screen_cell *row =
                &cells[(size_t)layout.tracks_row * 120];

            row += is_process_row(row) ? 120 : 0;
            for (uint32_t depth = 0;
                 depth < levels_of(stage.oracle) && !is_sum_row(row);
                 depth += 2, row += 120) {
                for (unsigned x = 0; x < layout.track_width; x++) {
                    int64_t from = start + (int64_t)x * column;
                    unsigned halves = halves_of(&row[layout.gutter + x]);
                    unsigned expected =
                        is_touched(stage.oracle, depth, from, from + column)
                        | (unsigned)is_touched(stage.oracle, depth + 1, from,
                                               from + column)
                              << 1;

                    cr_assert(eq(uint, halves, expected),
                              "seed %lu depth %u column %u", seed, depth, x);
                    compared += expected != 0;
                }
            }
            free(cells);
            stage_press(&stage, "w");
        }
        stage_close(&stage);
    }
    cr_assert(gt(sz, compared, 1000));
}
