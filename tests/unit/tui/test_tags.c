// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "model/trace_model.h"
#include "support/random.h"
#include "support/temporary_folder.h"
#include "support/trace_builder.h"
#include "tui/app_parts.h"
#include "tui/search_map.h"
#include "tui/tags.h"
#include "tui/viewer.h"
#include "unit/tui/stage.h"

enum { FUNCTIONS = TAGS_MAX + 10, GARBAGE = 300 };

/* Names that a file has to escape, among others. */
static const char *const odd_names[] = {"tab\there", "line\nbreak", "back\\x41",
                                        "\x1b[7m",   "\xff\xfe",    "",
                                        "x\x7f"};

struct tagged {
    char *folder;
    struct viewer viewer;
};

static void
open_trace(struct tagged *tagged)
{
    struct trace_builder *builder;
    struct trace_model *model;
    uint32_t thread;
    char *path;

    tagged->folder = temporary_folder_make();
    builder = trace_builder_new(tagged->folder);
    thread = trace_builder_thread(builder, "MainThread");
    for (uint32_t i = 0; i < FUNCTIONS; i++) {
        size_t odd = sizeof odd_names / sizeof odd_names[0];
        char name[64];
        uint32_t function;

        (void)snprintf(name, sizeof name, "%s", i < odd ? odd_names[i] : "f");
        function = trace_builder_function(builder, name, "/w/a.py", i + 1);
        trace_builder_call(builder, thread, function, 10 * i + 1);
        trace_builder_return(builder, thread, function, 10 * i + 5);
    }
    path = trace_builder_finish(builder);
    cr_assert(trace_model_open(&model, (const char *const *)&path, 1,
                               &(struct trace_model_options){0}, NULL));
    free(path);
    tagged->viewer =
        (struct viewer){.model = model, .state_folder = tagged->folder};
}

static void
close_trace(struct tagged *tagged)
{
    trace_model_close((struct trace_model *)tagged->viewer.model);
    free(tagged->viewer.tags_path);
    temporary_folder_remove(tagged->folder);
}

/* What another visit finds. */
static void
load_again(struct tagged *tagged, struct tags *tags)
{
    struct viewer *viewer = &tagged->viewer;
    struct tags before = viewer->look.tags;
    struct error err = {0};

    free(viewer->tags_path);
    viewer->tags_path = NULL;
    viewer->look.tags = (struct tags){0};
    cr_assert(tags_load(viewer, &err), "%s", err.message);
    *tags = viewer->look.tags;
    viewer->look.tags = before;
}

Test(tags, are_found_again_whatever_they_are_called)
{
    struct tagged tagged;
    struct random random = {.state = 8};
    struct tags found;

    open_trace(&tagged);
    cr_assert(tags_load(&tagged.viewer, NULL));
    for (int i = 0; i < 200; i++) {
        uint32_t function = (uint32_t)random_below(&random, FUNCTIONS);
        bool was = tags_has(&tagged.viewer.look.tags, function);
        size_t count = tagged.viewer.look.tags.count;

        tags_toggle(&tagged.viewer, function);
        cr_assert(eq(int, tags_has(&tagged.viewer.look.tags, function),
                     !was && count < TAGS_MAX));
        cr_assert(tags_keep(&tagged.viewer, NULL));
        load_again(&tagged, &found);
        cr_assert(tags_are_same(&found, &tagged.viewer.look.tags), "step %d",
                  i);
    }
    close_trace(&tagged);
}

Test(tags, are_no_more_than_there_can_be)
{
    struct tagged tagged;

    open_trace(&tagged);
    for (uint32_t i = 0; i < FUNCTIONS; i++) {
        tags_toggle(&tagged.viewer, i);
    }
    cr_assert(eq(sz, tagged.viewer.look.tags.count, TAGS_MAX));
    cr_assert(strstr(tagged.viewer.message, "all there can be") != NULL);
    close_trace(&tagged);
}

/* Any bytes give tags of the trace, or are said to be none. */
Test(tags, survive_any_file)
{
    static const char good[] = "viztracer-tags 1\n1 8 /w/a.py\tf\t\n";
    struct tagged tagged;
    struct random random = {.state = 15};
    bool has_found = false;

    open_trace(&tagged);
    cr_assert(tags_load(&tagged.viewer, NULL));
    tags_toggle(&tagged.viewer, 0);
    cr_assert(tags_keep(&tagged.viewer, NULL)); /* which makes the folder */
    for (int i = 0; i < GARBAGE; i++) {
        char bytes[sizeof good];
        FILE *file = fopen(tagged.viewer.tags_path, "wb");
        struct error err = {0};
        bool is_ok;

        cr_assert(ne(ptr, file, NULL));
        memcpy(bytes, good, sizeof good);
        for (uint64_t k = random_below(&random, 4); k > 0; k--) {
            bytes[random_below(&random, sizeof good - 1)] =
                (char)random_below(&random, 256);
        }
        (void)fwrite(bytes, 1, random_below(&random, sizeof good), file);
        (void)fclose(file);
        free(tagged.viewer.tags_path);
        tagged.viewer.tags_path = NULL;
        tagged.viewer.look.tags = (struct tags){0};
        is_ok = tags_load(&tagged.viewer, &err);
        cr_assert(eq(int, is_ok, err.code == ERROR_NONE));
        cr_assert(le(sz, tagged.viewer.look.tags.count, 1));
        has_found |= tagged.viewer.look.tags.count == 1;
    }
    cr_assert(has_found);
    close_trace(&tagged);
}

/* The search finds the same calls by another way to the blocks. */
Test(tags, are_in_the_cells_where_a_search_finds_them)
{
    for (uint64_t seed = 1; seed <= 6; seed++) {
        struct stage stage;
        struct viewer *viewer;
        size_t hits = 0;

        stage_open(&stage, seed);
        viewer = &stage.app->viewer;
        for (uint32_t i = 0; i < trace_model_function_count(stage.model); i++) {
            struct error err = {0};
            const struct timeline_grid *grid = &viewer->search_cells.grid;

            cr_assert(
                search_set_function(&viewer->search, viewer->model, i, &err));
            viewer->look.tags = (struct tags){.functions = {i}, .count = 1};
            stage_press(&stage, i % 2 == 0 ? "w" : "0");
            for (uint32_t cell = 0; cell < 64 * grid->column_count; cell++) {
                uint32_t column = cell / 64;
                uint32_t level = cell % 8;
                uint32_t track = cell / 8 % 8;
                bool is_hit =
                    search_map_has(viewer, grid, track, level, column, false);

                hits += is_hit;
                cr_assert(eq(
                    int, tag_map_has(viewer, grid, track, level, column, false),
                    is_hit));
            }
        }
        cr_assert(gt(sz, hits, 10));
        stage_close(&stage);
    }
}
