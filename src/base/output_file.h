// SPDX-License-Identifier: Apache-2.0
/*
 * base/output_file.h - a file that appears only when it is whole.
 *
 * Bytes go to a temporary file beside the target (O_EXCL | O_NOFOLLOW), which
 * output_file_commit puts on the disk (fsync) and renames over it. Its mode is
 * that of the file it replaces, else 0666 less umask. Until then, and after a
 * failure, what was there before stays. A symbolic link stays and the file
 * behind it is replaced, or made where there is none. A target
 * that exists and is not a regular file (a pipe, a device) is written in place,
 * and so are the names of our own descriptors (/dev/stdout, /dev/fd/N). Writes
 * are buffered; the first failure is kept and reported by output_file_commit.
 */
#ifndef BASE_OUTPUT_FILE_H
#define BASE_OUTPUT_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;
struct input_file;
struct output_file;

/* Begin writing path. On success the caller owns *out. */
bool output_file_create(struct output_file **out, const char *path,
                        struct error *err);

/* As output_file_create, gzip-compressed (RFC 1952) as it is written. */
bool output_file_create_gzip(struct output_file **out, const char *path,
                             struct error *err);

/* Only its owner may read and write it: mode 0600. Before the first write;
 * false for what is written in place. */
bool output_file_make_private(struct output_file *file, struct error *err);

/* Append bytes. False once anything has failed; commit says what. */
bool output_file_write(struct output_file *file, const void *data, size_t size);

/*
 * Append size bytes of input, from offset on; the kernel copies them when it
 * can. False, and *err filled in, when either file fails.
 */
bool output_file_copy(struct output_file *file, const struct input_file *input,
                      uint64_t offset, uint64_t size, struct error *err);

/* Say what has failed in *err; returns false. Only after a failure. */
bool output_file_failure(const struct output_file *file, struct error *err);

/* Bytes given to output_file_write so far. */
uint64_t output_file_size(const struct output_file *file);

/* Flush, see that it is on the disk, and put the file in its place. The file is
 * then only good for output_file_release. */
bool output_file_commit(struct output_file *file, struct error *err);

/* The same without waiting for the disk: for a file of which nobody minds that
 * a crash of the machine takes it away. */
bool output_file_commit_soon(struct output_file *file, struct error *err);

/* Free it; what was not committed is deleted. NULL is allowed. */
void output_file_release(struct output_file *file);

#endif
