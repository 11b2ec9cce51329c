// SPDX-License-Identifier: Apache-2.0
/* The one loop over events. Its speed is the time to open a trace. */
#include "model/block_decode.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "format/call_stack.h"
#include "format/clock_map.h"
#include "format/event.h"
#include "format/record_decode.h"
#include "model/model_data.h"

enum { LOOKS_PER_WORD = 256 };

static const uint32_t entry_kinds = 1u << EVENT_CALL | 1u << EVENT_RESUME
                                    | 1u << EVENT_THROW_IN | 1u << EVENT_C_CALL;
static const uint32_t exit_kinds = 1u << EVENT_RETURN | 1u << EVENT_YIELD
                                   | 1u << EVENT_UNWIND | 1u << EVENT_C_RETURN
                                   | 1u << EVENT_C_RAISE;

static const uint8_t entry_flags[16] = {
    [EVENT_RESUME] = SLICE_RESUMED,
    [EVENT_THROW_IN] = SLICE_RESUMED,
};
static const uint8_t exit_flags[16] = {
    [EVENT_UNWIND] = SLICE_RAISED,
    [EVENT_C_RAISE] = SLICE_RAISED,
    [EVENT_YIELD] = SLICE_YIELDED,
};

/* A linear piece of the clock, with the model's origin folded in. */
struct tick_line {
    uint64_t base_tick;
    uint64_t end_tick;
    int64_t base_ns;
    double fraction;
    double ns_per_tick;
};

struct decoder {
    struct span_scratch *scratch;
    const struct model_section *section;
    struct tick_line line;
    uint64_t start_ns;
    uint64_t limit_ns; /* no event is later */
    uint64_t looks_left;
    uint32_t track;
};

/* The part of a line that needs no thought: no sum on it can overflow. */
static uint64_t
plain_end(const struct clock_piece *piece)
{
    double reach = 1e18;

    if (piece->ns_per_tick > 1) {
        reach /= piece->ns_per_tick;
    }
    if (piece->end_tick - piece->base_tick <= (uint64_t)reach) {
        return piece->end_tick;
    }
    return piece->base_tick + (uint64_t)reach;
}

static struct tick_line
line_at(const struct model_section *section, uint64_t tick)
{
    struct clock_piece piece = clock_map_piece(section->clock, tick);
    uint64_t base_ns =
        piece.base_ns < CLOCK_TIME_MAX ? piece.base_ns : CLOCK_TIME_MAX;

    return (struct tick_line){
        .base_tick = piece.base_tick,
        .end_tick = plain_end(&piece),
        .base_ns = (int64_t)base_ns + section->offset_ns,
        .fraction = piece.base_ns_fraction,
        .ns_per_tick = piece.ns_per_tick,
    };
}

static inline bool
is_on_line(const struct tick_line *line, uint64_t tick)
{
    return tick >= line->base_tick && tick < line->end_tick;
}

static inline int64_t
line_ns(const struct tick_line *line, uint64_t tick)
{
    double ticks = (double)(int64_t)(tick - line->base_tick);

    return line->base_ns
           + (int64_t)(line->fraction + ticks * line->ns_per_tick);
}

/* What is beyond the plain part of its line happens at its end. */
static int64_t
bounded_line_ns(const struct tick_line *line, uint64_t tick)
{
    if (!is_on_line(line, tick)) {
        tick = line->end_tick;
    }
    return line_ns(line, tick);
}

uint64_t
model_section_time(const struct model_section *section, uint64_t tick)
{
    struct tick_line line = line_at(section, tick);
    int64_t ns = bounded_line_ns(&line, tick);

    if (ns < 0) {
        return 0;
    }
    return (uint64_t)ns < MODEL_TIME_MAX ? (uint64_t)ns : MODEL_TIME_MAX;
}

uint32_t
model_open_function(const struct trace_model *model,
                    const struct model_section *section,
                    const struct vzt_open_call *call)
{
    if (!(call->flags & VZT_OPEN_INHERITED)) {
        return model_section_function(section, call->function);
    }
    if (section->parent == SIZE_MAX) {
        return FUNCTION_UNKNOWN;
    }
    return model_section_function(&model->sections[section->parent],
                                  call->function);
}

