// SPDX-License-Identifier: Apache-2.0
/* Growth doubles, so that appending n bytes costs O(n). */
#include "base/buffer.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool
buffer_reserve(struct buffer *buffer, size_t size)
{
    size_t needed;
    size_t capacity;
    char *data;

    if (buffer->has_failed || size > SIZE_MAX / 2 - buffer->size - 1) {
        buffer->has_failed = true;
        return false;
    }
    needed = buffer->size + size + 1;
    if (needed <= buffer->capacity) {
        return true;
    }
    capacity = buffer->capacity < 64 ? 64 : buffer->capacity;
    while (capacity < needed) {
        capacity *= 2;
    }
    data = realloc(buffer->data, capacity);
    if (data == NULL) {
        buffer->has_failed = true;
        return false;
    }
    buffer->data = data;
    buffer->capacity = capacity;
    return true;
}

void
buffer_append(struct buffer *buffer, const void *data, size_t size)
{
    if (!buffer_reserve(buffer, size)) {
        return;
    }
    if (size > 0) {
        memcpy(buffer->data + buffer->size, data, size);
    }
    buffer->size += size;
    buffer->data[buffer->size] = '\0';
}

void
buffer_append_text(struct buffer *buffer, const char *text)
{
    buffer_append(buffer, text, strlen(text));
}

void
buffer_append_char(struct buffer *buffer, char character)
{
    buffer_append(buffer, &character, 1);
}

void
buffer_append_format(struct buffer *buffer, const char *format, ...)
{
    va_list arguments;
    int size;

    va_start(arguments, format);
    size = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (size < 0 || !buffer_reserve(buffer, (size_t)size)) {
        buffer->has_failed = true;
        return;
    }
    va_start(arguments, format);
    (void)vsnprintf(buffer->data + buffer->size, (size_t)size + 1, format,
                    arguments);
    va_end(arguments);
    buffer->size += (size_t)size;
}

void
buffer_clear(struct buffer *buffer)
{
    buffer->size = 0;
    buffer->has_failed = false;
    if (buffer->data != NULL) {
        buffer->data[0] = '\0';
    }
}

char *
buffer_take(struct buffer *buffer)
{
    char *data = buffer->data;

    *buffer = (struct buffer){0};
    return data;
}

void
buffer_release(struct buffer *buffer)
{
    free(buffer->data);
    *buffer = (struct buffer){0};
}
