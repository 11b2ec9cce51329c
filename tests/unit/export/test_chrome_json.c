// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cJSON.h>
#include <zlib.h>

#include "base/buffer.h"
#include "base/error.h"
#include "export/exporter.h"
#include "format/writer.h"
#include "model/trace_model.h"
#include "support/temporary_folder.h"
#include "support/trace_builder.h"
#include "support/trace_random.h"

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

TestSuite(chrome_json, .init = set_up, .fini = tear_down);

/* All of a file, plain or compressed. */
static void
read_file(const char *path, struct buffer *text)
{
    gzFile file = gzopen(path, "rb");
    char part[4096];
    int got;

    cr_assert(file != NULL, "%s", path);
    do {
        got = gzread(file, part, sizeof part);
        cr_assert(got >= 0, "%s", path);
        buffer_append(text, part, (size_t)got);
    } while (got > 0);
    cr_assert(eq(int, gzclose(file), Z_OK));
}

static cJSON *
read_document(const char *path)
{
    struct buffer text = {0};
    cJSON *document;

    read_file(path, &text);
    document = cJSON_ParseWithLengthOpts(text.data, text.size + 1, NULL, true);
    cr_assert(document != NULL, "no JSON: %.4000s", text.data);
    buffer_release(&text);
    return document;
}

static struct trace_model *
open_model(const char *path)
{
    const struct trace_model_options options = {.thread_count = 1};
    struct trace_model *model = NULL;
    struct error err = {0};

    cr_assert(trace_model_open(&model, &path, 1, &options, &err), "%s",
              err.message);
    return model;
}

static void
export_to(const char *trace, const char *path)
{
    const struct export_options options = {.has_file_info = true};
    struct trace_model *model = open_model(trace);
    struct error err = {0};

    cr_assert(export_trace(model, path, &options, &err), "%s", err.message);
    trace_model_close(model);
}

static cJSON *
export_document(const char *trace)
{
    export_to(trace, output);
    return read_document(output);
}

/* Finish a built trace and export it. */
static cJSON *
export_built(struct trace_builder *builder)
{
    char *trace = trace_builder_finish(builder);
    cJSON *document = export_document(trace);

    cr_assert(eq(int, unlink(trace), 0));
    free(trace);
    return document;
}

static cJSON *
events_of(cJSON *document)
{
    cJSON *events = cJSON_GetObjectItemCaseSensitive(document, "traceEvents");

    cr_assert(cJSON_IsArray(events));
    return events;
}

static char *
text_of(const cJSON *event, const char *key)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(event, key));
}

static double
number_of(const cJSON *event, const char *key)
{
    return cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(event, key));
}

static uint64_t
ns_of(const cJSON *event, const char *key)
{
    return (uint64_t)llround(number_of(event, key) * 1000);
}

static bool
is_phase(const cJSON *event, const char *phases)
{
    return strchr(phases, text_of(event, "ph")[0]) != NULL;
}

/* The n-th event of one of these phases; NULL behind the last. */
static cJSON *
find_event(cJSON *document, const char *phases, unsigned n)
{
    cJSON *event;

    cJSON_ArrayForEach(event, events_of(document))
    {
        if (is_phase(event, phases)) {
            if (n == 0) {
                return event;
            }
            n--;
        }
    }
    return NULL;
}

static unsigned
count_events(cJSON *document, const char *phases)
{
    unsigned count = 0;

    while (find_event(document, phases, count) != NULL) {
        count++;
    }
    return count;
}

/* The next event at or after this one of a thread, in one of these phases. */
static cJSON *
next_of_thread(cJSON *event, const struct oracle_thread *thread,
               const char *phases)
{
    for (; event != NULL; event = event->next) {
        if (is_phase(event, phases)
            && number_of(event, "pid") == (double)thread->pid
            && number_of(event, "tid") == (double)thread->thread_id) {
            return event;
        }
    }
    return NULL;
}

