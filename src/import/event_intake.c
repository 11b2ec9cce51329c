// SPDX-License-Identifier: Apache-2.0
#include "import/event_intake.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "base/intern.h"
#include "import/chrome_event.h"
#include "import/event_sort.h"
#include "import/half_calls.h"
#include "import/json_object.h"
#include "import/json_value.h"
#include "import/temporary_file.h"

enum {
    RECORD_OVERHEAD = 64, /* more than the fixed part of any record */
};

bool
event_intake_init(struct event_intake *intake, size_t run_size,
                  struct error *err)
{
    const uint64_t nothing = 0; /* so that no payload is at place 0 */

    *intake = (struct event_intake){.first_ns = INT64_MAX};
    return event_tables_init(&intake->tables, err)
           && event_sort_new(&intake->calls, run_size, err)
           && event_sort_new(&intake->halves, run_size, err)
           && temporary_file_open(&intake->payload, err)
           && temporary_file_append(intake->payload, &nothing, sizeof nothing,
                                    err);
}

static bool
lose(struct event_intake *intake, enum import_loss why)
{
    intake->losses.lost[why]++;
    return true;
}

static struct text_span
span_of(const struct buffer *buffer)
{
    return (struct text_span){buffer->data, buffer->size};
}

static bool
reserve_words(struct event_intake *intake, size_t text_size, struct error *err)
{
    return array_reserve((void **)&intake->words, &intake->word_capacity,
                         (text_size + RECORD_OVERHEAD) / 8 + 1,
                         sizeof *intake->words, err);
}

/* Put a record aside that was made in intake->words. Entries have 32 bits for
 * its place; what comes behind is dropped. */
static bool
put_record(struct event_intake *intake, size_t count, uint32_t *place,
           struct error *err)
{
    uint64_t word = temporary_file_size(intake->payload) / 8;

    *place = 0;
    if (word > UINT32_MAX) {
        intake->losses.cut[IMPORT_CUT_ARGS_DROPPED]++;
        return true;
    }
    *place = (uint32_t)word;
    return temporary_file_append(intake->payload, intake->words,
                                 count * sizeof *intake->words, err);
}

bool
event_intake_put_aside(struct event_intake *intake, const void *data,
                       size_t size, uint64_t *place, struct error *err)
{
    static const char zeros[8] = {0};

    *place = temporary_file_size(intake->payload);
    return temporary_file_append(intake->payload, data, size, err)
           && temporary_file_append(intake->payload, zeros, -size % 8, err);
}

bool
event_intake_payload(struct event_intake *intake, uint32_t place,
                     const uint64_t **words, size_t *count, struct error *err)
{
    uint64_t head;

    if (!temporary_file_read(intake->payload, (uint64_t)place * 8, &head,
                             sizeof head, err)
        || !reserve_words(intake, (size_t)record_size(head) * 8, err)
        || !temporary_file_read(
            intake->payload, (uint64_t)place * 8, intake->words,
            (1 + (size_t)record_size(head)) * sizeof head, err)) {
        return false;
    }
    *words = intake->words;
    *count = 1 + (size_t)record_size(head);
    return true;
}

/* The process and thread of an event; *found is false when it was counted as
 * lost. */
static bool
find_place(struct event_intake *intake, const struct chrome_event *event,
           struct sort_entry *entry, bool *found, struct error *err)
{
    struct event_tables *tables = &intake->tables;

    *found = false;
    if (!event_tables_process(tables, span_of(&event->pid), &entry->process,
                              err)) {
        return false;
    }
    if (entry->process == UINT32_MAX) {
        return lose(intake, IMPORT_LOSS_TOO_MANY_PROCESSES);
    }
    if (!event_tables_thread(tables, entry->process, span_of(&event->tid),
                             &entry->thread, err)) {
        return false;
    }
    if (entry->thread == UINT32_MAX) {
        return lose(intake, IMPORT_LOSS_TOO_MANY_THREADS);
    }
    *found = true;
    return true;
}

static inline void
lower(int64_t *first_ns, int64_t ns)
{
    if (ns < *first_ns) {
        *first_ns = ns;
    }
}

