// SPDX-License-Identifier: Apache-2.0
/* Everything that is not a call: instants, counters, gaps, names, sources. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

#include "base/error.h"
#include "base/hash.h"
#include "format/event.h"
#include "format/record_decode.h"
#include "support/random.h"
#include "support/recording.h"
#include "support/temporary_folder.h"
#include "tracer/record/recorder.h"
#include "tracer/record/thread_log.h"

static char *folder;
static struct recorder *recorder;

static void
start(void)
{
    folder = temporary_folder_make();
    recorder = recording_start(folder, 0);
}

static void
stop(void)
{
    temporary_folder_remove(folder);
}

TestSuite(records, .init = start, .fini = stop);

static char *
make_text(size_t size, char first)
{
    char *text = malloc(size + 1);

    cr_assert(text != NULL);
    for (size_t i = 0; i < size; i++) {
        text[i] = (char)(first + (char)(i % 23));
    }
    text[size] = '\0';
    return text;
}

/* Walks over the long records of the file's only stream. */
struct cursor {
    struct trace_file *file;
    const struct trace_section *section;
    struct block block;
    size_t row;
    size_t word;
};

static void
open_cursor(struct cursor *cursor)
{
    *cursor = (struct cursor){.file = recording_read_only_file(folder)};
    cursor->section = trace_file_section(cursor->file, 0);
}

/* The head of the next long record of a type; its payload follows. */
static const uint64_t *
next_record(struct cursor *cursor, enum record_type type)
{
    struct error err = {0};

    for (;;) {
        while (cursor->word >= cursor->block.word_count) {
            if (cursor->row == cursor->section->block_count) {
                return NULL;
            }
            cr_assert(block_load(&cursor->block, cursor->file,
                                 &cursor->section->blocks[cursor->row++],
                                 &err));
            cursor->word = 0;
        }
        const uint64_t *head = &cursor->block.words[cursor->word++];

        if (event_kind(*head) == EVENT_LONG) {
            cursor->word += record_size(*head);
            if (record_type(*head) == (uint32_t)type) {
                return head;
            }
        }
    }
}

static void
close_cursor(struct cursor *cursor)
{
    block_release(&cursor->block);
    trace_file_close(cursor->file);
}

static void
check_text(struct text_span found, const char *text, size_t size)
{
    cr_assert(eq(sz, found.size, size));
    cr_assert(zero(int, memcmp(found.data, text, size)));
}

Test(records, of_instants_of_any_size_come_back)
{
    static const size_t sizes[] = {0,    1,    7,     100,   3900,  4000,
                                   4072, 4100, 65000, 65536, 70000, 3};
    enum { COUNT = sizeof sizes / sizeof *sizes };
    struct cursor cursor;

    for (size_t i = 0; i < COUNT; i++) {
        char *text = make_text(sizes[i], 'a');

        recorder_instant(recorder, VZT_SCOPE_PROCESS, span("name"), span(text));
        thread_log_put(thread_log_current, event_tag(EVENT_CALL, 1));
        free(text);
    }
    recorder_finish(recorder);
    open_cursor(&cursor);
    for (size_t i = 0; i < COUNT; i++) {
        const uint64_t *head = next_record(&cursor, RECORD_INSTANT);
        char *text = make_text(sizes[i], 'a');
        struct instant_record instant;
        struct text_span args;

        cr_assert(head != NULL, "instant %zu", i);
        cr_assert(
            record_decode_instant(head + 1, record_size(*head), &instant));
        check_text(instant.name, "name", 4);
        cr_assert(eq(u32, instant.scope, VZT_SCOPE_PROCESS));
        args = instant.args_string == 0
                   ? instant.args
                   : trace_section_string(cursor.section, instant.args_string);
        check_text(args, text, sizes[i] < 65536 ? sizes[i] : 65536);
        free(text);
    }
    cr_assert(next_record(&cursor, RECORD_INSTANT) == NULL);
    close_cursor(&cursor);
}

