// SPDX-License-Identifier: Apache-2.0
/* The shape of single events. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/error.h"
#include "export/exporter.h"
#include "format/writer.h"
#include "model/trace_model.h"
#include "support/failing_malloc.h"
#include "support/temporary_folder.h"
#include "support/trace_builder.h"
#include "unit/export/report_file.h"

static char *folder;
static char *output;

static void
set_up(void)
{
    folder = temporary_folder_make();
    output = temporary_folder_file(folder, "output.json");
}

static void
tear_down(void)
{
    free(output);
    temporary_folder_remove(folder);
}

TestSuite(chrome_events, .init = set_up, .fini = tear_down);

/* A function with a name is called for one microsecond. */
static struct trace_builder *
build_one_call(const char *name, const char *file)
{
    struct trace_builder *builder = trace_builder_new(folder);
    uint32_t function = trace_builder_function(builder, name, file, 7);
    uint32_t thread = trace_builder_thread(builder, "MainThread");

    trace_builder_call(builder, thread, function, 5000);
    trace_builder_return(builder, thread, function, 6001);
    return builder;
}

Test(chrome_events, writes_times_with_three_decimals)
{
    struct buffer text = {0};
    char *trace = trace_builder_finish(build_one_call("f", "/w/a.py"));

    report_write(trace, output);
    report_read_file(output, &text);
    cr_assert(
        strstr(text.data,
               "{\"pid\":100,\"tid\":100,\"ts\":5.000,\"ph\":\"X\","
               "\"dur\":1.001,\"name\":\"f (/w/a.py:7)\",\"cat\":\"FEE\"}")
            != NULL,
        "%s", text.data);
    buffer_release(&text);
    free(trace);
}

/* A call with these arguments. */
static struct trace_builder *
build_call_with(const char *args)
{
    struct trace_builder *builder = trace_builder_new(folder);
    struct trace_writer *writer = trace_builder_writer(builder);
    uint32_t thread = trace_builder_thread(builder, "MainThread");
    struct function_definition f = {.kind = VZT_FUNCTION_C, .name = {"f", 1}};
    uint32_t function = trace_writer_function(writer, &f);
    uint64_t words[64];
    size_t count = record_encode_arguments(
        words, 64, (struct text_span){.data = args, .size = strlen(args)});

    trace_writer_entry(writer, thread, EVENT_C_CALL, function, 5000, words,
                       count);
    trace_writer_event(writer, thread, EVENT_C_RETURN, function, 6001);
    return builder;
}

static void
expect_args_text(const char *args, const char *expected)
{
    struct buffer text = {0};
    struct buffer line = {0};
    char *trace = trace_builder_finish(build_call_with(args));

    report_write(trace, output);
    report_read_file(output, &text);
    buffer_append_format(&line,
                         "\"dur\":1.001,\"name\":\"f\",\"cat\":\"FEE\","
                         "\"args\":%s}\n",
                         expected);
    cr_assert(strstr(text.data, line.data) != NULL, "%s", text.data);
    buffer_release(&line);
    buffer_release(&text);
    cr_assert(eq(int, unlink(trace), 0));
    free(trace);
}

Test(chrome_events, writes_the_arguments_of_calls)
{
    expect_args_text("{\"func_args\": {\"n\": \"1\"}}",
                     "{\"func_args\":{\"n\":\"1\"}}");
    expect_args_text("{\"cut\": [1,", "\"{\\\"cut\\\": [1,\"");
    expect_args_text("\"</script>\"", "\"<\\/script>\"");
}

Test(chrome_events, names_processes_and_threads)
{
    cJSON *document =
        report_export_built(build_one_call("f", "/w/a.py"), output);
    cJSON *process = report_find(document, "M", 0);
    cJSON *thread = report_find(document, "M", 1);

    cr_assert(eq(str, event_text(process, "name"), "process_name"));
    cr_assert(eq(str, event_text(cJSON_GetObjectItem(process, "args"), "name"),
                 "app.py"));
    cr_assert(eq(dbl, event_number(process, "tid"), 100));
    cr_assert(eq(str, event_text(thread, "name"), "thread_name"));
    cr_assert(eq(str, event_text(cJSON_GetObjectItem(thread, "args"), "name"),
                 "MainThread"));
    cr_assert(report_find(document, "M", 2) == NULL);
    cJSON_Delete(document);
}

