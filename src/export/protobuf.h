// SPDX-License-Identifier: Apache-2.0
/*
 * export/protobuf.h - fields of protocol buffers, as bytes
 * (https://protobuf.dev/programming-guides/encoding/). A failed allocation is
 * remembered by the buffer.
 */
#ifndef EXPORT_PROTOBUF_H
#define EXPORT_PROTOBUF_H

#include <stddef.h>
#include <stdint.h>

struct buffer;

/* uint32, uint64, int64 that is not negative, bool, enum. */
void protobuf_varint(struct buffer *out, unsigned field, uint64_t value);

/* int32 and int64: the two's complement of 64 bits. */
void protobuf_signed(struct buffer *out, unsigned field, int64_t value);

/* fixed64 */
void protobuf_fixed(struct buffer *out, unsigned field, uint64_t value);

void protobuf_double(struct buffer *out, unsigned field, double value);

/* bytes, a message, or a string that is known to be UTF-8. */
void protobuf_bytes(struct buffer *out, unsigned field, const void *data,
                    size_t size);

/* A string of any bytes: what is no UTF-8 becomes U+FFFD. */
void protobuf_text(struct buffer *out, unsigned field, const char *text,
                   size_t size);

/* The message that another buffer holds, which is then emptied. */
void protobuf_message(struct buffer *out, unsigned field,
                      struct buffer *message);

#endif
