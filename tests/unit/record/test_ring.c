// SPDX-License-Identifier: Apache-2.0
/* At its limit a recording keeps the latest; at the system's, it stops. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "format/event.h"
#include "support/call_walk.h"
#include "support/recording.h"
#include "support/temporary_folder.h"
#include "tracer/record/recorder.h"
#include "tracer/record/thread_log.h"

enum { LIMIT = 2 << 20, FUNCTIONS = 40, DEPTH_MAX = 150 };

/* What a walk was when a block began. */
static void
skip_to_block(struct call_walk *walk, const struct trace_block *row,
              uint64_t *position, const uint64_t *block_starts)
{
    while (*position < block_starts[row->number]) {
        (void)call_walk_next(walk);
        ++*position;
    }
}

/* Put events and note the position at which each block begins: where a put
 * moves the cursor to another staging or back. */
static uint64_t *
walk_and_note(struct thread_log *log, struct call_walk *walk, size_t count)
{
    uint64_t *starts = calloc(count, sizeof *starts);
    size_t blocks = 1;

    cr_assert(starts != NULL);
    for (size_t i = 0; i < count; i++) {
        const uint64_t *expected = log->cursor + 1;

        thread_log_put(log, call_walk_next(walk));
        if (log->cursor != expected) {
            starts[blocks++] = i;
        }
    }
    return starts;
}

static uint64_t
check_kept_blocks(const struct trace_file *file,
                  const struct trace_stream *stream, uint64_t seed,
                  const uint64_t *block_starts, uint64_t *last_number)
{
    const struct trace_section *section = trace_file_section(file, 0);
    struct call_walk walk;
    struct block block = {0};
    struct error err = {0};
    uint64_t position = 0;
    uint64_t kept_calls = 0;

    call_walk_init(&walk, seed, DEPTH_MAX, FUNCTIONS);
    for (size_t i = 0; i < stream->block_count; i++) {
        const struct trace_block *row =
            &section->blocks[stream->first_block + i];

        skip_to_block(&walk, row, &position, block_starts);
        cr_assert(eq(u64, row->calls_before, walk.entries));
        cr_assert(block_load(&block, file, row, &err), "%s", err.message);
        cr_assert(eq(sz, block.open_count, walk.depth));
        for (size_t j = 0; j < block.open_count; j++) {
            cr_assert(eq(u32, block.open_calls[j].function, walk.functions[j]));
        }
        for (size_t j = 0; j < block.word_count; j++, position++) {
            uint64_t tag = call_walk_next(&walk);

            cr_assert(eq(u64, block.words[j] >> 32, tag >> 32));
        }
        kept_calls += walk.entries - row->calls_before;
        *last_number = row->number;
    }
    block_release(&block);
    call_walk_release(&walk);
    return kept_calls;
}

Test(ring, keeps_the_latest_blocks_whole_and_counts_the_others)
{
    enum { EVENTS = 1500000 };
    char *folder = temporary_folder_make();
    struct recorder *recorder = recording_start(folder, LIMIT);
    struct thread_log *log = recording_thread(recorder);
    struct call_walk walk;
    struct trace_file *file;
    const struct trace_section *section;
    uint64_t *starts;
    uint64_t kept;
    uint64_t last_number = 0;
    struct stat status;

    recording_define(recorder, FUNCTIONS);
    call_walk_init(&walk, 5, DEPTH_MAX, FUNCTIONS);
    starts = walk_and_note(log, &walk, EVENTS);
    recorder_finish(recorder);
    cr_assert(zero(int, stat(recorder_path(recorder), &status)));
    cr_assert(le(i64, status.st_size, LIMIT));
    file = recording_read_only_file(folder);
    section = trace_file_section(file, 0);
    cr_assert(eq(sz, section->stream_count, 1));
    kept =
        check_kept_blocks(file, &section->streams[0], 5, starts, &last_number);
    cr_assert(eq(u64, kept + section->status.dropped_calls, walk.entries));
    cr_assert(ne(u32, section->status.flags & VZT_STATUS_RING, 0));
    /* Two thirds at least are used, and the newest block is there. */
    cr_assert(ge(u64, kept * 16, LIMIT * 2 / 3));
    cr_assert(starts[last_number] > 0 && starts[last_number + 1] == 0);
    for (size_t i = 1; i < section->block_count; i++) {
        cr_assert(eq(u64, section->blocks[i].number,
                     section->blocks[i - 1].number + 1));
    }
    free(starts);
    call_walk_release(&walk);
    trace_file_close(file);
    temporary_folder_remove(folder);
}

