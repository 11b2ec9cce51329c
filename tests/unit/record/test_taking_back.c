// SPDX-License-Identifier: Apache-2.0
/*
 * Random programs against brute force: all calls are known, those that were
 * too short are left out, and what is left must be in the file, tick by tick.
 * The clock is the test's own, one for each thread, and stagings are as small
 * as they can be, so that blocks end everywhere.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "format/event.h"
#include "support/random.h"
#include "support/recording.h"
#include "support/temporary_folder.h"
#include "support/test_clock.h"
#include "tracer/record/recorder.h"
#include "tracer/record/thread_log.h"

enum event_type { ENTRY, EXIT, MARK };

/* One event of a program, and whether the file is to have it. */
struct event {
    enum event_type type;
    uint32_t function;
    uint64_t tick;
    size_t partner; /* of an entry its exit, of an exit its entry; or none */
    bool is_kept;
};

enum { FUNCTIONS = 9, NONE = -1 };

struct program {
    struct random random;
    struct event *events;
    size_t count;
    size_t capacity;
    size_t *open; /* indices of entries */
    size_t depth;
    size_t depth_max;
    uint64_t limit;
    struct recorder *recorder;
};

static void
program_init(struct program *program, struct recorder *recorder, uint64_t seed,
             size_t capacity, uint64_t limit)
{
    *program = (struct program){
        .random = {.state = seed},
        .events = calloc(capacity, sizeof *program->events),
        .capacity = capacity,
        .open = calloc(capacity, sizeof *program->open),
        .limit = limit,
        .recorder = recorder,
    };
    cr_assert(program->events != NULL && program->open != NULL);
}

static void
program_release(struct program *program)
{
    free(program->events);
    free(program->open);
}

static void
add(struct program *program, enum event_type type, uint32_t function)
{
    struct event *event = &program->events[program->count];

    *event = (struct event){.type = type,
                            .function = function,
                            .tick = test_clock_ns,
                            .partner = (size_t)NONE};
    if (type == ENTRY) {
        program->open[program->depth++] = program->count;
    } else if (type == EXIT) {
        event->partner = program->open[--program->depth];
        program->events[event->partner].partner = program->count;
    }
    program->count++;
}

static void
enter(struct program *program, uint32_t function)
{
    thread_log_put(recording_thread(program->recorder),
                   event_tag(EVENT_CALL, function));
    add(program, ENTRY, function);
}

static void
leave(struct program *program)
{
    uint32_t function =
        program->events[program->open[program->depth - 1]].function;

    thread_log_put_exit(recording_thread(program->recorder),
                        event_tag(EVENT_RETURN, function));
    add(program, EXIT, function);
}

static void
mark(struct program *program)
{
    recorder_instant(program->recorder, VZT_SCOPE_THREAD, span("m"), span(""));
    add(program, MARK, 0);
}

/* Time goes in small steps, seldom in ones around the limit, and very seldom
 * in ones that do not fit into a word. */
static void
pass_time(struct program *program)
{
    uint64_t choice = random_below(&program->random, 1000);

    if (choice == 0) {
        test_clock_ns += UINT64_C(3) << 32;
    } else if (choice < 30) {
        test_clock_ns += random_below(&program->random, 2 * program->limit + 1);
    } else {
        test_clock_ns +=
            random_below(&program->random, program->limit / 50 + 2);
    }
}

/* Go on for count events. The mood says whether calls nest or return. */
static void
run(struct program *program, size_t count)
{
    unsigned mood = 500;

    for (size_t i = 0; i < count; i++) {
        pass_time(program);
        if (random_below(&program->random, 400) == 0) {
            mood = 300 + (unsigned)random_below(&program->random, 450);
        }
        if (random_below(&program->random, 700) == 0) {
            mark(program);
        } else if (program->depth == 0
                   || random_permille(&program->random, mood)) {
            enter(program,
                  1 + (uint32_t)random_below(&program->random, FUNCTIONS));
        } else {
            leave(program);
        }
    }
}

/* An entry is kept with its exit: when that never comes, when it comes late,
 * or when something between them is kept. */
static void
decide(struct program *program)
{
    size_t last_kept = 0; /* one more than the last event that is kept */

    for (size_t i = 0; i < program->count; i++) {
        struct event *event = &program->events[i];
        struct event *entry;

        if (event->type == MARK
            || (event->type == ENTRY && event->partner == (size_t)NONE)) {
            event->is_kept = true;
        } else if (event->type == EXIT) {
            entry = &program->events[event->partner];
            event->is_kept = event->tick - entry->tick >= program->limit
                             || last_kept > event->partner + 1;
            entry->is_kept = event->is_kept;
        }
        last_kept = event->is_kept ? i + 1 : last_kept;
    }
}

