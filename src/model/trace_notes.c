// SPDX-License-Identifier: Apache-2.0
#include "model/trace_notes.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/text.h"
#include "format/reader.h"
#include "model/model_data.h"

bool
trace_notes_add(struct trace_model *model, struct error *err,
                const char *format, ...)
{
    char text[ERROR_MESSAGE_SIZE + 64];
    va_list arguments;
    char *note;
    int size;

    va_start(arguments, format);
    size = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (size < 0) {
        size = 0;
    }
    if ((size_t)size >= sizeof text) {
        size = (int)sizeof text - 1;
    }
    for (size_t i = 0; i < model->note_count; i++) {
        if (strcmp(model->notes[i], text) == 0) {
            return true; /* it was given, and found again */
        }
    }
    note = arena_copy(&model->texts, text, (size_t)size);
    if (note == NULL) {
        return error_set_no_memory(err);
    }
    if (!array_reserve((void **)&model->notes, &model->note_capacity,
                       model->note_count + 1, sizeof(char *), err)) {
        return false;
    }
    model->notes[model->note_count++] = note;
    return true;
}

static bool
note_damage(struct trace_model *model, const struct trace_file *file,
            struct error *err)
{
    const struct trace_damage *damage = trace_file_damage(file);
    char size[TEXT_NUMBER_SIZE];

    if (damage->skipped_bytes == 0 && damage->damaged_chunks == 0) {
        return true;
    }
    return trace_notes_add(model, err,
                           "%s is damaged from byte %" PRIu64
                           " on: %s; %s skipped, %" PRIu64 " damaged %s",
                           trace_file_path(file), damage->first_offset,
                           damage->first_reason,
                           text_size(size, sizeof size, damage->skipped_bytes),
                           damage->damaged_chunks,
                           damage->damaged_chunks == 1 ? "chunk" : "chunks");
}

enum { PIDS_MAX = 4 }; /* that a note lists; the others are counted */

static bool
is_same_end(const struct model_process *a, const struct model_process *b)
{
    return a->end == b->end && strcmp(a->name, b->name) == 0
           && strcmp(a->end_text, b->end_text) == 0;
}

/* Workers of a pool end alike: one note for all, at the first of them. */
static bool
note_same_ends(struct trace_model *model, const struct model_process *process,
               struct error *err)
{
    struct buffer pids = {0};
    size_t count = 0;
    bool ok;

    for (size_t i = 0; i < model->process_count; i++) {
        const struct model_process *other = &model->processes[i];

        if (!is_same_end(other, process)) {
            continue;
        }
        if (count == 0 && other != process) {
            return true; /* its note is there */
        }
        if (count < PIDS_MAX) {
            buffer_append_format(&pids, "%s%" PRIu32, count == 0 ? "" : ", ",
                                 other->pid);
        }
        count++;
    }
    if (count > PIDS_MAX) {
        buffer_append_format(&pids, " and %zu more", count - PIDS_MAX);
    }
    ok = buffer_is_ok(&pids)
             ? trace_notes_add(model, err, "%s (pid%s %s): %s", process->name,
                               count == 1 ? "" : "s", pids.data,
                               process->end_text)
             : error_set_no_memory(err);
    buffer_release(&pids);
    return ok;
}

static bool
note_end(struct trace_model *model, const struct model_process *process,
         const struct vzt_status *status, struct error *err)
{
    switch (process->end) {
    case PROCESS_END_UNKNOWN:
    case PROCESS_END_FINISHED:
        break;
    case PROCESS_END_RUNNING:
        return trace_notes_add(model, err,
                               "%s (pid %" PRIu32 ") is still "
                               "being recorded",
                               process->name, process->pid);
    case PROCESS_END_KILLED:
    case PROCESS_END_SIGNAL:
    case PROCESS_END_STOPPED:
        if (process->end == PROCESS_END_STOPPED
            && status->stop_reason == VZT_STOP_EXEC) {
            break; /* as programs do */
        }
        if (!note_same_ends(model, process, err)) {
            return false;
        }
        break;
    }
    if ((status->flags & VZT_STATUS_PRIVATE_STAGING)
        && process->end == PROCESS_END_KILLED) {
        return trace_notes_add(model, err,
                               "%s (pid %" PRIu32 "): its last calls are "
                               "missing, since they could not be kept through "
                               "a kill",
                               process->name, process->pid);
    }
    return true;
}

enum { COUNT_SIZE = TEXT_NUMBER_SIZE + 16 };

/* A number and what it counts. */
static const char *
count_of(char *text, size_t size, uint64_t count, const char *one,
         const char *many)
{
    char number[TEXT_NUMBER_SIZE];

    (void)snprintf(text, size, "%s %s",
                   text_grouped(number, sizeof number, count),
                   count == 1 ? one : many);
    return text;
}

static bool
note_losses(struct trace_model *model, const struct model_process *process,
            const struct vzt_status *status, struct error *err)
{
    char count[COUNT_SIZE];
    char limit[TEXT_NUMBER_SIZE];
    bool is_bounded = status->call_limit > 0;

    if (process->lost_calls > 0
        && !trace_notes_add(
            model, err, "%s (pid %" PRIu32 "): %s missing%s%s", process->name,
            process->pid,
            count_of(count, sizeof count, process->lost_calls, "call is",
                     "calls are"),
            is_bounded ? ", left out to keep the latest "
            : status->flags & VZT_STATUS_RING
                ? ", given up to keep the latest within the limit"
                : "",
            is_bounded ? text_grouped(limit, sizeof limit, status->call_limit)
                       : "")) {
        return false;
    }
    return status->lost_events == 0
           || trace_notes_add(model, err,
                              "%s (pid %" PRIu32
                              "): missing: %s that came after recording "
                              "had stopped",
                              process->name, process->pid,
                              count_of(count, sizeof count, status->lost_events,
                                       "event", "events"));
}

static bool
note_unfollowed(struct trace_model *model, const struct model_process *process,
                uint64_t count, struct error *err)
{
    char number[TEXT_NUMBER_SIZE];

    return count == 0
           || trace_notes_add(
               model, err,
               "%s (pid %" PRIu32 ") started %s Python process%s that could "
               "not be recorded: with -I, -E or -S, or without its environment",
               process->name, process->pid,
               text_grouped(number, sizeof number, count),
               count == 1 ? "" : "es");
}

static bool
note_summary(struct trace_model *model, uint64_t unreadable, struct error *err)
{
    const struct trace_summary *summary = &model->summary;
    char count[COUNT_SIZE];

    if (unreadable > 0
        && !trace_notes_add(model, err,
                            "%s missing: what is there could not be read",
                            count_of(count, sizeof count, unreadable,
                                     "block is", "blocks are"))) {
        return false;
    }
    return summary->mismatched_returns == 0
           || trace_notes_add(model, err, "%s did not match the open call",
                              count_of(count, sizeof count,
                                       summary->mismatched_returns, "return",
                                       "returns"));
}

bool
trace_notes_build(struct trace_model *model, uint64_t unreadable,
                  struct error *err)
{
    for (size_t i = 0; i < model->file_count; i++) {
        if (!note_damage(model, model->files[i], err)) {
            return false;
        }
    }
    for (size_t i = 0; i < model->process_count; i++) {
        const struct model_process *process = &model->processes[i];
        const struct vzt_status *status =
            &model->sections[model->process_sections[i]].section->status;

        if (!note_end(model, process, status, err)
            || !note_losses(model, process, status, err)
            || !note_unfollowed(model, process, status->unfollowed_children,
                                err)) {
            return false;
        }
    }
    return note_summary(model, unreadable, err);
}
