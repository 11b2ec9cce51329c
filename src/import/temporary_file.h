// SPDX-License-Identifier: Apache-2.0
/*
 * import/temporary_file.h - bytes put aside on disk, in a file without a name.
 *
 * It lies in $TMPDIR, else in /tmp, and is gone when it is closed or the
 * process ends. Appends are collected; what was appended is read at any place.
 */
#ifndef IMPORT_TEMPORARY_FILE_H
#define IMPORT_TEMPORARY_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;
struct temporary_file;

/* A descriptor of a new file without a name, close-on-exec; -1 and *err. */
int temporary_file_make(struct error *err);

/* The first memory_size bytes are kept in memory, which may be none. */
bool temporary_file_open(struct temporary_file **out, size_t memory_size,
                         struct error *err);

/* Bytes appended so far. */
uint64_t temporary_file_size(const struct temporary_file *file);

bool temporary_file_append(struct temporary_file *file, const void *data,
                           size_t size, struct error *err);

/* Read what was appended at offset, through a cache that suits reading many
 * small pieces in about the order they were written. */
bool temporary_file_read(struct temporary_file *file, uint64_t offset,
                         void *data, size_t size, struct error *err);

/* The same where it stands, until the file is closed, if that is in memory and
 * in one piece; else NULL. Where 8 divides the offset, it is aligned to 8. */
const void *temporary_file_lend(const struct temporary_file *file,
                                uint64_t offset, size_t size);

/* NULL is allowed. */
void temporary_file_close(struct temporary_file *file);

#endif