Test(records, of_objects_of_any_size_come_back)
{
    static const struct {
        enum vzt_object_phase phase;
        size_t id_size, name_size, args_size;
    } cases[] = {
        {VZT_OBJECT_CREATED, 15, 20, 0},
        {VZT_OBJECT_SNAPSHOT, 200, 3800, 10},
        {VZT_OBJECT_SNAPSHOT, 300, 5000, 100},
        {VZT_OBJECT_SNAPSHOT, 15, 20, 4000},
        {VZT_OBJECT_SNAPSHOT, 0, 0, 70000},
        {VZT_OBJECT_DELETED, 15, 20, 0},
    };
    enum { COUNT = sizeof cases / sizeof *cases };
    struct cursor cursor;
    char *text = make_text(70000, 'a');

    for (size_t i = 0; i < COUNT; i++) {
        recorder_object(recorder, cases[i].phase,
                        (struct text_span){text, cases[i].id_size},
                        (struct text_span){text, cases[i].name_size},
                        (struct text_span){text, cases[i].args_size});
        thread_log_put(thread_log_current, event_tag(EVENT_CALL, 1));
    }
    recorder_finish(recorder);
    open_cursor(&cursor);
    for (size_t i = 0; i < COUNT; i++) {
        const uint64_t *head = next_record(&cursor, RECORD_OBJECT);
        struct object_record object;
        struct text_span args;

        cr_assert(head != NULL, "object %zu", i);
        cr_assert(record_decode_object(head + 1, record_size(*head), &object));
        cr_assert(eq(int, object.phase, cases[i].phase));
        check_text(object.id, text,
                   cases[i].id_size < 200 ? cases[i].id_size : 200);
        check_text(object.name, text,
                   cases[i].name_size < 3800 ? cases[i].name_size : 3800);
        args = object.args_string == 0
                   ? object.args
                   : trace_section_string(cursor.section, object.args_string);
        check_text(args, text,
                   cases[i].args_size < 65536 ? cases[i].args_size : 65536);
    }
    cr_assert(next_record(&cursor, RECORD_OBJECT) == NULL);
    close_cursor(&cursor);
    free(text);
}

Test(records, of_an_instant_hold_a_long_name_cut_at_a_character)
{
    char *name = make_text(4003, 'a');
    struct cursor cursor;
    struct instant_record instant;
    const uint64_t *head;

    memcpy(name + 3999, "\xc3\xa4", 2); /* would be cut in its middle */
    recorder_instant(recorder, VZT_SCOPE_THREAD, span(name), span("{}"));
    recorder_finish(recorder);
    open_cursor(&cursor);
    head = next_record(&cursor, RECORD_INSTANT);
    cr_assert(head != NULL);
    cr_assert(record_decode_instant(head + 1, record_size(*head), &instant));
    check_text(instant.name, name, 3999);
    free(name);
    close_cursor(&cursor);
}

Test(records, of_a_counter_are_split_when_one_cannot_hold_all_series)
{
    enum { SERIES = 64 };
    struct counter_value values[SERIES];
    char *keys[SERIES];
    struct cursor cursor;
    size_t seen = 0;
    const uint64_t *head;

    for (size_t i = 0; i < SERIES; i++) {
        keys[i] = make_text(1 + i * 20, (char)('a' + i % 3));
        values[i] = (struct counter_value){
            .key = span(keys[i]),
            .type = i % 2 == 0 ? VZT_VALUE_INT64 : VZT_VALUE_DOUBLE,
        };
        if (i % 2 == 0) {
            values[i].value.integer = -(int64_t)i;
        } else {
            values[i].value.real = (double)i / 3;
        }
    }
    recorder_counter(recorder, span("memory"), values, SERIES);
    recorder_finish(recorder);
    open_cursor(&cursor);
    while ((head = next_record(&cursor, RECORD_COUNTER)) != NULL) {
        struct counter_record counter;
        const char *key;

        cr_assert(
            le(u32, record_size(*head) * 8 + 8, VZT_LONG_RECORD_SIZE_MAX));
        cr_assert(
            record_decode_counter(head + 1, record_size(*head), &counter));
        check_text(counter.name, "memory", 6);
        key = counter.keys;
        for (size_t i = 0; i < counter.series_count; i++, seen++) {
            size_t size = strlen(keys[seen]);

            cr_assert(lt(sz, seen, SERIES));
            check_text((struct text_span){key, counter.series[i].key_size},
                       keys[seen], size < 1000 ? size : 1000);
            key += counter.series[i].key_size;
            cr_assert(eq(u64, counter.series[i].bits,
                         (uint64_t)values[seen].value.integer));
        }
    }
    cr_assert(eq(sz, seen, SERIES));
    close_cursor(&cursor);
    for (size_t i = 0; i < SERIES; i++) {
        free(keys[i]);
    }
}

