// SPDX-License-Identifier: Apache-2.0
/*
 * A payload is a struct and texts behind it. Sizes are summed in 64 bits,
 * where they cannot overflow, before any of them is believed.
 */
#include "format/record_decode.h"

#include <string.h>

struct payload {
    const char *next;
    size_t left; /* bytes */
};

static bool
take_bytes(struct payload *payload, void *object, size_t size)
{
    if (size > payload->left) {
        return false;
    }
    memcpy(object, payload->next, size);
    payload->next += size;
    payload->left -= size;
    return true;
}

static bool
take_text(struct payload *payload, struct text_span *text, size_t size)
{
    if (size > payload->left) {
        return false;
    }
    *text = (struct text_span){payload->next, size};
    payload->next += size;
    payload->left -= size;
    return true;
}

/* Arguments stand in the record, or in a string of this id. */
static bool
take_args(struct payload *payload, uint32_t flags, uint32_t size,
          struct text_span *args, uint32_t *string)
{
    if (flags & VZT_TEXT_BY_STRING) {
        *string = size;
        return true;
    }
    return take_text(payload, args, size);
}

static struct payload
payload_of(const uint64_t *words, size_t word_count)
{
    return (struct payload){(const char *)words, word_count * 8};
}

static enum vzt_scope
known_scope(uint32_t scope)
{
    return scope == VZT_SCOPE_PROCESS || scope == VZT_SCOPE_GLOBAL
               ? (enum vzt_scope)scope
               : VZT_SCOPE_THREAD;
}

bool
record_decode_instant(const uint64_t *payload, size_t word_count,
                      struct instant_record *instant)
{
    struct payload rest = payload_of(payload, word_count);
    struct instant_record found = {0};
    struct vzt_instant fixed;

    if (!take_bytes(&rest, &fixed, sizeof fixed)
        || !take_text(&rest, &found.name, fixed.name_size)
        || !take_args(&rest, fixed.flags, fixed.args_size, &found.args,
                      &found.args_string)) {
        return false;
    }
    found.scope = known_scope(fixed.scope);
    *instant = found;
    return true;
}

static enum vzt_object_phase
known_phase(uint32_t phase)
{
    return phase == VZT_OBJECT_CREATED || phase == VZT_OBJECT_DELETED
               ? (enum vzt_object_phase)phase
               : VZT_OBJECT_SNAPSHOT;
}

bool
record_decode_object(const uint64_t *payload, size_t word_count,
                     struct object_record *object)
{
    struct payload rest = payload_of(payload, word_count);
    struct object_record found = {0};
    struct vzt_object fixed;

    if (!take_bytes(&rest, &fixed, sizeof fixed)
        || !take_text(&rest, &found.id, fixed.id_size)
        || !take_text(&rest, &found.name, fixed.name_size)
        || !take_args(&rest, fixed.flags, fixed.args_size, &found.args,
                      &found.args_string)) {
        return false;
    }
    found.phase = known_phase(fixed.phase);
    *object = found;
    return true;
}

bool
record_decode_flow(const uint64_t *payload, size_t word_count,
                   struct flow_record *flow)
{
    struct payload rest = payload_of(payload, word_count);
    struct flow_record found = {0};
    struct vzt_flow fixed;

    if (!take_bytes(&rest, &fixed, sizeof fixed)
        || !take_text(&rest, &found.name, fixed.name_size)) {
        return false;
    }
    found.id = fixed.id;
    found.flags = fixed.flags;
    *flow = found;
    return true;
}

bool
record_decode_arguments(const uint64_t *payload, size_t word_count,
                        struct arguments_record *arguments)
{
    struct payload rest = payload_of(payload, word_count);
    struct arguments_record found = {0};
    struct vzt_arguments fixed;

    if (!take_bytes(&rest, &fixed, sizeof fixed)
        || !take_args(&rest, fixed.flags, fixed.args_size, &found.args,
                      &found.args_string)) {
        return false;
    }
    *arguments = found;
    return true;
}

bool
record_decode_counter(const uint64_t *payload, size_t word_count,
                      struct counter_record *counter)
{
    struct payload rest = payload_of(payload, word_count);
    struct counter_record found = {0};
    struct vzt_counter fixed;
    uint64_t keys_size = 0;

    if (!take_bytes(&rest, &fixed, sizeof fixed)
        || fixed.series_count > rest.left / sizeof *found.series) {
        return false;
    }
    /* Whole words lie before the series: they are aligned. */
    found.series = (const void *)rest.next;
    found.series_count = fixed.series_count;
    rest.next += fixed.series_count * sizeof *found.series;
    rest.left -= fixed.series_count * sizeof *found.series;
    if (!take_text(&rest, &found.name, fixed.name_size)) {
        return false;
    }
    for (size_t i = 0; i < found.series_count; i++) {
        keys_size += found.series[i].key_size;
    }
    if (keys_size > rest.left) {
        return false;
    }
    found.keys = rest.next;
    *counter = found;
    return true;
}

