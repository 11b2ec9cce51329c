// SPDX-License-Identifier: Apache-2.0
/*
 * What ends at one moment was closed by one event: a return that did not match
 * closes callees with its own call. So exits of one time are collected, and one
 * exit is written for them, that of the outermost call; the others are closed
 * by it as they were before. A gap closes all calls, and needs none.
 *
 * Where an event that was left out bounded something, a record says that there
 * was one (RECORD_LEFT_OUT).
 */
#include "export/cut_track.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "export/cut_block.h"
#include "format/event.h"
#include "format/layout.h"
#include "format/reader.h"
#include "format/record_decode.h"
#include "format/writer.h"
#include "model/trace_model.h"

enum { GAP_WORDS = 8 }; /* more than a record of a gap has */

/* A call that is kept. */
struct kept_call {
    uint64_t start_tick; /* as the file has it */
    uint64_t end_ns;
    uint32_t function; /* of the section */
    uint32_t depth;    /* among all calls, hidden or not */
    uint16_t flags;    /* once it has ended */
    bool is_c;
};

bool
cut_track_begin_section(struct cut_track *cut, struct trace_writer *writer,
                        struct error *err)
{
    size_t count = (size_t)trace_model_function_count(cut->model) + 1;

    cut->writer = writer;
    if (cut->functions == NULL) {
        cut->functions = array_new(count, sizeof *cut->functions, err);
        return cut->functions != NULL;
    }
    memset(cut->functions, 0, count * sizeof *cut->functions);
    return true;
}

void
cut_track_begin(struct cut_track *cut, uint32_t track, uint32_t stream)
{
    cut->track = track;
    cut->stream = stream;
    cut->depth = cut->ended_count = 0;
    cut->has_started = cut->has_block = false;
    cut->begun_ns = cut->written_ns = 0;
}

void
cut_track_release(struct cut_track *cut)
{
    free(cut->functions);
    free(cut->calls);
    free(cut->ended);
    *cut = (struct cut_track){0};
}

static struct text_span
span(const char *text)
{
    return (struct text_span){.data = text, .size = strlen(text)};
}

/* The section's id of a function, 0 = unknown. */
static uint32_t
function_id(struct cut_track *cut, uint32_t index, bool *is_c)
{
    const struct model_function *function;

    *is_c = false;
    if (index >= trace_model_function_count(cut->model)) {
        return 0;
    }
    function = trace_model_function(cut->model, index);
    *is_c = function->kind == VZT_FUNCTION_C;
    if (cut->functions[index] == 0) {
        cut->functions[index] = trace_writer_function(
            cut->writer,
            &(struct function_definition){.kind = function->kind,
                                          .line = function->line,
                                          .name = span(function->name),
                                          .file = span(function->file)});
    }
    return cut->functions[index];
}

/* Time in the file, which never goes back whatever the trace claims. */
static uint64_t
tick_of(const struct cut_track *cut, uint64_t time_ns)
{
    uint64_t least_ns = cut->has_started ? cut->written_ns : 0;

    least_ns = cut->begun_ns > least_ns ? cut->begun_ns : least_ns;
    return cut->base_ns + (time_ns > least_ns ? time_ns : least_ns);
}

static void
note_written(struct cut_track *cut, uint64_t time_ns)
{
    cut->has_started = true;
    cut->written_ns = time_ns > cut->written_ns ? time_ns : cut->written_ns;
}

/* Something was here, unless something is. */
static void
put_left_out(struct cut_track *cut, uint64_t time_ns)
{
    uint64_t word = record_tag(RECORD_LEFT_OUT, 0);

    if (!cut->has_started || cut->written_ns < time_ns) {
        trace_writer_record(cut->writer, cut->stream, tick_of(cut, time_ns),
                            &word, 1);
        note_written(cut, time_ns);
    }
}

