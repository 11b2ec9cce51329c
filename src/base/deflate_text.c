// SPDX-License-Identifier: Apache-2.0
/* zlib fills a block whose size is a multiple of 3, so that only the last one
 * ends in padding. */
#include "base/deflate_text.h"

#include <stdint.h>
#include <stdlib.h>

#include <zlib.h>

#include "base/array.h"
#include "base/error.h"
#include "base/output_file.h"

enum {
    GROUPS = 16 * 1024,
    BLOCK_SIZE = 3 * GROUPS,
    TEXT_SIZE = 4 * GROUPS,
    /* A tenth larger than zlib's own choice, 6, in less than half the time. */
    LEVEL = 3,
};

struct deflate_text {
    struct output_file *file;
    z_stream deflate;
    unsigned char block[BLOCK_SIZE];
    char text[TEXT_SIZE];
};

bool
deflate_text_new(struct deflate_text **out, struct output_file *file,
                 struct error *err)
{
    struct deflate_text *text = array_new(1, sizeof *text, err);

    if (text == NULL) {
        return false;
    }
    if (deflateInit(&text->deflate, LEVEL) != Z_OK) {
        free(text);
        return error_set_no_memory(err);
    }
    text->file = file;
    text->deflate.next_out = text->block;
    text->deflate.avail_out = BLOCK_SIZE;
    *out = text;
    return true;
}

/* Four characters of up to three bytes; those that are not there are 0. */
static void
encode_group(char *out, const unsigned char *bytes, size_t count)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "abcdefghijklmnopqrstuvwxyz0123456789+/";
    uint32_t group = (uint32_t)bytes[0] << 16;

    if (count > 1) {
        group |= (uint32_t)bytes[1] << 8;
    }
    if (count > 2) {
        group |= bytes[2];
    }
    out[0] = digits[group >> 18];
    out[1] = digits[(group >> 12) & 63];
    out[2] = digits[(group >> 6) & 63];
    out[3] = digits[group & 63];
    for (size_t i = count + 1; i < 4; i++) {
        out[i] = '=';
    }
}

/* Write the block, as full as it is, and empty it. */
static bool
write_block(struct deflate_text *text, struct error *err)
{
    size_t size = BLOCK_SIZE - text->deflate.avail_out;
    size_t length = 0;

    for (size_t i = 0; i < size; i += 3) {
        size_t left = size - i;

        encode_group(text->text + length, text->block + i, left < 3 ? left : 3);
        length += 4;
    }
    text->deflate.next_out = text->block;
    text->deflate.avail_out = BLOCK_SIZE;
    return output_file_write(text->file, text->text, length)
           || output_file_failure(text->file, err);
}

bool
deflate_text_write(struct deflate_text *text, const void *data, size_t size,
                   struct error *err)
{
    const unsigned char *next = data;

    while (size > 0) {
        uInt piece = size < UINT32_MAX ? (uInt)size : UINT32_MAX;

        text->deflate.next_in = (z_const Bytef *)next;
        text->deflate.avail_in = piece;
        while (text->deflate.avail_in > 0) {
            (void)deflate(&text->deflate, Z_NO_FLUSH);
            if (text->deflate.avail_out == 0 && !write_block(text, err)) {
                return false;
            }
        }
        next += piece;
        size -= piece;
    }
    return true;
}

bool
deflate_text_finish(struct deflate_text *text, struct error *err)
{
    text->deflate.avail_in = 0;
    while (deflate(&text->deflate, Z_FINISH) != Z_STREAM_END) {
        if (!write_block(text, err)) {
            return false;
        }
    }
    return write_block(text, err);
}

void
deflate_text_free(struct deflate_text *text)
{
    if (text != NULL) {
        (void)deflateEnd(&text->deflate);
        free(text);
    }
}
