// SPDX-License-Identifier: Apache-2.0
/* What trace_writer writes, trace_file gives back. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "format/reader.h"
#include "format/writer.h"
#include "support/read_back.h"
#include "support/temporary_folder.h"
#include "support/trace_builder.h"
#include "support/trace_random.h"

static struct trace_file *
open_sound(const char *path)
{
    struct trace_file *file = NULL;
    struct error err = {0};

    cr_assert(trace_file_open(&file, path, &err), "%s", err.message);
    cr_assert(zero(u64, trace_file_damage(file)->damaged_chunks), "%s",
              trace_file_damage(file)->first_reason);
    cr_assert(zero(u64, trace_file_damage(file)->skipped_bytes), "%s",
              trace_file_damage(file)->first_reason);
    return file;
}

/* Times of events that share a nanosecond are seen 1 ns apart. */
static bool
is_near(uint64_t seen, uint64_t written)
{
    return seen >= written && seen <= written + 1;
}

static void
check_call(const struct trace_oracle *oracle, const struct trace_file *file,
           const struct read_call *call, const struct oracle_call *expected)
{
    const struct trace_section *section =
        trace_file_section(file, call->section);
    const struct trace_function *function =
        trace_section_function(section, call->function);
    const struct oracle_thread *thread = &oracle->threads[expected->thread];

    cr_assert(ne(ptr, (void *)function, NULL));
    cr_assert(eq(str, (char *)function->name,
                 (char *)oracle->functions[expected->function].name));
    cr_assert(eq(str, (char *)function->file,
                 (char *)oracle->functions[expected->function].file));
    cr_assert(eq(u32, section->header.pid, thread->pid));
    cr_assert(eq(u64, section->streams[call->stream - 1].thread_id,
                 thread->thread_id));
    cr_assert(eq(u32, call->depth, expected->depth));
    cr_assert(is_near(expected->start_ns, call->start_tick));
    cr_assert(eq(int, call->is_unfinished, expected->is_unfinished));
    cr_assert(eq(int, call->is_truncated, expected->is_truncated));
    cr_assert(call->is_unfinished || is_near(expected->end_ns, call->end_tick));
}

static void
check_random(const struct trace_random_options *options)
{
    char *folder = temporary_folder_make();
    struct trace_oracle *oracle = trace_random(folder, options);
    struct trace_file *file = open_sound(oracle->path);
    struct read_back read;
    struct error err = {0};

    cr_assert(read_back_file(&read, file, &err), "%s", err.message);
    cr_assert(eq(sz, read.call_count, oracle->call_count));
    cr_assert(zero(sz, read.broken_joins));
    cr_assert(zero(sz, read.bad_records));
    cr_assert(eq(u64, read.mismatched_returns, oracle->mismatched_returns));
    cr_assert(
        eq(sz, read.record_count,
           oracle->instant_count + oracle->counter_count + oracle->gap_count));
    for (size_t i = 0; i < read.call_count; i++) {
        check_call(oracle, file, &read.calls[i], &oracle->calls[i]);
    }
    read_back_release(&read);
    trace_file_close(file);
    trace_oracle_free(oracle);
    temporary_folder_remove(folder);
}

Test(round_trip, keeps_every_call_of_random_traces)
{
    for (unsigned seed = 0; seed < 24; seed++) {
        check_random(&(struct trace_random_options){
            .seed = seed,
            .process_count = 1 + seed % 3,
            .thread_count = 1 + seed % 4,
            .function_count = 1 + seed * 7,
            .calls_per_thread = 1 + seed * 40,
            .depth_max = 1 + seed * seed,
            .instant_permille = seed % 5 * 20,
            .object_permille = 30,
            .counter_permille = seed % 3 * 20,
            .gap_permille = seed % 2 * 20,
            .far_permille = seed % 4 * 20,
            .zero_permille = seed % 6 * 50,
            .mismatch_permille = seed % 7 * 20,
            .has_unfinished = seed % 2,
            .is_deep = seed % 5 == 4,
            .block_size = seed % 4 == 3 ? 0 : 128 + 100 * seed,
        });
    }
}

