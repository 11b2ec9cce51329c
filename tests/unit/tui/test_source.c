// SPDX-License-Identifier: Apache-2.0
/* The source view: its pages, and steps along random traces. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/progress.h"
#include "model/call_edges.h"
#include "model/trace_model.h"
#include "support/failing_malloc.h"
#include "support/random.h"
#include "support/temporary_folder.h"
#include "support/trace_builder.h"
#include "support/trace_random.h"
#include "tui/app.h"
#include "tui/screen.h"
#include "tui/source_page.h"
#include "tui/text_line.h"
#include "unit/tui/stage.h"

enum { SEEDS = 12, STEPS = 40, WIDTH = 40, MARGIN = 5 };

/* The view state of the source, as text; the caller frees it. */
static char *
view_text(struct stage *stage)
{
    struct cJSON *object = stage_view(stage);
    char *text = cJSON_PrintUnformatted(cJSON_GetObjectItem(object, "view"));

    cr_assert(text != NULL);
    cJSON_Delete(object);
    return text;
}

static void
expect_view(struct stage *stage, char *expected, const char *what)
{
    char *text = view_text(stage);

    cr_assert(eq(str, text, expected), "%s", what);
    free(text);
}

/* Somewhere on the timeline on a call, then to its source. */
static bool
open_source(struct stage *stage)
{
    struct cJSON *object;
    bool has_moment;

    stage_press(stage, "j j l l 5");
    object = stage_view(stage);
    has_moment = cJSON_IsObject(
        cJSON_GetObjectItem(cJSON_GetObjectItem(object, "view"), "moment"));
    cJSON_Delete(object);
    return has_moment;
}

/* Some steps, and some of them back: states are those that were left. */
static unsigned
walk(struct stage *stage)
{
    static const char *const keys[] = {"s", ".", "S", "-"};
    char *states[STEPS + 1];
    unsigned steps = 0;
    int count = 1;

    states[0] = view_text(stage);
    for (int i = 0; i < STEPS; i++) {
        size_t key = random_below(&stage->random, 4);
        char *after;

        stage_press(stage, keys[key]);
        if (key == 3) {
            if (count > 1) {
                free(states[--count]);
            }
            expect_view(stage, states[count - 1], "one step back");
            continue;
        }
        after = view_text(stage);
        if (strcmp(after, states[count - 1]) == 0) {
            free(after); /* there was nowhere to go */
        } else {
            states[count++] = after;
            steps++;
        }
    }
    while (count > 1) {
        expect_view(stage, states[--count], "on the way back");
        stage_press(stage, "-");
        free(states[count]);
    }
    expect_view(stage, states[0], "back at the start");
    free(states[0]);
    return steps;
}

Test(source, steps_back_are_the_inverse_of_steps)
{
    unsigned steps = 0;

    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct stage stage;

        stage_open(&stage, seed);
        if (open_source(&stage)) {
            steps += walk(&stage);
        }
        stage_close(&stage);
    }
    cr_assert(gt(u32, steps, SEEDS * 5));
}

Test(source, undo_takes_back_a_step_that_a_job_made)
{
    static const char *const keys[] = {"s", ".", "S", "-"};

    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct stage stage;

        stage_open(&stage, seed);
        if (open_source(&stage)) {
            for (int i = 0; i < 10; i++) {
                char *before = view_text(&stage);
                char *after;

                stage_press(&stage, keys[random_below(&stage.random, 4)]);
                after = view_text(&stage);
                if (strcmp(before, after) != 0) {
                    stage_press(&stage, "u");
                    expect_view(&stage, before, "undo");
                    stage_press(&stage, "C-r");
                    expect_view(&stage, after, "redo");
                }
                free(before);
                free(after);
            }
        }
        stage_close(&stage);
    }
}

static double
number_at(const struct cJSON *object, const char *name)
{
    const struct cJSON *number = cJSON_GetObjectItem(object, name);

    cr_assert(cJSON_IsNumber(number), "%s", name);
    return number->valuedouble;
}

