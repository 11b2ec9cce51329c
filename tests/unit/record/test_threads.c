// SPDX-License-Identifier: Apache-2.0
/* What recording costs: deep stacks, threads that come and go, memory. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <inttypes.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "format/event.h"
#include "support/call_walk.h"
#include "support/recording.h"
#include "support/temporary_folder.h"
#include "tracer/record/recorder.h"
#include "tracer/record/thread_log.h"

static uint64_t
file_size(const struct recorder *recorder)
{
    struct stat status;

    cr_assert(zero(int, stat(recorder_path(recorder), &status)));
    return (uint64_t)status.st_size;
}

Test(deep_stack, takes_no_more_than_its_share_of_the_file)
{
    enum { DEPTH = 100000, CALLS = 3000000 };
    char *folder = temporary_folder_make();
    struct recorder *recorder = recording_start(folder, 0);
    struct thread_log *log = recording_thread(recorder);
    struct trace_file *file;
    const struct trace_section *section;
    struct block block = {0};
    struct error err = {0};
    uint64_t bytes = 0;
    uint64_t depth_seen = 0;

    for (uint32_t i = 0; i < DEPTH; i++) {
        thread_log_put(log, event_tag(EVENT_CALL, 1 + i % 1000));
    }
    for (uint32_t i = 0; i < CALLS - DEPTH; i++) {
        thread_log_put(log, event_tag(EVENT_C_CALL, 2000));
        thread_log_put(log, event_tag(EVENT_C_RETURN, 2000));
    }
    for (uint32_t i = DEPTH; i-- > 0;) {
        thread_log_put(log, event_tag(EVENT_RETURN, 1 + i % 1000));
    }
    recorder_finish(recorder);
    file = recording_read_only_file(folder);
    section = trace_file_section(file, 0);
    for (size_t i = 0; i < section->block_count; i++) {
        cr_assert(block_load(&block, file, &section->blocks[i], &err));
        bytes += sizeof(struct vzt_chunk_header) + 16 * block.open_count
                 + 8 * block.word_count;
        if (block.open_count > depth_seen) {
            depth_seen = block.open_count;
        }
    }
    cr_assert(gt(u64, depth_seen, DEPTH - 10));
    cr_assert(le(dbl, (double)bytes / CALLS, 18.3));
    cr_assert(zero(u64, section->status.mismatched_returns));
    block_release(&block);
    trace_file_close(file);
    temporary_folder_remove(folder);
}

Test(deep_stack, is_found_again_after_returns_that_do_not_match)
{
    char *folder = temporary_folder_make();
    struct recorder *recorder = recording_start(folder, 0);
    struct thread_log *log = recording_thread(recorder);
    struct trace_file *file;
    const struct trace_section *section;
    struct block block = {0};
    struct error err = {0};

    thread_log_put(log, event_tag(EVENT_RETURN, 9)); /* from before */
    for (uint32_t i = 1; i <= 5; i++) {
        thread_log_put(log, event_tag(EVENT_CALL, i));
    }
    thread_log_put(log, event_tag(EVENT_RETURN, 77)); /* of nothing open */
    thread_log_put(log, event_tag(EVENT_RETURN, 3));  /* of 3, 4 and 5 */
    for (int i = 0; i < 1000; i++) {
        thread_log_put(log, event_tag(EVENT_CALL, 6));
        thread_log_put(log, event_tag(EVENT_RETURN, 6));
    }
    recorder_finish(recorder);
    file = recording_read_only_file(folder);
    section = trace_file_section(file, 0);
    cr_assert(ge(sz, section->block_count, 2));
    cr_assert(block_load(&block, file, &section->blocks[1], &err));
    cr_assert(ge(sz, block.open_count, 2));
    cr_assert(eq(u32, block.open_calls[0].function, 1));
    cr_assert(eq(u32, block.open_calls[1].function, 2));
    cr_assert(eq(u64, section->status.mismatched_returns, 2));
    block_release(&block);
    trace_file_close(file);
    temporary_folder_remove(folder);
}

Test(mismatched_returns, are_counted_in_the_last_block_too)
{
    char *folder = temporary_folder_make();
    struct recorder *recorder = recording_start(folder, 0);
    struct thread_log *log = recording_thread(recorder);
    struct trace_file *file;

    for (uint32_t i = 1; i <= 5; i++) {
        thread_log_put(log, event_tag(EVENT_CALL, i));
    }
    thread_log_put(log, event_tag(EVENT_RETURN, 3)); /* of 3, 4 and 5 */
    recorder_flush(recorder);
    thread_log_put(log, event_tag(EVENT_RETURN, 77)); /* of nothing open */
    recorder_finish(recorder);
    file = recording_read_only_file(folder);
    cr_assert(eq(sz, trace_file_section(file, 0)->block_count, 1));
    cr_assert(
        eq(u64, trace_file_section(file, 0)->status.mismatched_returns, 2));
    trace_file_close(file);
    temporary_folder_remove(folder);
}

static void *
live_shortly(void *argument)
{
    struct thread_log *log = recording_thread(argument);

    thread_log_put(log, event_tag(EVENT_CALL, 1));
    thread_log_put(log, event_tag(EVENT_RETURN, 1));
    return NULL;
}