/* Where following a file along a program stands. */
struct follower {
    const struct program *program;
    size_t next;         /* event */
    uint64_t *starts;    /* of the open calls */
    uint32_t *functions; /* of the open calls */
    size_t depth;
    uint64_t entries;
    uint64_t tick;
};

static void
follow_word(struct follower *follower, uint64_t word)
{
    const struct program *program = follower->program;
    const struct event *event;
    static const uint32_t kinds[] = {EVENT_CALL, EVENT_RETURN, EVENT_LONG};

    while (follower->next < program->count
           && !program->events[follower->next].is_kept) {
        follower->next++;
    }
    cr_assert(lt(sz, follower->next, program->count), "an event too many");
    event = &program->events[follower->next++];
    cr_assert(eq(u32, event_kind(word), kinds[event->type]), "event %zu",
              follower->next - 1);
    cr_assert(eq(u64, follower->tick, event->tick), "event %zu",
              follower->next - 1);
    if (event->type == ENTRY) {
        follower->starts[follower->depth] = event->tick;
        follower->functions[follower->depth++] = event->function;
        follower->entries++;
    } else if (event->type == EXIT) {
        follower->depth--;
    }
    if (event->type != MARK) {
        cr_assert(eq(u32, event_function(word), event->function));
    }
}

static void
follow_block(struct follower *follower, const struct trace_block *row,
             const struct block *block)
{
    cr_assert(eq(u64, row->calls_before, follower->entries));
    cr_assert(eq(u64, row->first_monotonic_ns, row->first_tick));
    cr_assert(ge(u64, row->first_tick, follower->tick));
    cr_assert(eq(sz, block->open_count, follower->depth));
    for (size_t i = 0; i < block->open_count; i++) {
        cr_assert(
            eq(u32, block->open_calls[i].function, follower->functions[i]));
        cr_assert(
            eq(u64, block->open_calls[i].start_tick, follower->starts[i]));
    }
    follower->tick = row->first_tick;
    for (size_t i = 0; i < block->word_count; i++) {
        uint64_t word = block->words[i];

        follower->tick += event_delta(word);
        if (event_kind(word) == EVENT_LONG
            && record_type(word) == RECORD_CLOCK) {
            follower->tick = block->words[i + 1];
        } else {
            follow_word(follower, word);
        }
        i += event_kind(word) == EVENT_LONG ? record_size(word) : 0;
    }
}

/* The file has what the program's brute force keeps, and nothing else. */
static void
check_stream(const struct trace_file *file, const struct trace_stream *stream,
             struct program *program)
{
    const struct trace_section *section = trace_file_section(file, 0);
    struct follower follower = {
        .program = program,
        .starts = calloc(program->count + 1, sizeof *follower.starts),
        .functions = calloc(program->count + 1, sizeof *follower.functions),
    };
    struct block block = {0};
    struct error err = {0};

    decide(program);
    for (size_t i = 0; i < stream->block_count; i++) {
        const struct trace_block *row =
            &section->blocks[stream->first_block + i];

        cr_assert(eq(u64, row->number, i));
        cr_assert(block_load(&block, file, row, &err), "%s", err.message);
        cr_assert(eq(u64, block.word_count, row->word_count));
        follow_block(&follower, row, &block);
    }
    while (follower.next < program->count
           && !program->events[follower.next].is_kept) {
        follower.next++;
    }
    cr_assert(eq(sz, follower.next, program->count), "events are missing");
    block_release(&block);
    free(follower.starts);
    free(follower.functions);
}

static struct recorder *
start(const char *folder, uint64_t limit)
{
    return recording_start_with(
        folder, &(struct recorder_options){.min_duration_ns = limit});
}

Test(taking_back, leaves_what_brute_force_keeps)
{
    static const uint64_t limits[] = {1, 60, 1000, 20000, UINT64_C(9) << 32};

    for (uint64_t seed = 0; seed < 15; seed++) {
        enum { EVENTS = 20000 };
        char *folder = temporary_folder_make();
        struct recorder *recorder = start(folder, limits[seed % 5]);
        struct program program;
        struct trace_file *file;

        program_init(&program, recorder, seed, EVENTS, limits[seed % 5]);
        run(&program, EVENTS);
        recorder_finish(recorder);
        file = recording_read_only_file(folder);
        cr_assert(
            zero(u64, trace_file_section(file, 0)->status.mismatched_returns));
        check_stream(file, &trace_file_section(file, 0)->streams[0], &program);
        trace_file_close(file);
        program_release(&program);
        temporary_folder_remove(folder);
    }
}

/* Open calls that may all be taken back yet, many times what a staging holds;
 * then they are, or are not. */
