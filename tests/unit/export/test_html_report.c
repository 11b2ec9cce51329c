// SPDX-License-Identifier: Apache-2.0
/* The data in a page, against the list of what a random trace was made of. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/error.h"
#include "export/exporter.h"
#include "export/html_points.h"
#include "export/html_report.h"
#include "export/html_sums.h"
#include "model/trace_model.h"
#include "support/failing_malloc.h"
#include "support/temporary_folder.h"
#include "support/trace_builder.h"
#include "support/trace_random.h"
#include "unit/export/page_data.h"
#include "unit/export/report_file.h"

static char *folder;
static char *output;

static void
set_up(void)
{
    folder = temporary_folder_make();
    output = temporary_folder_file(folder, "output.html");
}

static void
tear_down(void)
{
    free(output);
    temporary_folder_remove(folder);
}

TestSuite(html_report, .init = set_up, .fini = tear_down);

static const char *
function_name(const struct page *page, uint64_t function)
{
    const cJSON *functions = cJSON_GetObjectItem(page->summary, "functions");
    const cJSON *row = cJSON_GetArrayItem(functions, (int)function);

    return cJSON_GetArrayItem(row, 0)->valuestring;
}

static void
expect_call(const struct page *page, const struct page_call *call,
            const struct trace_oracle *oracle, const struct oracle_call *wanted)
{
    cr_assert(eq(u64, call->start_ns, wanted->start_ns - oracle->first_ns));
    cr_assert(eq(u64, call->depth, wanted->depth));
    cr_assert(eq(u64, call->flags & 1, wanted->is_unfinished));
    if (!wanted->is_unfinished) {
        cr_assert(
            eq(u64, call->duration_ns, wanted->end_ns - wanted->start_ns));
    }
    cr_assert(le(u64, call->callees_ns, call->duration_ns));
    cr_assert(eq(str, (char *)function_name(page, call->function),
                 oracle->functions[wanted->function].name));
}

/* The thread of the oracle that is this track of the page. */
static size_t
find_thread(const struct page *page, const struct trace_oracle *oracle,
            uint64_t track)
{
    const cJSON *tracks = cJSON_GetObjectItem(page->summary, "tracks");
    const cJSON *row = cJSON_GetArrayItem(tracks, (int)track);
    double id = cJSON_GetObjectItem(row, "tid")->valuedouble;
    size_t thread = 0;

    while ((double)oracle->threads[thread].thread_id != id) {
        thread++;
        cr_assert(lt(sz, thread, oracle->thread_count));
    }
    return thread;
}

static void
expect_calls(struct page *page, const struct trace_oracle *oracle)
{
    static struct page_call calls[CALLS_MAX];
    size_t total = 0;

    for (size_t track = 0; track < oracle->thread_count; track++) {
        size_t thread = find_thread(page, oracle, track);
        const struct oracle_call *wanted = oracle->calls;
        size_t count = read_track(page, calls);

        while (count > 0 && wanted->thread != thread) {
            wanted++;
        }
        for (size_t i = 0; i < count; i++, wanted++) {
            cr_assert(eq(sz, wanted->thread, thread));
            expect_call(page, &calls[i], oracle, wanted);
        }
        total += count;
    }
    cr_assert(eq(sz, total, oracle->call_count));
    cr_assert(eq(dbl, summary_number(page, "calls"), (double)total));
    cr_assert(eq(dbl, summary_number(page, "slices"), (double)total));
    cr_assert(eq(dbl, summary_number(page, "leastNs"), 0));
}

static void
expect_instants(struct page *page, const struct trace_oracle *oracle)
{
    uint64_t count = next_number(page);
    uint64_t time_ns = 0;

    cr_assert(eq(u64, count, oracle->instant_count));
    for (uint64_t i = 0; i < count; i++) {
        size_t thread = find_thread(page, oracle, next_number(page));
        bool is_found = false;
        uint64_t phase;
        char name[32];
        const char *text;
        size_t size;

        time_ns += next_number(page);
        (void)next_number(page);
        phase = next_number(page);
        if (phase != 0) {
            text = next_text(page, &size);
            cr_assert(le(sz, size, 3));
        }
        text = next_text(page, &size);
        cr_assert(lt(sz, size, sizeof name));
        memcpy(name, text, size);
        name[size] = '\0';
        (void)next_text(page, &size);
        for (size_t j = 0; j < oracle->instant_count && !is_found; j++) {
            const struct oracle_instant *instant = &oracle->instants[j];
            char wanted[32];

            is_found =
                instant->time_ns - oracle->first_ns == time_ns
                && instant->thread == thread && instant->phase == phase
                && strcmp(name, oracle_instant_name(instant, wanted)) == 0;
        }
        cr_assert(is_found, "%s at %lu", name, (unsigned long)time_ns);
    }
}

