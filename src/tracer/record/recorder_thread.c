// SPDX-License-Identifier: Apache-2.0
/* What a thread does itself: attach, take a name, put what is no call. */
#include "tracer/record/recorder.h"

#include "tracer/record/record_text.h"
#include "tracer/record/recorder_state.h"
#include "tracer/record/stream_log.h"

enum {
    INSTANT_NAME_SIZE = 4000,
    OBJECT_ID_SIZE = 200,
    OBJECT_NAME_SIZE = 3800,
    COUNTER_TEXT_SIZE = 1000,
    COUNTER_SERIES = 64,
};

static struct thread_log *
attach_thread(struct recorder *recorder, struct text_span name)
{
    struct stream_log *stream = stream_log_new(recorder);

    if (stream == NULL || !recorder_watch_thread(recorder)
        || !recorder_inherit_calls(recorder, stream)) {
        (void)recorder_stop(recorder, VZT_STOP_NO_MEMORY);
        return NULL;
    }
    if (!stream_log_name(recorder, stream, name)
        || !stream_log_begin(recorder, stream)) {
        return NULL;
    }
    return &stream->log;
}

struct thread_log *
recorder_thread(struct recorder *recorder, struct text_span name)
{
    struct thread_log *log = thread_log_current;
    struct recorder_section section;

    if (!recorder_is_recording(recorder)) {
        return NULL;
    }
    if (log != NULL && log->recorder == recorder) {
        return log;
    }
    log = NULL;
    if (recorder_enter(recorder, &section) && recorder_open(recorder)) {
        log = attach_thread(recorder, name);
        thread_log_current = log;
    }
    recorder_leave(recorder, &section);
    return log;
}

void
recorder_name_thread(struct recorder *recorder, struct text_span name)
{
    struct thread_log *log = recorder_thread(recorder, name);
    struct recorder_section section;

    if (log == NULL) {
        return;
    }
    if (recorder_enter(recorder, &section) && thread_log_current == log) {
        struct stream_log *stream = stream_log_of(log);

        (void)stream_log_name(
            recorder, stream->home != NULL ? stream->home : stream, name);
    }
    recorder_leave(recorder, &section);
}

static struct thread_log *
current_log(struct recorder *recorder)
{
    return recorder_thread(recorder, (struct text_span){0});
}

void
recorder_instant(struct recorder *recorder, enum vzt_scope scope,
                 struct text_span name, struct text_span args)
{
    struct thread_log *log = current_log(recorder);
    uint64_t words[RECORD_WORDS];
    size_t count;

    if (log == NULL) {
        return;
    }
    name = cut_text(name, INSTANT_NAME_SIZE);
    count = record_encode_instant(words, RECORD_WORDS, scope, name, args);
    if (count == 0) {
        uint32_t id = recorder_define_string(recorder, args);

        if (id == 0) {
            return;
        }
        count = record_encode_instant_by_string(words, RECORD_WORDS, scope,
                                                name, id);
    }
    thread_log_put_record(log, words, count);
}

void
recorder_object(struct recorder *recorder, enum vzt_object_phase phase,
                struct text_span id, struct text_span name,
                struct text_span args)
{
    struct thread_log *log = current_log(recorder);
    struct object_record object = {
        .phase = phase,
        .id = cut_text(id, OBJECT_ID_SIZE),
        .name = cut_text(name, OBJECT_NAME_SIZE),
        .args = args,
    };
    uint64_t words[RECORD_WORDS];
    size_t count;

    if (log == NULL) {
        return;
    }
    count = record_encode_object(words, RECORD_WORDS, &object);
    if (count == 0) {
        object.args_string = recorder_define_string(recorder, args);
        if (object.args_string == 0) {
            return;
        }
        count = record_encode_object(words, RECORD_WORDS, &object);
    }
    thread_log_put_record(log, words, count);
}

/* As many of the values as one record holds; the largest one always fits. */
static size_t
put_counter_part(struct thread_log *log, struct text_span name,
                 const struct counter_value *values, size_t count)
{
    uint64_t words[RECORD_WORDS];
    size_t word_count;

    for (;;) {
        word_count =
            record_encode_counter(words, RECORD_WORDS, name, values, count);
        if (word_count > 0) {
            thread_log_put_record(log, words, word_count);
            return count;
        }
        count = (count + 1) / 2;
    }
}

void
recorder_counter(struct recorder *recorder, struct text_span name,
                 const struct counter_value *values, size_t count)
{
    struct thread_log *log = current_log(recorder);
    struct counter_value cut[COUNTER_SERIES];

    if (log == NULL) {
        return;
    }
    name = cut_text(name, COUNTER_TEXT_SIZE);
    count = count < COUNTER_SERIES ? count : COUNTER_SERIES;
    for (size_t i = 0; i < count; i++) {
        cut[i] = values[i];
        cut[i].key = cut_text(values[i].key, COUNTER_TEXT_SIZE);
    }
    for (size_t i = 0; i < count;) {
        i += put_counter_part(log, name, cut + i, count - i);
    }
}

void
recorder_gap(struct recorder *recorder, enum vzt_gap_reason reason,
             uint64_t start_tick)
{
    struct thread_log *log = current_log(recorder);
    uint64_t words[RECORD_WORDS];

    if (log != NULL) {
        size_t count =
            record_encode_gap(words, RECORD_WORDS, reason,
                              start_tick + stream_log_of(log)->tick_shift, 0);

        thread_log_put_record(log, words, count);
    }
}
