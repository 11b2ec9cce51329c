// SPDX-License-Identifier: Apache-2.0
/* Eight writers, forks, a reader that follows, and an end while they run. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "support/call_walk.h"
#include "support/recording.h"
#include "support/temporary_folder.h"
#include "tracer/record/recorder.h"
#include "tracer/record/thread_log.h"

enum {
    WRITERS = 8,
    DEPTH_MAX = 100,
    FUNCTIONS = 20,
    LOOKS = 10,
    ROUND_EVENTS = 20000
};

struct writer {
    struct recorder *recorder;
    uint64_t seed;
    bool is_over;   /* set by the test */
    uint64_t quota; /* set by the test: put so many events, then wait */
    uint64_t count; /* of events that were put */
    pthread_t thread;
};

static void *
write_on(void *argument)
{
    struct writer *writer = argument;
    struct call_walk walk;
    char name[8];
    struct thread_log *log;

    (void)snprintf(name, sizeof name, "%ju", (uintmax_t)writer->seed);
    log = recorder_thread(writer->recorder, span(name));
    call_walk_init(&walk, writer->seed, DEPTH_MAX, FUNCTIONS);
    while (!__atomic_load_n(&writer->is_over, __ATOMIC_RELAXED)) {
        if (writer->count
            == __atomic_load_n(&writer->quota, __ATOMIC_RELAXED)) {
            (void)sched_yield();
            continue;
        }
        thread_log_put(log, call_walk_next(&walk));
        __atomic_store_n(&writer->count, writer->count + 1, __ATOMIC_RELEASE);
    }
    call_walk_release(&walk);
    return NULL;
}

static void
start_writers(struct writer *writers, struct recorder *recorder, uint64_t quota)
{
    for (uint64_t i = 0; i < WRITERS; i++) {
        writers[i] = (struct writer){
            .recorder = recorder,
            .seed = i,
            .quota = quota,
        };
        cr_assert(zero(int, pthread_create(&writers[i].thread, NULL, write_on,
                                           &writers[i])));
    }
    for (uint64_t i = 0; i < WRITERS; i++) {
        while (__atomic_load_n(&writers[i].count, __ATOMIC_ACQUIRE) == 0) {
            (void)sched_yield();
        }
    }
}

static void
stop_writers(struct writer *writers)
{
    for (uint64_t i = 0; i < WRITERS; i++) {
        __atomic_store_n(&writers[i].is_over, true, __ATOMIC_RELAXED);
    }
    for (uint64_t i = 0; i < WRITERS; i++) {
        pthread_join(writers[i].thread, NULL);
    }
}

/* What is read follows the walk, and all that was put before is there. */
static void
look(const char *path, const uint64_t *counts_before)
{
    struct trace_file *file = NULL;
    struct error err = {0};
    const struct trace_section *section;

    cr_assert(trace_file_open(&file, path, &err), "%s", err.message);
    section = trace_file_section(file, 0);
    cr_assert(eq(sz, section->stream_count, WRITERS));
    for (size_t i = 0; i < WRITERS; i++) {
        const struct trace_stream *stream = &section->streams[i];
        uint64_t seed = strtoull(stream->name, NULL, 10);
        struct call_walk walk;

        call_walk_init(&walk, seed, DEPTH_MAX, FUNCTIONS);
        cr_assert(ge(u64, recording_follow(file, section, stream, &walk),
                     counts_before[seed]));
        call_walk_release(&walk);
    }
    trace_file_close(file);
}

static void
note_counts(struct writer *writers, uint64_t *counts)
{
    for (size_t i = 0; i < WRITERS; i++) {
        counts[i] = __atomic_load_n(&writers[i].count, __ATOMIC_ACQUIRE);
    }
}

static void
fork_once(struct recorder *recorder)
{
    pid_t child = fork();
    int status = -1;

    if (child == 0) {
        struct thread_log *log = recorder_thread(recorder, span("child"));
        struct call_walk walk;

        call_walk_init(&walk, 77, DEPTH_MAX, FUNCTIONS);
        recording_walk(log, &walk, 3000);
        _exit(0);
    }
    cr_assert(eq(int, waitpid(child, &status, 0), child));
    cr_assert(zero(int, status));
}

static void
raise_quotas(struct writer *writers, uint64_t quota)
{
    for (size_t i = 0; i < WRITERS; i++) {
        __atomic_store_n(&writers[i].quota, quota, __ATOMIC_RELAXED);
    }
}

static void
wait_for_quotas(struct writer *writers, uint64_t quota)
{
    for (size_t i = 0; i < WRITERS; i++) {
        while (__atomic_load_n(&writers[i].count, __ATOMIC_ACQUIRE) < quota) {
            (void)sched_yield();
        }
    }
}

/* While words are written: all blocks load, whatever they hold by now. */
static void
look_meanwhile(const char *path)
{
    struct trace_file *file = NULL;
    struct block block = {0};
    struct error err = {0};
    const struct trace_section *section;

    cr_assert(trace_file_open(&file, path, &err), "%s", err.message);
    section = trace_file_section(file, 0);
    for (size_t i = 0; i < section->block_count; i++) {
        cr_assert(block_load(&block, file, &section->blocks[i], &err), "%s",
                  err.message);
    }
    block_release(&block);
    trace_file_close(file);
}

Test(live, recording_is_read_while_it_grows, .timeout = 300)
{
    char *folder = temporary_folder_make();
    struct recorder *recorder = recording_start(folder, 0);
    struct writer writers[WRITERS];
    uint64_t counts[WRITERS];
    char *path;

    start_writers(writers, recorder, 1);
    path = strdup(recorder_path(recorder));
    for (uint64_t i = 1; i <= LOOKS; i++) {
        raise_quotas(writers, i * ROUND_EVENTS);
        fork_once(recorder);
        look_meanwhile(path);
        recorder_flush(recorder);
        wait_for_quotas(writers, i * ROUND_EVENTS);
        note_counts(writers, counts);
        look(path, counts);
    }
    stop_writers(writers);
    recorder_finish(recorder);
    look(path, counts);
    cr_assert(eq(sz, recording_file_count(folder), LOOKS + 1));
    free(path);
    temporary_folder_remove(folder);
}

Test(live, threads_go_on_when_recording_ends, .timeout = 300)
{
    char *folder = temporary_folder_make();
    struct recorder *recorder = recording_start(folder, 0);
    struct writer writers[WRITERS];
    uint64_t counts[WRITERS];
    uint64_t counts_at_end[WRITERS];
    struct trace_file *file;

    start_writers(writers, recorder, UINT64_MAX);
    note_counts(writers, counts);
    recorder_finish(recorder);
    note_counts(writers, counts_at_end);
    for (size_t i = 0; i < WRITERS; i++) { /* they write into nothing now */
        while (__atomic_load_n(&writers[i].count, __ATOMIC_ACQUIRE)
               < counts_at_end[i] + 20000) {
            (void)sched_yield();
        }
    }
    look(recorder_path(recorder), counts);
    stop_writers(writers);
    look(recorder_path(recorder), counts);
    file = recording_read_only_file(folder);
    cr_assert(
        eq(u32, trace_file_section(file, 0)->status.state, VZT_STATE_ENDED));
    trace_file_close(file);
    temporary_folder_remove(folder);
}
