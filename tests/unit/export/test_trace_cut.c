// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "cut_check.h"
#include "export/trace_cut.h"
#include "model/trace_model.h"
#include "support/failing_malloc.h"
#include "support/random.h"
#include "support/temporary_folder.h"
#include "support/trace_builder.h"
#include "support/trace_random.h"

static const struct trace_random_options kinds[] = {
    {.seed = 1, .calls_per_thread = 120, .block_size = 512},
    {.seed = 2,
     .process_count = 2,
     .thread_count = 3,
     .calls_per_thread = 80,
     .instant_permille = 60,
     .object_permille = 30,
     .counter_permille = 60,
     .flow_permille = 120,
     .has_unfinished = true,
     .block_size = 512},
    {.seed = 3,
     .calls_per_thread = 150,
     .far_permille = 10,
     .instant_permille = 50,
     .gap_permille = 30,
     .flow_permille = 100,
     .block_size = 700},
    {.seed = 4,
     .calls_per_thread = 150,
     .mismatch_permille = 60,
     .has_unfinished = true,
     .block_size = 512},
    {.seed = 5, .calls_per_thread = 90, .depth_max = 80, .is_deep = true},
    {.seed = 6,
     .thread_count = 2,
     .calls_per_thread = 100,
     .gap_permille = 20,
     .mismatch_permille = 20,
     .counter_permille = 30,
     .flow_permille = 150,
     .has_unfinished = true,
     .block_size = 400},
};

Test(trace_cut, holds_what_a_look_at_each_call_leaves)
{
    for (size_t kind = 0; kind < sizeof kinds / sizeof kinds[0]; kind++) {
        char *folder = temporary_folder_make();
        char *path = temporary_folder_file(folder, "cut.vzt");
        struct trace_oracle *oracle = trace_random(folder, &kinds[kind]);
        struct trace_model *model = cut_open_model(oracle->path);
        struct random numbers = {kind + 1};

        for (size_t i = 0; i < 40; i++) {
            struct error err = {0};
            struct trace_model *cut;
            struct calls wished;
            struct wish wish;

            cut_make_wish(&wish, &numbers, model, i);
            cr_log_info("kind %zu, wish %zu", kind, i);
            cr_assert(cut_to(model, &wish, path, &err), "%s", err.message);
            cut = cut_open_model(path);
            wished = cut_wished_calls(&wish, model);
            cut_expect_same_rows(model, cut);
            if (!wish.keeps_axis && trace_model_summary(cut).call_count > 0) {
                cr_assert(
                    ge(u64,
                       trace_model_summary(cut).start_monotonic_ns
                           - trace_model_summary(model).start_monotonic_ns,
                       wish.start_ns));
            }
            if (wish.keeps_axis) {
                cut_expect_same_axis(model, cut, &wish);
            }
            cut_expect_same_calls(model, &wished, cut, &wish);
            cut_expect_same_points(model, cut, &wish);
            cut_expect_same_flows(model, cut, &wish);
            cr_assert(
                eq(sz, cut_points_of(cut, NULL), cut_points_of(model, &wish)));
            trace_model_close(cut);
            free(wished.slices);
        }
        trace_model_close(model);
        trace_oracle_free(oracle);
        free(path);
        temporary_folder_remove(folder);
    }
}

