// SPDX-License-Identifier: Apache-2.0
/*
 * Every record is built payload first and head last, so that one that is
 * built right in staging memory is either whole or not there.
 */
#include "format/record_encode.h"

#include <stdbool.h>
#include <string.h>

#include "base/hash.h"
#include "format/layout.h"

enum { RECORD_SIZE_MAX = RECORD_WORDS_MAX * 8 };

struct record_builder {
    uint64_t *words;
    char *next; /* where the payload goes on */
    uint32_t word_count;
};

/* False when a record of payload_size bytes does not fit. */
static bool
begin_record(struct record_builder *builder, uint64_t *words, size_t capacity,
             size_t payload_size)
{
    size_t word_count = payload_size / 8 + (payload_size % 8 != 0);

    if (payload_size > RECORD_SIZE_MAX || word_count + 1 > capacity) {
        return false;
    }
    words[word_count] = 0; /* the bytes behind the last text */
    *builder = (struct record_builder){
        .words = words,
        .next = (char *)(words + 1),
        .word_count = (uint32_t)word_count,
    };
    return true;
}

static void
put_bytes(struct record_builder *builder, const void *data, size_t size)
{
    if (size > 0) {
        memcpy(builder->next, data, size);
        builder->next += size;
    }
}

static size_t
end_record(struct record_builder *builder, enum record_type type)
{
    __atomic_store_n(builder->words, record_tag(type, builder->word_count),
                     __ATOMIC_RELEASE);
    return 1 + (size_t)builder->word_count;
}

/* The sum, or more than any record holds when one is too large. */
static size_t
add_size(size_t sum, size_t size)
{
    return size > RECORD_SIZE_MAX || sum > RECORD_SIZE_MAX
               ? (size_t)RECORD_SIZE_MAX + 1
               : sum + size;
}

static size_t
encode(uint64_t *words, size_t capacity, enum record_type type,
       struct text_span fixed, const struct text_span *texts, size_t text_count)
{
    struct record_builder builder;
    size_t size = fixed.size;

    for (size_t i = 0; i < text_count; i++) {
        size = add_size(size, texts[i].size);
    }
    if (!begin_record(&builder, words, capacity, size)) {
        return 0;
    }
    put_bytes(&builder, fixed.data, fixed.size);
    for (size_t i = 0; i < text_count; i++) {
        put_bytes(&builder, texts[i].data, texts[i].size);
    }
    return end_record(&builder, type);
}

/* The bytes of a payload struct. */
#define fixed_part(object) \
    ((struct text_span){(const char *)&(object), sizeof(object)})

/* A size that begin_record refuses must not become a small one. */
static uint32_t
size32(size_t size)
{
    return size > UINT32_MAX ? UINT32_MAX : (uint32_t)size;
}

size_t
record_encode_instant(uint64_t *words, size_t capacity, enum vzt_scope scope,
                      struct text_span name, struct text_span args)
{
    struct vzt_instant fixed = {
        .scope = scope,
        .name_size = size32(name.size),
        .args_size = size32(args.size),
    };
    struct text_span texts[] = {name, args};

    return encode(words, capacity, RECORD_INSTANT, fixed_part(fixed), texts, 2);
}

size_t
record_encode_instant_by_string(uint64_t *words, size_t capacity,
                                enum vzt_scope scope, struct text_span name,
                                uint32_t args_string)
{
    struct vzt_instant fixed = {
        .scope = scope,
        .flags = VZT_TEXT_BY_STRING,
        .name_size = size32(name.size),
        .args_size = args_string,
    };

    return encode(words, capacity, RECORD_INSTANT, fixed_part(fixed), &name, 1);
}

size_t
record_encode_object(uint64_t *words, size_t capacity,
                     const struct object_record *object)
{
    bool is_by_string = object->args_string != 0;
    struct vzt_object fixed = {
        .phase = object->phase,
        .flags = is_by_string ? VZT_TEXT_BY_STRING : 0,
        .id_size = size32(object->id.size),
        .name_size = size32(object->name.size),
        .args_size =
            is_by_string ? object->args_string : size32(object->args.size),
    };
    struct text_span texts[] = {object->id, object->name, object->args};

    return encode(words, capacity, RECORD_OBJECT, fixed_part(fixed), texts,
                  is_by_string ? 2 : 3);
}

size_t
record_encode_flow(uint64_t *words, size_t capacity, enum record_type type,
                   const struct flow_record *flow)
{
    struct vzt_flow fixed = {
        .id = flow->id,
        .flags = flow->flags,
        .name_size = size32(flow->name.size),
    };

    return encode(words, capacity, type, fixed_part(fixed), &flow->name, 1);
}

size_t
record_encode_arguments(uint64_t *words, size_t capacity, struct text_span args)
{
    struct vzt_arguments fixed = {.args_size = size32(args.size)};

    return encode(words, capacity, RECORD_ARGUMENTS, fixed_part(fixed), &args,
                  1);
}

static uint64_t
value_bits(const struct counter_value *value)
{
    uint64_t bits;

    if (value->type == VZT_VALUE_DOUBLE) {
        memcpy(&bits, &value->value.real, sizeof bits);
    } else {
        memcpy(&bits, &value->value.integer, sizeof bits);
    }
    return bits;
}