static void
dive_and_return(uint64_t pause)
{
    enum { DEPTH = 100000 };
    char *folder = temporary_folder_make();
    struct recorder *recorder = start(folder, 1000000);
    struct program program;
    struct trace_file *file;

    program_init(&program, recorder, 0, 2 * DEPTH, 1000000);
    for (size_t i = 0; i < DEPTH; i++) {
        test_clock_ns += 3;
        enter(&program, 1 + (uint32_t)i % FUNCTIONS);
    }
    test_clock_ns += pause;
    for (size_t i = 0; i < DEPTH - 1; i++) {
        test_clock_ns += 3;
        leave(&program);
    }
    recorder_finish(recorder);
    file = recording_read_only_file(folder);
    check_stream(file, &trace_file_section(file, 0)->streams[0], &program);
    trace_file_close(file);
    program_release(&program);
    temporary_folder_remove(folder);
}

Test(taking_back, of_a_very_deep_stack)
{
    dive_and_return(0);
    dive_and_return(700000);
    dive_and_return(1000000);
}

enum { THREADS = 4, THREAD_EVENTS = 15000 };

struct job {
    struct program program;
    uint64_t seed;
};

static void *
run_job(void *argument)
{
    struct job *job = argument;
    char name[8];

    (void)snprintf(name, sizeof name, "%ju", (uintmax_t)job->seed);
    recorder_name_thread(job->program.recorder, span(name));
    run(&job->program, THREAD_EVENTS);
    return NULL;
}

Test(taking_back, in_several_threads_that_end_with_open_calls)
{
    char *folder = temporary_folder_make();
    struct recorder *recorder = start(folder, 2000);
    struct job jobs[THREADS];
    pthread_t threads[THREADS];
    const struct trace_section *section;
    struct trace_file *file;

    for (size_t i = 0; i < THREADS; i++) {
        jobs[i].seed = i;
        program_init(&jobs[i].program, recorder, i + 100, THREAD_EVENTS, 2000);
        cr_assert(
            zero(int, pthread_create(&threads[i], NULL, run_job, &jobs[i])));
    }
    for (size_t i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        recorder_flush(recorder);
    }
    recorder_finish(recorder);
    file = recording_read_only_file(folder);
    section = trace_file_section(file, 0);
    cr_assert(eq(sz, section->stream_count, THREADS));
    for (size_t i = 0; i < THREADS; i++) {
        uint64_t seed = strtoull(section->streams[i].name, NULL, 10);

        check_stream(file, &section->streams[i], &jobs[seed].program);
    }
    for (size_t i = 0; i < THREADS; i++) {
        program_release(&jobs[i].program);
    }
    trace_file_close(file);
    temporary_folder_remove(folder);
}

/* In a child: leave some of the inherited calls, at once or later, run on, and
 * compare the file with what a program that began at the fork leaves. */
static void
go_on_in_child(struct program *program)
{
    struct program child;
    struct recorder *recorder = program->recorder;
    size_t depth = program->depth;
    size_t left = random_below(&program->random, depth + 1);
    struct trace_file *file;
    struct block block = {0};
    struct error err = {0};
    size_t expected = depth; /* inherited calls that the file has */
    bool is_quiet = true;    /* nothing was kept in the child yet */
    uint64_t fork_ns = test_clock_ns;

    program_init(&child, recorder, 77, 4000, program->limit);
    for (size_t i = 0; i < left; i++) {
        if (random_below(&program->random, 4) == 0) {
            test_clock_ns += program->limit / 2;
        }
        leave(program);
        is_quiet = is_quiet && test_clock_ns - fork_ns < program->limit;
        expected -= is_quiet;
    }
    run(&child, 4000);
    recorder_finish(recorder);
    file = recording_read(recorder_path(recorder));
    cr_assert(
        block_load(&block, file, trace_file_section(file, 0)->blocks, &err));
    cr_assert(eq(sz, block.open_count, expected));
    for (size_t i = 0; i < expected; i++) {
        cr_assert(ne(u32, block.open_calls[i].flags & VZT_OPEN_INHERITED, 0));
        cr_assert(eq(u64, block.open_calls[i].start_tick, fork_ns));
    }
    block_release(&block);
    trace_file_close(file);
    program_release(&child);
}