static uint64_t
process_end(const struct trace_oracle *oracle, uint32_t pid)
{
    uint64_t end_ns = 0;

    for (size_t i = 0; i < oracle->thread_count; i++) {
        if (oracle->threads[i].pid == pid
            && oracle->threads[i].last_ns > end_ns) {
            end_ns = oracle->threads[i].last_ns;
        }
    }
    return end_ns;
}

static void
expect_call(const cJSON *event, const struct trace_oracle *oracle,
            const struct oracle_call *call)
{
    const struct oracle_function *function = &oracle->functions[call->function];
    uint64_t end_ns =
        call->is_unfinished
            ? process_end(oracle, oracle->threads[call->thread].pid)
            : call->end_ns;
    char label[128];

    if (function->file[0] == '\0') {
        (void)snprintf(label, sizeof label, "%s", function->name);
    } else {
        (void)snprintf(label, sizeof label, "%s (%s:%u)", function->name,
                       function->file, function->line);
    }
    cr_assert(eq(str, text_of(event, "ph"), "X"));
    cr_assert(eq(str, text_of(event, "cat"), "FEE"));
    cr_assert(eq(str, text_of(event, "name"), label));
    cr_assert(eq(u64, ns_of(event, "ts"), call->start_ns));
    cr_assert(eq(u64, ns_of(event, "dur"), end_ns - call->start_ns));
}

static void
expect_calls(cJSON *document, const struct trace_oracle *oracle)
{
    uint32_t thread = UINT32_MAX;
    cJSON *event = NULL;

    for (size_t i = 0; i < oracle->call_count; i++) {
        const struct oracle_call *call = &oracle->calls[i];

        if (call->thread != thread) {
            cr_assert(event == NULL, "more calls than were made");
            thread = call->thread;
            event = events_of(document)->child;
        }
        event = next_of_thread(event, &oracle->threads[thread], "XB");
        cr_assert(event != NULL, "call %zu is missing", i);
        expect_call(event, oracle, call);
        event = next_of_thread(event->next, &oracle->threads[thread], "XB");
    }
    cr_assert(event == NULL, "more calls than were made");
    cr_assert(
        eq(uint, count_events(document, "XB"), (unsigned)oracle->call_count));
}

static void
expect_instants(cJSON *document, const struct trace_oracle *oracle)
{
    uint32_t thread = UINT32_MAX;
    cJSON *event = NULL;

    for (size_t i = 0; i < oracle->instant_count; i++) {
        const struct oracle_instant *instant = &oracle->instants[i];
        char name[32];

        if (instant->thread != thread) {
            thread = instant->thread;
            event = events_of(document)->child;
        }
        event = next_of_thread(event, &oracle->threads[thread], "i");
        cr_assert(event != NULL, "instant %zu is missing", i);
        (void)snprintf(name, sizeof name, "instant %u", instant->number);
        cr_assert(eq(str, text_of(event, "name"), name));
        cr_assert(eq(str, text_of(event, "cat"), "INSTANT"));
        cr_assert(eq(u64, ns_of(event, "ts"), instant->time_ns));
        event = event->next;
    }
    cr_assert(
        eq(uint, count_events(document, "i"), (unsigned)oracle->instant_count));
}

/* Counters stand by name, so each is looked for by thread, name and time. */
static void
expect_counters(cJSON *document, const struct trace_oracle *oracle)
{
    for (size_t i = 0; i < oracle->counter_count; i++) {
        const struct oracle_counter *counter = &oracle->counters[i];
        const struct oracle_thread *thread = &oracle->threads[counter->thread];
        cJSON *event = events_of(document)->child;
        cJSON *args;
        char name[32];

        (void)snprintf(name, sizeof name, "counter %u", counter->number);
        do {
            event = next_of_thread(event, thread, "C");
            cr_assert(event != NULL, "counter %zu is missing", i);
            if (strcmp(text_of(event, "name"), name) == 0
                && ns_of(event, "ts") == counter->time_ns) {
                break;
            }
            event = event->next;
        } while (true);
        args = cJSON_GetObjectItemCaseSensitive(event, "args");
        cr_assert(number_of(args, "value") == counter->value);
    }
    cr_assert(
        eq(uint, count_events(document, "C"), (unsigned)oracle->counter_count));
}

