// SPDX-License-Identifier: Apache-2.0
#include "support/read_back.h"

#include <stdlib.h>
#include <string.h>

#include "format/call_stack.h"
#include "format/event.h"
#include "format/reader.h"
#include "format/record_decode.h"

struct open_index {
    size_t *items; /* indices of calls, SIZE_MAX = from a header */
    size_t capacity;
};

static void *
grow(void *items, size_t size)
{
    items = realloc(items, size);
    if (items == NULL) {
        abort();
    }
    return items;
}

static size_t
add_call(struct read_back *read, struct read_call call)
{
    if ((read->call_count & (read->call_count - 1)) == 0) {
        read->calls =
            grow(read->calls, (2 * read->call_count + 1) * sizeof *read->calls);
    }
    read->calls[read->call_count] = call;
    return read->call_count++;
}

static void
remember(struct open_index *open, size_t depth, size_t call)
{
    if (depth >= open->capacity) {
        open->capacity = 2 * depth + 64;
        open->items = grow(open->items, open->capacity * sizeof *open->items);
    }
    open->items[depth] = call;
}

static bool
is_joined(const struct call_stack *stack, const struct block *block,
          const struct trace_block *row, size_t calls_before)
{
    return row->calls_before == calls_before
           && stack->depth == block->open_count
           && (stack->depth == 0
               || memcmp(stack->calls, block->open_calls,
                         stack->depth * sizeof *stack->calls)
                      == 0);
}

/* The open calls that go on where blocks are missing. */
static size_t
count_common(const struct call_stack *stack, const struct block *block)
{
    size_t i = 0;

    while (i < stack->depth && i < block->open_count
           && stack->calls[i].function == block->open_calls[i].function
           && stack->calls[i].start_tick == block->open_calls[i].start_tick) {
        i++;
    }
    return i;
}

static void
put_exit(struct read_back *read, struct call_stack *stack,
         const struct open_index *open, uint32_t function, uint64_t tick)
{
    size_t count;
    enum call_return what = call_stack_match(stack, function, &count);

    read->mismatched_returns +=
        what == CALL_RETURN_TRUNCATING || what == CALL_RETURN_UNKNOWN;
    while (count-- > 0) {
        size_t call = open->items[--stack->depth];

        if (call != SIZE_MAX) {
            read->calls[call].end_tick = tick;
            read->calls[call].is_unfinished = false;
            read->calls[call].is_truncated = count > 0;
        }
    }
}

/* A gap at tick closes all calls where it starts, but not before the event in
 * front of it. */
static void
put_gap(struct read_back *read, struct call_stack *stack,
        const struct open_index *open, const uint64_t *record,
        uint64_t before_tick, uint64_t tick)
{
    struct vzt_gap gap = {.start_tick = tick};

    (void)record_decode_gap(record + 1, record_size(*record), &gap);
    if (gap.start_tick < before_tick) {
        gap.start_tick = before_tick;
    }
    while (stack->depth > 0) {
        size_t call = open->items[--stack->depth];

        if (call != SIZE_MAX) {
            read->calls[call].end_tick =
                gap.start_tick < tick ? gap.start_tick : tick;
            read->calls[call].is_unfinished = false;
            read->calls[call].is_truncated = true;
        }
    }
}

static bool
is_gap(const uint64_t *record)
{
    return event_kind(*record) == EVENT_LONG
           && record_type(*record) == RECORD_GAP;
}

/* The calls that a block does not list because it begins with a gap. */
static void
put_first_gap(struct read_back *read, struct call_stack *stack,
              const struct open_index *open, const struct block *block)
{
    if (block->open_count == 0 && block->word_count > 0
        && is_gap(block->words)) {
        put_gap(read, stack, open, block->words, 0,
                block->first_tick + event_delta(block->words[0]));
    }
}