static bool
reserve_slice(struct span_scratch *scratch, size_t count, struct error *err)
{
    return array_reserve((void **)&scratch->slices, &scratch->slice_capacity,
                         count, sizeof *scratch->slices, err)
           && array_reserve((void **)&scratch->frames, &scratch->frame_capacity,
                            count, sizeof *scratch->frames, err);
}

/* A call begins: is it the only one of its function that is open? */
static inline uint32_t
enter_function(uint32_t *active, uint32_t function, uint32_t unknown)
{
    if (active == NULL) {
        return 0;
    }
    return active[function == FUNCTION_UNKNOWN ? unknown : function]++ == 0
               ? SLICE_OUTERMOST
               : 0;
}

static inline void
leave_function(uint32_t *active, uint32_t function, uint32_t unknown)
{
    if (active != NULL) {
        active[function == FUNCTION_UNKNOWN ? unknown : function]--;
    }
}

static bool
open_header_calls(struct decoder *decoder, const struct trace_model *model,
                  struct error *err)
{
    struct span_scratch *scratch = decoder->scratch;
    const struct block *block = &scratch->block;

    if (!reserve_slice(scratch, block->open_count + 1, err)) {
        return false;
    }
    for (size_t i = 0; i < block->open_count; i++) {
        const struct vzt_open_call *call = &block->open_calls[i];

        scratch->slices[i] = (struct slice){
            .start_ns = decoder->start_ns,
            .function = model_open_function(model, decoder->section, call),
            .depth = (uint32_t)i,
            .flags = SLICE_START_UNKNOWN,
            .track = decoder->track,
        };
        (void)enter_function(scratch->active, scratch->slices[i].function,
                             scratch->unknown);
        scratch->frames[i] = (struct open_frame){
            .start_tick = call->start_tick,
            .start_ns = decoder->start_ns,
            .slice = i,
            .function = call->function,
            .flags = call->flags,
        };
    }
    scratch->open_count = scratch->kept_count = block->open_count;
    scratch->slice_count = scratch->frame_count = block->open_count;
    scratch->depth = (uint32_t)block->open_count;
    return true;
}

/*
 * Where the loop stands. A copy of what it changes most in the scratch: kept
 * in a variable whose address goes nowhere, so that it lives in registers.
 */
struct cursor {
    struct slice *slices;
    struct open_frame *frames;
    size_t slice_count;
    size_t frame_count;
    size_t kept_count;
    size_t room; /* slices and frames there is memory for */
    uint32_t *active;
    uint32_t unknown; /* where active counts what is unknown */
    uint64_t tick;
    uint64_t now;
    uint32_t depth;
};

static struct cursor
take_cursor(const struct span_scratch *scratch)
{
    return (struct cursor){
        .slices = scratch->slices,
        .frames = scratch->frames,
        .slice_count = scratch->slice_count,
        .frame_count = scratch->frame_count,
        .kept_count = scratch->kept_count,
        .room = scratch->slice_capacity < scratch->frame_capacity
                    ? scratch->slice_capacity
                    : scratch->frame_capacity,
        .active = scratch->active,
        .unknown = scratch->unknown,
        .depth = scratch->depth,
    };
}

static void
put_cursor(struct span_scratch *scratch, struct cursor cursor)
{
    scratch->slice_count = cursor.slice_count;
    scratch->frame_count = cursor.frame_count;
    scratch->kept_count = cursor.kept_count;
    scratch->depth = cursor.depth;
}

/* Close the innermost open call. */
static inline void
close_top(struct cursor *cursor, uint32_t flags)
{
    struct open_frame *frame = &cursor->frames[--cursor->frame_count];
    struct slice *slice = &cursor->slices[frame->slice];
    uint64_t duration = cursor->now - frame->start_ns;

    slice->end_ns = cursor->now;
    slice->self_ns = duration - frame->callee_ns;
    slice->flags |= flags;
    leave_function(cursor->active, slice->function, cursor->unknown);
    if (cursor->frame_count > 0) {
        frame[-1].callee_ns += duration;
    }
    if (cursor->frame_count < cursor->kept_count) {
        cursor->kept_count = cursor->frame_count;
    }
}