/* So many counters; how many points they have in all. */
static uint64_t
expect_counter_count(struct page *page, uint64_t series)
{
    uint64_t points = 0;

    cr_assert(eq(u64, next_number(page), series));
    for (uint64_t i = 0; i < series; i++) {
        uint64_t count;
        size_t size;

        (void)next_number(page);
        (void)next_text(page, &size);
        (void)next_text(page, &size);
        (void)next_number(page);
        count = next_number(page);
        for (uint64_t j = 0; j < count; j++) {
            (void)next_number(page);
        }
        page->at += 8 * count;
        points += count;
    }
    return points;
}

static void
expect_counters(struct page *page, const struct trace_model *model,
                const struct trace_oracle *oracle)
{
    cr_assert(eq(u64,
                 expect_counter_count(page, trace_model_counter_count(model)),
                 oracle->counter_count));
}

Test(html_report, has_all_of_random_traces)
{
    for (uint64_t seed = 1; seed <= 12; seed++) {
        const struct trace_random_options options = {
            .seed = seed,
            .process_count = 1 + (unsigned)seed % 3,
            .thread_count = 1 + (unsigned)seed % 4,
            .calls_per_thread = seed == 12 ? 20000 : 600,
            .instant_permille = 20,
            .object_permille = 20,
            .counter_permille = 20,
            .gap_permille = seed % 2 == 0 ? 5 : 0,
            .mismatch_permille = seed % 3 == 0 ? 10 : 0,
            .zero_permille = seed % 7 == 0 ? 100 : 0,
            .has_unfinished = seed % 2 == 1,
            .is_deep = seed % 5 == 0,
            .block_size = seed % 7 == 0 ? 0 : 4096,
        };
        struct trace_oracle *oracle = trace_random(folder, &options);
        struct trace_model *model;
        struct page page;

        report_write(oracle->path, output);
        open_page(&page, output);
        expect_calls(&page, oracle);
        cr_assert(eq(u64, next_number(&page), 0));
        expect_instants(&page, oracle);
        model = report_open_model(oracle->path);
        expect_counters(&page, model, oracle);
        trace_model_close(model);
        expect_flame(&page);
        expect_no_source(&page);
        close_page(&page);
        (void)unlink(oracle->path);
        trace_oracle_free(oracle);
    }
}

static uint64_t
row_number(const cJSON *row, int index)
{
    return (uint64_t)cJSON_GetArrayItem(row, index)->valuedouble;
}

Test(html_report, sums_functions_up_as_the_model_does)
{
    const struct trace_random_options options = {
        .seed = 77,
        .process_count = 2,
        .thread_count = 3,
        .calls_per_thread = 3000,
        .function_count = 5, /* so that some are on the stack twice */
        .has_unfinished = true,
        .block_size = 4096,
    };
    struct trace_oracle *oracle = trace_random(folder, &options);
    struct trace_model *model = report_open_model(oracle->path);
    struct page page;
    const cJSON *rows;

    report_write(oracle->path, output);
    open_page(&page, output);
    rows = cJSON_GetObjectItem(page.summary, "functions");
    cr_assert(eq(int, cJSON_GetArraySize(rows),
                 (int)trace_model_function_count(model) + 1));
    for (uint32_t i = 0; i < trace_model_function_count(model); i++) {
        const struct model_function *function = trace_model_function(model, i);
        const cJSON *row = cJSON_GetArrayItem(rows, (int)i + 1);

        cr_expect(eq(str, cJSON_GetArrayItem(row, 0)->valuestring,
                     (char *)function->name));
        cr_expect(eq(u64, row_number(row, 4), function->call_count));
        cr_expect(eq(u64, row_number(row, 5), function->total_ns));
        cr_expect(eq(u64, row_number(row, 6), function->self_ns));
        cr_expect(eq(u64, row_number(row, 7), function->min_ns));
        cr_expect(eq(u64, row_number(row, 8), function->max_ns));
        cr_expect(eq(u64, row_number(row, 9), function->unfinished_count));
    }
    close_page(&page);
    trace_model_close(model);
    trace_oracle_free(oracle);
}