/* Begin a block of the stream with the calls that are open. */
static bool
begin_block(struct cut_track *cut, uint64_t first_ns, uint64_t lost_calls,
            bool has_gap, struct error *err)
{
    struct vzt_open_call *calls = array_new(cut->depth, sizeof *calls, err);
    uint64_t tick = tick_of(cut, first_ns);

    if (calls == NULL) {
        return false;
    }
    for (size_t i = 0; i < cut->depth; i++) {
        calls[i] = (struct vzt_open_call){
            .function = cut->calls[i].function,
            .flags = VZT_OPEN_START_UNKNOWN,
            .start_tick = cut->calls[i].start_tick,
        };
    }
    trace_writer_begin_block(
        cut->writer, cut->stream,
        &(struct writer_block_start){.first_ns = tick,
                                     .calls = calls,
                                     .call_count = cut->depth,
                                     .lost_calls = lost_calls,
                                     .has_gap = has_gap});
    cut->begun_ns = tick - cut->base_ns;
    free(calls);
    return true;
}

static void
put_exit(struct cut_track *cut, const struct kept_call *call)
{
    enum event_kind kind = call->is_c ? EVENT_C_RETURN : EVENT_RETURN;

    if (call->flags & SLICE_RAISED) {
        kind = call->is_c ? EVENT_C_RAISE : EVENT_UNWIND;
    } else if (call->flags & SLICE_YIELDED) {
        kind = EVENT_YIELD;
    }
    trace_writer_event(cut->writer, cut->stream, kind, call->function,
                       tick_of(cut, cut->ended_ns));
    note_written(cut, cut->ended_ns);
}

/* Whether the exit of the outermost one closes all that ended; it closes what
 * is above the innermost call of its function. */
static bool
closes_all(const struct cut_track *cut)
{
    const struct kept_call *outermost = &cut->ended[cut->ended_count - 1];

    for (size_t i = 0; i + 1 < cut->ended_count; i++) {
        if (cut->ended[i].function == outermost->function
            || !(cut->ended[i].flags & SLICE_TRUNCATED)) {
            return false;
        }
    }
    return true;
}

/* Write how the calls ended that did so at one moment. Where no exit can tell,
 * a border between blocks does, behind which they are not open. */
static bool
write_ended(struct cut_track *cut, struct error *err)
{
    size_t count = cut->ended_count;

    if (count == 0) {
        return true;
    }
    if (closes_all(cut)) {
        put_exit(cut, &cut->ended[count - 1]);
        cut->ended_count = 0;
        return true;
    }
    cut->ended_count = 0;
    put_left_out(cut, cut->ended_ns);
    return begin_block(cut, cut->ended_ns + 1, 0, false, err);
}

static bool
push_call(struct kept_call **calls, size_t *count, size_t *capacity,
          const struct kept_call *call, struct error *err)
{
    if (!array_reserve((void **)calls, capacity, *count + 1, sizeof **calls,
                       err)) {
        return false;
    }
    (*calls)[(*count)++] = *call;
    return true;
}

static bool
put_entry(struct cut_track *cut, const struct cut_event *event,
          const uint64_t *words, struct error *err)
{
    struct kept_call call = {.end_ns = event->end_ns, .depth = event->depth};

    if (!write_ended(cut, err)) {
        return false;
    }
    call.start_tick = tick_of(cut, event->time_ns);
    call.function = function_id(cut, event->function, &call.is_c);
    trace_writer_entry(cut->writer, cut->stream,
                       call.is_c                      ? EVENT_C_CALL
                       : event->flags & SLICE_RESUMED ? EVENT_RESUME
                                                      : EVENT_CALL,
                       call.function, call.start_tick,
                       words + event->first_word, event->word_count);
    note_written(cut, event->time_ns);
    cut->call_count++;
    return push_call(&cut->calls, &cut->depth, &cut->capacity, &call, err);
}

static bool
put_end(struct cut_track *cut, const struct cut_event *event, struct error *err)
{
    struct kept_call *call;

    if (cut->depth == 0 || cut->calls[cut->depth - 1].depth != event->depth) {
        return true; /* of a call whose arguments were judged */
    }
    if (cut->ended_count > 0 && cut->ended_ns != event->time_ns
        && !write_ended(cut, err)) {
        return false;
    }
    call = &cut->calls[--cut->depth];
    call->flags = event->flags;
    cut->ended_ns = event->time_ns;
    return push_call(&cut->ended, &cut->ended_count, &cut->ended_capacity, call,
                     err);
}

/* The record that closes all calls; they ended already. It must not close them
 * earlier than before. At the border of a block it does nothing of the kind. */
