// SPDX-License-Identifier: Apache-2.0
/* The pane of details on random traces and on one made for it. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/buffer.h"
#include "base/error.h"
#include "model/trace_model.h"
#include "support/model_oracle.h"
#include "support/temporary_folder.h"
#include "support/trace_builder.h"
#include "support/trace_random.h"
#include "tui/app.h"
#include "tui/layout.h"
#include "tui/screen.h"
#include "unit/tui/stage.h"

static struct cJSON *
part(struct cJSON *object, const char *name)
{
    return cJSON_GetObjectItem(cJSON_GetObjectItem(object, "view"), name);
}

/* What the JSON dump says about the selected slice and the pane. */
struct seen {
    bool has_slice;
    double start_ns;
    double end_ns;
    double depth;
    char name[64];
    char file[64];
    double line;
    bool is_open;
    bool has_focus;
    double rank; /* NaN when it is not known */
    double count;
    double p50_ns;
    double time_ns;
};

static double
number(struct cJSON *object, const char *name)
{
    return cJSON_GetNumberValue(cJSON_GetObjectItem(object, name));
}

static struct seen
look(struct stage *stage)
{
    struct cJSON *object = stage_view(stage);
    struct cJSON *slice = part(object, "slice");
    struct cJSON *details = part(object, "details");
    struct seen seen = {
        .has_slice = cJSON_IsObject(slice),
        .is_open = cJSON_IsObject(details),
        .time_ns = cJSON_GetNumberValue(part(object, "time_ns")),
    };

    if (seen.has_slice) {
        seen.start_ns = number(slice, "start_ns");
        seen.end_ns = number(slice, "end_ns");
        seen.depth = number(slice, "depth");
        seen.line = number(slice, "line");
        (void)snprintf(
            seen.name, sizeof seen.name, "%s",
            cJSON_GetStringValue(cJSON_GetObjectItem(slice, "name")));
        (void)snprintf(
            seen.file, sizeof seen.file, "%s",
            cJSON_GetStringValue(cJSON_GetObjectItem(slice, "file")));
    }
    if (seen.is_open) {
        seen.has_focus =
            cJSON_IsTrue(cJSON_GetObjectItem(details, "has_focus"));
        seen.rank = number(details, "rank");
        seen.count = number(details, "count");
        seen.p50_ns = number(details, "p50_ns");
    }
    cJSON_Delete(object);
    return seen;
}

/* Whether a row of the tracks shows the selection, or an arrow to it. */
static bool
selection_is_shown(struct stage *stage)
{
    const struct screen *screen = app_screen(stage->app);
    struct layout layout =
        layout_with_details(screen_width(screen), screen_height(screen));
    unsigned end = (unsigned)layout.details_row;

    for (unsigned y = (unsigned)layout.tracks_row; y < end; y++) {
        for (unsigned x = 0; x < screen_width(screen); x++) {
            if (stage_is_selection(screen_at(screen, x, y))) {
                return true;
            }
        }
    }
    return false;
}

static void
open_pane(struct stage *stage)
{
    if (!look(stage).is_open) {
        stage_press(stage, "i");
    }
    cr_assert(look(stage).is_open);
}

Test(details, the_selection_stays_visible_above_them)
{
    for (uint64_t seed = 1; seed <= 8; seed++) {
        struct stage stage;

        stage_open(&stage, seed);
        stage_resize(&stage, 50 + (unsigned)seed * 13, 10 + (unsigned)seed * 5);
        for (int i = 0; i < 40; i++) {
            struct seen seen;

            stage_wander(&stage, 1);
            open_pane(&stage);
            seen = look(&stage);
            cr_assert(seen.has_slice == false || selection_is_shown(&stage),
                      "seed %lu, key %d", seed, i);
        }
        stage_close(&stage);
    }
}

Test(details, any_size_can_be_drawn)
{
    for (uint64_t seed = 1; seed <= 8; seed++) {
        struct stage stage;
        struct error err = {0};

        stage_open(&stage, seed);
        open_pane(&stage);
        for (int i = 0; i < 60; i++) {
            stage_resize(&stage, 1 + (unsigned)random_below(&stage.random, 180),
                         1 + (unsigned)random_below(&stage.random, 60));
            cr_assert(app_draw(stage.app, &err), "%s", err.message);
            stage_wander(&stage, 1);
            cr_assert(app_draw(stage.app, &err), "%s", err.message);
        }
        stage_close(&stage);
    }
}

