// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "model/timeline_query.h"
#include "random_model.h"
#include "support/failing_malloc.h"
#include "support/temporary_folder.h"
#include "support/trace_builder.h"

Test(trace_model, counts_what_is_in_the_trace)
{
    for (size_t kind = 0; kind < random_model_kind_count(); kind++) {
        struct random_model random = {0};
        struct trace_summary summary;
        const struct trace_oracle *oracle;

        random_model_open(&random, random_model_kind(kind), 2);
        oracle = random.oracle;
        summary = trace_model_summary(random.model);
        cr_assert(eq(u64, summary.call_count, oracle->call_count));
        cr_assert(eq(u64, summary.event_count,
                     oracle->call_count + oracle->instant_count
                         + oracle->counter_count));
        cr_assert(
            eq(u64, summary.mismatched_returns, oracle->mismatched_returns));
        cr_assert(
            eq(u64, summary.duration_ns, oracle->last_ns - oracle->first_ns));
        cr_assert(eq(u64, summary.start_monotonic_ns, oracle->first_ns));
        cr_assert(eq(u64, summary.lost_calls, 0));
        random_model_close(&random);
    }
}

static void
check_same_slices(const struct random_model *a, const struct random_model *b,
                  uint32_t track)
{
    struct error err = {0};

    cr_assert(eq(sz, span_block_count(a->model, track),
                 span_block_count(b->model, track)));
    for (size_t i = 0; i < span_block_count(a->model, track); i++) {
        const struct slice *a_slices;
        const struct slice *b_slices;
        size_t a_count;
        size_t b_count;
        size_t a_new;
        size_t b_new;

        cr_assert(span_block_slices(a->model, track, i, a->scratch, &a_slices,
                                    &a_count, &a_new, &err));
        cr_assert(span_block_slices(b->model, track, i, b->scratch, &b_slices,
                                    &b_count, &b_new, &err));
        cr_assert(eq(sz, a_count, b_count));
        cr_assert(eq(sz, a_new, b_new));
        cr_assert(
            eq(int, memcmp(a_slices, b_slices, a_count * sizeof *a_slices), 0));
    }
}

/* The estimate comes from the index alone, so it shows the index. */
static void
check_same_index(const struct random_model *a, const struct random_model *b,
                 uint32_t track)
{
    struct timeline_cell a_cells[21 * 50];
    struct timeline_cell b_cells[21 * 50];
    struct error err = {0};
    struct timeline_request request = {
        .track = track,
        .depth_count = 20,
        .include_deeper = true,
        .grid = {.column_ns =
                     trace_model_summary(a->model).duration_ns / 50 + 1,
                 .column_count = 50},
    };

    cr_assert(timeline_cells(a->model, &request, a->scratch, a_cells, &err));
    cr_assert(timeline_cells(b->model, &request, b->scratch, b_cells, &err));
    cr_assert(eq(int, memcmp(a_cells, b_cells, sizeof a_cells), 0));
}

static void
check_same_functions(const struct random_model *a, const struct random_model *b)
{
    for (uint32_t i = 0; i < trace_model_function_count(a->model); i++) {
        struct model_function one = *trace_model_function(a->model, i);
        struct model_function two = *trace_model_function(b->model, i);

        cr_assert(eq(str, (char *)one.name, (char *)two.name));
        one.name = two.name = one.file = two.file = NULL;
        cr_assert(eq(int, memcmp(&one, &two, sizeof one), 0));
    }
}

Test(trace_model, does_not_depend_on_the_number_of_threads)
{
    for (size_t kind = 0; kind < random_model_kind_count(); kind++) {
        struct random_model one = {0};
        struct random_model many = {0};

        random_model_open(&one, random_model_kind(kind), 1);
        random_model_open(&many, random_model_kind(kind), 7);
        check_same_functions(&one, &many);
        for (uint32_t i = 0; i < trace_model_track_count(one.model); i++) {
            check_same_slices(&one, &many, i);
            check_same_index(&one, &many, i);
        }
        random_model_close(&many);
        random_model_close(&one);
    }
}

struct watcher {
    uint64_t last_done;
    uint64_t total;
    unsigned reports;
    unsigned reports_until_cancel;
};

static bool
watch(void *context, uint64_t done, uint64_t total)
{
    struct watcher *watcher = context;

    cr_assert(ge(u64, done, watcher->last_done));
    cr_assert(le(u64, done, total));
    watcher->last_done = done;
    watcher->total = total;
    return ++watcher->reports != watcher->reports_until_cancel;
}

