// SPDX-License-Identifier: Apache-2.0
/*
 * The latest calls of several threads, against a list of all. The clock is the
 * test's own (see test_taking_back.c), blocks are small, and each thread's
 * ticks are its own, so that no two calls end at once.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "format/event.h"
#include "support/random.h"
#include "support/read_back.h"
#include "support/recording.h"
#include "support/temporary_folder.h"
#include "support/test_clock.h"
#include "tracer/record/recorder.h"
#include "tracer/record/thread_log.h"

enum { THREADS = 4, FUNCTIONS = 9, DEPTH_MAX = 60 };

struct call {
    uint64_t start;
    uint64_t end;
    uint32_t function;
    uint32_t thread;
    bool is_open; /* ends with its thread */
};

/* A thread that calls and returns at random, and a list of its calls. */
struct worker {
    struct recorder *recorder;
    struct random random;
    uint32_t number;
    size_t event_count;
    struct call *calls;
    size_t count;
    size_t open[DEPTH_MAX];
    size_t depth;
};

/* Time goes on for all threads, by whole turns: at a thread's own ticks nobody
 * else's calls end. */
static void
pass_time(struct worker *worker)
{
    static atomic_uint_fast64_t turn;
    uint64_t turns = 1 + random_below(&worker->random, 3);

    test_clock_ns = 1000000000 + 8 * (atomic_fetch_add(&turn, turns) + turns)
                    + worker->number;
}

static void
step(struct worker *worker)
{
    struct thread_log *log = recording_thread(worker->recorder);

    pass_time(worker);
    if (worker->depth == 0
        || (worker->depth < DEPTH_MAX
            && random_permille(&worker->random, 510))) {
        uint32_t function =
            1 + (uint32_t)random_below(&worker->random, FUNCTIONS);

        worker->open[worker->depth++] = worker->count;
        worker->calls[worker->count++] =
            (struct call){.start = test_clock_ns,
                          .function = function,
                          .thread = worker->number};
        thread_log_put(log, event_tag(EVENT_CALL, function));
    } else {
        struct call *call = &worker->calls[worker->open[--worker->depth]];

        call->end = test_clock_ns;
        thread_log_put(log, event_tag(EVENT_RETURN, call->function));
    }
}

static void *
work(void *argument)
{
    struct worker *worker = argument;
    char name[8];

    (void)snprintf(name, sizeof name, "%u", worker->number);
    recorder_name_thread(worker->recorder, span(name));
    for (size_t i = 0; i < worker->event_count; i++) {
        step(worker);
    }
    while (worker->depth > 0) {
        struct call *call = &worker->calls[worker->open[--worker->depth]];

        call->end = test_clock_ns;
        call->is_open = true;
    }
    return NULL;
}

/* The latest end first: of open ones, which end at once, the outermost. */
static int
compare_calls(const void *a, const void *b)
{
    const struct call *left = a;
    const struct call *right = b;

    if (left->end != right->end) {
        return left->end > right->end ? -1 : 1;
    }
    if (left->is_open != right->is_open) {
        return left->is_open ? -1 : 1;
    }
    return (left->start > right->start) - (left->start < right->start);
}

static size_t
gather(const struct worker *workers, struct call *calls)
{
    size_t count = 0;

    for (size_t i = 0; i < THREADS; i++) {
        memcpy(&calls[count], workers[i].calls,
               workers[i].count * sizeof *calls);
        count += workers[i].count;
    }
    qsort(calls, count, sizeof *calls, compare_calls);
    return count;
}

static size_t
gather_read(const struct trace_file *file, struct call *calls, size_t limit)
{
    const struct trace_section *section = trace_file_section(file, 0);
    struct read_back read = {0};
    struct error err = {0};
    size_t count;

    cr_assert(read_back_file(&read, file, &err), "%s", err.message);
    count = read.call_count;
    cr_assert(le(sz, count, limit));
    for (size_t i = 0; i < count; i++) {
        const struct read_call *call = &read.calls[i];
        const struct trace_stream *stream =
            recording_stream(section, call->stream);

        calls[i] = (struct call){
            .start = call->start_tick,
            .end = call->is_unfinished ? stream->end_tick : call->end_tick,
            .is_open = call->is_unfinished,
            .function = call->function,
            .thread = (uint32_t)strtoul(stream->name, NULL, 10),
        };
    }
    read_back_release(&read);
    qsort(calls, count, sizeof *calls, compare_calls);
    return count;
}