/* The timeline has its cursor on the call of the moment. */
static void
expect_followed(struct stage *stage)
{
    struct cJSON *source = stage_view(stage);
    struct cJSON *moment =
        cJSON_GetObjectItem(cJSON_GetObjectItem(source, "view"), "moment");
    struct cJSON *timeline;
    struct cJSON *selected;

    stage_press(stage, "1");
    timeline = stage_view(stage);
    selected =
        cJSON_GetObjectItem(cJSON_GetObjectItem(timeline, "view"), "slice");
    cr_assert(cJSON_IsObject(selected));
    cr_assert(eq(dbl, number_at(selected, "start_ns"),
                 number_at(moment, "start_ns")));
    cr_assert(
        eq(dbl, number_at(selected, "depth"), number_at(moment, "depth")));
    cJSON_Delete(source);
    cJSON_Delete(timeline);
    stage_press(stage, "5");
}

Test(source, the_timeline_follows_the_steps)
{
    static const char *const keys[] = {"s", ".", "S", "-"};

    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct stage stage;

        stage_open(&stage, seed);
        if (open_source(&stage)) {
            for (int i = 0; i < 10; i++) {
                char *before = view_text(&stage);
                char *after;

                stage_press(&stage, keys[random_below(&stage.random, 4)]);
                after = view_text(&stage);
                if (strcmp(before, after) != 0) {
                    expect_followed(&stage);
                }
                free(before);
                free(after);
            }
        }
        stage_close(&stage);
    }
}

/* What the host does: undo over a filter asks for the trace there. */
static void
press_with_host(struct stage *stage, const char *key,
                const struct trace_model *filtered)
{
    struct app_request request;
    struct error err = {0};

    stage_press(stage, key);
    while (app_take_request(stage->app, &request)) {
        cr_assert(request.kind != APP_REQUEST_FILTER
                      || app_set_filter(stage->app,
                                        request.text[0] == '\0' ? stage->model
                                                                : filtered,
                                        request.text, &err),
                  "%s", err.message);
        free(request.text);
    }
}

/* Moments are of one model: undo over a filter does not bring them back. */
Test(source, moments_end_with_their_model)
{
    static const char *const keys[] = {"u", "-", "s", "u", ".",  "C-r",
                                       "S", "u", "-", "u", "C-r"};

    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct trace_model_options options = {.thread_count = 1};
        struct trace_model *filtered = NULL;
        struct stage stage;
        struct error err = {0};
        const char *path;

        stage_open(&stage, seed);
        path = stage.oracle->path;
        cr_assert(trace_model_open(&filtered, &path, 1, &options, &err));
        if (open_source(&stage)) {
            stage_press(&stage, "s . s .");
            cr_assert(app_set_filter(stage.app, filtered, "f", &err), "%s",
                      err.message);
            for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
                press_with_host(&stage, keys[i], filtered);
            }
        }
        stage_close(&stage);
        trace_model_close(filtered);
    }
}

/* A program, what it called, and the page of its file. */
struct program {
    char *folder;
    struct trace_model *model;
    struct call_edges edges;
};

static const char program_text[] = "import json\n"
                                   "@cache\n"
                                   "def build(rows):\n"
                                   "    t = Timer()\n"
                                   "    # load(rows)\n"
                                   "    x = json.dumps(load(rows))\n"
                                   "    return [f(r) for r in rows], 'load('\n"
                                   "\n"
                                   "def load(rows):\n"
                                   "    return len(rows)\n"
                                   "build(1); load(2)\n";

static void
call_all(struct trace_builder *b, uint32_t thread, const uint32_t *path,
         size_t count, uint64_t *now_ns)
{
    for (size_t i = 0; i < count; i++) {
        trace_builder_call(b, thread, path[i], ++*now_ns);
    }
    for (size_t i = count; i-- > 0;) {
        trace_builder_return(b, thread, path[i], ++*now_ns);
    }
}

