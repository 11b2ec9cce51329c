// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "format/event.h"
#include "support/call_walk.h"
#include "support/recording.h"
#include "support/temporary_folder.h"
#include "tracer/record/recorder.h"
#include "tracer/record/thread_log.h"

enum { FUNCTIONS = 50, THREADS_MAX = 8 };

struct job {
    struct recorder *recorder;
    size_t event_count;
    uint64_t seed;
    size_t depth_max;
    pthread_barrier_t *all_are_there;
};

static void *
work(void *argument)
{
    const struct job *job = argument;
    struct call_walk walk;
    char name[32];

    (void)snprintf(name, sizeof name, "worker %ju", (uintmax_t)job->seed);
    call_walk_init(&walk, job->seed, job->depth_max, FUNCTIONS);
    pthread_barrier_wait(job->all_are_there);
    recording_walk(recorder_thread(job->recorder, span(name)), &walk,
                   job->event_count);
    call_walk_release(&walk);
    return NULL;
}

static void
record_threads(struct recorder *recorder, size_t thread_count,
               size_t event_count, size_t depth_max)
{
    pthread_t threads[THREADS_MAX];
    struct job jobs[THREADS_MAX];
    pthread_barrier_t barrier;

    pthread_barrier_init(&barrier, NULL, (unsigned)thread_count);
    for (size_t i = 0; i < thread_count; i++) {
        jobs[i] = (struct job){
            .recorder = recorder,
            .event_count = event_count,
            .seed = i,
            .depth_max = depth_max,
            .all_are_there = &barrier,
        };
        cr_assert(zero(int, pthread_create(&threads[i], NULL, work, &jobs[i])));
    }
    for (size_t i = 0; i < thread_count; i++) {
        pthread_join(threads[i], NULL);
    }
    pthread_barrier_destroy(&barrier);
}

/* Each stream is named after the seed of its walk. */
static void
check_threads(const struct trace_file *file, size_t thread_count,
              size_t event_count, size_t depth_max)
{
    const struct trace_section *section = trace_file_section(file, 0);

    cr_assert(eq(sz, section->stream_count, thread_count));
    for (size_t i = 0; i < thread_count; i++) {
        const struct trace_stream *stream = &section->streams[i];
        struct call_walk walk;

        cr_assert(eq(int, strncmp(stream->name, "worker ", 7), 0));
        cr_assert(ne(u64, stream->end_tick, 0));
        call_walk_init(&walk, strtoull(stream->name + 7, NULL, 10), depth_max,
                       FUNCTIONS);
        cr_assert(eq(u64, recording_follow(file, section, stream, &walk),
                     event_count));
        call_walk_release(&walk);
    }
}

Test(recorder, gives_back_what_threads_recorded)
{
    static const size_t event_counts[] = {1, 499, 500, 501, 3000, 100000};

    for (size_t i = 0; i < sizeof event_counts / sizeof *event_counts; i++) {
        for (size_t threads = 1; threads <= THREADS_MAX; threads *= 2) {
            char *folder = temporary_folder_make();
            struct recorder *recorder = recording_start(folder, 0);
            struct trace_file *file;

            recording_define(recorder, FUNCTIONS);
            record_threads(recorder, threads, event_counts[i], 200);
            recorder_finish(recorder);
            file = recording_read_only_file(folder);
            check_threads(file, threads, event_counts[i], 200);
            cr_assert(eq(u32, trace_file_section(file, 0)->status.state,
                         VZT_STATE_ENDED));
            trace_file_close(file);
            temporary_folder_remove(folder);
        }
    }
}

/* The status, as a reader of the live file sees it. */
static struct vzt_status
status_now(const char *folder)
{
    struct trace_file *file = recording_read_only_file(folder);
    struct vzt_status status = trace_file_section(file, 0)->status;

    trace_file_close(file);
    return status;
}