static bool
put_gap(struct cut_track *cut, const struct cut_event *event,
        const uint64_t *words, struct error *err)
{
    uint64_t closed_ns = event->time_ns;
    struct vzt_gap gap;
    uint64_t record[GAP_WORDS];

    if (cut->ended_count > 0 && cut->ended_ns == event->end_ns) {
        closed_ns = cut->ended_ns;
        cut->ended_count = 0;
    }
    words += event->first_word;
    if (!write_ended(cut, err)
        || !record_decode_gap(words + 1, record_size(*words), &gap)) {
        return false;
    }
    if (gap.start_tick < closed_ns && closed_ns < event->time_ns) {
        put_left_out(cut, closed_ns - 1);
    }
    trace_writer_record(
        cut->writer, cut->stream, tick_of(cut, event->time_ns), record,
        record_encode_gap(record, GAP_WORDS, (enum vzt_gap_reason)gap.reason,
                          cut->base_ns + gap.start_tick, gap.lost_calls));
    note_written(cut, event->time_ns);
    return true;
}

static bool
put_record(struct cut_track *cut, const struct cut_event *event,
           const uint64_t *words, struct error *err)
{
    if (!write_ended(cut, err)) {
        return false;
    }
    if (event->depth > 0
        && (cut->depth == 0
            || cut->calls[cut->depth - 1].depth != event->depth - 1)) {
        return true; /* of a call that is hidden */
    }
    trace_writer_record(cut->writer, cut->stream, tick_of(cut, event->time_ns),
                        words + event->first_word, event->word_count);
    note_written(cut, event->time_ns);
    return true;
}

static bool
put_event(struct cut_track *cut, const struct cut_block *block,
          const struct cut_event *event, struct error *err)
{
    switch ((enum cut_kind)event->kind) {
    case CUT_ENTRY:
        return put_entry(cut, event, block->words, err);
    case CUT_EXIT:
        return put_end(cut, event, err);
    case CUT_GAP:
        return put_gap(cut, event, block->words, err);
    case CUT_RECORD:
        return put_record(cut, event, block->words, err);
    }
    return true;
}

/* The calls that the block has open and the one before had not. */
static bool
add_opens(struct cut_track *cut, const struct cut_block *block, size_t *added,
          struct error *err)
{
    *added = 0;
    for (size_t i = block->straddling; i < block->open_count; i++) {
        const struct cut_open *open = &block->opens[i];
        struct kept_call call = {.start_tick = cut->base_ns + open->start_ns,
                                 .end_ns = open->end_ns,
                                 .depth = (uint32_t)i};

        if (!open->is_kept) {
            continue;
        }
        call.function = function_id(cut, open->function, &call.is_c);
        if (!push_call(&cut->calls, &cut->depth, &cut->capacity, &call, err)) {
            return false;
        }
        ++*added;
    }
    return true;
}

/* Calls at or below a depth of all calls are not open any more. */
static size_t
drop_calls(struct cut_track *cut, size_t depth)
{
    size_t dropped = 0;

    while (cut->depth > 0 && cut->calls[cut->depth - 1].depth >= depth) {
        cut->depth--;
        dropped++;
    }
    return dropped;
}

/* Calls that are known to be missing in front of a block, and whether blocks
 * are. */
static uint64_t
find_losses(const struct cut_track *cut, const struct cut_block *block,
            bool *has_gap)
{
    uint64_t expected_calls = 0;
    uint64_t expected_number = 0;

    if (cut->has_block) {
        expected_calls = cut->calls_before + cut->call_count_before;
        expected_number = cut->number + 1;
    } else if (block->block > 0) {
        *has_gap = false; /* the range begins here */
        return 0;
    }
    *has_gap = block->number != expected_number || block->is_unreadable;
    return block->calls_before > expected_calls
               ? block->calls_before - expected_calls
               : 0;
}

/* The border in front of a block, where calls may end or appear that no event
 * tells of. */
static bool
cross_border(struct cut_track *cut, const struct cut_block *block,
             struct error *err)
{
    bool has_gap;
    uint64_t lost_calls = find_losses(cut, block, &has_gap);
    size_t dropped = drop_calls(cut, block->straddling);
    size_t added;

    if (!add_opens(cut, block, &added, err)) {
        return false;
    }
    if (dropped == 0 && added == 0 && !has_gap && lost_calls == 0) {
        return true;
    }
    if (cut->has_block) {
        put_left_out(cut, cut->last_ns);
    }
    return begin_block(cut, block->start_ns, lost_calls, has_gap, err);
}