static void
open_program(struct program *program)
{
    struct trace_model_options options = {.thread_count = 1};
    struct slice_scan_options scan = {.thread_count = 1};
    struct trace_builder *b;
    const char *file = "/w/app.py";
    const char *input;
    char *path;
    uint64_t now_ns = 100;
    uint32_t thread;

    program->folder = temporary_folder_make();
    b = trace_builder_new(program->folder);
    thread = trace_builder_thread(b, "MainThread");
    trace_builder_source(b, file, program_text);
    {
        uint32_t module = trace_builder_function(b, "<module>", file, 1);
        uint32_t build = trace_builder_function(b, "build", file, 2);
        uint32_t load = trace_builder_function(b, "load", file, 9);
        uint32_t init =
            trace_builder_function(b, "Timer.__init__", "/w/timer.py", 3);
        uint32_t dumps = trace_builder_function(b, "json.dumps", NULL, 0);
        uint32_t len = trace_builder_function(b, "builtins.len", NULL, 0);
        uint32_t each =
            trace_builder_function(b, "build.<locals>.<listcomp>", file, 7);
        uint32_t f = trace_builder_function(b, "f", "/w/f.py", 1);
        uint32_t gone = trace_builder_function(b, "gone", file, 99);
        const uint32_t paths[][4] = {{module, build, init, 0},
                                     {module, build, dumps, 0},
                                     {module, build, load, len},
                                     {module, build, each, f},
                                     {module, gone, 0, 0}};

        for (size_t i = 0; i < 5; i++) {
            call_all(b, thread, paths[i], i == 4 ? 2 : i < 2 ? 3 : 4, &now_ns);
        }
    }
    input = path = trace_builder_finish(b);
    cr_assert(trace_model_open(&program->model, &input, 1, &options, NULL));
    cr_assert(call_edges_find(&program->edges, program->model, &scan, NULL));
    free(path);
}

static void
close_program(struct program *program)
{
    call_edges_release(&program->edges);
    trace_model_close(program->model);
    temporary_folder_remove(program->folder);
}

Test(source_page, knows_what_a_line_defines_and_may_call)
{
    static const char expected[] =
        "1#<module> 3#build 4~Timer.__init__ 6~json.dumps 6~load "
        "7#build.<locals>.<listcomp> 7~f 9#load 10~builtins.len 11~build ";
    struct program program;
    struct source_page page;
    struct progress no_progress = {0};
    struct buffer found = {0};

    open_program(&program);
    cr_assert(source_page_make(&page, program.model, "/w/app.py",
                               &program.edges, &no_progress, NULL));
    for (uint32_t line = 1; line <= page.outline.line_count; line++) {
        size_t count;
        const struct page_definition *definitions =
            source_page_definitions(&page, line, &count);
        const struct page_site *sites;

        for (size_t i = 0; i < count; i++) {
            buffer_append_format(
                &found, "%u#%s ", line,
                trace_model_function(program.model, definitions[i].function)
                    ->name);
        }
        sites = source_page_sites(&page, line, &count);
        cr_assert(eq(sz, source_page_callee_count(&page, line), count));
        for (size_t i = 0; i < count; i++) {
            buffer_append_format(
                &found, "%u~%s ", line,
                trace_model_function(program.model, sites[i].callee)->name);
        }
    }
    cr_assert(eq(str, found.data, (char *)(size_t)expected));
    cr_assert(eq(sz, page.beyond_count, 1));
    buffer_release(&found);
    source_page_release(&page);
    close_program(&program);
}

static void
write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    cr_assert(file != NULL && fputs(text, file) >= 0);
    cr_assert(eq(int, fclose(file), 0));
}

/* For each pair that calls, the lines that the whole page has. */
Test(source_page, finds_the_lines_of_one_call)
{
    struct program program;
    struct source_page page;
    struct progress no_progress = {0};
    size_t checked = 0;

    open_program(&program);
    cr_assert(source_page_make(&page, program.model, "/w/app.py",
                               &program.edges, &no_progress, NULL));
    for (size_t i = 0; i < page.definition_count; i++) {
        const struct page_definition *caller = &page.definitions[i];
        for (uint32_t callee = 0;
             call_edges_next(&program.edges, caller->function, &callee);
             callee++) {
            const struct page_site *site =
                source_page_find_site(&page, caller, callee);
            struct call_lines found;

            cr_assert(call_lines_find(&found, program.model, caller->function,
                                      callee, NULL));
            cr_assert(eq(sz, found.count, site == NULL ? 0 : 1));
            cr_assert(site == NULL || found.lines[0] == site->line);
            checked += site != NULL;
        }
    }
    cr_assert(eq(sz, checked, 6));
    source_page_release(&page);
    close_program(&program);
}

