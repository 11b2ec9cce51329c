// SPDX-License-Identifier: Apache-2.0
/* Calls that end early leave no trace, on the clock of the machine. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <pthread.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/error.h"
#include "format/event.h"
#include "support/random.h"
#include "support/read_back.h"
#include "support/recording.h"
#include "support/temporary_folder.h"
#include "tracer/record/recorder.h"
#include "tracer/record/thread_log.h"

#define HOUR_NS UINT64_C(3600000000000)

static char *folder;
static struct recorder *recorder;
static struct thread_log *log_of_thread;

static void
start(uint64_t min_duration_ns)
{
    folder = temporary_folder_make();
    recorder = recording_start_with(
        folder, &(struct recorder_options){.min_duration_ns = min_duration_ns});
    log_of_thread = recording_thread(recorder);
}

static void
enter(uint32_t function)
{
    thread_log_put(log_of_thread, event_tag(EVENT_CALL, function));
}

static void
leave(uint32_t function)
{
    thread_log_put_exit(log_of_thread, event_tag(EVENT_RETURN, function));
}

/* The kinds of the words in the file, as digits; long records are "L". */
static void
check_kinds(const char *expected)
{
    struct trace_file *file;
    const struct trace_section *section;
    struct block block = {0};
    struct error err = {0};
    char kinds[64] = "";
    size_t count = 0;

    recorder_finish(recorder);
    file = recording_read_only_file(folder);
    section = trace_file_section(file, 0);
    for (size_t i = 0; i < section->block_count; i++) {
        cr_assert(block_load(&block, file, &section->blocks[i], &err));
        for (size_t j = 0; j < block.word_count; j++) {
            uint32_t kind = event_kind(block.words[j]);

            cr_assert(lt(sz, count, sizeof kinds - 1));
            kinds[count++] = kind == EVENT_LONG ? 'L' : (char)('0' + kind);
            j += kind == EVENT_LONG ? record_size(block.words[j]) : 0;
        }
    }
    cr_assert(eq(str, kinds, (char *)expected));
    block_release(&block);
    trace_file_close(file);
    temporary_folder_remove(folder);
}

Test(least_duration, takes_back_what_ended_too_early)
{
    start(HOUR_NS);
    enter(1);
    for (int i = 0; i < 1000; i++) {
        enter(2);
        enter(3);
        leave(3);
        leave(2);
    }
    check_kinds("1");
}

Test(least_duration, keeps_what_lasted_long_enough)
{
    start(1);
    enter(1);
    enter(2);
    leave(2);
    leave(1);
    check_kinds("1144");
}

Test(least_duration, of_nothing_keeps_all)
{
    start(0);
    enter(1);
    leave(1);
    check_kinds("14");
}

Test(least_duration, does_not_take_back_what_holds_an_instant)
{
    start(HOUR_NS);
    enter(1);
    enter(2);
    recorder_instant(recorder, VZT_SCOPE_THREAD, span("mark"), span(""));
    enter(3);
    leave(3);
    leave(2);
    leave(1);
    check_kinds("11L44");
}

Test(least_duration, does_not_take_an_end_of_a_record_for_an_entry)
{
    /* The last word of the payload looks like the entry of function 1. */
    static const char text[8] = {0, 0, 0, 0, 1, 0, 0, 16};

    start(HOUR_NS);
    enter(1);
    recorder_instant(recorder, VZT_SCOPE_THREAD,
                     (struct text_span){text, sizeof text}, span(""));
    leave(1);
    check_kinds("1L4");
}

/* Calls of a thread that last about as long as the limit: of each it is known
 * how long it lasted at least and at most. */
struct spinner {
    uint64_t seed;
    uint64_t kept;
    uint64_t too_short; /* that were kept all the same */
    uint64_t too_long;  /* that were taken back all the same */
};

enum { SPIN_CALLS = 3000, SPIN_LIMIT_NS = 2000 };

static void
spin_once(struct spinner *spinner, struct thread_log *log, uint64_t ticks)
{
    uint64_t before = clock_tick(log->clock);
    uint64_t inner_start;
    uint64_t inner_end;
    const uint64_t *cursor;
    uint64_t after;

    thread_log_put(log, event_tag(EVENT_CALL, 1));
    inner_start = clock_tick(log->clock);
    do {
        inner_end = clock_tick(log->clock);
    } while (inner_end - inner_start < ticks);
    cursor = log->cursor;
    thread_log_put_exit(log, event_tag(EVENT_RETURN, 1));
    after = clock_tick(log->clock);
    if (log->cursor == cursor - 1) {
        spinner->too_long += inner_end - inner_start >= log->minimum_ticks;
    } else {
        spinner->too_short += after - before < log->minimum_ticks;
        spinner->kept++;
    }
}

static void *
spin(void *argument)
{
    struct spinner *spinner = argument;
    struct random random = {.state = spinner->seed};
    struct thread_log *log = recorder_thread(recorder, span(""));

    for (int i = 0; i < SPIN_CALLS; i++) {
        spin_once(spinner, log, random_below(&random, 2 * log->minimum_ticks));
    }
    return NULL;
}

Test(least_duration, is_exact_in_threads_of_a_real_clock)
{
    struct spinner spinners[3] = {{.seed = 1}, {.seed = 2}, {.seed = 3}};
    pthread_t threads[3];
    struct read_back read;
    struct trace_file *file;
    const struct trace_section *section;
    struct error err = {0};
    uint64_t kept = 0;
    double least;

    start(SPIN_LIMIT_NS);
    for (size_t i = 0; i < 3; i++) {
        cr_assert(
            zero(int, pthread_create(&threads[i], NULL, spin, &spinners[i])));
    }
    for (size_t i = 0; i < 3; i++) {
        pthread_join(threads[i], NULL);
        cr_assert(zero(u64, spinners[i].too_short));
        cr_assert(zero(u64, spinners[i].too_long));
        kept += spinners[i].kept;
    }
    recorder_finish(recorder);
    file = recording_read_only_file(folder);
    section = trace_file_section(file, 0);
    least = SPIN_LIMIT_NS * (double)section->header.ticks_per_second / 1e9;
    cr_assert(read_back_file(&read, file, &err));
    cr_assert(eq(u64, read.call_count, kept));
    for (size_t i = 0; i < read.call_count; i++) {
        const struct read_call *call = &read.calls[i];

        cr_assert(ge(dbl, (double)(call->end_tick - call->start_tick), least));
    }
    read_back_release(&read);
    trace_file_close(file);
    temporary_folder_remove(folder);
}