Test(html_report, opens_on_the_view_that_was_asked_for)
{
    const struct trace_random_options random = {.seed = 6,
                                                .calls_per_thread = 5};
    struct trace_oracle *oracle = trace_random(folder, &random);
    struct trace_model *model = report_open_model(oracle->path);

    for (int is_flame = 0; is_flame < 2; is_flame++) {
        const struct export_options options = {.opens_flame_graph = is_flame};
        struct error err = {0};
        struct page page;

        cr_assert(export_trace(model, output, &options, &err));
        open_page(&page, output);
        cr_expect(eq(
            str, cJSON_GetStringValue(cJSON_GetObjectItem(page.summary, "tab")),
            is_flame ? "flame" : "timeline"));
        close_page(&page);
    }
    trace_model_close(model);
    trace_oracle_free(oracle);
}

Test(html_report, has_only_what_begins_in_the_intervals)
{
    const struct trace_random_options random = {
        .seed = 5, .calls_per_thread = 2000, .instant_permille = 30};
    struct trace_oracle *oracle = trace_random(folder, &random);
    struct trace_model *model = report_open_model(oracle->path);
    uint64_t length = (oracle->last_ns - oracle->first_ns) / 5;
    const struct export_interval intervals[] = {
        {oracle->first_ns + length, oracle->first_ns + 2 * length},
        {oracle->first_ns + 3 * length, oracle->first_ns + 4 * length},
    };
    uint64_t event_count = 0;
    const struct export_options options = {
        .intervals = intervals,
        .interval_count = 2,
        .event_count = &event_count,
    };
    static struct page_call calls[CALLS_MAX];
    struct error err = {0};
    size_t at = 0;
    size_t wanted_count = 0;
    struct page page;
    size_t count;

    cr_assert(export_trace(model, output, &options, &err), "%s", err.message);
    open_page(&page, output);
    count = read_track(&page, calls);
    for (size_t i = 0; i < oracle->call_count; i++) {
        uint64_t start_ns = oracle->calls[i].start_ns;
        const struct export_interval *in = NULL;

        for (unsigned j = 0; j < 2; j++) {
            if (start_ns >= intervals[j].start_ns
                && start_ns < intervals[j].end_ns) {
                in = &intervals[j];
            }
        }
        if (in == NULL) {
            continue;
        }
        wanted_count++;
        cr_assert(lt(sz, at, count));
        cr_assert(eq(u64, calls[at].start_ns, start_ns - oracle->first_ns));
        cr_assert(le(u64, start_ns + calls[at].duration_ns, in->end_ns));
        at++;
    }
    cr_assert(eq(sz, count, wanted_count));
    cr_assert(gt(sz, count, 100));
    cr_assert(eq(dbl, summary_number(&page, "calls"), (double)count));
    cr_assert(eq(u64, event_count,
                 count + (uint64_t)summary_number(&page, "instants")));
    close_page(&page);
    trace_model_close(model);
    trace_oracle_free(oracle);
}

/* 2000 instants with 10,000 bytes each, and 300 counters with 2000 points. */
Test(html_report, bounds_instants_and_counters)
{
    enum { INSTANTS = 2000, SIZE = 10 * 1000, SERIES = 300, POINTS = 2000 };
    struct trace_builder *builder = trace_builder_new(folder);
    uint32_t thread = trace_builder_thread(builder, "main");
    static struct page_call calls[CALLS_MAX];
    char *args = malloc(SIZE + 1);
    uint64_t all_args = 0;
    uint64_t all_points = 0;
    struct page page;
    char *trace;

    cr_assert(args != NULL);
    memset(args, 'x', SIZE);
    args[SIZE] = '\0';
    for (unsigned i = 0; i < INSTANTS; i++) {
        trace_builder_instant(builder, thread, "i", args, 1000 + i);
    }
    free(args);
    for (unsigned i = 0; i < SERIES * POINTS; i++) {
        char key[16];

        (void)snprintf(key, sizeof key, "%u", i % SERIES);
        trace_builder_counter(builder, thread, "c", key, i % 7, 10000 + i);
    }
    trace = trace_builder_finish(builder);
    report_write(trace, output);
    open_page(&page, output);
    cr_assert(eq(sz, read_track(&page, calls), 0));
    cr_assert(eq(u64, next_number(&page), 0));
    cr_assert(eq(u64, next_number(&page), INSTANTS));
    for (unsigned i = 0; i < INSTANTS; i++) {
        size_t size;

        for (unsigned j = 0; j < 4; j++) { /* track, time, scope, phase */
            (void)next_number(&page);
        }
        (void)next_text(&page, &size);
        (void)next_text(&page, &size);
        cr_assert(
            eq(u64, size, (uint64_t)summary_number(&page, "argumentsMax")));
        all_args += size;
    }
    cr_assert(le(u64, all_args, HTML_ALL_ARGUMENTS_MAX));
    cr_assert(gt(u64, all_args, HTML_ALL_ARGUMENTS_MAX / 2));
    cr_assert(eq(dbl, summary_number(&page, "cutArguments"), INSTANTS));
    all_points = expect_counter_count(&page, SERIES);
    cr_assert(le(u64, all_points, HTML_ALL_POINTS_MAX));
    cr_assert(gt(u64, all_points, HTML_ALL_POINTS_MAX / 2));
    cr_assert(eq(dbl, summary_number(&page, "thinnedSeries"), SERIES));
    close_page(&page);
    free(trace);
}