Test(details, undo_opens_and_closes_them)
{
    for (uint64_t seed = 1; seed <= 6; seed++) {
        struct stage stage;
        struct screen_cell *closed;
        struct screen_cell *open;

        stage_open(&stage, seed);
        stage_press(&stage, "j j G");
        closed = stage_grab(&stage);
        stage_press(&stage, "i");
        open = stage_grab(&stage);
        cr_assert(
            lt(sz, stage_first_difference(closed, open, 80 * 24), 80 * 24));
        stage_press(&stage, "u");
        stage_expect_same(&stage, closed, seed, "undo of opening");
        stage_press(&stage, "C-r");
        stage_expect_same(&stage, open, seed, "redo of opening");
        stage_press(&stage, "q");
        stage_press(&stage, "u");
        stage_expect_same(&stage, open, seed, "undo of closing");
        free(closed);
        free(open);
        stage_close(&stage);
    }
}

static int
compare_downward(const void *left, const void *right)
{
    const uint64_t *a = left;
    const uint64_t *b = right;

    return (*a < *b) - (*a > *b);
}

/* The durations of all calls of a function, the slowest first. */
static uint64_t *
durations_of(const struct stage *stage, const char *name, size_t *count)
{
    uint64_t *durations =
        calloc(stage->oracle->call_count + 1, sizeof *durations);

    *count = 0;
    for (uint32_t thread = 0; thread < stage->oracle->thread_count; thread++) {
        size_t all;
        struct slice *slices = oracle_slices(stage->oracle, thread, &all);

        for (size_t i = 0; i < all; i++) {
            if (strcmp(stage->oracle->functions[slices[i].function].name, name)
                == 0) {
                durations[(*count)++] = slices[i].end_ns - slices[i].start_ns;
            }
        }
        free(slices);
    }
    qsort(durations, *count, sizeof *durations, compare_downward);
    return durations;
}

Test(details, hops_visit_every_call_once_by_duration)
{
    for (uint64_t seed = 1; seed <= 6; seed++) {
        struct stage stage;
        struct seen first;
        size_t count;
        uint64_t *durations;
        size_t rank;

        stage_open(&stage, seed);
        stage_press(&stage, ". j i");
        if (!look(&stage).has_slice) {
            stage_press(&stage, "k");
        }
        first = look(&stage);
        cr_assert(first.has_slice);
        durations = durations_of(&stage, first.name, &count);
        cr_assert(eq(dbl, first.count, (double)count), "seed %lu", seed);
        cr_assert(
            eq(dbl, first.p50_ns, (double)durations[count - (count + 1) / 2]));
        rank = (size_t)first.rank;
        for (size_t i = 0; i < count; i++) {
            struct seen seen = look(&stage);

            cr_assert(eq(str, seen.name, first.name));
            cr_assert(eq(dbl, seen.rank, (double)rank), "seed %lu, hop %zu",
                      seed, i);
            cr_assert(eq(dbl, seen.end_ns - seen.start_ns,
                         (double)durations[rank - 1]));
            rank = rank % count + 1;
            stage_press(&stage, ")");
        }
        cr_expect(eq(dbl, look(&stage).start_ns, first.start_ns));
        stage_press(&stage, ") (");
        cr_expect(eq(dbl, look(&stage).start_ns, first.start_ns));
        free(durations);
        stage_close(&stage);
    }
}

Test(details, ranks_are_unique_and_complete_without_the_pane)
{
    struct stage stage;
    struct seen first;
    size_t count;
    size_t hops = 0;

    stage_open(&stage, 4);
    stage_press(&stage, ".");
    first = look(&stage);
    free(durations_of(&stage, first.name, &count));
    do {
        stage_press(&stage, "(");
        hops++;
    } while (hops <= count
             && (look(&stage).start_ns != first.start_ns
                 || look(&stage).depth != first.depth));
    cr_expect(eq(sz, hops, count));
    stage_close(&stage);
}

Test(details, enter_goes_to_the_caller_at_the_same_time)
{
    for (uint64_t seed = 1; seed <= 10; seed++) {
        struct stage stage;
        struct seen callee;
        struct seen caller;

        stage_open(&stage, seed);
        stage_press(&stage, "j j j i");
        callee = look(&stage);
        stage_press(&stage, "Tab Enter");
        caller = look(&stage);
        if (callee.has_slice && callee.depth > 0) {
            cr_expect(eq(dbl, caller.depth, callee.depth - 1));
            cr_expect(le(dbl, caller.start_ns, callee.start_ns));
            cr_expect(ge(dbl, caller.end_ns, callee.end_ns));
            cr_expect(eq(dbl, caller.time_ns, callee.time_ns));
            cr_expect(caller.has_focus, "one can go on up the stack");
        }
        stage_close(&stage);
    }
}

