// SPDX-License-Identifier: Apache-2.0
/* What must hold of the flame graph, the function table, the list of events and
 * the page about the recording whatever is pressed. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/error.h"
#include "model/trace_model.h"
#include "support/effort.h"
#include "support/trace_random.h"
#include "tui/action.h"
#include "tui/app.h"
#include "tui/key.h"
#include "tui/screen.h"
#include "tui/theme.h"
#include "unit/tui/stage.h"

enum { STEPS = 150 };

#define SEEDS effort(4, 12)

/* The keys of any action that changes only this view. */
static void
random_command(struct stage *stage, unsigned view, char text[KEY_NAME_SIZE])
{
    if (view == ACTION_IN_W && random_permille(&stage->random, 100)) {
        (void)snprintf(text, KEY_NAME_SIZE, "Tab");
        return;
    }
    for (;;) {
        const struct action *action =
            action_at(random_below(&stage->random, ACTION_COUNT));
        struct action_keys keys;
        size_t offset = 0;

        if ((action->views & view) == 0 || action->id == ACTION_UNDO
            || action->id == ACTION_REDO || action->id == ACTION_OPEN_SANDWICH
            || action->id == ACTION_OCCURRENCES
            || action->id == ACTION_SORT_MENU || action->id == ACTION_OPEN_EVENT
            || action->id == ACTION_EVENT_KINDS
            || (action->group == ACTION_GROUP_GENERAL
                && action->id != ACTION_CANCEL)
            || action->group == ACTION_GROUP_SEARCH) {
            continue;
        }
        cr_assert(action_next_keys(action, &offset, &keys));
        (void)key_format(text, KEY_NAME_SIZE, keys.key);
        return;
    }
}

/* The cursor and the view state as text; the caller frees it with free. */
static char *
view_text(struct stage *stage)
{
    struct cJSON *object = stage_view(stage);
    struct cJSON *view = cJSON_GetObjectItem(object, "view");
    char *text;

    cr_assert(cJSON_IsObject(view));
    cJSON_AddItemReferenceToObject(view, "cursor",
                                   cJSON_GetObjectItem(object, "cursor"));
    text = cJSON_PrintUnformatted(view);
    cr_assert(ne(ptr, text, NULL));
    cJSON_Delete(object);
    return text;
}

/* What the cursor is on is on screen, and looks so. */
static void
check_cursor(struct stage *stage, char letter)
{
    struct cJSON *object = stage_view(stage);
    struct cJSON *cursor = cJSON_GetObjectItem(object, "cursor");
    const struct screen *screen = app_screen(stage->app);
    int x = cJSON_GetObjectItem(cursor, "x")->valueint;
    int y = cJSON_GetObjectItem(cursor, "y")->valueint;

    cr_assert(ge(int, x, 0));
    cr_assert(lt(int, x, (int)screen_width(screen)));
    cr_assert(ge(int, y, 0));
    cr_assert(lt(int, y, (int)screen_height(screen) - 1));
    cr_assert(eq(
        chr,
        theme_style_letter(screen_at(screen, (unsigned)x, (unsigned)y)->style),
        letter));
    cJSON_Delete(object);
}

static void
resize_somehow(struct stage *stage)
{
    stage_resize(stage, 20 + (unsigned)random_below(&stage->random, 200),
                 5 + (unsigned)random_below(&stage->random, 60));
}

static void
wander_and_look(const char *key, unsigned view, char letter)
{
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct stage stage;

        stage_open(&stage, seed);
        stage_press(&stage, key);
        for (int i = 0; i < STEPS; i++) {
            char command[KEY_NAME_SIZE];

            if (random_permille(&stage.random, 100)) {
                resize_somehow(&stage);
            }
            random_command(&stage, view, command);
            stage_press(&stage, command);
            check_cursor(&stage, letter);
        }
        stage_close(&stage);
    }
}

Test(profile_views, show_the_selected_box_after_any_key)
{
    wander_and_look("2", ACTION_IN_F, 'S');
}

Test(profile_views, show_the_selected_function_after_any_key)
{
    wander_and_look("3", ACTION_IN_N, 'R');
}