Test(trace_model, reports_progress_and_can_be_cancelled)
{
    struct random_model random = {0};
    struct watcher watcher = {0};
    struct trace_model_options options = {
        .thread_count = 2, .progress = {.report = watch, .context = &watcher}};
    struct trace_model *model = NULL;
    struct error err = {0};
    const char *path;

    random_model_open(&random, random_model_kind(2), 1);
    path = random.oracle->path;
    cr_assert(trace_model_open(&model, &path, 1, &options, &err));
    cr_assert(gt(u32, watcher.reports, 0));
    trace_model_close(model);

    watcher = (struct watcher){.reports_until_cancel = 1};
    options.thread_count = 1;
    model = NULL;
    cr_assert(not(trace_model_open(&model, &path, 1, &options, &err)));
    cr_assert(eq(int, err.code, ERROR_CANCELLED));
    cr_assert(model == NULL);
    random_model_close(&random);
}

Test(trace_model, fails_with_a_message_when_there_is_no_trace)
{
    char *folder = temporary_folder_make();
    char *missing = temporary_folder_file(folder, "missing.vzt");
    const char *const paths[] = {missing, folder};

    for (size_t i = 0; i < 2; i++) {
        struct trace_model *model = NULL;
        struct error err = {0};

        cr_assert(not(trace_model_open(&model, &paths[i], 1, NULL, &err)));
        cr_assert(strstr(err.message, paths[i]) != NULL, "%s", err.message);
        cr_assert(model == NULL);
    }
    free(missing);
    temporary_folder_remove(folder);
}

Test(trace_model, labels_functions_as_people_know_them)
{
    struct model_function function = {.name = "Cart.total",
                                      .file = "/w/shop.py",
                                      .line = 14,
                                      .kind = VZT_FUNCTION_PYTHON};
    char text[64];
    char small[8];

    cr_assert(eq(str, (char *)model_function_label(&function, text, 64),
                 "Cart.total (/w/shop.py:14)"));
    cr_assert(
        eq(str, (char *)model_function_label(&function, small, 8), "Cart.to"));
    function.kind = VZT_FUNCTION_C;
    cr_assert(eq(str, (char *)model_function_label(&function, text, 64),
                 "Cart.total"));
}

Test(trace_model, keeps_sources_once_a_path)
{
    char *folder = temporary_folder_make();
    struct trace_builder *builder = trace_builder_new(folder);
    struct trace_model *model = NULL;
    struct error err = {0};
    const char *const_path;
    char *path;

    trace_builder_source(builder, "/w/b.py", "b = 1\n");
    trace_builder_source(builder, "/w/a.py", "a = 1\n");
    trace_builder_process(builder, "second", 2, 1);
    trace_builder_source(builder, "/w/a.py", "a = 1\n");
    const_path = path = trace_builder_finish(builder);
    cr_assert(trace_model_open(&model, &const_path, 1, NULL, &err));
    cr_assert(eq(sz, trace_model_source_count(model), 2));
    cr_assert(eq(str, (char *)trace_model_source(model, 0).path, "/w/a.py"));
    cr_assert(eq(str, (char *)trace_model_source(model, 0).text, "a = 1\n"));
    cr_assert(trace_model_source(model, 1).is_whole);
    trace_model_close(model);
    free(path);
    temporary_folder_remove(folder);
}

Test(trace_model, survives_every_allocation_that_fails)
{
    const struct trace_random_options options = {.seed = 51,
                                                 .calls_per_thread = 200,
                                                 .process_count = 2,
                                                 .block_size = 512,
                                                 .instant_permille = 30,
                                                 .counter_permille = 30,
                                                 .flow_permille = 30,
                                                 .gap_permille = 10,
                                                 .has_unfinished = true};
    struct trace_model_options one = {.thread_count = 1};
    char *folder = temporary_folder_make();
    struct trace_oracle *oracle = trace_random(folder, &options);
    const char *path = oracle->path;
    bool has_failed = true;

    for (unsigned successes = 0; has_failed; successes++) {
        struct trace_model *model = NULL;
        struct error err = {0};
        bool ok;

        if (!failing_malloc_arm(successes)) {
            break;
        }
        ok = trace_model_open(&model, &path, 1, &one, &err);
        has_failed = failing_malloc_disarm();
        cr_assert(eq(int, ok, !has_failed), "allocation %u", successes);
        cr_assert(eq(int, err.code, has_failed ? ERROR_NO_MEMORY : ERROR_NONE),
                  "allocation %u: %s", successes, err.message);
        trace_model_close(model);
    }
    trace_oracle_free(oracle);
    temporary_folder_remove(folder);
}
