// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "format/writer.h"
#include "model/slice_args.h"
#include "model/span_query.h"
#include "model/trace_model.h"
#include "support/random.h"
#include "support/temporary_folder.h"
#include "support/trace_builder.h"

enum { START_NS = 1000, EVENT_COUNT = 20000, WORD_CAPACITY = 4096 };

static char *folder;
static struct trace_model *model;
static struct span_scratch *scratch;
static struct buffer args;

static void
set_up(void)
{
    struct error err = {0};

    folder = temporary_folder_make();
    cr_assert(span_scratch_new(&scratch, &err));
}

static void
tear_down(void)
{
    buffer_release(&args);
    span_scratch_free(scratch);
    trace_model_close(model);
    temporary_folder_remove(folder);
}

TestSuite(slice_args, .init = set_up, .fini = tear_down);

static void
open_model(struct trace_builder *builder)
{
    struct error err = {0};
    char *path = trace_builder_finish(builder);

    cr_assert(
        trace_model_open(&model, (const char *const *)&path, 1, NULL, &err),
        "%s", err.message);
    free(path);
}

/* What a call that begins then was given: its own time, so that no other's
 * passes for it. Some calls have nothing, some much. */
static void
expected_args(char text[4000], uint64_t time_ns)
{
    struct random random = {time_ns};
    uint64_t kind = random_below(&random, 4);

    text[0] = '\0';
    if (kind >= 2) {
        (void)snprintf(text, 4000, "{\"at\":%0*" PRIu64 "}",
                       kind == 3 ? (int)random_below(&random, 3000) : 1,
                       time_ns);
    }
}

static void
call(struct trace_builder *builder, uint32_t thread, uint32_t function,
     uint64_t time_ns)
{
    uint64_t words[WORD_CAPACITY];
    char text[4000];
    size_t count = 0;

    expected_args(text, time_ns);
    if (text[0] != '\0') {
        count = record_encode_arguments(
            words, WORD_CAPACITY,
            (struct text_span){.data = text, .size = strlen(text)});
    }
    trace_writer_entry(trace_builder_writer(builder), thread, EVENT_CALL,
                       function, time_ns, words, count);
}

/* Calls up and down, one event each nanosecond. */
static void
make_random_trace(uint32_t block_size)
{
    struct trace_builder *builder = trace_builder_new(folder);
    struct random random = {block_size};
    struct function_definition definition = {.kind = VZT_FUNCTION_PYTHON,
                                             .name = {"f", 1}};
    uint32_t thread;
    uint32_t function;
    int depth = 0;

    trace_builder_block_size(builder, block_size);
    thread = trace_builder_thread(builder, "main");
    function =
        trace_writer_function(trace_builder_writer(builder), &definition);
    for (uint64_t i = 0; i < EVENT_COUNT; i++) {
        bool goes_down = depth < 20 && random_below(&random, 2) == 0;

        if (goes_down || depth == 0) {
            call(builder, thread, function, START_NS + i);
            depth++;
        } else {
            trace_writer_event(trace_builder_writer(builder), thread,
                               EVENT_RETURN, function, START_NS + i);
            depth--;
        }
    }
    open_model(builder);
}

static void
expect_args_of(const struct slice *slice)
{
    struct error err = {0};
    char expected[4000];

    expected_args(expected, START_NS + slice->start_ns);
    cr_assert(slice_args(model, slice, scratch, &args, &err), "%s",
              err.message);
    cr_assert(eq(sz, args.size, strlen(expected)));
    cr_assert(args.size == 0 || memcmp(args.data, expected, args.size) == 0,
              "slice at %" PRIu64 ": %s", slice->start_ns, args.data);
}

/* Times are one event a nanosecond: a record that took time of its own, or a
 * call with another's arguments, shows. */