size_t
record_encode_counter(uint64_t *words, size_t capacity, struct text_span name,
                      const struct counter_value *values, size_t count)
{
    struct record_builder builder;
    struct vzt_counter fixed = {
        .name_size = size32(name.size),
        .series_count = size32(count),
    };
    size_t size = add_size(sizeof fixed, name.size);

    if (count > RECORD_SIZE_MAX / sizeof(struct vzt_series)) {
        return 0;
    }
    size = add_size(size, count * sizeof(struct vzt_series));
    for (size_t i = 0; i < count; i++) {
        size = add_size(size, values[i].key.size);
    }
    if (!begin_record(&builder, words, capacity, size)) {
        return 0;
    }
    put_bytes(&builder, &fixed, sizeof fixed);
    for (size_t i = 0; i < count; i++) {
        struct vzt_series series = {
            .key_size = size32(values[i].key.size),
            .type = values[i].type,
            .bits = value_bits(&values[i]),
        };

        put_bytes(&builder, &series, sizeof series);
    }
    put_bytes(&builder, name.data, name.size);
    for (size_t i = 0; i < count; i++) {
        put_bytes(&builder, values[i].key.data, values[i].key.size);
    }
    return end_record(&builder, RECORD_COUNTER);
}

size_t
record_encode_gap(uint64_t *words, size_t capacity, enum vzt_gap_reason reason,
                  uint64_t start_tick, uint64_t lost_calls)
{
    struct vzt_gap fixed = {
        .reason = reason,
        .lost_calls = lost_calls,
        .start_tick = start_tick,
    };

    return encode(words, capacity, RECORD_GAP, fixed_part(fixed), NULL, 0);
}

size_t
record_encode_clock(uint64_t *words, size_t capacity, uint64_t tick)
{
    return encode(words, capacity, RECORD_CLOCK, fixed_part(tick), NULL, 0);
}

size_t
record_encode_function(uint64_t *words, size_t capacity, uint32_t id,
                       const struct function_definition *function)
{
    struct vzt_function fixed = {
        .id = id,
        .kind = function->kind,
        .line = function->line,
        .name_size = size32(function->name.size),
        .file_size = size32(function->file.size),
    };
    struct text_span texts[] = {function->name, function->file};

    return encode(words, capacity, RECORD_DEFINE_FUNCTION, fixed_part(fixed),
                  texts, 2);
}

size_t
record_encode_stream(uint64_t *words, size_t capacity, uint32_t id,
                     enum vzt_stream_kind kind, uint32_t parent,
                     uint64_t thread_id, struct text_span name)
{
    struct vzt_stream fixed = {
        .id = id,
        .kind = kind,
        .parent = parent,
        .name_size = size32(name.size),
        .thread_id = thread_id,
    };

    return encode(words, capacity, RECORD_DEFINE_STREAM, fixed_part(fixed),
                  &name, 1);
}

size_t
record_encode_async_stream(uint64_t *words, size_t capacity, uint32_t id,
                           uint32_t parent, struct text_span name,
                           struct text_span category)
{
    struct vzt_stream fixed = {
        .id = id,
        .kind = VZT_STREAM_ASYNC,
        .parent = parent,
        .name_size = size32(name.size),
        .thread_id = size32(category.size),
    };
    struct text_span texts[] = {name, category};

    return encode(words, capacity, RECORD_DEFINE_STREAM, fixed_part(fixed),
                  texts, 2);
}

size_t
record_encode_stream_end(uint64_t *words, size_t capacity, uint32_t id,
                         uint64_t tick)
{
    struct vzt_stream_end fixed = {.id = id, .tick = tick};

    return encode(words, capacity, RECORD_END_STREAM, fixed_part(fixed), NULL,
                  0);
}

size_t
record_encode_process(uint64_t *words, size_t capacity,
                      const struct process_definition *process)
{
    struct vzt_process fixed = {
        .argument_count = process->argument_count,
        .arguments_size = size32(process->arguments.size),
        .executable_size = size32(process->executable.size),
        .directory_size = size32(process->directory.size),
        .name_size = size32(process->name.size),
        .version_size = size32(process->version.size),
    };
    struct text_span texts[] = {
        process->arguments, process->executable, process->directory,
        process->name,      process->version,
    };

    return encode(words, capacity, RECORD_DEFINE_PROCESS, fixed_part(fixed),
                  texts, 5);
}

size_t
record_encode_string(uint64_t *words, size_t capacity, uint32_t id,
                     struct text_span text)
{
    struct text_span kept = text;
    struct vzt_string fixed = {
        .id = id,
        .whole_size = text.size,
        .whole_hash = hash_bytes(text.data, text.size),
    };

    if (kept.size > VZT_STRING_SIZE_MAX) {
        kept.size = VZT_STRING_SIZE_MAX;
    }
    fixed.size = (uint32_t)kept.size;
    return encode(words, capacity, RECORD_DEFINE_STRING, fixed_part(fixed),
                  &kept, 1);
}

size_t
record_encode_source(uint64_t *words, size_t capacity, struct text_span path,
                     struct text_span piece, uint64_t offset,
                     uint64_t whole_size, uint64_t whole_hash)
{
    struct vzt_source fixed = {
        .path_size = size32(path.size),
        .piece_size = size32(piece.size),
        .offset = offset,
        .whole_size = whole_size,
        .whole_hash = whole_hash,
    };
    struct text_span texts[] = {path, piece};

    return encode(words, capacity, RECORD_DEFINE_SOURCE, fixed_part(fixed),
                  texts, 2);
}