static void
check_latest(const struct worker *workers, const char *path, size_t limit)
{
    struct trace_file *file = recording_read(path);
    size_t total = 0;
    struct call *calls;
    struct call *found;
    size_t expected;
    uint64_t slack = test_has_small_stagings ? 600000 : 1500000;
    struct stat status;

    for (size_t i = 0; i < THREADS; i++) {
        total += workers[i].count;
    }
    calls = calloc(total, sizeof *calls);
    found = calloc(total, sizeof *found);
    cr_assert(calls != NULL && found != NULL);
    (void)gather(workers, calls);
    expected = total < limit ? total : limit;
    cr_assert(eq(sz, gather_read(file, found, total), expected));
    for (size_t i = 0; i < expected; i++) {
        cr_assert(eq(u64, found[i].end, calls[i].end), "call %zu", i);
        cr_assert(eq(u64, found[i].start, calls[i].start));
        cr_assert(eq(u32, found[i].function, calls[i].function));
        cr_assert(eq(u32, found[i].thread, calls[i].thread));
        cr_assert(eq(int, found[i].is_open, calls[i].is_open));
    }
    /* A call takes 16 bytes, and a few of them are of no use. */
    cr_assert(zero(int, stat(path, &status)));
    cr_assert(le(u64, (uint64_t)status.st_size,
                 (limit < total ? limit : total) * 24 + slack));
    free(calls);
    free(found);
    trace_file_close(file);
}

static void
check_threads(size_t limit, size_t event_count)
{
    char *folder = temporary_folder_make();
    struct recorder *recorder = recording_start_with(
        folder, &(struct recorder_options){.call_limit = limit});
    struct worker workers[THREADS];
    pthread_t threads[THREADS];

    for (uint32_t i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){
            .recorder = recorder,
            .random = {.state = limit + i},
            .number = i,
            .event_count = event_count,
            .calls = calloc(event_count, sizeof *workers[i].calls),
        };
        cr_assert(workers[i].calls != NULL);
        cr_assert(
            zero(int, pthread_create(&threads[i], NULL, work, &workers[i])));
    }
    for (size_t i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    recorder_finish(recorder);
    check_latest(workers, recorder_path(recorder), limit);
    for (size_t i = 0; i < THREADS; i++) {
        free(workers[i].calls);
    }
    temporary_folder_remove(folder);
}

Test(call_ring, keeps_exactly_the_latest_calls_of_all_threads)
{
    static const size_t limits[] = {1,   2,    60,    250,  256,
                                    511, 4000, 20000, 70000};

    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        check_threads(limits[i], 40000);
    }
}

/* Blocks that begin on pages of their own, with room between them. */
Test(call_ring, keeps_them_in_large_blocks)
{
    test_has_small_stagings = false;
    check_threads(1, 150000);
    check_threads(30000, 150000);
    check_threads(100000, 150000);
}

/* Go on in this process; how many calls does its file show? Inherited ones are
 * in the first header. */
static uint64_t
run_alone(struct worker *worker)
{
    struct trace_file *file = NULL;
    struct read_back read = {0};
    struct error err = {0};
    uint64_t count = 0;

    for (size_t i = 0; i < worker->event_count; i++) {
        step(worker);
    }
    recorder_finish(worker->recorder);
    if (trace_file_open(&file, recorder_path(worker->recorder), &err)
        && read_back_file(&read, file, &err)) {
        count =
            read.call_count + trace_file_section(file, 0)->blocks[0].open_count;
    }
    read_back_release(&read);
    trace_file_close(file);
    return count;
}

Test(call_ring, bounds_each_process_by_itself)
{
    enum { LIMIT = 1000, EVENTS = 30000 };
    char *folder = temporary_folder_make();
    struct recorder *recorder = recording_start_with(
        folder, &(struct recorder_options){.call_limit = LIMIT});
    struct worker worker = {
        .recorder = recorder,
        .event_count = EVENTS,
        .calls = calloc(2 * EVENTS, sizeof *worker.calls),
    };
    int status = -1;
    pid_t child;

    cr_assert(worker.calls != NULL);
    for (size_t i = 0; i < EVENTS; i++) {
        step(&worker);
    }
    child = fork();
    if (child == 0) {
        worker.depth = 0; /* what was open before is the parent's */
        _exit(run_alone(&worker) == LIMIT ? 0 : 1);
    }
    cr_assert(eq(int, waitpid(child, &status, 0), child));
    cr_assert(zero(int, status));
    cr_assert(eq(u64, run_alone(&worker), LIMIT));
    free(worker.calls);
    temporary_folder_remove(folder);
}

/* The queue of blocks is counted, and is small. */
Test(call_ring, takes_little_memory)
{
    char *folder = temporary_folder_make();
    struct recorder *recorder = recording_start_with(
        folder, &(struct recorder_options){.call_limit = 20000});
    struct worker worker = {
        .recorder = recorder,
        .calls = calloc(400000, sizeof *worker.calls),
    };
    uint64_t memory;

    cr_assert(worker.calls != NULL);
    for (size_t i = 0; i < 100000; i++) {
        step(&worker);
    }
    memory = recorder_memory(recorder);
    for (size_t i = 0; i < 300000; i++) {
        step(&worker);
    }
    cr_assert(eq(u64, recorder_memory(recorder), memory));
    recorder_note_tables(recorder, 1000);
    cr_assert(eq(u64, recorder_memory(recorder), memory + 1000));
    cr_assert(le(u64, memory, 192 << 10));
    recorder_finish(recorder);
    free(worker.calls);
    temporary_folder_remove(folder);
}