Test(profile_views, show_the_selected_event_after_any_key)
{
    wander_and_look("6", ACTION_IN_E, 'R');
}

Test(profile_views, show_the_selected_line_after_any_key)
{
    wander_and_look("7", ACTION_IN_I, 'R');
}

Test(profile_views, show_the_selected_caller_callee_or_call_after_any_key)
{
    wander_and_look("4", ACTION_IN_W, 'R');
}

/* Each command is undone, then done again. */
static void
wander_and_undo(const char *key, unsigned view)
{
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct stage stage;
        unsigned undone = 0;

        stage_open(&stage, seed);
        stage_press(&stage, key);
        for (int i = 0; i < STEPS; i++) {
            char *before = view_text(&stage);
            char command[KEY_NAME_SIZE];
            char *after;

            random_command(&stage, view, command);
            stage_press(&stage, command);
            after = view_text(&stage);
            if (strcmp(before, after) != 0) {
                char *again;

                stage_press(&stage, "u");
                again = view_text(&stage);
                cr_assert(eq(str, again, before), "seed %lu: %s", seed,
                          command);
                free(again);
                stage_press(&stage, "C-r");
                again = view_text(&stage);
                cr_assert(eq(str, again, after), "seed %lu: %s", seed, command);
                free(again);
                undone++;
            }
            free(before);
            free(after);
        }
        cr_assert(gt(uint, undone, 10));
        stage_close(&stage);
    }
}

/* All rows but that of the words for the user. */
static bool
is_same_view(const struct screen_cell *a, const struct screen_cell *b,
             unsigned width, unsigned height)
{
    size_t above = (size_t)width * (height - 2);
    size_t bar = (size_t)width * (height - 1);

    return stage_first_difference(a, b, above) == above
           && stage_first_difference(a + bar, b + bar, width) == width;
}

/* With the list of functions, and from pane to pane. */
Test(profile_views, undo_brings_the_screen_of_the_flame_graph_back)
{
    static const unsigned heights[] = {12, 24, 50};

    for (uint64_t seed = 1; seed <= SEEDS / 2; seed++) {
        struct stage stage;

        stage_open(&stage, seed);
        stage_resize(&stage, 120, heights[seed % 3]);
        stage_press(&stage, "2");
        for (int i = 0; i < STEPS / 3; i++) {
            unsigned height = screen_height(app_screen(stage.app));
            struct screen_cell *before = stage_grab(&stage);
            char *view = view_text(&stage);
            char command[KEY_NAME_SIZE] = "Tab";
            char *after;

            if (!random_permille(&stage.random, 150)) {
                random_command(&stage, ACTION_IN_F, command);
            }
            stage_press(&stage, command);
            after = view_text(&stage);
            if (strcmp(view, after) != 0) {
                struct screen_cell *again;

                stage_press(&stage, "u");
                again = stage_grab(&stage);
                cr_assert(is_same_view(before, again, 120, height),
                          "seed %lu: %s", seed, command);
                free(again);
                stage_press(&stage, "C-r");
            }
            free(before);
            free(view);
            free(after);
        }
        stage_close(&stage);
    }
}

Test(profile_views, undo_any_key_of_the_flame_graph)
{
    wander_and_undo("2", ACTION_IN_F);
}

Test(profile_views, undo_any_key_of_the_function_table)
{
    wander_and_undo("3", ACTION_IN_N);
}

Test(profile_views, undo_any_key_of_the_list_of_events)
{
    wander_and_undo("6", ACTION_IN_E);
}

Test(profile_views, undo_any_key_of_the_page_about_the_recording)
{
    wander_and_undo("7", ACTION_IN_I);
}

Test(profile_views, undo_any_key_between_callers_and_callees)
{
    wander_and_undo("4", ACTION_IN_W);
}

static char *
view_string(struct stage *stage, const char *key)
{
    struct cJSON *object = stage_view(stage);
    struct cJSON *value =
        cJSON_GetObjectItem(cJSON_GetObjectItem(object, "view"), key);
    char *text = cJSON_IsString(value) ? strdup(value->valuestring) : NULL;

    cJSON_Delete(object);
    return text;
}

