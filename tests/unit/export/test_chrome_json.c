// SPDX-License-Identifier: Apache-2.0
/* Whole reports of random traces, whole and damaged. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/error.h"
#include "export/exporter.h"
#include "format/layout.h"
#include "model/span_query.h"
#include "model/trace_model.h"
#include "support/temporary_folder.h"
#include "support/trace_random.h"
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

TestSuite(chrome_json, .init = set_up, .fini = tear_down);

/* The next event at or after this one of a thread, in one of these phases. */
static cJSON *
next_of_thread(cJSON *event, const struct oracle_thread *thread,
               const char *phases)
{
    for (; event != NULL; event = event->next) {
        if (event_is_phase(event, phases)
            && event_number(event, "pid") == (double)thread->pid
            && event_number(event, "tid") == (double)thread->thread_id) {
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
    cr_assert(eq(str, event_text(event, "ph"), "X"));
    cr_assert(eq(str, event_text(event, "cat"), "FEE"));
    cr_assert(eq(str, event_text(event, "name"), label));
    cr_assert(eq(u64, event_ns(event, "ts"), call->start_ns));
    cr_assert(eq(u64, event_ns(event, "dur"), end_ns - call->start_ns));
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
            event = report_events(document)->child;
        }
        event = next_of_thread(event, &oracle->threads[thread], "XB");
        cr_assert(event != NULL, "call %zu is missing", i);
        expect_call(event, oracle, call);
        event = next_of_thread(event->next, &oracle->threads[thread], "XB");
    }
    cr_assert(event == NULL, "more calls than were made");
    cr_assert(
        eq(uint, report_count(document, "XB"), (unsigned)oracle->call_count));
}

/* What an instant has and an object has not, and the other way round. */
static void
expect_kind(const cJSON *event, const struct oracle_instant *instant)
{
    char phase[2] = {"iNOD"[instant->phase], '\0'};
    char id[16];

    (void)snprintf(id, sizeof id, "%u", instant->number);
    cr_assert(eq(str, event_text(event, "ph"), phase));
    if (instant->phase == 0) {
        cr_assert(eq(str, event_text(event, "cat"), "INSTANT"));
        cr_assert(not(cJSON_HasObjectItem(event, "id")));
        return;
    }
    cr_assert(eq(str, event_text(event, "id"), id));
    cr_assert(not(cJSON_HasObjectItem(event, "cat")));
    cr_assert(not(cJSON_HasObjectItem(event, "s")));
    cr_assert(eq(int, cJSON_HasObjectItem(event, "args"),
                 instant->phase == VZT_OBJECT_SNAPSHOT));
    if (instant->phase == VZT_OBJECT_SNAPSHOT) {
        const cJSON *args = cJSON_GetObjectItem(event, "args");

        cr_assert(event_number(cJSON_GetObjectItem(args, "snapshot"), "n")
                  == 1);
    }
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
            event = report_events(document)->child;
        }
        event = next_of_thread(event, &oracle->threads[thread], "iNOD");
        cr_assert(event != NULL, "instant %zu is missing", i);
        cr_assert(eq(str, event_text(event, "name"),
                     (char *)oracle_instant_name(instant, name)));
        cr_assert(eq(u64, event_ns(event, "ts"), instant->time_ns));
        expect_kind(event, instant);
        event = event->next;
    }
    cr_assert(eq(uint, report_count(document, "NOD"),
                 (unsigned)trace_oracle_object_count(oracle)));
    cr_assert(eq(uint, report_count(document, "iNOD"),
                 (unsigned)oracle->instant_count));
}

/* Counters stand by name, so each is looked for by thread, name and time. */
static void
expect_counters(cJSON *document, const struct trace_oracle *oracle)
{
    for (size_t i = 0; i < oracle->counter_count; i++) {
        const struct oracle_counter *counter = &oracle->counters[i];
        const struct oracle_thread *thread = &oracle->threads[counter->thread];
        cJSON *event = report_events(document)->child;
        cJSON *args;
        char name[32];

        (void)snprintf(name, sizeof name, "counter %u", counter->number);
        do {
            event = next_of_thread(event, thread, "C");
            cr_assert(event != NULL, "counter %zu is missing", i);
            if (strcmp(event_text(event, "name"), name) == 0
                && event_ns(event, "ts") == counter->time_ns) {
                break;
            }
            event = event->next;
        } while (true);
        args = cJSON_GetObjectItemCaseSensitive(event, "args");
        cr_assert(event_number(args, "value") == counter->value);
    }
    cr_assert(
        eq(uint, report_count(document, "C"), (unsigned)oracle->counter_count));
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
            .object_permille = 30,
            .counter_permille = 30,
            .mismatch_permille = seed % 4 == 0 ? 50 : 0,
            .zero_permille = seed % 7 == 0 ? 100 : 0,
            .has_unfinished = seed % 2 == 0,
            .is_deep = seed % 5 == 0,
            .depth_max = seed % 5 == 0 ? 100 : 0,
            .block_size = seed % 7 == 0 ? 0 : 256,
        };
        struct trace_oracle *oracle = trace_random(folder, &options);
        cJSON *document = report_export(oracle->path, output);

        expect_calls(document, oracle);
        expect_instants(document, oracle);
        expect_counters(document, oracle);
        cJSON_Delete(document);
        cr_assert(eq(int, unlink(oracle->path), 0));
        trace_oracle_free(oracle);
    }
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
        document = report_export(oracle->path, output);
        count = report_count(document, "XB");
        cr_assert(count <= last && count <= oracle->call_count);
        last = count;
        cJSON_Delete(document);
    }
    trace_oracle_free(oracle);
}

