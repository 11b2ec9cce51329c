// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "model/source_map.h"
#include "random_model.h"
#include "support/failing_malloc.h"
#include "support/temporary_folder.h"
#include "support/trace_builder.h"

/* A trace of one function in one file. */
struct recorded {
    char *folder;
    char *file; /* "folder/mod.py" */
    struct trace_model *model;
};

static void
write_file(const char *path, const char *text, size_t size)
{
    FILE *file = fopen(path, "wb");

    cr_assert(file != NULL);
    cr_assert(eq(sz, fwrite(text, 1, size, file), size));
    cr_assert(eq(int, fclose(file), 0));
}

/* path NULL = the file; text NULL = the trace has none. */
static void
record(struct recorded *recorded, const char *path, const char *text)
{
    struct trace_model_options options = {.thread_count = 1};
    struct trace_builder *b;
    const char *input;
    char *trace;
    uint32_t f;
    uint32_t t;

    recorded->folder = temporary_folder_make();
    recorded->file = temporary_folder_file(recorded->folder, "mod.py");
    b = trace_builder_new(recorded->folder);
    f = trace_builder_function(b, "f", path == NULL ? recorded->file : path, 1);
    t = trace_builder_thread(b, "MainThread");
    if (text != NULL) {
        trace_builder_source(b, path == NULL ? recorded->file : path, text);
    }
    trace_builder_call(b, t, f, 100);
    trace_builder_return(b, t, f, 200);
    input = trace = trace_builder_finish(b);
    cr_assert(trace_model_open(&recorded->model, &input, 1, &options, NULL));
    free(trace);
}

static void
forget(struct recorded *recorded)
{
    trace_model_close(recorded->model);
    free(recorded->file);
    temporary_folder_remove(recorded->folder);
}

static void
expect(const struct recorded *recorded, const char *path,
       enum source_origin origin, const char *text)
{
    struct source_file file;
    struct error err = {0};

    cr_assert(source_file_find(&file, recorded->model, path, &err), "%s",
              err.message);
    cr_assert(eq(int, file.origin, origin), "%s", file.reason);
    cr_assert(eq(int, file.reason[0] != '\0', origin == SOURCE_NOWHERE));
    if (text != NULL) {
        cr_assert(eq(str, file.text.data, (char *)(size_t)text));
    }
    source_file_release(&file);
}

Test(source_map, prefers_the_text_of_the_trace)
{
    struct recorded recorded;

    record(&recorded, NULL, "def f():\n    pass\n");
    write_file(recorded.file, "other", 5);
    expect(&recorded, recorded.file, SOURCE_IN_TRACE, "def f():\n    pass\n");
    forget(&recorded);
}

Test(source_map, decodes_what_a_comment_names)
{
    struct recorded recorded;

    record(&recorded, NULL, "# coding: latin-1\n# \xe9\n");
    expect(&recorded, recorded.file, SOURCE_IN_TRACE,
           "# coding: latin-1\n# \xc3\xa9\n");
    forget(&recorded);
}

Test(source_map, says_how_far_a_file_on_disk_can_be_trusted)
{
    const struct timespec long_ago[2] = {{.tv_sec = 1}, {.tv_sec = 1}};
    const struct timespec later[2] = {{.tv_sec = INT64_C(1) << 40},
                                      {.tv_sec = INT64_C(1) << 40}};
    struct recorded recorded;

    record(&recorded, NULL, NULL);
    write_file(recorded.file, "x = 1\n", 6);
    cr_assert(eq(int, utimensat(AT_FDCWD, recorded.file, long_ago, 0), 0));
    expect(&recorded, recorded.file, SOURCE_ON_DISK_UNSURE, "x = 1\n");
    cr_assert(eq(int, utimensat(AT_FDCWD, recorded.file, later, 0), 0));
    expect(&recorded, recorded.file, SOURCE_ON_DISK_NEWER, "x = 1\n");
    forget(&recorded);
}

