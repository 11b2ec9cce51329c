// SPDX-License-Identifier: Apache-2.0
#include "import/event_intake_parts.h"

#include "base/array.h"
#include "base/error.h"
#include "base/intern.h"
#include "import/chrome_event.h"
#include "import/event_sort.h"
#include "import/json_value.h"
#include "import/payload_merge.h"
#include "import/temporary_file.h"

enum {
    RECORD_OVERHEAD = 64, /* more than the fixed part of any record */
    ENTRIES_PER_REPORT = 1024,
};

bool
intake_lose(struct event_intake *intake, enum import_loss why)
{
    intake->losses.lost[why]++;
    return true;
}

bool
intake_goes_on(struct event_intake *intake, struct error *err)
{
    return intake->finished_count++ % ENTRIES_PER_REPORT != 0
           || progress_report(&intake->progress, 0, 1)
           || error_set(err, ERROR_CANCELLED, "cancelled");
}

bool
intake_reserve_words(struct event_intake *intake, size_t text_size,
                     struct error *err)
{
    return array_reserve((void **)&intake->words, &intake->word_capacity,
                         (text_size + RECORD_OVERHEAD) / 8 + 1,
                         sizeof *intake->words, err);
}

/* Put a record aside that was made in intake->words. Entries have 32 bits for
 * its place; what comes behind is dropped. */
bool
intake_put_record(struct event_intake *intake, size_t count, uint32_t *place,
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
intake_find_process(struct event_intake *intake,
                    const struct chrome_event *event, uint32_t *process,
                    bool *found, struct error *err)
{
    *found = false;
    if (!event_tables_process(&intake->tables, event->pid, process, err)) {
        return false;
    }
    if (*process == UINT32_MAX) {
        return intake_lose(intake, IMPORT_LOSS_TOO_MANY_PROCESSES);
    }
    *found = true;
    return true;
}

bool
intake_find_place(struct event_intake *intake, const struct chrome_event *event,
                  struct sort_entry *entry, bool *found, struct error *err)
{
    struct event_tables *tables = &intake->tables;

    *found = event_tables_recall(tables, event->pid, event->tid,
                                 &entry->process, &entry->thread);
    if (*found) {
        return true;
    }
    if (!intake_find_process(intake, event, &entry->process, found, err)) {
        return false;
    }
    if (!*found) {
        return true;
    }
    if (!event_tables_thread(&intake->tables, entry->process, event->tid,
                             &entry->thread, err)) {
        return false;
    }
    *found = entry->thread != UINT32_MAX;
    if (!*found) {
        return intake_lose(intake, IMPORT_LOSS_TOO_MANY_THREADS);
    }
    event_tables_remember(tables, event->pid, event->tid, entry->process,
                          entry->thread);
    return true;
}

static inline void
lower(int64_t *first_ns, int64_t ns)
{
    if (ns < *first_ns) {
        *first_ns = ns;
    }
}

bool
intake_put_entry(struct event_intake *intake, const struct sort_entry *entry,
                 struct error *err)
{
    struct event_tables *tables = &intake->tables;

    lower(&intake->first_ns, entry->start_ns);
    lower(&tables->processes[entry->process].first_ns, entry->start_ns);
    lower(&tables->threads[entry->thread].first_ns, entry->start_ns);
    return event_sort_add(intake->calls, entry, err);
}

bool
intake_add_entry(struct event_intake *intake, struct event_sort *sort,
                 const struct sort_entry *entry, struct error *err)
{
    struct event_tables *tables = &intake->tables;

    lower(&intake->first_ns, entry->start_ns);
    lower(&tables->processes[entry->process].first_ns, entry->start_ns);
    lower(&tables->threads[entry->thread].first_ns, entry->start_ns);
    intake->event_count++;
    return event_sort_add(sort, entry, err);
}

/* Names are kept as they stand in the file. */
bool
intake_find_name(struct event_intake *intake, const struct chrome_event *event,
                 uint32_t *name, struct error *err)
{
    uint32_t id;

    intake->losses.cut[IMPORT_CUT_NAME] += event->is_name_cut;
    if (!intern_table_add(intake->tables.names, event->name.data,
                          event->name.size, &id, err)) {
        return false;
    }
    *name = id << INTAKE_NAME_SHIFT | event->is_function;
    return id <= INTAKE_NAME_MASK >> INTAKE_NAME_SHIFT
           || error_set(err, ERROR_UNSUPPORTED, "more than 2^27 names");
}

static bool
find_stack(struct event_intake *intake, struct text_span key,
           struct text_span list, stack_reference *stack, struct error *err)
{
    *stack = STACK_NONE;
    if (key.size > 0) {
        return stack_frames_of_key(&intake->frames, key, stack, err);
    }
    return list.size == 0
           || stack_frames_of_list(&intake->frames, list, stack, err);
}

bool
intake_find_stack(struct event_intake *intake, const struct chrome_event *event,
                  stack_reference *stack, struct error *err)
{
    return find_stack(intake, event->frame, event->stack, stack, err);
}

/* What an end calls its stack is that at the end of the call. */
static bool
find_stacks(struct event_intake *intake, const struct chrome_event *event,
            stack_reference stacks[2], struct error *err)
{
    bool is_end =
        event->phase == 'E' || event->phase == 'e' || event->phase == 'F';

    if (!intake_find_stack(intake, event, &stacks[is_end], err)) {
        return false;
    }
    return stacks[1] != STACK_NONE
           || find_stack(intake, event->end_frame, event->end_stack, &stacks[1],
                         err);
}

bool
intake_put_arguments(struct event_intake *intake,
                     const struct chrome_event *event, uint32_t *place,
                     struct error *err)
{
    stack_reference stacks[2] = {STACK_NONE, STACK_NONE};

    if (!find_stacks(intake, event, stacks, err)) {
        return false;
    }
    intake->losses.cut[IMPORT_CUT_ARGS] += event->are_args_cut;
    return payload_put(intake, event->args, stacks, place, err);
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

bool
intake_add_record(struct event_intake *intake, const struct chrome_event *event,
                  struct sort_entry entry, size_t word_count, struct error *err)
{
    if (!intake_put_record(intake, word_count, &entry.payload, err)) {
        return false;
    }
    if (entry.payload == 0) {
        return true; /* there are too many, and that was counted */
    }
    leave_thread_zero(intake, event, &entry);
    entry.what = (uint32_t)INTAKE_RECORD << INTAKE_KIND_SHIFT;
    return intake_add_entry(intake, intake->calls, &entry, err);
}

bool
intake_make_instant(struct event_intake *intake,
                    const struct chrome_event *event, enum vzt_scope scope,
                    size_t *count, struct error *err)
{
    struct buffer *name = &intake->text;

    buffer_clear(name);
    json_value_string(event->name, name);
    intake->losses.cut[IMPORT_CUT_NAME] += event->is_name_cut;
    intake->losses.cut[IMPORT_CUT_ARGS] += event->are_args_cut;
    if (!buffer_is_ok(name)) {
        return error_set_no_memory(err);
    }
    if (!intake_reserve_words(intake, name->size + event->args.size, err)) {
        return false;
    }
    *count = record_encode_instant(intake->words, intake->word_capacity, scope,
                                   intake_span(name), event->args);
    return true;
}
