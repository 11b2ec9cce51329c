// SPDX-License-Identifier: Apache-2.0
#include "base/input_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/os.h"

bool
input_file_refresh(struct input_file *file, struct error *err)
{
    struct stat status;

    if (fstat(file->fd, &status) != 0) {
        return error_set_system(err, errno, "cannot look at %s", file->path);
    }
    if (S_ISDIR(status.st_mode)) {
        return error_set_system(err, EISDIR, "cannot read %s", file->path);
    }
    if (!S_ISREG(status.st_mode)) {
        return error_set(err, ERROR_BAD_INPUT, "%s: not a regular file",
                         file->path);
    }
    file->size = (uint64_t)status.st_size;
    return true;
}

bool
input_file_open(struct input_file *file, const char *path, struct error *err)
{
    return input_file_open_as(file, path, path, err);
}

bool
input_file_open_as(struct input_file *file, const char *path, const char *name,
                   struct error *err)
{
    *file = INPUT_FILE_NONE;
    file->path = strdup(name);
    if (file->path == NULL) {
        return error_set_no_memory(err);
    }
    /* without O_NONBLOCK the open of a pipe would wait for its writer */
    file->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (file->fd < 0) {
        (void)error_set_system(err, errno, "cannot open %s", name);
    } else if (input_file_refresh(file, err)) {
        return true;
    }
    input_file_close(file);
    return false;
}

bool
input_file_read_some(const struct input_file *file, uint64_t offset, void *data,
                     size_t size, size_t *read_size, struct error *err)
{
    ssize_t got = os_read_at(file->fd, data, size, offset);

    if (got < 0) {
        return error_set_system(err, errno, "cannot read %s at byte %llu",
                                file->path, (unsigned long long)offset);
    }
    *read_size = (size_t)got;
    return true;
}

bool
input_file_read(const struct input_file *file, uint64_t offset, void *data,
                size_t size, struct error *err)
{
    struct stat status;
    size_t got = 0;
    unsigned long long end;

    if (!input_file_read_some(file, offset, data, size, &got, err)) {
        return false;
    }
    if (got == size) {
        return true;
    }
    end = offset + got;
    if (got == 0 && fstat(file->fd, &status) == 0
        && (unsigned long long)status.st_size < end) {
        end = (unsigned long long)status.st_size;
    }
    return error_set(err, ERROR_BAD_INPUT,
                     "%s: ends at byte %llu, %llu bytes before the %zu bytes "
                     "at byte %llu do",
                     file->path, end, offset + size - end, size,
                     (unsigned long long)offset);
}

void
input_file_close(struct input_file *file)
{
    if (file->fd >= 0) {
        (void)close(file->fd);
    }
    free(file->path);
    *file = INPUT_FILE_NONE;
}