Test(chrome_json, holds_every_event_of_random_traces)
{
    for (uint64_t seed = 1; seed <= 24; seed++) {
        const struct trace_random_options options = {
            .seed = seed,
            .process_count = 1 + seed % 2,
            .thread_count = 1 + seed % 3,
            .calls_per_thread = 150,
            .instant_permille = 30,
            .counter_permille = 30,
            .mismatch_permille = seed % 4 == 0 ? 50 : 0,
            .zero_permille = seed % 7 == 0 ? 100 : 0,
            .has_unfinished = seed % 2 == 0,
            .is_deep = seed % 5 == 0,
            .depth_max = seed % 5 == 0 ? 100 : 0,
            .block_size = seed % 7 == 0 ? 0 : 256,
        };
        struct trace_oracle *oracle = trace_random(folder, &options);
        cJSON *document = export_document(oracle->path);

        expect_calls(document, oracle);
        expect_instants(document, oracle);
        expect_counters(document, oracle);
        cJSON_Delete(document);
        cr_assert(eq(int, unlink(oracle->path), 0));
        trace_oracle_free(oracle);
    }
}

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

Test(chrome_json, writes_times_with_three_decimals)
{
    struct buffer text = {0};
    char *trace = trace_builder_finish(build_one_call("f", "/w/a.py"));

    export_to(trace, output);
    read_file(output, &text);
    cr_assert(
        strstr(text.data,
               "{\"pid\":100,\"tid\":100,\"ts\":5.000,\"ph\":\"X\","
               "\"dur\":1.001,\"name\":\"f (/w/a.py:7)\",\"cat\":\"FEE\"}")
            != NULL,
        "%s", text.data);
    buffer_release(&text);
    free(trace);
}

Test(chrome_json, names_processes_and_threads)
{
    cJSON *document = export_built(build_one_call("f", "/w/a.py"));
    cJSON *process = find_event(document, "M", 0);
    cJSON *thread = find_event(document, "M", 1);

    cr_assert(eq(str, text_of(process, "name"), "process_name"));
    cr_assert(eq(str, text_of(cJSON_GetObjectItem(process, "args"), "name"),
                 "app.py"));
    cr_assert(eq(dbl, number_of(process, "tid"), 100));
    cr_assert(eq(str, text_of(thread, "name"), "thread_name"));
    cr_assert(eq(str, text_of(cJSON_GetObjectItem(thread, "args"), "name"),
                 "MainThread"));
    cr_assert(find_event(document, "M", 2) == NULL);
    cJSON_Delete(document);
}

static void
expect_name(const char *name, const char *file, const char *label)
{
    cJSON *document = export_built(build_one_call(name, file));
    struct buffer text = {0};

    cr_assert(
        eq(str, text_of(find_event(document, "X", 0), "name"), (char *)label));
    read_file(output, &text);
    cr_assert(strstr(text.data, "</") == NULL);
    buffer_release(&text);
    cJSON_Delete(document);
}

Test(chrome_json, survives_hostile_names)
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

Test(chrome_json, ends_open_calls_with_a_process_that_finished)
{
    cJSON *document = export_built(build_unfinished());
    cJSON *event = find_event(document, "X", 0);

    cr_assert(eq(uint, count_events(document, "X"), 4));
    cr_assert(eq(uint, count_events(document, "B"), 0));
    cr_assert(eq(str, text_of(event, "name"), "f (/w/a.py:1)"));
    cr_assert(eq(u64, ns_of(event, "dur"), 8000));
    event = find_event(document, "X", 2);
    cr_assert(eq(str, text_of(event, "name"), "f (/w/a.py:1)"));
    cr_assert(eq(u64, ns_of(event, "dur"), 5000));
    cJSON_Delete(document);
}