static void
expect_name(const char *name, const char *file, const char *label)
{
    cJSON *document = report_export_built(build_one_call(name, file), output);
    struct buffer text = {0};

    cr_assert(eq(str, event_text(report_find(document, "X", 0), "name"),
                 (char *)label));
    report_read_file(output, &text);
    cr_assert(strstr(text.data, "</") == NULL);
    buffer_release(&text);
    cJSON_Delete(document);
}

Test(chrome_events, survives_hostile_names)
{
    expect_name("a\"b\\c", "/w/\"q\".py", "a\"b\\c (/w/\"q\".py:7)");
    expect_name("</script><b>", NULL, "</script><b>");
    expect_name("new\nline\t\x01\x1b[31m\x7f", NULL,
                "new\nline\t\x01\x1b[31m\x7f");
    expect_name("\xff\xc3(", "/\x80.py",
                "\xef\xbf\xbd\xef\xbf\xbd( (/\xef\xbf\xbd.py:7)");
    expect_name("na\xc3\xafve \xf0\x9f\x98\x80 \xe2\x80\xa8", NULL,
                "na\xc3\xafve \xf0\x9f\x98\x80 \xe2\x80\xa8");
    expect_name("%s%n{}},", NULL, "%s%n{}},");
}

static struct vzt_status
killed_status(void)
{
    return (struct vzt_status){.state = VZT_STATE_RECORDING,
                               .exit_kind = VZT_EXIT_SIGNAL,
                               .exit_value = 9};
}

/* Two threads; one call in each stays open. */
static struct trace_builder *
build_unfinished(void)
{
    struct trace_builder *builder = trace_builder_new(folder);
    uint32_t f = trace_builder_function(builder, "f", "/w/a.py", 1);
    uint32_t g = trace_builder_function(builder, "g", "/w/a.py", 2);
    uint32_t first = trace_builder_thread(builder, "first");
    uint32_t second = trace_builder_thread(builder, "second");

    trace_builder_call(builder, first, f, 1000);
    trace_builder_call(builder, first, g, 2000);
    trace_builder_return(builder, first, g, 3000);
    trace_builder_call(builder, second, f, 4000);
    trace_builder_call(builder, second, g, 5000);
    trace_builder_return(builder, second, g, 9000);
    return builder;
}

Test(chrome_events, ends_open_calls_with_a_process_that_finished)
{
    cJSON *document = report_export_built(build_unfinished(), output);
    cJSON *event = report_find(document, "X", 0);

    cr_assert(eq(uint, report_count(document, "X"), 4));
    cr_assert(eq(uint, report_count(document, "B"), 0));
    cr_assert(eq(str, event_text(event, "name"), "f (/w/a.py:1)"));
    cr_assert(eq(u64, event_ns(event, "dur"), 8000));
    event = report_find(document, "X", 2);
    cr_assert(eq(str, event_text(event, "name"), "f (/w/a.py:1)"));
    cr_assert(eq(u64, event_ns(event, "dur"), 5000));
    cJSON_Delete(document);
}

Test(chrome_events, leaves_calls_open_when_the_process_was_killed)
{
    struct trace_builder *builder = build_unfinished();
    cJSON *document;
    cJSON *event;

    trace_builder_status(builder, killed_status());
    document = report_export_built(builder, output);
    event = report_find(document, "B", 0);
    cr_assert(eq(uint, report_count(document, "X"), 2));
    cr_assert(eq(uint, report_count(document, "B"), 2));
    cr_assert(eq(u64, event_ns(event, "ts"), 1000));
    cr_assert(eq(str, event_text(event, "name"), "f (/w/a.py:1)"));
    cr_assert(cJSON_GetObjectItem(event, "dur") == NULL);
    cJSON_Delete(document);
}

Test(chrome_events, passes_the_arguments_of_instants_on)
{
    struct trace_builder *builder = build_one_call("f", "/w/a.py");
    uint32_t thread = trace_builder_thread(builder, "other");
    cJSON *document;
    cJSON *event;

    trace_builder_instant(builder, thread, "none", NULL, 5100);
    trace_builder_instant(builder, thread, "some", "{\"a\": [1, NaN]}", 5200);
    trace_builder_instant(builder, thread, "text", "no \"json\"", 5300);
    document = report_export_built(builder, output);

    event = report_find(document, "i", 0);
    cr_assert(eq(str, event_text(event, "name"), "none"));
    cr_assert(eq(str, event_text(event, "s"), "t"));
    cr_assert(cJSON_IsNull(cJSON_GetObjectItem(event, "args")));
    event = cJSON_GetObjectItem(report_find(document, "i", 1), "args");
    event = cJSON_GetObjectItem(event, "a");
    cr_assert(eq(dbl, cJSON_GetArrayItem(event, 0)->valuedouble, 1));
    cr_assert(cJSON_IsNull(cJSON_GetArrayItem(event, 1)));
    cr_assert(eq(str, event_text(report_find(document, "i", 2), "args"),
                 "no \"json\""));
    cJSON_Delete(document);
}

