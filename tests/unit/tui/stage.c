// SPDX-License-Identifier: Apache-2.0
#include "unit/tui/stage.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/buffer.h"
#include "base/error.h"
#include "model/trace_model.h"
#include "support/temporary_folder.h"
#include "support/trace_random.h"
#include "tui/action.h"
#include "tui/app.h"
#include "tui/screen.h"
#include "tui/script.h"
#include "tui/theme.h"

void
stage_open(struct stage *stage, uint64_t seed)
{
    struct trace_random_options options = {
        .seed = seed,
        .process_count = 1 + seed % 3,
        .thread_count = 1 + seed % 4,
        .calls_per_thread = 20 + seed * 37 % 500,
        .depth_max = 3 + seed % 20,
        .instant_permille = 20,
        .object_permille = seed % 4 == 0 ? 20 : 0,
        .counter_permille = 20,
        .gap_permille = seed % 3 == 0 ? 5 : 0,
        .far_permille = seed % 5 == 0 ? 2 : 0,
        .has_unfinished = seed % 2 == 0,
        .block_size = 4096,
    };
    struct trace_model_options model_options = {.thread_count = 1};
    struct app_options app_options = {
        .colour_count = 256,
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

void
stage_visit_again(struct stage *stage, const char *config_folder,
                  const char *state_folder)
{
    struct app_options options = {
        .colour_count = 256,
        .config_folder = config_folder,
        .state_folder = state_folder,
        .title = "random.vzt",
    };
    struct error err = {0};

    app_free(stage->app);
    cr_assert(app_new(&stage->app, stage->model, &options, 80, 24, &err), "%s",
              err.message);
}

bool
stage_shows(struct stage *stage, const char *text)
{
    struct buffer rows = {0};
    struct error err = {0};
    bool is_there;

    cr_assert(app_draw(stage->app, &err)
              && app_dump(stage->app, DUMP_TEXT, &rows, &err));
    is_there = strstr(rows.data, text) != NULL;
    buffer_release(&rows);
    return is_there;
}

char *
stage_message(struct stage *stage)
{
    struct cJSON *object = stage_view(stage);
    char *text =
        strdup(cJSON_GetStringValue(cJSON_GetObjectItem(object, "message")));

    cJSON_Delete(object);
    cr_assert(ne(ptr, text, NULL));
    return text;
}

void
stage_close(struct stage *stage)
{
    app_free(stage->app);
    trace_model_close(stage->model);
    trace_oracle_free(stage->oracle);
    temporary_folder_remove(stage->folder);
}

void
stage_press(struct stage *stage, const char *keys)
{
    struct error err = {0};

    cr_assert(script_run(stage->app, keys, &err), "%s", err.message);
}

void
stage_resize(struct stage *stage, unsigned width, unsigned height)
{
    struct error err = {0};

    cr_assert(app_resize(stage->app, width, height, &err), "%s", err.message);
}

/* A copy of the cells of the present frame; the caller frees it. */
struct screen_cell *
stage_grab(struct stage *stage)
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
size_t
stage_first_difference(const struct screen_cell *a, const struct screen_cell *b,
                       size_t count)
{
    size_t i = 0;

    while (i < count && is_same_cell(&a[i], &b[i])) {
        i++;
    }
    return i;
}

void
stage_expect_same(struct stage *stage, const struct screen_cell *before,
                  uint64_t seed, const char *what)
{
    struct screen_cell *now = stage_grab(stage);
    const struct screen *screen = app_screen(stage->app);
    size_t count = (size_t)screen_width(screen) * screen_height(screen);
    size_t at = stage_first_difference(before, now, count);

    cr_assert(eq(sz, at, count), "seed %lu: %s differs at %zu, %zu", seed, what,
              at % screen_width(screen), at / screen_width(screen));
    free(now);
}

/* The view state as the JSON dump has it; the caller deletes it. */
struct cJSON *
stage_view(struct stage *stage)
{
    struct buffer out = {0};
    struct error err = {0};
    struct cJSON *object;

    cr_assert(app_draw(stage->app, &err));
    cr_assert(app_dump(stage->app, DUMP_JSON, &out, &err));
    object = cJSON_Parse(out.data);
    cr_assert(object != NULL, "the dump is JSON");
    buffer_release(&out);
    return object;
}

double
stage_view_number(struct stage *stage, const char *name)
{
    struct cJSON *object = stage_view(stage);
    double value = cJSON_GetNumberValue(
        cJSON_GetObjectItem(cJSON_GetObjectItem(object, "view"), name));

    cJSON_Delete(object);
    return value;
}

/* What changes the timeline and nothing else. */
static bool
is_of_timeline(const struct action *action)
{
    if ((action->views & ACTION_IN_T) == 0) {
        return false;
    }
    switch (action->id) {
    case ACTION_UNDO:
    case ACTION_REDO:
    case ACTION_FIND_TRACK: /* these open something that takes the keys */
    case ACTION_HIDDEN:
    case ACTION_NEXT_SAME: /* and these search */
    case ACTION_PREVIOUS_SAME:
        return false;
    case ACTION_COLOUR:
    case ACTION_TIME_DISPLAY:
        return true;
    default:
        return action->group != ACTION_GROUP_GENERAL
               && action->group != ACTION_GROUP_SEARCH;
    }
}

bool
stage_is_selection(const struct screen_cell *cell)
{
    uint32_t c = cell->character[0];
    /* At half height it is the half of a cell that is bold text. */
    bool is_half = (c == 0x2580 || c == 0x2584)
                   && (cell->style.attributes & SCREEN_BOLD) != 0;

    return theme_style_letter(cell->style) == 'S' || is_half || c == 0x2190
           || c == 0x2192 || c == 0x2193 || c == '<' || c == '>' || c == '_';
}

void
stage_random_command(struct random *random, char text[2 * KEY_NAME_SIZE])
{
    for (;;) {
        const struct action *action =
            action_at(random_below(random, ACTION_COUNT));
        struct action_keys keys;
        char prefix[KEY_NAME_SIZE] = "";
        char key[KEY_NAME_SIZE];
        size_t offset = 0;

        if (!is_of_timeline(action)) {
            continue;
        }
        cr_assert(action_next_keys(action, &offset, &keys));
        if (keys.prefix != KEY_NONE) {
            (void)key_format(prefix, sizeof prefix, keys.prefix);
        }
        if (keys.key == KEY_ANY) {
            keys.key = 'a' + (unsigned)random_below(random, 3);
        }
        (void)snprintf(text, 2 * KEY_NAME_SIZE, "%s %s", prefix,
                       key_format(key, sizeof key, keys.key));
        return;
    }
}

void
stage_wander(struct stage *stage, int steps)
{
    char command[2 * KEY_NAME_SIZE];

    for (int i = 0; i < steps; i++) {
        stage_random_command(&stage->random, command);
        stage_press(stage, command);
    }
}

/* The column of the cursor; -1 when it is off screen. */
int
stage_cursor_column(struct stage *stage)
{
    struct cJSON *object = stage_view(stage);
    struct cJSON *cursor = cJSON_GetObjectItem(object, "cursor");
    int column =
        cJSON_IsNull(cursor) ? -1 : cJSON_GetObjectItem(cursor, "x")->valueint;

    cJSON_Delete(object);
    return column;
}