/* A return that is not of the innermost call. */
static struct cursor
close_mismatched(struct decoder *decoder, struct cursor cursor,
                 uint32_t function, uint32_t flags)
{
    size_t i = cursor.frame_count - 1;

    decoder->scratch->mismatched_returns++;
    while (i > 0 && decoder->looks_left > 0) {
        const struct open_frame *frame = &cursor.frames[--i];

        decoder->looks_left--;
        if (frame->function == function
            && !(frame->flags & VZT_OPEN_INHERITED)) {
            while (cursor.frame_count > i + 1) {
                close_top(&cursor, SLICE_TRUNCATED);
            }
            close_top(&cursor, flags);
            break;
        }
    }
    return cursor;
}

static inline void
put_exit(struct decoder *decoder, struct cursor *cursor, uint32_t kind,
         uint32_t function)
{
    const struct open_frame *top;

    if (cursor->frame_count == 0) {
        return; /* of a frame that was entered before recording began */
    }
    top = &cursor->frames[cursor->frame_count - 1];
    if (__builtin_expect(top->function == function
                             || (top->flags & VZT_OPEN_INHERITED),
                         1)) {
        close_top(cursor, exit_flags[kind]);
    } else {
        *cursor =
            close_mismatched(decoder, *cursor, function, exit_flags[kind]);
    }
}

static inline void
put_entry(const struct decoder *decoder, struct cursor *cursor, uint32_t kind,
          uint32_t function)
{
    size_t depth = cursor->frame_count++;
    size_t index = cursor->slice_count++;
    uint32_t found = model_section_function(decoder->section, function);

    cursor->slices[index] = (struct slice){
        .start_ns = cursor->now,
        .function = found,
        .depth = (uint32_t)depth,
        .flags = entry_flags[kind]
                 | enter_function(cursor->active, found, cursor->unknown),
        .track = decoder->track,
    };
    cursor->frames[depth] = (struct open_frame){
        .start_tick = cursor->tick,
        .start_ns = cursor->now,
        .slice = index,
        .function = function,
    };
    if (depth >= cursor->depth) {
        cursor->depth = (uint32_t)depth + 1;
    }
}

/* After the scratch has grown: the same place in its new memory. */
static struct cursor
move_cursor(const struct span_scratch *scratch, struct cursor cursor)
{
    struct cursor fresh = take_cursor(scratch);

    cursor.slices = fresh.slices;
    cursor.frames = fresh.frames;
    cursor.room = fresh.room;
    return cursor;
}

/* The time of the word at tick, when that of the word before is now. */
static inline uint64_t
next_time(struct decoder *decoder, uint64_t tick, uint64_t now)
{
    int64_t ns;

    if (__builtin_expect(!is_on_line(&decoder->line, tick), 0)) {
        decoder->line = line_at(decoder->section, tick);
        ns = bounded_line_ns(&decoder->line, tick);
    } else {
        ns = line_ns(&decoder->line, tick);
    }
    if (ns <= (int64_t)now) {
        ns = (int64_t)now + 1;
    }
    return (uint64_t)ns < decoder->limit_ns ? (uint64_t)ns : decoder->limit_ns;
}

/* A gap closes all calls where it starts, but behind the event before it; the
 * cursor stands at that event's time and the gap's tick. */
