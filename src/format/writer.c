// SPDX-License-Identifier: Apache-2.0
/*
 * Each stream collects the words of its current block in memory. A full block
 * is written behind what is there, then replayed over the calls that were open
 * at its start, which gives the calls of the next block's header. Definitions
 * collect in a chunk of their own that is always written before any block.
 *
 * The header of a block with many open calls must not crowd out its words, so
 * a block's size is at least eight times what its open calls take.
 */
#include "format/writer.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/os.h"
#include "format/call_stack.h"
#include "format/layout.h"
#include "format/section_file.h"

enum {
    BLOCK_SIZE_MIN = 128,
    OPEN_CALL_SHARE = 8,
    CLOCK_RECORD_WORDS = 2,
    DEFINITION_OVERHEAD = 128, /* more than the fixed part of any record */
};

/* Words that are not yet in the file. */
struct pending {
    uint64_t *words;
    size_t count;
    size_t capacity;
};

struct writer_stream {
    struct pending pending;
    struct call_stack open; /* at the block's start */
    size_t room;            /* words that the block may hold */
    uint64_t number;
    uint64_t first_tick;
    uint64_t last_tick;
    uint64_t calls_before;
    bool is_begun; /* first_tick is known, though there are no words yet */
};

struct trace_writer {
    struct section_file file;
    size_t block_size;
    uint64_t mismatched_returns;
    struct pending definitions;
    uint64_t definition_number;
    uint32_t function_count;
    uint32_t string_count;
    struct writer_stream *streams; /* by id - 1 */
    size_t stream_count;
    size_t stream_capacity;
    struct error failure; /* the first one; code ERROR_NONE until then */
};

static bool
has_failed(const struct trace_writer *writer)
{
    return writer->failure.code != ERROR_NONE;
}

static bool
append(struct trace_writer *writer, const void *data, size_t size)
{
    return section_file_append(&writer->file, data, size, &writer->failure);
}

static bool
reserve_words(struct trace_writer *writer, struct pending *pending,
              size_t count)
{
    return array_reserve((void **)&pending->words, &pending->capacity,
                         pending->count + count, sizeof *pending->words,
                         &writer->failure);
}

/* Write a chunk and empty pending. */
static bool
append_chunk(struct trace_writer *writer, struct vzt_chunk_header *header,
             const struct vzt_open_call *open_calls, struct pending *pending)
{
    size_t open_size = header->open_count * sizeof *open_calls;
    size_t words_size = pending->count * sizeof *pending->words;

    header->magic = VZT_CHUNK_MAGIC;
    header->size = sizeof *header + open_size + words_size;
    header->word_count = pending->count;
    pending->count = 0;
    return append(writer, header, sizeof *header)
           && append(writer, open_calls, open_size)
           && append(writer, pending->words, words_size);
}

static bool
flush_definitions(struct trace_writer *writer)
{
    struct vzt_chunk_header header = {
        .kind = VZT_CHUNK_DEFINITIONS,
        .number = writer->definition_number,
    };

    if (writer->definitions.count == 0) {
        return true;
    }
    writer->definition_number++;
    return append_chunk(writer, &header, NULL, &writer->definitions);
}

/* Words that the block which starts now may hold. */
static size_t
block_room(const struct trace_writer *writer,
           const struct writer_stream *stream)
{
    size_t open_size = stream->open.depth * sizeof(struct vzt_open_call);
    size_t fixed_size = sizeof(struct vzt_chunk_header);
    size_t size = writer->block_size;

    if (size < fixed_size + OPEN_CALL_SHARE * open_size) {
        size = fixed_size + OPEN_CALL_SHARE * open_size;
    }
    return (size - fixed_size - open_size) / sizeof(uint64_t);
}

/* Write a stream's block and begin the next one behind it. */
static bool
flush_block(struct trace_writer *writer, struct writer_stream *stream)
{
    size_t count = stream->pending.count;
    struct call_replay replay = {.tick = stream->first_tick};
    struct vzt_chunk_header header = {
        .kind = VZT_CHUNK_EVENTS,
        .stream = (uint32_t)(stream - writer->streams) + 1,
        .open_count = (uint32_t)stream->open.depth,
        .number = stream->number,
        .first_tick = stream->first_tick,
        .first_monotonic_ns = stream->first_tick,
        .calls_before = stream->calls_before,
    };

    if (count == 0) {
        return true;
    }
    if (!flush_definitions(writer)
        || !append_chunk(writer, &header, stream->open.calls,
                         &stream->pending)) {
        return false;
    }
    if (!call_stack_replay(&stream->open, &replay, stream->pending.words,
                           count)) {
        return error_set_no_memory(&writer->failure);
    }
    stream->number++;
    stream->calls_before += replay.call_count;
    writer->mismatched_returns += replay.mismatched_returns;
    stream->room = block_room(writer, stream);
    return true;
}

