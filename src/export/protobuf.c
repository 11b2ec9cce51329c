// SPDX-License-Identifier: Apache-2.0
#include "export/protobuf.h"

#include <string.h>

#include "base/buffer.h"
#include "base/utf8.h"

enum wire_type { WIRE_VARINT = 0, WIRE_64 = 1, WIRE_BYTES = 2 };

enum { VARINT_MAX = 10 };

static void
append_varint(struct buffer *out, uint64_t value)
{
    char bytes[VARINT_MAX];
    size_t size = 0;

    while (value >= 0x80) {
        bytes[size++] = (char)(value | 0x80);
        value >>= 7;
    }
    bytes[size++] = (char)value;
    buffer_append(out, bytes, size);
}

static void
append_key(struct buffer *out, unsigned field, enum wire_type type)
{
    append_varint(out, (uint64_t)field << 3 | type);
}

void
protobuf_varint(struct buffer *out, unsigned field, uint64_t value)
{
    append_key(out, field, WIRE_VARINT);
    append_varint(out, value);
}

void
protobuf_signed(struct buffer *out, unsigned field, int64_t value)
{
    protobuf_varint(out, field, (uint64_t)value);
}

void
protobuf_fixed(struct buffer *out, unsigned field, uint64_t value)
{
    char bytes[sizeof value];

    for (size_t i = 0; i < sizeof value; i++) {
        bytes[i] = (char)(value >> 8 * i);
    }
    append_key(out, field, WIRE_64);
    buffer_append(out, bytes, sizeof bytes);
}

void
protobuf_double(struct buffer *out, unsigned field, double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    protobuf_fixed(out, field, bits);
}

void
protobuf_bytes(struct buffer *out, unsigned field, const void *data,
               size_t size)
{
    append_key(out, field, WIRE_BYTES);
    append_varint(out, size);
    buffer_append(out, data, size);
}

void
protobuf_text(struct buffer *out, unsigned field, const char *text, size_t size)
{
    struct buffer clean = {0};

    utf8_append_repaired(&clean, text, size);
    protobuf_message(out, field, &clean);
    buffer_release(&clean);
}

void
protobuf_message(struct buffer *out, unsigned field, struct buffer *message)
{
    protobuf_bytes(out, field, message->data, message->size);
    out->has_failed |= message->has_failed;
    buffer_clear(message);
}
