// SPDX-License-Identifier: Apache-2.0
/* Blocks of one stream: replay, write out, begin the next. */
#include "tracer/record/stream_log.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/os.h"
#include "tracer/record/recorder_state.h"

enum { CACHE_LINE = 64, THREAD_NAME_SIZE = 64 };

void
stream_log_link(struct stream_log **list, struct stream_log *stream)
{
    stream->next = *list;
    stream->link = list;
    if (stream->next != NULL) {
        stream->next->link = &stream->next;
    }
    *list = stream;
}

void
stream_log_unlink(struct stream_log *stream)
{
    *stream->link = stream->next;
    if (stream->next != NULL) {
        stream->next->link = stream->link;
    }
    stream->next = NULL;
    stream->link = NULL;
}

void
stream_log_use_sink(struct stream_log *stream)
{
    stream->staging = (struct staging){0};
    stream->words = NULL;
    stream->replayed = NULL;
    stream->log.cursor = stream->sink;
    stream->log.limit = stream->sink + SINK_WORDS;
    stream->log.floor = stream->log.limit;
}

/* A log that was used before, or a new one. Its stack's memory stays. */
static struct stream_log *
reuse_or_allocate(struct recorder *recorder)
{
    struct stream_log *stream = recorder->idle;
    struct call_stack stack;

    if (stream == NULL) {
        stream = aligned_alloc(CACHE_LINE, (sizeof *stream + CACHE_LINE - 1)
                                               / CACHE_LINE * CACHE_LINE);
        if (stream == NULL) {
            return NULL;
        }
        recorder_account(recorder, sizeof *stream);
        *stream = (struct stream_log){0};
        return stream;
    }
    stream_log_unlink(stream);
    stack = stream->stack;
    stack.depth = 0;
    *stream = (struct stream_log){.stack = stack};
    return stream;
}

struct stream_log *
stream_log_new(struct recorder *recorder)
{
    struct stream_log *stream = reuse_or_allocate(recorder);

    if (stream == NULL) {
        return NULL;
    }
    stream->log.clock = recorder->clock;
    stream->log.recorder = recorder;
    stream->thread_id = os_thread_id();
    stream->id = ++recorder->last_stream;
    stream_log_use_sink(stream);
    stream_log_link(&recorder->live, stream);
    return stream;
}

/* The monotonic time of a tick that was read a moment ago. */
static uint64_t
monotonic_time_of(const struct recorder *recorder, uint64_t tick)
{
    struct clock_pair now = clock_read_pair(recorder->clock);
    uint64_t ago_ticks = now.tick > tick ? now.tick - tick : 0;

    return now.monotonic_ns
           - (uint64_t)((double)ago_ticks * 1e9
                        / (double)recorder->ticks_per_second);
}

static struct vzt_chunk_header
make_header(const struct recorder *recorder, const struct stream_log *stream,
            uint64_t tick)
{
    return (struct vzt_chunk_header){
        .kind = VZT_CHUNK_EVENTS,
        .stream = stream->id,
        .open_count = (uint32_t)stream->stack.depth,
        .number = stream->number,
        .first_tick = tick + stream->tick_shift,
        .first_monotonic_ns = monotonic_time_of(recorder, tick),
        .calls_before = stream->calls_before,
    };
}

static size_t
used_size(const struct stream_log *stream)
{
    return (size_t)((char *)stream->log.cursor
                    - (char *)stream->staging.header);
}

/* Begin a block in the staging that stands ready, or in one of another size.
 * The old one then is given back, after the new one is complete. */
static bool
begin_block(struct recorder *recorder, struct stream_log *stream,
            const struct vzt_chunk_header *header, size_t word_count)
{
    struct staging *staging = &stream->staging;
    struct staging old = *staging;
    size_t size = staging_size(old.size, stream->stack.depth, word_count);
    size_t used = sizeof *header;

    if (old.size == size) {
        used = used_size(stream);
    } else if (!staging_pool_take(&recorder->pool, &recorder->output, size,
                                  staging)) {
        *staging = old;
        return recorder_stop(recorder, VZT_STOP_NONE);
    }
    staging_begin(staging, header, stream->stack.calls, used);
    if (old.size != size) {
        staging_pool_give_back(&recorder->pool, &old);
        recorder_account(recorder, 0);
    }
    stream->words = (uint64_t *)((char *)staging->header
                                 + staging_words_offset(stream->stack.depth));
    stream->replayed = stream->words;
    stream->replay.tick = header->first_tick;
    stream->log.cursor = stream->words;
    stream->log.floor = stream->words;
    stream->log.minimum_ticks = recorder->minimum_ticks;
    stream->log.limit = (uint64_t *)((char *)staging->header + size);
    stream->log.last_tick = header->first_tick - stream->tick_shift;
    return true;
}

bool
stream_log_begin(struct recorder *recorder, struct stream_log *stream)
{
    struct vzt_chunk_header header =
        make_header(recorder, stream, clock_tick(recorder->clock));

    return begin_block(recorder, stream, &header, 0);
}