/* Spoil the headers of some blocks, as a damaged disk would. */
static void
lose_blocks(const char *path, unsigned every)
{
    static const char magic[] = "\x89VZCHUNK";
    struct buffer text = {0};
    unsigned count = 0;
    FILE *file;

    report_read_file(path, &text);
    for (size_t at = 0; at + sizeof(struct vzt_chunk_header) < text.size;
         at += 8) {
        struct vzt_chunk_header *header = (void *)(text.data + at);

        if (memcmp(text.data + at, magic, 8) == 0
            && header->kind == VZT_CHUNK_EVENTS) {
            count++;
            if (count % every == 1) {
                header->magic = 0;
            }
        }
    }
    cr_assert(gt(uint, count, 3 * every));
    file = fopen(path, "w");
    cr_assert(file != NULL
              && fwrite(text.data, 1, text.size, file) == text.size);
    (void)fclose(file);
    buffer_release(&text);
}

/* The track's slices, block by block, must be the thread's events. */
static void
expect_slices_once(const struct trace_model *model, uint32_t track,
                   cJSON *document)
{
    const struct oracle_thread thread = {
        .pid = trace_model_process(model, 0)->pid,
        .thread_id = trace_model_track(model, track)->thread_id,
    };
    cJSON *event =
        next_of_thread(report_events(document)->child, &thread, "XB");
    const uint64_t base_ns = trace_model_summary(model).start_monotonic_ns;
    uint64_t written[64] = {0}; /* by depth, 1 + the start */
    struct span_scratch *scratch = NULL;
    struct error err = {0};

    cr_assert(span_scratch_new(&scratch, &err));
    for (size_t block = 0; block < span_block_count(model, track); block++) {
        const struct slice *slices = NULL;
        size_t count = 0;
        size_t first_new = 0;

        cr_assert(span_block_slices(model, track, block, scratch, &slices,
                                    &count, &first_new, &err));
        for (size_t i = 0; i < count; i++) {
            cr_assert(slices[i].depth < 64);
            if (written[slices[i].depth] == slices[i].start_ns + 1) {
                continue;
            }
            written[slices[i].depth] = slices[i].start_ns + 1;
            cr_assert(event != NULL);
            cr_assert(
                eq(u64, event_ns(event, "ts"), base_ns + slices[i].start_ns));
            event = next_of_thread(event->next, &thread, "XB");
        }
    }
    cr_assert(event == NULL);
    span_scratch_free(scratch);
}

Test(chrome_json, writes_each_call_once_when_blocks_are_lost)
{
    for (unsigned seed = 1; seed <= 6; seed++) {
        const struct trace_random_options options = {.seed = seed,
                                                     .thread_count = 2,
                                                     .calls_per_thread = 600,
                                                     .depth_max = 30,
                                                     .is_deep = seed % 2 == 0,
                                                     .block_size = 512};
        struct trace_oracle *oracle = trace_random(folder, &options);
        struct trace_model *model;
        cJSON *document;

        lose_blocks(oracle->path, 1 + seed);
        model = report_open_model(oracle->path);
        document = report_export(oracle->path, output);
        for (uint32_t i = 0; i < trace_model_track_count(model); i++) {
            expect_slices_once(model, i, document);
        }
        cJSON_Delete(document);
        trace_model_close(model);
        cr_assert(eq(int, unlink(oracle->path), 0));
        trace_oracle_free(oracle);
    }
}

Test(chrome_json, holds_the_same_bytes_when_compressed)
{
    const struct trace_random_options options = {
        .seed = 9, .calls_per_thread = 5000, .instant_permille = 10};
    struct trace_oracle *oracle = trace_random(folder, &options);
    char *compressed = temporary_folder_file(folder, "output.json.gz");
    struct buffer plain = {0};
    struct buffer inflated = {0};

    report_write(oracle->path, output);
    report_write(oracle->path, compressed);
    report_read_file(output, &plain);
    report_read_file(compressed, &inflated);
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
    struct trace_model *model = report_open_model(oracle->path);
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
    report_read_file(output, &text);
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
    struct trace_model *model = report_open_model(oracle->path);
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
