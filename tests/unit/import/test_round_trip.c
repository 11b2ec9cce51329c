// SPDX-License-Identifier: Apache-2.0
/*
 * What is exported as JSON and read again is the same trace. Calls that end
 * together (closed by a mismatched return) are left out: JSON does not know
 * that they did so in one event, and each event takes a nanosecond.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "export/exporter.h"
#include "imported.h"
#include "model/trace_model.h"
#include "support/temporary_folder.h"
#include "support/trace_random.h"

static char *folder;
static char *json;

static void
set_up(void)
{
    folder = temporary_folder_make();
    json = temporary_folder_file(folder, "trace.json.gz");
}

static void
tear_down(void)
{
    free(json);
    temporary_folder_remove(folder);
}

TestSuite(round_trip, .init = set_up, .fini = tear_down);

/* The report leaves out the blanks of arguments. */
static void
remove_blanks(char *text)
{
    char *to = text;

    for (; *text != '\0'; text++) {
        *to = *text;
        to += *text != ' ';
    }
    *to = '\0';
}

static void
expect_same(const struct trace_random_options *options, size_t run_size)
{
    const struct chrome_json_options import_options = {.run_size = run_size};
    const struct export_options export_options = {.has_file_info = true};
    struct trace_oracle *oracle = trace_random(folder, options);
    const char *path = oracle->path;
    struct imported before = {0};
    struct imported after;
    struct error err = {0};
    char *expected;
    char *seen;

    cr_assert(trace_model_open(&before.model, &path, 1, NULL, &err), "%s",
              err.message);
    cr_assert(export_trace(before.model, json, &export_options, &err), "%s",
              err.message);
    after = imported_from_file(json, &import_options);
    cr_assert(after.model != NULL, "%s", after.error.message);
    cr_assert(eq(sz, after.trace.note_count, 0), "%s", after.trace.notes[0]);
    cr_assert(eq(u64, trace_model_summary(after.model).mismatched_returns, 0));
    expected = imported_text_by_id(&before);
    seen = imported_text_by_id(&after);
    remove_blanks(expected);
    remove_blanks(seen);
    cr_assert(eq(str, seen, expected), "seed %llu",
              (unsigned long long)options->seed);
    free(expected);
    free(seen);
    imported_release(&after);
    trace_model_close(before.model);
    cr_assert(eq(int, remove(oracle->path), 0));
    trace_oracle_free(oracle);
}

Test(round_trip, keeps_every_call_instant_object_and_counter)
{
    for (unsigned seed = 1; seed <= 24; seed++) {
        const struct trace_random_options options = {
            .seed = seed,
            .process_count = 1 + seed % 3,
            .thread_count = 1 + seed % 4,
            .function_count = 3 + seed,
            .calls_per_thread = 40 * seed,
            .depth_max = 2 + seed % 9,
            .step_ns = seed % 2 == 0 ? 3 : 1000,
            .instant_permille = 40,
            .object_permille = 40,
            .counter_permille = 40,
            .far_permille = seed % 3 == 0 ? 20 : 0,
            .block_size = seed % 4 == 0 ? 512 : 0,
        };

        expect_same(&options, seed % 2 == 0 ? 0 : 50 + seed);
    }
}

Test(round_trip, keeps_very_deep_stacks)
{
    const struct trace_random_options options = {.seed = 3,
                                                 .calls_per_thread = 6000,
                                                 .depth_max = 3000,
                                                 .is_deep = true};

    expect_same(&options, 0);
}