/* Through callers and callees, as far as there are any, and back again. */
Test(profile_views, put_the_selected_row_into_the_middle_and_back)
{
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct stage stage;
        char *before;
        char *after;

        stage_open(&stage, seed);
        stage_press(&stage, "3 j Enter");
        before = view_text(&stage);
        for (int i = 0; i < 10; i++) {
            char *selected;
            char *was = view_string(&stage, "function");

            if (random_permille(&stage.random, 500)) {
                stage_press(&stage, "Tab");
            }
            selected = view_string(&stage, "selected");
            if (selected != NULL && strcmp(selected, was) != 0) {
                stage_press(&stage, "Enter");
                after = view_string(&stage, "function");
                cr_assert(eq(str, after, selected), "seed %lu", seed);
                free(after);
            }
            free(was);
            free(selected);
        }
        for (int i = 0; i < 20; i++) { /* the table is not undone */
            stage_press(&stage, "u");
        }
        stage_press(&stage, "3 g j Enter");
        after = view_text(&stage);
        cr_assert(eq(str, after, before), "seed %lu", seed);
        free(before);
        free(after);
        stage_close(&stage);
    }
}

static char *
selected_name(struct stage *stage)
{
    struct cJSON *object = stage_view(stage);
    struct cJSON *selected =
        cJSON_GetObjectItem(cJSON_GetObjectItem(object, "view"), "selected");
    char *name = strdup(cJSON_GetObjectItem(selected, "name")->valuestring);

    cr_assert(ne(ptr, name, NULL));
    cJSON_Delete(object);
    return name;
}

Test(profile_views, keep_the_cursor_on_its_function_when_sorted)
{
    static const char *const sorts[] = {"<", ">", "I", "F6 j j Enter"};

    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct stage stage;

        stage_open(&stage, seed);
        stage_press(&stage, "3");
        for (int i = 0; i < 20; i++) {
            char *before;
            char *after;

            stage_press(&stage,
                        random_permille(&stage.random, 500) ? "j" : "C-d");
            before = selected_name(&stage);
            stage_press(&stage, sorts[random_below(&stage.random, 4)]);
            after = selected_name(&stage);
            cr_assert(eq(str, after, before), "seed %lu", seed);
            free(before);
            free(after);
        }
        stage_close(&stage);
    }
}

/* From either view one comes to the longest call of what is selected. */
static void
check_longest(const char *keys)
{
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct stage stage;
        struct cJSON *object;
        struct cJSON *slice;
        char *name;

        stage_open(&stage, seed);
        stage_press(&stage, keys);
        name = selected_name(&stage);
        stage_press(&stage, "o");
        object = stage_view(&stage);
        slice =
            cJSON_GetObjectItem(cJSON_GetObjectItem(object, "view"), "slice");
        cr_assert(cJSON_IsObject(slice), "seed %lu", seed);
        cr_assert(
            eq(str, cJSON_GetObjectItem(slice, "name")->valuestring, name),
            "seed %lu", seed);
        cJSON_Delete(object);
        stage_press(&stage, "u"); /* the timeline is as it was */
        free(name);
        stage_close(&stage);
    }
}

Test(profile_views, lead_to_the_longest_call)
{
    check_longest("2 j");
    check_longest("3 j j");
}

/* Any size in any order; the first one shows the same again. */
Test(profile_views, fit_any_screen)
{
    static const char *const keys[] = {"2", "3", "6 j j", "7", "4"};

    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct screen_cell *before;
        struct stage stage;

        stage_open(&stage, seed);
        stage_press(&stage, keys[seed % 5]);
        before = stage_grab(&stage);
        for (int i = 0; i < 40; i++) {
            stage_resize(&stage, 1 + (unsigned)random_below(&stage.random, 300),
                         1 + (unsigned)random_below(&stage.random, 80));
            free(stage_grab(&stage));
        }
        stage_resize(&stage, 80, 24);
        stage_expect_same(&stage, before, seed, "the first size");
        free(before);
        stage_close(&stage);
    }
}