/* The same text finds a line when it is in the trace, not when it is there on
 * the disk. */
Test(source_page, reads_no_file_to_find_the_lines_of_a_call)
{
    static const char text[] = "def a():\n    b()\n";
    struct trace_model_options options = {.thread_count = 1};

    for (size_t is_in_trace = 0; is_in_trace < 2; is_in_trace++) {
        struct program program = {.folder = temporary_folder_make()};
        struct trace_builder *b = trace_builder_new(program.folder);
        uint32_t thread = trace_builder_thread(b, "MainThread");
        struct call_lines found;
        uint32_t path[2];
        uint64_t now_ns = 0;
        const char *input;
        char *file;
        char *made;

        cr_assert(ge(int, asprintf(&file, "%s/a.py", program.folder), 0));
        write_file(file, text);
        if (is_in_trace) {
            trace_builder_source(b, file, text);
        }
        path[0] = trace_builder_function(b, "a", file, 1);
        path[1] = trace_builder_function(b, "b", NULL, 0);
        call_all(b, thread, path, 2, &now_ns);
        input = made = trace_builder_finish(b);
        cr_assert(trace_model_open(&program.model, &input, 1, &options, NULL));
        cr_assert(call_lines_find(&found, program.model, 0, 1, NULL));
        cr_assert(eq(sz, found.count, is_in_trace));
        cr_assert(call_lines_find(&found, program.model, UINT32_MAX, 0, NULL));
        cr_assert(eq(sz, found.count, 0));
        close_program(&program);
        free(made);
        free(file);
    }
}

Test(source_page, survives_every_failed_allocation)
{
    struct program program;
    struct progress no_progress = {0};
    bool has_failed = true;

    open_program(&program);
    for (unsigned i = 0; has_failed && failing_malloc_arm(i); i++) {
        struct source_page page;
        struct error err = {0};
        bool ok = source_page_make(&page, program.model, "/w/app.py",
                                   &program.edges, &no_progress, &err);

        has_failed = failing_malloc_disarm();
        cr_assert(eq(int, ok, !has_failed));
        cr_assert(eq(int, err.code, ok ? ERROR_NONE : ERROR_NO_MEMORY));
        source_page_release(&page);
    }
    close_program(&program);
}

/* A line that is scrolled sideways shows what it showed before, further left;
 * but for the halves of what the edges cut. */
Test(text_line, scrolling_shifts_what_is_shown)
{
    static const char *const pieces[] = {
        "a",    "bc",   "\t", "\xe6\xbc\xa2", "\x1b", "\0", "e\xcc\x81",
        "\xff", "\x0c", " ",  "\xe2\x80\xae"};
    struct random random = {11};
    struct screen *whole = NULL;
    struct screen *part = NULL;

    cr_assert(screen_new(&whole, 1200, 1, NULL));
    cr_assert(screen_new(&part, MARGIN + WIDTH, 1, NULL));
    for (int round = 0; round < 400; round++) {
        struct buffer text = {0};
        struct text_line line = {.style = SCREEN_STYLE_DEFAULT};

        for (uint64_t i = random_below(&random, 60); i > 0; i--) {
            size_t piece =
                random_below(&random, sizeof pieces / sizeof pieces[0]);

            buffer_append(&text, pieces[piece],
                          piece == 5 ? 1 : strlen(pieces[piece]));
        }
        line.bytes = text.data;
        line.size = text.size;
        screen_erase(whole);
        screen_erase(part);
        cr_assert(not(text_line_draw(&line, whole, 0, 0, 1200)));
        line.left = (unsigned)random_below(&random, 100);
        (void)text_line_draw(&line, part, MARGIN, 0, WIDTH);
        for (unsigned x = 0; x < MARGIN; x++) {
            cr_assert(screen_at(part, x, 0)->character[0] == ' ');
        }
        for (unsigned x = 1; x + 1 < WIDTH; x++) {
            cr_assert(
                screen_at(part, MARGIN + x, 0)->character[0]
                        == screen_at(whole, x + line.left, 0)->character[0]
                    || screen_at(part, MARGIN + x, 0)->character[0] == ' ',
                "round %d, column %u", round, x);
        }
        buffer_release(&text);
    }
    screen_free(whole);
    screen_free(part);
}
