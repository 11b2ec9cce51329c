// SPDX-License-Identifier: Apache-2.0
/* Calls that end early leave no trace, on the clock of the machine. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdlib.h>

#include "base/error.h"
#include "format/event.h"
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
