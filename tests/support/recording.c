// SPDX-License-Identifier: Apache-2.0
#include "support/recording.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "format/event.h"
#include "support/call_walk.h"
#include "support/temporary_folder.h"
#include "tracer/record/recorder.h"
#include "tracer/record/thread_log.h"

struct text_span
span(const char *text)
{
    return (struct text_span){.data = text, .size = strlen(text)};
}

struct recorder *
recording_start(const char *folder, uint64_t limit_bytes)
{
    return recording_start_with(
        folder, &(struct recorder_options){.limit_bytes = limit_bytes});
}

struct recorder *
recording_start_with(const char *folder, const struct recorder_options *bounds)
{
    struct recorder_options options = {
        .directory = folder,
        .limit_bytes = bounds->limit_bytes,
        .call_limit = bounds->call_limit,
        .min_duration_ns = bounds->min_duration_ns,
        .has_one_process = bounds->has_one_process,
        .process = {.argument_count = 2,
                    .arguments = {.data = "app\0x", .size = 6},
                    .executable = span("/bin/app"),
                    .directory = span("/"),
                    .name = span("app"),
                    .version = span("C 11")},
    };
    struct recorder *recorder = NULL;
    struct error err = {0};

    cr_assert(recorder_new(&recorder, &options, &err), "%s", err.message);
    return recorder;
}

struct thread_log *
recording_thread(struct recorder *recorder)
{
    struct thread_log *log = recorder_thread(recorder, span(""));

    cr_assert(log != NULL);
    return log;
}

void
recording_define(struct recorder *recorder, uint32_t count)
{
    for (uint32_t i = 1; i <= count; i++) {
        char name[32];
        struct function_definition function = {
            .kind = VZT_FUNCTION_PYTHON,
            .line = i,
            .file = span("/app.py"),
        };

        (void)snprintf(name, sizeof name, "f%u", i);
        function.name = span(name);
        cr_assert(eq(u32, recorder_function(recorder, &function), i));
    }
}

void
recording_walk(struct thread_log *log, struct call_walk *walk, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        thread_log_put(log, call_walk_next(walk));
    }
}

static int
is_trace(const struct dirent *entry)
{
    const char *end = strrchr(entry->d_name, '.');

    return end != NULL && strcmp(end, ".vzt") == 0;
}

static struct dirent **
list_files(const char *folder, size_t *count)
{
    struct dirent **entries = NULL;
    int found = scandir(folder, &entries, is_trace, alphasort);

    cr_assert(ge(int, found, 0));
    *count = (size_t)found;
    return entries;
}

static void
free_list(struct dirent **entries, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(entries[i]);
    }
    free(entries);
}

size_t
recording_file_count(const char *folder)
{
    size_t count;
    struct dirent **entries = list_files(folder, &count);

    free_list(entries, count);
    return count;
}

char *
recording_file(const char *folder, size_t index)
{
    size_t count;
    struct dirent **entries = list_files(folder, &count);
    char *path;

    cr_assert(lt(sz, index, count));
    path = temporary_folder_file(folder, entries[index]->d_name);
    free_list(entries, count);
    return path;
}

struct trace_file *
recording_read(const char *path)
{
    struct trace_file *file = NULL;
    struct error err = {0};

    cr_assert(trace_file_open(&file, path, &err), "%s", err.message);
    cr_assert(zero(u64, trace_file_damage(file)->skipped_bytes), "%s",
              trace_file_damage(file)->first_reason);
    cr_assert(zero(u64, trace_file_damage(file)->damaged_chunks), "%s",
              trace_file_damage(file)->first_reason);
    cr_assert(eq(sz, trace_file_section_count(file), 1));
    return file;
}

struct trace_file *
recording_read_only_file(const char *folder)
{
    char *path;
    struct trace_file *file;

    cr_assert(eq(sz, recording_file_count(folder), 1));
    path = recording_file(folder, 0);
    file = recording_read(path);
    free(path);
    return file;
}

const struct trace_stream *
recording_stream(const struct trace_section *section, uint32_t id)
{
    for (size_t i = 0; i < section->stream_count; i++) {
        if (section->streams[i].id == id) {
            return &section->streams[i];
        }
    }
    cr_fatal("no stream %u", id);
}

/* What following a stream carries from block to block. */
struct follower {
    struct call_walk *walk;
    uint64_t *start_ticks; /* of the open calls */
    uint64_t tick;
    uint64_t entries_before;
    uint64_t word_count;
};

static void
check_block_start(struct follower *follower, const struct trace_block *row,
                  const struct block *block, size_t index)
{
    const struct call_walk *walk = follower->walk;

    cr_assert(eq(u64, row->number, index));
    cr_assert(
        eq(u64, row->calls_before, walk->entries - follower->entries_before));
    cr_assert(ge(u64, row->first_tick, follower->tick));
    cr_assert(eq(sz, block->open_count, walk->depth), "block %zu", index);
    for (size_t i = 0; i < block->open_count; i++) {
        cr_assert(eq(u32, block->open_calls[i].function, walk->functions[i]));
        if (index == 0) { /* inherited over a fork */
            follower->start_ticks[i] = block->open_calls[i].start_tick;
        }
        cr_assert(
            eq(u64, block->open_calls[i].start_tick, follower->start_ticks[i]));
    }
}

static void
check_word(struct follower *follower, uint64_t word)
{
    uint64_t tag = call_walk_next(follower->walk);

    follower->tick += event_delta(word);
    cr_assert(eq(u64, word >> EVENT_DELTA_BITS, tag >> EVENT_DELTA_BITS),
              "word %ju", (uintmax_t)follower->word_count);
    if (event_is_entry(event_kind(word))) {
        follower->start_ticks[follower->walk->depth - 1] = follower->tick;
    }
    follower->word_count++;
}

static void
follow_block(struct follower *follower, const struct block *block)
{
    follower->tick = block->first_tick;
    for (size_t i = 0; i < block->word_count; i++) {
        uint64_t word = block->words[i];

        if (event_kind(word) != EVENT_LONG) {
            check_word(follower, word);
            continue;
        }
        follower->tick += event_delta(word);
        if (record_type(word) == RECORD_CLOCK) {
            cr_assert(ge(u64, block->words[i + 1], follower->tick));
            follower->tick = block->words[i + 1];
        }
        i += record_size(word);
    }
}

uint64_t
recording_follow(const struct trace_file *file,
                 const struct trace_section *section,
                 const struct trace_stream *stream, struct call_walk *walk)
{
    struct follower follower = {
        .walk = walk,
        .entries_before = walk->entries,
        .start_ticks = calloc(walk->depth_max + 1, 8),
    };
    struct block block = {0};
    struct error err = {0};

    cr_assert(follower.start_ticks != NULL);
    for (size_t i = 0; i < stream->block_count; i++) {
        const struct trace_block *row =
            &section->blocks[stream->first_block + i];

        cr_assert(block_load(&block, file, row, &err), "%s", err.message);
        check_block_start(&follower, row, &block, i);
        follow_block(&follower, &block);
    }
    block_release(&block);
    free(follower.start_ticks);
    return follower.word_count;
}