static bool
add_entry(struct event_intake *intake, struct event_sort *sort,
          const struct sort_entry *entry, struct error *err)
{
    struct event_tables *tables = &intake->tables;

    lower(&intake->first_ns, entry->start_ns);
    lower(&tables->processes[entry->process].first_ns, entry->start_ns);
    lower(&tables->threads[entry->thread].first_ns, entry->start_ns);
    intake->event_count++;
    return event_sort_add(sort, entry, err);
}

/* Names are kept as they stand in the file, behind a letter that says whether
 * it is a function of VizTracer's. */
static bool
find_name(struct event_intake *intake, const struct chrome_event *event,
          uint32_t *name, struct error *err)
{
    struct buffer *key = &intake->text;

    intake->losses.cut[IMPORT_CUT_NAME] += event->is_name_cut;
    buffer_clear(key);
    buffer_append_char(key, event->is_function ? 'f' : 'o');
    buffer_append(key, event->name.data, event->name.size);
    if (!buffer_is_ok(key)) {
        return error_set_no_memory(err);
    }
    if (!intern_table_add(intake->tables.names, key->data, key->size, name,
                          err)) {
        return false;
    }
    return *name <= INTAKE_NAME_MASK
           || error_set(err, ERROR_UNSUPPORTED, "more than 2^28 names");
}

static bool
put_arguments(struct event_intake *intake, const struct chrome_event *event,
              uint32_t *place, struct error *err)
{
    *place = 0;
    if (event->args.size == 0) {
        return true;
    }
    intake->losses.cut[IMPORT_CUT_ARGS] += event->are_args_cut;
    return reserve_words(intake, event->args.size, err)
           && put_record(intake,
                         record_encode_arguments(intake->words,
                                                 intake->word_capacity,
                                                 span_of(&event->args)),
                         place, err);
}

static bool
add_call(struct event_intake *intake, const struct chrome_event *event,
         struct sort_entry entry, struct error *err)
{
    struct import_process *process = &intake->tables.processes[entry.process];
    uint32_t name;

    if (event->duration == CHROME_VALUE_BAD) {
        return lose(intake, IMPORT_LOSS_BAD_DURATION);
    }
    if (event->duration == CHROME_VALUE_GOOD && event->duration_ns < 0) {
        return lose(intake, IMPORT_LOSS_NEGATIVE_DURATION);
    }
    if (event->duration == CHROME_VALUE_GOOD) {
        entry.end_ns += event->duration_ns;
    }
    if (!find_name(intake, event, &name, err)
        || !put_arguments(intake, event, &entry.payload, err)) {
        return false;
    }
    entry.what = (uint32_t)INTAKE_CALL << INTAKE_KIND_SHIFT | name;
    if (process->home_thread == UINT32_MAX) {
        process->home_thread = entry.thread;
    }
    return add_entry(intake, intake->calls, &entry, err);
}

static bool
add_half(struct event_intake *intake, const struct chrome_event *event,
         struct sort_entry entry, struct error *err)
{
    struct import_process *process = &intake->tables.processes[entry.process];
    enum intake_kind kind = event->phase == 'B' ? INTAKE_BEGIN : INTAKE_END;
    uint32_t name;

    if (!find_name(intake, event, &name, err)
        || !put_arguments(intake, event, &entry.payload, err)) {
        return false;
    }
    entry.what = (uint32_t)kind << INTAKE_KIND_SHIFT | name;
    if (process->home_thread == UINT32_MAX) {
        process->home_thread = entry.thread;
    }
    return add_entry(intake, intake->halves, &entry, err);
}

/* What is no call belongs to the thread it names. Version 0.3 of VizTracer
 * writes 0 for all; that is none of the process' own threads. */
static void
leave_thread_zero(struct event_intake *intake, const struct chrome_event *event,
                  struct sort_entry *entry)
{
    uint32_t home = intake->tables.processes[entry->process].home_thread;

    if (event->tid.size == 1 && event->tid.data[0] == '0'
        && home != UINT32_MAX) {
        entry->thread = home;
    }
}

