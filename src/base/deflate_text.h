// SPDX-License-Identifier: Apache-2.0
/*
 * base/deflate_text.h - bytes as text inside a document: compressed (zlib,
 * RFC 1950), then base64 (RFC 4648), into an output file.
 *
 * No character of the text has a meaning in HTML. Memory does not depend on
 * how many bytes there are.
 */
#ifndef BASE_DEFLATE_TEXT_H
#define BASE_DEFLATE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct deflate_text;
struct error;
struct output_file;

/* Begin a text in file, which must outlive it. The caller frees *out. */
bool deflate_text_new(struct deflate_text **out, struct output_file *file,
                      struct error *err);

/* Append bytes. */
bool deflate_text_write(struct deflate_text *text, const void *data,
                        size_t size, struct error *err);

/* Write what is pending: the text is whole. Once, behind all bytes. */
bool deflate_text_finish(struct deflate_text *text, struct error *err);

/* NULL is allowed. */
void deflate_text_free(struct deflate_text *text);

#endif