Test(chrome_json, leaves_calls_open_when_the_process_was_killed)
{
    struct trace_builder *builder = build_unfinished();
    cJSON *document;
    cJSON *event;

    trace_builder_status(builder, killed_status());
    document = export_built(builder);
    event = find_event(document, "B", 0);
    cr_assert(eq(uint, count_events(document, "X"), 2));
    cr_assert(eq(uint, count_events(document, "B"), 2));
    cr_assert(eq(u64, ns_of(event, "ts"), 1000));
    cr_assert(eq(str, text_of(event, "name"), "f (/w/a.py:1)"));
    cr_assert(cJSON_GetObjectItem(event, "dur") == NULL);
    cJSON_Delete(document);
}

/* Cut anywhere, a trace that opens is exported as valid JSON. */
Test(chrome_json, exports_what_is_left_of_a_cut_trace)
{
    const struct trace_random_options options = {.seed = 5,
                                                 .thread_count = 2,
                                                 .calls_per_thread = 400,
                                                 .instant_permille = 50,
                                                 .block_size = 512};
    struct trace_oracle *oracle = trace_random(folder, &options);
    unsigned last = UINT32_MAX;

    for (off_t size = 30000; size > 5000; size -= 977) {
        cJSON *document;
        unsigned count;

        cr_assert(eq(int, truncate(oracle->path, size), 0));
        document = export_document(oracle->path);
        count = count_events(document, "XB");
        cr_assert(count <= last && count <= oracle->call_count);
        last = count;
        cJSON_Delete(document);
    }
    trace_oracle_free(oracle);
}

Test(chrome_json, passes_the_arguments_of_instants_on)
{
    struct trace_builder *builder = build_one_call("f", "/w/a.py");
    uint32_t thread = trace_builder_thread(builder, "other");
    cJSON *document;
    cJSON *event;

    trace_builder_instant(builder, thread, "none", NULL, 5100);
    trace_builder_instant(builder, thread, "some", "{\"a\": [1, NaN]}", 5200);
    trace_builder_instant(builder, thread, "text", "no \"json\"", 5300);
    document = export_built(builder);

    event = find_event(document, "i", 0);
    cr_assert(eq(str, text_of(event, "name"), "none"));
    cr_assert(eq(str, text_of(event, "s"), "t"));
    cr_assert(cJSON_IsNull(cJSON_GetObjectItem(event, "args")));
    event = cJSON_GetObjectItem(find_event(document, "i", 1), "args");
    event = cJSON_GetObjectItem(event, "a");
    cr_assert(eq(dbl, cJSON_GetArrayItem(event, 0)->valuedouble, 1));
    cr_assert(cJSON_IsNull(cJSON_GetArrayItem(event, 1)));
    cr_assert(
        eq(str, text_of(find_event(document, "i", 2), "args"), "no \"json\""));
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

Test(chrome_json, puts_the_series_of_one_moment_into_one_event)
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
    document = export_built(builder);

    cr_assert(eq(uint, count_events(document, "C"), 3));
    args = cJSON_GetObjectItem(find_event(document, "C", 0), "args");
    cr_assert(eq(int, cJSON_GetArraySize(args), 2));
    cr_assert(eq(dbl, number_of(args, "used"), -3));
    cr_assert(eq(dbl, number_of(args, "free"), 0.5));
    cr_assert(eq(str, text_of(find_event(document, "C", 0), "name"), "memory"));
    args = cJSON_GetObjectItem(find_event(document, "C", 1), "args");
    cr_assert(eq(int, cJSON_GetArraySize(args), 1));
    args = cJSON_GetObjectItem(find_event(document, "C", 2), "args");
    cr_assert(cJSON_IsNull(cJSON_GetObjectItem(args, "free")));
    cJSON_Delete(document);
}

/* One counter of many series, which are logged in turns. */
Test(chrome_json, merges_many_series_by_time)
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
    document = export_built(builder);
    cr_assert(eq(uint, count_events(document, "C"), SERIES * ROUNDS));
    for (cJSON *event = find_event(document, "C", 0); event != NULL;
         event = event->next) {
        cJSON *args = cJSON_GetObjectItem(event, "args");
        unsigned value = (unsigned)args->child->valuedouble;
        char key[16];

        cr_assert(gt(u64, ns_of(event, "ts"), last_ns));
        last_ns = ns_of(event, "ts");
        cr_assert(eq(u64, last_ns, 5100 + value));
        (void)snprintf(key, sizeof key, "s%u", value * 7919 % SERIES);
        cr_assert(eq(str, args->child->string, key));
    }
    cJSON_Delete(document);
}

