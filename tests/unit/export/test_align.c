// SPDX-License-Identifier: Apache-2.0
/* Recordings of different times that begin at one. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdio.h>
#include <stdlib.h>

#include "base/error.h"
#include "export/exporter.h"
#include "export/trace_pack.h"
#include "model/trace_model.h"
#include "support/temporary_folder.h"
#include "support/trace_builder.h"
#include "unit/export/report_file.h"

enum { INPUT_COUNT = 3, CALL_COUNT = 5 };

static const uint64_t starts_ns[INPUT_COUNT] = {7000400, 1000, 5000123456};

static char *folder;
static char *output;
static char *inputs[INPUT_COUNT];

/* A process of two threads; the second one begins 50 ns later, and what the
 * first one begins with ends before the first call. */
static void
make_input(unsigned i)
{
    struct trace_builder *builder = trace_builder_new(folder);
    uint32_t function = trace_builder_function(builder, "work", "/w/app.py", 1);
    uint32_t first;
    uint32_t second;
    char name[32];
    char *path;

    trace_builder_process(builder, "app", 200 + i, 1);
    first = trace_builder_thread(builder, "first");
    second = trace_builder_thread(builder, "second");
    trace_builder_return(builder, first, function, starts_ns[i] - 300);
    for (uint64_t call = 0; call < CALL_COUNT; call++) {
        uint64_t time_ns = starts_ns[i] + call * 1000;

        trace_builder_call(builder, first, function, time_ns);
        trace_builder_call(builder, second, function, time_ns + 50);
        trace_builder_return(builder, first, function, time_ns + 400);
        trace_builder_return(builder, second, function, time_ns + 450);
    }
    path = trace_builder_finish(builder);
    (void)snprintf(name, sizeof name, "%u.vzt", i);
    inputs[i] = temporary_folder_file(folder, name);
    cr_assert(eq(int, rename(path, inputs[i]), 0));
    free(path);
}

static void
set_up(void)
{
    folder = temporary_folder_make();
    output = temporary_folder_file(folder, "output.json");
    for (unsigned i = 0; i < INPUT_COUNT; i++) {
        make_input(i);
    }
}

static void
tear_down(void)
{
    for (unsigned i = 0; i < INPUT_COUNT; i++) {
        free(inputs[i]);
    }
    free(output);
    temporary_folder_remove(folder);
}

TestSuite(align, .init = set_up, .fini = tear_down);

/* Every input has its calls at the same times, counted from base_ns. */
static void
expect_aligned(const char *const *paths, size_t count, bool aligns_inputs,
               uint64_t base_ns)
{
    const struct trace_model_options model_options = {.aligns_inputs =
                                                          aligns_inputs};
    const struct export_options options = {0};
    struct trace_model *model = NULL;
    struct error err = {0};
    cJSON *document;
    unsigned seen[INPUT_COUNT][2] = {{0}};

    cr_assert(trace_model_open(&model, paths, count, &model_options, &err),
              "%s", err.message);
    cr_assert(export_trace(model, output, &options, &err), "%s", err.message);
    trace_model_close(model);
    document = report_read(output);
    cr_assert(
        eq(uint, report_count(document, "X"), INPUT_COUNT * CALL_COUNT * 2));
    for (unsigned n = 0; n < INPUT_COUNT * CALL_COUNT * 2; n++) {
        const cJSON *event = report_find(document, "X", n);
        unsigned input = (unsigned)event_number(event, "pid") - 200;
        unsigned thread = (unsigned)event_number(event, "tid") - 200 - input;
        uint64_t call = seen[input][thread]++;

        uint64_t start_ns = base_ns + call * 1000 + thread * 50;
        uint64_t seen_ns = event_ns(event, "ts");

        /* The return that is not seen takes 1 ns, as every event does. */
        cr_assert(ge(u64, seen_ns, start_ns));
        cr_assert(le(u64, seen_ns, start_ns + (call == 0 && thread == 0)));
        cr_assert(eq(u64, seen_ns + event_ns(event, "dur"), start_ns + 400));
    }
    cJSON_Delete(document);
}

Test(align, lets_every_input_begin_at_0)
{
    expect_aligned((const char *const *)inputs, INPUT_COUNT, true, 0);
}

Test(align, makes_no_difference_to_one)
{
    struct trace_model *plain = report_open_model(inputs[1]);
    const struct trace_model_options options = {.aligns_inputs = true};
    const char *path = inputs[1];
    struct trace_model *aligned = NULL;

    cr_assert(trace_model_open(&aligned, &path, 1, &options, NULL));
    cr_assert(eq(u64, trace_model_summary(aligned).start_realtime_ns,
                 trace_model_summary(plain).start_realtime_ns + 300));
    trace_model_close(aligned);
    trace_model_close(plain);
}

/* The file's own time goes on from the wall clock of its first section. */
Test(align, is_kept_in_a_packed_trace)
{
    char *packed = temporary_folder_file(folder, "packed.vzt");
    const char *path = packed;
    struct error err = {0};

    cr_assert(trace_pack_aligned((const char *const *)inputs, INPUT_COUNT,
                                 packed, &(struct trace_pack_options){0}, &err),
              "%s", err.message);
    expect_aligned(&path, 1, false, starts_ns[0]);
    expect_aligned(&path, 1, true, 0);
    free(packed);
}