/* The first block: where the track begins is kept, and when its first event is
 * later, so is that. */
static bool
start(struct cut_track *cut, const struct cut_block *block, struct error *err)
{
    uint64_t start_ns = trace_model_track(cut->model, cut->track)->start_ns;

    if (!cut->keeps_axis) {
        return true;
    }
    if (start_ns < block->start_ns) {
        put_left_out(cut, start_ns);
        return true;
    }
    return begin_block(cut, start_ns, 0, false, err);
}

bool
cut_track_put(struct cut_track *cut, const struct cut_block *block,
              struct error *err)
{
    if ((!cut->has_block && !start(cut, block, err))) {
        return false;
    }
    if (!write_ended(cut, err) || !cross_border(cut, block, err)) {
        return false;
    }
    for (size_t i = 0; i < block->event_count; i++) {
        if (!put_event(cut, block, &block->events[i], err)) {
            return false;
        }
    }
    cut->has_block = true;
    cut->last_ns = block->last_ns;
    cut->number = block->number;
    cut->calls_before = block->calls_before;
    cut->call_count_before = block->call_count;
    return true;
}

/* What is open yet is unfinished, or goes on behind the range: it ends there
 * before the track does. Until when an unfinished call ran, other tracks may
 * tell; they are not all there without the axis. */
static bool
end_calls(struct cut_track *cut, uint64_t track_end_ns, struct error *err)
{
    if (cut->depth == 0) {
        return true;
    }
    if (!cut->keeps_axis) {
        uint64_t end_ns = cut->calls[0].end_ns;

        put_left_out(cut, cut->end_ns < end_ns ? cut->end_ns : end_ns);
        return true;
    }
    if (cut->end_ns >= cut->calls[0].end_ns || cut->end_ns >= track_end_ns) {
        return true; /* where the track's stream ends, if not before */
    }
    put_left_out(cut, cut->end_ns);
    cut->depth = 0;
    return begin_block(cut, track_end_ns, 0, false, err);
}

/* A stream that did not end does so when unfinished calls leave the range. */
static void
end_stream(struct cut_track *cut, bool has_unfinished)
{
    const struct trace_stream *stream =
        trace_model_stream(cut->model, cut->track);
    uint32_t process = trace_model_track(cut->model, cut->track)->process;
    uint64_t end_ns =
        stream->end_tick == 0
            ? UINT64_MAX
            : trace_model_tick_time(cut->model, process, stream->end_tick);

    if ((has_unfinished || !cut->keeps_axis) && cut->end_ns < end_ns) {
        end_ns = cut->end_ns;
    }
    if (end_ns != UINT64_MAX) {
        trace_writer_end_stream(cut->writer, cut->stream,
                                cut->base_ns + end_ns);
    }
}

/* What was not read of the trace, because opening it was stopped, is a gap
 * behind the track's last event. */
static void
put_unread(struct cut_track *cut, const struct model_track *track)
{
    const struct model_gap *gap;
    uint64_t words[GAP_WORDS];

    if (track->gap_count == 0) {
        return;
    }
    gap = &trace_model_gaps(cut->model, cut->track)[track->gap_count - 1];
    if (gap->end_ns > track->end_ns && cut->end_ns == UINT64_MAX) {
        trace_writer_record(
            cut->writer, cut->stream, tick_of(cut, gap->end_ns), words,
            record_encode_gap(words, GAP_WORDS, VZT_GAP_PAUSED,
                              cut->base_ns + gap->start_ns, gap->lost_calls));
        note_written(cut, gap->end_ns);
    }
}

bool
cut_track_end(struct cut_track *cut, struct error *err)
{
    const struct model_track *track = trace_model_track(cut->model, cut->track);

    if (!write_ended(cut, err) || !end_calls(cut, track->end_ns, err)) {
        return false;
    }
    if (cut->keeps_axis
        && trace_model_stream(cut->model, cut->track)->block_count > 0) {
        put_left_out(cut, track->start_ns);
        /* The range may begin where only unfinished calls still are. */
        put_left_out(cut, track->end_ns > cut->begun_ns ? track->end_ns
                                                        : cut->begun_ns);
        put_unread(cut, track);
    }
    end_stream(cut, cut->depth > 0);
    trace_writer_flush_stream(cut->writer, cut->stream);
    return true;
}
