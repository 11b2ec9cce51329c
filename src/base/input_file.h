// SPDX-License-Identifier: Apache-2.0
/*
 * base/input_file.h - read a file at any place.
 *
 * Files are read with pread and never mapped: a trace may be cut or grow
 * while it is looked at, and a mapped page that goes away kills the reader.
 * An input_file may be read by several threads at once.
 */
#ifndef BASE_INPUT_FILE_H
#define BASE_INPUT_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;

struct input_file {
    int fd;        /* -1 when closed */
    char *path;    /* owned */
    uint64_t size; /* bytes when it was opened or last refreshed */
};

/* An input file that is not open; _close accepts it. */
#define INPUT_FILE_NONE ((struct input_file){.fd = -1})

/* Open a regular file. On failure *file is INPUT_FILE_NONE. */
bool input_file_open(struct input_file *file, const char *path,
                     struct error *err);

/* The same, and call the file by another name in messages. */
bool input_file_open_as(struct input_file *file, const char *path,
                        const char *name, struct error *err);

/*
 * Read size bytes at offset. A file that ends before them is an error
 * (ERROR_BAD_INPUT, "ends at byte N, M bytes before ..."); *err names the path.
 */
bool input_file_read(const struct input_file *file, uint64_t offset, void *data,
                     size_t size, struct error *err);

/* Read up to size bytes; *read_size says how many there were. */
bool input_file_read_some(const struct input_file *file, uint64_t offset,
                          void *data, size_t size, size_t *read_size,
                          struct error *err);

/* Look at the size again. */
bool input_file_refresh(struct input_file *file, struct error *err);

void input_file_close(struct input_file *file);

#endif
