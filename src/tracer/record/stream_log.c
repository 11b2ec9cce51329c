// SPDX-License-Identifier: Apache-2.0
/* Blocks of one stream: replay, write out, begin the next. */
#include "tracer/record/stream_log.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/os.h"
#include "format/event.h"
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

/* ... of one in the block that begins with this header: on the line from there
 * to now, which is better than an estimated rate. In ticks of the file. */
static uint64_t
monotonic_time_in(const struct recorder *recorder,
                  const struct stream_log *stream, uint64_t tick)
{
    const struct vzt_chunk_header *block = stream->staging.header;
    struct clock_pair now = clock_read_pair(recorder->clock);
    uint64_t end = now.tick + stream->tick_shift;
    double part;

    if (tick <= block->first_tick
        || now.monotonic_ns <= block->first_monotonic_ns) {
        return block->first_monotonic_ns;
    }
    if (end <= tick) {
        return now.monotonic_ns;
    }
    part =
        (double)(tick - block->first_tick) / (double)(end - block->first_tick);
    return block->first_monotonic_ns
           + (uint64_t)(part
                            * (double)(now.monotonic_ns
                                       - block->first_monotonic_ns)
                        + 0.5);
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

/* The log goes on behind what its staging begins with. */
static void
begin_words(const struct recorder *recorder, struct stream_log *stream,
            const struct vzt_chunk_header *header, size_t word_count)
{
    const struct staging *staging = &stream->staging;

    stream->words = (uint64_t *)((char *)staging->header
                                 + staging_words_offset(stream->stack.depth));
    stream->replayed = stream->words;
    stream->replay.tick = header->first_tick;
    stream->log.cursor = stream->words + word_count;
    stream->log.minimum_ticks = recorder->minimum_ticks;
    stream->log.floor = recorder->minimum_ticks > UINT32_MAX
                            ? stream->log.cursor /* no record of the clock */
                            : stream->words;
    stream->log.limit = (uint64_t *)((char *)staging->header + staging->size);
    if (word_count == 0) {
        stream->log.last_tick = header->first_tick - stream->tick_shift;
    }
}

/* A stream begins with as much as the last one took in all that has ended, if
 * that much lies ready: a thread that lives as long as others did then writes
 * one block. */
static size_t
choose_first_size(const struct recorder *recorder)
{
    size_t size = recorder->usual_size;

    return staging_pool_has(&recorder->pool, size) ? size : 0;
}

static void
note_usual_size(struct recorder *recorder, const struct stream_log *stream)
{
    size_t wanted =
        stream->number > 1 ? 2 * stream->staging.size : used_size(stream);
    size_t size = VZT_STAGING_SIZE_MIN;

    while (size < wanted && size < VZT_STAGING_SIZE_MAX) {
        size *= 2;
    }
    recorder->usual_size = size;
}

/* Begin a block in the staging that stands ready, or in another one when the
 * size changes or words are moved to it. The old one then is given back, after
 * the new one is complete. */
static bool
begin_block(struct recorder *recorder, struct stream_log *stream,
            const struct vzt_chunk_header *header,
            const struct undecided_words *moved, size_t word_count)
{
    struct staging *staging = &stream->staging;
    struct staging old = *staging;
    struct staging_content content = {
        .header = header,
        .open_calls = stream->stack.calls,
        .words = moved->words,
        .word_count = moved->count,
    };
    size_t old_used = old.size > 0 ? used_size(stream) : 0;
    size_t size =
        staging_size(old.size > 0 ? old.size : choose_first_size(recorder) / 2,
                     stream->stack.depth, 2 * moved->count + word_count);
    bool is_same = old.size == size && moved->count == 0;

    if (!is_same
        && !staging_pool_take(&recorder->pool, &recorder->output, size,
                              staging)) {
        *staging = old;
        return recorder_stop(recorder, VZT_STOP_NONE);
    }
    staging_begin(staging, &content, is_same ? old_used : sizeof *header);
    if (!is_same) {
        staging_pool_give_back(&recorder->pool, &old, old_used);
        recorder_account(recorder, 0);
    }
    begin_words(recorder, stream, header, moved->count);
    return true;
}

bool
stream_log_begin(struct recorder *recorder, struct stream_log *stream)
{
    struct vzt_chunk_header header =
        make_header(recorder, stream, clock_tick(recorder->clock));

    return begin_block(recorder, stream, &header, &(struct undecided_words){0},
                       0);
}

bool
stream_log_take_inherited(struct recorder *recorder, struct stream_log *stream,
                          uint64_t tick)
{
    struct call_stack *stack = &stream->stack;
    struct vzt_chunk_header header;
    const struct vzt_open_call *top = NULL;

    if (stream->words == NULL || stream->log.cursor != stream->words
        || stream->number > 0 || stack->depth == 0) {
        return false;
    }
    header = *stream->staging.header;
    top = &stack->calls[stack->depth - 1];
    if (!(top->flags & VZT_OPEN_INHERITED)
        || tick + stream->tick_shift - top->start_tick
               >= stream->log.minimum_ticks) {
        return false;
    }
    stack->depth--;
    header.open_count--;
    staging_begin(&stream->staging,
                  &(struct staging_content){.header = &header,
                                            .open_calls = stack->calls},
                  used_size(stream));
    begin_words(recorder, stream, &header, 0);
    return true;
}

struct undecided_words
stream_log_undecided(const struct stream_log *stream, uint64_t tick)
{
    const struct thread_log *log = &stream->log;
    struct undecided_words found = {.words = log->cursor,
                                    .tick = log->last_tick};
    uint64_t at = stream->replay.tick - stream->tick_shift;

    tick = tick > log->last_tick ? tick : log->last_tick;
    for (uint64_t *word = stream->replayed;
         log->minimum_ticks > 0 && word < log->cursor; word++) {
        uint32_t kind = event_kind(*word);
        uint64_t before = at;

        at += event_delta(*word);
        if (event_is_entry(kind) && tick - at < log->minimum_ticks) {
            if (found.last == NULL) {
                found.words = word;
                found.tick = before;
            }
            found.last = word;
            found.last_tick = before;
        } else if (kind == EVENT_LONG && record_type(*word) == RECORD_CLOCK) {
            at = *++word - stream->tick_shift;
        } else {
            found.last = NULL;
            word += kind == EVENT_LONG ? record_size(*word) : 0;
        }
    }
    if (found.last == NULL) {
        found.words = log->cursor;
        found.tick = log->last_tick;
    }
    found.count = (size_t)(log->cursor - found.words);
    return found;
}

bool
stream_log_take_behind_clock(struct stream_log *stream, uint64_t tag,
                             uint64_t tick)
{
    struct thread_log *log = &stream->log;
    struct undecided_words found = stream_log_undecided(stream, tick);

    if (found.count == 0
        || event_function(*found.last) != event_function(tag)) {
        return false;
    }
    log->last_tick = found.last_tick;
    for (uint64_t *word = found.last; word < log->cursor; word++) {
        __atomic_store_n(word, 0, __ATOMIC_RELAXED);
    }
    log->cursor = found.last;
    log->floor = found.last; /* a clock record may be in front of it, too */
    return true;
}

bool
stream_log_catch_up(struct recorder *recorder, struct stream_log *stream,
                    uint64_t *end)
{
    size_t count;
    size_t capacity = stream->stack.capacity;
    uint64_t mismatched = stream->replay.mismatched_returns;
    bool ok;

    if (stream->words == NULL) {
        return true; /* the sink */
    }
    count = (size_t)(end - stream->replayed);
    ok = call_stack_replay(&stream->stack, &stream->replay, stream->replayed,
                           count);
    stream->replayed = end;
    if (stream->log.floor < end) {
        stream->log.floor = end;
    }
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
             size_t count, const struct block_facts *facts)
{
    struct vzt_chunk_header header = *staged;
    size_t body_size =
        staging_words_offset(header.open_count) - sizeof header + 8 * count;

    header.word_count = count;
    header.sequence = 0;
    return trace_output_append(&recorder->output, &header, staged + 1,
                               body_size, facts)
           || recorder_stop(recorder, VZT_STOP_NONE);
}

/* Private definitions must not come after the words that use them. */
static bool
flush_definitions_first(struct recorder *recorder)
{
    return !recorder->definitions.staging.is_private
           || definition_log_flush(recorder);
}

/* Append what the staging holds up to a word, when that is something. If the
 * stream ends, its open calls do so at this tick of the file; else it is 0. */
static bool
write_out(struct recorder *recorder, struct stream_log *stream, uint64_t *end,
          uint64_t end_tick)
{
    struct block_facts facts = {0};
    size_t count = (size_t)(end - stream->words);

    if (!stream_log_catch_up(recorder, stream, end)) {
        return false;
    }
    if (count == 0) {
        return true;
    }
    if (!stream->has_own_name
        && !stream_log_name(recorder, stream, (struct text_span){0})) {
        return false;
    }
    facts.end_count =
        (uint32_t)(stream->staging.header->open_count
                   + (stream->replay.call_count - stream->calls_before)
                   - (end_tick > 0 ? 0 : stream->stack.depth));
    facts.last_tick = end_tick > 0 ? end_tick : stream->replay.tick;
    if (!flush_definitions_first(recorder)
        || !append_block(recorder, stream->staging.header, count, &facts)) {
        return false;
    }
    recorder_account(recorder, 0);
    stream->number++;
    stream->calls_before = stream->replay.call_count;
    return true;
}

bool
stream_log_flush(struct recorder *recorder, struct stream_log *stream,
                 uint64_t tick, uint64_t head, size_t word_count)
{
    struct undecided_words moved = {.words = stream->log.cursor, .tick = tick};
    struct vzt_chunk_header header;

    if (event_is_entry(event_kind(head))) {
        moved = stream_log_undecided(stream, tick);
    }
    if (!write_out(recorder, stream, moved.words, 0)) {
        return false;
    }
    if (moved.count == 0) {
        header = make_header(recorder, stream, tick);
    } else {
        header = make_header(recorder, stream, moved.tick);
        header.first_monotonic_ns =
            monotonic_time_in(recorder, stream, header.first_tick);
    }
    return begin_block(recorder, stream, &header, &moved, word_count);
}

/* How many of the words at the start of another thread's block are there to
 * stay. */
static size_t
count_decided(const struct recorder *recorder, const struct stream_log *stream,
              size_t count)
{
    const struct vzt_chunk_header *header = stream->staging.header;
    const uint64_t *words =
        (const uint64_t *)((const char *)header
                           + staging_words_offset(header->open_count));
    uint64_t now = clock_tick(recorder->clock) + stream->tick_shift;
    uint64_t tick = header->first_tick;
    size_t decided = 0;

    for (size_t i = 0; i < count; i++) {
        uint64_t word = __atomic_load_n(&words[i], __ATOMIC_RELAXED);

        tick += event_delta(word);
        if (event_kind(word) == EVENT_LONG) {
            if (record_type(word) == RECORD_CLOCK) {
                tick = words[i + 1];
            }
            i += record_size(word);
            decided = i + 1;
        } else if (!event_is_entry(event_kind(word))
                   || now - tick >= recorder->minimum_ticks) {
            decided = i + 1;
        }
    }
    return decided;
}

bool
stream_log_save_copy(struct recorder *recorder, const struct stream_log *stream,
                     bool is_complete)
{
    const struct staging *staging = &stream->staging;
    struct block_facts facts = {.last_tick = clock_tick(recorder->clock)
                                             + stream->tick_shift};
    size_t count;

    if (staging->header == NULL || !staging->is_private) {
        return true; /* what is mapped is in the file */
    }
    count = staging_count_words(staging->header, staging->size);
    if (!is_complete) {
        count = count_decided(recorder, stream, count);
    }
    return count == 0
           || (flush_definitions_first(recorder)
               && append_block(recorder, staging->header, count, &facts));
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
    enum vzt_stream_kind kind =
        stream->home != NULL ? VZT_STREAM_GREENLET : VZT_STREAM_THREAD;
    uint32_t parent = stream->home != NULL ? stream->home->id : 0;
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
               recorder,
               record_encode_stream(scratch, DEFINITION_WORDS_MAX, stream->id,
                                    kind, parent, stream->thread_id, name));
}