Test(source_map, opens_nothing_but_regular_files)
{
    struct recorded recorded;
    char *pipe;
    char *link;
    char *large;

    record(&recorded, NULL, NULL);
    expect(&recorded, recorded.file, SOURCE_NOWHERE, NULL);
    expect(&recorded, recorded.folder, SOURCE_NOWHERE, NULL);
    expect(&recorded, "/dev/zero", SOURCE_NOWHERE, NULL);
    pipe = temporary_folder_file(recorded.folder, "pipe.py");
    cr_assert(eq(int, mkfifo(pipe, 0600), 0));
    expect(&recorded, pipe, SOURCE_NOWHERE, NULL);
    large = temporary_folder_file(recorded.folder, "large.py");
    write_file(large, "", 0);
    cr_assert(eq(int, truncate(large, SOURCE_SIZE_MAX + 1), 0));
    expect(&recorded, large, SOURCE_NOWHERE, NULL);
    write_file(recorded.file, "y\n", 2);
    link = temporary_folder_file(recorded.folder, "link.py");
    cr_assert(eq(int, symlink(recorded.file, link), 0));
    expect(&recorded, link, SOURCE_ON_DISK_NEWER, "y\n");
    free(pipe);
    free(large);
    free(link);
    forget(&recorded);
}

Test(source_map, has_nothing_where_there_is_no_file)
{
    struct recorded recorded;

    record(&recorded, NULL, NULL);
    expect(&recorded, "", SOURCE_NOWHERE, NULL);
    expect(&recorded, "<string>", SOURCE_NOWHERE, NULL);
    expect(&recorded, "no/such.py", SOURCE_NOWHERE, NULL);
    forget(&recorded);
}

Test(source_map, keeps_what_a_notebook_recorded_of_a_made_up_name)
{
    struct recorded recorded;

    record(&recorded, "<cell 1>", "1 + 1\n");
    expect(&recorded, "<cell 1>", SOURCE_IN_TRACE, "1 + 1\n");
    forget(&recorded);
}

Test(source_map, has_all_functions_of_a_file_by_line)
{
    for (size_t kind = 0; kind < random_model_kind_count(); kind++) {
        struct random_model random;
        uint32_t seen = 0;
        uint32_t count;

        random_model_open(&random, random_model_kind(kind), 1);
        count = trace_model_function_count(random.model);
        for (uint32_t i = 0; i < count; i++) {
            const struct model_function *f =
                trace_model_function(random.model, i);
            struct source_functions functions;
            bool is_there = false;

            cr_assert(
                source_functions_find(&functions, random.model, f->file, NULL));
            for (size_t k = 0; k < functions.count; k++) {
                const struct model_function *g =
                    trace_model_function(random.model, functions.items[k]);

                cr_assert(
                    eq(str, (char *)(size_t)g->file, (char *)(size_t)f->file));
                cr_assert(k == 0
                          || trace_model_function(random.model,
                                                  functions.items[k - 1])
                                     ->line
                                 <= g->line);
                is_there |= functions.items[k] == i;
            }
            seen += is_there;
            source_functions_release(&functions);
        }
        cr_assert(eq(u32, seen, count));
        random_model_close(&random);
    }
}

Test(source_map, survives_every_failed_allocation)
{
    struct recorded recorded;
    bool has_failed = true;

    record(&recorded, NULL, NULL);
    write_file(recorded.file, "x = 1\n", 6);
    for (unsigned i = 0; has_failed && failing_malloc_arm(i); i++) {
        struct source_functions functions = {0};
        struct source_file file = {0};
        struct error err = {0};
        bool ok = source_file_find(&file, recorded.model, recorded.file, &err)
                  && source_functions_find(&functions, recorded.model,
                                           recorded.file, &err);

        has_failed = failing_malloc_disarm();
        cr_assert(eq(int, ok, !has_failed));
        cr_assert(eq(int, err.code, ok ? ERROR_NONE : ERROR_NO_MEMORY));
        source_file_release(&file);
        source_functions_release(&functions);
    }
    forget(&recorded);
}