Test(recorder, says_that_the_process_leaves_until_it_does_not)
{
    char *folder = temporary_folder_make();
    struct recorder *recorder = recording_start(folder, 0);
    struct vzt_status status;

    /* There is no file, and nothing to say. */
    recorder_leaving(recorder, VZT_STOP_EXIT_CALL);
    cr_assert(zero(sz, recording_file_count(folder)));
    (void)recording_thread(recorder);
    recorder_leaving(recorder, VZT_STOP_EXIT_CALL);
    status = status_now(folder);
    cr_assert(eq(u32, status.state, VZT_STATE_ENDED));
    cr_assert(eq(u32, status.stop_reason, VZT_STOP_EXIT_CALL));
    cr_assert(ne(u64, status.stop_tick, 0));
    recorder_leaving(recorder, VZT_STOP_NONE);
    status = status_now(folder);
    cr_assert(eq(u32, status.state, VZT_STATE_RECORDING));
    cr_assert(eq(u32, status.stop_reason, VZT_STOP_NONE));
    recorder_leaving(recorder, VZT_STOP_EXIT_CALL);
    recorder_finish(recorder);
    status = status_now(folder);
    cr_assert(eq(u32, status.state, VZT_STATE_ENDED));
    cr_assert(eq(u32, status.stop_reason, VZT_STOP_NONE));
    temporary_folder_remove(folder);
}

Test(recorder, says_that_the_process_became_another_program)
{
    char *folder = temporary_folder_make();
    struct recorder *recorder = recording_start(folder, 0);
    struct vzt_status status;

    (void)recording_thread(recorder);
    recorder_leaving(recorder, VZT_STOP_EXEC);
    status = status_now(folder);
    cr_assert(eq(u32, status.state, VZT_STATE_STOPPED));
    cr_assert(eq(u32, status.stop_reason, VZT_STOP_EXEC));
    recorder_leaving(recorder, VZT_STOP_NONE); /* it could not */
    status = status_now(folder);
    cr_assert(eq(u32, status.state, VZT_STATE_RECORDING));
    cr_assert(eq(u32, status.stop_reason, VZT_STOP_NONE));
    recorder_finish(recorder);
    temporary_folder_remove(folder);
}

Test(recorder, counts_children_that_nobody_records)
{
    char *folder = temporary_folder_make();
    struct recorder *recorder = recording_start(folder, 0);

    recorder_count_unfollowed(recorder, 1);
    recorder_count_unfollowed(recorder, 1);
    recorder_count_unfollowed(recorder, -1);
    cr_assert(eq(u64, status_now(folder).unfollowed_children, 1));
    recorder_finish(recorder);
    cr_assert(eq(u64, status_now(folder).unfollowed_children, 1));
    temporary_folder_remove(folder);
}

Test(recorder, makes_no_file_before_the_first_event)
{
    char *folder = temporary_folder_make();
    struct recorder *recorder = recording_start(folder, 0);

    cr_assert(eq(str, (char *)recorder_path(recorder), ""));
    recorder_finish(recorder);
    cr_assert(zero(sz, recording_file_count(folder)));
    temporary_folder_remove(folder);
}

Test(recorder, needs_little_disk_for_a_process_that_does_little)
{
    char *folder = temporary_folder_make();
    struct recorder *recorder = recording_start(folder, 0);
    struct thread_log *log = recording_thread(recorder);
    struct stat status;
    char *path;

    recording_define(recorder, 20);
    for (uint32_t i = 1; i <= 20; i++) {
        thread_log_put(log, event_tag(EVENT_CALL, i));
        thread_log_put(log, event_tag(EVENT_RETURN, i));
    }
    path = recording_file(folder, 0);
    cr_assert(zero(int, stat(path, &status)));
    cr_assert(le(i64, status.st_size, 16384));
    cr_assert(eq(u32, status.st_mode & 0777, 0600));
    recorder_finish(recorder);
    cr_assert(zero(int, stat(path, &status)));
    cr_assert(le(i64, status.st_size, 12288));
    free(path);
    temporary_folder_remove(folder);
}

Test(recorder, can_follow_one_that_has_finished)
{
    struct rlimit limit = {.rlim_cur = 1024, .rlim_max = RLIM_INFINITY};
    char *folder = temporary_folder_make();

    (void)setrlimit(RLIMIT_NOFILE, &limit);
    for (int i = 0; i < 2000; i++) { /* more than there are descriptors */
        struct recorder *recorder = recording_start(folder, 0);

        thread_log_put(recording_thread(recorder), event_tag(EVENT_CALL, 1));
        recorder_finish(recorder);
        cr_assert(not(recorder_is_recording(recorder)));
    }
    cr_assert(eq(sz, recording_file_count(folder), 2000));
    temporary_folder_remove(folder);
}