Test(trace_cut, of_everything_is_the_same_trace)
{
    for (size_t kind = 0; kind < sizeof kinds / sizeof kinds[0]; kind++) {
        char *folder = temporary_folder_make();
        char *path = temporary_folder_file(folder, "cut.vzt");
        struct trace_oracle *oracle = trace_random(folder, &kinds[kind]);
        struct trace_model *model = cut_open_model(oracle->path);
        struct trace_model *cut;
        struct random numbers = {1};
        struct wish wish;

        cut_make_wish(&wish, &numbers, model, 0);
        cr_assert(cut_to(model, &wish, path, NULL));
        cut = cut_open_model(path);
        cut_expect_same_gaps(model, cut);
        cr_assert(eq(u64, trace_model_summary(model).call_count,
                     trace_model_summary(cut).call_count));
        cr_assert(eq(u64, trace_model_summary(model).unfinished_calls,
                     trace_model_summary(cut).unfinished_calls));
        for (uint32_t i = 0; i < trace_model_function_count(model); i++) {
            const struct model_function *a = trace_model_function(model, i);
            uint32_t index;

            if (a->call_count == 0) {
                continue;
            }
            cr_assert(trace_model_find_function(cut, a, &index));
            cr_assert(eq(u64, a->total_ns,
                         trace_model_function(cut, index)->total_ns));
            cr_assert(
                eq(u64, a->self_ns, trace_model_function(cut, index)->self_ns));
        }
        trace_model_close(cut);
        trace_model_close(model);
        trace_oracle_free(oracle);
        free(path);
        temporary_folder_remove(folder);
    }
}

/* Cut what can be opened of a damaged file: everything of it is there. */
static void
try_damaged(const char *damaged, const char *path, bool is_changed, size_t at)
{
    struct trace_model *model = NULL;
    struct trace_model *cut;
    struct random numbers = {1};
    struct wish wish;
    struct calls wished;
    struct error err = {0};

    if (!trace_model_open(&model, &damaged, 1,
                          &(struct trace_model_options){.thread_count = 1},
                          &err)) {
        return;
    }
    cut_make_wish(&wish, &numbers, model, 0);
    (void)snprintf(wish.text, sizeof wish.text, "!2$");
    wish.digit = '2';
    wish.not_digit = true;
    cr_assert(cut_to(model, &wish, path, &err), "%d at %zu: %s", is_changed, at,
              err.message);
    cut = cut_open_model(path);
    wished = cut_wished_calls(&wish, model);
    if (!is_changed) { /* times that a changed byte moved may be anything */
        cut_expect_same_calls(model, &wished, cut, &wish);
    }
    cr_assert(le(u64, trace_model_summary(cut).call_count,
                 trace_model_summary(model).call_count));
    free(wished.slices);
    trace_model_close(cut);
    trace_model_close(model);
}

static void
write_file(const char *path, const char *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");

    cr_assert(ne(ptr, file, NULL));
    cr_assert(eq(sz, fwrite(bytes, 1, size, file), size));
    cr_assert(eq(int, fclose(file), 0));
}

Test(trace_cut, takes_what_is_left_of_damaged_files)
{
    char *folder = temporary_folder_make();
    char *path = temporary_folder_file(folder, "cut.vzt");
    char *damaged = temporary_folder_file(folder, "damaged.vzt");
    struct trace_oracle *oracle = trace_random(folder, &kinds[5]);
    struct random numbers = {9};
    struct stat status;
    char *bytes;
    FILE *file;

    cr_assert(eq(int, stat(oracle->path, &status), 0));
    bytes = malloc((size_t)status.st_size);
    file = fopen(oracle->path, "rb");
    cr_assert(eq(sz, fread(bytes, 1, (size_t)status.st_size, file),
                 (size_t)status.st_size));
    (void)fclose(file);
    for (size_t size = 4096; size < (size_t)status.st_size; size += 97) {
        write_file(damaged, bytes, size);
        try_damaged(damaged, path, false, size);
    }
    for (int i = 0; i < 150; i++) {
        size_t at =
            4096 + random_below(&numbers, (size_t)status.st_size - 4096);
        char before = bytes[at];

        bytes[at] = (char)random_u64(&numbers);
        write_file(damaged, bytes, (size_t)status.st_size);
        bytes[at] = before;
        try_damaged(damaged, path, true, at);
    }
    free(bytes);
    trace_oracle_free(oracle);
    free(damaged);
    free(path);
    temporary_folder_remove(folder);
}