Test(details, tab_goes_in_and_out_and_escape_closes)
{
    struct stage stage;
    struct seen before;

    stage_open(&stage, 3);
    stage_press(&stage, "j Tab");
    cr_expect(not(look(&stage).is_open));
    stage_press(&stage, "Enter");
    cr_expect(look(&stage).is_open);
    cr_expect(not(look(&stage).has_focus));
    before = look(&stage);
    stage_press(&stage, "Tab");
    cr_expect(look(&stage).has_focus);
    stage_press(&stage, "j j k");
    cr_expect(eq(dbl, look(&stage).start_ns, before.start_ns),
              "moving in the pane leaves the cursor");
    stage_press(&stage, "S-Tab");
    cr_expect(not(look(&stage).has_focus));
    stage_press(&stage, "Enter");
    cr_expect(look(&stage).has_focus);
    stage_press(&stage, "Esc");
    cr_expect(not(look(&stage).is_open));
    stage_press(&stage, "i q");
    cr_expect(not(look(&stage).is_open));
    stage_close(&stage);
}

Test(details, edit_asks_for_the_file_of_the_call)
{
    struct stage stage;
    struct app_request request;
    bool has_asked = false;
    bool has_refused = false;

    stage_open(&stage, 3);
    for (int i = 0; i < 200 && !(has_asked && has_refused); i++) {
        struct seen seen;

        stage_press(&stage, ".");
        seen = look(&stage);
        stage_press(&stage, "e");
        if (!app_take_request(stage.app, &request)) {
            cr_assert(seen.has_slice == false || seen.file[0] == '\0');
            has_refused = true;
            stage_press(&stage, "j");
            continue;
        }
        cr_assert(eq(int, (int)request.kind, (int)APP_REQUEST_EDIT));
        cr_assert(eq(str, request.text, seen.file));
        cr_assert(eq(dbl, request.line, seen.line));
        has_asked = true;
        app_request_release(&request);
    }
    cr_expect(has_asked);
    stage_close(&stage);
}

/* A viewer on a trace with instants of each scope and counters of two keys. */
struct points_stage {
    char *folder;
    char *path;
    struct trace_model *model;
    struct app *app;
};

static void
write_points(struct trace_builder *builder)
{
    static const char *const keys[] = {"used", "free"};
    const double values[] = {3, 4};
    uint32_t f = trace_builder_function(builder, "main", "/srv/a.py", 1);
    uint32_t main = trace_builder_thread(builder, "MainThread");
    uint32_t other = trace_builder_thread(builder, "other");

    trace_builder_call(builder, main, f, 1000);
    trace_builder_scoped_instant(builder, main, VZT_SCOPE_THREAD, "one",
                                 "{\"a\": \"\x1b[2J\"}", 2000);
    trace_builder_scoped_instant(builder, main, VZT_SCOPE_PROCESS, "two", NULL,
                                 4000);
    trace_builder_scoped_instant(builder, main, VZT_SCOPE_GLOBAL, "three", NULL,
                                 6000);
    trace_builder_return(builder, main, f, 9000);
    trace_builder_scoped_instant(builder, other, VZT_SCOPE_THREAD, "four", NULL,
                                 3000);
    trace_builder_counter_pair(builder, other, "memory", keys, values, 5000);
    trace_builder_counter_pair(builder, other, "memory", keys, values, 7000);
}

/* Open what lies at stage->path. */
static void
points_load(struct points_stage *stage, bool is_ascii)
{
    struct app_options options = {.is_ascii = is_ascii, .title = "a.vzt"};
    struct trace_model_options model_options = {.thread_count = 1};
    struct error err = {0};
    const char *path = stage->path;

    cr_assert(trace_model_open(&stage->model, &path, 1, &model_options, &err));
    cr_assert(app_new(&stage->app, stage->model, &options, 100, 30, &err));
}

static void
points_open(struct points_stage *stage, bool is_ascii)
{
    struct trace_builder *builder;

    stage->folder = temporary_folder_make();
    builder = trace_builder_new(stage->folder);
    write_points(builder);
    stage->path = trace_builder_finish(builder);
    points_load(stage, is_ascii);
}