/* The end of a stream, now, in ticks of the file. */
static uint64_t
find_end_tick(const struct recorder *recorder, const struct stream_log *stream)
{
    uint64_t tick = clock_tick(recorder->clock);

    if (tick < stream->log.last_tick) {
        tick = stream->log.last_tick;
    }
    return tick + stream->tick_shift;
}

static bool
define_end(struct recorder *recorder, const struct stream_log *stream,
           uint64_t tick)
{
    uint64_t *scratch = definition_log_scratch(recorder);

    return scratch != NULL
           && definition_log_put(
               recorder, record_encode_stream_end(scratch, DEFINITION_WORDS_MAX,
                                                  stream->id, tick));
}

bool
stream_log_park(struct recorder *recorder, struct stream_log *stream)
{
    if (stream->staging.header == NULL
        || stream_log_undecided(stream, clock_tick(recorder->clock)).count > 0
        || !write_out(recorder, stream, stream->log.cursor, 0)) {
        return false;
    }
    staging_pool_give_back(&recorder->pool, &stream->staging,
                           used_size(stream));
    stream_log_use_sink(stream);
    stream->is_parked = true;
    return true;
}

void
stream_log_end(struct recorder *recorder, struct stream_log *stream)
{
    uint64_t tick = find_end_tick(recorder, stream);

    if (!recorder->is_over && stream->is_parked) {
        (void)define_end(recorder, stream, tick);
    } else if (!recorder->is_over && stream->staging.header != NULL
               && write_out(recorder, stream, stream->log.cursor, tick)
               && define_end(recorder, stream, tick)) {
        note_usual_size(recorder, stream);
        staging_pool_give_back(&recorder->pool, &stream->staging,
                               used_size(stream));
    }
    stream_log_use_sink(stream);
    stream_log_unlink(stream);
    stream_log_link(&recorder->idle, stream);
}