static bool
add_record(struct event_intake *intake, const struct chrome_event *event,
           struct sort_entry entry, size_t word_count, struct error *err)
{
    if (!put_record(intake, word_count, &entry.payload, err)) {
        return false;
    }
    if (entry.payload == 0) {
        return true; /* there are too many, and that was counted */
    }
    leave_thread_zero(intake, event, &entry);
    entry.what = (uint32_t)INTAKE_RECORD << INTAKE_KIND_SHIFT;
    return add_entry(intake, intake->calls, &entry, err);
}

static enum vzt_scope
scope_of(char letter)
{
    return letter == 'g'   ? VZT_SCOPE_GLOBAL
           : letter == 'p' ? VZT_SCOPE_PROCESS
                           : VZT_SCOPE_THREAD;
}

static bool
add_instant(struct event_intake *intake, const struct chrome_event *event,
            struct sort_entry entry, struct error *err)
{
    const struct buffer *args = &event->args;
    struct buffer *name = &intake->text;

    buffer_clear(name);
    json_value_string(span_of(&event->name), name);
    intake->losses.cut[IMPORT_CUT_NAME] += event->is_name_cut;
    intake->losses.cut[IMPORT_CUT_ARGS] += event->are_args_cut;
    if (!buffer_is_ok(name)) {
        return error_set_no_memory(err);
    }
    if (!reserve_words(intake, name->size + args->size, err)) {
        return false;
    }
    return add_record(intake, event, entry,
                      record_encode_instant(
                          intake->words, intake->word_capacity,
                          scope_of(event->scope), span_of(name), span_of(args)),
                      err);
}

static enum vzt_object_phase
phase_of(char letter)
{
    return letter == 'N'   ? VZT_OBJECT_CREATED
           : letter == 'D' ? VZT_OBJECT_DELETED
                           : VZT_OBJECT_SNAPSHOT;
}

static bool
add_object(struct event_intake *intake, const struct chrome_event *event,
           struct sort_entry entry, struct error *err)
{
    struct object_record object = {
        .phase = phase_of(event->phase),
        .args = span_of(&event->args),
    };

    intake->losses.cut[IMPORT_CUT_NAME] += event->is_name_cut;
    intake->losses.cut[IMPORT_CUT_ARGS] += event->are_args_cut;
    buffer_clear(&intake->text);
    buffer_clear(&intake->more_text);
    json_value_string(span_of(&event->name), &intake->text);
    json_value_string(span_of(&event->id), &intake->more_text);
    if (!buffer_is_ok(&intake->text) || !buffer_is_ok(&intake->more_text)) {
        return error_set_no_memory(err);
    }
    object.name = span_of(&intake->text);
    object.id = span_of(&intake->more_text);
    if (!reserve_words(intake,
                       object.name.size + object.id.size + object.args.size,
                       err)) {
        return false;
    }
    return add_record(
        intake, event, entry,
        record_encode_object(intake->words, intake->word_capacity, &object),
        err);
}

static bool
add_counter(struct event_intake *intake, const struct chrome_event *event,
            struct sort_entry entry, struct error *err)
{
    struct counter_args *counter = &intake->counter;
    struct text_span name;

    if (!counter_args_read(counter, span_of(&event->name), span_of(&event->id),
                           span_of(&event->args), err)) {
        return false;
    }
    intake->losses.lost[IMPORT_LOSS_NO_VALUE] += counter->lost_count;
    intake->losses.cut[IMPORT_CUT_NAME] += counter->cut_count;
    if (counter->count == 0) {
        return true;
    }
    name = (struct text_span){counter->text.data, counter->name_size};
    if (!reserve_words(intake,
                       counter->text.size
                           + counter->count * sizeof(struct vzt_series),
                       err)) {
        return false;
    }
    return add_record(intake, event, entry,
                      record_encode_counter(intake->words,
                                            intake->word_capacity, name,
                                            counter->values, counter->count),
                      err);
}

static bool
set_name(struct event_intake *intake, const struct chrome_event *event,
         const char **name, struct error *err)
{
    struct text_span text = json_object_member(span_of(&event->args), "name");

    if (text.size == 0) {
        return true;
    }
    buffer_clear(&intake->text);
    json_value_string(text, &intake->text);
    if (!buffer_is_ok(&intake->text)) {
        return error_set_no_memory(err);
    }
    return event_tables_keep(&intake->tables, span_of(&intake->text), name,
                             err);
}