static void
expect_place(struct page *page, uint64_t track, uint64_t time_ns,
             unsigned depth)
{
    cr_assert(eq(u64, next_number(page), track));
    cr_assert(eq(u64, next_number(page), time_ns));
    cr_assert(eq(u64, next_number(page), depth));
}

Test(html_report, has_the_arrows_between_calls)
{
    struct trace_builder *builder = trace_builder_new(folder);
    uint32_t function = trace_builder_function(builder, "f", "", 0);
    uint32_t from = trace_builder_thread(builder, "from");
    uint32_t to = trace_builder_thread(builder, "to");
    static struct page_call calls[CALLS_MAX];
    struct page page;
    const char *name;
    size_t size;
    char *trace;

    trace_builder_call(builder, from, function, 1000);
    trace_builder_flow(builder, from, RECORD_FLOW_START, 7, 0, "send", 2000);
    trace_builder_return(builder, from, function, 3000);
    trace_builder_call(builder, to, function, 4000);
    trace_builder_call(builder, to, function, 5000);
    trace_builder_flow(builder, to, RECORD_FLOW_END, 7, 0, "send", 6000);
    trace_builder_flow(builder, to, RECORD_FLOW_END, 8, 0, "alone", 6500);
    trace_builder_return(builder, to, function, 7000);
    trace_builder_return(builder, to, function, 8000);
    trace = trace_builder_finish(builder);
    report_write(trace, output);
    open_page(&page, output);
    cr_assert(eq(int,
                 cJSON_GetArraySize(cJSON_GetObjectItem(page.summary, "notes")),
                 0));
    cr_assert(eq(sz, read_track(&page, calls), 1));
    cr_assert(eq(sz, read_track(&page, calls), 2));
    for (unsigned i = 0; i < 3; i++) { /* cut, instants, counters */
        cr_assert(eq(u64, next_number(&page), 0));
    }
    expect_flame(&page);
    for (unsigned i = 0; i < 2; i++) { /* source */
        cr_assert(eq(u64, next_number(&page), 0));
    }
    cr_assert(eq(u64, next_number(&page), 1));
    cr_assert(eq(u64, next_number(&page), 1));
    name = next_text(&page, &size);
    cr_assert(eq(sz, size, 4));
    cr_assert(eq(int, memcmp(name, "send", size), 0));
    expect_place(&page, 0, 1000, 1);
    expect_place(&page, 1, 5000, 2);
    cr_assert(eq(sz, page.at, page.data.size));
    close_page(&page);
    free(trace);
}

/* 3000 calls with arguments of 5000 bytes, of which the page has room for 4000
 * each, and for 8 MB in all. */
Test(html_report, has_the_arguments_of_the_longest_calls)
{
    enum { CALLS = 3000, SIZE = 5000 };
    struct trace_builder *builder = trace_builder_new(folder);
    uint32_t thread = trace_builder_thread(builder, "main");
    uint32_t function = trace_builder_function(builder, "f", "", 0);
    static struct page_call calls[CALLS_MAX];
    char args[SIZE + 1];
    uint64_t time_ns = 1000;
    uint64_t longest_without = 0;
    uint64_t shortest_with = UINT64_MAX;
    uint64_t count = 0;
    struct page page;
    char *trace;

    memset(args, 'x', SIZE);
    args[SIZE] = '\0';
    for (unsigned i = 0; i < CALLS; i++) {
        trace_builder_call_with(builder, thread, function, args, time_ns);
        time_ns += 1000 + i * 7919 % CALLS * 10;
        trace_builder_return(builder, thread, function, time_ns);
    }
    trace = trace_builder_finish(builder);
    report_write(trace, output);
    open_page(&page, output);
    cr_assert(eq(sz, read_track(&page, calls), CALLS));
    for (unsigned i = 0; i < CALLS; i++) {
        uint64_t duration_ns = calls[i].duration_ns;

        if (calls[i].args_size > 0) {
            cr_assert(eq(sz, calls[i].args_size, HTML_CALL_ARGS_MAX));
            shortest_with =
                duration_ns < shortest_with ? duration_ns : shortest_with;
            count++;
        } else if (duration_ns > longest_without) {
            longest_without = duration_ns;
        }
    }
    cr_assert(lt(u64, longest_without, shortest_with));
    cr_assert(le(u64, count * HTML_CALL_ARGS_MAX, HTML_ALL_ARGS_MAX));
    cr_assert(gt(u64, count * HTML_CALL_ARGS_MAX, HTML_ALL_ARGS_MAX * 9 / 10));
    cr_assert(eq(u64, next_number(&page), CALLS)); /* cut, or not there */
    close_page(&page);
    free(trace);
}