Test(taking_back, goes_on_in_both_processes_after_a_fork)
{
    enum { EVENTS = 6000, FORKS = 12 };
    char *folder = temporary_folder_make();
    struct recorder *recorder = start(folder, 500);
    struct program program;
    struct trace_file *file;

    program_init(&program, recorder, 3, 2 * EVENTS, 500);
    for (size_t i = 0; i < FORKS; i++) {
        int status = -1;
        pid_t child;

        run(&program, EVENTS / FORKS);
        child = fork();
        if (child == 0) {
            go_on_in_child(&program);
            _exit(0);
        }
        cr_assert(eq(int, waitpid(child, &status, 0), child));
        cr_assert(zero(int, status));
    }
    recorder_finish(recorder);
    file = recording_read(recorder_path(recorder));
    check_stream(file, &trace_file_section(file, 0)->streams[0], &program);
    trace_file_close(file);
    program_release(&program);
    temporary_folder_remove(folder);
}

/* The clock steps back now and then: ticks grow all the same, returns match,
 * and no call that is kept is too short or empty. */
Test(taking_back, keeps_nothing_short_when_the_clock_steps_back)
{
    enum { EVENTS = 40000, LIMIT = 500 };
    char *folder = temporary_folder_make();
    struct recorder *recorder = start(folder, LIMIT);
    struct program program;
    struct trace_file *file;
    const struct trace_section *section;
    struct block block = {0};
    struct error err = {0};
    uint64_t starts[EVENTS];
    size_t depth = 0;
    uint64_t tick = 0;

    program_init(&program, recorder, 8, EVENTS, LIMIT);
    for (size_t i = 0; i < EVENTS / 100; i++) {
        run(&program, 100);
        test_clock_ns -= random_below(&program.random, 3 * LIMIT);
    }
    recorder_finish(recorder);
    file = recording_read_only_file(folder);
    section = trace_file_section(file, 0);
    cr_assert(zero(u64, section->status.mismatched_returns));
    for (size_t i = 0; i < section->block_count; i++) {
        cr_assert(block_load(&block, file, &section->blocks[i], &err));
        cr_assert(eq(sz, block.open_count, depth));
        cr_assert(ge(u64, block.first_tick, tick));
        tick = block.first_tick;
        for (size_t j = 0; j < block.word_count; j++) {
            uint64_t word = block.words[j];

            tick += event_delta(word);
            if (event_kind(word) == EVENT_LONG) {
                if (record_type(word) == RECORD_CLOCK) {
                    tick = block.words[j + 1];
                } else { /* it keeps the calls around it */
                    for (size_t k = 0; k < depth; k++) {
                        starts[k] = 0;
                    }
                }
                j += record_size(word);
            } else if (event_is_entry(event_kind(word))) {
                starts[depth++] = tick;
            } else {
                cr_assert(gt(sz, depth, 0));
                depth--;
                cr_assert(ge(u64, tick - starts[depth], LIMIT));
            }
        }
    }
    cr_assert(eq(sz, depth, program.depth));
    block_release(&block);
    trace_file_close(file);
    program_release(&program);
    temporary_folder_remove(folder);
}

/* A child dives, with function i at depth i, until it is killed. */
static void
dive_until_killed(const char *folder, volatile uint64_t *progress)
{
    struct recorder *recorder = start(folder, 1000000);
    struct thread_log *log = recording_thread(recorder);

    for (uint32_t i = 1;; i++) {
        test_clock_ns += 2;
        thread_log_put(log, event_tag(EVENT_CALL, i));
        *progress = i;
    }
}

static void
check_dive(const char *folder, uint64_t seen)
{
    struct trace_file *file = recording_read_only_file(folder);
    const struct trace_section *section = trace_file_section(file, 0);
    struct block block = {0};
    struct error err = {0};
    uint32_t depth = 0;

    for (size_t i = 0; i < section->block_count; i++) {
        cr_assert(block_load(&block, file, &section->blocks[i], &err));
        cr_assert(eq(sz, block.open_count, depth));
        for (size_t j = 0; j < block.word_count; j++) {
            cr_assert(eq(u32, event_function(block.words[j]), ++depth));
        }
    }
    cr_assert(ge(u64, depth, seen), "open calls are missing");
    block_release(&block);
    trace_file_close(file);
}

Test(taking_back, leaves_all_open_calls_to_a_killed_process)
{
    volatile uint64_t *progress = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
                                       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    struct random random = {.state = 11};

    cr_assert(progress != MAP_FAILED);
    for (int i = 0; i < 15; i++) {
        char *folder = temporary_folder_make();
        uint64_t goal = random_below(&random, 200000);
        pid_t child;
        int status;

        *progress = 0;
        child = fork();
        if (child == 0) {
            dive_until_killed(folder, progress);
        }
        while (*progress <= goal) {
        }
        cr_assert(zero(int, kill(child, SIGKILL)));
        cr_assert(eq(int, waitpid(child, &status, 0), child));
        check_dive(folder, *progress);
        temporary_folder_remove(folder);
    }
    cr_assert(zero(int, munmap((void *)progress, 4096)));
}