Test(threads, that_live_shortly_leave_little, .timeout = 120)
{
    enum { THREADS = 10000 };
    char *folder = temporary_folder_make();
    struct recorder *recorder = recording_start(folder, 0);
    struct trace_file *file;
    uint64_t memory = 0;

    recording_define(recorder, 1);
    for (int i = 0; i < THREADS; i++) {
        pthread_t thread;

        cr_assert(
            zero(int, pthread_create(&thread, NULL, live_shortly, recorder)));
        pthread_join(thread, NULL);
        if (i == 100) {
            memory = recorder_memory(recorder);
        }
    }
    cr_assert(le(u64, recorder_memory(recorder), memory + 300000));
    recorder_finish(recorder);
    cr_assert(le(u64, file_size(recorder), THREADS * 320));
    file = recording_read_only_file(folder);
    cr_assert(eq(sz, trace_file_section(file, 0)->stream_count, THREADS));
    cr_assert(eq(sz, trace_file_section(file, 0)->block_count, THREADS));
    trace_file_close(file);
    temporary_folder_remove(folder);
}

static void *
live_a_while(void *argument)
{
    struct call_walk walk;

    call_walk_init(&walk, 1, 100, 10);
    recording_walk(recording_thread(argument), &walk, 5000);
    call_walk_release(&walk);
    return NULL;
}

/* The first begins small and writes a block for each size; the others begin
 * with what that one took, in the room that it left. */
Test(threads, that_live_as_long_as_others_did_write_one_block)
{
    enum { THREADS = 5 };
    char *folder = temporary_folder_make();
    struct recorder *recorder = recording_start(folder, 0);
    const struct trace_section *section;
    struct trace_file *file;
    uint64_t memory = 0;

    recording_define(recorder, 100);
    for (int i = 0; i < THREADS; i++) {
        pthread_t thread;

        cr_assert(
            zero(int, pthread_create(&thread, NULL, live_a_while, recorder)));
        pthread_join(thread, NULL);
        if (i == 1) {
            memory = recorder_memory(recorder);
        }
    }
    cr_assert(eq(u64, recorder_memory(recorder), memory));
    recorder_finish(recorder);
    file = recording_read_only_file(folder);
    section = trace_file_section(file, 0);
    for (uint32_t i = 1; i <= THREADS; i++) {
        const struct trace_stream *stream = recording_stream(section, i);
        struct call_walk walk;

        call_walk_init(&walk, 1, 100, 10);
        cr_assert(
            eq(u64, recording_follow(file, section, stream, &walk), 5000));
        call_walk_release(&walk);
    }
    cr_assert(ge(sz, section->block_count, 4 + THREADS - 1));
    cr_assert(le(sz, section->block_count, 4 + THREADS));
    trace_file_close(file);
    temporary_folder_remove(folder);
}

enum { LIVE_THREADS = 64 };

struct live_job {
    struct recorder *recorder;
    pthread_barrier_t *have_recorded;
    pthread_barrier_t *may_end;
};

static void *
live_on(void *argument)
{
    const struct live_job *job = argument;
    struct call_walk walk;

    call_walk_init(&walk, 1, 100, 10);
    recording_walk(recording_thread(job->recorder), &walk, 30000);
    call_walk_release(&walk);
    pthread_barrier_wait(job->have_recorded);
    pthread_barrier_wait(job->may_end);
    return NULL;
}

/* The sum of the mappings of a file, in bytes, as the kernel has them. */
static uint64_t
mapped_bytes(const char *path)
{
    FILE *maps = fopen("/proc/self/maps", "r");
    char line[PATH_MAX + 200];
    uint64_t sum = 0;

    cr_assert(maps != NULL);
    while (fgets(line, sizeof line, maps) != NULL) {
        uint64_t begin;
        uint64_t end;

        if (strstr(line, path) != NULL
            && sscanf(line, "%" SCNx64 "-%" SCNx64, &begin, &end) == 2) {
            sum += end - begin;
        }
    }
    (void)fclose(maps);
    return sum;
}

Test(threads, take_the_memory_that_the_recorder_says)
{
    char *folder = temporary_folder_make();
    struct recorder *recorder = recording_start(folder, 0);
    pthread_barrier_t have_recorded;
    pthread_barrier_t may_end;
    struct live_job job = {recorder, &have_recorded, &may_end};
    pthread_t threads[LIVE_THREADS];
    struct trace_file *file;
    uint64_t mapped;
    uint64_t memory;

    pthread_barrier_init(&have_recorded, NULL, LIVE_THREADS + 1);
    pthread_barrier_init(&may_end, NULL, LIVE_THREADS + 1);
    for (int i = 0; i < LIVE_THREADS; i++) {
        cr_assert(zero(int, pthread_create(&threads[i], NULL, live_on, &job)));
    }
    pthread_barrier_wait(&have_recorded);
    mapped = mapped_bytes(recorder_path(recorder));
    memory = recorder_memory(recorder);
    cr_assert(ge(u64, memory, mapped));
    cr_assert(le(u64, memory, mapped + 600000));
    cr_assert(le(u64, memory, (1u << 20) + LIVE_THREADS * 65536u));
    file = recording_read_only_file(folder);
    cr_assert(
        eq(u64, trace_file_section(file, 0)->status.memory_bytes, memory));
    trace_file_close(file);
    pthread_barrier_wait(&may_end);
    for (int i = 0; i < LIVE_THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    recorder_finish(recorder);
    temporary_folder_remove(folder);
}