/* Make room for count words at time_ns, behind a clock record where the delta
 * does not fit; gives the delta. NULL after a failure. */
static uint64_t *
next_words(struct trace_writer *writer, struct writer_stream *stream,
           uint64_t time_ns, size_t count)
{
    struct pending *pending = &stream->pending;
    bool is_far = time_ns - stream->last_tick > UINT32_MAX;
    size_t needed = count + (is_far ? CLOCK_RECORD_WORDS : 0);

    if (pending->count > 0 && pending->count + needed > stream->room
        && !flush_block(writer, stream)) {
        return NULL;
    }
    if (pending->count == 0
        && !reserve_words(writer, pending,
                          needed > stream->room ? needed : stream->room)) {
        return NULL;
    }
    if (pending->count == 0 && !stream->is_begun) {
        stream->first_tick = time_ns;
        stream->last_tick = time_ns;
    } else if (is_far) {
        pending->count += record_encode_clock(pending->words + pending->count,
                                              CLOCK_RECORD_WORDS, time_ns);
        stream->last_tick = time_ns;
    }
    stream->is_begun = false;
    pending->count += count;
    return pending->words + pending->count - count;
}

/* The stream, when an event may be put there at that time. */
static struct writer_stream *
usable_stream(struct trace_writer *writer, uint32_t stream, uint64_t time_ns)
{
    struct writer_stream *found;

    if (has_failed(writer)) {
        return NULL;
    }
    if (stream == 0 || stream > writer->stream_count) {
        (void)error_set(&writer->failure, ERROR_USAGE, "there is no stream %u",
                        stream);
        return NULL;
    }
    found = &writer->streams[stream - 1];
    if (time_ns < found->last_tick) {
        (void)error_set(&writer->failure, ERROR_USAGE,
                        "an event of stream %u at %llu ns follows one at"
                        " %llu ns",
                        stream, (unsigned long long)time_ns,
                        (unsigned long long)found->last_tick);
        return NULL;
    }
    return found;
}

void
trace_writer_entry(struct trace_writer *writer, uint32_t stream,
                   enum event_kind kind, uint32_t function, uint64_t time_ns,
                   const uint64_t *words, size_t count)
{
    struct writer_stream *to = usable_stream(writer, stream, time_ns);
    uint64_t *word;

    if (to == NULL) {
        return;
    }
    word = next_words(writer, to, time_ns, 1 + count);
    if (word != NULL) {
        *word = event_tag(kind, function) | (time_ns - to->last_tick);
        if (count > 0) {
            memcpy(word + 1, words, count * sizeof *words);
        }
        to->last_tick = time_ns;
    }
}

void
trace_writer_event(struct trace_writer *writer, uint32_t stream,
                   enum event_kind kind, uint32_t function, uint64_t time_ns)
{
    trace_writer_entry(writer, stream, kind, function, time_ns, NULL, 0);
}

void
trace_writer_record(struct trace_writer *writer, uint32_t stream,
                    uint64_t time_ns, const uint64_t *words, size_t count)
{
    struct writer_stream *to = usable_stream(writer, stream, time_ns);
    uint64_t *record;

    if (to == NULL) {
        return;
    }
    if (count == 0) {
        (void)error_set(&writer->failure, ERROR_USAGE,
                        "a record does not fit its buffer");
        return;
    }
    record = next_words(writer, to, time_ns, count);
    if (record != NULL) {
        if (record == to->pending.words && record_type(*words) == RECORD_GAP) {
            to->open.depth = 0; /* see call_stack.h */
        }
        memcpy(record, words, count * sizeof *words);
        *record |= time_ns - to->last_tick;
        to->last_tick = time_ns;
    }
}

void
trace_writer_begin_block(struct trace_writer *writer, uint32_t stream,
                         const struct writer_block_start *start)
{
    struct writer_stream *to = usable_stream(writer, stream, start->first_ns);

    if (to == NULL || !flush_block(writer, to)) {
        return;
    }
    if (!call_stack_assign(&to->open, start->calls, start->call_count)) {
        (void)error_set_no_memory(&writer->failure);
        return;
    }
    to->first_tick = to->last_tick = start->first_ns;
    to->calls_before += start->lost_calls;
    to->number += start->has_gap;
    to->room = block_room(writer, to);
    to->is_begun = true;
}