Test(html_report, keeps_the_longest_calls_that_there_is_room_for)
{
    static struct html_sums sums;
    uint64_t count;

    cr_assert(eq(u64, html_sums_least_duration(&sums, 10, &count), 0));
    /* 100 calls of 3 ns, 10 of 31, and one in the last bucket of all. */
    sums.durations[3] = 100;
    sums.durations[31] = 10;
    sums.durations[HTML_DURATION_BUCKETS - 1] = 1;
    cr_assert(eq(u64, html_sums_least_duration(&sums, 111, &count), 0));
    cr_assert(eq(u64, count, 111));
    cr_assert(eq(u64, html_sums_least_duration(&sums, 110, &count), 4));
    cr_assert(eq(u64, count, 11));
    cr_assert(eq(u64, html_sums_least_duration(&sums, 11, &count), 4));
    cr_assert(eq(u64, html_sums_least_duration(&sums, 10, &count), 32));
    cr_assert(eq(u64, count, 1));
    cr_assert(
        gt(u64, html_sums_least_duration(&sums, 0, &count), UINT64_C(1) << 63));
    cr_assert(eq(u64, count, 0));
}

static bool
stop(void *context, uint64_t done, uint64_t total)
{
    (void)done;
    (void)total;
    return ++*(unsigned *)context < 3;
}

Test(html_report, is_not_there_when_it_is_cancelled)
{
    const struct trace_random_options random = {
        .seed = 8, .calls_per_thread = 5000, .block_size = 4096};
    struct trace_oracle *oracle = trace_random(folder, &random);
    struct trace_model *model = report_open_model(oracle->path);
    unsigned reports = 0;
    const struct export_options options = {
        .progress = {.report = stop, .context = &reports}};
    struct error err = {0};

    cr_assert(not(export_trace(model, output, &options, &err)));
    cr_assert(eq(int, err.code, ERROR_CANCELLED));
    cr_assert(eq(int, access(output, F_OK), -1));
    trace_model_close(model);
    trace_oracle_free(oracle);
}

/* Export while the n-th allocation fails; whether it did. */
static bool
export_without_memory(const struct trace_model *model, unsigned successes)
{
    const struct export_options options = {.has_file_info = true};
    struct error err = {0};
    bool has_failed;
    bool ok;

    if (!failing_malloc_arm(successes)) {
        return false;
    }
    ok = export_trace(model, output, &options, &err);
    has_failed = failing_malloc_disarm();
    cr_assert(ok || has_failed);
    cr_assert(eq(int, err.code == ERROR_NONE, ok));
    cr_assert(eq(int, access(output, F_OK) == 0, ok));
    (void)unlink(output);
    return has_failed;
}

Test(html_report, fails_cleanly_at_every_allocation)
{
    struct trace_builder *builder = trace_builder_new(folder);
    uint32_t function = trace_builder_function(builder, "f", "/w/a.py", 1);
    uint32_t thread = trace_builder_thread(builder, "main");
    struct trace_model *model;
    unsigned successes = 0;
    char *trace;

    trace_builder_source(builder, "/w/a.py", "def f():\n    pass\n");
    trace_builder_call(builder, thread, function, 100);
    trace_builder_instant(builder, thread, "some", "{\"a\": [1]}", 200);
    trace_builder_counter(builder, thread, "c", "k", 1.5, 300);
    trace_builder_return(builder, thread, function, 400);
    trace = trace_builder_finish(builder);
    model = report_open_model(trace);
    while (export_without_memory(model, successes)) {
        successes++;
    }
    trace_model_close(model);
    free(trace);
}