Test(chrome_json, says_what_made_it_and_whether_calls_are_lost)
{
    struct trace_builder *builder = build_one_call("f", "/w/a.py");
    uint32_t thread = trace_builder_thread(builder, "other");
    cJSON *document;
    cJSON *metadata;

    trace_builder_gap(builder, thread, VZT_GAP_PAUSED, 5100, 5200, 5);
    document = export_built(builder);
    metadata = cJSON_GetObjectItem(document, "viztracer_metadata");
    cr_assert(eq(str, text_of(metadata, "version"), VIZTRACER_VERSION));
    cr_assert(cJSON_IsTrue(cJSON_GetObjectItem(metadata, "overflow")));
    cr_assert(
        cJSON_IsNumber(cJSON_GetObjectItem(metadata, "baseTimeNanoseconds")));
    cJSON_Delete(document);

    document = export_built(build_one_call("f", "/w/a.py"));
    metadata = cJSON_GetObjectItem(document, "viztracer_metadata");
    cr_assert(cJSON_IsFalse(cJSON_GetObjectItem(metadata, "overflow")));
    cJSON_Delete(document);
}

Test(chrome_json, carries_the_sources_of_its_functions)
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
    document = export_built(builder);
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

Test(chrome_json, holds_the_same_bytes_when_compressed)
{
    const struct trace_random_options options = {
        .seed = 9, .calls_per_thread = 5000, .instant_permille = 10};
    struct trace_oracle *oracle = trace_random(folder, &options);
    char *compressed = temporary_folder_file(folder, "output.json.gz");
    struct buffer plain = {0};
    struct buffer inflated = {0};

    export_to(oracle->path, output);
    export_to(oracle->path, compressed);
    read_file(output, &plain);
    read_file(compressed, &inflated);
    cr_assert(eq(sz, plain.size, inflated.size));
    cr_assert(eq(int, memcmp(plain.data, inflated.data, plain.size), 0));
    buffer_release(&plain);
    buffer_release(&inflated);
    free(compressed);
    trace_oracle_free(oracle);
}

static bool
stop_at_half(void *context, uint64_t done, uint64_t total)
{
    *(uint64_t *)context = total;
    return done < total / 2;
}

Test(chrome_json, leaves_the_old_file_when_it_is_cancelled)
{
    const struct trace_random_options random = {
        .seed = 3, .calls_per_thread = 5000, .block_size = 1024};
    struct trace_oracle *oracle = trace_random(folder, &random);
    struct trace_model *model = open_model(oracle->path);
    uint64_t total = 0;
    const struct export_options options = {
        .progress = {.report = stop_at_half, .context = &total}};
    struct buffer text = {0};
    struct error err = {0};
    FILE *file = fopen(output, "w");

    cr_assert(file != NULL && fputs("old", file) >= 0);
    (void)fclose(file);
    cr_assert(not(export_trace(model, output, &options, &err)));
    cr_assert(eq(int, err.code, ERROR_CANCELLED));
    cr_assert(gt(u64, total, 10));
    read_file(output, &text);
    cr_assert(eq(str, text.data, "old"));
    buffer_release(&text);
    trace_model_close(model);
    trace_oracle_free(oracle);
}

Test(chrome_json, says_when_the_disk_is_full)
{
    const struct trace_random_options random = {.seed = 3,
                                                .calls_per_thread = 20000};
    struct trace_oracle *oracle = trace_random(folder, &random);
    struct trace_model *model = open_model(oracle->path);
    const struct export_options options = {.has_file_info = true};
    char *full = temporary_folder_file(folder, "full.json");
    struct error err = {0};

    cr_assert(eq(int, symlink("/dev/full", full), 0));
    cr_assert(not(export_trace(model, full, &options, &err)));
    cr_assert(strstr(err.message, "No space left on device") != NULL);
    free(full);
    trace_model_close(model);
    trace_oracle_free(oracle);
}