/* What the cursor is on; the caller frees it. */
static char *
selected_text(struct stage *stage)
{
    struct cJSON *object = stage_view(stage);
    struct cJSON *selected =
        cJSON_GetObjectItem(cJSON_GetObjectItem(object, "view"), "selected");
    char *text = cJSON_PrintUnformatted(selected);

    cr_assert(ne(ptr, text, NULL));
    cJSON_Delete(object);
    return text;
}

/* Kinds go and come: the cursor is on its event when it is there again. */
Test(profile_views, keep_the_cursor_on_its_event_when_kinds_change)
{
    static const char *const kinds[] = {"F6 i Esc", "F6 o Esc", "F6 c Esc",
                                        "F6 e Esc", "Space"};

    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct stage stage;

        stage_open(&stage, seed);
        stage_press(&stage, "6");
        for (int i = 0; i < 15; i++) {
            const char *keys = kinds[random_below(&stage.random, 5)];
            char *before;
            char *after;

            stage_press(&stage,
                        random_permille(&stage.random, 500) ? "j" : "C-d");
            before = selected_text(&stage);
            stage_press(&stage, keys);
            stage_press(&stage, keys);
            after = selected_text(&stage);
            cr_assert(eq(str, after, before), "seed %lu: %s", seed, keys);
            free(before);
            free(after);
        }
        stage_close(&stage);
    }
}

/* Enter shows the event's time on the timeline; undo comes back. */
Test(profile_views, lead_to_the_time_of_an_event)
{
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct stage stage;

        stage_open(&stage, seed);
        stage_press(&stage, "6");
        for (int i = 0; i < 10; i++) {
            struct cJSON *object;
            double time_ns;
            double cursor_ns;

            stage_press(&stage,
                        random_permille(&stage.random, 500) ? "j" : "C-d");
            object = stage_view(&stage);
            time_ns = cJSON_GetObjectItem(
                          cJSON_GetObjectItem(
                              cJSON_GetObjectItem(object, "view"), "selected"),
                          "time_ns")
                          ->valuedouble;
            cJSON_Delete(object);
            stage_press(&stage, "Enter");
            cursor_ns = stage_view_number(&stage, "time_ns");
            cr_assert(le(dbl, cursor_ns, time_ns), "seed %lu", seed);
            stage_press(&stage, "6");
        }
        stage_close(&stage);
    }
}

/* Another model of the same trace: nothing is lost. */
Test(profile_views, keep_the_cursor_on_its_event_after_a_reload)
{
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        const struct trace_model_options options = {.thread_count = 1};
        struct stage stage;
        struct trace_model *other;
        struct error err = {0};

        stage_open(&stage, seed);
        stage_press(&stage, "6 C-d j C-d");
        for (int i = 0; i < 3; i++) {
            char *before = selected_text(&stage);
            char *after;

            cr_assert(trace_model_open(
                &other, (const char *const[]){stage.oracle->path}, 1, &options,
                &err));
            cr_assert(app_reload(stage.app, other, &err));
            trace_model_close(stage.model);
            stage.model = other;
            stage_press(&stage, "i");
            after = selected_text(&stage);
            cr_assert(eq(str, after, before), "seed %lu", seed);
            free(before);
            free(after);
            stage_press(&stage, "C-u j");
        }
        stage_close(&stage);
    }
}

/* What libraries say is told, and harms nothing. */
Test(profile_views, tell_what_libraries_wrote)
{
    static const char text[] = "warning: \x1b[2J no such thing\nand more";
    struct cJSON *object;
    struct error err = {0};
    struct stage stage;
    bool has_found = false;

    stage_open(&stage, 1);
    cr_assert(app_keep_stderr(stage.app, text, sizeof text - 1, &err));
    stage_press(&stage, "7");
    for (int i = 0; i < 40 && !has_found; i++) {
        stage_press(&stage, "j");
        object = stage_view(&stage);
        has_found = strcmp(cJSON_GetObjectItem(
                               cJSON_GetObjectItem(object, "view"), "text")
                               ->valuestring,
                           "  warning: \\x1b[2J no such thing")
                    == 0;
        cJSON_Delete(object);
    }
    cr_assert(has_found);
    stage_close(&stage);
}