static struct cursor
close_at_gap(struct decoder *decoder, struct cursor cursor, uint64_t head,
             const uint64_t *payload)
{
    uint64_t before_ns = cursor.now;
    uint64_t gap_ns = next_time(decoder, cursor.tick, before_ns);
    uint64_t start_ns = gap_ns;
    struct vzt_gap gap;

    if (record_decode_gap(payload, record_size(head), &gap)) {
        start_ns = model_section_time(decoder->section, gap.start_tick);
    }
    if (before_ns == decoder->start_ns - 1) {
        decoder->scratch->gap_start_ns = start_ns;
    }
    cursor.now = start_ns > before_ns + 1 ? start_ns : before_ns + 1;
    cursor.now = cursor.now < gap_ns ? cursor.now : gap_ns;
    decoder->scratch->gap_closed_ns = cursor.now;
    while (cursor.frame_count > 0) {
        close_top(&cursor, SLICE_TRUNCATED);
    }
    cursor.now = before_ns;
    return cursor;
}

static bool
put_record(struct span_scratch *scratch, const struct cursor *cursor,
           const struct record_sink *sink, uint64_t head, const uint64_t *word,
           struct error *err)
{
    scratch->record_tick = cursor->tick;
    scratch->record_depth = cursor->frame_count;
    scratch->record_slices = cursor->slice_count;
    return sink->put(sink->context, cursor->now, head, word, err);
}

/* Go through the words: times and records and, unless the compiler sees that
 * nobody wants them, calls. */
static inline __attribute__((always_inline)) bool
walk_words(struct decoder *decoder, const struct record_sink *sink,
           bool has_calls, struct error *err)
{
    struct span_scratch *scratch = decoder->scratch;
    const uint64_t *word = scratch->block.words;
    const uint64_t *end = word + scratch->block.word_count;
    uint64_t before_ns = decoder->start_ns - 1; /* of the first word only */
    struct cursor cursor = take_cursor(scratch);

    cursor.tick = scratch->block.first_tick;
    cursor.now = before_ns;
    while (word < end) {
        uint64_t head = *word++;
        uint32_t kind = event_kind(head);

        cursor.tick += event_delta(head);
        if (__builtin_expect(kind == EVENT_LONG, 0)) {
            if (record_type(head) == RECORD_CLOCK) { /* is no event */
                if (record_size(head) > 0) {
                    cursor.tick = *word;
                }
                word += record_size(head);
                continue;
            }
            if (record_type(head) == RECORD_GAP) {
                cursor = close_at_gap(decoder, cursor, head, word);
            }
            if (record_is_payload(head)) { /* of the event before */
                word += record_size(head);
                continue;
            }
        }
        cursor.now = next_time(decoder, cursor.tick, cursor.now);
        if (!has_calls && kind != EVENT_LONG) {
            continue;
        }
        if ((entry_kinds >> kind) & 1) {
            if (__builtin_expect(cursor.slice_count >= cursor.room, 0)) {
                if (!reserve_slice(scratch, cursor.slice_count + 1, err)) {
                    return false;
                }
                cursor = move_cursor(scratch, cursor);
            }
            put_entry(decoder, &cursor, kind, event_function(head));
        } else if ((exit_kinds >> kind) & 1) {
            put_exit(decoder, &cursor, kind, event_function(head));
        } else if (kind == EVENT_LONG) {
            if (sink != NULL
                && !put_record(scratch, &cursor, sink, head, word, err)) {
                return false;
            }
            word += record_size(head);
        }
    }
    put_cursor(scratch, cursor);
    scratch->last_ns = cursor.now == before_ns ? decoder->start_ns : cursor.now;
    return true;
}

/* What is open after the last event is cut off there. */
static void
cut_open_slices(struct span_scratch *scratch)
{
    uint64_t callee_ns = 0; /* of the frame below, in the frame looked at */

    scratch->kept_self_ns = 0;
    for (size_t i = scratch->frame_count; i-- > 0;) {
        const struct open_frame *frame = &scratch->frames[i];
        struct slice *slice = &scratch->slices[frame->slice];
        uint64_t duration = scratch->last_ns - frame->start_ns;

        slice->end_ns = scratch->last_ns;
        slice->self_ns = duration - frame->callee_ns - callee_ns;
        slice->flags |= SLICE_UNFINISHED;
        leave_function(scratch->active, slice->function, scratch->unknown);
        callee_ns = duration;
        if (i + 1 == scratch->kept_count) {
            scratch->kept_self_ns = slice->self_ns;
        }
    }
}