static bool
is_decodable(const uint64_t *record)
{
    struct instant_record instant;
    struct object_record object;
    struct flow_record flow;
    struct counter_record counter;
    struct vzt_gap gap;

    switch (record_type(*record)) {
    case RECORD_INSTANT:
        return record_decode_instant(record + 1, record_size(*record),
                                     &instant);
    case RECORD_OBJECT:
        return record_decode_object(record + 1, record_size(*record), &object);
    case RECORD_FLOW_START:
    case RECORD_FLOW_END:
        return record_decode_flow(record + 1, record_size(*record), &flow);
    case RECORD_COUNTER:
        return record_decode_counter(record + 1, record_size(*record),
                                     &counter);
    case RECORD_GAP:
        return record_decode_gap(record + 1, record_size(*record), &gap);
    default:
        return true;
    }
}

static void
walk_block(struct read_back *read, struct call_stack *stack,
           struct open_index *open, const struct block *block,
           const struct trace_block *row)
{
    uint64_t tick = block->first_tick;
    uint64_t before_tick = 0; /* of the event before */

    for (size_t i = 0; i < block->word_count; i++) {
        uint64_t word = block->words[i];
        uint32_t kind = event_kind(word);

        tick += event_delta(word);
        if (event_is_entry(kind)) {
            struct read_call call = {
                .start_tick = tick,
                .block_offset = row->offset,
                .word_offset =
                    row->offset + sizeof(struct vzt_chunk_header)
                    + block->open_count * sizeof(struct vzt_open_call)
                    + i * sizeof word,
                .section = row->section,
                .stream = row->stream,
                .function = event_function(word),
                .depth = (uint32_t)stack->depth,
                .is_unfinished = true,
            };

            remember(open, stack->depth, add_call(read, call));
            if (!call_stack_push(stack, call.function, tick)) {
                abort();
            }
        } else if (event_is_exit(kind)) {
            put_exit(read, stack, open, event_function(word), tick);
        } else if (kind == EVENT_LONG) {
            if (record_type(word) == RECORD_CLOCK && record_size(word) > 0) {
                tick = block->words[i + 1];
                i += record_size(word);
                continue;
            } else {
                if (is_gap(&block->words[i])) {
                    put_gap(read, stack, open, &block->words[i], before_tick,
                            tick);
                }
                read->record_count++;
                read->bad_records += !is_decodable(&block->words[i]);
            }
            i += record_size(word);
        }
        before_tick = tick;
    }
}

static bool
walk_stream(struct read_back *read, const struct trace_file *file,
            const struct trace_section *section,
            const struct trace_stream *stream, struct error *err)
{
    struct call_stack stack = {0};
    struct open_index open = {0};
    struct block block = {0};
    size_t first_call = read->call_count;
    bool ok = true;

    for (size_t i = 0; i < stream->block_count && ok; i++) {
        const struct trace_block *row =
            &section->blocks[stream->first_block + i];

        ok = block_load(&block, file, row, err);
        if (ok) {
            put_first_gap(read, &stack, &open, &block);
        }
        if (ok
            && !is_joined(&stack, &block, row, read->call_count - first_call)) {
            size_t common = count_common(&stack, &block);

            read->broken_joins++;
            if (!call_stack_assign(&stack, block.open_calls,
                                   block.open_count)) {
                abort();
            }
            for (size_t depth = common; depth < stack.depth; depth++) {
                remember(&open, depth, SIZE_MAX);
            }
        }
        if (ok) {
            walk_block(read, &stack, &open, &block, row);
        }
    }
    block_release(&block);
    call_stack_release(&stack);
    free(open.items);
    return ok;
}

bool
read_back_file(struct read_back *read, const struct trace_file *file,
               struct error *err)
{
    *read = (struct read_back){0};
    for (size_t i = 0; i < trace_file_section_count(file); i++) {
        const struct trace_section *section = trace_file_section(file, i);

        for (size_t j = 0; j < section->stream_count; j++) {
            if (!walk_stream(read, file, section, &section->streams[j], err)) {
                read_back_release(read);
                return false;
            }
        }
    }
    return true;
}

void
read_back_release(struct read_back *read)
{
    free(read->calls);
    *read = (struct read_back){0};
}
