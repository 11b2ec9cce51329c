// SPDX-License-Identifier: Apache-2.0
/* Several stacks of calls that take turns in one thread. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <pthread.h>
#include <stdio.h>

#include "format/event.h"
#include "support/call_walk.h"
#include "support/random.h"
#include "support/recording.h"
#include "support/temporary_folder.h"
#include "tracer/record/recorder.h"
#include "tracer/record/thread_log.h"

enum { BRANCHES = 300, FUNCTIONS = 50, DEPTH = 40 };

/* What runs in a thread: its own stack and those of its branches. */
struct turns {
    struct recorder *recorder;
    uint64_t seed;
    size_t branch_count;
    size_t turn_count;
    struct thread_log *logs[BRANCHES + 1]; /* the first is the thread's own */
    uint32_t numbers[BRANCHES + 1];
    struct call_walk walks[BRANCHES + 1];
};

static void
take_turns(struct turns *turns)
{
    struct random random = {.state = turns->seed};
    size_t at = 0;

    turns->logs[0] = recording_thread(turns->recorder);
    for (size_t i = 0; i <= turns->branch_count; i++) {
        if (i > 0) {
            turns->logs[i] = recorder_branch(turns->recorder, span("branch"));
        }
        turns->numbers[i] = recorder_log_number(turns->logs[i]);
        call_walk_init(&turns->walks[i], turns->seed + i, DEPTH, FUNCTIONS);
    }
    for (size_t i = 0; i < turns->turn_count; i++) {
        recording_walk(turns->logs[at], &turns->walks[at],
                       random_below(&random, 200));
        at = random_below(&random, (uint32_t)turns->branch_count + 1);
        recorder_switch(turns->recorder, turns->logs[at]);
        cr_assert(eq(ptr, thread_log_current, turns->logs[at]));
    }
}

/* Walk along what was written. */
static void
check_turns(struct turns *turns, const struct trace_file *file)
{
    const struct trace_section *section = trace_file_section(file, 0);

    cr_assert(zero(u64, section->status.mismatched_returns));
    for (size_t i = 0; i <= turns->branch_count; i++) {
        const struct trace_stream *stream =
            recording_stream(section, turns->numbers[i]);
        uint64_t entries = turns->walks[i].entries;
        struct call_walk walk;

        cr_assert(eq(int, stream->kind,
                     i == 0 ? VZT_STREAM_THREAD : VZT_STREAM_GREENLET));
        cr_assert(eq(u32, stream->parent, i == 0 ? 0 : turns->numbers[0]));
        call_walk_init(&walk, turns->seed + i, DEPTH, FUNCTIONS);
        (void)recording_follow(file, section, stream, &walk);
        cr_assert(eq(u64, walk.entries, entries), "stream %zu", i);
        call_walk_release(&walk);
        call_walk_release(&turns->walks[i]);
    }
}

static void
check(size_t branch_count, size_t turn_count)
{
    char *folder = temporary_folder_make();
    struct turns turns = {.recorder = recording_start(folder, 0),
                          .seed = branch_count,
                          .branch_count = branch_count,
                          .turn_count = turn_count};
    struct trace_file *file;

    recording_define(turns.recorder, FUNCTIONS);
    take_turns(&turns);
    recorder_finish(turns.recorder);
    file = recording_read_only_file(folder);
    check_turns(&turns, file);
    trace_file_close(file);
    temporary_folder_remove(folder);
}

Test(branches, each_has_a_stream_of_its_own)
{
    check(5, 2000);
}

Test(branches, many_are_parked)
{
    check(BRANCHES, 5000);
}

static void *
run_thread(void *argument)
{
    take_turns(argument);
    return NULL;
}

Test(branches, end_with_their_thread)
{
    static struct turns turns[3];
    char *folder = temporary_folder_make();
    struct recorder *recorder = recording_start(folder, 0);
    pthread_t thread;
    struct trace_file *file;

    recording_define(recorder, FUNCTIONS);
    for (size_t i = 0; i < 3; i++) {
        turns[i] = (struct turns){.recorder = recorder,
                                  .seed = 1000 * (i + 1),
                                  .branch_count = i == 1 ? BRANCHES : 4,
                                  .turn_count = 1000};
        cr_assert(
            zero(int, pthread_create(&thread, NULL, run_thread, &turns[i])));
        cr_assert(zero(int, pthread_join(thread, NULL)));
    }
    recorder_finish(recorder);
    file = recording_read_only_file(folder);
    for (size_t i = 0; i < 3; i++) {
        check_turns(&turns[i], file);
    }
    trace_file_close(file);
    temporary_folder_remove(folder);
}

Test(branches, one_that_ended_is_no_longer_there)
{
    enum { TIMES = 2000 };
    char *folder = temporary_folder_make();
    struct recorder *recorder = recording_start(folder, 0);
    struct thread_log *home = recording_thread(recorder);
    uint64_t memory = 0;
    struct trace_file *file;

    recording_define(recorder, FUNCTIONS);
    for (int i = 0; i < TIMES; i++) {
        struct thread_log *branch = recorder_branch(recorder, span("short"));
        uint32_t number = recorder_log_number(branch);

        recorder_switch(recorder, branch);
        thread_log_put(branch, event_tag(EVENT_CALL, 1));
        recorder_end_branch(recorder, branch); /* not while it runs */
        thread_log_put(branch, event_tag(EVENT_RETURN, 1));
        recorder_switch(recorder, home);
        recorder_end_branch(recorder, branch);
        recorder_end_branch(recorder, home); /* not the thread's own */
        cr_assert(eq(u32, number, (uint32_t)i + 2));
        if (i == TIMES / 2) {
            memory = recorder_memory(recorder);
        }
    }
    cr_assert(le(u64, recorder_memory(recorder), memory));
    recorder_finish(recorder);
    file = recording_read_only_file(folder);
    cr_assert(eq(sz, trace_file_section(file, 0)->stream_count, TIMES + 1));
    trace_file_close(file);
    temporary_folder_remove(folder);
}