/* The fake clock of this test: the last tick is moved instead of the time. */
Test(records, keep_time_over_a_long_pause_and_a_clock_that_steps_back)
{
    struct thread_log *log = recording_thread(recorder);
    struct error err = {0};
    struct cursor cursor;
    uint64_t tick = 0;
    size_t events = 0;

    thread_log_put(log, event_tag(EVENT_CALL, 1));
    log->last_tick -= UINT64_C(1) << 40; /* as if that was long ago */
    thread_log_put(log, event_tag(EVENT_CALL, 2));
    log->last_tick += UINT64_C(1) << 41; /* as if the clock went back */
    thread_log_put(log, event_tag(EVENT_CALL, 3));
    thread_log_put(log, event_tag(EVENT_CALL, 4));
    recorder_gap(recorder, VZT_GAP_PAUSED, log->last_tick);
    recorder_finish(recorder);

    open_cursor(&cursor);
    cr_assert(eq(sz, cursor.section->block_count, 2));
    for (size_t i = 0; i < 2; i++) {
        cr_assert(block_load(&cursor.block, cursor.file,
                             &cursor.section->blocks[i], &err));
        cr_assert(ge(u64, cursor.block.first_tick, tick));
        cr_assert(eq(sz, cursor.block.open_count, 2 * i));
        tick = cursor.block.first_tick;
        for (size_t j = 0; j < cursor.block.word_count; j++) {
            uint64_t word = cursor.block.words[j];

            tick += event_delta(word);
            if (event_kind(word) == EVENT_CALL) {
                events++;
                cr_assert(eq(u32, event_function(word), events));
            } else if (record_type(word) == RECORD_CLOCK) {
                cr_assert(ge(u64, cursor.block.words[j + 1], tick));
                tick = cursor.block.words[j + 1];
                j += record_size(word);
            } else {
                struct vzt_gap gap;

                cr_assert(eq(u32, record_type(word), RECORD_GAP));
                cr_assert(record_decode_gap(&cursor.block.words[j + 1],
                                            record_size(word), &gap));
                cr_assert(eq(u32, gap.reason, VZT_GAP_PAUSED));
                cr_assert(le(u64, gap.start_tick, tick));
                cr_assert(gt(u64, gap.start_tick, tick - 1000000000));
                j += record_size(word);
            }
        }
    }
    cr_assert(eq(sz, events, 4));
    close_cursor(&cursor);
}

Test(records, of_sources_and_functions_of_any_size_come_back)
{
    static const size_t sizes[] = {0, 10, 4000, 65536, 65537, 300000};
    enum { COUNT = sizeof sizes / sizeof *sizes };
    struct cursor cursor;
    char path[32];

    for (size_t i = 0; i < COUNT; i++) {
        char *text = make_text(sizes[i], 'A');
        struct function_definition function = {
            .kind = VZT_FUNCTION_C,
            .line = (uint32_t)i,
            .name = {.data = text, .size = sizes[i] < 65536 ? sizes[i] : 65536},
            .file = span("file.py"),
        };

        (void)snprintf(path, sizeof path, "/src/%zu.py", i);
        recorder_source(recorder, span(path), span(text));
        cr_assert(eq(u32, recorder_function(recorder, &function), i + 1));
        free(text);
    }
    recorder_finish(recorder);
    open_cursor(&cursor);
    cr_assert(eq(sz, cursor.section->source_count, COUNT));
    for (size_t i = 0; i < COUNT; i++) {
        char *text = make_text(sizes[i], 'A');
        const struct trace_source *source = &cursor.section->sources[i];
        const struct trace_function *function =
            trace_section_function(cursor.section, (uint32_t)i + 1);

        (void)snprintf(path, sizeof path, "/src/%zu.py", i);
        cr_assert(eq(str, (char *)source->path, path));
        cr_assert(eq(u64, source->whole_hash, hash_bytes(text, sizes[i])));
        check_text((struct text_span){source->text, source->size}, text,
                   sizes[i]);
        cr_assert(function != NULL);
        cr_assert(eq(u32, function->line, i));
        cr_assert(eq(sz, strlen(function->name),
                     sizes[i] < 65536 ? sizes[i] : 65536));
        free(text);
    }
    cr_assert(eq(str, (char *)cursor.section->executable, "/bin/app"));
    cr_assert(eq(u32, cursor.section->argument_count, 2));
    close_cursor(&cursor);
}

static void *
name_itself(void *argument)
{
    (void)argument;
    (void)prctl(PR_SET_NAME, "kernel name");
    thread_log_put(recording_thread(recorder), event_tag(EVENT_CALL, 1));
    return NULL;
}

Test(records, of_names_say_the_last_ones)
{
    struct cursor cursor;
    pthread_t thread;

    (void)recording_thread(recorder);
    recorder_name_thread(recorder, span("first"));
    recorder_name_thread(recorder, span("MainThread"));
    recorder_name_process(recorder, span("ForkProcess-1"));
    thread_log_put(thread_log_current, event_tag(EVENT_CALL, 1));
    cr_assert(zero(int, pthread_create(&thread, NULL, name_itself, NULL)));
    pthread_join(thread, NULL);
    recorder_finish(recorder);
    open_cursor(&cursor);
    cr_assert(eq(str, (char *)cursor.section->name, "ForkProcess-1"));
    cr_assert(eq(str, (char *)recording_stream(cursor.section, 1)->name,
                 "MainThread"));
    cr_assert(eq(str, (char *)recording_stream(cursor.section, 2)->name,
                 "kernel name"));
    cr_assert(ne(u64, recording_stream(cursor.section, 2)->end_tick, 0));
    close_cursor(&cursor);
}