enum { RING_THREADS = 6, RING_EVENTS = 300000 };

struct ring_job {
    struct recorder *recorder;
    uint64_t seed;
    uint64_t *starts;
    uint64_t entries;
};

static void *
run_ring_job(void *argument)
{
    struct ring_job *job = argument;
    struct call_walk walk;
    char name[8];

    (void)snprintf(name, sizeof name, "%ju", (uintmax_t)job->seed);
    call_walk_init(&walk, job->seed, DEPTH_MAX, FUNCTIONS);
    job->starts = walk_and_note(recorder_thread(job->recorder, span(name)),
                                &walk, RING_EVENTS);
    job->entries = walk.entries;
    call_walk_release(&walk);
    return NULL;
}

Test(ring, of_several_threads_and_growing_definitions_stays_readable)
{
    char *folder = temporary_folder_make();
    struct recorder *recorder = recording_start(folder, LIMIT);
    struct ring_job jobs[RING_THREADS];
    pthread_t threads[RING_THREADS];
    const struct trace_section *section;
    struct trace_file *file;
    uint64_t kept = 0;
    uint64_t made = 0;

    for (size_t i = 0; i < RING_THREADS; i++) {
        jobs[i] = (struct ring_job){.recorder = recorder, .seed = i};
        cr_assert(zero(
            int, pthread_create(&threads[i], NULL, run_ring_job, &jobs[i])));
    }
    recording_define(recorder, 20000);
    for (size_t i = 0; i < RING_THREADS; i++) {
        pthread_join(threads[i], NULL);
        made += jobs[i].entries;
    }
    recorder_finish(recorder);
    file = recording_read_only_file(folder);
    section = trace_file_section(file, 0);
    for (size_t i = 0; i < section->stream_count; i++) {
        const struct trace_stream *stream = &section->streams[i];
        uint64_t seed = strtoull(stream->name, NULL, 10);
        uint64_t last_number;

        kept += check_kept_blocks(file, stream, seed, jobs[seed].starts,
                                  &last_number);
        free(jobs[seed].starts);
    }
    cr_assert(eq(u64, kept + section->status.dropped_calls, made));
    cr_assert(gt(u64, kept, 0));
    for (uint32_t i = 1; i <= 20000; i++) {
        cr_assert(trace_section_function(section, i) != NULL);
    }
    trace_file_close(file);
    temporary_folder_remove(folder);
}

/* In a child: a limit of the system's that would send a signal. */
static void
record_beyond_the_size_limit(struct recorder *recorder)
{
    struct rlimit limit = {.rlim_cur = 300000, .rlim_max = RLIM_INFINITY};
    struct thread_log *log = recording_thread(recorder);
    struct call_walk walk;

    cr_assert(zero(int, setrlimit(RLIMIT_FSIZE, &limit)));
    call_walk_init(&walk, 9, DEPTH_MAX, FUNCTIONS);
    recording_walk(log, &walk, 200000);
    call_walk_release(&walk);
    cr_assert(not(recorder_is_recording(recorder)));
    cr_assert(recorder_thread(recorder, span("")) == NULL);
    cr_assert(zero(
        u32, recorder_function(recorder, &(struct function_definition){0})));
}

Test(limit, of_the_file_size_stops_recording_and_not_the_program)
{
    char *folder = temporary_folder_make();
    struct recorder *recorder = recording_start(folder, 0);
    const struct trace_section *section;
    struct trace_file *file;
    struct call_walk walk;
    uint64_t count;

    record_beyond_the_size_limit(recorder);
    recorder_finish(recorder);
    file = recording_read_only_file(folder);
    section = trace_file_section(file, 0);
    cr_assert(eq(u32, section->status.state, VZT_STATE_STOPPED));
    cr_assert(eq(u32, section->status.stop_reason, VZT_STOP_DISK_FULL));
    cr_assert(eq(u32, section->status.stop_errno, EFBIG));
    call_walk_init(&walk, 9, DEPTH_MAX, FUNCTIONS);
    count = recording_follow(file, section, &section->streams[0], &walk);
    call_walk_release(&walk);
    cr_assert(gt(u64, count * 8, 50000));
    cr_assert(ge(u64, count + section->status.lost_events, 200000 - 64));
    cr_assert(le(u64, count + section->status.lost_events, 200000));
    trace_file_close(file);
    temporary_folder_remove(folder);
}