static void
set_sort_index(const struct chrome_event *event, int64_t *sort_index)
{
    struct text_span text =
        json_object_member(span_of(&event->args), "sort_index");
    struct counter_value value;

    if (json_value_number(text, &value) && value.type == VZT_VALUE_INT64) {
        *sort_index = value.value.integer;
    }
}

static bool
is_named(const struct chrome_event *event, const char *name)
{
    return event->name.size == strlen(name)
           && memcmp(event->name.data, name, event->name.size) == 0;
}

/* Names of processes and threads; other metadata is of no use here. */
static bool
add_metadata(struct event_intake *intake, const struct chrome_event *event,
             struct error *err)
{
    struct event_tables *tables = &intake->tables;
    struct sort_entry entry = {0};
    bool is_process = is_named(event, "process_name");
    bool found;

    intake->event_count++;
    if (is_process) {
        if (!event_tables_process(tables, span_of(&event->pid), &entry.process,
                                  err)) {
            return false;
        }
        return entry.process == UINT32_MAX
                   ? lose(intake, IMPORT_LOSS_TOO_MANY_PROCESSES)
                   : set_name(intake, event,
                              &tables->processes[entry.process].name, err);
    }
    if (!is_named(event, "thread_name")
        && !is_named(event, "thread_sort_index")) {
        return true;
    }
    if (!find_place(intake, event, &entry, &found, err)) {
        return false;
    }
    if (!found) {
        return true;
    }
    if (is_named(event, "thread_name")) {
        return set_name(intake, event, &tables->threads[entry.thread].name,
                        err);
    }
    set_sort_index(event, &tables->threads[entry.thread].sort_index);
    return true;
}

/* An event that happened at a time, on a thread. */
typedef bool add_function(struct event_intake *intake,
                          const struct chrome_event *event,
                          struct sort_entry entry, struct error *err);

/* What events of a phase become; NULL when they are not shown. */
static add_function *
function_of(char phase)
{
    switch (phase) {
    case 'X':
        return add_call;
    case 'B':
    case 'E':
        return add_half;
    case 'i':
    case 'I':
    case 'R':
        return add_instant;
    case 'C':
        return add_counter;
    case 'N':
    case 'O':
    case 'D':
        return add_object;
    }
    return NULL;
}

bool
event_intake_add(struct event_intake *intake, const struct chrome_event *event,
                 struct error *err)
{
    struct sort_entry entry = {0};
    add_function *add;
    bool found;

    if (event->phase == '\0') {
        return lose(intake, IMPORT_LOSS_NO_PHASE);
    }
    if (event->phase == 'M') {
        return add_metadata(intake, event, err);
    }
    add = function_of(event->phase);
    if (add == NULL) {
        intake->losses.unknown[(unsigned char)event->phase]++;
        return true;
    }
    if (event->time != CHROME_VALUE_GOOD) {
        return lose(intake, IMPORT_LOSS_NO_TIME);
    }
    if (!find_place(intake, event, &entry, &found, err)) {
        return false;
    }
    entry.start_ns = entry.end_ns = event->time_ns;
    return !found || add(intake, event, entry, err);
}

bool
event_intake_finish(struct event_intake *intake, struct error *err)
{
    if (!half_calls_pair(intake->halves, intake->calls,
                         &intake->losses.lost[IMPORT_LOSS_END_WITHOUT_BEGIN],
                         err)) {
        return false;
    }
    event_sort_free(intake->halves);
    intake->halves = NULL;
    return event_sort_finish(intake->calls, err);
}

void
event_intake_release(struct event_intake *intake)
{
    event_tables_release(&intake->tables);
    event_sort_free(intake->calls);
    event_sort_free(intake->halves);
    temporary_file_close(intake->payload);
    free(intake->words);
    counter_args_release(&intake->counter);
    buffer_release(&intake->text);
    buffer_release(&intake->more_text);
    *intake = (struct event_intake){0};
}
