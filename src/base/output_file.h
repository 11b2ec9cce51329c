// SPDX-License-Identifier: Apache-2.0
/*
 * base/output_file.h - a file that appears only when it is whole.
 *
 * Bytes go to a temporary file beside the target (mode 0600 less umask, O_EXCL),
 * which output_file_commit renames over it. Until then, and after a failure,
 * what was there before stays. A target that exists and is not a regular file
 * (a pipe, /dev/stdout) is written in place. Writes are buffered; the first
 * failure is kept and reported by output_file_commit.
 */
#ifndef BASE_OUTPUT_FILE_H
#define BASE_OUTPUT_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;
struct output_file;

/* Begin writing path. On success the caller owns *out. */
bool output_file_create(struct output_file **out, const char *path,
                        struct error *err);

/* As output_file_create, gzip-compressed (RFC 1952) as it is written. */
bool output_file_create_gzip(struct output_file **out, const char *path,
                             struct error *err);

/* Append bytes. False once anything has failed; commit says what. */
bool output_file_write(struct output_file *file, const void *data, size_t size);

/* Bytes given to output_file_write so far. */
uint64_t output_file_size(const struct output_file *file);

/* Flush, close, and put the file in its place. The file is then only good for
 * output_file_release. */
bool output_file_commit(struct output_file *file, struct error *err);

/* Free it; what was not committed is deleted. NULL is allowed. */
void output_file_release(struct output_file *file);

#endif