Test(trace_cut, judges_and_keeps_arguments_over_many_blocks)
{
    char *folder = temporary_folder_make();
    char *path = temporary_folder_file(folder, "cut.vzt");
    struct trace_builder *builder = trace_builder_new(folder);
    struct wish wish = {.text = "arg:n=^7", .end_ns = UINT64_MAX};
    struct trace_model *model;
    struct trace_model *cut;
    uint32_t thread;
    uint32_t function;
    char *trace;
    uint64_t now = 0;

    trace_builder_block_size(builder, 300);
    thread = trace_builder_thread(builder, "main");
    function = trace_builder_function(builder, "f", "/w/f.py", 1);
    for (int i = 0; i < 80; i++) { /* open over many blocks */
        char args[32];

        (void)sprintf(args, "{\"n\": %d}", i);
        trace_builder_call_with(builder, thread, function, args, ++now);
    }
    for (int i = 0; i < 80; i++) {
        trace_builder_return(builder, thread, function, ++now);
    }
    trace = trace_builder_finish(builder);
    model = cut_open_model(trace);
    memset(wish.tracks, 1, sizeof wish.tracks);
    for (int i = 0; i < 2; i++) {
        struct calls calls;

        wish.start_ns = i == 0 ? 0 : 79; /* behind all entries but one */
        cr_assert(cut_to(model, &wish, path, NULL));
        cut = cut_open_model(path);
        calls = cut_all_calls(cut);
        cr_assert(eq(sz, calls.count, 11)); /* 7, 70 ... 79 */
        cr_assert(eq(u64, calls.slices[0].end_ns - calls.slices[0].start_ns,
                     i == 0 ? 145 : 152 - 79));
        cr_assert(eq(u32, calls.slices[10].depth, 10));
        free(calls.slices);
        trace_model_close(cut);
    }
    trace_model_close(model);
    free(trace);
    free(path);
    temporary_folder_remove(folder);
}

static bool
stop_soon(void *context, uint64_t done, uint64_t total)
{
    (void)total;
    return done < *(uint64_t *)context;
}

Test(trace_cut, can_be_cancelled)
{
    char *folder = temporary_folder_make();
    char *path = temporary_folder_file(folder, "cut.vzt");
    struct trace_oracle *oracle = trace_random(folder, &kinds[1]);
    struct trace_model *model = cut_open_model(oracle->path);

    for (uint64_t limit = 0; limit < 20; limit += 5) {
        struct error err = {0};
        const struct trace_cut_options options = {
            .scope = trace_scope_whole(),
            .thread_count = 2,
            .progress = {.report = stop_soon, .context = &limit}};

        cr_assert(not(trace_cut(model, path, &options, NULL, &err)));
        cr_assert(eq(int, err.code, ERROR_CANCELLED));
    }
    trace_model_close(model);
    trace_oracle_free(oracle);
    free(path);
    temporary_folder_remove(folder);
}

Test(trace_cut, gives_back_all_when_memory_ends)
{
    char *folder = temporary_folder_make();
    char *path = temporary_folder_file(folder, "cut.vzt");
    struct trace_oracle *oracle = trace_random(folder, &kinds[0]);
    struct trace_model *model = cut_open_model(oracle->path);
    const struct trace_cut_options options = {.scope = trace_scope_whole(),
                                              .thread_count = 1};
    bool has_failed = true;

    for (unsigned i = 0; has_failed && failing_malloc_arm(i); i++) {
        struct error err = {0};
        bool ok = trace_cut(model, path, &options, NULL, &err);

        has_failed = failing_malloc_disarm();
        cr_assert(eq(int, ok, !has_failed), "%u", i);
        cr_assert(ok || err.code == ERROR_NO_MEMORY, "%u: %s", i, err.message);
    }
    trace_model_close(model);
    trace_oracle_free(oracle);
    free(path);
    temporary_folder_remove(folder);
}