static void
add_counters(struct trace_builder *builder, uint32_t thread, uint64_t time_ns,
             const struct counter_value *values, size_t count)
{
    uint64_t words[64];
    const struct text_span name = {.data = "memory", .size = 6};
    size_t size = record_encode_counter(words, 64, name, values, count);

    cr_assert(size > 0);
    trace_writer_record(trace_builder_writer(builder), thread, time_ns, words,
                        size);
}

Test(chrome_events, puts_the_series_of_one_moment_into_one_event)
{
    struct trace_builder *builder = build_one_call("f", "/w/a.py");
    uint32_t thread = trace_builder_thread(builder, "other");
    const struct counter_value values[] = {
        {.key = {"used", 4}, .type = VZT_VALUE_INT64, .value.integer = -3},
        {.key = {"free", 4}, .type = VZT_VALUE_DOUBLE, .value.real = 0.5},
    };
    struct counter_value bad = values[1];
    cJSON *document;
    cJSON *args;

    bad.value.real = NAN;
    add_counters(builder, thread, 5100, values, 2);
    add_counters(builder, thread, 5200, &values[1], 1);
    add_counters(builder, thread, 5300, &bad, 1);
    document = report_export_built(builder, output);

    cr_assert(eq(uint, report_count(document, "C"), 3));
    args = cJSON_GetObjectItem(report_find(document, "C", 0), "args");
    cr_assert(eq(int, cJSON_GetArraySize(args), 2));
    cr_assert(eq(dbl, event_number(args, "used"), -3));
    cr_assert(eq(dbl, event_number(args, "free"), 0.5));
    cr_assert(
        eq(str, event_text(report_find(document, "C", 0), "name"), "memory"));
    args = cJSON_GetObjectItem(report_find(document, "C", 1), "args");
    cr_assert(eq(int, cJSON_GetArraySize(args), 1));
    args = cJSON_GetObjectItem(report_find(document, "C", 2), "args");
    cr_assert(cJSON_IsNull(cJSON_GetObjectItem(args, "free")));
    cJSON_Delete(document);
}

/* One counter of many series, which are logged in turns. */
Test(chrome_events, merges_many_series_by_time)
{
    enum { SERIES = 200, ROUNDS = 10 };
    struct trace_builder *builder = build_one_call("f", "/w/a.py");
    uint32_t thread = trace_builder_thread(builder, "other");
    cJSON *document;
    uint64_t last_ns = 0;

    for (unsigned i = 0; i < SERIES * ROUNDS; i++) {
        char key[16];
        unsigned series = i * 7919 % SERIES;
        const struct counter_value value = {
            .key = {key, (size_t)snprintf(key, sizeof key, "s%u", series)},
            .type = VZT_VALUE_INT64,
            .value.integer = i,
        };

        add_counters(builder, thread, 5100 + i, &value, 1);
    }
    document = report_export_built(builder, output);
    cr_assert(eq(uint, report_count(document, "C"), SERIES * ROUNDS));
    for (cJSON *event = report_find(document, "C", 0); event != NULL;
         event = event->next) {
        cJSON *args = cJSON_GetObjectItem(event, "args");
        unsigned value = (unsigned)args->child->valuedouble;
        char key[16];

        cr_assert(gt(u64, event_ns(event, "ts"), last_ns));
        last_ns = event_ns(event, "ts");
        cr_assert(eq(u64, last_ns, 5100 + value));
        (void)snprintf(key, sizeof key, "s%u", value * 7919 % SERIES);
        cr_assert(eq(str, args->child->string, key));
    }
    cJSON_Delete(document);
}