void
trace_writer_flush_stream(struct trace_writer *writer, uint32_t stream)
{
    struct writer_stream *flushed;

    if (has_failed(writer) || stream == 0 || stream > writer->stream_count) {
        return;
    }
    flushed = &writer->streams[stream - 1];
    if (flush_block(writer, flushed)) {
        free(flushed->pending.words);
        flushed->pending = (struct pending){0};
    }
}

/* Room for a definition with texts of text_size bytes in all. */
static bool
begin_definition(struct trace_writer *writer, size_t text_size)
{
    size_t limit = VZT_STAGING_SIZE_MAX / sizeof(uint64_t);

    if (has_failed(writer)
        || (writer->definitions.count >= limit && !flush_definitions(writer))) {
        return false;
    }
    if (text_size > (size_t)RECORD_WORDS_MAX * 8) {
        return error_set(&writer->failure, ERROR_USAGE,
                         "a definition of %zu bytes is too long", text_size);
    }
    return reserve_words(writer, &writer->definitions,
                         (text_size + DEFINITION_OVERHEAD) / 8);
}

static uint64_t *
definition_words(const struct trace_writer *writer)
{
    return writer->definitions.words + writer->definitions.count;
}

static size_t
definition_capacity(const struct trace_writer *writer)
{
    return writer->definitions.capacity - writer->definitions.count;
}

static bool
end_definition(struct trace_writer *writer, size_t word_count)
{
    if (word_count == 0) {
        return error_set(&writer->failure, ERROR_USAGE,
                         "a definition is too long for a record");
    }
    writer->definitions.count += word_count;
    return true;
}

void
trace_writer_process(struct trace_writer *writer,
                     const struct process_definition *process)
{
    size_t text_size = process->arguments.size + process->executable.size
                       + process->directory.size + process->name.size
                       + process->version.size;

    if (begin_definition(writer, text_size)) {
        (void)end_definition(writer, record_encode_process(
                                         definition_words(writer),
                                         definition_capacity(writer), process));
    }
}

uint32_t
trace_writer_function(struct trace_writer *writer,
                      const struct function_definition *function)
{
    uint32_t id = writer->function_count + 1;

    if (id > EVENT_FUNCTION_MAX) {
        (void)error_set(&writer->failure, ERROR_USAGE,
                        "there are more than %d functions", EVENT_FUNCTION_MAX);
    }
    if (!begin_definition(writer, function->name.size + function->file.size)
        || !end_definition(writer,
                           record_encode_function(definition_words(writer),
                                                  definition_capacity(writer),
                                                  id, function))) {
        return 0;
    }
    writer->function_count = id;
    return id;
}

uint32_t
trace_writer_string(struct trace_writer *writer, struct text_span text)
{
    uint32_t id = writer->string_count + 1;

    if (!begin_definition(writer, VZT_STRING_SIZE_MAX)
        || !end_definition(writer,
                           record_encode_string(definition_words(writer),
                                                definition_capacity(writer), id,
                                                text))) {
        return 0;
    }
    writer->string_count = id;
    return id;
}

/* Room for the definition of one more stream, with so much text. */
static bool
begin_stream(struct trace_writer *writer, size_t text_size)
{
    return begin_definition(writer, text_size)
           && array_reserve((void **)&writer->streams, &writer->stream_capacity,
                            writer->stream_count + 1, sizeof *writer->streams,
                            &writer->failure);
}

/* The stream whose definition took so many words. */
static uint32_t
add_stream(struct trace_writer *writer, size_t word_count)
{
    struct writer_stream *stream;

    if (!end_definition(writer, word_count)) {
        return 0;
    }
    stream = &writer->streams[writer->stream_count++];
    *stream = (struct writer_stream){0};
    stream->room = block_room(writer, stream);
    return (uint32_t)writer->stream_count;
}

uint32_t
trace_writer_stream(struct trace_writer *writer, enum vzt_stream_kind kind,
                    uint32_t parent, uint64_t thread_id, struct text_span name)
{
    return begin_stream(writer, name.size) ? add_stream(
               writer, record_encode_stream(definition_words(writer),
                                            definition_capacity(writer),
                                            (uint32_t)writer->stream_count + 1,
                                            kind, parent, thread_id, name))
                                           : 0;
}