static enum vzt_function_kind
known_function_kind(uint32_t kind)
{
    return kind == VZT_FUNCTION_PYTHON || kind == VZT_FUNCTION_C
               ? (enum vzt_function_kind)kind
               : VZT_FUNCTION_OTHER;
}

bool
record_decode_function(const uint64_t *payload, size_t word_count, uint32_t *id,
                       struct function_definition *function)
{
    struct payload rest = payload_of(payload, word_count);
    struct function_definition found = {0};
    struct vzt_function fixed;

    if (!take_bytes(&rest, &fixed, sizeof fixed)
        || !take_text(&rest, &found.name, fixed.name_size)
        || !take_text(&rest, &found.file, fixed.file_size)) {
        return false;
    }
    found.kind = known_function_kind(fixed.kind);
    found.line = fixed.line;
    *id = fixed.id;
    *function = found;
    return true;
}

static enum vzt_stream_kind
known_stream_kind(uint32_t kind)
{
    return kind >= VZT_STREAM_GREENLET && kind <= VZT_STREAM_SAMPLES
               ? (enum vzt_stream_kind)kind
               : VZT_STREAM_THREAD;
}

bool
record_decode_stream(const uint64_t *payload, size_t word_count,
                     struct stream_definition *stream)
{
    struct payload rest = payload_of(payload, word_count);
    struct stream_definition found = {0};
    struct vzt_stream fixed;

    if (!take_bytes(&rest, &fixed, sizeof fixed)
        || !take_text(&rest, &found.name, fixed.name_size)) {
        return false;
    }
    found.id = fixed.id;
    found.kind = known_stream_kind(fixed.kind);
    found.parent = fixed.parent;
    found.thread_id = fixed.thread_id;
    if (found.kind == VZT_STREAM_ASYNC) {
        found.thread_id = 0;
        if (!take_text(&rest, &found.category, fixed.thread_id)) {
            return false;
        }
    }
    *stream = found;
    return true;
}

bool
record_decode_stream_end(const uint64_t *payload, size_t word_count,
                         struct vzt_stream_end *end)
{
    struct payload rest = payload_of(payload, word_count);

    return take_bytes(&rest, end, sizeof *end);
}

/* How many of the claimed arguments are there, each with its NUL. */
static uint32_t
count_arguments(struct text_span arguments, uint32_t claimed)
{
    uint32_t count = 0;

    for (size_t i = 0; i < arguments.size && count < claimed; i++) {
        count += arguments.data[i] == '\0';
    }
    return count;
}

bool
record_decode_process(const uint64_t *payload, size_t word_count,
                      struct process_definition *process)
{
    struct payload rest = payload_of(payload, word_count);
    struct process_definition found = {0};
    struct vzt_process fixed;

    if (!take_bytes(&rest, &fixed, sizeof fixed)
        || !take_text(&rest, &found.arguments, fixed.arguments_size)
        || !take_text(&rest, &found.executable, fixed.executable_size)
        || !take_text(&rest, &found.directory, fixed.directory_size)
        || !take_text(&rest, &found.name, fixed.name_size)
        || !take_text(&rest, &found.version, fixed.version_size)) {
        return false;
    }
    found.argument_count =
        count_arguments(found.arguments, fixed.argument_count);
    *process = found;
    return true;
}

bool
record_decode_string(const uint64_t *payload, size_t word_count,
                     struct string_record *string)
{
    struct payload rest = payload_of(payload, word_count);
    struct string_record found = {0};
    struct vzt_string fixed;

    if (!take_bytes(&rest, &fixed, sizeof fixed)
        || !take_text(&rest, &found.text, fixed.size)) {
        return false;
    }
    found.id = fixed.id;
    found.whole_size = fixed.whole_size;
    *string = found;
    return true;
}

bool
record_decode_source(const uint64_t *payload, size_t word_count,
                     struct source_record *source)
{
    struct payload rest = payload_of(payload, word_count);
    struct source_record found = {0};
    struct vzt_source fixed;

    if (!take_bytes(&rest, &fixed, sizeof fixed)
        || !take_text(&rest, &found.path, fixed.path_size)
        || !take_text(&rest, &found.piece, fixed.piece_size)) {
        return false;
    }
    found.offset = fixed.offset;
    found.whole_size = fixed.whole_size;
    found.whole_hash = fixed.whole_hash;
    *source = found;
    return true;
}

bool
record_decode_gap(const uint64_t *payload, size_t word_count,
                  struct vzt_gap *gap)
{
    struct payload rest = payload_of(payload, word_count);

    return take_bytes(&rest, gap, sizeof *gap);
}