Test(chrome_events, says_what_made_it_and_whether_calls_are_lost)
{
    struct trace_builder *builder = build_one_call("f", "/w/a.py");
    uint32_t thread = trace_builder_thread(builder, "other");
    cJSON *document;
    cJSON *metadata;

    trace_builder_gap(builder, thread, VZT_GAP_PAUSED, 5100, 5200, 5);
    document = report_export_built(builder, output);
    metadata = cJSON_GetObjectItem(document, "viztracer_metadata");
    cr_assert(eq(str, event_text(metadata, "version"), VIZTRACER_VERSION));
    cr_assert(cJSON_IsTrue(cJSON_GetObjectItem(metadata, "overflow")));
    cr_assert(
        cJSON_IsNumber(cJSON_GetObjectItem(metadata, "baseTimeNanoseconds")));
    cJSON_Delete(document);

    document = report_export_built(build_one_call("f", "/w/a.py"), output);
    metadata = cJSON_GetObjectItem(document, "viztracer_metadata");
    cr_assert(cJSON_IsFalse(cJSON_GetObjectItem(metadata, "overflow")));
    cr_assert(not(cJSON_HasObjectItem(metadata, "eventCostNanoseconds")));
    cr_assert(not(cJSON_HasObjectItem(metadata, "clockSpreadPpm")));
    cJSON_Delete(document);
}

Test(chrome_events, states_what_recording_took)
{
    struct trace_builder *builder = trace_builder_new(folder);
    uint32_t function = trace_builder_function(builder, "f", "/w/a.py", 1);
    cJSON *document;
    cJSON *metadata;
    uint32_t thread;

    trace_builder_event_cost(builder, 12500);
    trace_builder_status(builder, (struct vzt_status){.flush_ticks = 4000});
    thread = trace_builder_thread(builder, "MainThread");
    trace_builder_call(builder, thread, function, 5000);
    trace_builder_return(builder, thread, function, 6000);
    document = report_export_built(builder, output);
    metadata = cJSON_GetObjectItem(document, "viztracer_metadata");
    cr_assert(event_number(metadata, "eventCostNanoseconds") == 12.5);
    cr_assert(event_number(metadata, "recordingNanoseconds") == 4025);
    cJSON_Delete(document);
}

Test(chrome_events, carries_the_sources_of_its_functions)
{
    static const char source[] = "def f():\n    return '\xc3\xa9</script>'\n\n";
    struct trace_builder *builder = build_one_call("f", "/w/a.py");
    uint32_t other = trace_builder_function(builder, "g", "/w/none.py", 3);
    uint32_t never = trace_builder_function(builder, "never", "/w/a.py", 3);
    uint32_t thread = trace_builder_thread(builder, "other");
    cJSON *document;
    cJSON *info;
    cJSON *item;

    (void)never;
    trace_builder_source(builder, "/w/a.py", source);
    trace_builder_call(builder, thread, other, 5000);
    trace_builder_return(builder, thread, other, 5001);
    document = report_export_built(builder, output);
    info = cJSON_GetObjectItem(document, "file_info");

    item = cJSON_GetObjectItem(info, "files");
    cr_assert(eq(int, cJSON_GetArraySize(item), 1));
    item = cJSON_GetObjectItem(item, "/w/a.py");
    cr_assert(eq(str, cJSON_GetStringValue(cJSON_GetArrayItem(item, 0)),
                 (char *)source));
    cr_assert(eq(dbl, cJSON_GetArrayItem(item, 1)->valuedouble, 3));
    item = cJSON_GetObjectItem(info, "functions");
    cr_assert(eq(int, cJSON_GetArraySize(item), 1));
    item = cJSON_GetObjectItem(item, "f (/w/a.py:7)");
    cr_assert(
        eq(str, cJSON_GetStringValue(cJSON_GetArrayItem(item, 0)), "/w/a.py"));
    cr_assert(eq(dbl, cJSON_GetArrayItem(item, 1)->valuedouble, 7));
    cJSON_Delete(document);
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

Test(chrome_events, fails_cleanly_at_every_allocation)
{
    struct trace_builder *builder = build_one_call("f", "/w/a.py");
    uint32_t thread = trace_builder_thread(builder, "other");
    struct trace_model *model;
    unsigned successes = 0;
    char *trace;

    trace_builder_source(builder, "/w/a.py", "def f(): pass\n");
    trace_builder_instant(builder, thread, "some", "{\"a\": [1]}", 5200);
    trace_builder_counter(builder, thread, "c", "k", 1.5, 5300);
    trace_builder_flow(builder, thread, RECORD_FLOW_START, 7, 0, "x", 5400);
    trace_builder_flow(builder, thread, RECORD_FLOW_END, 7, 0, "x", 5500);
    trace = trace_builder_finish(builder);
    model = report_open_model(trace);
    while (export_without_memory(model, successes)) {
        successes++;
    }
    trace_model_close(model);
    free(trace);
}
