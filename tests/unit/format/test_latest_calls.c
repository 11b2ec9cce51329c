// SPDX-License-Identifier: Apache-2.0
/* A section with a bound against brute force: all its calls, sorted by their
 * ends, without the first ones. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "format/event.h"
#include "format/reader.h"
#include "image.h"
#include "support/random.h"
#include "support/read_back.h"
#include "support/temporary_folder.h"
#include "support/trace_random.h"

static struct trace_file *
open_file(const char *path)
{
    struct trace_file *file = NULL;
    struct error err = {0};

    cr_assert(trace_file_open(&file, path, &err), "%s", err.message);
    return file;
}

static struct read_back
read_calls(const struct trace_file *file)
{
    struct read_back read = {0};
    struct error err = {0};

    cr_assert(read_back_file(&read, file, &err), "%s", err.message);
    return read;
}

/* Give all sections of a file a bound. */
static void
set_limit(const char *path, uint64_t limit)
{
    struct trace_file *file = open_file(path);
    int fd = open(path, O_WRONLY | O_CLOEXEC);

    cr_assert(ge(int, fd, 0));
    for (size_t i = 0; i < trace_file_section_count(file); i++) {
        uint64_t at = trace_file_section(file, i)->offset + VZT_STATUS_OFFSET
                      + offsetof(struct vzt_status, call_limit);

        cr_assert(
            eq(i64, pwrite(fd, &limit, sizeof limit, (off_t)at), sizeof limit));
    }
    (void)close(fd);
    trace_file_close(file);
}

/* When a call ended, to be sorted by. */
struct end {
    uint64_t tick;
    uint32_t section;
    uint32_t stream;
    uint64_t order; /* within its stream */
    size_t call;
};

static int
compare_ends(const void *a, const void *b)
{
    const struct end *left = a;
    const struct end *right = b;

    if (left->section != right->section) {
        return left->section < right->section ? -1 : 1;
    }
    if (left->tick != right->tick) {
        return left->tick < right->tick ? -1 : 1;
    }
    if (left->stream != right->stream) {
        return left->stream < right->stream ? -1 : 1;
    }
    return (left->order > right->order) - (left->order < right->order);
}

static uint64_t
end_of_stream(const struct trace_file *file, const struct read_call *call)
{
    const struct trace_section *section =
        trace_file_section(file, call->section);

    for (size_t i = 0; i < section->stream_count; i++) {
        if (section->streams[i].id == call->stream
            && section->streams[i].end_tick != 0) {
            return section->streams[i].end_tick;
        }
    }
    return UINT64_MAX;
}

/* The calls of each stream in the order in which they ended: by the start of
 * the next one that is not inside. */
static struct end *
find_ends(const struct trace_file *file, const struct read_back *read)
{
    struct end *ends = calloc(read->call_count + 1, sizeof *ends);
    size_t *open = calloc(read->call_count + 1, sizeof *open);
    size_t depth = 0;
    uint64_t order = 0;

    cr_assert(ends != NULL && open != NULL);
    for (size_t i = 0; i <= read->call_count; i++) {
        const struct read_call *call = &read->calls[i];
        size_t kept = 0;

        if (i > 0 && i < read->call_count && call->stream == call[-1].stream
            && call->section == call[-1].section) {
            kept = call->depth;
        }
        while (depth > kept) {
            ends[open[--depth]].order = ++order;
        }
        if (i == read->call_count) {
            break;
        }
        ends[i] = (struct end){
            .tick = call->is_unfinished ? end_of_stream(file, call)
                                        : call->end_tick,
            .section = call->section,
            .stream = call->stream,
            .call = i,
        };
        open[depth++] = i;
    }
    free(open);
    return ends;
}

/* Which calls are among the latest of their section. */
static bool *
find_latest(const struct trace_file *file, const struct read_back *read,
            uint64_t limit)
{
    struct end *ends = find_ends(file, read);
    bool *is_latest = calloc(read->call_count + 1, 1);
    size_t kept = 0;

    cr_assert(is_latest != NULL);
    qsort(ends, read->call_count, sizeof *ends, compare_ends);
    for (size_t i = read->call_count; i-- > 0;) {
        if (i + 1 < read->call_count
            && ends[i].section != ends[i + 1].section) {
            kept = 0;
        }
        is_latest[ends[i].call] = kept++ < limit;
    }
    free(ends);
    return is_latest;
}

static void
check_call(const struct read_call *call, const struct read_call *expected)
{
    cr_assert(eq(u32, call->section, expected->section));
    cr_assert(eq(u32, call->stream, expected->stream));
    cr_assert(eq(u32, call->function, expected->function));
    cr_assert(eq(u64, call->start_tick, expected->start_tick));
    cr_assert(eq(int, call->is_unfinished, expected->is_unfinished));
    if (!call->is_unfinished) {
        cr_assert(eq(u64, call->end_tick, expected->end_tick));
    }
}