Test(round_trip, holds_deep_stacks_in_tiny_blocks)
{
    check_random(&(struct trace_random_options){
        .seed = 7,
        .calls_per_thread = 20000,
        .depth_max = 5000,
        .is_deep = true,
        .has_unfinished = true,
        .block_size = 256,
    });
}

Test(round_trip, keeps_what_is_known_of_a_process)
{
    char *folder = temporary_folder_make();
    struct trace_builder *builder = trace_builder_new(folder);
    char *path;
    struct trace_file *file;
    const struct trace_section *section;

    (void)trace_builder_thread(builder, "MainThread");
    path = trace_builder_finish(builder);
    file = open_sound(path);
    cr_assert(eq(sz, trace_file_section_count(file), 1));
    section = trace_file_section(file, 0);
    cr_assert(eq(str, (char *)section->name, "app.py"));
    cr_assert(eq(str, (char *)section->executable, "/usr/bin/python3"));
    cr_assert(eq(str, (char *)section->directory, "/w"));
    cr_assert(eq(str, (char *)section->version, "CPython 3.12.1"));
    cr_assert(eq(u32, section->argument_count, 2));
    cr_assert(eq(str, (char *)section->arguments, "python3"));
    cr_assert(eq(str, (char *)section->arguments + 8, "app.py"));
    cr_assert(eq(u32, section->header.pid, TRACE_BUILDER_PID));
    cr_assert(eq(u32, section->status.state, VZT_STATE_ENDED));
    cr_assert(eq(u64, section->status.written_bytes, section->size));
    cr_assert(eq(sz, section->stream_count, 1));
    cr_assert(eq(str, (char *)section->streams[0].name, "MainThread"));
    trace_file_close(file);
    free(path);
    temporary_folder_remove(folder);
}

Test(round_trip, joins_the_pieces_of_a_source)
{
    enum { SIZE = 3 * VZT_STRING_SIZE_MAX + 5 };
    char *folder = temporary_folder_make();
    char *text = malloc(SIZE + 1);
    struct trace_builder *builder = trace_builder_new(folder);
    char *path;
    struct trace_file *file;
    const struct trace_section *section;

    for (size_t i = 0; i < SIZE; i++) {
        text[i] = (char)('a' + i * i % 23);
    }
    text[SIZE] = '\0';
    trace_builder_source(builder, "/w/long.py", text);
    trace_builder_source(builder, "/w/empty.py", "");
    trace_builder_source(builder, "/w/long.py", text);
    path = trace_builder_finish(builder);
    file = open_sound(path);
    section = trace_file_section(file, 0);
    cr_assert(eq(sz, section->source_count, 2));
    cr_assert(eq(str, (char *)section->sources[0].path, "/w/long.py"));
    cr_assert(eq(sz, section->sources[0].size, SIZE));
    cr_assert(eq(str, (char *)section->sources[0].text, text));
    cr_assert(eq(u64, section->sources[0].whole_size, SIZE));
    cr_assert(eq(str, (char *)section->sources[1].text, ""));
    trace_file_close(file);
    free(path);
    free(text);
    temporary_folder_remove(folder);
}

Test(round_trip, cuts_long_strings_and_says_so)
{
    char *folder = temporary_folder_make();
    struct trace_builder *builder = trace_builder_new(folder);
    struct trace_writer *writer = trace_builder_writer(builder);
    size_t size = VZT_STRING_SIZE_MAX + 100;
    char *text = malloc(size);
    uint32_t first;
    uint32_t second;
    char *path;
    struct trace_file *file;
    struct text_span kept;

    memset(text, 'x', size);
    first = trace_writer_string(writer, (struct text_span){text, size});
    second = trace_writer_string(writer, (struct text_span){"short", 5});
    path = trace_builder_finish(builder);
    file = open_sound(path);
    kept = trace_section_string(trace_file_section(file, 0), first);
    cr_assert(eq(sz, kept.size, VZT_STRING_SIZE_MAX));
    cr_assert(zero(int, memcmp(kept.data, text, kept.size)));
    kept = trace_section_string(trace_file_section(file, 0), second);
    cr_assert(eq(sz, kept.size, 5));
    kept = trace_section_string(trace_file_section(file, 0), 99);
    cr_assert(zero(sz, kept.size));
    trace_file_close(file);
    free(path);
    free(text);
    temporary_folder_remove(folder);
}