static struct decoder
begin_block(const struct model_section *section,
            const struct model_block *block, uint32_t track,
            struct span_scratch *scratch)
{
    scratch->decoded = NULL;
    scratch->has_args_list = false;
    scratch->mismatched_returns = 0;
    scratch->gap_start_ns = UINT64_MAX;
    return (struct decoder){
        .scratch = scratch,
        .section = section,
        .start_ns = block->start_ns,
        .limit_ns = block->end_ns > block->start_ns ? block->end_ns - 1
                                                    : block->start_ns,
        .track = track,
    };
}

bool
block_decode_alone(const struct trace_model *model,
                   const struct model_section *section,
                   const struct model_block *block, uint32_t track,
                   const struct record_sink *sink, struct span_scratch *scratch,
                   struct error *err)
{
    struct decoder decoder = begin_block(section, block, track, scratch);

    if (!block_load(&scratch->block, section->file, block->row, err)) {
        return false;
    }
    decoder.line = line_at(section, scratch->block.first_tick);
    decoder.looks_left = LOOKS_PER_WORD * (uint64_t)scratch->block.word_count;
    if (!open_header_calls(&decoder, model, err)
        || !walk_words(&decoder, sink, true, err)) {
        if (scratch->active != NULL) {
            memset(scratch->active, 0,
                   (scratch->unknown + (size_t)1) * sizeof *scratch->active);
        }
        return false;
    }
    cut_open_slices(scratch);
    return true;
}

bool
block_decode_no_calls(const struct trace_model *model, uint32_t track,
                      const struct model_block *block,
                      const struct record_sink *sink,
                      struct span_scratch *scratch, struct error *err)
{
    const struct model_section *section =
        &model->sections[model->streams[track].section];
    struct decoder decoder = begin_block(section, block, track, scratch);

    if (!block_load(&scratch->block, section->file, block->row, err)) {
        return false;
    }
    decoder.line = line_at(section, scratch->block.first_tick);
    scratch->slice_count = scratch->open_count = 0;
    scratch->frame_count = scratch->kept_count = 0;
    scratch->depth = 0;
    return walk_words(&decoder, sink, false, err);
}

static void
complete_slice(struct slice *slice, const struct span_record *record)
{
    slice->start_ns = record->start_ns;
    slice->end_ns = record->end_ns;
    slice->self_ns = record->self_ns;
    slice->flags = record->flags;
}

/* Give the slices that cross the block's borders their whole times. A live
 * file may have changed since the index was made: no more slices are touched
 * than are there. */
static void
complete_slices(const struct trace_model *model,
                const struct model_block *block, struct span_scratch *scratch)
{
    for (uint32_t i = block->open_last; i != RECORD_NONE;
         i = model->records[i].parent) {
        const struct span_record *record = &model->records[i];

        if (record->depth < scratch->frame_count) {
            complete_slice(
                &scratch->slices[scratch->frames[record->depth].slice], record);
        }
    }
    for (uint32_t i = block->open_first; i != RECORD_NONE;
         i = model->records[i].parent) {
        const struct span_record *record = &model->records[i];

        if (record->depth < scratch->open_count) {
            complete_slice(&scratch->slices[record->depth], record);
        }
    }
}

bool
block_decode_records(const struct trace_model *model, uint32_t track,
                     const struct model_block *block,
                     const struct record_sink *sink,
                     struct span_scratch *scratch, struct error *err)
{
    const struct model_section *section =
        &model->sections[model->streams[track].section];

    if (!block_decode_alone(model, section, block, track, sink, scratch, err)) {
        return false;
    }
    complete_slices(model, block, scratch);
    scratch->decoded_serial = model->serial;
    scratch->decoded = block;
    return true;
}

bool
block_decode(const struct trace_model *model, uint32_t track,
             const struct model_block *block, struct span_scratch *scratch,
             struct error *err)
{
    if (scratch->decoded == block && scratch->decoded_serial == model->serial) {
        return true;
    }
    return block_decode_records(model, track, block, NULL, scratch, err);
}