static void
expect_all_args(void)
{
    size_t seen = 0;

    for (size_t block = 0; block < span_block_count(model, 0); block++) {
        const struct slice *slices;
        struct error err = {0};
        size_t count;
        size_t first_new;

        cr_assert(span_block_slices(model, 0, block, scratch, &slices, &count,
                                    &first_new, &err));
        for (size_t i = first_new; i < count; i++, seen++) {
            expect_args_of(&slices[i]);
        }
    }
    cr_assert(eq(u64, seen, trace_model_summary(model).call_count));
    cr_assert(ge(u64, seen, EVENT_COUNT / 2));
    cr_assert(eq(u64, trace_model_summary(model).duration_ns, EVENT_COUNT - 1));
}

Test(slice_args, are_those_of_each_call_in_blocks_of_any_size)
{
    static const uint32_t sizes[] = {128, 1000, 0};

    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        char *path = temporary_folder_file(folder, "trace.vzt");

        make_random_trace(sizes[i]);
        expect_all_args();
        trace_model_close(model);
        model = NULL;
        cr_assert(eq(int, remove(path), 0));
        free(path);
    }
}

Test(slice_args, of_a_call_from_an_earlier_block_are_found)
{
    struct error err = {0};
    struct slice slice;
    bool found;

    make_random_trace(1000);
    for (uint64_t ns = 0; ns < EVENT_COUNT - 1; ns += 97) {
        cr_assert(span_at(model, 0, 0, ns, scratch, &slice, &found, &err));
        if (found) {
            expect_args_of(&slice);
        }
    }
}

Test(slice_args, may_stand_in_a_string)
{
    struct trace_builder *builder = trace_builder_new(folder);
    struct trace_writer *writer = trace_builder_writer(builder);
    uint32_t thread = trace_builder_thread(builder, "main");
    uint32_t function = trace_builder_function(builder, "f", "f.py", 1);
    uint32_t string = trace_writer_string(writer, (struct text_span){"[1]", 3});
    struct vzt_arguments fixed = {.flags = VZT_TEXT_BY_STRING,
                                  .args_size = string};
    uint64_t words[2] = {record_tag(RECORD_ARGUMENTS, 1)};
    struct error err = {0};
    struct slice slice = {0};
    bool found;

    memcpy(&words[1], &fixed, sizeof fixed);
    trace_builder_call(builder, thread, function, 10); /* defines f as 1 */
    trace_writer_entry(writer, thread, EVENT_CALL, 1, 20, words, 2);
    trace_writer_event(writer, thread, EVENT_RETURN, 1, 30);
    open_model(builder);
    cr_assert(span_at(model, 0, 1, 10, scratch, &slice, &found, &err));
    cr_assert(found);
    cr_assert(slice_args(model, &slice, scratch, &args, &err));
    cr_assert(eq(str, args.data, "[1]"));
}

Test(slice_args, are_empty_where_a_record_belongs_to_no_entry)
{
    struct trace_builder *builder = trace_builder_new(folder);
    struct trace_writer *writer = trace_builder_writer(builder);
    uint32_t thread = trace_builder_thread(builder, "main");
    uint32_t function = trace_builder_function(builder, "f", "f.py", 1);
    uint64_t words[8];
    size_t count =
        record_encode_arguments(words, 8, (struct text_span){"{}", 2});
    struct error err = {0};
    struct slice slice = {0};
    bool found;

    trace_writer_record(writer, thread, 5, words, count);
    trace_builder_call(builder, thread, function, 10);
    trace_builder_instant(builder, thread, "instant", NULL, 15);
    trace_writer_record(writer, thread, 15, words, count);
    trace_builder_return(builder, thread, function, 20);
    trace_writer_record(writer, thread, 20, words, count);
    open_model(builder);
    cr_assert(span_at(model, 0, 0, 6, scratch, &slice, &found, &err));
    cr_assert(found);
    cr_assert(slice_args(model, &slice, scratch, &args, &err));
    cr_assert(eq(sz, args.size, 0));
}