static void
points_close(struct points_stage *stage)
{
    app_free(stage->app);
    trace_model_close(stage->model);
    free(stage->path);
    temporary_folder_remove(stage->folder);
}

/* The screen as text; the caller frees. */
static char *
screen_after(struct points_stage *stage, const char *keys)
{
    struct stage plain = {.app = stage->app};
    struct buffer out = {0};
    struct error err = {0};

    stage_press(&plain, keys);
    cr_assert(app_draw(stage->app, &err), "%s", err.message);
    cr_assert(app_dump(stage->app, DUMP_TEXT, &out, &err));
    return buffer_take(&out);
}

static void
expect_on_screen(struct points_stage *stage, const char *keys,
                 const char *const *texts)
{
    char *screen = screen_after(stage, keys);

    for (; *texts != NULL; texts++) {
        cr_expect(strstr(screen, *texts) != NULL, "no \"%s\" after %s in\n%s",
                  *texts, keys, screen);
    }
    free(screen);
}

Test(details, instants_tell_their_scope_and_thread)
{
    static const char *const rows[] = {"◆one @MainThread", "◆four @other",
                                       "■two", "●three", NULL};
    static const char *const ascii_rows[] = {"*one @MainThread", "*four @other",
                                             "o two", "O three", NULL};
    static const char *const one[] = {
        " one ",           "at 1µs", "of its thread", "thread MainThread",
        "a: \"\\x1b[2J\"", "four ",  "+1µs",          NULL};
    static const char *const two[] = {" two ", "at 3µs", "of its process",
                                      NULL};
    static const char *const three[] = {" three ", "at 5µs", "of everything",
                                        "nothing after it", NULL};
    struct points_stage stage;

    points_open(&stage, false);
    expect_on_screen(&stage, "@160x30", rows);
    expect_on_screen(&stage, "G k k i .", one);
    expect_on_screen(&stage, ". .", two);
    expect_on_screen(&stage, "l", three);
    expect_on_screen(&stage, "h", two);
    points_close(&stage);
    points_open(&stage, true);
    expect_on_screen(&stage, "@160x30", ascii_rows);
    points_close(&stage);
}

Test(details, objects_tell_their_phase_id_and_snapshot)
{
    static const struct {
        enum vzt_object_phase phase;
        const char *args;
        const char *texts[6];
    } cases[] = {
        {VZT_OBJECT_CREATED,
         NULL,
         {"△cart created", " cart created ", "object 0x77, created",
          "(no arguments)", NULL}},
        {VZT_OBJECT_SNAPSHOT,
         "{\"snapshot\": {\"total\": 6}}",
         {"◇cart snapshot", "object 0x77, snapshot", "snapshot: {\"total\": 6}",
          NULL}},
        {VZT_OBJECT_DELETED,
         NULL,
         {"▽cart deleted", "object 0x77, deleted", NULL}},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct points_stage stage = {.folder = temporary_folder_make()};
        struct trace_builder *builder = trace_builder_new(stage.folder);
        uint32_t thread = trace_builder_thread(builder, "MainThread");

        trace_builder_object(builder, thread, cases[i].phase, "0x77", "cart",
                             cases[i].args, 2000);
        stage.path = trace_builder_finish(builder);
        points_load(&stage, false);
        expect_on_screen(&stage, "@100x30 G i", cases[i].texts);
        points_close(&stage);
    }
}

Test(details, each_key_of_a_counter_has_a_row)
{
    static const char *const rows[] = {"~ memory free", "~ memory used", NULL};
    static const char *const before[] = {"no value yet", "from here on", NULL};
    static const char *const first[] = {" memory free ",
                                        "value 4",
                                        "last changed at 4µs",
                                        "2 points",
                                        "min 4",
                                        "by thread other",
                                        NULL};
    static const char *const second[] = {"value 4", "last changed at 4µs",
                                         "last set at 6µs", NULL};
    static const char *const end[] = {"no later point", NULL};
    struct points_stage stage;

    points_open(&stage, false);
    expect_on_screen(&stage, "@160x40", rows);
    expect_on_screen(&stage, "G k i", before);
    expect_on_screen(&stage, "l", first);
    expect_on_screen(&stage, ".", second);
    expect_on_screen(&stage, ".", end);
    expect_on_screen(&stage, "h", first);
    expect_on_screen(&stage, "Tab l j k Enter", second);
    points_close(&stage);
}
