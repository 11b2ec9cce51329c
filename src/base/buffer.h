// SPDX-License-Identifier: Apache-2.0
/*
 * base/buffer.h - bytes that grow.
 *
 * A buffer remembers the first allocation that failed: appends after it do
 * nothing, and one look at buffer_is_ok at the end tells. {0} is an empty
 * buffer. The buffer owns its bytes until buffer_release or buffer_take.
 */
#ifndef BASE_BUFFER_H
#define BASE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>

struct buffer {
    char *data;      /* NULL while empty; always followed by a NUL otherwise */
    size_t size;     /* bytes in use, without that NUL */
    size_t capacity; /* bytes allocated */
    bool has_failed; /* an allocation failed; the contents are incomplete */
};

static inline bool
buffer_is_ok(const struct buffer *buffer)
{
    return !buffer->has_failed;
}

/* Make room for size more bytes. False, and has_failed set, when there is no
 * memory. */
bool buffer_reserve(struct buffer *buffer, size_t size);

void buffer_append(struct buffer *buffer, const void *data, size_t size);
void buffer_append_text(struct buffer *buffer, const char *text);
void buffer_append_char(struct buffer *buffer, char character);
void buffer_append_format(struct buffer *buffer, const char *format, ...)
    __attribute__((format(__printf__, 2, 3)));

/* Empty it for re-use; the memory is kept and a failure is forgotten. */
void buffer_clear(struct buffer *buffer);

/* The bytes move to the caller, who frees them; the buffer is empty again. */
char *buffer_take(struct buffer *buffer);

/* Free the bytes. An empty buffer is allowed. */
void buffer_release(struct buffer *buffer);

#endif