bool
stream_log_catch_up(struct recorder *recorder, struct stream_log *stream)
{
    size_t count;
    size_t capacity = stream->stack.capacity;
    uint64_t mismatched = stream->replay.mismatched_returns;
    bool ok;

    if (stream->words == NULL) {
        return true; /* the sink */
    }
    count = (size_t)(stream->log.cursor - stream->replayed);
    ok = call_stack_replay(&stream->stack, &stream->replay, stream->replayed,
                           count);
    stream->replayed = stream->log.cursor;
    trace_output_status(&recorder->output)->mismatched_returns +=
        stream->replay.mismatched_returns - mismatched;
    if (stream->stack.capacity != capacity) {
        recorder_account(recorder, (int64_t)((stream->stack.capacity - capacity)
                                             * sizeof(struct vzt_open_call)));
    }
    return ok || recorder_stop(recorder, VZT_STOP_NO_MEMORY);
}

/* Append a block of count words that stands in a staging. */
static bool
append_block(struct recorder *recorder, const struct vzt_chunk_header *staged,
             size_t count)
{
    struct vzt_chunk_header header = *staged;
    size_t body_size =
        staging_words_offset(header.open_count) - sizeof header + 8 * count;

    header.word_count = count;
    header.sequence = 0;
    return trace_output_append(&recorder->output, &header, staged + 1,
                               body_size)
           || recorder_stop(recorder, VZT_STOP_NONE);
}

/* Private definitions must not come after the words that use them. */
static bool
flush_definitions_first(struct recorder *recorder)
{
    return !recorder->definitions.staging.is_private
           || definition_log_flush(recorder);
}

/* Append what the staging holds, when it holds something. */
static bool
write_out(struct recorder *recorder, struct stream_log *stream)
{
    size_t count = (size_t)(stream->log.cursor - stream->words);

    if (!stream_log_catch_up(recorder, stream)) {
        return false;
    }
    if (count == 0) {
        return true;
    }
    if (!stream->has_own_name
        && !stream_log_name(recorder, stream, (struct text_span){0})) {
        return false;
    }
    if (!flush_definitions_first(recorder)
        || !append_block(recorder, stream->staging.header, count)) {
        return false;
    }
    stream->number++;
    stream->calls_before = stream->replay.call_count;
    return true;
}

bool
stream_log_flush(struct recorder *recorder, struct stream_log *stream,
                 uint64_t tick, size_t word_count)
{
    struct vzt_chunk_header header;

    if (!write_out(recorder, stream)) {
        return false;
    }
    header = make_header(recorder, stream, tick);
    return begin_block(recorder, stream, &header, word_count);
}

bool
stream_log_save_copy(struct recorder *recorder, const struct stream_log *stream)
{
    const struct staging *staging = &stream->staging;
    size_t count;

    if (staging->header == NULL || !staging->is_private) {
        return true; /* what is mapped is in the file */
    }
    count = staging_count_words(staging->header, staging->size);
    return count == 0
           || (flush_definitions_first(recorder)
               && append_block(recorder, staging->header, count));
}

static struct text_span
kernel_name(const struct stream_log *stream, char *text, size_t size)
{
    os_thread_name(stream->thread_id, text, size);
    return (struct text_span){.data = text, .size = strlen(text)};
}

bool
stream_log_name(struct recorder *recorder, struct stream_log *stream,
                struct text_span name)
{
    char text[THREAD_NAME_SIZE];
    uint64_t *scratch;
    uint64_t hash;

    stream->has_own_name = stream->has_own_name || name.size > 0;
    if (name.size == 0) {
        name = kernel_name(stream, text, sizeof text);
    }
    if (name.size > VZT_STRING_SIZE_MAX) {
        name.size = VZT_STRING_SIZE_MAX;
    }
    hash = hash_bytes(name.data, name.size) | 1; /* 0 is "not defined yet" */
    if (hash == stream->name_hash) {
        return true;
    }
    stream->name_hash = hash;
    scratch = definition_log_scratch(recorder);
    return scratch != NULL
           && definition_log_put(
               recorder, record_encode_stream(scratch, DEFINITION_WORDS_MAX,
                                              stream->id, VZT_STREAM_THREAD, 0,
                                              stream->thread_id, name));
}

static bool
define_end(struct recorder *recorder, const struct stream_log *stream)
{
    uint64_t *scratch = definition_log_scratch(recorder);
    uint64_t tick = clock_tick(recorder->clock);

    if (tick < stream->log.last_tick) {
        tick = stream->log.last_tick;
    }
    return scratch != NULL
           && definition_log_put(
               recorder,
               record_encode_stream_end(scratch, DEFINITION_WORDS_MAX,
                                        stream->id, tick + stream->tick_shift));
}

void
stream_log_end(struct recorder *recorder, struct stream_log *stream)
{
    if (!recorder->is_over && stream->staging.header != NULL
        && write_out(recorder, stream) && define_end(recorder, stream)) {
        staging_pool_give_back(&recorder->pool, &stream->staging);
    }
    stream_log_use_sink(stream);
    stream_log_unlink(stream);
    stream_log_link(&recorder->idle, stream);
}