uint32_t
trace_writer_async_stream(struct trace_writer *writer, uint32_t parent,
                          struct text_span name, struct text_span category)
{
    return begin_stream(writer, name.size + category.size) ? add_stream(
               writer,
               record_encode_async_stream(
                   definition_words(writer), definition_capacity(writer),
                   (uint32_t)writer->stream_count + 1, parent, name, category))
                                                           : 0;
}

void
trace_writer_source(struct trace_writer *writer, struct text_span path,
                    struct text_span text)
{
    uint64_t hash = hash_bytes(text.data, text.size);
    size_t offset = 0;

    do {
        size_t left = text.size - offset;
        struct text_span piece = {
            .data = text.size == 0 ? NULL : text.data + offset,
            .size = left < VZT_STRING_SIZE_MAX ? left : VZT_STRING_SIZE_MAX,
        };

        if (!begin_definition(writer, path.size + piece.size)
            || !end_definition(
                writer, record_encode_source(definition_words(writer),
                                             definition_capacity(writer), path,
                                             piece, offset, text.size, hash))) {
            return;
        }
        offset += piece.size;
    } while (offset < text.size);
}

void
trace_writer_end_stream(struct trace_writer *writer, uint32_t stream,
                        uint64_t time_ns)
{
    if (begin_definition(writer, 0)) {
        (void)end_definition(
            writer, record_encode_stream_end(definition_words(writer),
                                             definition_capacity(writer),
                                             stream, time_ns));
    }
}

static struct vzt_section_header
make_header(const struct trace_writer_options *options)
{
    struct vzt_section_header header = {
        .magic = VZT_SECTION_MAGIC,
        .format_version = VZT_FORMAT_VERSION,
        .header_size = VZT_SECTION_HEADER_SIZE,
        .section_kind = VZT_SECTION_PROCESS,
        .clock_kind = CLOCK_MONOTONIC_NS,
        .section_id = options->section_id,
        .parent_section_id = options->parent_section_id,
        .pid = options->pid,
        .ppid = options->ppid,
        .anchor_tick = options->anchor_monotonic_ns,
        .anchor_monotonic_ns = options->anchor_monotonic_ns,
        .anchor_realtime_ns = options->anchor_realtime_ns,
        .ticks_per_second = 1000000000,
        .event_cost_ps = options->event_cost_ps,
        .process_start = options->process_start,
        .pid_namespace = options->pid_namespace,
        .sort_index = options->sort_index,
    };

    memcpy(header.boot_id, options->boot_id, sizeof header.boot_id);
    while (header.section_id == 0) {
        header.section_id = os_random_u64();
    }
    return header;
}

bool
trace_writer_open(struct trace_writer **out, const char *path,
                  const struct trace_writer_options *options, struct error *err)
{
    struct trace_writer *writer = array_new(1, sizeof *writer, err);
    struct vzt_section_header header = make_header(options);

    if (writer == NULL) {
        return false;
    }
    writer->block_size =
        options->block_size == 0 ? VZT_STAGING_SIZE_MAX : options->block_size;
    if (writer->block_size < BLOCK_SIZE_MIN) {
        writer->block_size = BLOCK_SIZE_MIN;
    }
    if (!section_file_open(&writer->file, path, &header, err)) {
        trace_writer_free(writer);
        return false;
    }
    *out = writer;
    return true;
}

bool
trace_writer_finish(struct trace_writer *writer,
                    const struct vzt_status *status, struct error *err)
{
    struct vzt_status last = *status;

    for (size_t i = 0; i < writer->stream_count && !has_failed(writer); i++) {
        (void)flush_block(writer, &writer->streams[i]);
    }
    if (!has_failed(writer) && flush_definitions(writer)) {
        last.mismatched_returns += writer->mismatched_returns;
        (void)section_file_finish(&writer->file, &last, &writer->failure);
    }
    if (has_failed(writer)) {
        if (err != NULL) {
            *err = writer->failure;
        }
        return false;
    }
    return true;
}

void
trace_writer_free(struct trace_writer *writer)
{
    if (writer == NULL) {
        return;
    }
    for (size_t i = 0; i < writer->stream_count; i++) {
        free(writer->streams[i].pending.words);
        call_stack_release(&writer->streams[i].open);
    }
    free(writer->streams);
    free(writer->definitions.words);
    section_file_close(&writer->file);
    free(writer);
}
