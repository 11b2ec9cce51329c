// SPDX-License-Identifier: Apache-2.0
/*
 * Eight writers, forks, a reader that follows, an end while they run, and a
 * function table that changes under its readers. A program of its own, since
 * Criterion cannot run under ThreadSanitizer, which is the one to watch this.
 */
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "format/event.h"
#include "format/reader.h"
#include "support/call_walk.h"
#include "support/random.h"
#include "support/temporary_folder.h"
#include "tracer/record/function_table.h"
#include "tracer/record/recorder.h"
#include "tracer/record/thread_log.h"

enum {
    WRITERS = 8,
    DEPTH_MAX = 100,
    FUNCTIONS = 20,
    LOOKS = 10,
    ROUND_EVENTS = 20000
};

static void
check_at(bool is_right, const char *what, int line)
{
    if (!is_right) {
        (void)fprintf(stderr, "line %d: not true: %s\n", line, what);
        abort();
    }
}

#define check(what) check_at((what), #what, __LINE__)

static struct text_span
span(const char *text)
{
    return (struct text_span){.data = text, .size = strlen(text)};
}

static struct recorder *
start_recorder(const char *folder)
{
    struct recorder_options options = {.directory = folder};
    struct recorder *recorder = NULL;
    struct error err;

    check(recorder_new(&recorder, &options, &err));
    return recorder;
}

/* The words of a stream must be those of the walk. Returns their number. */
static uint64_t
follow(const struct trace_file *file, const struct trace_section *section,
       const struct trace_stream *stream, struct call_walk *walk)
{
    struct block block = {0};
    struct error err;
    uint64_t count = 0;

    for (size_t i = 0; i < stream->block_count; i++) {
        check(block_load(&block, file,
                         &section->blocks[stream->first_block + i], &err));
        check(block.open_count == walk->depth);
        for (size_t j = 0; j < block.word_count; j++) {
            if (event_kind(block.words[j]) == EVENT_LONG) {
                j += record_size(block.words[j]); /* a pause */
                continue;
            }
            check(block.words[j] >> EVENT_DELTA_BITS
                  == call_walk_next(walk) >> EVENT_DELTA_BITS);
            count++;
        }
    }
    block_release(&block);
    return count;
}

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
        check(pthread_create(&writers[i].thread, NULL, write_on, &writers[i])
              == 0);
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

    check(trace_file_open(&file, path, &err));
    section = trace_file_section(file, 0);
    check(section->stream_count == WRITERS);
    for (size_t i = 0; i < WRITERS; i++) {
        const struct trace_stream *stream = &section->streams[i];
        uint64_t seed = strtoull(stream->name, NULL, 10);
        struct call_walk walk;

        call_walk_init(&walk, seed, DEPTH_MAX, FUNCTIONS);
        check(follow(file, section, stream, &walk) >= counts_before[seed]);
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
        for (int i = 0; i < 3000; i++) {
            thread_log_put(log, call_walk_next(&walk));
        }
        _exit(0);
    }
    check(waitpid(child, &status, 0) == child && status == 0);
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

    check(trace_file_open(&file, path, &err));
    section = trace_file_section(file, 0);
    for (size_t i = 0; i < section->block_count; i++) {
        check(block_load(&block, file, &section->blocks[i], &err));
    }
    block_release(&block);
    trace_file_close(file);
}

static void
read_while_it_grows(void)
{
    char *folder = temporary_folder_make();
    struct recorder *recorder = start_recorder(folder);
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
    for (uint64_t i = 1; i <= LOOKS; i++) { /* and nobody waits */
        raise_quotas(writers, (LOOKS + i) * ROUND_EVENTS);
        recorder_flush(recorder);
        note_counts(writers, counts);
        look(path, counts);
    }
    stop_writers(writers);
    recorder_finish(recorder);
    look(path, counts);
    free(path);
    temporary_folder_remove(folder);
}

static void
end_while_threads_go_on(void)
{
    char *folder = temporary_folder_make();
    struct recorder *recorder = start_recorder(folder);
    struct writer writers[WRITERS];
    uint64_t counts[WRITERS];
    uint64_t counts_at_end[WRITERS];

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
    temporary_folder_remove(folder);
}

enum { KEYS = 2000, CHANGES = 50000, MANY_KEYS = 40000 };

/* A table is never freed; from here the leak checker finds it. */
static struct function_table *table;

struct lookups {
    const char *memory; /* KEYS + MANY_KEYS addresses, every 16 bytes */
    bool is_over;
};

/* The first half of the keys stays, whatever happens to the others. */
static void *
look_up(void *argument)
{
    struct lookups *lookups = argument;
    struct random random = {.state = 3};

    while (!__atomic_load_n(&lookups->is_over, __ATOMIC_RELAXED)) {
        size_t i = (size_t)random_below(&random, KEYS / 2);
        const char *key = lookups->memory + 16 * i;
        uint64_t value = function_table_find(table, key);

        check(value == i + 1 || value == 0);
        check(value != 0 || function_table_look(table, key) == i + 1);
        (void)function_table_find(table, lookups->memory + 16 * (KEYS / 2 + i));
    }
    return NULL;
}

static void
change_function_table(void)
{
    char *memory = malloc(16 * (KEYS + MANY_KEYS));
    struct lookups lookups = {.memory = memory};
    struct random random = {.state = 2};
    pthread_t thread;

    check(memory != NULL && function_table_new(&table, 0));
    for (uint32_t i = 0; i < KEYS / 2; i++) {
        check(function_table_set(table, memory + 16 * i, i + 1));
    }
    check(pthread_create(&thread, NULL, look_up, &lookups) == 0);
    for (size_t step = 0; step < CHANGES; step++) {
        size_t i = KEYS / 2 + (size_t)random_below(&random, KEYS / 2);

        if (random_permille(&random, 500)) {
            check(function_table_set(table, memory + 16 * i, 1));
        } else {
            function_table_remove(table, memory + 16 * i);
        }
    }
    for (size_t i = KEYS; i < KEYS + MANY_KEYS; i++) { /* it grows */
        check(function_table_set(table, memory + 16 * i, 1));
    }
    __atomic_store_n(&lookups.is_over, true, __ATOMIC_RELAXED);
    pthread_join(thread, NULL);
    free(memory);
}

int
main(void)
{
    change_function_table();
    read_while_it_grows();
    end_while_threads_go_on();
    return 0;
}