static void
check_limit(const char *path, const struct trace_file *all,
            const struct read_back *all_calls, uint64_t limit)
{
    bool *is_latest = find_latest(all, all_calls, limit);
    struct trace_file *file;
    struct read_back latest;
    size_t next = 0;

    set_limit(path, limit);
    file = open_file(path);
    latest = read_calls(file);
    for (size_t i = 0; i < all_calls->call_count; i++) {
        if (is_latest[i]) {
            cr_assert(lt(sz, next, latest.call_count), "limit %ju",
                      (uintmax_t)limit);
            check_call(&latest.calls[next++], &all_calls->calls[i]);
        }
    }
    cr_assert(eq(sz, next, latest.call_count), "limit %ju", (uintmax_t)limit);
    if (trace_file_section_count(file) == 1) {
        cr_assert(eq(u64, trace_file_section(file, 0)->status.dropped_calls,
                     all_calls->call_count - next));
    }
    read_back_release(&latest);
    trace_file_close(file);
    free(is_latest);
}

static void
check_trace(const struct trace_random_options *options)
{
    char *folder = temporary_folder_make();
    struct trace_oracle *oracle = trace_random(folder, options);
    struct trace_file *all = open_file(oracle->path);
    struct read_back calls = read_calls(all);
    struct random random = {.state = options->seed};

    for (uint64_t limit = 1; limit < 6; limit++) {
        check_limit(oracle->path, all, &calls, limit);
    }
    for (int i = 0; i < 12; i++) {
        check_limit(oracle->path, all, &calls,
                    1 + random_below(&random, calls.call_count + 2));
    }
    check_limit(oracle->path, all, &calls, UINT64_MAX);
    read_back_release(&calls);
    trace_file_close(all);
    trace_oracle_free(oracle);
    temporary_folder_remove(folder);
}

Test(latest_calls, are_those_of_brute_force)
{
    for (uint64_t seed = 1; seed <= 12; seed++) {
        check_trace(&(struct trace_random_options){
            .seed = seed,
            .process_count = 1 + (unsigned)seed % 2,
            .thread_count = 1 + (unsigned)seed % 4,
            .calls_per_thread = 400,
            .depth_max = 3 + (unsigned)seed * 3,
            .step_ns = seed % 3 == 0 ? 2 : 1000,
            .instant_permille = 20,
            .gap_permille = seed % 2 == 0 ? 10 : 0,
            .far_permille = seed % 5 == 0 ? 5 : 0,
            .zero_permille = 100,
            .mismatch_permille = seed % 4 == 0 ? 20 : 0,
            .has_unfinished = seed % 3 != 1,
            .block_size = 128u << (seed % 4),
        });
    }
}

Test(latest_calls, of_a_deep_stack_keep_their_starts)
{
    check_trace(&(struct trace_random_options){
        .seed = 3,
        .calls_per_thread = 900,
        .depth_max = 300,
        .is_deep = true,
        .has_unfinished = true,
        .block_size = 1024,
    });
}

/* Blocks that are there say what is missing in front of them. */
Test(latest_calls, count_the_others_in_calls_before)
{
    char *folder = temporary_folder_make();
    struct trace_oracle *oracle =
        trace_random(folder, &(struct trace_random_options){
                                 .seed = 1,
                                 .calls_per_thread = 1000,
                                 .block_size = 512,
                             });
    struct trace_file *file;
    const struct trace_section *section;

    set_limit(oracle->path, 100);
    file = open_file(oracle->path);
    section = trace_file_section(file, 0);
    cr_assert(gt(sz, section->block_count, 2));
    cr_assert(zero(u64, section->blocks[0].calls_before));
    cr_assert(eq(u64, section->blocks[1].calls_before,
                 900 + section->blocks[0].word_count));
    trace_file_close(file);
    trace_oracle_free(oracle);
    temporary_folder_remove(folder);
}

/* Whatever bytes there are, opening ends and loading gives whole records. */
Test(latest_calls, of_a_spoilt_file_are_at_most_so_many)
{
    char *folder = temporary_folder_make();
    struct trace_oracle *oracle =
        trace_random(folder, &(struct trace_random_options){
                                 .seed = 7,
                                 .thread_count = 3,
                                 .calls_per_thread = 300,
                                 .gap_permille = 10,
                                 .has_unfinished = true,
                                 .block_size = 512,
                             });
    struct random random = {.state = 1};

    set_limit(oracle->path, 77);
    for (int i = 0; i < 150; i++) {
        struct image image = image_of_file(oracle->path);
        struct trace_file *file = NULL;
        struct error err = {0};

        for (uint64_t left = 1 + random_below(&random, 8); left > 0; left--) {
            size_t at = 4096 + random_below(&random, image.size - 4096);

            image.data[at] = (uint8_t)random_below(&random, 256);
        }
        if (trace_file_open(&file, image_write(&image, image.size), &err)) {
            struct read_back read = {0};

            cr_assert(read_back_file(&read, file, &err), "%s", err.message);
            cr_assert(le(sz, read.call_count, 77));
            read_back_release(&read);
        }
        trace_file_close(file);
        image_release(&image);
    }
    trace_oracle_free(oracle);
    temporary_folder_remove(folder);
}
