// SPDX-License-Identifier: Apache-2.0
#include "import/byte_source.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

#include "base/array.h"
#include "base/error.h"
#include "base/input_file.h"

enum {
    CHUNK_SIZE = 128 * 1024, /* of compressed bytes that are read at once */
    GZIP_WINDOW_BITS = 15 + 16,
    END_TEXT_SIZE = 160,
};

struct byte_source {
    struct input_file file;
    uint64_t position; /* of the next byte to read from the file */
    bool is_compressed;
    bool is_inflating; /* stream is initialised */
    bool has_ended;    /* no more inflated bytes */
    z_stream stream;
    unsigned char *chunk; /* owned; compressed bytes not yet inflated */
    char end_text[END_TEXT_SIZE];
};

static bool
begin_inflating(struct byte_source *source, struct error *err)
{
    source->chunk = array_new(CHUNK_SIZE, 1, err);
    if (source->chunk == NULL) {
        return false;
    }
    if (inflateInit2(&source->stream, GZIP_WINDOW_BITS) != Z_OK) {
        return error_set_no_memory(err);
    }
    source->is_inflating = true;
    return true;
}

bool
byte_source_open(struct byte_source **out, const char *path, struct error *err)
{
    struct byte_source *source = array_new(1, sizeof *source, err);
    unsigned char magic[2];
    size_t size = 0;

    if (source == NULL) {
        return false;
    }
    source->file = INPUT_FILE_NONE;
    if (!input_file_open(&source->file, path, err)
        || !input_file_read_some(&source->file, 0, magic, sizeof magic, &size,
                                 err)) {
        byte_source_close(source);
        return false;
    }
    source->is_compressed =
        size == sizeof magic && magic[0] == 0x1f && magic[1] == 0x8b;
    if (source->is_compressed && !begin_inflating(source, err)) {
        byte_source_close(source);
        return false;
    }
    *out = source;
    return true;
}

/* The compressed data are over; nobody knows what would have come. */
static void
end_early(struct byte_source *source, const char *what)
{
    uint64_t byte = source->position - source->stream.avail_in;

    source->has_ended = true;
    (void)snprintf(source->end_text, sizeof source->end_text,
                   "its compressed data %s byte %" PRIu64, what, byte);
}

static bool
fill_chunk(struct byte_source *source, struct error *err)
{
    size_t size;

    if (!input_file_read_some(&source->file, source->position, source->chunk,
                              CHUNK_SIZE, &size, err)) {
        return false;
    }
    source->position += size;
    source->stream.next_in = source->chunk;
    source->stream.avail_in = (unsigned)size;
    return true;
}

/* A member is whole. What follows is another one, zeros, or nothing of ours. */
static bool
next_member(struct byte_source *source, struct error *err)
{
    if (source->stream.avail_in == 0 && !fill_chunk(source, err)) {
        return false;
    }
    if (source->stream.avail_in == 0) {
        source->has_ended = true;
        return true;
    }
    if (source->stream.next_in[0] != 0x1f) {
        source->has_ended = true; /* padding; gzip(1) ignores it, too */
        return true;
    }
    return inflateReset2(&source->stream, GZIP_WINDOW_BITS) == Z_OK
           || error_set_no_memory(err);
}

static bool
inflate_some(struct byte_source *source, struct error *err)
{
    z_stream *stream = &source->stream;
    int result;

    if (stream->avail_in == 0 && !fill_chunk(source, err)) {
        return false;
    }
    if (stream->avail_in == 0) {
        end_early(source, "are cut off at");
        return true;
    }
    result = inflate(stream, Z_NO_FLUSH);
    if (result == Z_STREAM_END) {
        return next_member(source, err);
    }
    if (result == Z_MEM_ERROR) {
        return error_set_no_memory(err);
    }
    if (result != Z_OK && result != Z_BUF_ERROR) {
        end_early(source, "are damaged at");
    }
    return true;
}

static bool
read_inflated(struct byte_source *source, void *data, size_t size,
              size_t *read_size, struct error *err)
{
    unsigned limit = size < 1u << 30 ? (unsigned)size : 1u << 30;

    source->stream.next_out = data;
    source->stream.avail_out = limit;
    while (source->stream.avail_out == limit && !source->has_ended) {
        if (!inflate_some(source, err)) {
            return false;
        }
    }
    *read_size = limit - source->stream.avail_out;
    return true;
}

bool
byte_source_read(struct byte_source *source, void *data, size_t size,
                 size_t *read_size, struct error *err)
{
    *read_size = 0;
    if (source->is_compressed) {
        return read_inflated(source, data, size, read_size, err);
    }
    if (!input_file_read_some(&source->file, source->position, data, size,
                              read_size, err)) {
        return false;
    }
    source->position += *read_size;
    return true;
}

const char *
byte_source_end_text(const struct byte_source *source)
{
    return source->end_text[0] == '\0' ? NULL : source->end_text;
}

uint64_t
byte_source_position(const struct byte_source *source)
{
    return source->position - source->stream.avail_in;
}

uint64_t
byte_source_size(const struct byte_source *source)
{
    return source->file.size;
}

bool
byte_source_is_compressed(const struct byte_source *source)
{
    return source->is_compressed;
}

void
byte_source_close(struct byte_source *source)
{
    if (source == NULL) {
        return;
    }
    if (source->is_inflating) {
        (void)inflateEnd(&source->stream);
    }
    free(source->chunk);
    input_file_close(&source->file);
    free(source);
}
